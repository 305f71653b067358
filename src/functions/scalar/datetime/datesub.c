/* DATESUB: takes time away from a DATE. */
#include "functions/scalar/datetime/interval.h"

static enum weir_result datesub(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return weir_date_shift(call, -1, ret, err);
}

const struct weir_scalar_function weir_scalar_datesub = {
	.name = "DATESUB",
	.spelling = "datesub",
	.category = "DATE / TIME",
	.summary = "Takes away from a DATE a number of DAYS, HOURS, MINUTES, SECONDS or MILLISECONDS.",
	.overloads = { { .params = { PARAM_UNIT("unit"), PARAM(INTEGER, "interval"), PARAM(DATE, "date") },
		RETURNS(DATE),
		ANY_NULL_GIVES_NULL,
		.eval = datesub } },
	.examples = { { "DATESUB(DAYS, 1, FROM_DAYS(1))", "FROM_DAYS(0)" } },
};
