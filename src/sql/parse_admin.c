/* SET, UNSET, DEFINE, UNDEFINE, TERMINATE, PAUSE, RESUME, RUN SCRIPT. */
#include "sql/parse_int.h"

bool weir_parse_set(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	statement->kind = WEIR_SQL_SET;
	return weir_parse_string(parser, "a property in quotes", &statement->name) && weir_parser_expect_symbol(parser, "=") &&
	       weir_parse_string(parser, "a value in quotes", &statement->name2);
}

bool weir_parse_unset(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	statement->kind = WEIR_SQL_UNSET;
	return weir_parse_string(parser, "a property in quotes", &statement->name);
}

bool weir_parse_define(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	statement->kind = WEIR_SQL_DEFINE;
	const struct weir_token *token = weir_parser_peek(parser, 0);
	if (!weir_parse_name(parser, "a variable's name", &statement->name, &statement->name_place))
		return false;
	if (token->kind == WEIR_TOKEN_WORD)
		statement->name = token->text; /* kept as typed */
	return weir_parser_expect_symbol(parser, "=") && weir_parse_string(parser, "a value in quotes", &statement->name2);
}

bool weir_parse_undefine(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	statement->kind = WEIR_SQL_UNDEFINE;
	const struct weir_token *token = weir_parser_peek(parser, 0);
	if (!weir_parse_name(parser, "a variable's name", &statement->name, &statement->name_place))
		return false;
	if (token->kind == WEIR_TOKEN_WORD)
		statement->name = token->text;
	return true;
}

static bool parse_query_id(struct weir_parser *parser, struct weir_sql_statement *statement, enum weir_sql_statement_kind kind)
{
	statement->kind = kind;
	statement->is_all = weir_parser_accept(parser, "ALL");
	return statement->is_all || weir_parse_name(parser, "a query's id or ALL", &statement->name, &statement->name_place);
}

bool weir_parse_terminate(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	return parse_query_id(parser, statement, WEIR_SQL_TERMINATE);
}

bool weir_parse_pause(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	return parse_query_id(parser, statement, WEIR_SQL_PAUSE);
}

bool weir_parse_resume(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	return parse_query_id(parser, statement, WEIR_SQL_RESUME);
}

bool weir_parse_run(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	statement->kind = WEIR_SQL_RUN_SCRIPT;
	return weir_parser_expect(parser, "SCRIPT") && weir_parse_string(parser, "a file's name in quotes", &statement->name2);
}
