/* Time as a value that tests own: everything that needs the wall clock is handed a `struct weir_clock *`.
 * Thread: any. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct weir_clock {
	int64_t (*now_ms)(const struct weir_clock *clock);       /* since 1970, UTC */
	int64_t (*monotonic_us)(const struct weir_clock *clock); /* only differences mean something */
};

extern const struct weir_clock weir_system_clock;

/* A clock that stands still until moved. */
struct weir_virtual_clock {
	struct weir_clock clock; /* first */
	int64_t time_ms;
};

void weir_virtual_clock_init(struct weir_virtual_clock *clock, int64_t time_ms);

static inline int64_t weir_clock_now_ms(const struct weir_clock *clock)
{
	return clock->now_ms(clock);
}

static inline int64_t weir_clock_monotonic_us(const struct weir_clock *clock)
{
	return clock->monotonic_us(clock);
}
