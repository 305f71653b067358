/* DATETOSTRING: a number of days as text; FORMAT_DATE of an INTEGER. */
#include "functions/scalar/datetime/pattern_call.h"

static enum weir_result datetostring(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_moment moment = weir_moment_of_date(ARG(0).i32);

	return weir_datetime_format(call, &moment, ret, err);
}

const struct weir_scalar_function weir_scalar_datetostring = {
	.name = "DATETOSTRING",
	.spelling = "datetostring",
	.category = "DATE / TIME",
	.summary = "A number of days since 1970 as text, by a pattern. FORMAT_DATE does it for a DATE.",
	.overloads = { { .params = { PARAM_PRIMITIVE(INTEGER, "epochDays"), PARAM(STRING, "formatPattern") },
		RETURNS(STRING),
		ANY_NULL_GIVES_NULL,
		.prepare = weir_datetime_prepare,
		.eval = datetostring } },
	.examples = { { "DATETOSTRING(18321, 'yyyy-MM-dd')", "'2020-02-29'" } },
};
