/* LEN: in UTF-16 units for texts, as ksqlDB counts; in bytes for BYTES. */
#include "functions/define.h"
#include "types/utf16.h"

static enum weir_result len_string(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	ret->i32 = (int32_t)weir_utf16_length(ARG(0).str);
	return WEIR_VALUE;
}

static enum weir_result len_bytes(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	ret->i32 = (int32_t)ARG(0).str.len;
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_len = {
	.name = "LEN",
	.spelling = "Len",
	.category = "STRING",
	.summary = "The length of a text in UTF-16 units, or of bytes.",
	.overloads = {
		{ .params = { PARAM(STRING, "input") }, RETURNS(INTEGER), ANY_NULL_GIVES_NULL, .eval = len_string },
		{ .params = { PARAM(BYTES, "input") }, RETURNS(INTEGER), ANY_NULL_GIVES_NULL, .eval = len_bytes },
	},
	.examples = { { "LEN('한국')", "2" }, { "LEN('👍')", "2" } },
};
