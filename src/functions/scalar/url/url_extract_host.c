/* URL_EXTRACT_HOST */
#include "functions/scalar/url/uri.h"

static struct weir_uri_part host(const struct weir_uri *uri)
{
	return uri->host;
}

static enum weir_result url_extract_host(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return weir_uri_part(call, host, ret, err);
}

const struct weir_scalar_function weir_scalar_url_extract_host = {
	.name = "URL_EXTRACT_HOST",
	.spelling = "url_extract_host",
	.category = "URL",
	.summary = "The host's name in a URL.",
	.overloads = { { .params = { PARAM(STRING, "input") }, RETURNS(STRING), ANY_NULL_GIVES_NULL, .eval = url_extract_host } },
	.examples = { { "URL_EXTRACT_HOST('http://ann@h.io:80/p')", "'h.io'" } },
};
