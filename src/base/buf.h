/* A growing byte buffer on the heap, with the greatest size given at creation.
 *
 * Holds: an append past the limit sets `overflow` and appends nothing from then on, so that a writer checks once at its end
 * (weir_buf_ok()); the bytes are always followed by room for a NUL. Not shared between threads.
 */
#pragma once

#include "base/slice.h"

#define WEIR_BUF_NO_LIMIT ((size_t)1 << 40)

struct weir_buf {
	char *data;
	size_t len, capacity, limit;
	bool overflow;
};

void weir_buf_init(struct weir_buf *buf, size_t limit_bytes);
void weir_buf_fini(struct weir_buf *buf);
/* Length 0, memory kept. */
void weir_buf_reset(struct weir_buf *buf);
/* Makes room for `bytes` more; false (and overflow) when the limit forbids it. */
bool weir_buf_reserve(struct weir_buf *buf, size_t bytes);
void weir_buf_append_slow(struct weir_buf *buf, const void *bytes, size_t len);
void weir_buf_printf(struct weir_buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void weir_buf_append_i64(struct weir_buf *buf, int64_t value);
/* NUL-terminates without counting it. */
const char *weir_buf_cstr(struct weir_buf *buf);

static inline bool weir_buf_ok(const struct weir_buf *buf)
{
	return !buf->overflow;
}

static inline struct weir_slice weir_buf_slice(const struct weir_buf *buf)
{
	return weir_slice_make(buf->data, buf->len);
}

static inline void weir_buf_append(struct weir_buf *buf, const void *bytes, size_t len)
{
	if (buf->capacity - buf->len <= len) {
		weir_buf_append_slow(buf, bytes, len);
		return;
	}
	if (len)
		memcpy(buf->data + buf->len, bytes, len);
	buf->len += len;
}

static inline void weir_buf_append_slice(struct weir_buf *buf, struct weir_slice slice)
{
	weir_buf_append(buf, slice.ptr, slice.len);
}

static inline void weir_buf_append_text(struct weir_buf *buf, const char *text)
{
	weir_buf_append(buf, text, strlen(text));
}

static inline void weir_buf_append_byte(struct weir_buf *buf, char byte)
{
	weir_buf_append(buf, &byte, 1);
}
