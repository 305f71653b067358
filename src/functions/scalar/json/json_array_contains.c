/* JSON_ARRAY_CONTAINS: whether a top-level item of a JSON array equals a value of the same kind (functions.md §2.9). */
#include "functions/scalar/json/document.h"

#include <stdlib.h>

enum verdict { DIFFERENT, SAME, GIVE_UP };

static enum verdict compare_integer(const struct weir_call *call, struct weir_slice text)
{
	bool is_integer = call->arg_types[1]->kind == WEIR_KIND_INTEGER;
	int64_t number;

	if (!weir_slice_to_i64(text, &number) || (is_integer && number != (int32_t)number))
		return GIVE_UP;
	return number == (is_integer ? ARG(1).i32 : ARG(1).i64) ? SAME : DIFFERENT;
}

static enum verdict compare_double(const struct weir_call *call, struct weir_slice text)
{
	char copy[128];

	if (text.len >= sizeof copy)
		return DIFFERENT;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	return strtod(copy, NULL) == ARG(1).f64 ? SAME : DIFFERENT;
}

static enum verdict compare_number(const struct weir_call *call, struct weir_json_scan *scan)
{
	enum weir_kind kind = call->arg_types[1]->kind;
	struct weir_slice text;
	bool is_integer;

	if (!weir_json_number(scan, &text, &is_integer))
		return GIVE_UP;
	if (ARG_IS_NULL(1))
		return DIFFERENT;
	if (is_integer && (kind == WEIR_KIND_INTEGER || kind == WEIR_KIND_BIGINT))
		return compare_integer(call, text);
	return !is_integer && kind == WEIR_KIND_DOUBLE ? compare_double(call, text) : DIFFERENT;
}

static enum verdict compare_string(const struct weir_call *call, struct weir_json_scan *scan)
{
	struct weir_slice text;
	bool escaped;

	if (!weir_json_string(scan, &text, &escaped) || (escaped && !weir_json_unescape(call->arena, text, &text)))
		return GIVE_UP;
	bool comparable = !ARG_IS_NULL(1) && call->arg_types[1]->kind == WEIR_KIND_STRING;
	return comparable && weir_slice_equals(text, ARG(1).str) ? SAME : DIFFERENT;
}

static enum verdict compare_item(const struct weir_call *call, struct weir_json_scan *scan)
{
	char c = weir_json_peek(scan);

	if (c == '{' || c == '[')
		return weir_json_skip(scan, NULL) ? DIFFERENT : GIVE_UP;
	if (c == '"')
		return compare_string(call, scan);
	char word = weir_json_word(scan);
	if (!word)
		return compare_number(call, scan);
	if (word == 'n')
		return ARG_IS_NULL(1) ? SAME : DIFFERENT;
	bool comparable = !ARG_IS_NULL(1) && call->arg_types[1]->kind == WEIR_KIND_BOOLEAN;
	return comparable && ARG(1).boolean == (word == 't') ? SAME : DIFFERENT;
}

static enum weir_result json_array_contains(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_json_scan scan;

	if (ARG_IS_NULL(0))
		return weir_function_fail(err, "The JSON array is NULL");
	ret->boolean = false;
	weir_json_scan_init(&scan, ARG(0).str);
	if (!weir_json_accept(&scan, '[') || weir_json_accept(&scan, ']'))
		return WEIR_VALUE;
	do {
		enum verdict verdict = compare_item(call, &scan);
		ret->boolean = verdict == SAME;
		if (verdict != DIFFERENT)
			break;
	} while (weir_json_accept(&scan, ','));
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_json_array_contains = {
	.name = "JSON_ARRAY_CONTAINS",
	.category = "JSON",
	.summary = "Whether a JSON array holds a value of the same kind.",
	.overloads = { { .params = { PARAM(STRING, "jsonArray"), PARAM_GENERIC('T', "val") },
		RETURNS(BOOLEAN),
		.eval = json_array_contains } },
	.examples = { { "JSON_ARRAY_CONTAINS('[1, \"a\"]', 'a')", "TRUE" }, { "JSON_ARRAY_CONTAINS('[1.0]', 1)", "FALSE" } },
};
