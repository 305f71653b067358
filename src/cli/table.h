/* Aligned tables for the terminal: headings, cells of several lines, colours when the output is a terminal. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"

struct weir_table {
	struct weir_arena *arena; /* cells are copied here */
	size_t columns;
	WEIR_VEC(struct weir_slice) cells; /* row by row; the first row is the heading */
	bool use_color;
	size_t max_width; /* of the terminal; 0: unlimited */
};

void weir_table_init(struct weir_table *table, struct weir_arena *arena, size_t columns, bool use_color, size_t max_width);
void weir_table_add(struct weir_table *table, struct weir_slice cell);
void weir_table_add_text(struct weir_table *table, const char *cell);
void weir_table_print(const struct weir_table *table, struct weir_buf *out);
