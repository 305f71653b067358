/* Copies of sources into memory of their own. */
#include "catalog/catalog.h"

static struct weir_source_format copy_format(struct weir_arena *arena, struct weir_source_format format)
{
	format.name = weir_arena_copy(arena, format.name);
	format.full_name = weir_arena_copy(arena, format.full_name);
	format.physical_schema = weir_arena_copy(arena, format.physical_schema);
	return format;
}

struct weir_source *weir_source_copy(struct weir_arena *arena, const struct weir_source *source)
{
	struct weir_source *copy = WEIR_ARENA_NEW(arena, struct weir_source);

	*copy = *source;
	copy->name = weir_arena_copy(arena, source->name);
	copy->schema = weir_schema_copy(arena, source->schema);
	copy->topic = weir_arena_copy(arena, source->topic);
	copy->key = copy_format(arena, source->key);
	copy->value = copy_format(arena, source->value);
	copy->timestamp.format = weir_arena_copy(arena, source->timestamp.format);
	copy->timestamp_column = weir_arena_copy(arena, source->timestamp_column);
	copy->statement = weir_arena_copy(arena, source->statement);
	copy->created_by = weir_arena_copy(arena, source->created_by);
	return copy;
}

const char *weir_source_kind_name(const struct weir_source *source)
{
	return source->is_table ? "TABLE" : "STREAM";
}
