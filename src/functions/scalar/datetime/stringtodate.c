/* STRINGTODATE: text to a number of days. NULL is an error. */
#include "functions/scalar/datetime/pattern_call.h"

static enum weir_result stringtodate(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	const struct weir_date_pattern *pattern;
	int64_t days;

	if (ARG_IS_NULL(0) || ARG_IS_NULL(1))
		return weir_function_fail(err, "An argument of STRINGTODATE is NULL");
	if (!weir_datetime_pattern(call, &pattern, err) ||
		!weir_date_parse_date(pattern, ARG(0).str, weir_datetime_zones(call), &days, err))
		return WEIR_FAILED;
	if (days != (int32_t)days)
		return weir_function_fail(err, "The date is too far away");
	ret->i32 = (int32_t)days;
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_stringtodate = {
	.name = "STRINGTODATE",
	.spelling = "stringtodate",
	.category = "DATE / TIME",
	.summary = "A text as a number of days since 1970, by a pattern. PARSE_DATE makes a DATE of it.",
	.overloads = { { .params = { PARAM(STRING, "formattedDate"), PARAM(STRING, "formatPattern") },
		RETURNS(INTEGER),
		.prepare = weir_datetime_prepare,
		.eval = stringtodate } },
	.examples = { { "STRINGTODATE('20211231', 'yyyyMMdd')", "18992" } },
};
