/* AS_VALUE: a copy of a key among the values. */
#include "functions/define.h"

static enum weir_result as_value(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	*ret = ARG(0);
	return ARG_IS_NULL(0) ? WEIR_NULL : WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_as_value = {
	.name = "AS_VALUE",
	.category = "OTHER",
	.summary = "Copies a key column among the values.",
	.overloads = { { .params = { PARAM_GENERIC('T', "keyColumn") }, RETURNS_GENERIC('T'), .eval = as_value } },
	.examples = { { "AS_VALUE(1)", "1" } },
};
