/* INSTR: where a text stands in another, 0 when nowhere; optionally from a position (negative: backwards from the end) and the n-th
 * time. */
#include "functions/scalar/string/text.h"
#include "types/utf16.h"

static bool matches_at(struct weir_slice text, size_t at, struct weir_slice wanted)
{
	return text.len - at >= wanted.len && memcmp(text.ptr + at, wanted.ptr, wanted.len) == 0;
}

static int32_t position_of(struct weir_slice text, size_t offset)
{
	return (int32_t)weir_utf16_length(weir_slice_make(text.ptr, offset)) + 1;
}

static int32_t find_forwards(struct weir_slice text, struct weir_slice wanted, int32_t position, int32_t occurrence)
{
	bool split;
	size_t at = weir_utf16_offset(text, (size_t)position - 1, &split);

	if ((size_t)position > weir_utf16_length(text) + 1)
		return 0;
	for (; at + wanted.len <= text.len; at++)
		if (((unsigned char)text.ptr[at] & 0xC0) != 0x80 && matches_at(text, at, wanted) && --occurrence == 0)
			return position_of(text, at);
	return 0;
}

static int32_t find_backwards(struct weir_slice text, struct weir_slice wanted, int32_t position, int32_t occurrence)
{
	int64_t length = (int64_t)weir_utf16_length(text);
	bool split;

	if (length + position < 0)
		return 0;
	size_t at = weir_utf16_offset(text, (size_t)(length + position), &split);
	for (size_t i = at + 1; i-- > 0;)
		if (i + wanted.len <= text.len && (i == text.len || ((unsigned char)text.ptr[i] & 0xC0) != 0x80) &&
			matches_at(text, i, wanted) && --occurrence == 0)
			return position_of(text, i);
	return 0;
}

static enum weir_result instr(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	int32_t position = call->arg_count > 2 ? ARG(2).i32 : 1, occurrence = call->arg_count > 3 ? ARG(3).i32 : 1;

	ret->i32 = 0;
	if (ARG(1).str.len == 0 || occurrence < 1 || position == 0)
		return WEIR_VALUE;
	ret->i32 = position > 0 ? find_forwards(ARG(0).str, ARG(1).str, position, occurrence)
				: find_backwards(ARG(0).str, ARG(1).str, position, occurrence);
	return WEIR_VALUE;
}

#define TEXTS PARAM(STRING, "str"), PARAM(STRING, "substring")

const struct weir_scalar_function weir_scalar_instr = {
	.name = "INSTR",
	.category = "STRING",
	.summary = "The position of a text in another, 0 when it is not there.",
	.overloads = {
		{ .params = { TEXTS }, RETURNS(INTEGER), ANY_NULL_GIVES_NULL, .eval = instr },
		{ .params = { TEXTS, PARAM(INTEGER, "position") }, RETURNS(INTEGER), ANY_NULL_GIVES_NULL, .eval = instr },
		{ .params = { TEXTS, PARAM(INTEGER, "position"), PARAM(INTEGER, "occurrence") }, RETURNS(INTEGER), ANY_NULL_GIVES_NULL, .eval = instr },
	},
	.examples = { { "INSTR('corporate floor', 'or', 3)", "5" } },
};
