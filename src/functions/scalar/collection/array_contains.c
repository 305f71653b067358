/* ARRAY_CONTAINS */
#include "functions/define.h"
#include "types/compare.h"

static enum weir_result array_contains(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	ret->boolean = false;
	if (ARG_IS_NULL(0))
		return WEIR_VALUE;
	const struct weir_array *array = ARG(0).array;
	for (size_t i = 0; i < array->count && !ret->boolean; i++) {
		bool is_null = weir_null_test(array->nulls, i);
		ret->boolean = is_null == ARG_IS_NULL(1) &&
			       (is_null || weir_cell_equals(call->arg_types[0]->element, array->items[i], ARG(1)));
	}
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_array_contains = {
	.name = "ARRAY_CONTAINS",
	.category = "ARRAY",
	.summary = "Whether an array holds a value.",
	.overloads = { { .params = { PARAM_ARRAY('T', "array"), PARAM_GENERIC('T', "element") },
		RETURNS(BOOLEAN),
		.eval = array_contains } },
	.examples = { { "ARRAY_CONTAINS(ARRAY[1, 2], 2)", "TRUE" } },
};
