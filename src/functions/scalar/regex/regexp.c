/* Places in texts and what lies between them. */
#include "functions/scalar/regex/regexp.h"

void *weir_regexp_prepare(struct weir_arena *arena, const struct weir_value *const *constants, size_t count)
{
	return weir_regex_cache_new(arena);
}

void weir_regexp_append_between(
	struct weir_buf *out, struct weir_slice text, struct weir_regexp_place from, struct weir_regexp_place to)
{
	size_t start = from.offset;

	if (from.is_half && to.is_half && from.offset == to.offset)
		return;
	if (from.is_half) {
		weir_buf_append_byte(out, '?');
		start += 4;
	}
	if (to.offset > start)
		weir_buf_append(out, text.ptr + start, to.offset - start);
	if (to.is_half)
		weir_buf_append_byte(out, '?');
}

struct weir_slice weir_regexp_between(
	struct weir_arena *arena, struct weir_slice text, struct weir_regexp_place from, struct weir_regexp_place to)
{
	struct weir_buf out;

	if (!from.is_half && !to.is_half)
		return weir_slice_make(text.ptr + from.offset, to.offset - from.offset);
	weir_buf_init(&out, WEIR_BUF_NO_LIMIT);
	weir_regexp_append_between(&out, text, from, to);
	struct weir_slice piece = weir_arena_copy(arena, weir_buf_slice(&out));
	weir_buf_fini(&out);
	return piece;
}
