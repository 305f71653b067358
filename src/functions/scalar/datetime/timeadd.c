/* TIMEADD: adds time to a TIME. */
#include "functions/scalar/datetime/interval.h"

static enum weir_result timeadd(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return weir_time_shift(call, 1, ret, err);
}

const struct weir_scalar_function weir_scalar_timeadd = {
	.name = "TIMEADD",
	.spelling = "timeadd",
	.category = "DATE / TIME",
	.summary = "Adds to a TIME a number of DAYS, HOURS, MINUTES, SECONDS or MILLISECONDS, around the clock.",
	.overloads = { { .params = { PARAM_UNIT("unit"), PARAM(INTEGER, "interval"), PARAM(TIME, "time") },
		RETURNS(TIME),
		ANY_NULL_GIVES_NULL,
		.eval = timeadd } },
	.examples = { { "TIMEADD(MILLISECONDS, 10, CAST('23:59:59.995' AS TIME))", "CAST('00:00:00.005' AS TIME)" } },
};
