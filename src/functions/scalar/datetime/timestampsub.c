/* TIMESTAMPSUB: takes time away from a TIMESTAMP. */
#include "functions/scalar/datetime/interval.h"

static enum weir_result timestampsub(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return weir_timestamp_shift(call, -1, ret, err);
}

const struct weir_scalar_function weir_scalar_timestampsub = {
	.name = "TIMESTAMPSUB",
	.spelling = "timestampsub",
	.category = "DATE / TIME",
	.summary = "Takes away from a TIMESTAMP a number of DAYS, HOURS, MINUTES, SECONDS or MILLISECONDS.",
	.overloads = { { .params = { PARAM_UNIT("unit"), PARAM(INTEGER, "interval"), PARAM(TIMESTAMP, "timestamp") },
		RETURNS(TIMESTAMP),
		ANY_NULL_GIVES_NULL,
		.eval = timestampsub } },
	.examples = { { "TIMESTAMPSUB(SECONDS, 1, FROM_UNIXTIME(0))", "FROM_UNIXTIME(-1000)" } },
};
