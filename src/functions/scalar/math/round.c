/* ROUND: to whole numbers, or to a number of decimal places; half away from zero towards plus infinity as ksqlDB does for DOUBLE,
 * half up for DECIMAL. */
#include "functions/define.h"
#include "types/decimal.h"

#include <math.h>

static enum weir_result round_bigint(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	*ret = ARG(0);
	return WEIR_VALUE;
}

static enum weir_result round_double(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	double rounded = floor(ARG(0).f64 + 0.5);

	ret->i64 = isnan(rounded)                      ? 0
		   : rounded >= 9.2233720368547758e18  ? INT64_MAX
		   : rounded <= -9.2233720368547758e18 ? INT64_MIN
						       : (int64_t)rounded;
	return WEIR_VALUE;
}

/* Half towards plus infinity, on the exact decimal text of the double. */
static enum weir_result round_double_places(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	__int128 value, rounded;
	int scale, places = ARG(1).i32;

	if (!isfinite(ARG(0).f64) || !weir_decimal_from_double(ARG(0).f64, &value, &scale) || places >= scale) {
		ret->f64 = ARG(0).f64;
		return WEIR_VALUE;
	}
	if (!weir_decimal_rescale(value, scale, places, WEIR_ROUND_HALF_UP, &rounded))
		return weir_function_fail(err, "ROUND cannot give %d decimal places", places);
	ret->f64 = weir_decimal_to_double(rounded, places);
	return WEIR_VALUE;
}

static __int128 power_of_ten(int exponent)
{
	__int128 power = 1;

	while (exponent-- > 0)
		power *= 10;
	return power;
}

static enum weir_result round_to(
	const struct weir_type *type, __int128 value, int places, union weir_cell *ret, struct weir_err *err)
{
	__int128 rounded;
	int scale = type->scale;

	if (places >= scale) {
		ret->decimal = value;
		return WEIR_VALUE;
	}
	if (scale - places > 38) {
		ret->decimal = 0;
		return WEIR_VALUE;
	}
	if (!weir_decimal_rescale(value, scale, places, WEIR_ROUND_HALF_UP, &rounded))
		return weir_function_fail(err, "ROUND cannot give %d decimal places", places);
	ret->decimal = rounded * power_of_ten(scale - places);
	return WEIR_VALUE;
}

static enum weir_result round_decimal(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	__int128 whole;

	weir_decimal_rescale(ARG(0).decimal, call->arg_types[0]->scale, 0, WEIR_ROUND_HALF_UP, &whole);
	ret->decimal = whole;
	return WEIR_VALUE;
}

static enum weir_result round_decimal_places(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return round_to(call->arg_types[0], ARG(0).decimal, ARG(1).i32, ret, err);
}

static const struct weir_type *whole_type(
	struct weir_arena *arena, const struct weir_type *const *args, size_t count, struct weir_err *err)
{
	return weir_type_decimal(arena, args[0]->precision - args[0]->scale + 1, 0);
}

static const struct weir_type *same_type(
	struct weir_arena *arena, const struct weir_type *const *args, size_t count, struct weir_err *err)
{
	return args[0];
}

const struct weir_scalar_function weir_scalar_round = {
	.name = "ROUND",
	.spelling = "Round",
	.category = "MATHEMATICAL",
	.summary = "Rounds to a whole number, or to a number of decimal places.",
	.overloads = {
		{ .params = { PARAM(BIGINT, "val") }, RETURNS(BIGINT), ANY_NULL_GIVES_NULL, .eval = round_bigint },
		{ .params = { PARAM(DOUBLE, "val") }, RETURNS(BIGINT), ANY_NULL_GIVES_NULL, .eval = round_double },
		{ .params = { PARAM(DOUBLE, "val"), PARAM(INTEGER, "decimalPlaces") }, RETURNS(DOUBLE), ANY_NULL_GIVES_NULL, .eval = round_double_places },
		{ .params = { PARAM(DECIMAL, "val") }, .return_type = whole_type, ANY_NULL_GIVES_NULL, .eval = round_decimal },
		{ .params = { PARAM(DECIMAL, "val"), PARAM(INTEGER, "decimalPlaces") }, .return_type = same_type, ANY_NULL_GIVES_NULL, .eval = round_decimal_places },
	},
	.examples = { { "ROUND(1.7E0)", "CAST(2 AS BIGINT)" }, { "ROUND(2.345, 2)", "2.350" } },
};
