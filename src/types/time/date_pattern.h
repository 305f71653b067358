/* Date and time patterns in the language of Java's DateTimeFormatter (letters: spec functions.md §2.11, dialects P1 and P2):
 * compiled once, then used to print and to read.
 *
 * Printing uses the proleptic Gregorian calendar, weeks that begin on Sunday with the year's first day in week 1, and English
 * texts. Reading takes the whole text, in any case, checks ranges, and clamps a day of month that is too great for its month
 * ("smart"). Holds: a compiled pattern is immutable and lives in its arena. Thread: any; what needs a zone from a text takes a
 * cache that is not shared.
 */
#pragma once

#include "types/time/zone.h"

struct weir_date_pattern;

/* Texts of months, days and the like when read: ROOT knows short forms only (PARSE_TIMESTAMP). Printing is English in both. */
enum weir_date_locale { WEIR_DATE_ENGLISH, WEIR_DATE_ROOT };

/* Errors: EVALUATE. */
bool weir_date_pattern_compile(struct weir_arena *arena, struct weir_slice text, enum weir_date_locale locale,
	const struct weir_date_pattern **ret, struct weir_err *err);

/* What is printed: a date, a time, or both with a zone. Fields it does not have are an error, or leave out their [section]. */
struct weir_moment {
	bool has_date, has_time;
	int64_t days;                 /* since 1970-01-01, local */
	int64_t nanos;                /* of the local day */
	const struct weir_zone *zone; /* NULL: none */
	int32_t offset;               /* of the zone, then */
	bool is_summer;
};

struct weir_moment weir_moment_of_timestamp(int64_t timestamp_ms, const struct weir_zone *zone);
struct weir_moment weir_moment_of_date(int64_t days);
struct weir_moment weir_moment_of_time(int64_t nanos);

/* The text lives in the arena. Errors: EVALUATE. */
bool weir_date_format(const struct weir_date_pattern *pattern, const struct weir_moment *moment, struct weir_arena *arena,
	struct weir_slice *ret, struct weir_err *err);

/* ---- Reading ---- Errors: EVALUATE. */

/* What is missing is taken from 1970-01-01T00:00 in `zone`; a zone in the text counts instead of it. Truncated to milliseconds. */
bool weir_date_parse_timestamp(const struct weir_date_pattern *pattern, struct weir_slice text, const struct weir_zone *zone,
	struct weir_zones *zones, int64_t *ret_ms, struct weir_err *err);
/* A complete date must be there; a time or zone beside it does not matter. */
bool weir_date_parse_date(const struct weir_date_pattern *pattern, struct weir_slice text, struct weir_zones *zones,
	int64_t *ret_days, struct weir_err *err);
/* At least an hour and no part of a date must be there. */
bool weir_date_parse_time(const struct weir_date_pattern *pattern, struct weir_slice text, struct weir_zones *zones,
	int64_t *ret_nanos, struct weir_err *err);
