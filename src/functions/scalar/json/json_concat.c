/* JSON_CONCAT: objects become one, anything else one array. */
#include "base/vec.h"
#include "functions/scalar/json/document.h"
#include "functions/scalar/string/text.h"

typedef WEIR_VEC(struct weir_json *) json_list;
typedef WEIR_VEC(struct weir_json_member) member_list;

static bool all_are_objects(const json_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i]->kind != WEIR_JSON_OBJECT)
			return false;
	return true;
}

static struct weir_json merge_objects(struct weir_arena *arena, const json_list *list)
{
	member_list members = { 0 };

	for (size_t i = 0; i < list->count; i++)
		for (size_t k = 0; k < list->items[i]->count; k++)
			WEIR_VEC_PUSH_IN(arena, &members, list->items[i]->members[k]);
	return (struct weir_json){ .kind = WEIR_JSON_OBJECT, .members = members.items, .count = members.count };
}

static struct weir_json join_arrays(struct weir_arena *arena, const json_list *list)
{
	json_list items = { 0 };

	for (size_t i = 0; i < list->count; i++) {
		struct weir_json *json = list->items[i];
		if (json->kind != WEIR_JSON_ARRAY) {
			WEIR_VEC_PUSH_IN(arena, &items, json);
			continue;
		}
		for (size_t k = 0; k < json->count; k++)
			WEIR_VEC_PUSH_IN(arena, &items, json->items[k]);
	}
	return (struct weir_json){ .kind = WEIR_JSON_ARRAY, .items = items.items, .count = items.count };
}

static enum weir_result json_concat(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	json_list list = { 0 };
	struct weir_buf out;
	struct weir_json whole;

	if (call->arg_count == 0)
		return weir_function_fail(err, "JSON_CONCAT needs something to join");
	for (size_t i = 0; i < call->arg_count; i++) {
		struct weir_json *json;
		enum weir_result result = ARG_IS_NULL(i) ? WEIR_NULL : weir_document_parse(call->arena, ARG(i).str, &json, err);
		if (result != WEIR_VALUE)
			return result;
		WEIR_VEC_PUSH_IN(call->arena, &list, json);
	}
	if (list.count == 1)
		whole = *list.items[0];
	else
		whole = all_are_objects(&list) ? merge_objects(call->arena, &list) : join_arrays(call->arena, &list);
	weir_buf_init(&out, WEIR_MAX_STRING_BYTES);
	if (!weir_document_print(call->arena, &out, &whole, WEIR_NUMBERS_PLAIN))
		out.overflow = true;
	return weir_text_finish(call, &out, ret, err);
}

const struct weir_scalar_function weir_scalar_json_concat = {
	.name = "JSON_CONCAT",
	.category = "JSON",
	.summary = "Joins JSON: objects to one object whose later keys win, anything else to one array.",
	.overloads = { { .params = { PARAM_VARIADIC(STRING, "jsonStrings") }, RETURNS(STRING), .eval = json_concat } },
	.examples = { { "JSON_CONCAT('{\"a\": 1}', '{\"b\": 2}')", "'{\"a\":1,\"b\":2}'" },
		{ "JSON_CONCAT('[1, 2]', '{\"a\": 1}', '4')", "'[1,2,{\"a\":1},4]'" } },
};
