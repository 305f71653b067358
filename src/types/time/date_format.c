/* Printing a moment by a compiled pattern: no allocation but the result's. */
#include "types/time/date_pattern_int.h"

#include <assert.h>
#include <stdio.h>

struct printer {
	const struct weir_date_pattern *pattern;
	const struct weir_moment *moment;
	char *start, *at, *end;
	struct weir_err *err;
};

enum outcome { PRINTED, MISSING, FAILED };

static void put(struct printer *printer, const char *text, size_t len)
{
	assert((size_t)(printer->end - printer->at) >= len);
	memcpy(printer->at, text, len);
	printer->at += len;
}

static enum outcome fail(struct printer *printer, const char *what)
{
	weir_err_set(printer->err, WEIR_E_EVALUATE, "%s", what);
	return FAILED;
}

static enum outcome put_number(struct printer *printer, const struct weir_date_op *op, int64_t value)
{
	char digits[24];
	uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	int len = 0;

	do
		digits[len++] = (char)('0' + size % 10);
	while (size /= 10);
	if (len > op->max_width)
		return fail(printer, "A number has more digits than its place in the pattern");
	if (value < 0 && op->sign == WEIR_SIGN_NONE)
		return fail(printer, "A negative number cannot be printed here");
	if (value < 0)
		put(printer, "-", 1);
	else if (op->sign == WEIR_SIGN_EXCEEDS_PAD && len > op->min_width)
		put(printer, "+", 1);
	for (int i = len; i < op->min_width; i++)
		put(printer, "0", 1);
	while (len)
		put(printer, &digits[--len], 1);
	return PRINTED;
}

static enum outcome put_fraction(struct printer *printer, const struct weir_date_op *op, int64_t nanos)
{
	char digits[16];

	snprintf(digits, sizeof digits, "%09lld", (long long)nanos);
	put(printer, digits, (size_t)op->max_width);
	return PRINTED;
}

static enum outcome put_two_digits(struct printer *printer, int64_t year)
{
	int value = (int)((year < 0 ? -year : year) % 100);
	char digits[2] = { (char)('0' + value / 10), (char)('0' + value % 10) };

	put(printer, digits, 2);
	return PRINTED;
}

static enum outcome put_text(struct printer *printer, const struct weir_date_op *op, int64_t value)
{
	const char *text = weir_date_text(WEIR_DATE_ENGLISH, op->field, op->style, value);

	assert(text);
	put(printer, text, strlen(text));
	return PRINTED;
}

static void put_two(struct printer *printer, const char *before, int value)
{
	char digits[2] = { (char)('0' + value / 10 % 10), (char)('0' + value % 10) };

	put(printer, before, strlen(before));
	put(printer, digits, 2);
}

static enum outcome put_offset(struct printer *printer, const struct weir_date_op *op, int64_t offset)
{
	int size = (int)(offset < 0 ? -offset : offset), hours = size / 3600, minutes = size / 60 % 60, seconds = size % 60;
	enum weir_offset_form form = (enum weir_offset_form)op->offset_form;
	bool with_seconds = (form == WEIR_OFFSET_HHMMss || form == WEIR_OFFSET_HH_MM_ss) && seconds;
	const char *colon = form == WEIR_OFFSET_HH_MM || form == WEIR_OFFSET_HH_MM_ss ? ":" : "";
	char *start = printer->at;

	put_two(printer, offset < 0 ? "-" : "+", hours);
	if (form != WEIR_OFFSET_HHmm || minutes)
		put_two(printer, colon, minutes);
	if (with_seconds)
		put_two(printer, colon, seconds);
	/* What came out as zero, whatever was left away, is written as the pattern wants zero. */
	if (hours == 0 && minutes == 0 && !with_seconds) {
		printer->at = start;
		put(printer, op->text.ptr, op->text.len);
	}
	return PRINTED;
}

static enum outcome put_localized_offset(struct printer *printer, const struct weir_date_op *op)
{
	int32_t offset = printer->moment->offset;
	int size = offset < 0 ? -offset : offset, hours = size / 3600;

	put(printer, "GMT", 3);
	if (!offset)
		return PRINTED;
	put(printer, offset < 0 ? "-" : "+", 1);
	if (op->style == WEIR_TEXT_FULL || hours >= 10)
		put_two(printer, "", hours);
	else
		put(printer, &"0123456789"[hours], 1);
	if (op->style == WEIR_TEXT_FULL || size % 3600)
		put_two(printer, ":", size / 60 % 60);
	if (size % 60)
		put_two(printer, ":", size % 60);
	return PRINTED;
}

static enum outcome put_zone(struct printer *printer, const struct weir_date_op *op)
{
	const struct weir_moment *moment = printer->moment;
	struct weir_slice text = weir_zone_id(moment->zone);

	if (op->kind == WEIR_DATE_ZONE_NAME) {
		int base = op->style == WEIR_TEXT_FULL ? WEIR_ZONE_NAME_LONG : WEIR_ZONE_NAME_SHORT;
		text = weir_zone_name(moment->zone, (enum weir_zone_name_style)(base + (op->is_generic ? 2 : moment->is_summer)));
	}
	put(printer, text.ptr, text.len);
	return PRINTED;
}

static enum outcome put_field(struct printer *printer, const struct weir_date_op *op)
{
	int64_t value;

	if (!weir_moment_field(printer->moment, op->field, &value))
		return MISSING;
	switch (op->kind) {
	case WEIR_DATE_NUMBER:
		return put_number(printer, op, value);
	case WEIR_DATE_TWO_DIGIT_YEAR:
		return put_two_digits(printer, value);
	case WEIR_DATE_FRACTION:
		return put_fraction(printer, op, value);
	case WEIR_DATE_TEXT:
		return put_text(printer, op, value);
	default:
		return put_offset(printer, op, value);
	}
}

static enum outcome put_op(struct printer *printer, const struct weir_date_op *op)
{
	const struct weir_moment *moment = printer->moment;
	const char *period;

	switch (op->kind) {
	case WEIR_DATE_LITERAL:
		put(printer, op->text.ptr, op->text.len);
		return PRINTED;
	case WEIR_DATE_DAY_PERIOD:
		if (!moment->has_time)
			return MISSING;
		period = weir_day_period_text(op->style, moment->nanos);
		put(printer, period, strlen(period));
		return PRINTED;
	case WEIR_DATE_LOCALIZED_OFFSET:
		return moment->zone ? put_localized_offset(printer, op) : MISSING;
	case WEIR_DATE_ZONE_ID:
	case WEIR_DATE_ZONE_NAME:
		return moment->zone ? put_zone(printer, op) : MISSING;
	default:
		return put_field(printer, op);
	}
}

static enum outcome pad(struct printer *printer, const struct weir_date_op *op, char *start)
{
	size_t len = (size_t)(printer->at - start), width = (size_t)op->pad_width;

	if (!width)
		return PRINTED;
	if (len > width)
		return fail(printer, "A text is longer than its padding");
	assert((size_t)(printer->end - start) >= width);
	memmove(start + width - len, start, len);
	memset(start, ' ', width - len);
	printer->at = start + width;
	return PRINTED;
}

static enum outcome put_range(struct printer *printer, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		const struct weir_date_op *op = &printer->pattern->ops[i];
		char *start = printer->at;
		enum outcome outcome;

		if (op->kind == WEIR_DATE_OPTIONAL) {
			outcome = put_range(printer, i + 1, op->end);
			if (outcome == MISSING)
				printer->at = start;
			i = op->end - 1;
		} else {
			outcome = put_op(printer, op);
			if (outcome == PRINTED)
				outcome = pad(printer, op, start);
			if (outcome == MISSING)
				return MISSING;
		}
		if (outcome == FAILED)
			return FAILED;
	}
	return PRINTED;
}

bool weir_date_format(const struct weir_date_pattern *pattern, const struct weir_moment *moment, struct weir_arena *arena,
	struct weir_slice *ret, struct weir_err *err)
{
	char small[512], *text = pattern->max_bytes > sizeof small ? weir_arena_alloc(arena, pattern->max_bytes) : small;
	struct printer printer = {
		.pattern = pattern, .moment = moment, .start = text, .at = text, .end = text + pattern->max_bytes, .err = err
	};
	enum outcome outcome = put_range(&printer, 0, pattern->count);

	if (outcome == MISSING)
		return weir_err_set(
			err, WEIR_E_EVALUATE, "The pattern asks for what a %s does not have", !moment->has_time ? "DATE" : "TIME");
	if (outcome == FAILED)
		return false;
	*ret = weir_slice_make(text, (size_t)(printer.at - text));
	if (text == small)
		*ret = weir_arena_copy(arena, *ret);
	return true;
}
