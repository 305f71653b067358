/* TIMESUB: takes time away from a TIME. */
#include "functions/scalar/datetime/interval.h"

static enum weir_result timesub(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return weir_time_shift(call, -1, ret, err);
}

const struct weir_scalar_function weir_scalar_timesub = {
	.name = "TIMESUB",
	.spelling = "timesub",
	.category = "DATE / TIME",
	.summary = "Takes away from a TIME a number of DAYS, HOURS, MINUTES, SECONDS or MILLISECONDS, around the clock.",
	.overloads = { { .params = { PARAM_UNIT("unit"), PARAM(INTEGER, "interval"), PARAM(TIME, "time") },
		RETURNS(TIME),
		ANY_NULL_GIVES_NULL,
		.eval = timesub } },
	.examples = { { "TIMESUB(HOURS, 1, CAST('00:30' AS TIME))", "CAST('23:30' AS TIME)" } },
};
