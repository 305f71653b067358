/* SPLIT_TO_MAP: entries between delimiters, each cut into key and value at another. */
#include "functions/scalar/collection/values.h"
#include "functions/scalar/string/text.h"

static size_t find(struct weir_slice text, struct weir_slice wanted)
{
	const char *hit = memmem(text.ptr, text.len, wanted.ptr, wanted.len);

	return hit ? (size_t)(hit - text.ptr) : text.len;
}

static struct weir_slice from(struct weir_slice text, size_t at)
{
	return at < text.len ? weir_slice_make(text.ptr + at, text.len - at) : weir_slice_make(text.ptr + text.len, 0);
}

static void put_entry(struct weir_map_builder *builder, struct weir_slice entry, struct weir_slice delimiter)
{
	size_t key_end = find(entry, delimiter);

	if (key_end == entry.len)
		return;
	struct weir_slice rest = from(entry, key_end + delimiter.len);
	union weir_cell key = { .str = weir_slice_make(entry.ptr, key_end) };
	union weir_cell value = { .str = weir_slice_make(rest.ptr, find(rest, delimiter)) };
	weir_map_builder_put(builder, key, false, value, false);
}

static enum weir_result split_to_map(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_slice rest = ARG(0).str, entries = ARG(1).str, delimiter = ARG(2).str;
	struct weir_map_builder builder;

	if (entries.len == 0 || delimiter.len == 0 || weir_slice_equals(entries, delimiter))
		return WEIR_NULL;
	weir_map_builder_init(&builder, call->arena, &weir_type_string, 8);
	while (rest.len) {
		size_t end = find(rest, entries);
		put_entry(&builder, weir_slice_make(rest.ptr, end), delimiter);
		rest = from(rest, end + entries.len);
	}
	return weir_map_builder_finish(&builder, ret);
}

const struct weir_scalar_function weir_scalar_split_to_map = {
	.name = "SPLIT_TO_MAP",
	.spelling = "split_to_map",
	.category = "MAP",
	.summary = "A map of a text of entries: one delimiter stands between entries, another between key and value.",
	.overloads = { { .params = { PARAM(STRING, "input"), PARAM(STRING, "entryDelimiter"), PARAM(STRING, "kvDelimiter") },
		RETURNS_STRING_MAP_OF(STRING),
		ANY_NULL_GIVES_NULL,
		.eval = split_to_map } },
	.examples = { { "SPLIT_TO_MAP('a:1;b:2', ';', ':')", "MAP('a' := '1', 'b' := '2')" } },
};
