/* LPAD */
#include "functions/scalar/string/pad.h"

static enum weir_result lpad(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return weir_text_pad(call, true, ret, err);
}

const struct weir_scalar_function weir_scalar_lpad = {
	.name = "LPAD",
	.spelling = "LPad",
	.category = "STRING",
	.summary = "Pads on the left to a length; what is longer is cut.",
	.overloads = {
		{ .params = { PARAM(STRING, "input"), PARAM(INTEGER, "targetLen"), PARAM(STRING, "padding") }, RETURNS(STRING), ANY_NULL_GIVES_NULL, .eval = lpad },
		{ .params = { PARAM(BYTES, "input"), PARAM(INTEGER, "targetLen"), PARAM(BYTES, "padding") }, RETURNS(BYTES), ANY_NULL_GIVES_NULL, .eval = lpad },
	},
	.examples = { { "LPAD('한', 3, 'ab')", "'ab한'" }, { "LPAD('name', 2, '.')", "'na'" } },
};
