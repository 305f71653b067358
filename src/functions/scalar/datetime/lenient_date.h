/* The pattern language of PARSE_DATE (Java's SimpleDateFormat, lenient): spec functions.md §2.11, dialect P3. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "types/time/zone.h"

struct weir_lenient_pattern;

/* Errors: EVALUATE. */
bool weir_lenient_compile(
	struct weir_arena *arena, struct weir_slice text, const struct weir_lenient_pattern **ret, struct weir_err *err);
/* What the beginning of the text says, as milliseconds since 1970 in GMT; text behind it does not matter. A year below 100 of one
 * or two letters is the one from 80 years before `this_year` to 20 after it. Errors: EVALUATE. */
bool weir_lenient_parse(const struct weir_lenient_pattern *pattern, struct weir_slice text, int64_t this_year,
	struct weir_zones *zones, int64_t *ret_ms, struct weir_err *err);
