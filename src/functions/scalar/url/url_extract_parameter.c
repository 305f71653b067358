/* URL_EXTRACT_PARAMETER: looks in the decoded query, so that an encoded & or = counts as one. */
#include "functions/scalar/url/uri.h"

/* The value of `name=value`; "" for a bare name. */
static bool value_of(struct weir_slice pair, struct weir_slice name, struct weir_slice *ret)
{
	const char *equals = memchr(pair.ptr, '=', pair.len);
	size_t name_len = equals ? (size_t)(equals - pair.ptr) : pair.len;

	if (!weir_slice_equals(weir_slice_make(pair.ptr, name_len), name))
		return false;
	*ret = equals ? weir_slice_make(equals + 1, pair.len - name_len - 1) : weir_slice_make(pair.ptr + pair.len, 0);
	return true;
}

static enum weir_result url_extract_parameter(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_uri uri;

	if (!weir_uri_parse(ARG(0).str, &uri, err))
		return WEIR_FAILED;
	if (!uri.query.is_present)
		return WEIR_NULL;
	struct weir_slice rest = weir_uri_decode(call->arena, uri.query.text, false);
	for (;;) {
		const char *and = memchr(rest.ptr, '&', rest.len);
		size_t len = and? (size_t)(and-rest.ptr) : rest.len;
		if (value_of(weir_slice_make(rest.ptr, len), ARG(1).str, &ret->str))
			return WEIR_VALUE;
		if (!and)
			return WEIR_NULL;
		rest = weir_slice_make(and+1, rest.len - len - 1);
	}
}

const struct weir_scalar_function weir_scalar_url_extract_parameter = {
	.name = "URL_EXTRACT_PARAMETER",
	.spelling = "url_extract_parameter",
	.category = "URL",
	.summary = "The value of a parameter in the query of a URL; NULL when it is not there.",
	.overloads = { { .params = { PARAM(STRING, "input"), PARAM(STRING, "paramToFind") },
		RETURNS(STRING),
		ANY_NULL_GIVES_NULL,
		.eval = url_extract_parameter } },
	.examples = { { "URL_EXTRACT_PARAMETER('http://h.io/p?a=1&b=x%20y', 'b')", "'x y'" } },
};
