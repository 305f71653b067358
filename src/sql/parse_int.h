/* What the parse_*.c files share: a cursor over tokens, errors, lists. */
#pragma once

#include "base/vec.h"
#include "sql/lexer.h"
#include "sql/parser.h"

struct weir_parser {
	struct weir_arena *arena;
	struct weir_slice text; /* the statement's */
	const struct weir_token *tokens;
	size_t count, at;
	int depth;
	struct weir_err *err;
};

const struct weir_token *weir_parser_peek(const struct weir_parser *parser, size_t ahead);
const struct weir_token *weir_parser_take(struct weir_parser *parser);
/* Is the token `ahead` this word (quoted names never are) or this symbol? */
bool weir_parser_is_word(const struct weir_parser *parser, size_t ahead, const char *word);
bool weir_parser_is_symbol(const struct weir_parser *parser, size_t ahead, const char *symbol);
/* Takes it if it is there. */
bool weir_parser_accept(struct weir_parser *parser, const char *word);
bool weir_parser_accept_symbol(struct weir_parser *parser, const char *symbol);
/* Takes it or fails. */
bool weir_parser_expect(struct weir_parser *parser, const char *word);
bool weir_parser_expect_symbol(struct weir_parser *parser, const char *symbol);
/* "Expected <what>, found <token>" at the current token. Always false. */
bool weir_parser_fail(struct weir_parser *parser, const char *expected);
bool weir_parser_fail_at(struct weir_parser *parser, struct weir_sql_place place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* From the start place to the token before the current one. */
struct weir_sql_place weir_parser_place_since(const struct weir_parser *parser, struct weir_sql_place start);

bool weir_parse_name(struct weir_parser *parser, const char *what, struct weir_slice *ret_name, struct weir_sql_place *ret_place);
/* A source's name: letters, digits, _ and - only. */
bool weir_parse_source_name(
	struct weir_parser *parser, const char *what, struct weir_slice *ret_name, struct weir_sql_place *ret_place);
/* Name or string literal, case kept for strings. */
bool weir_parse_name_or_string(
	struct weir_parser *parser, const char *what, struct weir_slice *ret_name, struct weir_sql_place *ret_place);
bool weir_parse_integer(struct weir_parser *parser, const char *what, int64_t *ret_value);
bool weir_parse_duration(struct weir_parser *parser, struct weir_sql_duration *ret);
bool weir_parse_string(struct weir_parser *parser, const char *what, struct weir_slice *ret_text);
bool weir_parse_if_exists(struct weir_parser *parser, bool negated, bool *ret);
bool weir_parse_type(struct weir_parser *parser, const struct weir_sql_type **ret);
bool weir_parse_expression(struct weir_parser *parser, const struct weir_sql_expr **ret);
/* Without comparisons, AND, OR: what GROUP BY, PARTITION BY and VALUES take. */
bool weir_parse_value_expression(struct weir_parser *parser, const struct weir_sql_expr **ret);
bool weir_parse_query(struct weir_parser *parser, const struct weir_sql_query **ret);
/* WITH ( … ), when it is there. */
bool weir_parse_properties(struct weir_parser *parser, struct weir_sql_statement *statement);
/* One statement, up to but without its `;`. */
bool weir_parse_statement(struct weir_parser *parser, struct weir_sql_statement *statement);

/* parse_create.c … : the cursor stands behind the statement's first word. */
bool weir_parse_create(struct weir_parser *parser, struct weir_sql_statement *statement);
bool weir_parse_insert(struct weir_parser *parser, struct weir_sql_statement *statement);
bool weir_parse_drop(struct weir_parser *parser, struct weir_sql_statement *statement);
bool weir_parse_alter(struct weir_parser *parser, struct weir_sql_statement *statement);
bool weir_parse_show(struct weir_parser *parser, struct weir_sql_statement *statement);
bool weir_parse_describe(struct weir_parser *parser, struct weir_sql_statement *statement);
bool weir_parse_explain(struct weir_parser *parser, struct weir_sql_statement *statement);
bool weir_parse_print(struct weir_parser *parser, struct weir_sql_statement *statement);
bool weir_parse_assert(struct weir_parser *parser, struct weir_sql_statement *statement);
bool weir_parse_set(struct weir_parser *parser, struct weir_sql_statement *statement);
bool weir_parse_unset(struct weir_parser *parser, struct weir_sql_statement *statement);
bool weir_parse_define(struct weir_parser *parser, struct weir_sql_statement *statement);
bool weir_parse_undefine(struct weir_parser *parser, struct weir_sql_statement *statement);
bool weir_parse_terminate(struct weir_parser *parser, struct weir_sql_statement *statement);
bool weir_parse_pause(struct weir_parser *parser, struct weir_sql_statement *statement);
bool weir_parse_resume(struct weir_parser *parser, struct weir_sql_statement *statement);
bool weir_parse_run(struct weir_parser *parser, struct weir_sql_statement *statement);
