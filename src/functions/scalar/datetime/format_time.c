/* FORMAT_TIME: a TIME as text. */
#include "functions/scalar/datetime/pattern_call.h"

static enum weir_result format_time(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_moment moment = weir_moment_of_time(ARG(0).i32 * INT64_C(1000000));

	return weir_datetime_format(call, &moment, ret, err);
}

const struct weir_scalar_function weir_scalar_format_time = {
	.name = "FORMAT_TIME",
	.spelling = "format_time",
	.category = "DATE / TIME",
	.summary = "A TIME as text, by a pattern like HH:mm:ss.",
	.overloads = { { .params = { PARAM(TIME, "time"), PARAM(STRING, "formatPattern") },
		RETURNS(STRING),
		ANY_NULL_GIVES_NULL,
		.prepare = weir_datetime_prepare,
		.eval = format_time } },
	.examples = { { "FORMAT_TIME(CAST('12:34:56.789' AS TIME), 'h K k H a')", "'12 0 12 12 PM'" },
		{ "FORMAT_TIME(CAST('12:34' AS TIME), 'yyyy')", "NULL" } },
};
