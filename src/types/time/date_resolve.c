/* Fields that were read → date, time, instant, in Java's "smart" way: ranges are checked, a day of month too great for its month
 * becomes the month's last, fields that say the same twice must agree, 24:00 is the end of the day. */
#include "types/datetime.h"
#include "types/time/date_pattern_int.h"

#define NANOS_PER_SECOND INT64_C(1000000000)
#define NANOS_PER_DAY    (86400 * NANOS_PER_SECOND)
#define MAX_YEAR         999999999

struct range {
	int64_t low, high;
};

static const struct range ranges[WEIR_FIELD_COUNT] = {
	[WEIR_FIELD_ERA] = { 0, 1 },
	[WEIR_FIELD_YEAR] = { -MAX_YEAR, MAX_YEAR },
	[WEIR_FIELD_YEAR_OF_ERA] = { 1, MAX_YEAR },
	[WEIR_FIELD_WEEK_YEAR] = { -MAX_YEAR, MAX_YEAR },
	[WEIR_FIELD_QUARTER] = { 1, 4 },
	[WEIR_FIELD_MONTH] = { 1, 12 },
	[WEIR_FIELD_WEEK_OF_WEEK_YEAR] = { 1, 53 },
	[WEIR_FIELD_WEEK_OF_MONTH] = { 0, 6 },
	[WEIR_FIELD_MODIFIED_JULIAN_DAY] = { -365000000000, 365000000000 },
	[WEIR_FIELD_DAY_OF_YEAR] = { 1, 366 },
	[WEIR_FIELD_DAY_OF_MONTH] = { 1, 31 },
	[WEIR_FIELD_ALIGNED_DAY_OF_WEEK] = { 1, 7 },
	[WEIR_FIELD_DAY_OF_WEEK] = { 1, 7 },
	[WEIR_FIELD_LOCAL_DAY_OF_WEEK] = { 1, 7 },
	[WEIR_FIELD_AMPM] = { 0, 1 },
	[WEIR_FIELD_HOUR] = { 0, 23 },
	[WEIR_FIELD_CLOCK_HOUR] = { 0, 24 },
	[WEIR_FIELD_HOUR_OF_AMPM] = { 0, 11 },
	[WEIR_FIELD_CLOCK_HOUR_OF_AMPM] = { 0, 12 },
	[WEIR_FIELD_MINUTE] = { 0, 59 },
	[WEIR_FIELD_MILLI_OF_DAY] = { 0, 86399999 },
	[WEIR_FIELD_SECOND] = { 0, 59 },
	[WEIR_FIELD_NANO] = { 0, NANOS_PER_SECOND - 1 },
	[WEIR_FIELD_NANO_OF_DAY] = { 0, NANOS_PER_DAY - 1 },
	[WEIR_FIELD_OFFSET] = { -18 * 3600, 18 * 3600 },
};

static bool has(const struct weir_date_resolved *at, enum weir_date_field field)
{
	return weir_fields_has(&at->rest, field);
}

static int64_t value_of(const struct weir_date_resolved *at, enum weir_date_field field)
{
	return at->rest.values[field];
}

static void drop(struct weir_date_resolved *at, enum weir_date_field field)
{
	at->rest.present &= ~(UINT32_C(1) << field);
}

static bool conflict(struct weir_err *err)
{
	return weir_err_set(err, WEIR_E_EVALUATE, "Parts of the text contradict each other");
}

static bool out_of_range(int64_t value, struct weir_err *err)
{
	return weir_err_set(err, WEIR_E_EVALUATE, "%lld is out of its range in a date or time", (long long)value);
}

static bool check(const struct weir_date_resolved *at, enum weir_date_field field, struct weir_err *err)
{
	int64_t value = value_of(at, field);

	return !has(at, field) || (value >= ranges[field].low && value <= ranges[field].high) || out_of_range(value, err);
}

/* Replaces a field by another that says the same. */
static bool become(
	struct weir_date_resolved *at, enum weir_date_field from, enum weir_date_field to, int64_t value, struct weir_err *err)
{
	drop(at, from);
	return weir_date_fields_put(&at->rest, to, value) || conflict(err);
}

/* ---- Dates ---- */

static bool resolve_year(struct weir_date_resolved *at, struct weir_err *err)
{
	int64_t year = value_of(at, WEIR_FIELD_YEAR_OF_ERA);

	if (!has(at, WEIR_FIELD_YEAR_OF_ERA))
		return check(at, WEIR_FIELD_ERA, err);
	if (!check(at, WEIR_FIELD_YEAR_OF_ERA, err) || !check(at, WEIR_FIELD_ERA, err))
		return false;
	bool is_bc = has(at, WEIR_FIELD_ERA) && value_of(at, WEIR_FIELD_ERA) == 0;
	if (!has(at, WEIR_FIELD_ERA) && has(at, WEIR_FIELD_YEAR))
		is_bc = value_of(at, WEIR_FIELD_YEAR) <= 0;
	drop(at, WEIR_FIELD_ERA);
	return become(at, WEIR_FIELD_YEAR_OF_ERA, WEIR_FIELD_YEAR, is_bc ? 1 - year : year, err);
}

static bool set_date(struct weir_date_resolved *at, int64_t days, struct weir_err *err)
{
	if (at->has_date && at->days != days)
		return conflict(err);
	at->has_date = true;
	at->days = days;
	return true;
}

static int64_t clamp_day(int64_t year, int64_t month, int64_t day)
{
	int last = weir_days_in_month(year, (int)month);

	return day > last ? last : day;
}

static bool resolve_calendar_date(struct weir_date_resolved *at, struct weir_err *err)
{
	int64_t year = value_of(at, WEIR_FIELD_YEAR), month = value_of(at, WEIR_FIELD_MONTH),
		day_of_year = value_of(at, WEIR_FIELD_DAY_OF_YEAR);

	if (!has(at, WEIR_FIELD_YEAR))
		return true;
	if (has(at, WEIR_FIELD_MONTH) && has(at, WEIR_FIELD_DAY_OF_MONTH)) {
		if (!check(at, WEIR_FIELD_YEAR, err) || !check(at, WEIR_FIELD_MONTH, err) ||
			!check(at, WEIR_FIELD_DAY_OF_MONTH, err))
			return false;
		int64_t day = clamp_day(year, month, value_of(at, WEIR_FIELD_DAY_OF_MONTH));
		drop(at, WEIR_FIELD_YEAR);
		drop(at, WEIR_FIELD_MONTH);
		drop(at, WEIR_FIELD_DAY_OF_MONTH);
		return set_date(at, weir_days_from_civil(year, (int)month, (int)day), err);
	}
	if (!has(at, WEIR_FIELD_DAY_OF_YEAR))
		return true;
	if (!check(at, WEIR_FIELD_YEAR, err) || !check(at, WEIR_FIELD_DAY_OF_YEAR, err))
		return false;
	if (day_of_year == 366 && weir_days_in_month(year, 2) == 28)
		return out_of_range(day_of_year, err);
	drop(at, WEIR_FIELD_YEAR);
	drop(at, WEIR_FIELD_DAY_OF_YEAR);
	return set_date(at, weir_days_from_civil(year, 1, 1) + day_of_year - 1, err);
}

/* The Sunday on or before a day. */
static int64_t sunday(int64_t days)
{
	return days - weir_floor_mod(days + 4, 7);
}

static bool resolve_week_date(struct weir_date_resolved *at, struct weir_err *err)
{
	int64_t from_sunday = value_of(at, WEIR_FIELD_DAY_OF_WEEK) % 7;

	if (!has(at, WEIR_FIELD_DAY_OF_WEEK))
		return true;
	if (has(at, WEIR_FIELD_WEEK_YEAR) && has(at, WEIR_FIELD_WEEK_OF_WEEK_YEAR)) {
		if (!check(at, WEIR_FIELD_WEEK_YEAR, err) || !check(at, WEIR_FIELD_WEEK_OF_WEEK_YEAR, err))
			return false;
		int64_t year = value_of(at, WEIR_FIELD_WEEK_YEAR), week = value_of(at, WEIR_FIELD_WEEK_OF_WEEK_YEAR);
		int64_t first = sunday(weir_days_from_civil(year, 1, 1)), next = sunday(weir_days_from_civil(year + 1, 1, 1));
		if (week > (next - first) / 7)
			week = (next - first) / 7;
		drop(at, WEIR_FIELD_WEEK_YEAR);
		drop(at, WEIR_FIELD_WEEK_OF_WEEK_YEAR);
		drop(at, WEIR_FIELD_DAY_OF_WEEK);
		return set_date(at, first + (week - 1) * 7 + from_sunday, err);
	}
	if (!has(at, WEIR_FIELD_YEAR) || !has(at, WEIR_FIELD_MONTH) || !has(at, WEIR_FIELD_WEEK_OF_MONTH))
		return true;
	if (!check(at, WEIR_FIELD_YEAR, err) || !check(at, WEIR_FIELD_MONTH, err) || !check(at, WEIR_FIELD_WEEK_OF_MONTH, err))
		return false;
	int64_t first = sunday(weir_days_from_civil(value_of(at, WEIR_FIELD_YEAR), (int)value_of(at, WEIR_FIELD_MONTH), 1));
	int64_t week = value_of(at, WEIR_FIELD_WEEK_OF_MONTH);
	drop(at, WEIR_FIELD_YEAR);
	drop(at, WEIR_FIELD_MONTH);
	drop(at, WEIR_FIELD_WEEK_OF_MONTH);
	drop(at, WEIR_FIELD_DAY_OF_WEEK);
	return set_date(at, first + (week - 1) * 7 + from_sunday, err);
}

static bool resolve_date(struct weir_date_resolved *at, struct weir_err *err)
{
	if (!resolve_year(at, err) || !resolve_calendar_date(at, err))
		return false;
	if (has(at, WEIR_FIELD_LOCAL_DAY_OF_WEEK)) {
		int64_t local = value_of(at, WEIR_FIELD_LOCAL_DAY_OF_WEEK);
		if (!check(at, WEIR_FIELD_LOCAL_DAY_OF_WEEK, err) ||
			!become(at, WEIR_FIELD_LOCAL_DAY_OF_WEEK, WEIR_FIELD_DAY_OF_WEEK, local == 1 ? 7 : local - 1, err))
			return false;
	}
	if (!check(at, WEIR_FIELD_DAY_OF_WEEK, err) || !resolve_week_date(at, err))
		return false;
	if (has(at, WEIR_FIELD_MODIFIED_JULIAN_DAY)) {
		if (!check(at, WEIR_FIELD_MODIFIED_JULIAN_DAY, err))
			return false;
		drop(at, WEIR_FIELD_MODIFIED_JULIAN_DAY);
		return set_date(at, value_of(at, WEIR_FIELD_MODIFIED_JULIAN_DAY) - 40587, err);
	}
	return true;
}

/* ---- Times ---- */

static bool split_day(struct weir_date_resolved *at, enum weir_date_field from, int64_t nanos, struct weir_err *err)
{
	return become(at, from, WEIR_FIELD_HOUR, nanos / (3600 * NANOS_PER_SECOND), err) &&
	       become(at, from, WEIR_FIELD_MINUTE, nanos / (60 * NANOS_PER_SECOND) % 60, err) &&
	       become(at, from, WEIR_FIELD_SECOND, nanos / NANOS_PER_SECOND % 60, err) &&
	       become(at, from, WEIR_FIELD_NANO, nanos % NANOS_PER_SECOND, err);
}

static bool combine_hours(struct weir_date_resolved *at, struct weir_err *err)
{
	int64_t clock = value_of(at, WEIR_FIELD_CLOCK_HOUR), half_clock = value_of(at, WEIR_FIELD_CLOCK_HOUR_OF_AMPM);

	if (has(at, WEIR_FIELD_CLOCK_HOUR) &&
		(!check(at, WEIR_FIELD_CLOCK_HOUR, err) || !become(at, WEIR_FIELD_CLOCK_HOUR, WEIR_FIELD_HOUR, clock % 24, err)))
		return false;
	if (has(at, WEIR_FIELD_CLOCK_HOUR_OF_AMPM) &&
		(!check(at, WEIR_FIELD_CLOCK_HOUR_OF_AMPM, err) ||
			!become(at, WEIR_FIELD_CLOCK_HOUR_OF_AMPM, WEIR_FIELD_HOUR_OF_AMPM, half_clock % 12, err)))
		return false;
	if (!has(at, WEIR_FIELD_AMPM) || !has(at, WEIR_FIELD_HOUR_OF_AMPM))
		return true;
	if (!check(at, WEIR_FIELD_AMPM, err) || !check(at, WEIR_FIELD_HOUR_OF_AMPM, err))
		return false;
	int64_t hour = value_of(at, WEIR_FIELD_AMPM) * 12 + value_of(at, WEIR_FIELD_HOUR_OF_AMPM);
	drop(at, WEIR_FIELD_AMPM);
	return become(at, WEIR_FIELD_HOUR_OF_AMPM, WEIR_FIELD_HOUR, hour, err);
}

static bool set_time(struct weir_date_resolved *at, bool *ret_next_day, struct weir_err *err)
{
	int64_t hour = value_of(at, WEIR_FIELD_HOUR), minute = has(at, WEIR_FIELD_MINUTE) ? value_of(at, WEIR_FIELD_MINUTE) : 0,
		second = has(at, WEIR_FIELD_SECOND) ? value_of(at, WEIR_FIELD_SECOND) : 0,
		nano = has(at, WEIR_FIELD_NANO) ? value_of(at, WEIR_FIELD_NANO) : 0;

	if (hour == 24 && !minute && !second && !nano) {
		hour = 0;
		*ret_next_day = true;
	} else if (!check(at, WEIR_FIELD_HOUR, err)) {
		return false;
	}
	if (!check(at, WEIR_FIELD_MINUTE, err) || !check(at, WEIR_FIELD_SECOND, err) || !check(at, WEIR_FIELD_NANO, err))
		return false;
	drop(at, WEIR_FIELD_HOUR);
	drop(at, WEIR_FIELD_MINUTE);
	drop(at, WEIR_FIELD_SECOND);
	drop(at, WEIR_FIELD_NANO);
	at->has_time = true;
	at->nanos = ((hour * 60 + minute) * 60 + second) * NANOS_PER_SECOND + nano;
	return true;
}

static bool resolve_time(struct weir_date_resolved *at, bool *ret_next_day, struct weir_err *err)
{
	if (!combine_hours(at, err))
		return false;
	if (has(at, WEIR_FIELD_NANO_OF_DAY) &&
		(!check(at, WEIR_FIELD_NANO_OF_DAY, err) ||
			!split_day(at, WEIR_FIELD_NANO_OF_DAY, value_of(at, WEIR_FIELD_NANO_OF_DAY), err)))
		return false;
	if (has(at, WEIR_FIELD_MILLI_OF_DAY) &&
		(!check(at, WEIR_FIELD_MILLI_OF_DAY, err) ||
			!split_day(at, WEIR_FIELD_MILLI_OF_DAY, value_of(at, WEIR_FIELD_MILLI_OF_DAY) * 1000000, err)))
		return false;
	bool minute = has(at, WEIR_FIELD_MINUTE), second = has(at, WEIR_FIELD_SECOND), nano = has(at, WEIR_FIELD_NANO);
	if (has(at, WEIR_FIELD_HOUR) && (minute || (!second && !nano)) && (second || !nano))
		return set_time(at, ret_next_day, err);
	for (int field = WEIR_FIELD_FIRST_OF_TIME; field < WEIR_FIELD_COUNT; field++)
		if (!check(at, (enum weir_date_field)field, err))
			return false;
	return true;
}

/* ---- Both ---- */

static bool cross_check(struct weir_date_resolved *at, struct weir_err *err)
{
	struct weir_moment moment = { .has_date = at->has_date, .has_time = at->has_time, .days = at->days, .nanos = at->nanos };
	int64_t value;

	for (int i = 0; i < WEIR_FIELD_OFFSET; i++) {
		enum weir_date_field field = (enum weir_date_field)i;
		if (!has(at, field) || !weir_moment_field(&moment, field, &value))
			continue;
		if (value != value_of(at, field))
			return conflict(err);
		drop(at, field);
	}
	return true;
}

bool weir_date_resolve(const struct weir_date_fields *fields, struct weir_date_resolved *ret, struct weir_err *err)
{
	struct weir_date_resolved at = { .rest = *fields };
	bool next_day = false;

	at.had_date_field = (fields->present & ((UINT32_C(1) << WEIR_FIELD_FIRST_OF_TIME) - 1)) != 0;
	if (!resolve_date(&at, err) || !resolve_time(&at, &next_day, err) || !check(&at, WEIR_FIELD_OFFSET, err) ||
		!cross_check(&at, err))
		return false;
	if (next_day && at.has_date)
		at.days++;
	*ret = at;
	return true;
}

/* ---- Lone fields, applied to 1970-01-01T00:00 ---- */

struct local {
	int64_t days, nanos;
};

static bool apply_date_field(struct local *local, enum weir_date_field field, int64_t value, struct weir_err *err)
{
	int64_t year;
	int month, day;

	weir_civil_from_days(local->days, &year, &month, &day);
	switch (field) {
	case WEIR_FIELD_ERA:
		year = (year > 0) == value ? year : 1 - year;
		break;
	case WEIR_FIELD_YEAR:
		year = value;
		break;
	case WEIR_FIELD_MONTH:
		month = (int)value;
		break;
	case WEIR_FIELD_DAY_OF_MONTH:
		if (value > weir_days_in_month(year, month))
			return out_of_range(value, err);
		day = (int)value;
		break;
	case WEIR_FIELD_DAY_OF_YEAR:
		if (value > 365 + (weir_days_in_month(year, 2) == 29))
			return out_of_range(value, err);
		local->days = weir_days_from_civil(year, 1, 1) + value - 1;
		return true;
	case WEIR_FIELD_ALIGNED_DAY_OF_WEEK:
		local->days += value - ((day - 1) % 7 + 1);
		return true;
	case WEIR_FIELD_DAY_OF_WEEK:
		local->days += value - (weir_floor_mod(local->days + 3, 7) + 1);
		return true;
	default: /* weeks and quarters alone say nothing */
		return true;
	}
	local->days = weir_days_from_civil(year, month, (int)clamp_day(year, month, day));
	return true;
}

static void apply_time_field(struct local *local, enum weir_date_field field, int64_t value)
{
	int64_t hour = local->nanos / (3600 * NANOS_PER_SECOND);

	switch (field) {
	case WEIR_FIELD_AMPM:
		local->nanos += (value - hour / 12) * 12 * 3600 * NANOS_PER_SECOND;
		break;
	case WEIR_FIELD_HOUR:
		local->nanos += (value - hour) * 3600 * NANOS_PER_SECOND;
		break;
	case WEIR_FIELD_HOUR_OF_AMPM:
		local->nanos += (value - hour % 12) * 3600 * NANOS_PER_SECOND;
		break;
	case WEIR_FIELD_MINUTE:
		local->nanos += value * 60 * NANOS_PER_SECOND;
		break;
	case WEIR_FIELD_SECOND:
		local->nanos += value * NANOS_PER_SECOND;
		break;
	case WEIR_FIELD_NANO:
		local->nanos += value;
		break;
	default:
		break;
	}
}

static bool complete(const struct weir_date_resolved *at, struct local *ret, struct weir_err *err)
{
	struct local local = { .days = at->has_date ? at->days : 0, .nanos = at->has_time ? at->nanos : 0 };

	for (int i = 0; i < WEIR_FIELD_OFFSET; i++) {
		enum weir_date_field field = (enum weir_date_field)i;
		if (!has(at, field))
			continue;
		if (!check(at, field, err))
			return false;
		if (field < WEIR_FIELD_FIRST_OF_TIME) {
			if (!at->has_date && !apply_date_field(&local, field, value_of(at, field), err))
				return false;
		} else if (!at->has_time) {
			apply_time_field(&local, field, value_of(at, field));
		}
	}
	*ret = local;
	return true;
}

bool weir_date_parse_timestamp(const struct weir_date_pattern *pattern, struct weir_slice text, const struct weir_zone *zone,
	struct weir_zones *zones, int64_t *ret_ms, struct weir_err *err)
{
	struct weir_date_fields fields;
	struct weir_date_resolved resolved;
	struct local local;

	if (!weir_date_read(pattern, text, zones, &fields, err) || !weir_date_resolve(&fields, &resolved, err) ||
		!complete(&resolved, &local, err))
		return false;
	int64_t seconds = local.days * 86400 + weir_floor_div(local.nanos, NANOS_PER_SECOND), ms;
	if (fields.zone)
		seconds = weir_zone_instant(fields.zone, seconds);
	else if (weir_fields_has(&fields, WEIR_FIELD_OFFSET))
		seconds -= fields.values[WEIR_FIELD_OFFSET];
	else
		seconds = weir_zone_instant(zone, seconds);
	if (__builtin_mul_overflow(seconds, 1000, &ms) ||
		__builtin_add_overflow(ms, weir_floor_mod(local.nanos, NANOS_PER_SECOND) / 1000000, &ms))
		return out_of_range(seconds, err);
	*ret_ms = ms;
	return true;
}

bool weir_date_parse_date(const struct weir_date_pattern *pattern, struct weir_slice text, struct weir_zones *zones,
	int64_t *ret_days, struct weir_err *err)
{
	struct weir_date_fields fields;
	struct weir_date_resolved resolved;

	if (!weir_date_read(pattern, text, zones, &fields, err) || !weir_date_resolve(&fields, &resolved, err))
		return false;
	if (!resolved.has_date)
		return weir_err_set(err, WEIR_E_EVALUATE, "The pattern does not tell a complete date");
	*ret_days = resolved.days;
	return true;
}

bool weir_date_parse_time(const struct weir_date_pattern *pattern, struct weir_slice text, struct weir_zones *zones,
	int64_t *ret_nanos, struct weir_err *err)
{
	struct weir_date_fields fields;
	struct weir_date_resolved resolved;

	if (!weir_date_read(pattern, text, zones, &fields, err) || !weir_date_resolve(&fields, &resolved, err))
		return false;
	if (resolved.had_date_field)
		return weir_err_set(err, WEIR_E_EVALUATE, "The pattern of a time cannot have parts of a date");
	if (!resolved.has_time)
		return weir_err_set(err, WEIR_E_EVALUATE, "The pattern does not tell a time of day");
	*ret_nanos = resolved.nanos;
	return true;
}
