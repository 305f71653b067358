/* COALESCE: the first argument that is not NULL. */
#include "functions/define.h"

static enum weir_result coalesce(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	for (size_t i = 0; i < call->arg_count; i++) {
		if (ARG_IS_NULL(i))
			continue;
		*ret = ARG(i);
		return WEIR_VALUE;
	}
	return WEIR_NULL;
}

const struct weir_scalar_function weir_scalar_coalesce = {
	.name = "COALESCE",
	.category = "CONDITIONAL",
	.summary = "The first argument that is not NULL.",
	.overloads = { { .params = { PARAM_GENERIC('T', "first"), PARAM_GENERIC_VARIADIC('T', "others") },
		RETURNS_GENERIC('T'),
		.eval = coalesce } },
	.examples = { { "COALESCE(CAST(NULL AS INT), 2)", "2" } },
};
