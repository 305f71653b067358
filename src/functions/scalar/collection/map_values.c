/* MAP_VALUES */
#include "functions/define.h"

static enum weir_result map_values(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_array *array = WEIR_ARENA_NEW(call->arena, struct weir_array);

	*array = (struct weir_array){ .count = ARG(0).map->count, .items = ARG(0).map->values, .nulls = ARG(0).map->value_nulls };
	ret->array = array;
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_map_values = {
	.name = "MAP_VALUES",
	.category = "MAP",
	.summary = "A map's values as an array.",
	.overloads = { { .params = { PARAM_STRING_MAP('V', "input") },
		RETURNS_ARRAY('V'),
		ANY_NULL_GIVES_NULL,
		.eval = map_values } },
	.examples = { { "MAP_VALUES(MAP('a' := 1))", "ARRAY[1]" } },
};
