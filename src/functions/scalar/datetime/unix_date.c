/* UNIX_DATE: today in the server's zone, or a DATE, as a number of days. */
#include "functions/scalar/datetime/pattern_call.h"

#include "types/datetime.h"

static enum weir_result today(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_moment now = weir_moment_of_timestamp(weir_clock_now_ms(call->clock), weir_datetime_server_zone(call));

	ret->i32 = (int32_t)now.days;
	return WEIR_VALUE;
}

static enum weir_result of_date(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	ret->i32 = ARG(0).i32;
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_unix_date = {
	.name = "UNIX_DATE",
	.spelling = "unix_date",
	.category = "DATE / TIME",
	.summary = "Days since 1970: today in the server's time zone, or of a DATE.",
	.overloads = {
		{ RETURNS(INTEGER), .prepare = weir_datetime_prepare, .eval = today },
		{ .params = { PARAM(DATE, "date") }, RETURNS(INTEGER), ANY_NULL_GIVES_NULL, .eval = of_date },
	},
	.is_volatile = true,
	.examples = { { "UNIX_DATE(CAST('2020-02-29' AS DATE))", "18321" } },
};
