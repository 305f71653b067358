/* TRANSFORM: every item of an array, or every key and value of a map, through a lambda. */
#include "functions/scalar/collection/walk.h"

static enum weir_result transform_array(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_values results;

	if (ARG_IS_NULL(0))
		return WEIR_NULL;
	const struct weir_array *array = ARG(0).array;
	weir_values_init(&results, call->arena, array->count);
	for (size_t i = 0; i < array->count; i++) {
		union weir_cell cell = { 0 };
		enum weir_result result = CALL_LAMBDA(1, &cell, err, { array->items[i], weir_null_test(array->nulls, i) });
		if (result == WEIR_FAILED)
			return WEIR_FAILED;
		weir_values_add(&results, cell, result == WEIR_NULL);
	}
	return weir_values_finish(&results, ret);
}

static enum weir_result transform_map(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_map_builder results;

	if (ARG_IS_NULL(0))
		return WEIR_NULL;
	const struct weir_map_value *map = ARG(0).map;
	weir_map_builder_init(&results, call->arena, call->return_type->key, map->count);
	for (size_t i = 0; i < map->count; i++) {
		struct weir_value key = { map->keys[i], weir_null_test(map->key_nulls, i) };
		struct weir_value value = { map->values[i], weir_null_test(map->value_nulls, i) };
		union weir_cell new_key = { 0 }, new_value = { 0 };
		enum weir_result key_result = CALL_LAMBDA(1, &new_key, err, key, value);
		if (key_result == WEIR_FAILED)
			return WEIR_FAILED;
		enum weir_result value_result = CALL_LAMBDA(2, &new_value, err, key, value);
		if (value_result == WEIR_FAILED)
			return WEIR_FAILED;
		if (value_result == WEIR_NULL)
			return weir_function_fail(err, "TRANSFORM cannot make a map's value NULL");
		if (!weir_map_builder_put(&results, new_key, key_result == WEIR_NULL, new_value, false))
			return weir_function_fail(err, "TRANSFORM made the same key twice");
	}
	return weir_map_builder_finish(&results, ret);
}

#define OF_ENTRY WEIR_GENERIC('K'), WEIR_GENERIC('V')

const struct weir_scalar_function weir_scalar_transform = {
	.name = "TRANSFORM",
	.spelling = "transform",
	.category = "LAMBDA",
	.summary = "An array with every item, or a map with every key and value, replaced by what a lambda makes of it.",
	.overloads = {
		{ .params = { PARAM_ARRAY('T', "array"), PARAM_LAMBDA("lambda", WEIR_GENERIC('R'), WEIR_GENERIC('T')) }, RETURNS_ARRAY('R'), .eval = transform_array },
		{ .params = { PARAM_MAP('K', 'V', "map"), PARAM_LAMBDA("keyLambda", WEIR_GENERIC('R'), OF_ENTRY), PARAM_LAMBDA("valueLambda", WEIR_GENERIC('T'), OF_ENTRY) }, RETURNS_MAP('R', 'T'), .eval = transform_map },
	},
	.examples = { { "TRANSFORM(ARRAY['a', 'b'], x => UCASE(x))", "ARRAY['A', 'B']" },
		{ "TRANSFORM(MAP('a' := 1), (k, v) => UCASE(k), (k, v) => v + 1)", "MAP('A' := 2)" } },
};
