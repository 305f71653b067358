/* ARRAY_LENGTH */
#include "functions/define.h"

static enum weir_result array_length(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	ret->i32 = (int32_t)ARG(0).array->count;
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_array_length = {
	.name = "ARRAY_LENGTH",
	.category = "ARRAY",
	.summary = "The number of an array's items.",
	.overloads = { { .params = { PARAM_ARRAY('T', "array") }, RETURNS(INTEGER), ANY_NULL_GIVES_NULL, .eval = array_length } },
	.examples = { { "ARRAY_LENGTH(ARRAY[1, 2])", "2" } },
};
