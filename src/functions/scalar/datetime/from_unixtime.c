/* FROM_UNIXTIME: milliseconds as a TIMESTAMP. */
#include "functions/define.h"

static enum weir_result from_unixtime(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	ret->i64 = ARG(0).i64;
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_from_unixtime = {
	.name = "FROM_UNIXTIME",
	.spelling = "from_unixtime",
	.category = "DATE / TIME",
	.summary = "The TIMESTAMP of a number of milliseconds since 1970.",
	.overloads = { { .params = { PARAM_PRIMITIVE(BIGINT, "epochMilli") },
		RETURNS(TIMESTAMP),
		.nulls = WEIR_NULL_IF_ANY_NULL,
		.eval = from_unixtime } },
	.examples = { { "FROM_UNIXTIME(0)", "CAST('1970-01-01T00:00:00.000' AS TIMESTAMP)" } },
};
