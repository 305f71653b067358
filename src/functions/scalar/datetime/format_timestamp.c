/* FORMAT_TIMESTAMP: a TIMESTAMP as text in a time zone, GMT unless told. */
#include "functions/scalar/datetime/pattern_call.h"

static enum weir_result in_gmt(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_moment moment = weir_moment_of_timestamp(ARG(0).i64, &weir_zone_gmt);

	return weir_datetime_format(call, &moment, ret, err);
}

static enum weir_result in_zone(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	const struct weir_zone *zone;

	if (!weir_datetime_zone(call, 2, &zone, err))
		return WEIR_FAILED;
	struct weir_moment moment = weir_moment_of_timestamp(ARG(0).i64, zone);
	return weir_datetime_format(call, &moment, ret, err);
}

const struct weir_scalar_function weir_scalar_format_timestamp = {
	.name = "FORMAT_TIMESTAMP",
	.spelling = "format_timestamp",
	.category = "DATE / TIME",
	.summary = "A TIMESTAMP as text, by a pattern like yyyy-MM-dd HH:mm:ss.SSS, in GMT or the zone given.",
	.overloads = { { .params = { PARAM(TIMESTAMP, "timestamp"), PARAM(STRING, "formatPattern") },
			       RETURNS(STRING),
			       ANY_NULL_GIVES_NULL,
			       .prepare = weir_datetime_prepare,
			       .eval = in_gmt },
		{ .params = { PARAM(TIMESTAMP, "timestamp"), PARAM(STRING, "formatPattern"), PARAM(STRING, "timeZone") },
			RETURNS(STRING),
			ANY_NULL_GIVES_NULL,
			.prepare = weir_datetime_prepare,
			.eval = in_zone } },
	.examples = { { "FORMAT_TIMESTAMP(FROM_UNIXTIME(1582934400123), 'yyyy-MM-dd HH:mm:ss.SSS')", "'2020-02-29 00:00:00.123'" },
		{ "FORMAT_TIMESTAMP(FROM_UNIXTIME(1526075913000), 'yyyy-MM-dd HH:mm:ss zzz', 'America/Los_Angeles')",
			"'2018-05-11 14:58:33 PDT'" },
		{ "FORMAT_TIMESTAMP(FROM_UNIXTIME(0), '{yyyy}')", "NULL" } },
};
