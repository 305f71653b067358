/* Running one case: an engine of its own over a log in memory, virtual time, no threads. */
#pragma once

#include "testing/case.h"

struct weir_case_result {
	bool passed;
	bool is_refused;            /* a statement was refused, or could not run */
	bool is_unsupported;        /* … because it is not supported yet */
	struct weir_err err;        /* is_refused */
	struct weir_buf difference; /* why it did not pass; "" otherwise */
	struct weir_buf actual;     /* one JSON line, when asked for */
};

void weir_case_run(const struct weir_case *test, bool wants_actual, struct weir_case_result *ret);
void weir_case_result_fini(struct weir_case_result *result);

/* compare.c: does the actual JSON value meet the expected one? NULL: null. */
bool weir_case_values_equal(const struct weir_json *expected, const struct weir_json *actual);
