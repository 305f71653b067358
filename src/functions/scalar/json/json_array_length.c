/* JSON_ARRAY_LENGTH */
#include "functions/scalar/json/document.h"

static enum weir_result json_array_length(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_json *json;
	enum weir_result result = weir_document_parse(call->arena, ARG(0).str, &json, err);

	if (result != WEIR_VALUE || json->kind != WEIR_JSON_ARRAY)
		return result == WEIR_FAILED ? WEIR_FAILED : WEIR_NULL;
	ret->i32 = (int32_t)json->count;
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_json_array_length = {
	.name = "JSON_ARRAY_LENGTH",
	.category = "JSON",
	.summary = "The number of items in a JSON array; NULL when the JSON is no array.",
	.overloads = { { .params = { PARAM(STRING, "jsonArray") },
		RETURNS(INTEGER),
		ANY_NULL_GIVES_NULL,
		.eval = json_array_length } },
	.examples = { { "JSON_ARRAY_LENGTH('[1, [2, 3]]')", "2" } },
};
