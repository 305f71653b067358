/* JSON_KEYS */
#include "functions/scalar/collection/values.h"
#include "functions/scalar/json/document.h"

static enum weir_result json_keys(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_json *json;
	struct weir_values keys;
	enum weir_result result = weir_document_parse(call->arena, ARG(0).str, &json, err);

	if (result != WEIR_VALUE || json->kind != WEIR_JSON_OBJECT)
		return result == WEIR_FAILED ? WEIR_FAILED : WEIR_NULL;
	struct weir_document_members members = weir_document_members(call->arena, json);
	weir_values_init(&keys, call->arena, members.count);
	for (size_t i = 0; i < members.count; i++)
		weir_values_add(&keys, (union weir_cell){ .str = members.items[i].name }, false);
	return weir_values_finish(&keys, ret);
}

const struct weir_scalar_function weir_scalar_json_keys = {
	.name = "JSON_KEYS",
	.category = "JSON",
	.summary = "The keys of a JSON object, in their order; NULL when the JSON is no object.",
	.overloads = { { .params = { PARAM(STRING, "jsonObj") },
		RETURNS_ARRAY_OF(STRING),
		ANY_NULL_GIVES_NULL,
		.eval = json_keys } },
	.examples = { { "JSON_KEYS('{\"b\": 1, \"a\": {\"c\": 2}}')", "ARRAY['b', 'a']" } },
};
