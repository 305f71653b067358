/* FROM_DAYS: a number of days as a DATE. */
#include "functions/define.h"

static enum weir_result from_days(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	ret->i32 = ARG(0).i32;
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_from_days = {
	.name = "FROM_DAYS",
	.spelling = "from_days",
	.category = "DATE / TIME",
	.summary = "The DATE of a number of days since 1970.",
	.overloads = { { .params = { PARAM_PRIMITIVE(INTEGER, "days") }, RETURNS(DATE), .eval = from_days } },
	.examples = { { "FROM_DAYS(18321)", "CAST('2020-02-29' AS DATE)" } },
};
