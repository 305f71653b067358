/* ARRAY_INTERSECT: the distinct values of the left array that are in the right one. */
#include "functions/scalar/collection/values.h"

static enum weir_result array_intersect(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	const struct weir_array *left = ARG(0).array, *right = ARG(1).array;
	struct weir_value_set others, kept;

	weir_value_set_init(&others, call->arena, call->arg_types[0]->element, right->count);
	weir_value_set_init(&kept, call->arena, call->arg_types[0]->element, left->count);
	for (size_t i = 0; i < right->count; i++)
		weir_value_set_add(&others, right->items[i], weir_null_test(right->nulls, i), NULL);
	for (size_t i = 0; i < left->count; i++) {
		bool is_null = weir_null_test(left->nulls, i);
		if (weir_value_set_find(&others, left->items[i], is_null) != SIZE_MAX)
			weir_value_set_add(&kept, left->items[i], is_null, NULL);
	}
	return weir_values_finish(&kept.values, ret);
}

const struct weir_scalar_function weir_scalar_array_intersect = {
	.name = "ARRAY_INTERSECT",
	.spelling = "array_intersect",
	.category = "ARRAY",
	.summary = "The distinct values that two arrays share, in the left one's order.",
	.overloads = { { .params = { PARAM_ARRAY('T', "left"), PARAM_ARRAY('T', "right") },
		RETURNS_ARRAY('T'),
		ANY_NULL_GIVES_NULL,
		.eval = array_intersect } },
	.examples = { { "ARRAY_INTERSECT(ARRAY[1, 2, 3, 1], ARRAY[3, 1])", "ARRAY[1, 3]" } },
};
