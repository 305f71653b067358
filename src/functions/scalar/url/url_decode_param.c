/* URL_DECODE_PARAM: the inverse of URL_ENCODE_PARAM. */
#include "functions/scalar/url/uri.h"

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static enum weir_result url_decode_param(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_slice text = ARG(0).str;

	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] == '%' && (text.len - i < 3 || !is_hex(text.ptr[i + 1]) || !is_hex(text.ptr[i + 2])))
			return weir_function_fail(err, "%% must be followed by two hexadecimal digits");
	ret->str = weir_uri_decode(call->arena, text, true);
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_url_decode_param = {
	.name = "URL_DECODE_PARAM",
	.spelling = "url_decode_param",
	.category = "URL",
	.summary = "The text that URL_ENCODE_PARAM, or a browser, has encoded.",
	.overloads = { { .params = { PARAM(STRING, "input") }, RETURNS(STRING), ANY_NULL_GIVES_NULL, .eval = url_decode_param } },
	.examples = { { "URL_DECODE_PARAM('%3Ffoo+%24bar')", "'?foo $bar'" } },
};
