/* POWER: IEEE pow, but as Java has it NaN wherever the exponent is NaN, or infinite over a base of size 1. */
#include "functions/scalar/math/number.h"

#include <math.h>

static enum weir_result eval(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	double base = weir_number_arg(call, 0), exponent = weir_number_arg(call, 1);

	ret->f64 = isnan(exponent) || (fabs(base) == 1 && isinf(exponent)) ? NAN : pow(base, exponent);
	return WEIR_VALUE;
}

#define OVERLOAD(kind)                                                                                                             \
	{                                                                                                                          \
		.params = { PARAM(kind, "base"), PARAM(kind, "exponent") }, RETURNS(DOUBLE), ANY_NULL_GIVES_NULL, .eval = eval     \
	}

const struct weir_scalar_function weir_scalar_power = {
	.name = "POWER",
	.spelling = "power",
	.category = "MATHEMATICAL",
	.summary = "A number to the power of another.",
	.overloads = { OVERLOAD(INTEGER), OVERLOAD(BIGINT), OVERLOAD(DOUBLE) },
	.examples = { { "POWER(2, 10)", "1024E0" }, { "POWER(0, 0)", "1E0" } },
};
