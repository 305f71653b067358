/* ARRAY_DISTINCT: every value once, in order of first appearance. */
#include "functions/scalar/collection/values.h"

static enum weir_result array_distinct(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	const struct weir_array *in = ARG(0).array;
	struct weir_value_set set;

	weir_value_set_init(&set, call->arena, call->arg_types[0]->element, in->count);
	for (size_t i = 0; i < in->count; i++)
		weir_value_set_add(&set, in->items[i], weir_null_test(in->nulls, i), NULL);
	return weir_values_finish(&set.values, ret);
}

const struct weir_scalar_function weir_scalar_array_distinct = {
	.name = "ARRAY_DISTINCT",
	.spelling = "array_distinct",
	.category = "ARRAY",
	.summary = "The distinct values of an array, in order of first appearance.",
	.overloads = { { .params = { PARAM_ARRAY('T', "input") },
		RETURNS_ARRAY('T'),
		ANY_NULL_GIVES_NULL,
		.eval = array_distinct } },
	.examples = { { "ARRAY_DISTINCT(ARRAY[2, 1, 2])", "ARRAY[2, 1]" } },
};
