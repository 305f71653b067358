/* NULLIF: NULL when both arguments are equal. */
#include "functions/define.h"
#include "types/compare.h"

static enum weir_result nullif(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	if (ARG_IS_NULL(0) || (!ARG_IS_NULL(1) && weir_cell_equals(call->arg_types[0], ARG(0), ARG(1))))
		return WEIR_NULL;
	*ret = ARG(0);
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_nullif = {
	.name = "NULLIF",
	.category = "CONDITIONAL",
	.summary = "NULL when both arguments are equal, else the first.",
	.overloads = { { .params = { PARAM_GENERIC('T', "expression1"), PARAM_GENERIC('T', "expression2") },
		RETURNS_GENERIC('T'),
		.eval = nullif } },
	.examples = { { "NULLIF(1, 2)", "1" } },
};
