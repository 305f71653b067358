/* EXTRACTJSONFIELD: the value at a path of a JSON text, as text. */
#include "functions/scalar/json/document.h"
#include "functions/scalar/json/path.h"
#include "functions/scalar/string/text.h"

struct prepared {
	bool is_constant;
	struct weir_json_path path;
	bool is_wrong;
	struct weir_err err;
};

static void *prepare(struct weir_arena *arena, const struct weir_value *const *constants, size_t count)
{
	struct prepared *prepared = WEIR_ARENA_NEW(arena, struct prepared);

	prepared->is_constant = constants[1] && !constants[1]->is_null;
	if (prepared->is_constant) {
		struct weir_err err = { 0 };
		struct weir_slice text = weir_arena_copy(arena, constants[1]->cell.str);
		prepared->is_wrong = !weir_json_path_parse(arena, text, &prepared->path, &err);
		weir_err_copy(&prepared->err, &err);
	}
	return prepared;
}

static enum weir_result finish(struct weir_call *call, struct weir_slice value, union weir_cell *ret, struct weir_err *err)
{
	struct weir_json *json;
	struct weir_buf out;
	char c = value.ptr[0];

	if (c == 't' || c == 'f' || c == 'n')
		return weir_text_slice(ret, value);
	if (c == '"' && !memchr(value.ptr, '\\', value.len))
		return weir_text_slice(ret, weir_slice_make(value.ptr + 1, value.len - 2));
	if (!weir_json_parse(call->arena, value, false, &json, err))
		return WEIR_FAILED;
	if (json->kind == WEIR_JSON_STRING)
		return weir_text_slice(ret, json->text);
	weir_buf_init(&out, WEIR_MAX_STRING_BYTES);
	if (!weir_document_print_text(call->arena, &out, json)) {
		weir_buf_fini(&out);
		return weir_function_fail(err, "The JSON holds a number that is too long");
	}
	return weir_text_finish(call, &out, ret, err);
}

static bool is_blank_text(struct weir_slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!strchr(" \t\r\n", text.ptr[i]) || !text.ptr[i])
			return false;
	return true;
}

static enum weir_result extract(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	const struct prepared *prepared = call->prepared;
	struct weir_json_path path = prepared->path;
	struct weir_slice value;

	if (prepared->is_wrong) {
		if (err)
			weir_err_copy(err, &prepared->err);
		return WEIR_FAILED;
	}
	if (!prepared->is_constant && !weir_json_path_parse(call->arena, ARG(1).str, &path, err))
		return WEIR_FAILED;
	if (is_blank_text(ARG(0).str))
		return path.count ? WEIR_NULL : weir_text_slice(ret, WEIR_SLICE(""));
	switch (weir_json_path_find(call->arena, &path, ARG(0).str, &value)) {
	case WEIR_JSON_FOUND:
		return finish(call, value, ret, err);
	case WEIR_JSON_ABSENT:
		return WEIR_NULL;
	default:
		return weir_function_fail(err, "The text is not JSON");
	}
}

const struct weir_scalar_function weir_scalar_extractjsonfield = {
	.name = "EXTRACTJSONFIELD",
	.spelling = "extractjsonfield",
	.category = "JSON",
	.summary = "The value at a path of a JSON text, as text; a path is $ followed by .name, [index] or [\"name\"].",
	.overloads = { { .params = { PARAM(STRING, "input"), PARAM(STRING, "path") },
		RETURNS(STRING),
		ANY_NULL_GIVES_NULL,
		.prepare = prepare,
		.eval = extract } },
	.examples = { { "EXTRACTJSONFIELD('{\"a\": {\"b\": [1, 2.50]}}', '$.a.b[1]')", "'2.50'" },
		{ "EXTRACTJSONFIELD('{\"a\": \"x\"}', '$.a')", "'x'" } },
};
