/* ELT: the n-th of the texts that follow. */
#include "functions/define.h"

static enum weir_result elt(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	if (ARG_IS_NULL(0) || ARG(0).i32 < 1 || (size_t)ARG(0).i32 >= call->arg_count || ARG_IS_NULL((size_t)ARG(0).i32))
		return WEIR_NULL;
	*ret = ARG((size_t)ARG(0).i32);
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_elt = {
	.name = "ELT",
	.spelling = "elt",
	.category = "STRING",
	.summary = "The n-th of several texts; NULL when there is none.",
	.overloads = { { .params = { PARAM_PRIMITIVE(INTEGER, "n"), PARAM_VARIADIC(STRING, "args") },
		RETURNS(STRING),
		.eval = elt } },
	.examples = { { "ELT(2, 'a', 'b')", "'b'" } },
};
