/* links: weir_functions */
/* JSON paths: any first line as a path, the rest as JSON. What a path finds lies inside the text and is JSON itself; what the
 * path's reader takes for well-formed, the tree's parser does, too. */
#include "functions/scalar/json/document.h"
#include "functions/scalar/json/path.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_found(struct weir_arena *arena, struct weir_slice text, struct weir_slice value)
{
	struct weir_err err = { 0 };
	struct weir_json *json;
	struct weir_buf out;

	assert(value.ptr >= text.ptr && value.ptr + value.len <= text.ptr + text.len);
	assert(weir_json_parse(arena, value, false, &json, &err));
	weir_buf_init(&out, 1 << 16);
	if (weir_document_print(arena, &out, json, WEIR_NUMBERS_SCIENTIFIC)) {
		struct weir_json *again;
		assert(weir_json_parse(arena, weir_buf_slice(&out), false, &again, &err));
	}
	weir_buf_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *line = memchr(data, '\n', size);
	struct weir_slice path_text = weir_slice_make(data, line ? (size_t)(line - data) : size), value;
	struct weir_slice text = line ? weir_slice_make(line + 1, size - path_text.len - 1) : WEIR_SLICE("");
	struct weir_json_path path = { 0 };
	struct weir_arena arena;
	struct weir_err err = { 0 };

	weir_arena_init(&arena, 4096);
	if (!weir_json_path_parse(&arena, path_text, &path, &err))
		assert(err.code != WEIR_E_NONE);
	if (weir_json_path_find(&arena, &path, text, &value) == WEIR_JSON_FOUND)
		check_found(&arena, text, value);
	weir_err_reset(&err);
	weir_arena_fini(&arena);
	return 0;
}
