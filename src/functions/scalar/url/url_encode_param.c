/* URL_ENCODE_PARAM: as an HTML form encodes a value. */
#include "functions/scalar/string/text.h"

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
	       c == '*';
}

static enum weir_result url_encode_param(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	static const char digits[] = "0123456789ABCDEF";
	struct weir_slice text = ARG(0).str;
	struct weir_buf out;

	weir_buf_init(&out, WEIR_MAX_STRING_BYTES);
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (is_plain((char)c) || c == ' ') {
			weir_buf_append_byte(&out, c == ' ' ? '+' : (char)c);
			continue;
		}
		char escape[3] = { '%', digits[c >> 4], digits[c & 15] };
		weir_buf_append(&out, escape, 3);
	}
	return weir_text_finish(call, &out, ret, err);
}

const struct weir_scalar_function weir_scalar_url_encode_param = {
	.name = "URL_ENCODE_PARAM",
	.spelling = "url_encode_param",
	.category = "URL",
	.summary = "A text encoded as the value of a URL's parameter.",
	.overloads = { { .params = { PARAM(STRING, "input") }, RETURNS(STRING), ANY_NULL_GIVES_NULL, .eval = url_encode_param } },
	.examples = { { "URL_ENCODE_PARAM('?foo $bar')", "'%3Ffoo+%24bar'" } },
};
