/* CONCAT_WS: texts with a separator between; NULLs are left out, a NULL separator gives NULL. */
#include "functions/scalar/string/text.h"

static enum weir_result concat_ws(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_buf out;
	bool first = true;

	if (call->arg_count < 2)
		return weir_function_fail(err, "CONCAT_WS needs a separator and something to join");
	if (ARG_IS_NULL(0))
		return WEIR_NULL;
	weir_buf_init(&out, WEIR_MAX_STRING_BYTES);
	for (size_t i = 1; i < call->arg_count; i++) {
		if (ARG_IS_NULL(i))
			continue;
		if (!first)
			weir_buf_append_slice(&out, ARG(0).str);
		first = false;
		weir_buf_append_slice(&out, ARG(i).str);
	}
	return weir_text_finish(call, &out, ret, err);
}

const struct weir_scalar_function weir_scalar_concat_ws = {
	.name = "CONCAT_WS",
	.spelling = "concat_ws",
	.category = "STRING",
	.summary = "Joins texts or bytes with a separator; NULLs are left out.",
	.overloads = {
		{ .params = { PARAM_VARIADIC(STRING, "inputs") }, RETURNS(STRING), .eval = concat_ws },
		{ .params = { PARAM_VARIADIC(BYTES, "inputs") }, RETURNS(BYTES), .eval = concat_ws },
	},
	.examples = { { "CONCAT_WS('-', 'a', 'b')", "'a-b'" } },
};
