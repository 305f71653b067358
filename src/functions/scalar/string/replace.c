/* REPLACE: every occurrence of a text by another. */
#include "functions/scalar/string/text.h"
#include "types/utf16.h"

static enum weir_result replace(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_slice text = ARG(0).str, from = ARG(1).str, to = ARG(2).str;
	struct weir_buf out;
	size_t i = 0;

	weir_buf_init(&out, WEIR_MAX_STRING_BYTES);
	while (i <= text.len) {
		const char *hit = from.len ? memmem(text.ptr + i, text.len - i, from.ptr, from.len) : NULL;
		if (from.len == 0) { /* before every character and at the end */
			weir_buf_append_slice(&out, to);
			if (i == text.len)
				break;
			size_t len = weir_utf8_length(weir_slice_make(text.ptr + i, text.len - i));
			weir_buf_append(&out, text.ptr + i, len);
			i += len;
			continue;
		}
		size_t end = hit ? (size_t)(hit - text.ptr) : text.len;
		weir_buf_append(&out, text.ptr + i, end - i);
		if (!hit)
			break;
		weir_buf_append_slice(&out, to);
		i = end + from.len;
	}
	return weir_text_finish(call, &out, ret, err);
}

const struct weir_scalar_function weir_scalar_replace = {
	.name = "REPLACE",
	.spelling = "replace",
	.category = "STRING",
	.summary = "Replaces every occurrence of a text.",
	.overloads = { { .params = { PARAM(STRING, "str"), PARAM(STRING, "oldStr"), PARAM(STRING, "newStr") },
		RETURNS(STRING),
		ANY_NULL_GIVES_NULL,
		.eval = replace } },
	.examples = { { "REPLACE('banana', 'an', '-')", "'b--a'" } },
};
