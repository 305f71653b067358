/* JSON_ITEMS */
#include "functions/scalar/collection/values.h"
#include "functions/scalar/json/printed.h"

static enum weir_result json_items(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_json *json;
	struct weir_values items;
	enum weir_result result = weir_document_parse(call->arena, ARG(0).str, &json, err);

	if (result == WEIR_FAILED)
		return WEIR_FAILED;
	if (result == WEIR_NULL || json->kind != WEIR_JSON_ARRAY)
		return weir_function_fail(err, "The JSON is no array");
	weir_values_init(&items, call->arena, json->count);
	for (size_t i = 0; i < json->count; i++) {
		union weir_cell item = { 0 };
		if (weir_json_printed(call, json->items[i], true, &item.str, err) == WEIR_FAILED)
			return WEIR_FAILED;
		weir_values_add(&items, item, false);
	}
	return weir_values_finish(&items, ret);
}

const struct weir_scalar_function weir_scalar_json_items = {
	.name = "JSON_ITEMS",
	.category = "JSON",
	.summary = "The items of a JSON array, each as JSON.",
	.overloads = { { .params = { PARAM(STRING, "jsonItems") },
		RETURNS_ARRAY_OF(STRING),
		ANY_NULL_GIVES_NULL,
		.eval = json_items } },
	.examples = { { "JSON_ITEMS('[1, \"a\", {\"b\": null}]')", "ARRAY['1', '\"a\"', '{\"b\":null}']" } },
};
