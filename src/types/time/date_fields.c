/* The fields of a moment, and their texts. */
#include "types/datetime.h"
#include "types/time/date_pattern_int.h"

#define NANOS_PER_SECOND INT64_C(1000000000)
#define NANOS_PER_HOUR   (3600 * NANOS_PER_SECOND)

struct weir_moment weir_moment_of_timestamp(int64_t timestamp_ms, const struct weir_zone *zone)
{
	int64_t seconds = weir_floor_div(timestamp_ms, 1000);
	int32_t offset = weir_zone_offset(zone, seconds);
	int64_t local = seconds + offset;

	return (struct weir_moment){
		.has_date = true,
		.has_time = true,
		.days = weir_floor_div(local, 86400),
		.nanos = weir_floor_mod(local, 86400) * NANOS_PER_SECOND + weir_floor_mod(timestamp_ms, 1000) * 1000000,
		.zone = zone,
		.offset = offset,
		.is_summer = weir_zone_is_summer(zone, seconds),
	};
}

struct weir_moment weir_moment_of_date(int64_t days)
{
	return (struct weir_moment){ .has_date = true, .days = days };
}

struct weir_moment weir_moment_of_time(int64_t nanos)
{
	return (struct weir_moment){ .has_time = true, .nanos = nanos };
}

/* 0 Sunday */
static int weekday_from_sunday(int64_t days)
{
	return (int)weir_floor_mod(days + 4, 7);
}

/* The year whose week (from Sunday) the day lies in, and the number of that week: the week with 1 January is the first. */
static void week_of_year(int64_t days, int64_t *ret_year, int64_t *ret_week)
{
	int64_t sunday = days - weekday_from_sunday(days), year;
	int month, day;

	weir_civil_from_days(sunday + 6, &year, &month, &day);
	int64_t first = weir_days_from_civil(year, 1, 1);
	*ret_year = year;
	*ret_week = (sunday - (first - weekday_from_sunday(first))) / 7 + 1;
}

static int64_t date_field(int64_t days, enum weir_date_field field)
{
	int64_t year, week_year, week;
	int month, day;

	weir_civil_from_days(days, &year, &month, &day);
	switch (field) {
	case WEIR_FIELD_ERA:
		return year > 0;
	case WEIR_FIELD_YEAR:
		return year;
	case WEIR_FIELD_YEAR_OF_ERA:
		return year > 0 ? year : 1 - year;
	case WEIR_FIELD_WEEK_YEAR:
	case WEIR_FIELD_WEEK_OF_WEEK_YEAR:
		week_of_year(days, &week_year, &week);
		return field == WEIR_FIELD_WEEK_YEAR ? week_year : week;
	case WEIR_FIELD_QUARTER:
		return (month + 2) / 3;
	case WEIR_FIELD_MONTH:
		return month;
	case WEIR_FIELD_WEEK_OF_MONTH:
		return (day - 1 + weekday_from_sunday(days - day + 1)) / 7 + 1;
	case WEIR_FIELD_MODIFIED_JULIAN_DAY:
		return days + 40587;
	case WEIR_FIELD_DAY_OF_YEAR:
		return days - weir_days_from_civil(year, 1, 1) + 1;
	case WEIR_FIELD_DAY_OF_MONTH:
		return day;
	case WEIR_FIELD_ALIGNED_DAY_OF_WEEK:
		return (day - 1) % 7 + 1;
	case WEIR_FIELD_DAY_OF_WEEK:
		return weir_floor_mod(days + 3, 7) + 1;
	default:
		return weekday_from_sunday(days) + 1;
	}
}

static int64_t time_field(int64_t nanos, enum weir_date_field field)
{
	int64_t hour = nanos / NANOS_PER_HOUR;

	switch (field) {
	case WEIR_FIELD_AMPM:
		return hour / 12;
	case WEIR_FIELD_HOUR:
		return hour;
	case WEIR_FIELD_CLOCK_HOUR:
		return hour ? hour : 24;
	case WEIR_FIELD_HOUR_OF_AMPM:
		return hour % 12;
	case WEIR_FIELD_CLOCK_HOUR_OF_AMPM:
		return hour % 12 ? hour % 12 : 12;
	case WEIR_FIELD_MINUTE:
		return nanos / (60 * NANOS_PER_SECOND) % 60;
	case WEIR_FIELD_MILLI_OF_DAY:
		return nanos / 1000000;
	case WEIR_FIELD_SECOND:
		return nanos / NANOS_PER_SECOND % 60;
	case WEIR_FIELD_NANO:
		return nanos % NANOS_PER_SECOND;
	default:
		return nanos;
	}
}

bool weir_moment_field(const struct weir_moment *moment, enum weir_date_field field, int64_t *ret)
{
	if (field == WEIR_FIELD_OFFSET) {
		*ret = moment->offset;
		return moment->zone != NULL;
	}
	bool is_time = field >= WEIR_FIELD_FIRST_OF_TIME;
	if (is_time ? !moment->has_time : !moment->has_date)
		return false;
	*ret = is_time ? time_field(moment->nanos, field) : date_field(moment->days, field);
	return true;
}

/* ---- Texts ---- */

static const char *const months[] = { "January", "February", "March", "April", "May", "June", "July", "August", "September",
	"October", "November", "December" };
static const char *const short_months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
static const char *const narrow_months[] = { "J", "F", "M", "A", "M", "J", "J", "A", "S", "O", "N", "D" };
static const char *const days[] = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" };
static const char *const short_days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
static const char *const narrow_days[] = { "M", "T", "W", "T", "F", "S", "S" };
static const char *const quarters[] = { "1st quarter", "2nd quarter", "3rd quarter", "4th quarter" };
static const char *const short_quarters[] = { "Q1", "Q2", "Q3", "Q4" };
static const char *const narrow_quarters[] = { "1", "2", "3", "4" };
static const char *const eras[] = { "Before Christ", "Anno Domini" };
static const char *const short_eras[] = { "BC", "AD" };
static const char *const root_eras[] = { "BCE", "CE" };
static const char *const narrow_eras[] = { "B", "A" };
static const char *const halves[] = { "AM", "PM" };

struct texts {
	const char *const *by_style[3];
	int first, count;
};

static bool texts_of(enum weir_date_locale locale, enum weir_date_field field, struct texts *ret)
{
	bool root = locale == WEIR_DATE_ROOT;

	switch (field) {
	case WEIR_FIELD_MONTH:
		*ret = (struct texts){ { short_months, root ? short_months : months, root ? NULL : narrow_months }, 1, 12 };
		return true;
	case WEIR_FIELD_DAY_OF_WEEK:
		*ret = (struct texts){ { short_days, root ? short_days : days, narrow_days }, 1, 7 };
		return true;
	case WEIR_FIELD_QUARTER:
		*ret = (struct texts){ { short_quarters, root ? short_quarters : quarters, narrow_quarters }, 1, 4 };
		return true;
	case WEIR_FIELD_ERA:
		*ret = (struct texts){ { short_eras, root ? root_eras : eras, root ? root_eras : narrow_eras }, 0, 2 };
		return true;
	case WEIR_FIELD_AMPM:
		*ret = (struct texts){ { halves, halves, halves }, 0, 2 };
		return true;
	default:
		return false;
	}
}

const char *weir_date_text(enum weir_date_locale locale, enum weir_date_field field, enum weir_text_style style, int64_t value)
{
	struct texts texts;

	if (!texts_of(locale, field, &texts) || !texts.by_style[style] || value < texts.first || value >= texts.first + texts.count)
		return NULL;
	return texts.by_style[style][value - texts.first];
}

bool weir_date_text_range(
	enum weir_date_locale locale, enum weir_date_field field, enum weir_text_style style, int *ret_first, int *ret_last)
{
	struct texts texts;
	bool repeats = style == WEIR_TEXT_NARROW && (field == WEIR_FIELD_MONTH || field == WEIR_FIELD_DAY_OF_WEEK);

	if (repeats || !texts_of(locale, field, &texts) || !texts.by_style[style])
		return false;
	*ret_first = texts.first;
	*ret_last = texts.first + texts.count - 1;
	return true;
}

const char *weir_day_period_text(enum weir_text_style style, int64_t nanos)
{
	int64_t minute = nanos / (60 * NANOS_PER_SECOND), hour = minute / 60;

	if (minute == 0)
		return style == WEIR_TEXT_NARROW ? "mi" : "midnight";
	if (minute == 12 * 60)
		return style == WEIR_TEXT_NARROW ? "n" : "noon";
	if (hour >= 6 && hour < 12)
		return "in the morning";
	if (hour >= 12 && hour < 18)
		return "in the afternoon";
	return hour >= 18 && hour < 21 ? "in the evening" : "at night";
}
