/* Inside PARSE_DATE: what was read of each field, in the order of reading. */
#pragma once

#include "functions/scalar/datetime/lenient_date.h"

enum weir_lenient_field {
	WEIR_LENIENT_ERA, /* 0 BC, 1 AD */
	WEIR_LENIENT_YEAR,
	WEIR_LENIENT_MONTH, /* 0 January */
	WEIR_LENIENT_WEEK_OF_YEAR,
	WEIR_LENIENT_WEEK_OF_MONTH,
	WEIR_LENIENT_DAY_OF_YEAR,
	WEIR_LENIENT_DAY,
	WEIR_LENIENT_DAY_OF_WEEK_IN_MONTH,
	WEIR_LENIENT_DAY_OF_WEEK, /* 1 Sunday */
	WEIR_LENIENT_AMPM,
	WEIR_LENIENT_HOUR_OF_DAY,
	WEIR_LENIENT_HOUR, /* of a half day */
	WEIR_LENIENT_MINUTE,
	WEIR_LENIENT_SECOND,
	WEIR_LENIENT_MILLISECOND,
	WEIR_LENIENT_OFFSET, /* milliseconds */
	WEIR_LENIENT_COUNT
};

struct weir_lenient_fields {
	int64_t values[WEIR_LENIENT_COUNT];
	int stamps[WEIR_LENIENT_COUNT]; /* 0: not set; a later setting has a greater one */
	int last_stamp;
	const struct weir_zone *zone;
};

/* A calendar that is Julian before 1582-10-15 and takes values out of their ranges as so many more. */
int64_t weir_lenient_resolve(const struct weir_lenient_fields *fields);
