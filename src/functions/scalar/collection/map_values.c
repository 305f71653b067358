/* MAP_VALUES: in the order of MAP_KEYS. */
#include "functions/scalar/collection/walk.h"

static enum weir_result map_values(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	const struct weir_map_value *map = ARG(0).map;
	const uint64_t *order = weir_map_walk(call->arena, call->arg_types[0]->key, map);
	struct weir_values values;

	weir_values_init(&values, call->arena, map->count);
	for (size_t i = 0; i < map->count; i++)
		weir_values_add(&values, map->values[(uint32_t)order[i]], weir_null_test(map->value_nulls, (uint32_t)order[i]));
	return weir_values_finish(&values, ret);
}

const struct weir_scalar_function weir_scalar_map_values = {
	.name = "MAP_VALUES",
	.category = "MAP",
	.summary = "A map's values as an array, in the order of MAP_KEYS.",
	.overloads = { { .params = { PARAM_STRING_MAP('T', "input") },
		RETURNS_ARRAY('T'),
		ANY_NULL_GIVES_NULL,
		.eval = map_values } },
	.examples = { { "MAP_VALUES(MAP('a' := 1))", "ARRAY[1]" } },
};
