/* Calendar arithmetic (days ⇄ civil date by 400-year eras) and ISO texts. */
#include "types/datetime.h"

int64_t weir_floor_div(int64_t value, int64_t by)
{
	int64_t quotient = value / by;

	return quotient - (value % by < 0);
}

int64_t weir_floor_mod(int64_t value, int64_t by)
{
	int64_t rest = value % by;

	return rest < 0 ? rest + by : rest;
}

int64_t weir_days_from_civil(int64_t year, int month, int day)
{
	year -= month <= 2;
	int64_t era = weir_floor_div(year, 400), year_of_era = year - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

void weir_civil_from_days(int64_t days, int64_t *ret_year, int *ret_month, int *ret_day)
{
	days += 719468;
	int64_t era = weir_floor_div(days, 146097), day_of_era = days - era * 146097;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int shifted = (int)((5 * day_of_year + 2) / 153);

	*ret_day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1);
	*ret_month = shifted < 10 ? shifted + 3 : shifted - 9;
	*ret_year = year_of_era + era * 400 + (*ret_month <= 2);
}

int weir_days_in_month(int64_t year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

/* ---- Printing ---- */

static void print_year(struct weir_buf *out, int64_t year)
{
	if (year > 9999)
		weir_buf_printf(out, "+%lld", (long long)year);
	else if (year < 0)
		weir_buf_printf(out, "-%04lld", (long long)-year);
	else
		weir_buf_printf(out, "%04lld", (long long)year);
}

void weir_date_print(struct weir_buf *out, int32_t days)
{
	int64_t year;
	int month, day;

	weir_civil_from_days(days, &year, &month, &day);
	print_year(out, year);
	weir_buf_printf(out, "-%02d-%02d", month, day);
}

void weir_time_print(struct weir_buf *out, int32_t ms)
{
	int seconds = ms / 1000;

	weir_buf_printf(out, "%02d:%02d", seconds / 3600, seconds / 60 % 60);
	if (seconds % 60)
		weir_buf_printf(out, ":%02d", seconds % 60);
}

void weir_timestamp_print(struct weir_buf *out, int64_t ms)
{
	int64_t days = weir_floor_div(ms, WEIR_MS_PER_DAY), rest = weir_floor_mod(ms, WEIR_MS_PER_DAY), year;
	int month, day;

	weir_civil_from_days(days, &year, &month, &day);
	print_year(out, year > 0 ? year : 1 - year); /* year of era */
	weir_buf_printf(out, "-%02d-%02dT%02d:%02d:%02d.%03d", month, day, (int)(rest / 3600000), (int)(rest / 60000 % 60),
		(int)(rest / 1000 % 60), (int)(rest % 1000));
}

/* ---- Parsing ---- */

struct cursor {
	struct weir_slice text;
	size_t at;
};

static bool take(struct cursor *cursor, char c)
{
	if (cursor->at < cursor->text.len && cursor->text.ptr[cursor->at] == c) {
		cursor->at++;
		return true;
	}
	return false;
}

static bool take_digits(struct cursor *cursor, size_t least, size_t most, int64_t *ret_value)
{
	int64_t value = 0;
	size_t count = 0;

	while (count < most && cursor->at < cursor->text.len && cursor->text.ptr[cursor->at] >= '0' &&
		cursor->text.ptr[cursor->at] <= '9') {
		value = value * 10 + (cursor->text.ptr[cursor->at++] - '0');
		count++;
	}
	*ret_value = value;
	return count >= least;
}

static bool at_end(const struct cursor *cursor)
{
	return cursor->at == cursor->text.len;
}

static bool fail(struct weir_err *err, const char *kind, struct weir_slice text, const char *form)
{
	weir_err_set(err, WEIR_E_EVALUATE, "'%.*s' is not a %s", (int)(text.len > 200 ? 200 : text.len), text.ptr, kind);
	return weir_err_advise(err, "Write it as %s.", form);
}

/* yyyy[-MM[-dd]] with missing parts 1; *ret_day may be past the month's end (at most 31). */
static bool parse_date_parts(struct cursor *cursor, int64_t *ret_year, int64_t *ret_month, int64_t *ret_day, bool *ret_complete)
{
	bool negative = take(cursor, '-'), plus = !negative && take(cursor, '+');

	*ret_month = *ret_day = 1;
	*ret_complete = false;
	if (!take_digits(cursor, plus ? 5 : 4, negative || plus ? 9 : 4, ret_year))
		return false;
	if (negative)
		*ret_year = -*ret_year;
	if (!take(cursor, '-'))
		return true;
	if (!take_digits(cursor, 2, 2, ret_month) || *ret_month < 1 || *ret_month > 12)
		return false;
	if (!take(cursor, '-'))
		return true;
	*ret_complete = true;
	return take_digits(cursor, 2, 2, ret_day) && *ret_day >= 1 && *ret_day <= 31;
}

bool weir_date_parse(struct weir_slice raw, int32_t *ret_days, struct weir_err *err)
{
	struct cursor cursor = { .text = weir_slice_trim(raw) };
	int64_t year, month, day;
	bool complete;

	if (!parse_date_parts(&cursor, &year, &month, &day, &complete) || !at_end(&cursor) ||
		day > weir_days_in_month(year, (int)month))
		return fail(err, "date", raw, "yyyy-MM-dd");
	int64_t days = weir_days_from_civil(year, (int)month, (int)day);
	if (days > INT32_MAX || days < INT32_MIN)
		return fail(err, "date", raw, "yyyy-MM-dd");
	*ret_days = (int32_t)days;
	return true;
}

bool weir_time_parse(struct weir_slice raw, int32_t *ret_ms, struct weir_err *err)
{
	struct cursor cursor = { .text = weir_slice_trim(raw) };
	int64_t hour, minute, second = 0, fraction = 0;
	bool ok = take_digits(&cursor, 2, 2, &hour) && take(&cursor, ':') && take_digits(&cursor, 2, 2, &minute);

	if (ok && take(&cursor, ':')) {
		ok = take_digits(&cursor, 2, 2, &second);
		if (ok && take(&cursor, '.')) {
			size_t start = cursor.at;
			ok = take_digits(&cursor, 1, 9, &fraction);
			for (size_t digits = cursor.at - start; digits < 3; digits++)
				fraction *= 10;
			for (size_t digits = cursor.at - start; digits > 3; digits--)
				fraction /= 10;
		}
	}
	if (!ok || !at_end(&cursor) || hour > 23 || minute > 59 || second > 59)
		return fail(err, "time", raw, "HH:mm:ss.SSS");
	*ret_ms = (int32_t)((hour * 3600 + minute * 60 + second) * 1000 + fraction);
	return true;
}

/* Z, +9, +09, +0900, +09:00 */
static bool parse_zone(struct cursor *cursor, int64_t *ret_offset_ms)
{
	int64_t hours, minutes = 0;

	*ret_offset_ms = 0;
	if (at_end(cursor))
		return true;
	if (take(cursor, 'Z'))
		return at_end(cursor);
	bool negative = take(cursor, '-');
	if (!negative && !take(cursor, '+'))
		return false;
	if (!take_digits(cursor, 1, 2, &hours))
		return false;
	take(cursor, ':');
	if (!at_end(cursor) && !take_digits(cursor, 2, 2, &minutes))
		return false;
	*ret_offset_ms = (hours * 60 + minutes) * 60000 * (negative ? -1 : 1);
	return at_end(cursor) && hours <= 18 && minutes < 60;
}

/* Any prefix of HH:mm:ss.SSS */
static bool parse_time_prefix(struct cursor *cursor, int64_t *ret_ms)
{
	int64_t hour = 0, minute = 0, second = 0, fraction = 0;

	if (!at_end(cursor) && cursor->text.ptr[cursor->at] >= '0' && cursor->text.ptr[cursor->at] <= '9') {
		if (!take_digits(cursor, 2, 2, &hour))
			return false;
		if (take(cursor, ':') && !take_digits(cursor, 2, 2, &minute))
			return false;
		if (take(cursor, ':') && !take_digits(cursor, 2, 2, &second))
			return false;
		if (take(cursor, '.')) {
			size_t start = cursor->at;
			if (!take_digits(cursor, 1, 3, &fraction))
				return false;
			for (size_t digits = cursor->at - start; digits < 3; digits++)
				fraction *= 10;
		}
	}
	if (hour > 24 || minute > 59 || second > 59 || (hour == 24 && (minute || second || fraction)))
		return false;
	*ret_ms = (hour * 3600 + minute * 60 + second) * 1000 + fraction;
	return true;
}

bool weir_timestamp_parse(struct weir_slice raw, int64_t *ret_ms, struct weir_err *err)
{
	static const char form[] = "yyyy-MM-ddTHH:mm:ss.SSS, with a zone like Z or +0900 if need be";
	struct cursor cursor = { .text = weir_slice_trim(raw) };
	int64_t year, month, day, time_ms = 0, offset_ms = 0;
	bool complete;

	if (!parse_date_parts(&cursor, &year, &month, &day, &complete) || year < 1 || year > 9999)
		return fail(err, "timestamp", raw, form);
	if (take(&cursor, 'T') && (!complete || !parse_time_prefix(&cursor, &time_ms) || !parse_zone(&cursor, &offset_ms)))
		return fail(err, "timestamp", raw, form);
	if (!at_end(&cursor))
		return fail(err, "timestamp", raw, form);
	int last = weir_days_in_month(year, (int)month);
	if (day > last)
		day = last;
	*ret_ms = weir_days_from_civil(year, (int)month, (int)day) * WEIR_MS_PER_DAY + time_ms - offset_ms;
	return true;
}
