/* Adding and taking away whole units. A day is 24 hours. */
#include "functions/scalar/datetime/interval.h"

#include "types/datetime.h"

bool weir_interval_unit_ms(const struct weir_call *call, int64_t *ret_ms, struct weir_err *err)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {
		{ "DAYS", WEIR_MS_PER_DAY },
		{ "HOURS", 3600000 },
		{ "MINUTES", 60000 },
		{ "SECONDS", 1000 },
		{ "MILLISECONDS", 1 },
		{ "MILLISECOND", 1 },
	};

	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (weir_slice_equals_nocase(ARG(0).str, weir_slice_of(units[i].name))) {
			*ret_ms = units[i].ms;
			return true;
		}
	return weir_err_set(err, WEIR_E_EVALUATE, "%.*s is not a unit of time here", WEIR_SLICE_ARG(ARG(0).str));
}

/* Through milliseconds, towards 1970 where a day is not whole. */
enum weir_result weir_date_shift(struct weir_call *call, int sign, union weir_cell *ret, struct weir_err *err)
{
	int64_t unit_ms;

	if (!weir_interval_unit_ms(call, &unit_ms, err))
		return WEIR_FAILED;
	int64_t ms = ARG(2).i32 * WEIR_MS_PER_DAY + sign * (int64_t)ARG(1).i32 * unit_ms;
	ret->i32 = (int32_t)(ms / WEIR_MS_PER_DAY);
	return WEIR_VALUE;
}

/* Around the clock. The amount is held in nanoseconds and stops at the greatest, which can be seen beyond 106751 days. */
enum weir_result weir_time_shift(struct weir_call *call, int sign, union weir_cell *ret, struct weir_err *err)
{
	static const int64_t day_ns = WEIR_MS_PER_DAY * 1000000;
	int64_t unit_ms;

	if (!weir_interval_unit_ms(call, &unit_ms, err))
		return WEIR_FAILED;
	if (ARG(2).i32 < 0 || ARG(2).i32 >= WEIR_MS_PER_DAY)
		return weir_function_fail(err, "%d ms is not a time of day", ARG(2).i32);
	__int128 amount = (__int128)ARG(1).i32 * unit_ms * 1000000;
	if (amount > INT64_MAX)
		amount = INT64_MAX;
	if (amount < INT64_MIN)
		amount = INT64_MIN;
	int64_t ns = ARG(2).i32 * INT64_C(1000000) + sign * (int64_t)(amount % day_ns);
	ret->i32 = (int32_t)(weir_floor_mod(ns, day_ns) / 1000000);
	return WEIR_VALUE;
}

enum weir_result weir_timestamp_shift(struct weir_call *call, int sign, union weir_cell *ret, struct weir_err *err)
{
	int64_t unit_ms;

	if (!weir_interval_unit_ms(call, &unit_ms, err))
		return WEIR_FAILED;
	ret->i64 = (int64_t)((uint64_t)ARG(2).i64 + (uint64_t)(sign * (int64_t)ARG(1).i32 * unit_ms));
	return WEIR_VALUE;
}
