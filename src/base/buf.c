/* Growth and formatting for the byte buffer. */
#include "base/buf.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void weir_buf_init(struct weir_buf *buf, size_t limit_bytes)
{
	*buf = (struct weir_buf){ .limit = limit_bytes };
}

void weir_buf_fini(struct weir_buf *buf)
{
	free(buf->data);
	*buf = (struct weir_buf){ .limit = buf->limit };
}

void weir_buf_reset(struct weir_buf *buf)
{
	buf->len = 0;
	buf->overflow = false;
}

bool weir_buf_reserve(struct weir_buf *buf, size_t bytes)
{
	if (buf->overflow || bytes > buf->limit - buf->len) {
		buf->overflow = true;
		return false;
	}
	size_t need = buf->len + bytes + 1;
	if (need <= buf->capacity)
		return true;
	size_t capacity = buf->capacity ? buf->capacity : 64;
	while (capacity < need)
		capacity *= 2;
	if (capacity > buf->limit + 1) /* so that the fast path of append cannot pass the limit */
		capacity = buf->limit + 1;
	buf->data = weir_realloc(buf->data, capacity);
	buf->capacity = capacity;
	return true;
}

void weir_buf_append_slow(struct weir_buf *buf, const void *bytes, size_t len)
{
	if (!weir_buf_reserve(buf, len))
		return;
	if (len)
		memcpy(buf->data + buf->len, bytes, len);
	buf->len += len;
}

void weir_buf_printf(struct weir_buf *buf, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (weir_buf_reserve(buf, (size_t)len)) {
		vsnprintf(buf->data + buf->len, (size_t)len + 1, format, again);
		buf->len += (size_t)len;
	}
	va_end(again);
}

void weir_buf_append_i64(struct weir_buf *buf, int64_t value)
{
	char digits[20];
	size_t n = sizeof digits;
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	do {
		digits[--n] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (value < 0)
		digits[--n] = '-';
	weir_buf_append(buf, digits + n, sizeof digits - n);
}

const char *weir_buf_cstr(struct weir_buf *buf)
{
	if (!buf->capacity && !weir_buf_reserve(buf, 0))
		return "";
	buf->data[buf->len] = '\0';
	return buf->data;
}
