/* Text → fields. Values of numbers are held to 32 bits, so that no sum of them can overflow. */
#include "base/vec.h"
#include "functions/scalar/datetime/lenient_int.h"
#include "types/time/date_pattern_int.h"

#include <strings.h>

#define MAX_PATTERN_BYTES 4096
#define NOWHERE           SIZE_MAX

struct item {
	char letter; /* 0: literal text */
	int count;
	struct weir_slice text;
};

struct weir_lenient_pattern {
	WEIR_VEC(struct item) items;
};

struct reader {
	struct weir_slice text;
	struct weir_zones *zones;
	struct weir_lenient_fields fields;
	int64_t this_year;
};

/* ---- Compilation ---- */

static bool bad(struct weir_slice text, const char *what, struct weir_err *err)
{
	return weir_err_set(
		err, WEIR_E_EVALUATE, "The pattern '%.*s' is wrong: %s", (int)(text.len > 200 ? 200 : text.len), text.ptr, what);
}

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Quoted text from `at` (behind the quote); the place behind the closing one, or NOWHERE. */
static size_t quoted(struct weir_slice text, size_t at, char *out, size_t *ret_len)
{
	size_t len = 0, start = at;

	for (; at < text.len; at++) {
		if (text.ptr[at] == '\'') {
			if (at == start || at + 1 == text.len || text.ptr[at + 1] != '\'')
				break;
			at++;
		}
		out[len++] = text.ptr[at];
	}
	if (at == text.len)
		return NOWHERE;
	if (at == start)
		out[len++] = '\'';
	*ret_len = len;
	return at + 1;
}

bool weir_lenient_compile(
	struct weir_arena *arena, struct weir_slice raw, const struct weir_lenient_pattern **ret, struct weir_err *err)
{
	struct weir_slice text = weir_arena_copy(arena, raw);
	struct weir_lenient_pattern *pattern = WEIR_ARENA_NEW(arena, struct weir_lenient_pattern);

	if (text.len > MAX_PATTERN_BYTES)
		return weir_err_set(err, WEIR_E_EVALUATE, "A date pattern has at most %d bytes", MAX_PATTERN_BYTES);
	for (size_t at = 0; at < text.len;) {
		struct item item = { .text = weir_slice_make(text.ptr + at, 1) };
		char c = text.ptr[at];
		if (c == '\'') {
			char *out = weir_arena_alloc(arena, text.len + 1);
			at = quoted(text, at + 1, out, &item.text.len);
			if (at == NOWHERE)
				return bad(text, "a quote is not closed", err);
			item.text.ptr = out;
		} else if (is_letter(c)) {
			if (!strchr("GyMdkHmsSEDFwWahKzZYuXL", c))
				return bad(text, "it has a letter without a meaning", err);
			for (item.letter = c; at < text.len && text.ptr[at] == c; at++)
				item.count++;
			if (c == 'X' && item.count > 3)
				return bad(text, "X stands at most three times", err);
		} else {
			at++;
		}
		WEIR_VEC_PUSH_IN(arena, &pattern->items, item);
	}
	*ret = pattern;
	return true;
}

static bool is_number(const struct item *item)
{
	if (item->letter == 'M' || item->letter == 'L')
		return item->count <= 2;
	return item->letter && !strchr("GEazZX", item->letter);
}

/* ---- Fields ---- */

static void set(struct reader *reader, enum weir_lenient_field field, int64_t value)
{
	reader->fields.values[field] = value;
	reader->fields.stamps[field] = ++reader->fields.last_stamp;
}

static bool is_digit(struct weir_slice text, size_t at)
{
	return at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9';
}

/* As many digits as there are, or up to `most` bytes; beyond 64 bits the greatest number, cut to 32 as Java does. */
static size_t take_number(struct weir_slice text, size_t at, size_t most, int64_t *ret)
{
	size_t start = at;
	int64_t value = 0;

	for (; is_digit(text, at) && at - start < most; at++)
		if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, text.ptr[at] - '0', &value))
			value = INT64_MAX / 10;
	*ret = (int32_t)value;
	return at > start ? at : NOWHERE;
}

/* The longest text, short or long, of a field's values. */
static size_t take_text(struct weir_slice text, size_t at, enum weir_date_field field, int *ret)
{
	static const enum weir_text_style styles[] = { WEIR_TEXT_SHORT, WEIR_TEXT_FULL };
	size_t best = 0;
	int first, last;

	for (int s = 0; s < 2; s++) {
		if (!weir_date_text_range(WEIR_DATE_ENGLISH, field, styles[s], &first, &last))
			continue;
		for (int i = first; i <= last; i++) {
			const char *name = weir_date_text(WEIR_DATE_ENGLISH, field, styles[s], i);
			size_t len = strlen(name);
			if (len > best && text.len - at >= len && strncasecmp(text.ptr + at, name, len) == 0) {
				best = len;
				*ret = i;
			}
		}
	}
	return best ? at + best : NOWHERE;
}

static size_t read_named(
	struct reader *reader, size_t at, enum weir_date_field names, enum weir_lenient_field field, int shift, int modulo)
{
	int value;

	at = take_text(reader->text, at, names, &value);
	if (at != NOWHERE)
		set(reader, field, modulo ? value % modulo + shift : value + shift);
	return at;
}

/* hh[:]mm behind a sign; `count` 1: hours only. A lone hour digit may only stand in the form with a colon. */
static size_t read_offset(struct reader *reader, size_t at, int sign, int count, bool colon)
{
	struct weir_slice text = reader->text;
	int hours, minutes = 0;

	if (!is_digit(text, at))
		return NOWHERE;
	hours = text.ptr[at++] - '0';
	if (is_digit(text, at))
		hours = hours * 10 + text.ptr[at++] - '0';
	else if (count > 0 || !colon)
		return NOWHERE;
	if (hours > 23)
		return NOWHERE;
	if (count != 1) {
		if (colon && (at >= text.len || text.ptr[at++] != ':'))
			return NOWHERE;
		if (!is_digit(text, at) || !is_digit(text, at + 1))
			return NOWHERE;
		minutes = (text.ptr[at] - '0') * 10 + text.ptr[at + 1] - '0';
		at += 2;
		if (minutes > 59)
			return NOWHERE;
	}
	set(reader, WEIR_LENIENT_OFFSET, (int64_t)sign * (hours * 60 + minutes) * 60000);
	return at;
}

static int sign_at(struct weir_slice text, size_t at)
{
	if (at >= text.len)
		return 0;
	return text.ptr[at] == '+' ? 1 : text.ptr[at] == '-' ? -1 : 0;
}

static size_t read_zone_name(struct reader *reader, size_t at)
{
	struct weir_slice rest = weir_slice_make(reader->text.ptr + at, reader->text.len - at), id, long_id;
	struct weir_err err;
	size_t used, long_used;

	id = weir_zone_id_of_name(rest, false, &used);
	long_id = weir_zone_id_of_name(rest, true, &long_used);
	if (long_used > used) {
		id = long_id;
		used = long_used;
	}
	if (!id.ptr && rest.len >= 3 && strncasecmp(rest.ptr, "UTC", 3) == 0) {
		id = WEIR_SLICE("UTC");
		used = 3;
	}
	return id.ptr && weir_zones_get(reader->zones, id, &reader->fields.zone, &err) ? at + used : NOWHERE;
}

static size_t read_zone(struct reader *reader, size_t at)
{
	struct weir_slice text = reader->text;
	int sign = sign_at(text, at);

	if (sign)
		return read_offset(reader, at + 1, sign, 0, false);
	if (text.len - at >= 3 && strncasecmp(text.ptr + at, "GMT", 3) == 0) {
		sign = sign_at(text, at + 3);
		if (sign)
			return read_offset(reader, at + 4, sign, 0, true);
		set(reader, WEIR_LENIENT_OFFSET, 0);
		return at + 3;
	}
	return read_zone_name(reader, at);
}

static size_t read_iso_zone(struct reader *reader, size_t at, int count)
{
	if (reader->text.ptr[at] == 'Z') {
		set(reader, WEIR_LENIENT_OFFSET, 0);
		return at + 1;
	}
	int sign = sign_at(reader->text, at);
	return sign ? read_offset(reader, at + 1, sign, count, count == 3) : NOWHERE;
}

/* With one or two letters a number below 100 is a year of this_year's window. */
static size_t read_year(struct reader *reader, const struct item *item, size_t at, size_t most)
{
	int64_t value, first = reader->this_year - 80;

	at = take_number(reader->text, at, most, &value);
	if (at == NOWHERE)
		return NOWHERE;
	if (item->count <= 2 && value < 100)
		value += first / 100 * 100 + (value < first % 100 ? 100 : 0);
	set(reader, WEIR_LENIENT_YEAR, value);
	return at;
}

static size_t read_number(struct reader *reader, const struct item *item, size_t at, size_t most)
{
	static const struct {
		char letter;
		enum weir_lenient_field field;
	} letters[] = {
		{ 'd', WEIR_LENIENT_DAY },
		{ 'H', WEIR_LENIENT_HOUR_OF_DAY },
		{ 'k', WEIR_LENIENT_HOUR_OF_DAY },
		{ 'K', WEIR_LENIENT_HOUR },
		{ 'h', WEIR_LENIENT_HOUR },
		{ 'm', WEIR_LENIENT_MINUTE },
		{ 's', WEIR_LENIENT_SECOND },
		{ 'S', WEIR_LENIENT_MILLISECOND },
		{ 'D', WEIR_LENIENT_DAY_OF_YEAR },
		{ 'F', WEIR_LENIENT_DAY_OF_WEEK_IN_MONTH },
		{ 'w', WEIR_LENIENT_WEEK_OF_YEAR },
		{ 'W', WEIR_LENIENT_WEEK_OF_MONTH },
		{ 'u', WEIR_LENIENT_DAY_OF_WEEK },
		{ 'M', WEIR_LENIENT_MONTH },
		{ 'L', WEIR_LENIENT_MONTH },
	};
	int64_t value;

	at = take_number(reader->text, at, most, &value);
	if (at == NOWHERE)
		return NOWHERE;
	if ((item->letter == 'k' && value == 24) || (item->letter == 'h' && value == 12))
		value = 0;
	if (item->letter == 'M' || item->letter == 'L')
		value--;
	if (item->letter == 'u' && value >= 1 && value <= 7)
		value = value % 7 + 1;
	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
		if (letters[i].letter == item->letter)
			set(reader, letters[i].field, value);
	return at;
}

static size_t read_item(struct reader *reader, const struct item *item, bool is_before_number, size_t at)
{
	size_t most = is_before_number ? (size_t)item->count : SIZE_MAX;

	while (most == SIZE_MAX && is_number(item) && at < reader->text.len && strchr(" \t\n\v\f\r", reader->text.ptr[at]))
		at++;
	if (at >= reader->text.len)
		return NOWHERE;
	switch (item->letter) {
	case 'G':
		return read_named(reader, at, WEIR_FIELD_ERA, WEIR_LENIENT_ERA, 0, 0);
	case 'E':
		return read_named(reader, at, WEIR_FIELD_DAY_OF_WEEK, WEIR_LENIENT_DAY_OF_WEEK, 1, 7);
	case 'a':
		return read_named(reader, at, WEIR_FIELD_AMPM, WEIR_LENIENT_AMPM, 0, 0);
	case 'z':
	case 'Z':
		return read_zone(reader, at);
	case 'X':
		return read_iso_zone(reader, at, item->count);
	case 'y':
	case 'Y':
		return read_year(reader, item, at, most);
	case 'M':
	case 'L':
		if (item->count > 2)
			return read_named(reader, at, WEIR_FIELD_MONTH, WEIR_LENIENT_MONTH, -1, 0);
		break;
	default:
		break;
	}
	return read_number(reader, item, at, most);
}

bool weir_lenient_parse(const struct weir_lenient_pattern *pattern, struct weir_slice text, int64_t this_year,
	struct weir_zones *zones, int64_t *ret_ms, struct weir_err *err)
{
	struct reader reader = { .text = text, .zones = zones, .this_year = this_year };
	size_t at = 0;

	for (size_t i = 0; i < pattern->items.count && at != NOWHERE; i++) {
		const struct item *item = &pattern->items.items[i];
		bool is_before_number = i + 1 < pattern->items.count && is_number(&pattern->items.items[i + 1]);
		if (item->letter)
			at = read_item(&reader, item, is_before_number, at);
		else if (text.len - at >= item->text.len && memcmp(text.ptr + at, item->text.ptr, item->text.len) == 0)
			at += item->text.len;
		else
			at = NOWHERE;
	}
	if (at == NOWHERE)
		return weir_err_set(err, WEIR_E_EVALUATE, "'%.*s' does not have the form of the pattern",
			(int)(text.len > 200 ? 200 : text.len), text.ptr);
	*ret_ms = weir_lenient_resolve(&reader.fields);
	return true;
}
