/* MAP_KEYS */
#include "functions/define.h"

static enum weir_result map_keys(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_array *array = WEIR_ARENA_NEW(call->arena, struct weir_array);

	*array = (struct weir_array){ .count = ARG(0).map->count, .items = ARG(0).map->keys, .nulls = ARG(0).map->key_nulls };
	ret->array = array;
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_map_keys = {
	.name = "MAP_KEYS",
	.category = "MAP",
	.summary = "A map's keys as an array.",
	.overloads = { { .params = { PARAM_STRING_MAP('V', "input") },
		RETURNS_ARRAY_OF(STRING),
		ANY_NULL_GIVES_NULL,
		.eval = map_keys } },
	.examples = { { "MAP_KEYS(MAP('a' := 1))", "ARRAY['a']" } },
};
