/* Inside operators/: what the windowed operators share: keys of windowed state, and the times they must remember.
 *
 * Numbers in keys are big endian, so that the stores' order is that of time (times are never negative).
 */
#pragma once

#include "operators/op.h"

static inline void weir_key_put_i64(char *to, int64_t value)
{
	uint64_t big = __builtin_bswap64((uint64_t)value);

	memcpy(to, &big, 8);
}

static inline int64_t weir_key_get_i64(const char *from)
{
	uint64_t big;

	memcpy(&big, from, 8);
	return (int64_t)__builtin_bswap64(big);
}

static inline void weir_key_append_i64(struct weir_buf *key, int64_t value)
{
	char bytes[8];

	weir_key_put_i64(bytes, value);
	weir_buf_append(key, bytes, 8);
}

/* Keys of sessions and of a join's rows: 8 bytes of segment (a stretch of time), then the packed key, then two times. Old state is
 * dropped by segments; a key's rows of a stretch of time lie together in at most a few of them. */
enum { WEIR_SEGMENT_BYTES = 8, WEIR_SEGMENT_TAIL = 16 };

/* Times that outlive a restart, in a small store of their own: written once per commit, when they changed. */
enum { WEIR_WINDOW_TIMES = 4 };

struct weir_window_times {
	struct weir_store *store;
	int64_t values[WEIR_WINDOW_TIMES], saved[WEIR_WINDOW_TIMES];
};

/* `initial`: what every time is when nothing is stored. */
bool weir_window_times_open(struct weir_window_times *times, struct weir_op *op, int64_t initial, struct weir_err *err);
bool weir_window_times_save(struct weir_window_times *times, struct weir_err *err);

/* Deletes, from the smallest key on, all keys whose first 8 bytes as a time are < limit. *oldest: a lower bound of those first 8
 * bytes, moved up to what is left; INT64_MAX when nothing is. */
bool weir_window_expire(struct weir_store *store, int64_t limit, int64_t *oldest, struct weir_err *err);
