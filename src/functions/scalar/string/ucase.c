/* UCASE */
#include "functions/scalar/string/case.h"

static enum weir_result ucase(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return weir_text_map_case(call, true, ret, err);
}

const struct weir_scalar_function weir_scalar_ucase = {
	.name = "UCASE",
	.spelling = "UCase",
	.category = "STRING",
	.summary = "The text in upper case.",
	.overloads = { { .params = { PARAM(STRING, "input") }, RETURNS(STRING), ANY_NULL_GIVES_NULL, .eval = ucase } },
	.examples = { { "UCASE('straße é')", "'STRASSE É'" } },
};
