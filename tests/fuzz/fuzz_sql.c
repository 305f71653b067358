/* links: weir_sql */
/* SQL text: any bytes; a query that parses prints as SQL that parses and prints the same. */
#include "sql/parser.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct weir_sql_statement *parse(struct weir_arena *arena, struct weir_slice text)
{
	const struct weir_sql_statement *statement = NULL;
	struct weir_err err = { 0 };

	if (weir_sql_parse_statement(arena, text, 1, 1, &statement, &err))
		return statement;
	assert(err.text[0] != '\0');
	return NULL;
}

static void check_printing(struct weir_arena *arena, const struct weir_sql_statement *statement)
{
	struct weir_buf first, second;

	weir_buf_init(&first, WEIR_BUF_NO_LIMIT);
	weir_buf_init(&second, WEIR_BUF_NO_LIMIT);
	weir_sql_print_query(&first, statement->query);
	weir_buf_append_byte(&first, ';');
	const struct weir_sql_statement *again = parse(arena, weir_buf_slice(&first));
	assert(again && again->query);
	weir_sql_print_query(&second, again->query);
	weir_buf_append_byte(&second, ';');
	assert(weir_slice_equals(weir_buf_slice(&first), weir_buf_slice(&second)));
	weir_buf_fini(&first);
	weir_buf_fini(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct weir_slice rest = weir_slice_make(data, size), piece;
	struct weir_arena arena;
	struct weir_err err;
	int line = 1, column = 1, piece_line, piece_column;
	bool found = true;

	weir_arena_init(&arena, 4096);
	while (found && weir_sql_next_statement(&rest, &line, &column, &piece, &piece_line, &piece_column, &found, &err) && found) {
		const struct weir_sql_statement *statement = parse(&arena, piece);
		if (statement && statement->kind == WEIR_SQL_SELECT)
			check_printing(&arena, statement);
	}
	weir_arena_fini(&arena);
	return 0;
}
