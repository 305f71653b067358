/* TIMESTAMPADD: adds time to a TIMESTAMP. */
#include "functions/scalar/datetime/interval.h"

static enum weir_result timestampadd(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return weir_timestamp_shift(call, 1, ret, err);
}

const struct weir_scalar_function weir_scalar_timestampadd = {
	.name = "TIMESTAMPADD",
	.spelling = "timestampadd",
	.category = "DATE / TIME",
	.summary = "Adds to a TIMESTAMP a number of DAYS, HOURS, MINUTES, SECONDS or MILLISECONDS.",
	.overloads = { { .params = { PARAM_UNIT("unit"), PARAM(INTEGER, "interval"), PARAM(TIMESTAMP, "timestamp") },
		RETURNS(TIMESTAMP),
		ANY_NULL_GIVES_NULL,
		.eval = timestampadd } },
	.examples = { { "TIMESTAMPADD(DAYS, 1, FROM_UNIXTIME(0))", "FROM_UNIXTIME(86400000)" } },
};
