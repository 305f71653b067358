/* The columns of a stream, table or intermediate row: keys first, then the others, each at a fixed cell index. */
#pragma once

#include "types/type.h"

enum weir_column_role {
	WEIR_COLUMN_KEY,
	WEIR_COLUMN_VALUE,
	WEIR_COLUMN_HEADERS, /* all headers of the record */
	WEIR_COLUMN_HEADER,  /* the last header called header_key */
};

struct weir_column {
	struct weir_slice name;
	const struct weir_type *type;
	enum weir_column_role role;
	struct weir_slice header_key;
};

/* Immutable. Holds: columns[0 .. key_count) are the KEY columns. */
struct weir_schema {
	const struct weir_column *columns;
	size_t count, key_count;
};

/* Index of the column of exactly that name, or -1. */
int weir_schema_find(const struct weir_schema *schema, struct weir_slice name);
const struct weir_schema *weir_schema_copy(struct weir_arena *arena, const struct weir_schema *schema);
/* As DESCRIBE and result headers spell it: `ID` STRING KEY, `V` BIGINT. */
void weir_schema_print(struct weir_buf *out, const struct weir_schema *schema, bool is_table);
