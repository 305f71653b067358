/* CONCAT: texts (or bytes) one after another; NULLs are left out. */
#include "functions/scalar/string/text.h"

static enum weir_result concat(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_buf out;

	weir_buf_init(&out, WEIR_MAX_STRING_BYTES);
	for (size_t i = 0; i < call->arg_count; i++)
		if (!ARG_IS_NULL(i))
			weir_buf_append_slice(&out, ARG(i).str);
	return weir_text_finish(call, &out, ret, err);
}

const struct weir_scalar_function weir_scalar_concat = {
	.name = "CONCAT",
	.spelling = "concat",
	.category = "STRING",
	.summary = "Joins texts or bytes; NULLs are left out.",
	.overloads = {
		{ .params = { PARAM_VARIADIC(STRING, "inputs") }, RETURNS(STRING), .eval = concat },
		{ .params = { PARAM_VARIADIC(BYTES, "inputs") }, RETURNS(BYTES), .eval = concat },
	},
	.examples = { { "CONCAT('a', '한', NULL, 'b')", "'a한b'" } },
};
