/* GREATEST of several values. */
#include "functions/scalar/conditional/extreme_of.h"

static enum weir_result greatest(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return weir_extreme_of(call, 1, ret, err);
}

const struct weir_scalar_function weir_scalar_greatest = {
	.name = "GREATEST",
	.category = "MATHEMATICAL",
	.summary = "The greatest of the arguments that are not NULL.",
	.overloads = { EXTREME_OF(INTEGER, greatest), EXTREME_OF(BIGINT, greatest), EXTREME_OF(DOUBLE, greatest),
		{ .params = { PARAM(DECIMAL, "val"), PARAM_VARIADIC(DECIMAL, "vals") },
			.return_type = weir_widest_decimal,
			.eval = greatest },
		EXTREME_OF(STRING, greatest), EXTREME_OF(BYTES, greatest), EXTREME_OF(DATE, greatest), EXTREME_OF(TIME, greatest),
		EXTREME_OF(TIMESTAMP, greatest) },
	.examples = { { "GREATEST(1, 3, 2)", "3" } },
};
