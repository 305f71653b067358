/* ARRAY_UNION: the distinct values of both, the left one's first. */
#include "functions/scalar/collection/values.h"

static void add_all(struct weir_value_set *set, const struct weir_array *array)
{
	for (size_t i = 0; i < array->count; i++)
		weir_value_set_add(set, array->items[i], weir_null_test(array->nulls, i), NULL);
}

static enum weir_result array_union(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_value_set set;

	weir_value_set_init(&set, call->arena, call->arg_types[0]->element, ARG(0).array->count + ARG(1).array->count);
	add_all(&set, ARG(0).array);
	add_all(&set, ARG(1).array);
	return weir_values_finish(&set.values, ret);
}

const struct weir_scalar_function weir_scalar_array_union = {
	.name = "ARRAY_UNION",
	.spelling = "array_union",
	.category = "ARRAY",
	.summary = "The distinct values of two arrays, the left one's first.",
	.overloads = { { .params = { PARAM_ARRAY('T', "left"), PARAM_ARRAY('T', "right") },
		RETURNS_ARRAY('T'),
		ANY_NULL_GIVES_NULL,
		.eval = array_union } },
	.examples = { { "ARRAY_UNION(ARRAY[2, 1, 2], ARRAY[3, 1])", "ARRAY[2, 1, 3]" } },
};
