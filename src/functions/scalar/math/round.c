/* ROUND: to whole numbers, or to a number of decimal places; ties go towards plus infinity. */
#include "functions/scalar/math/places.h"

#include <math.h>

static enum weir_result round_integer(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	ret->i64 = call->arg_types[0]->kind == WEIR_KIND_INTEGER ? ARG(0).i32 : ARG(0).i64;
	return WEIR_VALUE;
}

static enum weir_result round_double(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	double whole = floor(ARG(0).f64);

	ret->i64 = weir_number_saturate(ARG(0).f64 - whole >= 0.5 ? whole + 1 : whole);
	return WEIR_VALUE;
}

static enum weir_result round_double_places(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return weir_places_double(call, WEIR_PLACES_ROUND, ret, err);
}

static enum weir_result round_decimal(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return weir_places_whole(call, WEIR_PLACES_ROUND, ret, err);
}

static enum weir_result round_decimal_places(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return weir_places_decimal(call, WEIR_PLACES_ROUND, ret, err);
}

const struct weir_scalar_function weir_scalar_round = {
	.name = "ROUND",
	.spelling = "Round",
	.category = "MATHEMATICAL",
	.summary = "Rounds to a whole number, or to a number of decimal places; ties go up.",
	.overloads = {
		{ .params = { PARAM_PRIMITIVE(INTEGER, "val") }, RETURNS(BIGINT), .eval = round_integer },
		{ .params = { PARAM_PRIMITIVE(BIGINT, "val") }, RETURNS(BIGINT), .eval = round_integer },
		{ .params = { PARAM(DOUBLE, "val") }, RETURNS(BIGINT), ANY_NULL_GIVES_NULL, .eval = round_double },
		{ .params = { PARAM(DOUBLE, "val"), PARAM(INTEGER, "decimalPlaces") }, RETURNS(DOUBLE), ANY_NULL_GIVES_NULL, .eval = round_double_places },
		{ .params = { PARAM(DECIMAL, "val") }, .return_type = weir_places_whole_type, ANY_NULL_GIVES_NULL, .eval = round_decimal },
		{ .params = { PARAM(DECIMAL, "val"), PARAM(INTEGER, "decimalPlaces") }, .return_type = weir_places_same_type, ANY_NULL_GIVES_NULL, .eval = round_decimal_places },
	},
	.examples = { { "ROUND(1.7E0)", "CAST(2 AS BIGINT)" }, { "ROUND(-2.5E0)", "CAST(-2 AS BIGINT)" }, { "ROUND(2.345, 2)", "2.350" } },
};
