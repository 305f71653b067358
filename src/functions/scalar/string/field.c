/* FIELD: which of the texts equals the first; 0 when none does. */
#include "functions/define.h"

static enum weir_result field(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	ret->i32 = 0;
	for (size_t i = 1; !ARG_IS_NULL(0) && i < call->arg_count; i++) {
		if (ARG_IS_NULL(i) || !weir_slice_equals(ARG(i).str, ARG(0).str))
			continue;
		ret->i32 = (int32_t)i;
		break;
	}
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_field = {
	.name = "FIELD",
	.spelling = "field",
	.category = "STRING",
	.summary = "The position of the first text among the others, 0 when it is not there.",
	.overloads = { { .params = { PARAM(STRING, "str"), PARAM_VARIADIC(STRING, "args") }, RETURNS(INTEGER), .eval = field } },
	.examples = { { "FIELD('b', 'a', 'b')", "2" } },
};
