/* FILTER: the items of an array, or the entries of a map, for which a lambda is true. */
#include "functions/scalar/collection/walk.h"

/* VALUE: *ret tells whether to keep the item. */
static enum weir_result keeps(enum weir_result result, struct weir_err *err)
{
	return result == WEIR_NULL ? weir_function_fail(err, "The lambda of FILTER gave NULL") : result;
}

static enum weir_result filter_array(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_values kept;

	if (ARG_IS_NULL(0))
		return WEIR_NULL;
	const struct weir_array *array = ARG(0).array;
	weir_values_init(&kept, call->arena, array->count);
	for (size_t i = 0; i < array->count; i++) {
		union weir_cell keep;
		if (keeps(CALL_LAMBDA(1, &keep, err, { array->items[i], weir_null_test(array->nulls, i) }), err) == WEIR_FAILED)
			return WEIR_FAILED;
		if (keep.boolean)
			weir_values_add_from(&kept, array, i);
	}
	return weir_values_finish(&kept, ret);
}

static enum weir_result filter_map(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_map_builder kept;

	if (ARG_IS_NULL(0))
		return WEIR_NULL;
	const struct weir_map_value *map = ARG(0).map;
	weir_map_builder_init(&kept, call->arena, call->arg_types[0]->key, map->count);
	for (size_t i = 0; i < map->count; i++) {
		bool key_is_null = weir_null_test(map->key_nulls, i), is_null = weir_null_test(map->value_nulls, i);
		union weir_cell keep;
		if (keeps(CALL_LAMBDA(1, &keep, err, { map->keys[i], key_is_null }, { map->values[i], is_null }), err) ==
			WEIR_FAILED)
			return WEIR_FAILED;
		if (!keep.boolean)
			continue;
		if (is_null)
			return weir_function_fail(err, "FILTER cannot keep an entry whose value is NULL");
		weir_map_builder_put(&kept, map->keys[i], key_is_null, map->values[i], is_null);
	}
	return weir_map_builder_finish(&kept, ret);
}

const struct weir_scalar_function weir_scalar_filter = {
	.name = "FILTER",
	.spelling = "filter",
	.category = "LAMBDA",
	.summary = "The items of an array, or the entries of a map, for which a lambda is true.",
	.overloads = {
		{ .params = { PARAM_ARRAY('T', "array"), PARAM_LAMBDA("lambda", WEIR_EXACT(BOOLEAN), WEIR_GENERIC('T')) }, RETURNS_ARRAY('T'), .eval = filter_array },
		{ .params = { PARAM_MAP('K', 'V', "map"), PARAM_LAMBDA("lambda", WEIR_EXACT(BOOLEAN), WEIR_GENERIC('K'), WEIR_GENERIC('V')) }, RETURNS_MAP('K', 'V'), .eval = filter_map },
	},
	.examples = { { "FILTER(ARRAY[1, 5, 3], x => x > 2)", "ARRAY[5, 3]" },
		{ "FILTER(MAP('a' := 1, 'b' := 2), (k, v) => k = 'b')", "MAP('b' := 2)" } },
};
