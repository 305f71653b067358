/* SPLIT: the pieces between delimiters; an empty delimiter gives the characters. */
#include "base/vec.h"
#include "functions/scalar/string/text.h"
#include "types/utf16.h"

static enum weir_result split(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_slice text = ARG(0).str, delimiter = ARG(1).str;
	WEIR_VEC(union weir_cell) pieces = { 0 };
	struct weir_array *array = WEIR_ARENA_NEW(call->arena, struct weir_array);

	for (size_t i = 0; i <= text.len;) {
		const char *hit = delimiter.len ? memmem(text.ptr + i, text.len - i, delimiter.ptr, delimiter.len) : NULL;
		size_t end = hit ? (size_t)(hit - text.ptr) : text.len;
		if (delimiter.len == 0 && i < text.len)
			end = i + (call->arg_types[0]->kind == WEIR_KIND_BYTES
						  ? 1
						  : weir_utf8_length(weir_slice_make(text.ptr + i, text.len - i)));
		if (delimiter.len == 0 && i == text.len && text.len > 0)
			break;
		union weir_cell piece = { .str = weir_slice_make(text.ptr + i, end - i) };
		WEIR_VEC_PUSH_IN(call->arena, &pieces, piece);
		if (!hit && delimiter.len)
			break;
		i = end + delimiter.len;
		if (text.len == 0)
			break;
	}
	*array = (struct weir_array){ .count = pieces.count, .items = pieces.items };
	ret->array = array;
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_split = {
	.name = "SPLIT",
	.spelling = "split",
	.category = "STRING",
	.summary = "Cuts a text or bytes at a delimiter.",
	.overloads = {
		{ .params = { PARAM(STRING, "string"), PARAM(STRING, "delimiter") }, RETURNS_ARRAY_OF(STRING), ANY_NULL_GIVES_NULL, .eval = split },
		{ .params = { PARAM(BYTES, "bytes"), PARAM(BYTES, "delimiter") }, RETURNS_ARRAY_OF(BYTES), ANY_NULL_GIVES_NULL, .eval = split },
	},
	.examples = { { "SPLIT('a,b,,c', ',')", "ARRAY['a', 'b', '', 'c']" } },
};
