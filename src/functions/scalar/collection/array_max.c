/* ARRAY_MAX */
#include "functions/scalar/collection/array_extreme.h"

static enum weir_result array_max(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return weir_array_extreme(call, 1, ret, err);
}

const struct weir_scalar_function weir_scalar_array_max = {
	.name = "ARRAY_MAX",
	.category = "ARRAY",
	.summary = "An array's greatest item.",
	.overloads = { { .params = { PARAM_ARRAY('T', "array") }, RETURNS_GENERIC('T'), ANY_NULL_GIVES_NULL, .eval = array_max } },
	.examples = { { "ARRAY_MAX(ARRAY[1, 3, 2])", "3" } },
};
