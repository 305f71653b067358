/* Looking up, copying and spelling schemas. */
#include "types/schema.h"

int weir_schema_find(const struct weir_schema *schema, struct weir_slice name)
{
	for (size_t i = 0; i < schema->count; i++)
		if (weir_slice_equals(schema->columns[i].name, name))
			return (int)i;
	return -1;
}

const struct weir_schema *weir_schema_copy(struct weir_arena *arena, const struct weir_schema *schema)
{
	struct weir_column *columns = WEIR_ARENA_ARRAY(arena, struct weir_column, schema->count);
	struct weir_schema *copy = WEIR_ARENA_NEW(arena, struct weir_schema);

	for (size_t i = 0; i < schema->count; i++) {
		columns[i] = schema->columns[i];
		columns[i].name = weir_arena_copy(arena, schema->columns[i].name);
		columns[i].header_key = weir_arena_copy(arena, schema->columns[i].header_key);
		columns[i].type = weir_type_copy(arena, schema->columns[i].type);
	}
	*copy = (struct weir_schema){ .columns = columns, .count = schema->count, .key_count = schema->key_count };
	return copy;
}

static void print_role(struct weir_buf *out, const struct weir_column *column, bool is_table)
{
	switch (column->role) {
	case WEIR_COLUMN_KEY:
		weir_buf_append_text(out, is_table ? " PRIMARY KEY" : " KEY");
		break;
	case WEIR_COLUMN_HEADERS:
		weir_buf_append_text(out, " HEADERS");
		break;
	case WEIR_COLUMN_HEADER:
		weir_buf_printf(out, " HEADER('%.*s')", WEIR_SLICE_ARG(column->header_key));
		break;
	case WEIR_COLUMN_VALUE:
		break;
	}
}

void weir_schema_print(struct weir_buf *out, const struct weir_schema *schema, bool is_table)
{
	for (size_t i = 0; i < schema->count; i++) {
		struct weir_slice name = schema->columns[i].name;
		weir_buf_append_text(out, i ? ", `" : "`");
		for (size_t k = 0; k < name.len; k++) {
			if (name.ptr[k] == '`')
				weir_buf_append_byte(out, '`');
			weir_buf_append_byte(out, name.ptr[k]);
		}
		weir_buf_append_text(out, "` ");
		weir_type_print(out, schema->columns[i].type);
		print_role(out, &schema->columns[i], is_table);
	}
}
