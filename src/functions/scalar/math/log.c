/* LOG: the natural logarithm, or with two arguments the logarithm to a base, base first (functions.md §2.1). */
#include "functions/scalar/math/number.h"

#include <math.h>

static enum weir_result natural(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	ret->f64 = log(weir_number_arg(call, 0));
	return WEIR_VALUE;
}

static enum weir_result to_base(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	double base = weir_number_arg(call, 0), value = weir_number_arg(call, 1);

	ret->f64 = base <= 0 || base == 1 ? NAN : log(value) / log(base);
	return WEIR_VALUE;
}

#define NATURAL(kind)                                                                                                              \
	{                                                                                                                          \
		.params = { PARAM(kind, "value") }, RETURNS(DOUBLE), ANY_NULL_GIVES_NULL, .eval = natural                          \
	}
#define TO_BASE(kind)                                                                                                              \
	{                                                                                                                          \
		.params = { PARAM(kind, "base"), PARAM(kind, "value") }, RETURNS(DOUBLE), ANY_NULL_GIVES_NULL, .eval = to_base     \
	}

const struct weir_scalar_function weir_scalar_log = {
	.name = "LOG",
	.spelling = "log",
	.category = "MATHEMATICAL",
	.summary = "The natural logarithm of a number, or its logarithm to a base (the base comes first).",
	.overloads = { NATURAL(INTEGER), NATURAL(BIGINT), NATURAL(DOUBLE), TO_BASE(INTEGER), TO_BASE(BIGINT), TO_BASE(DOUBLE) },
	.examples = { { "LOG(1)", "0E0" }, { "ROUND(LOG(2, 8), 6)", "3E0" } },
};
