/* CREATE: streams and tables (with columns, from a schema, AS SELECT), types, connectors; and their WITH clauses. */
#include "sql/parse_int.h"

/* ---- WITH ( name = literal, … ) ---- */

static bool parse_property_value(struct weir_parser *parser, struct weir_sql_property *property)
{
	const struct weir_token *token = weir_parser_peek(parser, 0);
	const struct weir_sql_expr *literal;

	property->value_place = token->place;
	if (token->kind == WEIR_TOKEN_STRING) {
		property->kind = WEIR_SQL_STRING;
		property->text = weir_parser_take(parser)->name;
		return true;
	}
	bool is_literal = token->kind == WEIR_TOKEN_INTEGER || token->kind == WEIR_TOKEN_DECIMAL ||
			  token->kind == WEIR_TOKEN_DOUBLE || weir_parser_is_symbol(parser, 0, "-") ||
			  weir_parser_is_word(parser, 0, "TRUE") || weir_parser_is_word(parser, 0, "FALSE") ||
			  weir_parser_is_word(parser, 0, "NULL");
	if (!is_literal)
		return weir_parser_fail(parser, "a literal (a 'text', a number, TRUE or FALSE)");
	if (!weir_parse_value_expression(parser, &literal))
		return false;
	property->kind = literal->kind;
	property->text = weir_slice_make(parser->text.ptr + literal->place.offset, literal->place.len);
	property->value_place = literal->place;
	return true;
}

bool weir_parse_properties(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	WEIR_VEC(struct weir_sql_property) properties = { 0 };

	if (!weir_parser_is_word(parser, 0, "WITH"))
		return true;
	statement->properties_place = weir_parser_take(parser)->place;
	if (!weir_parser_expect_symbol(parser, "("))
		return false;
	if (!weir_parser_is_symbol(parser, 0, ")")) {
		do {
			struct weir_sql_property property = { 0 };
			if (properties.count && weir_parser_is_symbol(parser, 0, ")"))
				break;
			if (!weir_parse_name_or_string(parser, "a property's name", &property.name, &property.place) ||
				!weir_parser_expect_symbol(parser, "=") || !parse_property_value(parser, &property))
				return false;
			WEIR_VEC_PUSH_IN(parser->arena, &properties, property);
		} while (weir_parser_accept_symbol(parser, ","));
	}
	statement->properties = properties.items;
	statement->property_count = properties.count;
	return weir_parser_expect_symbol(parser, ")");
}

/* ---- Columns ---- */

static bool parse_column_role(struct weir_parser *parser, struct weir_sql_column_def *column)
{
	if (weir_parser_accept(parser, "PRIMARY")) {
		column->role = WEIR_SQL_COLUMN_PRIMARY_KEY;
		return weir_parser_expect(parser, "KEY");
	}
	if (weir_parser_accept(parser, "KEY")) {
		column->role = WEIR_SQL_COLUMN_KEY;
	} else if (weir_parser_accept(parser, "HEADERS")) {
		column->role = WEIR_SQL_COLUMN_HEADERS;
	} else if (weir_parser_accept(parser, "HEADER")) {
		column->role = WEIR_SQL_COLUMN_HEADER;
		return weir_parser_expect_symbol(parser, "(") &&
		       weir_parse_string(parser, "a header's key in quotes", &column->header_key) &&
		       weir_parser_expect_symbol(parser, ")");
	}
	return true;
}

static bool parse_columns(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	WEIR_VEC(struct weir_sql_column_def) columns = { 0 };

	if (!weir_parser_accept_symbol(parser, "("))
		return true;
	statement->has_columns = true;
	if (!weir_parser_is_symbol(parser, 0, ")")) {
		do {
			struct weir_sql_column_def column = { 0 };
			if (columns.count && weir_parser_is_symbol(parser, 0, ")"))
				break;
			if (!weir_parse_name(parser, "a column's name", &column.name, &column.place) ||
				!weir_parse_type(parser, &column.type) || !parse_column_role(parser, &column))
				return false;
			WEIR_VEC_PUSH_IN(parser->arena, &columns, column);
		} while (weir_parser_accept_symbol(parser, ","));
	}
	statement->columns = columns.items;
	statement->column_count = columns.count;
	return weir_parser_expect_symbol(parser, ")");
}

/* ---- Statements ---- */

static bool parse_source(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	statement->is_table = weir_parser_accept(parser, "TABLE");
	if (!statement->is_table && !weir_parser_expect(parser, "STREAM"))
		return false;
	if (!weir_parse_if_exists(parser, true, &statement->if_not_exists) ||
		!weir_parse_source_name(parser, statement->is_table ? "the table's name" : "the stream's name", &statement->name,
			&statement->name_place) ||
		!parse_columns(parser, statement) || !weir_parse_properties(parser, statement))
		return false;
	statement->kind = WEIR_SQL_CREATE_SOURCE;
	if (!weir_parser_is_word(parser, 0, "AS"))
		return true;
	if (statement->has_columns || statement->is_source)
		return weir_parser_fail_at(parser, weir_parser_peek(parser, 0)->place, "%s and AS SELECT exclude each other",
			statement->is_source ? "CREATE SOURCE" : "A column list");
	weir_parser_take(parser);
	statement->kind = WEIR_SQL_CREATE_AS;
	return weir_parse_query(parser, &statement->query);
}

static bool parse_create_type(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	statement->kind = WEIR_SQL_CREATE_TYPE;
	return weir_parse_if_exists(parser, true, &statement->if_not_exists) &&
	       weir_parse_name(parser, "the type's name", &statement->name, &statement->name_place) &&
	       weir_parser_expect(parser, "AS") && weir_parse_type(parser, &statement->type);
}

static bool parse_connector(struct weir_parser *parser, struct weir_sql_statement *statement, const char *kind)
{
	weir_parser_take(parser);
	statement->kind = WEIR_SQL_CREATE_CONNECTOR;
	statement->name2 = weir_slice_of(kind);
	return weir_parser_expect(parser, "CONNECTOR") && weir_parse_if_exists(parser, true, &statement->if_not_exists) &&
	       weir_parse_name(parser, "the connector's name", &statement->name, &statement->name_place) &&
	       weir_parse_properties(parser, statement);
}

bool weir_parse_create(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	if (weir_parser_accept(parser, "TYPE"))
		return parse_create_type(parser, statement);
	if (weir_parser_is_word(parser, 1, "CONNECTOR")) {
		if (weir_parser_is_word(parser, 0, "SOURCE"))
			return parse_connector(parser, statement, "SOURCE");
		if (weir_parser_is_word(parser, 0, "SINK"))
			return parse_connector(parser, statement, "SINK");
	}
	if (weir_parser_accept(parser, "OR")) {
		statement->or_replace = true;
		if (!weir_parser_expect(parser, "REPLACE"))
			return false;
	}
	statement->is_source = weir_parser_accept(parser, "SOURCE");
	if (!weir_parser_is_word(parser, 0, "STREAM") && !weir_parser_is_word(parser, 0, "TABLE"))
		return weir_parser_fail(parser, "STREAM, TABLE, TYPE or CONNECTOR");
	return parse_source(parser, statement);
}

bool weir_parse_alter(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	WEIR_VEC(struct weir_sql_column_def) columns = { 0 };

	if (weir_parser_accept(parser, "SYSTEM")) {
		statement->kind = WEIR_SQL_ALTER_SYSTEM;
		return weir_parse_string(parser, "a property in quotes", &statement->name) &&
		       weir_parser_expect_symbol(parser, "=") && weir_parse_string(parser, "a value in quotes", &statement->name2);
	}
	statement->kind = WEIR_SQL_ALTER_SOURCE;
	statement->is_table = weir_parser_accept(parser, "TABLE");
	if (!statement->is_table && !weir_parser_accept(parser, "STREAM"))
		return weir_parser_fail(parser, "STREAM, TABLE or SYSTEM");
	if (!weir_parse_source_name(parser, "a stream or table", &statement->name, &statement->name_place))
		return false;
	do {
		struct weir_sql_column_def column = { 0 };
		if (!weir_parser_expect(parser, "ADD"))
			return false;
		weir_parser_accept(parser, "COLUMN");
		if (!weir_parse_name(parser, "a column's name", &column.name, &column.place) ||
			!weir_parse_type(parser, &column.type))
			return false;
		WEIR_VEC_PUSH_IN(parser->arena, &columns, column);
	} while (weir_parser_accept_symbol(parser, ","));
	statement->columns = columns.items;
	statement->column_count = columns.count;
	return true;
}

bool weir_parse_drop(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	if (weir_parser_accept(parser, "TYPE") || weir_parser_is_word(parser, 0, "CONNECTOR")) {
		bool is_connector = weir_parser_accept(parser, "CONNECTOR");
		statement->kind = is_connector ? WEIR_SQL_DROP_CONNECTOR : WEIR_SQL_DROP_TYPE;
		return weir_parse_if_exists(parser, false, &statement->if_exists) &&
		       weir_parse_name(parser, "a name", &statement->name, &statement->name_place);
	}
	statement->kind = WEIR_SQL_DROP_SOURCE;
	statement->is_table = weir_parser_accept(parser, "TABLE");
	if (!statement->is_table && !weir_parser_accept(parser, "STREAM"))
		return weir_parser_fail(parser, "STREAM, TABLE, TYPE or CONNECTOR");
	if (!weir_parse_if_exists(parser, false, &statement->if_exists) ||
		!weir_parse_source_name(parser, "a stream or table", &statement->name, &statement->name_place))
		return false;
	if (!weir_parser_accept(parser, "DELETE"))
		return true;
	statement->deletes_topic = true;
	return weir_parser_expect(parser, "TOPIC");
}
