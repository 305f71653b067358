/* INSERT INTO … SELECT and INSERT INTO … VALUES. */
#include "sql/parse_int.h"

static bool parse_columns(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	WEIR_VEC(struct weir_slice) names = { 0 };

	if (!weir_parser_accept_symbol(parser, "("))
		return true;
	do {
		struct weir_slice name;
		if (!weir_parse_name(parser, "a column's name", &name, NULL))
			return false;
		WEIR_VEC_PUSH_IN(parser->arena, &names, name);
	} while (weir_parser_accept_symbol(parser, ","));
	statement->insert_columns = names.items;
	statement->insert_column_count = names.count;
	return weir_parser_expect_symbol(parser, ")");
}

static bool parse_values(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	WEIR_VEC(const struct weir_sql_expr *) values = { 0 };

	statement->kind = WEIR_SQL_INSERT_VALUES;
	if (!weir_parser_expect(parser, "VALUES") || !weir_parser_expect_symbol(parser, "("))
		return false;
	do {
		const struct weir_sql_expr *value;
		if (!weir_parse_value_expression(parser, &value))
			return false;
		WEIR_VEC_PUSH_IN(parser->arena, &values, value);
	} while (weir_parser_accept_symbol(parser, ","));
	statement->values = values.items;
	statement->value_count = values.count;
	return weir_parser_expect_symbol(parser, ")");
}

bool weir_parse_insert(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	if (!weir_parser_expect(parser, "INTO") ||
		!weir_parse_source_name(parser, "a stream or table", &statement->name, &statement->name_place))
		return false;
	if (weir_parser_is_symbol(parser, 0, "(") || weir_parser_is_word(parser, 0, "VALUES"))
		return parse_columns(parser, statement) && parse_values(parser, statement);
	statement->kind = WEIR_SQL_INSERT_SELECT;
	return weir_parse_properties(parser, statement) && weir_parse_query(parser, &statement->query);
}
