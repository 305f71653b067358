/* URL_EXTRACT_QUERY */
#include "functions/scalar/url/uri.h"

static struct weir_uri_part query(const struct weir_uri *uri)
{
	return uri->query;
}

static enum weir_result url_extract_query(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return weir_uri_part(call, query, ret, err);
}

const struct weir_scalar_function weir_scalar_url_extract_query = {
	.name = "URL_EXTRACT_QUERY",
	.spelling = "url_extract_query",
	.category = "URL",
	.summary = "What follows ? in a URL; NULL without ?.",
	.overloads = { { .params = { PARAM(STRING, "input") }, RETURNS(STRING), ANY_NULL_GIVES_NULL, .eval = url_extract_query } },
	.examples = { { "URL_EXTRACT_QUERY('http://h.io/p?a=1&b=2#c')", "'a=1&b=2'" } },
};
