/* What string functions share. */
#include "functions/scalar/string/text.h"

#include "types/utf16.h"

enum weir_result weir_text_slice(union weir_cell *ret, struct weir_slice text)
{
	ret->str = text;
	return WEIR_VALUE;
}

enum weir_result weir_text_finish(struct weir_call *call, struct weir_buf *buf, union weir_cell *ret, struct weir_err *err)
{
	bool ok = weir_buf_ok(buf);

	if (ok)
		ret->str = weir_arena_copy(call->arena, weir_buf_slice(buf));
	weir_buf_fini(buf);
	return ok ? WEIR_VALUE : weir_function_fail(err, "The text is longer than %zu bytes", WEIR_MAX_STRING_BYTES);
}

struct weir_slice weir_text_units(struct weir_arena *arena, struct weir_slice text, size_t from, size_t to)
{
	bool split_start, split_end;
	size_t start = weir_utf16_offset(text, from, &split_start), end = weir_utf16_offset(text, to, &split_end);

	if (!split_start && !split_end)
		return weir_slice_make(text.ptr + start, end > start ? end - start : 0);
	if (split_start)
		start += 4;
	size_t middle = end > start ? end - start : 0;
	char *out = weir_arena_alloc(arena, middle + 2);
	size_t len = 0;
	if (split_start)
		out[len++] = '?';
	memcpy(out + len, text.ptr + start, middle);
	len += middle;
	if (split_end && !(split_start && to == from))
		out[len++] = '?';
	return weir_slice_make(out, len);
}
