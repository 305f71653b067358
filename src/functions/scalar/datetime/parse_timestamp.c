/* PARSE_TIMESTAMP: text to TIMESTAMP, in GMT unless told or the text says it. */
#include "functions/scalar/datetime/pattern_call.h"

static enum weir_result in_gmt(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return weir_datetime_parse_timestamp(call, &weir_zone_gmt, ret, err);
}

static enum weir_result in_zone(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	const struct weir_zone *zone;

	if (!weir_datetime_zone(call, 2, &zone, err))
		return WEIR_FAILED;
	return weir_datetime_parse_timestamp(call, zone, ret, err);
}

const struct weir_scalar_function weir_scalar_parse_timestamp = {
	.name = "PARSE_TIMESTAMP",
	.spelling = "parse_timestamp",
	.category = "DATE / TIME",
	.summary = "A text as a TIMESTAMP, by a pattern like yyyy-MM-dd HH:mm:ss; without a zone in the text GMT or the one given "
		   "counts.",
	.overloads = { { .params = { PARAM(STRING, "formattedTimestamp"), PARAM(STRING, "formatPattern") },
			       RETURNS(TIMESTAMP),
			       ANY_NULL_GIVES_NULL,
			       .prepare = weir_datetime_prepare_root,
			       .eval = in_gmt },
		{ .params = { PARAM(STRING, "formattedTimestamp"), PARAM(STRING, "formatPattern"), PARAM(STRING, "timeZone") },
			RETURNS(TIMESTAMP),
			ANY_NULL_GIVES_NULL,
			.prepare = weir_datetime_prepare_root,
			.eval = in_zone } },
	.examples = { { "PARSE_TIMESTAMP('2020-02-30', 'yyyy-MM-dd')", "FROM_UNIXTIME(1582934400000)" },
		{ "PARSE_TIMESTAMP('2021-07-01 +0900', 'yyyy-MM-dd Z', 'UTC')", "FROM_UNIXTIME(1625065200000)" },
		{ "PARSE_TIMESTAMP('2021-03-14 02:30', 'yyyy-MM-dd HH:mm', 'America/Los_Angeles')",
			"FROM_UNIXTIME(1615717800000)" },
		{ "PARSE_TIMESTAMP('2020-13-01', 'yyyy-MM-dd')", "NULL" } },
};
