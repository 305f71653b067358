/* ARRAY_REMOVE: without all items that equal a value; a NULL value removes NULLs. */
#include "functions/scalar/collection/values.h"
#include "types/compare.h"

static enum weir_result array_remove(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_values kept;

	if (ARG_IS_NULL(0))
		return WEIR_NULL;
	const struct weir_array *array = ARG(0).array;
	weir_values_init(&kept, call->arena, array->count);
	for (size_t i = 0; i < array->count; i++) {
		bool is_null = weir_null_test(array->nulls, i);
		if (is_null != ARG_IS_NULL(1) ||
			(!is_null && !weir_cell_equals(call->arg_types[0]->element, array->items[i], ARG(1))))
			weir_values_add_from(&kept, array, i);
	}
	return weir_values_finish(&kept, ret);
}

const struct weir_scalar_function weir_scalar_array_remove = {
	.name = "ARRAY_REMOVE",
	.spelling = "array_remove",
	.category = "ARRAY",
	.summary = "An array without the items that equal a value.",
	.overloads = { { .params = { PARAM_ARRAY('T', "array"), PARAM_GENERIC('T', "victim") },
		RETURNS_ARRAY('T'),
		.eval = array_remove } },
	.examples = { { "ARRAY_REMOVE(ARRAY[1, 2, 1], 1)", "ARRAY[2]" } },
};
