/* TIMESTAMPTOSTRING: milliseconds as text, in the server's zone unless told. */
#include "functions/scalar/datetime/pattern_call.h"

static enum weir_result in_server_zone(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_moment moment = weir_moment_of_timestamp(ARG(0).i64, weir_datetime_server_zone(call));

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

const struct weir_scalar_function weir_scalar_timestamptostring = {
	.name = "TIMESTAMPTOSTRING",
	.spelling = "timestamptostring",
	.category = "DATE / TIME",
	.summary = "Milliseconds since 1970 as text, by a pattern, in the server's zone or the one given. FORMAT_TIMESTAMP does it "
		   "for a "
		   "TIMESTAMP.",
	.overloads = { { .params = { PARAM_PRIMITIVE(BIGINT, "epochMilli"), PARAM(STRING, "formatPattern") },
			       RETURNS(STRING),
			       ANY_NULL_GIVES_NULL,
			       .prepare = weir_datetime_prepare,
			       .eval = in_server_zone },
		{ .params = { PARAM_PRIMITIVE(BIGINT, "epochMilli"), PARAM(STRING, "formatPattern"), PARAM(STRING, "timeZone") },
			RETURNS(STRING),
			ANY_NULL_GIVES_NULL,
			.prepare = weir_datetime_prepare,
			.eval = in_zone } },
	.examples = { { "TIMESTAMPTOSTRING(0, 'dd HH:mm Z', '-0330')", "'31 20:30 -0330'" } },
};
