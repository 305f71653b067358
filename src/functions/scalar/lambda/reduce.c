/* REDUCE: folds an array or a map from the left into a state. */
#include "functions/scalar/collection/walk.h"

/* state = what the lambda gave */
static enum weir_result step(enum weir_result result, union weir_cell cell, struct weir_value *state)
{
	if (result != WEIR_FAILED)
		*state = (struct weir_value){ cell, result == WEIR_NULL };
	return result;
}

static enum weir_result finish(const struct weir_value *state, union weir_cell *ret)
{
	*ret = state->cell;
	return state->is_null ? WEIR_NULL : WEIR_VALUE;
}

static enum weir_result reduce_array(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_value state = { ARG(1), ARG_IS_NULL(1) };

	if (state.is_null || ARG_IS_NULL(0))
		return finish(&state, ret);
	const struct weir_array *array = ARG(0).array;
	for (size_t i = 0; i < array->count; i++) {
		union weir_cell next = { 0 };
		enum weir_result result = CALL_LAMBDA(2, &next, err, state, { array->items[i], weir_null_test(array->nulls, i) });
		if (step(result, next, &state) == WEIR_FAILED)
			return WEIR_FAILED;
	}
	return finish(&state, ret);
}

static enum weir_result reduce_map(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_value state = { ARG(1), ARG_IS_NULL(1) };

	if (state.is_null || ARG_IS_NULL(0))
		return finish(&state, ret);
	const struct weir_map_value *map = ARG(0).map;
	const uint64_t *order = weir_map_walk(call->arena, call->arg_types[0]->key, map);
	for (size_t at = 0; at < map->count; at++) {
		size_t i = (uint32_t)order[at];
		union weir_cell next = { 0 };
		enum weir_result result = CALL_LAMBDA(2, &next, err, state, { map->keys[i], weir_null_test(map->key_nulls, i) },
			{ map->values[i], weir_null_test(map->value_nulls, i) });
		if (step(result, next, &state) == WEIR_FAILED)
			return WEIR_FAILED;
	}
	return finish(&state, ret);
}

const struct weir_scalar_function weir_scalar_reduce = {
	.name = "REDUCE",
	.spelling = "reduce",
	.category = "LAMBDA",
	.summary = "Goes through an array or a map with a state that a lambda renews for every item; the last state is the result.",
	.overloads = {
		{ .params = { PARAM_ARRAY('T', "list"), PARAM_GENERIC('S', "initialState"), PARAM_LAMBDA("lambda", WEIR_GENERIC('S'), WEIR_GENERIC('S'), WEIR_GENERIC('T')) }, RETURNS_GENERIC('S'), .eval = reduce_array },
		{ .params = { PARAM_MAP('K', 'V', "map"), PARAM_GENERIC('S', "initialState"), PARAM_LAMBDA("lambda", WEIR_GENERIC('S'), WEIR_GENERIC('S'), WEIR_GENERIC('K'), WEIR_GENERIC('V')) }, RETURNS_GENERIC('S'), .eval = reduce_map },
	},
	.examples = { { "REDUCE(ARRAY[1, 2, 3], 10, (s, x) => s + x)", "16" },
		{ "REDUCE(MAP('a' := 1, 'b' := 2), 0, (s, k, v) => s + v)", "3" } },
};
