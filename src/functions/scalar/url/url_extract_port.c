/* URL_EXTRACT_PORT */
#include "functions/scalar/url/uri.h"

static enum weir_result url_extract_port(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_uri uri;

	if (!weir_uri_parse(ARG(0).str, &uri, err))
		return WEIR_FAILED;
	ret->i32 = uri.port;
	return uri.port < 0 ? WEIR_NULL : WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_url_extract_port = {
	.name = "URL_EXTRACT_PORT",
	.spelling = "url_extract_port",
	.category = "URL",
	.summary = "The port of a URL; NULL when it names none.",
	.overloads = { { .params = { PARAM(STRING, "input") }, RETURNS(INTEGER), ANY_NULL_GIVES_NULL, .eval = url_extract_port } },
	.examples = { { "URL_EXTRACT_PORT('http://h.io:8080/p')", "8080" } },
};
