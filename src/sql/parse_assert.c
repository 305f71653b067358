/* ASSERT TOPIC and SCHEMA (servers), ASSERT [NULL] VALUES, STREAM and TABLE (the test runner). interfaces.md §4. */
#include "sql/parse_int.h"

static bool parse_timeout(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	if (!weir_parser_accept(parser, "TIMEOUT"))
		return true;
	statement->has_timeout = true;
	return weir_parse_duration(parser, &statement->timeout);
}

static bool parse_topic(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	statement->kind = WEIR_SQL_ASSERT_TOPIC;
	const struct weir_token *token = weir_parser_peek(parser, 0);
	if (!weir_parse_name_or_string(parser, "a topic's name", &statement->name, &statement->name_place))
		return false;
	if (token->kind == WEIR_TOKEN_WORD)
		statement->name = token->text;
	return weir_parse_properties(parser, statement) && parse_timeout(parser, statement);
}

static bool parse_schema(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	statement->kind = WEIR_SQL_ASSERT_SCHEMA;
	if (weir_parser_accept(parser, "SUBJECT")) {
		const struct weir_token *token = weir_parser_peek(parser, 0);
		if (!weir_parse_name_or_string(parser, "a subject", &statement->name, &statement->name_place))
			return false;
		if (token->kind == WEIR_TOKEN_WORD)
			statement->name = token->text;
	}
	if (weir_parser_accept(parser, "ID")) {
		statement->has_id = true;
		if (!weir_parse_integer(parser, "a schema's id", &statement->id))
			return false;
	}
	if (statement->name.len == 0 && !statement->has_id)
		return weir_parser_fail(parser, "SUBJECT or ID");
	return parse_timeout(parser, statement);
}

/* Reads the rest as INSERT INTO … VALUES would. */
static bool parse_values(struct weir_parser *parser, struct weir_sql_statement *statement, bool is_null)
{
	WEIR_VEC(struct weir_slice) names = { 0 };
	WEIR_VEC(const struct weir_sql_expr *) values = { 0 };

	statement->kind = is_null ? WEIR_SQL_ASSERT_NULL_VALUES : WEIR_SQL_ASSERT_VALUES;
	if (!weir_parse_source_name(parser, "a stream or table", &statement->name, &statement->name_place) ||
		!weir_parser_expect_symbol(parser, "("))
		return false;
	do {
		struct weir_slice name;
		if (!weir_parse_name(parser, "a column's name", &name, NULL))
			return false;
		WEIR_VEC_PUSH_IN(parser->arena, &names, name);
	} while (weir_parser_accept_symbol(parser, ","));
	if (!weir_parser_expect_symbol(parser, ")") || !weir_parser_expect(parser, is_null ? "KEY" : "VALUES") ||
		!weir_parser_expect_symbol(parser, "("))
		return false;
	do {
		const struct weir_sql_expr *value;
		if (!weir_parse_value_expression(parser, &value))
			return false;
		WEIR_VEC_PUSH_IN(parser->arena, &values, value);
	} while (weir_parser_accept_symbol(parser, ","));
	statement->insert_columns = names.items;
	statement->insert_column_count = names.count;
	statement->values = values.items;
	statement->value_count = values.count;
	return weir_parser_expect_symbol(parser, ")");
}

static bool parse_source(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	parser->at--; /* STREAM or TABLE: the rest is a CREATE statement */
	if (!weir_parse_create(parser, statement))
		return false;
	statement->kind = WEIR_SQL_ASSERT_STREAM;
	return true;
}

bool weir_parse_assert(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	if (weir_parser_accept(parser, "NOT")) {
		statement->not_exists = true;
		if (!weir_parser_expect(parser, "EXISTS"))
			return false;
	}
	if (weir_parser_accept(parser, "TOPIC"))
		return parse_topic(parser, statement);
	if (weir_parser_accept(parser, "SCHEMA"))
		return parse_schema(parser, statement);
	if (weir_parser_accept(parser, "VALUES"))
		return parse_values(parser, statement, false);
	if (weir_parser_accept(parser, "NULL"))
		return weir_parser_expect(parser, "VALUES") && parse_values(parser, statement, true);
	if (weir_parser_accept(parser, "STREAM") || weir_parser_accept(parser, "TABLE"))
		return parse_source(parser, statement);
	return weir_parser_fail(parser, "TOPIC, SCHEMA, VALUES, NULL VALUES, STREAM or TABLE");
}
