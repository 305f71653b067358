/* JSON_RECORDS */
#include "functions/scalar/collection/values.h"
#include "functions/scalar/json/printed.h"

static enum weir_result json_records(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_json *json;
	struct weir_map_builder builder;
	enum weir_result result = weir_document_parse(call->arena, ARG(0).str, &json, err);

	if (result != WEIR_VALUE || json->kind != WEIR_JSON_OBJECT)
		return result == WEIR_FAILED ? WEIR_FAILED : WEIR_NULL;
	weir_map_builder_init(&builder, call->arena, &weir_type_string, json->count);
	for (size_t i = 0; i < json->count; i++) {
		union weir_cell key = { .str = json->members[i].name }, value = { 0 };
		if (weir_json_printed(call, json->members[i].value, false, &value.str, err) == WEIR_FAILED)
			return WEIR_FAILED;
		weir_map_builder_put(&builder, key, false, value, false);
	}
	builder.table_entries = builder.map_values.count;
	return weir_map_builder_finish(&builder, ret);
}

const struct weir_scalar_function weir_scalar_json_records = {
	.name = "JSON_RECORDS",
	.category = "JSON",
	.summary = "A JSON object as a map of texts; NULL when the JSON is no object.",
	.overloads = { { .params = { PARAM(STRING, "jsonObj") },
		RETURNS_STRING_MAP_OF(STRING),
		ANY_NULL_GIVES_NULL,
		.eval = json_records } },
	.examples = { { "JSON_RECORDS('{\"a\": 1, \"b\": \"x\"}')", "MAP('a' := '1', 'b' := 'x')" } },
};
