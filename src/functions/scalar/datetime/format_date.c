/* FORMAT_DATE: a DATE as text. */
#include "functions/scalar/datetime/pattern_call.h"

static enum weir_result format_date(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_moment moment = weir_moment_of_date(ARG(0).i32);

	return weir_datetime_format(call, &moment, ret, err);
}

const struct weir_scalar_function weir_scalar_format_date = {
	.name = "FORMAT_DATE",
	.spelling = "format_date",
	.category = "DATE / TIME",
	.summary = "A DATE as text, by a pattern like yyyy-MM-dd.",
	.overloads = { { .params = { PARAM(DATE, "date"), PARAM(STRING, "formatPattern") },
		RETURNS(STRING),
		ANY_NULL_GIVES_NULL,
		.prepare = weir_datetime_prepare,
		.eval = format_date } },
	.examples = { { "FORMAT_DATE(FROM_DAYS(18321), 'EEE d MMM yyyy')", "'Sat 29 Feb 2020'" },
		{ "FORMAT_DATE(FROM_DAYS(0), 'yyyy[ HH]')", "'1970'" }, { "FORMAT_DATE(FROM_DAYS(0), 'HH')", "NULL" } },
};
