/* PARSE_TIME: text to TIME. */
#include "functions/scalar/datetime/pattern_call.h"

static enum weir_result parse_time(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	const struct weir_date_pattern *pattern;
	int64_t nanos;

	if (!weir_datetime_pattern(call, &pattern, err) ||
		!weir_date_parse_time(pattern, ARG(0).str, weir_datetime_zones(call), &nanos, err))
		return WEIR_FAILED;
	ret->i32 = (int32_t)(nanos / 1000000);
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_parse_time = {
	.name = "PARSE_TIME",
	.spelling = "parse_time",
	.category = "DATE / TIME",
	.summary = "A text as a TIME, by a pattern like HH:mm:ss.",
	.overloads = { { .params = { PARAM(STRING, "formattedTime"), PARAM(STRING, "formatPattern") },
		RETURNS(TIME),
		ANY_NULL_GIVES_NULL,
		.prepare = weir_datetime_prepare,
		.eval = parse_time } },
	.examples = { { "PARSE_TIME('10:20 pm', 'hh:mm a')", "CAST('22:20' AS TIME)" },
		{ "PARSE_TIME('10:60', 'HH:mm')", "NULL" } },
};
