/* URL_EXTRACT_PROTOCOL */
#include "functions/scalar/url/uri.h"

static struct weir_uri_part scheme(const struct weir_uri *uri)
{
	return uri->scheme;
}

static enum weir_result url_extract_protocol(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return weir_uri_part(call, scheme, ret, err);
}

const struct weir_scalar_function weir_scalar_url_extract_protocol = {
	.name = "URL_EXTRACT_PROTOCOL",
	.spelling = "url_extract_protocol",
	.category = "URL",
	.summary = "The protocol of a URL.",
	.overloads = { { .params = { PARAM(STRING, "input") },
		RETURNS(STRING),
		ANY_NULL_GIVES_NULL,
		.eval = url_extract_protocol } },
	.examples = { { "URL_EXTRACT_PROTOCOL('http://h.io/p')", "'http'" } },
};
