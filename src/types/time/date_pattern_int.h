/* Inside types/time/: compiled patterns and the fields of a date and time. */
#pragma once

#include "types/time/date_pattern.h"

/* In the order in which lone fields are applied to a default date: coarse before fine. */
enum weir_date_field {
	WEIR_FIELD_ERA, /* 0 BC, 1 AD */
	WEIR_FIELD_YEAR,
	WEIR_FIELD_YEAR_OF_ERA,
	WEIR_FIELD_WEEK_YEAR,
	WEIR_FIELD_QUARTER,
	WEIR_FIELD_MONTH,
	WEIR_FIELD_WEEK_OF_WEEK_YEAR,
	WEIR_FIELD_WEEK_OF_MONTH,
	WEIR_FIELD_MODIFIED_JULIAN_DAY,
	WEIR_FIELD_DAY_OF_YEAR,
	WEIR_FIELD_DAY_OF_MONTH,
	WEIR_FIELD_ALIGNED_DAY_OF_WEEK, /* 1 + (day of month - 1) % 7 */
	WEIR_FIELD_DAY_OF_WEEK,         /* 1 Monday */
	WEIR_FIELD_LOCAL_DAY_OF_WEEK,   /* 1 Sunday */
	WEIR_FIELD_AMPM,
	WEIR_FIELD_HOUR,
	WEIR_FIELD_CLOCK_HOUR, /* 1–24 */
	WEIR_FIELD_HOUR_OF_AMPM,
	WEIR_FIELD_CLOCK_HOUR_OF_AMPM, /* 1–12 */
	WEIR_FIELD_MINUTE,
	WEIR_FIELD_MILLI_OF_DAY,
	WEIR_FIELD_SECOND,
	WEIR_FIELD_NANO,
	WEIR_FIELD_NANO_OF_DAY,
	WEIR_FIELD_OFFSET, /* seconds */
	WEIR_FIELD_COUNT
};

#define WEIR_FIELD_FIRST_OF_TIME WEIR_FIELD_AMPM

enum weir_date_op_kind {
	WEIR_DATE_LITERAL,
	WEIR_DATE_NUMBER,
	WEIR_DATE_TWO_DIGIT_YEAR,
	WEIR_DATE_FRACTION,
	WEIR_DATE_TEXT,
	WEIR_DATE_DAY_PERIOD,
	WEIR_DATE_OFFSET,
	WEIR_DATE_LOCALIZED_OFFSET,
	WEIR_DATE_ZONE_ID,
	WEIR_DATE_ZONE_NAME,
	WEIR_DATE_OPTIONAL, /* the ops up to `end` */
};

enum weir_date_sign { WEIR_SIGN_NORMAL, WEIR_SIGN_NONE, WEIR_SIGN_EXCEEDS_PAD };
enum weir_text_style { WEIR_TEXT_SHORT, WEIR_TEXT_FULL, WEIR_TEXT_NARROW };

struct weir_date_op {
	enum weir_date_op_kind kind;
	enum weir_date_field field;
	int min_width, max_width;
	enum weir_date_sign sign;
	int following; /* digits of the fixed numbers right behind it, which a number must leave to them */
	enum weir_text_style style;
	bool is_generic;        /* zone names without summer or winter */
	int pad_width;          /* 0: none */
	int offset_form;        /* see offset_forms */
	struct weir_slice text; /* LITERAL; OFFSET: what stands for zero */
	size_t end;             /* OPTIONAL: index behind its last op */
};

struct weir_date_pattern {
	enum weir_date_locale locale;
	const struct weir_date_op *ops;
	size_t count;
	size_t max_bytes; /* of a printed text */
};

/* +HHmm: minutes only when not zero; … */
enum weir_offset_form {
	WEIR_OFFSET_HHmm,
	WEIR_OFFSET_HHMM,
	WEIR_OFFSET_HH_MM,
	WEIR_OFFSET_HHMMss,
	WEIR_OFFSET_HH_MM_ss,
};

/* false: the moment does not have the field. */
bool weir_moment_field(const struct weir_moment *moment, enum weir_date_field field, int64_t *ret);

/* The text of a field's value, or NULL where it has none in that style. */
const char *weir_date_text(enum weir_date_locale locale, enum weir_date_field field, enum weir_text_style style, int64_t value);
/* Values run from first to last. false: texts of this style are not told apart, or there are none. */
bool weir_date_text_range(
	enum weir_date_locale locale, enum weir_date_field field, enum weir_text_style style, int *ret_first, int *ret_last);
const char *weir_day_period_text(enum weir_text_style style, int64_t nanos);

/* What reading found, field by field. */
struct weir_date_fields {
	int64_t values[WEIR_FIELD_COUNT];
	uint32_t present; /* bit per field */
	const struct weir_zone *zone;
};

static inline bool weir_fields_has(const struct weir_date_fields *fields, enum weir_date_field field)
{
	return fields->present >> field & 1;
}

/* Stops in front of what it cannot take and returns the place; SIZE_MAX: does not fit. date_parse_zone.c */
size_t weir_date_parse_zone(const struct weir_date_op *op, struct weir_slice text, size_t at, struct weir_zones *zones,
	struct weir_date_fields *fields);
bool weir_date_fields_put(struct weir_date_fields *fields, enum weir_date_field field, int64_t value);

/* The whole text → fields. date_parse.c */
bool weir_date_read(const struct weir_date_pattern *pattern, struct weir_slice text, struct weir_zones *zones,
	struct weir_date_fields *ret, struct weir_err *err);

/* Fields combined: a complete date, a complete time, what is left over. date_resolve.c */
struct weir_date_resolved {
	struct weir_date_fields rest;
	bool has_date, has_time, had_date_field;
	int64_t days, nanos;
};

bool weir_date_resolve(const struct weir_date_fields *fields, struct weir_date_resolved *ret, struct weir_err *err);
