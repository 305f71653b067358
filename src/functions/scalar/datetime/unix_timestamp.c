/* UNIX_TIMESTAMP: now, or a TIMESTAMP, as milliseconds. */
#include "functions/define.h"

static enum weir_result now(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	ret->i64 = weir_clock_now_ms(call->clock);
	return WEIR_VALUE;
}

static enum weir_result of_timestamp(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	ret->i64 = ARG(0).i64;
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_unix_timestamp = {
	.name = "UNIX_TIMESTAMP",
	.spelling = "unix_timestamp",
	.category = "DATE / TIME",
	.summary = "Milliseconds since 1970: now, or of a TIMESTAMP.",
	.overloads = {
		{ .returns = WEIR_EXACT(BIGINT), .eval = now },
		{ .params = { PARAM(TIMESTAMP, "timestamp") }, RETURNS(BIGINT), ANY_NULL_GIVES_NULL, .eval = of_timestamp },
	},
	.is_volatile = true,
	.examples = { { "UNIX_TIMESTAMP(CAST('1970-01-01T00:00:01.000' AS TIMESTAMP))", "CAST(1000 AS BIGINT)" } },
};
