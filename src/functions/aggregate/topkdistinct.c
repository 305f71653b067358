/* TOPKDISTINCT: the k greatest different values. */
#include "functions/aggregate/topk.h"
#include "types/compare.h"

static bool types(struct weir_arena *arena, const struct weir_type *const *args, size_t count, const struct weir_value *literals,
	size_t literal_count, const struct weir_type **ret_state, const struct weir_type **ret_result, struct weir_err *err)
{
	*ret_state = *ret_result = weir_type_array(arena, args[0]);
	return weir_topk_check(literals, err);
}

static enum weir_result add(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	const struct weir_array *array = state->cell.array;

	if (ARG_IS_NULL(0))
		return WEIR_VALUE;
	for (size_t i = 0; i < array->count; i++)
		if (weir_cell_equals(call->arg_types[0], array->items[i], ARG(0)))
			return WEIR_VALUE;
	weir_topk_insert(call, state, call->arg_types[0], ARG(0), false);
	return WEIR_VALUE;
}

static enum weir_result merge(
	struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, struct weir_err *err)
{
	weir_topk_merge(call, state, other->cell.array, call->arg_types[0], false, true);
	return WEIR_VALUE;
}

#define DISTINCT_OVERLOAD(kind_)                                                                                                   \
	{                                                                                                                          \
		.params = { PARAM(kind_, "col") }, .literals = { PARAM(INTEGER, "k") }, .types = types,                            \
		.init = weir_state_init_list, .add = add, .merge = merge                                                           \
	}

const struct weir_aggregate_function weir_aggregate_topkdistinct = {
	.name = "TOPKDISTINCT",
	.summary = "The k greatest different values, greatest first.",
	.overloads = { DISTINCT_OVERLOAD(INTEGER), DISTINCT_OVERLOAD(BIGINT), DISTINCT_OVERLOAD(DOUBLE), DISTINCT_OVERLOAD(STRING),
		DISTINCT_OVERLOAD(DECIMAL), DISTINCT_OVERLOAD(DATE), DISTINCT_OVERLOAD(TIME), DISTINCT_OVERLOAD(TIMESTAMP),
		DISTINCT_OVERLOAD(BYTES) },
};
