/* INSTR: where a text stands in another, 0 when nowhere; optionally from a position (negative: backwards from the end) and the n-th
 * time. All positions are UTF-16 units counted from 1 (functions.md §2.2). */
#include "functions/scalar/string/text.h"
#include "types/utf16.h"

static bool starts_character(struct weir_slice text, size_t at)
{
	return at == text.len || ((unsigned char)text.ptr[at] & 0xC0) != 0x80;
}

static bool matches_at(struct weir_slice text, size_t at, struct weir_slice wanted)
{
	return starts_character(text, at) && memcmp(text.ptr + at, wanted.ptr, wanted.len) == 0;
}

static int32_t position_of(struct weir_slice text, size_t offset)
{
	return (int32_t)weir_utf16_length(weir_slice_make(text.ptr, offset)) + 1;
}

/* Matches that start at the position or behind it; they may overlap. */
static int32_t find_forwards(struct weir_slice text, struct weir_slice wanted, int32_t position, int32_t occurrence)
{
	bool split;
	size_t at = weir_utf16_offset(text, (size_t)position - 1, &split);

	for (at += split; at + wanted.len <= text.len; at++)
		if (matches_at(text, at, wanted) && --occurrence == 0)
			return position_of(text, at);
	return 0;
}

/* Matches that end at the position, counted from the end, or before it. */
static int32_t find_backwards(struct weir_slice text, struct weir_slice wanted, size_t end_units, int32_t occurrence)
{
	bool split;
	size_t end = weir_utf16_offset(text, end_units, &split);

	for (; end >= wanted.len; end--) {
		if (matches_at(text, end - wanted.len, wanted) && --occurrence == 0)
			return position_of(text, end - wanted.len);
		if (end == wanted.len)
			break;
	}
	return 0;
}

static enum weir_result instr(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	int32_t position = call->arg_count > 2 ? ARG(2).i32 : 1, occurrence = call->arg_count > 3 ? ARG(3).i32 : 1;

	ret->i32 = 0;
	if (ARG_IS_NULL(0) || ARG_IS_NULL(1) || position == 0 || occurrence < 1)
		return WEIR_VALUE;
	struct weir_slice text = ARG(0).str, wanted = ARG(1).str;
	int64_t length = (int64_t)weir_utf16_length(text), distance = position < 0 ? -(int64_t)position : position;
	if (distance > length && position != INT32_MIN)
		return WEIR_VALUE;
	if (wanted.len == 0) /* found at once; the most negative position wraps */
		ret->i32 = position > 0 ? position : (int32_t)(uint32_t)(length - distance + 2);
	else if (position > 0)
		ret->i32 = find_forwards(text, wanted, position, occurrence);
	else if (distance <= length)
		ret->i32 = find_backwards(text, wanted, (size_t)(length - distance + 1), occurrence);
	return WEIR_VALUE;
}

#define TEXTS PARAM(STRING, "str"), PARAM(STRING, "substring")

const struct weir_scalar_function weir_scalar_instr = {
	.name = "INSTR",
	.spelling = "instr",
	.category = "STRING",
	.summary = "The position of a text in another, 0 when it is not there; a negative position searches backwards from the end.",
	.overloads = {
		{ .params = { TEXTS }, RETURNS(INTEGER), .eval = instr },
		{ .params = { TEXTS, PARAM_PRIMITIVE(INTEGER, "position") }, RETURNS(INTEGER), .eval = instr },
		{ .params = { TEXTS, PARAM_PRIMITIVE(INTEGER, "position"), PARAM_PRIMITIVE(INTEGER, "occurrence") }, RETURNS(INTEGER), .eval = instr },
	},
	.examples = { { "INSTR('corporate floor', 'or', 3)", "5" }, { "INSTR('corporate floor', 'or', -4)", "5" },
		{ "INSTR('corporate floor', 'or', 4, 2)", "14" } },
};
