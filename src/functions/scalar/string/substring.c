/* SUBSTRING: from a position (1 is the first, negative counts from the end), for a length. */
#include "functions/scalar/string/text.h"
#include "types/utf16.h"

/* First unit of the result, clamped to the text. */
static int64_t start_of(int32_t position, int64_t length)
{
	int64_t start = position > 0 ? position - 1 : position < 0 ? length + position : 0;

	return start < 0 ? 0 : start > length ? length : start;
}

static enum weir_result substring(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	bool is_bytes = call->arg_types[0]->kind == WEIR_KIND_BYTES;
	int64_t length = is_bytes ? (int64_t)ARG(0).str.len : (int64_t)weir_utf16_length(ARG(0).str);
	int64_t start = start_of(ARG(1).i32, length), end = length;

	if (call->arg_count == 3) {
		/* In 32 bits: from the second unit on, the greatest length wraps to an empty result (functions.md §2.2). */
		int32_t wanted = ARG(2).i32 < 0 ? 0 : ARG(2).i32, stop = (int32_t)((uint32_t)start + (uint32_t)wanted);
		end = stop < start ? start : stop < length ? stop : length;
	}
	if (is_bytes)
		return weir_text_slice(ret, weir_slice_make(ARG(0).str.ptr + start, (size_t)(end - start)));
	return weir_text_slice(ret, weir_text_units(call->arena, ARG(0).str, (size_t)start, (size_t)end));
}

const struct weir_scalar_function weir_scalar_substring = {
	.name = "SUBSTRING",
	.spelling = "substring",
	.category = "STRING",
	.summary = "A part of a text or of bytes.",
	.overloads = {
		{ .params = { PARAM(STRING, "str"), PARAM(INTEGER, "pos") }, RETURNS(STRING), ANY_NULL_GIVES_NULL, .eval = substring },
		{ .params = { PARAM(STRING, "str"), PARAM(INTEGER, "pos"), PARAM(INTEGER, "length") }, RETURNS(STRING), ANY_NULL_GIVES_NULL, .eval = substring },
		{ .params = { PARAM(BYTES, "bytes"), PARAM(INTEGER, "pos") }, RETURNS(BYTES), ANY_NULL_GIVES_NULL, .eval = substring },
		{ .params = { PARAM(BYTES, "bytes"), PARAM(INTEGER, "pos"), PARAM(INTEGER, "length") }, RETURNS(BYTES), ANY_NULL_GIVES_NULL, .eval = substring },
	},
	.examples = { { "SUBSTRING('stream', 3)", "'ream'" }, { "SUBSTRING('stream', -4, 2)", "'re'" } },
};
