/* POSIX TZ strings: what happens after a zone file's last transition. RFC 8536 §3.3.1; hours from -167 to 167. */
#include "types/datetime.h"
#include "types/time/zone_int.h"

struct cursor {
	const char *at, *end;
};

static bool take(struct cursor *cursor, char c)
{
	if (cursor->at == cursor->end || *cursor->at != c)
		return false;
	cursor->at++;
	return true;
}

static bool is_digit(const struct cursor *cursor)
{
	return cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9';
}

static bool take_number(struct cursor *cursor, int most, int *ret)
{
	int value = 0;

	if (!is_digit(cursor))
		return false;
	while (is_digit(cursor) && value <= most)
		value = value * 10 + (*cursor->at++ - '0');
	*ret = value;
	return value <= most;
}

/* [+-]hh[:mm[:ss]] */
static bool take_time(struct cursor *cursor, int32_t *ret_seconds)
{
	int hours, minutes = 0, seconds = 0;
	bool negative = take(cursor, '-');

	if (!negative)
		take(cursor, '+');
	if (!take_number(cursor, 167, &hours))
		return false;
	if (take(cursor, ':') && !take_number(cursor, 59, &minutes))
		return false;
	if (take(cursor, ':') && !take_number(cursor, 59, &seconds))
		return false;
	*ret_seconds = (hours * 3600 + minutes * 60 + seconds) * (negative ? -1 : 1);
	return true;
}

static bool skip_name(struct cursor *cursor)
{
	const char *start = cursor->at;

	if (take(cursor, '<')) {
		while (cursor->at < cursor->end && *cursor->at != '>')
			cursor->at++;
		return take(cursor, '>');
	}
	while (cursor->at < cursor->end && ((*cursor->at | 32) >= 'a' && (*cursor->at | 32) <= 'z'))
		cursor->at++;
	return cursor->at > start;
}

static bool take_change(struct cursor *cursor, struct weir_zone_change *ret)
{
	*ret = (struct weir_zone_change){ .kind = 'D', .seconds = 7200 };
	if (!take(cursor, ','))
		return false;
	if (take(cursor, 'M')) {
		ret->kind = 'M';
		if (!take_number(cursor, 12, &ret->month) || !take(cursor, '.') || !take_number(cursor, 5, &ret->week) ||
			!take(cursor, '.') || !take_number(cursor, 6, &ret->day) || ret->month < 1 || ret->week < 1)
			return false;
	} else {
		if (take(cursor, 'J'))
			ret->kind = 'J';
		if (!take_number(cursor, 365, &ret->day))
			return false;
	}
	return !take(cursor, '/') || take_time(cursor, &ret->seconds);
}

bool weir_zone_rule_parse(struct weir_slice text, struct weir_zone_rule *ret)
{
	struct cursor cursor = { text.ptr, text.ptr + text.len };
	struct weir_zone_rule rule = { .is_present = true };
	int32_t west;

	if (!skip_name(&cursor) || !take_time(&cursor, &west))
		return false;
	rule.standard = -west;
	if (cursor.at < cursor.end) {
		rule.has_summer = true;
		rule.summer = rule.standard + 3600;
		if (!skip_name(&cursor))
			return false;
		if (cursor.at < cursor.end && *cursor.at != ',') {
			if (!take_time(&cursor, &west))
				return false;
			rule.summer = -west;
		}
		if (!take_change(&cursor, &rule.start) || !take_change(&cursor, &rule.end))
			return false;
	}
	*ret = rule;
	return cursor.at == cursor.end;
}

/* The local second (since 1970) of a change in a year. */
static int64_t change_in(const struct weir_zone_change *change, int64_t year)
{
	int64_t first = weir_days_from_civil(year, 1, 1), day = first + change->day;

	if (change->kind == 'J')
		day = first + change->day - 1 + (change->day > 59 && weir_days_in_month(year, 2) == 29);
	if (change->kind == 'M') {
		int64_t start = weir_days_from_civil(year, change->month, 1);
		int64_t offset = weir_floor_mod(change->day - weir_floor_mod(start + 4, 7), 7) + 7 * (change->week - 1);
		if (offset >= weir_days_in_month(year, change->month))
			offset -= 7;
		day = start + offset;
	}
	return day * 86400 + change->seconds;
}

void weir_zone_rule_at(const struct weir_zone_rule *rule, int64_t instant, int32_t *ret_offset, bool *ret_summer)
{
	int64_t year;
	int month, day;

	*ret_offset = rule->standard;
	*ret_summer = false;
	if (!rule->has_summer)
		return;
	weir_civil_from_days(weir_floor_div(instant + rule->standard, 86400), &year, &month, &day);
	int64_t start = change_in(&rule->start, year) - rule->standard, end = change_in(&rule->end, year) - rule->summer;
	bool summer = start < end ? instant >= start && instant < end : !(instant >= end && instant < start);
	if (summer)
		*ret_offset = rule->summer;
	/* A summer time behind the standard time (Ireland) is the winter's: names go by what people call it. */
	*ret_summer = rule->summer < rule->standard ? !summer : summer;
}
