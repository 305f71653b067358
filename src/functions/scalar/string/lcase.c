/* LCASE */
#include "functions/scalar/string/case.h"

static enum weir_result lcase(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return weir_text_map_case(call, false, ret, err);
}

const struct weir_scalar_function weir_scalar_lcase = {
	.name = "LCASE",
	.spelling = "LCase",
	.category = "STRING",
	.summary = "The text in lower case.",
	.overloads = { { .params = { PARAM(STRING, "input") }, RETURNS(STRING), ANY_NULL_GIVES_NULL, .eval = lcase } },
	.examples = { { "LCASE('ÀB')", "'àb'" } },
};
