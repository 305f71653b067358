/* TRIM: without the white space at both ends. */
#include "functions/scalar/string/text.h"

/* Java's String.trim: everything up to U+0020. */
static enum weir_result trim(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_slice text = ARG(0).str;

	while (text.len && (unsigned char)text.ptr[0] <= ' ')
		text = weir_slice_make(text.ptr + 1, text.len - 1);
	while (text.len && (unsigned char)text.ptr[text.len - 1] <= ' ')
		text.len--;
	return weir_text_slice(ret, text);
}

const struct weir_scalar_function weir_scalar_trim = {
	.name = "TRIM",
	.spelling = "Trim",
	.category = "STRING",
	.summary = "The text without blanks at its ends.",
	.overloads = { { .params = { PARAM(STRING, "input") }, RETURNS(STRING), ANY_NULL_GIVES_NULL, .eval = trim } },
	.examples = { { "TRIM('  a b ')", "'a b'" } },
};
