/* IS_JSON_STRING */
#include "functions/scalar/json/document.h"

static enum weir_result is_json_string(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_json *json;
	struct weir_err ignored = { 0 };

	ret->boolean = !ARG_IS_NULL(0) && weir_document_parse(call->arena, ARG(0).str, &json, &ignored) == WEIR_VALUE;
	weir_err_reset(&ignored);
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_is_json_string = {
	.name = "IS_JSON_STRING",
	.category = "JSON",
	.summary = "Whether a text begins with a JSON value.",
	.overloads = { { .params = { PARAM(STRING, "input") }, RETURNS(BOOLEAN), .eval = is_json_string } },
	.examples = { { "IS_JSON_STRING('[1, 2]')", "TRUE" }, { "IS_JSON_STRING('{a: 1}')", "FALSE" } },
};
