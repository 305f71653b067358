/* URL_EXTRACT_FRAGMENT */
#include "functions/scalar/url/uri.h"

static struct weir_uri_part fragment(const struct weir_uri *uri)
{
	return uri->fragment;
}

static enum weir_result url_extract_fragment(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return weir_uri_part(call, fragment, ret, err);
}

const struct weir_scalar_function weir_scalar_url_extract_fragment = {
	.name = "URL_EXTRACT_FRAGMENT",
	.spelling = "url_extract_fragment",
	.category = "URL",
	.summary = "What follows # in a URL; NULL without #.",
	.overloads = { { .params = { PARAM(STRING, "input") },
		RETURNS(STRING),
		ANY_NULL_GIVES_NULL,
		.eval = url_extract_fragment } },
	.examples = { { "URL_EXTRACT_FRAGMENT('http://h/p#top')", "'top'" } },
};
