/* STRINGTOTIMESTAMP: text to milliseconds, in the server's zone unless told or the text says it. NULL is an error. */
#include "functions/scalar/datetime/pattern_call.h"

static enum weir_result fail_null(struct weir_err *err)
{
	return weir_function_fail(err, "An argument of STRINGTOTIMESTAMP is NULL");
}

static enum weir_result in_server_zone(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	if (ARG_IS_NULL(0) || ARG_IS_NULL(1))
		return fail_null(err);
	return weir_datetime_parse_timestamp(call, weir_datetime_server_zone(call), ret, err);
}

static enum weir_result in_zone(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	const struct weir_zone *zone;

	if (ARG_IS_NULL(0) || ARG_IS_NULL(1) || ARG_IS_NULL(2))
		return fail_null(err);
	if (!weir_datetime_zone(call, 2, &zone, err))
		return WEIR_FAILED;
	return weir_datetime_parse_timestamp(call, zone, ret, err);
}

const struct weir_scalar_function weir_scalar_stringtotimestamp = {
	.name = "STRINGTOTIMESTAMP",
	.spelling = "stringtotimestamp",
	.category = "DATE / TIME",
	.summary =
		"A text as milliseconds since 1970, by a pattern, in the server's zone or the one given. PARSE_TIMESTAMP makes a "
		"TIMESTAMP of it.",
	.overloads = { { .params = { PARAM(STRING, "formattedTimestamp"), PARAM(STRING, "formatPattern") },
			       RETURNS(BIGINT),
			       .prepare = weir_datetime_prepare_root,
			       .eval = in_server_zone },
		{ .params = { PARAM(STRING, "formattedTimestamp"), PARAM(STRING, "formatPattern"), PARAM(STRING, "timeZone") },
			RETURNS(BIGINT),
			.prepare = weir_datetime_prepare_root,
			.eval = in_zone } },
	.examples = { { "STRINGTOTIMESTAMP('10:20', 'HH:mm', '+0200')", "CAST(30000000 AS BIGINT)" } },
};
