/* CONVERT_TZ: moves a TIMESTAMP by the difference of two zones' offsets at it. */
#include "functions/scalar/datetime/pattern_call.h"

#include "types/datetime.h"

/* An offset with seconds, and one behind UTC or UT, counts as none, as for ksqlDB. */
static int64_t offset_ms(const struct weir_zone *zone, int64_t timestamp_ms)
{
	int64_t offset = weir_zone_offset(zone, weir_floor_div(timestamp_ms, 1000));
	struct weir_slice id = weir_zone_id(zone);
	bool is_offset = id.ptr[0] == '+' || id.ptr[0] == '-',
	     is_behind_utc = id.len > 3 && weir_slice_starts_with(id, WEIR_SLICE("UT"));

	return is_behind_utc || (is_offset && offset % 60) ? 0 : offset * 1000;
}

static enum weir_result convert_tz(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	const struct weir_zone *from, *to;

	if (!weir_datetime_zone(call, 1, &from, err) || !weir_datetime_zone(call, 2, &to, err))
		return WEIR_FAILED;
	ret->i64 = (int64_t)((uint64_t)ARG(0).i64 + (uint64_t)(offset_ms(to, ARG(0).i64) - offset_ms(from, ARG(0).i64)));
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_convert_tz = {
	.name = "CONVERT_TZ",
	.spelling = "convert_tz",
	.category = "DATE / TIME",
	.summary = "A TIMESTAMP moved from one time zone to another.",
	.overloads = { { .params = { PARAM(TIMESTAMP, "timestamp"), PARAM(STRING, "fromTimeZone"), PARAM(STRING, "toTimeZone") },
		RETURNS(TIMESTAMP),
		ANY_NULL_GIVES_NULL,
		.prepare = weir_datetime_prepare_zones,
		.eval = convert_tz } },
	.examples = { { "CONVERT_TZ(FROM_UNIXTIME(100), '+0200', '+0500')", "FROM_UNIXTIME(10800100)" } },
};
