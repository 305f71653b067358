/* IFNULL: the second argument stands in for a NULL first one. */
#include "functions/define.h"

static enum weir_result ifnull(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	size_t i = ARG_IS_NULL(0) ? 1 : 0;

	*ret = ARG(i);
	return ARG_IS_NULL(i) ? WEIR_NULL : WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_ifnull = {
	.name = "IFNULL",
	.category = "CONDITIONAL",
	.summary = "The first argument, or the second when that is NULL.",
	.overloads = { { .params = { PARAM_GENERIC('T', "value"), PARAM_GENERIC('T', "altValue") },
		RETURNS_GENERIC('T'),
		.eval = ifnull } },
	.examples = { { "IFNULL(CAST(NULL AS STRING), 'x')", "'x'" } },
};
