/* Lays out entity tables the way ksqlDB's client does: ` A | B ` rows between dashed lines; see spec interfaces.md §3.5. */
#include "cli/table.h"

#include "cli/width.h"

#include <assert.h>

void weir_table_init(struct weir_table *table, struct weir_arena *arena, size_t columns, bool use_color, size_t max_width)
{
	*table = (struct weir_table){ .arena = arena, .columns = columns, .use_color = use_color, .max_width = max_width };
}

void weir_table_add(struct weir_table *table, struct weir_slice cell)
{
	WEIR_VEC_PUSH_IN(table->arena, &table->cells, weir_arena_copy(table->arena, cell));
}

void weir_table_add_text(struct weir_table *table, const char *cell)
{
	weir_table_add(table, weir_slice_of(cell ? cell : ""));
}

/* Cuts the first line off *rest. */
static struct weir_slice take_line(struct weir_slice *rest)
{
	const char *end = rest->len ? memchr(rest->ptr, '\n', rest->len) : NULL;
	struct weir_slice line = weir_slice_make(rest->ptr, end ? (size_t)(end - rest->ptr) : rest->len);
	size_t used = end ? line.len + 1 : line.len;

	*rest = weir_slice_make(rest->ptr + used, rest->len - used);
	return line;
}

static size_t widest_line(struct weir_slice cell)
{
	size_t widest = 0;

	while (cell.len) {
		size_t width = weir_width_of(take_line(&cell));
		widest = width > widest ? width : widest;
	}
	return widest;
}

static size_t *measure(const struct weir_table *table)
{
	size_t *widths = WEIR_ARENA_ARRAY(table->arena, size_t, table->columns);

	for (size_t i = 0; i < table->cells.count; i++) {
		size_t width = widest_line(table->cells.items[i]);
		if (width > widths[i % table->columns])
			widths[i % table->columns] = width;
	}
	return widths;
}

static void print_spaces(struct weir_buf *out, size_t count)
{
	for (size_t i = 0; i < count; i++)
		weir_buf_append_byte(out, ' ');
}

static void print_rule(const struct weir_table *table, struct weir_buf *out, const size_t *widths)
{
	size_t length = 3 * table->columns - 1;

	for (size_t i = 0; i < table->columns; i++)
		length += widths[i];
	if (table->max_width && length > table->max_width)
		length = table->max_width;
	if (table->use_color)
		weir_buf_append_text(out, "\033[2m");
	for (size_t i = 0; i < length; i++)
		weir_buf_append_byte(out, '-');
	if (table->use_color)
		weir_buf_append_text(out, "\033[0m");
	weir_buf_append_byte(out, '\n');
}

static bool any_left(const struct weir_slice *rests, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (rests[i].len)
			return true;
	return false;
}

static void print_row(const struct weir_table *table, struct weir_buf *out, const struct weir_slice *cells, const size_t *widths,
	const char *color)
{
	struct weir_slice *rests = WEIR_ARENA_ARRAY(table->arena, struct weir_slice, table->columns);

	memcpy(rests, cells, table->columns * sizeof *rests);
	do {
		for (size_t i = 0; i < table->columns; i++) {
			struct weir_slice line = take_line(&rests[i]);
			weir_buf_append_text(out, i ? "| " : " ");
			if (color)
				weir_buf_append_text(out, color);
			weir_buf_append_slice(out, line);
			if (color)
				weir_buf_append_text(out, "\033[0m");
			print_spaces(out, widths[i] - weir_width_of(line) + 1);
		}
		weir_buf_append_byte(out, '\n');
	} while (any_left(rests, table->columns));
}

void weir_table_print(const struct weir_table *table, struct weir_buf *out)
{
	assert(table->columns && table->cells.count % table->columns == 0);
	const size_t *widths = measure(table);

	for (size_t i = 0; i < table->cells.count; i += table->columns) {
		print_row(table, out, table->cells.items + i, widths, i == 0 && table->use_color ? "\033[1;36m" : NULL);
		if (i == 0)
			print_rule(table, out, widths);
	}
	if (table->cells.count > table->columns)
		print_rule(table, out, widths);
}
