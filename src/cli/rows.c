/* Rows of a query as they come: a table, JSON lines or CSV. Elements arrive one a line: [{"header":…},\n{"row":…},\n…]
 *
 * The table's columns are as wide as the first rows need: rows are held back until the answer's end, or of a stream until the
 * piece that brought them has been read, but never more than ROWS_HELD_BACK of them. Longer values later on go on in further lines
 * of their cell. */
#include "base/memory.h"
#include "base/vec.h"
#include "cli/client.h"
#include "cli/width.h"

#include <stdio.h>
#include <stdlib.h>

#define MAX_COLUMNS    512
#define ROWS_HELD_BACK 500
#define MIN_CELL_WIDTH 5

struct weir_rows {
	struct weir_sql_client *client;
	struct weir_buf pending;          /* an incomplete line */
	struct weir_arena arena;          /* what is held back */
	WEIR_VEC(struct weir_slice) held; /* cells, the heading's first */
	bool ends;
	size_t columns;
	size_t widths[MAX_COLUMNS]; /* [0] is 0 until the heading is printed */
};

struct weir_rows *weir_rows_new(struct weir_sql_client *client, bool ends)
{
	struct weir_rows *rows = weir_alloc_zero(sizeof *rows);

	rows->client = client;
	rows->ends = ends;
	weir_buf_init(&rows->pending, WEIR_BUF_NO_LIMIT);
	weir_arena_init(&rows->arena, 8192);
	return rows;
}

static void print_rule(const struct weir_rows *rows)
{
	putchar('+');
	for (size_t i = 0; i < rows->columns; i++) {
		for (size_t k = 0; k < rows->widths[i]; k++)
			putchar('-');
		putchar('+');
	}
	putchar('\n');
}

/* Cells in pieces of their column's width, as many lines as the longest needs. */
static void print_cells(const struct weir_rows *rows, struct weir_slice *cells, const char *color)
{
	bool more = true;

	while (more) {
		more = false;
		putchar('|');
		for (size_t i = 0; i < rows->columns; i++) {
			size_t used = 0, len = weir_width_prefix(cells[i], rows->widths[i], &used);
			printf("%s%.*s%s%*s|", color, (int)len, cells[i].ptr ? cells[i].ptr : "", *color ? "\033[0m" : "",
				(int)(rows->widths[i] > used ? rows->widths[i] - used : 0), "");
			cells[i] = weir_slice_make(cells[i].ptr + len, cells[i].len - len);
			more = more || cells[i].len > 0;
		}
		putchar('\n');
	}
}

/* As wide as the cells held back need; together no wider than the terminal: the widest columns give way. */
static void choose_widths(struct weir_rows *rows)
{
	size_t room = rows->client->width ? rows->client->width : 120, total = rows->columns + 1;

	for (size_t i = 0; i < rows->held.count; i++) {
		size_t width = weir_width_of(rows->held.items[i]), *widest = &rows->widths[i % rows->columns];
		*widest = width > *widest ? width : *widest;
	}
	for (size_t i = 0; i < rows->columns; i++) {
		if (rows->widths[i] < MIN_CELL_WIDTH)
			rows->widths[i] = MIN_CELL_WIDTH;
		total += rows->widths[i];
	}
	while (total > room) {
		size_t widest = 0;
		for (size_t i = 1; i < rows->columns; i++)
			widest = rows->widths[i] > rows->widths[widest] ? i : widest;
		if (rows->widths[widest] <= MIN_CELL_WIDTH)
			break;
		rows->widths[widest]--;
		total--;
	}
}

/* Prints what is held back; before the first row that is the heading. */
static void release(struct weir_rows *rows)
{
	if (!rows->held.count)
		return;
	bool is_first = rows->widths[0] == 0;
	if (is_first) {
		choose_widths(rows);
		print_rule(rows);
	}
	for (size_t i = 0; i < rows->held.count; i += rows->columns) {
		bool is_heading = is_first && i == 0;
		print_cells(rows, rows->held.items + i, is_heading && rows->client->use_color ? "\033[1;36m" : "");
		if (is_heading)
			print_rule(rows);
	}
	rows->held.count = 0;
	weir_arena_reset(&rows->arena);
}

static void hold_back(struct weir_rows *rows, const struct weir_slice *cells)
{
	for (size_t i = 0; i < rows->columns; i++)
		WEIR_VEC_PUSH(&rows->held, weir_arena_copy(&rows->arena, cells[i]));
	if (rows->held.count >= ROWS_HELD_BACK * rows->columns)
		release(rows);
}

static struct weir_slice value_text(struct weir_arena *arena, const struct weir_json *json)
{
	struct weir_buf out;

	if (json->kind == WEIR_JSON_STRING)
		return json->text;
	if (json->kind != WEIR_JSON_ARRAY && json->kind != WEIR_JSON_OBJECT)
		return json->raw;
	weir_buf_init(&out, WEIR_BUF_NO_LIMIT);
	bool is_array = json->kind == WEIR_JSON_ARRAY;
	weir_buf_append_byte(&out, is_array ? '[' : '{');
	for (size_t i = 0; i < json->count; i++) {
		weir_buf_append_text(&out, i ? ", " : "");
		if (!is_array) {
			weir_buf_append_slice(&out, json->members[i].name);
			weir_buf_append_byte(&out, '=');
		}
		weir_buf_append_slice(&out, value_text(arena, is_array ? json->items[i] : json->members[i].value));
	}
	weir_buf_append_byte(&out, is_array ? ']' : '}');
	struct weir_slice text = weir_arena_copy(arena, weir_buf_slice(&out));
	weir_buf_fini(&out);
	return text;
}

/* The names between back-quotes at the top level of a schema text. */
static size_t schema_names(struct weir_slice schema, struct weir_slice *names, size_t most)
{
	size_t count = 0, depth = 0;
	bool expects_name = true;

	for (size_t i = 0; i < schema.len; i++) {
		char c = schema.ptr[i];
		if (c == '`') {
			const char *end = memchr(schema.ptr + i + 1, '`', schema.len - i - 1);
			if (!end)
				break;
			if (depth == 0 && expects_name && count < most)
				names[count++] = weir_slice_make(schema.ptr + i + 1, (size_t)(end - schema.ptr) - i - 1);
			expects_name = expects_name && depth > 0;
			i = (size_t)(end - schema.ptr);
		} else if (c == '<' || c == '(') {
			depth++;
		} else if (c == '>' || c == ')') {
			depth--;
		} else if (c == ',' && depth == 0) {
			expects_name = true;
		}
	}
	return count;
}

static void print_csv_cell(struct weir_slice text, bool first)
{
	bool quote = text.len &&
		     (memchr(text.ptr, ',', text.len) || memchr(text.ptr, '"', text.len) || memchr(text.ptr, '\n', text.len));

	if (!first)
		putchar(',');
	if (quote)
		putchar('"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"')
			putchar('"');
		putchar(text.ptr[i]);
	}
	if (quote)
		putchar('"');
}

static void print_header(struct weir_rows *rows, const struct weir_json *header)
{
	struct weir_slice names[MAX_COLUMNS];

	rows->columns = schema_names(weir_json_get_text(header, "schema", ""), names, MAX_COLUMNS);
	if (rows->columns && rows->client->output != WEIR_OUTPUT_CSV) {
		hold_back(rows, names);
		return;
	}
	for (size_t i = 0; i < rows->columns; i++)
		print_csv_cell(names[i], i == 0);
	if (rows->columns)
		putchar('\n');
}

static void print_row(struct weir_rows *rows, const struct weir_json *row)
{
	const struct weir_json *columns = weir_json_get(row, "columns");
	bool is_tombstone = weir_json_get_bool(row, "tombstone", false), is_csv = rows->client->output == WEIR_OUTPUT_CSV;
	struct weir_slice cells[MAX_COLUMNS];
	struct weir_arena arena;

	weir_arena_init(&arena, 1024);
	size_t count = columns && columns->count < MAX_COLUMNS ? columns->count : 0;
	for (size_t i = 0; i < count; i++) {
		bool is_null = columns->items[i]->kind == WEIR_JSON_NULL;
		cells[i] = is_null && is_tombstone ? WEIR_SLICE("<TOMBSTONE>")
			   : is_null && is_csv     ? (struct weir_slice){ 0 }
						   : value_text(&arena, columns->items[i]);
		if (is_csv)
			print_csv_cell(cells[i], i == 0);
	}
	if (is_csv)
		putchar('\n');
	else if (count == rows->columns)
		hold_back(rows, cells);
	weir_arena_fini(&arena);
}

static void print_element(struct weir_rows *rows, const struct weir_json *element)
{
	if (rows->client->output == WEIR_OUTPUT_JSON && element->count) {
		printf("%.*s\n", WEIR_SLICE_ARG(element->members[0].value->raw));
		return;
	}
	const struct weir_json *message = weir_json_get(element, "finalMessage");
	if (weir_json_get(element, "header"))
		print_header(rows, weir_json_get(element, "header"));
	else if (weir_json_get(element, "row"))
		print_row(rows, weir_json_get(element, "row"));
	else if (message) {
		release(rows);
		printf("%.*s\n", WEIR_SLICE_ARG(message->text));
	} else if (weir_json_get(element, "errorMessage")) {
		release(rows);
		weir_client_print_error(rows->client, weir_json_get(element, "errorMessage"), (struct weir_slice){ 0 });
		rows->client->had_error = true;
	}
}

static void take_line(struct weir_rows *rows, struct weir_slice line)
{
	struct weir_arena arena;
	struct weir_json *json;
	struct weir_err ignored;

	line = weir_slice_trim(line);
	if (line.len && line.ptr[0] == '[')
		line = weir_slice_make(line.ptr + 1, line.len - 1);
	while (line.len && (line.ptr[line.len - 1] == ',' || line.ptr[line.len - 1] == ']'))
		line.len--;
	if (line.len == 0)
		return;
	weir_arena_init(&arena, 2048);
	if (weir_json_parse(&arena, line, false, &json, &ignored) && json->kind == WEIR_JSON_OBJECT)
		print_element(rows, json);
	else
		printf("%.*s\n", WEIR_SLICE_ARG(line));
	weir_arena_fini(&arena);
}

void weir_rows_take(struct weir_rows *rows, struct weir_slice bytes)
{
	weir_buf_append_slice(&rows->pending, bytes);
	struct weir_slice rest = weir_buf_slice(&rows->pending);
	const char *end;
	while (rest.len && (end = memchr(rest.ptr, '\n', rest.len))) {
		take_line(rows, weir_slice_make(rest.ptr, (size_t)(end - rest.ptr)));
		size_t used = (size_t)(end + 1 - rest.ptr);
		rest = weir_slice_make(rest.ptr + used, rest.len - used);
	}
	memmove(rows->pending.data, rest.ptr, rest.len);
	rows->pending.len = rest.len;
	if (!rows->ends &&
		(rows->held.count > rows->columns || rows->widths[0])) /* never the heading alone: rows tell its widths */
		release(rows);
	fflush(stdout);
}

void weir_rows_free(struct weir_rows *rows)
{
	if (rows->pending.len)
		take_line(rows, weir_buf_slice(&rows->pending));
	release(rows);
	WEIR_VEC_FREE(&rows->held);
	weir_arena_fini(&rows->arena);
	weir_buf_fini(&rows->pending);
	free(rows);
}
