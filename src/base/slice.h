/* A borrowed piece of text or bytes: pointer and length together, not NUL-terminated, never owned.
 *
 * Holds: ptr may be NULL only when len is 0. Whoever keeps a slice says whose memory it points into.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct weir_slice {
	const char *ptr;
	size_t len;
};

/* For string literals only. */
#define WEIR_SLICE(literal) ((struct weir_slice){ .ptr = (literal), .len = sizeof(literal) - 1 })
/* printf("%.*s", WEIR_SLICE_ARG(s)) */
#define WEIR_SLICE_ARG(slice) (int)(slice).len, (slice).ptr

static inline struct weir_slice weir_slice_of(const char *text)
{
	return (struct weir_slice){ .ptr = text, .len = text ? strlen(text) : 0 };
}

static inline struct weir_slice weir_slice_make(const void *ptr, size_t len)
{
	return (struct weir_slice){ .ptr = ptr, .len = len };
}

static inline bool weir_slice_equals(struct weir_slice a, struct weir_slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool weir_slice_is(struct weir_slice slice, const char *text)
{
	return weir_slice_equals(slice, weir_slice_of(text));
}

/* Bytewise; a prefix sorts first. */
static inline int weir_slice_compare(struct weir_slice a, struct weir_slice b)
{
	size_t common = a.len < b.len ? a.len : b.len;
	int order = common ? memcmp(a.ptr, b.ptr, common) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* ASCII letters only; other bytes must be equal. */
bool weir_slice_equals_nocase(struct weir_slice a, struct weir_slice b);
bool weir_slice_starts_with(struct weir_slice slice, struct weir_slice prefix);
bool weir_slice_ends_with(struct weir_slice slice, struct weir_slice suffix);
struct weir_slice weir_slice_trim(struct weir_slice slice);
/* Shell-style pattern with `*` and `?`. */
bool weir_slice_matches_glob(struct weir_slice text, struct weir_slice glob);
/* Decimal integer with optional sign; the whole slice must be consumed. Output untouched on failure. */
bool weir_slice_to_i64(struct weir_slice slice, int64_t *ret_value);
/* Not for security: fast, well mixed, stable within a process. */
uint64_t weir_slice_hash(struct weir_slice slice);
