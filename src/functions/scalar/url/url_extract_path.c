/* URL_EXTRACT_PATH */
#include "functions/scalar/url/uri.h"

static struct weir_uri_part path(const struct weir_uri *uri)
{
	return uri->path;
}

static enum weir_result url_extract_path(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return weir_uri_part(call, path, ret, err);
}

const struct weir_scalar_function weir_scalar_url_extract_path = {
	.name = "URL_EXTRACT_PATH",
	.spelling = "url_extract_path",
	.category = "URL",
	.summary = "The path of a URL.",
	.overloads = { { .params = { PARAM(STRING, "input") }, RETURNS(STRING), ANY_NULL_GIVES_NULL, .eval = url_extract_path } },
	.examples = { { "URL_EXTRACT_PATH('http://h.io/a%20b?x=1')", "'/a b'" } },
};
