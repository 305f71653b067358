/* The system's clock and a clock for tests. */
#include "base/clock.h"

#include <time.h>

static int64_t system_now_ms(const struct weir_clock *clock)
{
	struct timespec now;

	(void)clock;
	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

static int64_t system_monotonic_us(const struct weir_clock *clock)
{
	struct timespec now;

	(void)clock;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

const struct weir_clock weir_system_clock = { .now_ms = system_now_ms, .monotonic_us = system_monotonic_us };

static int64_t virtual_now_ms(const struct weir_clock *clock)
{
	return ((const struct weir_virtual_clock *)clock)->time_ms;
}

static int64_t virtual_monotonic_us(const struct weir_clock *clock)
{
	return virtual_now_ms(clock) * 1000;
}

void weir_virtual_clock_init(struct weir_virtual_clock *clock, int64_t time_ms)
{
	*clock = (struct weir_virtual_clock){
		.clock = { .now_ms = virtual_now_ms, .monotonic_us = virtual_monotonic_us },
		.time_ms = time_ms,
	};
}
