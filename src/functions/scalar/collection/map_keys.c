/* MAP_KEYS */
#include "functions/scalar/collection/walk.h"

static enum weir_result map_keys(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	const struct weir_map_value *map = ARG(0).map;
	const uint64_t *order = weir_map_walk(call->arena, call->arg_types[0]->key, map);
	struct weir_values keys;

	weir_values_init(&keys, call->arena, map->count);
	for (size_t i = 0; i < map->count; i++)
		weir_values_add(&keys, map->keys[(uint32_t)order[i]], weir_null_test(map->key_nulls, (uint32_t)order[i]));
	return weir_values_finish(&keys, ret);
}

const struct weir_scalar_function weir_scalar_map_keys = {
	.name = "MAP_KEYS",
	.category = "MAP",
	.summary = "A map's keys as an array.",
	.overloads = { { .params = { PARAM_STRING_MAP('T', "input") },
		RETURNS_ARRAY_OF(STRING),
		ANY_NULL_GIVES_NULL,
		.eval = map_keys } },
	.examples = { { "MAP_KEYS(MAP('a' := 1))", "ARRAY['a']" } },
};
