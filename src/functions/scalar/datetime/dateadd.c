/* DATEADD: adds time to a DATE. */
#include "functions/scalar/datetime/interval.h"

static enum weir_result dateadd(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return weir_date_shift(call, 1, ret, err);
}

const struct weir_scalar_function weir_scalar_dateadd = {
	.name = "DATEADD",
	.spelling = "dateadd",
	.category = "DATE / TIME",
	.summary = "Adds to a DATE a number of DAYS, HOURS, MINUTES, SECONDS or MILLISECONDS.",
	.overloads = { { .params = { PARAM_UNIT("unit"), PARAM(INTEGER, "interval"), PARAM(DATE, "date") },
		RETURNS(DATE),
		ANY_NULL_GIVES_NULL,
		.eval = dateadd } },
	.examples = { { "DATEADD(HOURS, 1, FROM_DAYS(-1))", "FROM_DAYS(0)" } },
};
