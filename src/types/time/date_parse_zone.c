/* Zones and offsets in a text that is read by a pattern. */
#include "types/time/date_pattern_int.h"

#include <strings.h>

#define NOWHERE SIZE_MAX

static int digit(struct weir_slice text, size_t at)
{
	return at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9' ? text.ptr[at] - '0' : -1;
}

/* [:]dd; an absent one that may be absent is 0. */
static bool take_two(struct weir_slice text, size_t *at, bool colon, bool is_needed, int *ret)
{
	size_t start = *at;

	*ret = 0;
	if (colon && (start == text.len || text.ptr[start++] != ':'))
		return !is_needed;
	int high = digit(text, start), low = digit(text, start + 1);
	if (high < 0 || low < 0)
		return !is_needed;
	*ret = high * 10 + low;
	*at = start + 2;
	return true;
}

static bool sign_at(struct weir_slice text, size_t at, int *ret)
{
	if (at >= text.len || (text.ptr[at] != '+' && text.ptr[at] != '-'))
		return false;
	*ret = text.ptr[at] == '-' ? -1 : 1;
	return true;
}

static bool starts_with(struct weir_slice text, size_t at, const char *prefix, size_t len)
{
	return text.len - at >= len && strncasecmp(text.ptr + at, prefix, len) == 0;
}

static size_t put_offset(struct weir_date_fields *fields, int sign, int hours, int minutes, int seconds, size_t at)
{
	if (hours > 23 || minutes > 59 || seconds > 59)
		return NOWHERE;
	return weir_date_fields_put(fields, WEIR_FIELD_OFFSET, (int64_t)sign * (hours * 3600 + minutes * 60 + seconds)) ? at
															: NOWHERE;
}

static size_t read_offset(const struct weir_date_op *op, struct weir_slice text, size_t at, struct weir_date_fields *fields)
{
	enum weir_offset_form form = (enum weir_offset_form)op->offset_form;
	bool colon = form == WEIR_OFFSET_HH_MM || form == WEIR_OFFSET_HH_MM_ss;
	bool may_have_seconds = form == WEIR_OFFSET_HHMMss || form == WEIR_OFFSET_HH_MM_ss;
	int sign, hours, minutes, seconds = 0;

	if (starts_with(text, at, op->text.ptr, op->text.len))
		return put_offset(fields, 1, 0, 0, 0, at + op->text.len);
	if (!sign_at(text, at++, &sign) || !take_two(text, &at, false, true, &hours) ||
		!take_two(text, &at, colon, form != WEIR_OFFSET_HHmm, &minutes))
		return NOWHERE;
	if (may_have_seconds)
		take_two(text, &at, colon, false, &seconds);
	return put_offset(fields, sign, hours, minutes, seconds, at);
}

/* GMT, GMT+9, GMT+09:00 */
static size_t read_localized(const struct weir_date_op *op, struct weir_slice text, size_t at, struct weir_date_fields *fields)
{
	int sign, hours, minutes = 0, seconds = 0;

	if (!starts_with(text, at, "GMT", 3))
		return NOWHERE;
	at += 3;
	if (!sign_at(text, at, &sign))
		return put_offset(fields, 1, 0, 0, 0, at);
	at++;
	if (op->style == WEIR_TEXT_FULL) {
		if (!take_two(text, &at, false, true, &hours) || !take_two(text, &at, true, true, &minutes))
			return NOWHERE;
	} else {
		hours = digit(text, at++);
		if (hours < 0)
			return NOWHERE;
		if (digit(text, at) >= 0)
			hours = hours * 10 + digit(text, at++);
		take_two(text, &at, true, false, &minutes);
	}
	take_two(text, &at, true, false, &seconds);
	return put_offset(fields, sign, hours, minutes, seconds, at);
}

static size_t put_zone(struct weir_slice id, struct weir_zones *zones, struct weir_date_fields *fields, size_t at)
{
	const struct weir_zone *zone;
	struct weir_err err;

	if (!weir_zones_get(zones, id, &zone, &err) ||
		(fields->zone && !weir_slice_equals(weir_zone_id(fields->zone), weir_zone_id(zone))))
		return NOWHERE;
	fields->zone = zone;
	return at;
}

/* The end of ±h[h][:]mm[[:]ss], or `at` when there is none. */
static size_t offset_end(struct weir_slice text, size_t at)
{
	int sign, ignored;

	if (!sign_at(text, at, &sign))
		return at;
	size_t end = at + 1;
	if (!take_two(text, &end, false, true, &ignored))
		return digit(text, at + 1) >= 0 ? at + 2 : at;
	bool colon = end < text.len && text.ptr[end] == ':';
	size_t before = end;
	if (take_two(text, &end, colon, false, &ignored) && end > before)
		take_two(text, &end, colon, false, &ignored);
	return end;
}

static size_t read_prefixed(struct weir_slice text, size_t at, const char *prefix, size_t len, struct weir_zones *zones,
	struct weir_date_fields *fields)
{
	size_t end = offset_end(text, at + len);
	char id[32];

	if (end == at + len || len + (end - at) > sizeof id)
		return put_zone(weir_slice_make(prefix, len), zones, fields, at + len);
	memcpy(id, prefix, len);
	memcpy(id + len, text.ptr + at + len, end - at - len);
	return put_zone(weir_slice_make(id, end - at), zones, fields, end);
}

static size_t read_zone(
	const struct weir_date_op *op, struct weir_slice text, size_t at, struct weir_zones *zones, struct weir_date_fields *fields)
{
	static const char *const prefixes[] = { "UTC", "UT", "GMT" };
	struct weir_slice rest = weir_slice_make(text.ptr + at, text.len - at), id;
	size_t used;
	int sign;

	if (sign_at(text, at, &sign)) {
		size_t end = offset_end(text, at);
		return end > at ? put_zone(weir_slice_make(text.ptr + at, end - at), zones, fields, end) : NOWHERE;
	}
	if (starts_with(text, at, "GMT0", 4))
		return put_zone(WEIR_SLICE("GMT0"), zones, fields, at + 4);
	for (size_t i = 0; i < 3; i++)
		if (starts_with(text, at, prefixes[i], strlen(prefixes[i])))
			return read_prefixed(text, at, prefixes[i], strlen(prefixes[i]), zones, fields);
	if (op->kind == WEIR_DATE_ZONE_ID)
		id = weir_zone_id_of_prefix(rest, &used);
	else
		id = weir_zone_id_of_name(rest, op->style == WEIR_TEXT_FULL, &used);
	if (id.ptr)
		return put_zone(id, zones, fields, at + used);
	return starts_with(text, at, "Z", 1) ? put_zone(WEIR_SLICE("Z"), zones, fields, at + 1) : NOWHERE;
}

size_t weir_date_parse_zone(
	const struct weir_date_op *op, struct weir_slice text, size_t at, struct weir_zones *zones, struct weir_date_fields *fields)
{
	if (op->kind == WEIR_DATE_OFFSET)
		return read_offset(op, text, at, fields);
	if (op->kind == WEIR_DATE_LOCALIZED_OFFSET)
		return read_localized(op, text, at, fields);
	return at < text.len ? read_zone(op, text, at, zones, fields) : NOWHERE;
}
