/* TRUNC: towards zero, to whole numbers or to a number of decimal places. */
#include "functions/scalar/math/places.h"

static enum weir_result trunc_integer(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	ret->i64 = call->arg_types[0]->kind == WEIR_KIND_INTEGER ? ARG(0).i32 : ARG(0).i64;
	return WEIR_VALUE;
}

static enum weir_result trunc_double(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	ret->i64 = weir_number_saturate(ARG(0).f64);
	return WEIR_VALUE;
}

static enum weir_result trunc_double_places(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return weir_places_double(call, WEIR_PLACES_TRUNC, ret, err);
}

static enum weir_result trunc_decimal(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return weir_places_whole(call, WEIR_PLACES_TRUNC, ret, err);
}

static enum weir_result trunc_decimal_places(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return weir_places_decimal(call, WEIR_PLACES_TRUNC, ret, err);
}

const struct weir_scalar_function weir_scalar_trunc = {
	.name = "TRUNC",
	.spelling = "trunc",
	.category = "MATHEMATICAL",
	.summary = "Cuts a number's decimal places off, or all but the first of them.",
	.overloads = {
		{ .params = { PARAM(INTEGER, "val") }, RETURNS(BIGINT), ANY_NULL_GIVES_NULL, .eval = trunc_integer },
		{ .params = { PARAM(BIGINT, "val") }, RETURNS(BIGINT), ANY_NULL_GIVES_NULL, .eval = trunc_integer },
		{ .params = { PARAM(DOUBLE, "val") }, RETURNS(BIGINT), ANY_NULL_GIVES_NULL, .eval = trunc_double },
		{ .params = { PARAM(DOUBLE, "val"), PARAM(INTEGER, "decimalPlaces") }, RETURNS(DOUBLE), ANY_NULL_GIVES_NULL, .eval = trunc_double_places },
		{ .params = { PARAM(DECIMAL, "val") }, .return_type = weir_places_whole_type, ANY_NULL_GIVES_NULL, .eval = trunc_decimal },
		{ .params = { PARAM(DECIMAL, "val"), PARAM(INTEGER, "decimalPlaces") }, .return_type = weir_places_same_type, ANY_NULL_GIVES_NULL, .eval = trunc_decimal_places },
	},
	.examples = { { "TRUNC(-1.7E0)", "CAST(-1 AS BIGINT)" }, { "TRUNC(2.349, 2)", "2.340" } },
};
