/* ARRAY_MIN */
#include "functions/scalar/collection/array_extreme.h"

static enum weir_result array_min(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return weir_array_extreme(call, -1, ret, err);
}

const struct weir_scalar_function weir_scalar_array_min = {
	.name = "ARRAY_MIN",
	.category = "ARRAY",
	.summary = "An array's smallest item.",
	.overloads = { { .params = { PARAM_ARRAY('T', "array") }, RETURNS_GENERIC('T'), ANY_NULL_GIVES_NULL, .eval = array_min } },
	.examples = { { "ARRAY_MIN(ARRAY[2, 3, 1])", "1" } },
};
