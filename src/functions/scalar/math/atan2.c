/* ATAN2 */
#include "functions/scalar/math/number.h"

#include <math.h>

static enum weir_result eval(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	ret->f64 = atan2(weir_number_arg(call, 0), weir_number_arg(call, 1));
	return WEIR_VALUE;
}

#define OVERLOAD(kind)                                                                                                             \
	{                                                                                                                          \
		.params = { PARAM(kind, "y"), PARAM(kind, "x") }, RETURNS(DOUBLE), ANY_NULL_GIVES_NULL, .eval = eval               \
	}

const struct weir_scalar_function weir_scalar_atan2 = {
	.name = "ATAN2",
	.spelling = "atan2",
	.category = "MATHEMATICAL",
	.summary = "The angle in radians of the point (x, y), between -pi and pi; y comes first.",
	.overloads = { OVERLOAD(INTEGER), OVERLOAD(BIGINT), OVERLOAD(DOUBLE) },
	.examples = { { "ATAN2(0, 1)", "0E0" } },
};
