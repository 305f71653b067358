/* RPAD */
#include "functions/scalar/string/pad.h"

static enum weir_result rpad(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return weir_text_pad(call, false, ret, err);
}

const struct weir_scalar_function weir_scalar_rpad = {
	.name = "RPAD",
	.spelling = "RPad",
	.category = "STRING",
	.summary = "Pads on the right to a length; what is longer is cut.",
	.overloads = {
		{ .params = { PARAM(STRING, "input"), PARAM(INTEGER, "targetLen"), PARAM(STRING, "padding") }, RETURNS(STRING), ANY_NULL_GIVES_NULL, .eval = rpad },
		{ .params = { PARAM(BYTES, "input"), PARAM(INTEGER, "targetLen"), PARAM(BYTES, "padding") }, RETURNS(BYTES), ANY_NULL_GIVES_NULL, .eval = rpad },
	},
	.examples = { { "RPAD('x', 4, 'ab')", "'xaba'" } },
};
