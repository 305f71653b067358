/* SIGN: -1, 0 or 1. */
#include "functions/define.h"

static enum weir_result sign_of(int sign, union weir_cell *ret)
{
	ret->i32 = sign;
	return WEIR_VALUE;
}

static enum weir_result sign_integer(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return sign_of((ARG(0).i32 > 0) - (ARG(0).i32 < 0), ret);
}

static enum weir_result sign_bigint(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return sign_of((ARG(0).i64 > 0) - (ARG(0).i64 < 0), ret);
}

static enum weir_result sign_double(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return sign_of((ARG(0).f64 > 0) - (ARG(0).f64 < 0), ret);
}

const struct weir_scalar_function weir_scalar_sign = {
	.name = "SIGN",
	.spelling = "sign",
	.category = "MATHEMATICAL",
	.summary = "-1, 0 or 1 for a negative number, zero, a positive number.",
	.overloads = {
		{ .params = { PARAM(INTEGER, "value") }, RETURNS(INTEGER), ANY_NULL_GIVES_NULL, .eval = sign_integer },
		{ .params = { PARAM(BIGINT, "value") }, RETURNS(INTEGER), ANY_NULL_GIVES_NULL, .eval = sign_bigint },
		{ .params = { PARAM(DOUBLE, "value") }, RETURNS(INTEGER), ANY_NULL_GIVES_NULL, .eval = sign_double },
	},
	.examples = { { "SIGN(-7)", "-1" } },
};
