/* LEAST of several values. */
#include "functions/scalar/conditional/extreme_of.h"

static enum weir_result least(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return weir_extreme_of(call, -1, ret, err);
}

const struct weir_scalar_function weir_scalar_least = {
	.name = "LEAST",
	.category = "MATHEMATICAL",
	.summary = "The smallest of the arguments that are not NULL.",
	.overloads = { EXTREME_OF(INTEGER, least), EXTREME_OF(BIGINT, least), EXTREME_OF(DOUBLE, least),
		{ .params = { PARAM(DECIMAL, "val"), PARAM_VARIADIC(DECIMAL, "vals") },
			.return_type = weir_widest_decimal,
			.eval = least },
		EXTREME_OF(STRING, least), EXTREME_OF(BYTES, least), EXTREME_OF(DATE, least), EXTREME_OF(TIME, least),
		EXTREME_OF(TIMESTAMP, least) },
	.examples = { { "LEAST(3, 1, 2)", "1" } },
};
