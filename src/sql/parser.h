/* SQL text to syntax trees.
 *
 * A text is a script of statements. Statements are taken one after another, so that a DEFINE or SET earlier in the script acts on
 * the ones behind it: weir_sql_next_statement() cuts, weir_sql_substitute() replaces variables, weir_sql_parse_statement() parses.
 * Errors: WEIR_E_SYNTAX with line, column, span and advice. Thread: any; no state.
 */
#pragma once

#include "base/buf.h"
#include "sql/ast.h"

#define WEIR_SQL_MAX_TEXT_BYTES ((size_t)16 << 20)
#define WEIR_SQL_MAX_DEPTH      200

/* Cuts the next statement off *rest, `;` included (the last one may lack it). *ret_found false: nothing but blanks and comments is
 * left. *line and *column (start at 1, 1) follow. Errors: an unterminated string, name or comment. */
bool weir_sql_next_statement(struct weir_slice *rest, int *line, int *column, struct weir_slice *ret_statement, int *ret_line,
	int *ret_column, bool *ret_found, struct weir_err *err);

/* Parses exactly one statement. `line`, `column`: where the text stands in the user's script, for messages. The tree lives in the
 * arena and keeps pointing into `text`, which must live as long. */
bool weir_sql_parse_statement(struct weir_arena *arena, struct weir_slice text, int line, int column,
	const struct weir_sql_statement **ret, struct weir_err *err);

/* All statements of a text without substitution. */
bool weir_sql_parse(struct weir_arena *arena, struct weir_slice text, const struct weir_sql_statement *const **ret,
	size_t *ret_count, struct weir_err *err);
/* One expression and nothing else. */
bool weir_sql_parse_expression(
	struct weir_arena *arena, struct weir_slice text, const struct weir_sql_expr **ret, struct weir_err *err);
/* One type and nothing else: schema texts of tests. */
bool weir_sql_parse_type(struct weir_arena *arena, struct weir_slice text, const struct weir_sql_type **ret, struct weir_err *err);

/* Replaces ${name} by the position rules of semantics.md §1.7; unknown variables stay. lookup returns ptr NULL for those. */
bool weir_sql_substitute(struct weir_arena *arena, struct weir_slice text,
	struct weir_slice (*lookup)(void *ctx, struct weir_slice name), void *ctx, struct weir_slice *ret_text,
	struct weir_err *err);

/* ---- Printing: canonical SQL ---- */
void weir_sql_print_name(struct weir_buf *out, struct weir_slice name); /* back-quoted when it must be */
void weir_sql_print_expression(struct weir_buf *out, const struct weir_sql_expr *expr);
void weir_sql_print_type(struct weir_buf *out, const struct weir_sql_type *type);
void weir_sql_print_query(struct weir_buf *out, const struct weir_sql_query *query);

bool weir_sql_is_reserved(struct weir_slice word); /* upper case */
