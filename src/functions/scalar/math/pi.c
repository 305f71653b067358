/* PI */
#include "functions/define.h"

#include <math.h>

static enum weir_result pi(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	ret->f64 = M_PI;
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_pi = {
	.name = "PI",
	.spelling = "pi",
	.category = "MATHEMATICAL",
	.summary = "The number pi.",
	.overloads = { { RETURNS(DOUBLE), .eval = pi } },
	.examples = { { "PI()", "3.141592653589793E0" } },
};
