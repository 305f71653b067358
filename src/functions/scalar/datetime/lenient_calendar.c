/* Fields → instant by the rules of Java's lenient GregorianCalendar: of fields that contradict each other those set last count,
 * what is missing is 1970-01-01, weeks begin on Sunday, the Julian calendar counts before 1582-10-15. */
#include "functions/scalar/datetime/lenient_int.h"
#include "types/datetime.h"

#define FIRST_GREGORIAN_DAY INT64_C(-141427)

static int stamp(const struct weir_lenient_fields *fields, enum weir_lenient_field field)
{
	return fields->stamps[field];
}

static int later(int a, int b)
{
	return a > b ? a : b;
}

/* Of two fields that only mean something together. */
static int both(int a, int b)
{
	return a && b ? later(a, b) : 0;
}

static int64_t value_or(const struct weir_lenient_fields *fields, enum weir_lenient_field field, int64_t otherwise)
{
	return fields->stamps[field] ? fields->values[field] : otherwise;
}

static int64_t julian_day(int64_t year, int month)
{
	int64_t shifted = year - (month <= 2), day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5;

	return weir_floor_div(shifted * 1461, 4) + day_of_year - 719470;
}

/* The first day of a month, which may be out of 0–11. */
static int64_t month_start(bool is_julian, int64_t year, int64_t month)
{
	year += weir_floor_div(month, 12);
	int in_year = (int)weir_floor_mod(month, 12) + 1;

	return is_julian ? julian_day(year, in_year) : weir_days_from_civil(year, in_year, 1);
}

/* 1 Sunday … 7; the last such day up to `days`. */
static int64_t on_or_before(int64_t days, int64_t day_of_week)
{
	return days - weir_floor_mod(days + 4 - (day_of_week - 1), 7);
}

enum date_way { BY_DAY, BY_WEEK_OF_MONTH, BY_DAY_OF_WEEK_IN_MONTH, BY_DAY_OF_YEAR, BY_WEEK_OF_YEAR };

/* Which fields tell the date: the latest complete combination. */
static enum date_way choose(const struct weir_lenient_fields *fields)
{
	int dow = stamp(fields, WEIR_LENIENT_DAY_OF_WEEK), day = stamp(fields, WEIR_LENIENT_DAY),
	    week_of_month = both(stamp(fields, WEIR_LENIENT_WEEK_OF_MONTH), dow),
	    in_month = both(stamp(fields, WEIR_LENIENT_DAY_OF_WEEK_IN_MONTH), dow),
	    day_of_year = stamp(fields, WEIR_LENIENT_DAY_OF_YEAR),
	    week_of_year = both(stamp(fields, WEIR_LENIENT_WEEK_OF_YEAR), dow);
	int best = later(later(day, week_of_month), later(in_month, later(day_of_year, week_of_year)));

	if (!best) {
		week_of_month = stamp(fields, WEIR_LENIENT_WEEK_OF_MONTH);
		in_month = later(stamp(fields, WEIR_LENIENT_DAY_OF_WEEK_IN_MONTH), dow);
		week_of_year = stamp(fields, WEIR_LENIENT_WEEK_OF_YEAR);
		best = later(week_of_month, later(in_month, week_of_year));
		if (!best)
			return BY_DAY;
	}
	int week_set = stamp(fields, WEIR_LENIENT_WEEK_OF_YEAR), month_week_set = stamp(fields, WEIR_LENIENT_WEEK_OF_MONTH),
	    in_month_set = stamp(fields, WEIR_LENIENT_DAY_OF_WEEK_IN_MONTH);
	if (best == day)
		return BY_DAY;
	if (best == week_of_month && month_week_set >= week_set)
		return week_of_month == in_month && in_month_set > month_week_set ? BY_DAY_OF_WEEK_IN_MONTH : BY_WEEK_OF_MONTH;
	if (best == in_month && in_month_set >= week_set)
		return BY_DAY_OF_WEEK_IN_MONTH;
	return best == day_of_year ? BY_DAY_OF_YEAR : BY_WEEK_OF_YEAR;
}

static int64_t week_day(const struct weir_lenient_fields *fields, int64_t first, int64_t week)
{
	int64_t sunday = on_or_before(first, 1), dow = value_or(fields, WEIR_LENIENT_DAY_OF_WEEK, 1);

	return on_or_before(sunday + 6, dow) + 7 * (week - 1);
}

static int64_t date_in(const struct weir_lenient_fields *fields, bool is_julian, int64_t year)
{
	int64_t start = month_start(is_julian, year, value_or(fields, WEIR_LENIENT_MONTH, 0)), week;

	switch (choose(fields)) {
	case BY_DAY:
		return start + value_or(fields, WEIR_LENIENT_DAY, 1) - 1;
	case BY_WEEK_OF_MONTH:
		return week_day(fields, start, value_or(fields, WEIR_LENIENT_WEEK_OF_MONTH, 1));
	case BY_DAY_OF_WEEK_IN_MONTH:
		week = value_or(fields, WEIR_LENIENT_DAY_OF_WEEK_IN_MONTH, 1);
		return on_or_before(start + 7 * week - 1, value_or(fields, WEIR_LENIENT_DAY_OF_WEEK, 1));
	case BY_DAY_OF_YEAR:
		return month_start(is_julian, year, 0) + value_or(fields, WEIR_LENIENT_DAY_OF_YEAR, 1) - 1;
	case BY_WEEK_OF_YEAR:
		break;
	}
	return week_day(fields, month_start(is_julian, year, 0), value_or(fields, WEIR_LENIENT_WEEK_OF_YEAR, 1));
}

static int64_t resolve_days(const struct weir_lenient_fields *fields)
{
	int64_t year = value_or(fields, WEIR_LENIENT_YEAR, 1970);

	if (value_or(fields, WEIR_LENIENT_ERA, 1) == 0)
		year = 1 - year;
	int64_t gregorian = date_in(fields, false, year);
	return gregorian >= FIRST_GREGORIAN_DAY ? gregorian : date_in(fields, true, year);
}

static int64_t time_ms(const struct weir_lenient_fields *fields)
{
	int of_day = stamp(fields, WEIR_LENIENT_HOUR_OF_DAY),
	    half = both(stamp(fields, WEIR_LENIENT_HOUR), stamp(fields, WEIR_LENIENT_AMPM));
	int64_t hours = value_or(fields, WEIR_LENIENT_HOUR_OF_DAY, 0);

	if (half > of_day || (!of_day && !half))
		hours = value_or(fields, WEIR_LENIENT_HOUR, 0) + 12 * value_or(fields, WEIR_LENIENT_AMPM, 0);
	int64_t seconds = (hours * 60 + value_or(fields, WEIR_LENIENT_MINUTE, 0)) * 60 + value_or(fields, WEIR_LENIENT_SECOND, 0);
	return seconds * 1000 + value_or(fields, WEIR_LENIENT_MILLISECOND, 0);
}

int64_t weir_lenient_resolve(const struct weir_lenient_fields *fields)
{
	int64_t local = resolve_days(fields) * WEIR_MS_PER_DAY + time_ms(fields);

	if (fields->zone)
		return weir_zone_instant(fields->zone, weir_floor_div(local, 1000)) * 1000 + weir_floor_mod(local, 1000);
	return local - value_or(fields, WEIR_LENIENT_OFFSET, 0);
}
