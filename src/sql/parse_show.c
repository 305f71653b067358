/* SHOW / LIST, DESCRIBE, EXPLAIN, PRINT. */
#include "sql/parse_int.h"

struct show_form {
	const char *words[2];
	enum weir_sql_statement_kind kind;
	const char *name;
};

static const struct show_form show_forms[] = {
	{ { "STREAMS" }, WEIR_SQL_SHOW_STREAMS, "" },
	{ { "TABLES" }, WEIR_SQL_SHOW_TABLES, "" },
	{ { "TOPICS" }, WEIR_SQL_SHOW_TOPICS, "" },
	{ { "QUERIES" }, WEIR_SQL_SHOW_QUERIES, "" },
	{ { "FUNCTIONS" }, WEIR_SQL_SHOW_FUNCTIONS, "" },
	{ { "PROPERTIES" }, WEIR_SQL_SHOW_PROPERTIES, "" },
	{ { "TYPES" }, WEIR_SQL_SHOW_TYPES, "" },
	{ { "VARIABLES" }, WEIR_SQL_SHOW_VARIABLES, "" },
	{ { "SOURCE", "CONNECTORS" }, WEIR_SQL_SHOW_CONNECTORS, "SOURCE" },
	{ { "SINK", "CONNECTORS" }, WEIR_SQL_SHOW_CONNECTORS, "SINK" },
	{ { "CONNECTORS" }, WEIR_SQL_SHOW_CONNECTORS, "" },
	{ { "CONNECTOR", "PLUGINS" }, WEIR_SQL_SHOW_CONNECTOR_PLUGINS, "" },
};

bool weir_parse_show(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	statement->is_all = weir_parser_is_word(parser, 1, "TOPICS") && weir_parser_accept(parser, "ALL");
	for (size_t i = 0; i < sizeof show_forms / sizeof *show_forms; i++) {
		const struct show_form *form = &show_forms[i];
		if (!weir_parser_is_word(parser, 0, form->words[0]) ||
			(form->words[1] && !weir_parser_is_word(parser, 1, form->words[1])))
			continue;
		parser->at += form->words[1] ? 2 : 1;
		statement->kind = form->kind;
		statement->name = weir_slice_of(form->name);
		statement->is_extended = weir_parser_accept(parser, "EXTENDED");
		return true;
	}
	return weir_parser_fail(parser, "STREAMS, TABLES, TOPICS, QUERIES, FUNCTIONS, PROPERTIES, TYPES, VARIABLES or CONNECTORS");
}

bool weir_parse_describe(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	if (weir_parser_accept(parser, "FUNCTION")) {
		statement->kind = WEIR_SQL_DESCRIBE_FUNCTION;
		return weir_parse_name(parser, "a function's name", &statement->name, &statement->name_place);
	}
	if (weir_parser_accept(parser, "CONNECTOR")) {
		statement->kind = WEIR_SQL_DESCRIBE_CONNECTOR;
		return weir_parse_name(parser, "a connector's name", &statement->name, &statement->name_place);
	}
	if (weir_parser_accept(parser, "STREAMS")) {
		statement->kind = WEIR_SQL_DESCRIBE_STREAMS;
	} else if (weir_parser_accept(parser, "TABLES")) {
		statement->kind = WEIR_SQL_DESCRIBE_TABLES;
	} else {
		statement->kind = WEIR_SQL_DESCRIBE;
		if (!weir_parse_source_name(parser, "a stream or table", &statement->name, &statement->name_place))
			return false;
	}
	statement->is_extended = weir_parser_accept(parser, "EXTENDED");
	return true;
}

bool weir_parse_explain(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	statement->kind = WEIR_SQL_EXPLAIN;
	statement->is_analyze = weir_parser_accept(parser, "ANALYZE");
	const struct weir_token *token = weir_parser_peek(parser, 0);
	bool is_statement = weir_parser_is_word(parser, 0, "SELECT") || weir_parser_is_word(parser, 0, "CREATE") ||
			    weir_parser_is_word(parser, 0, "INSERT");
	if (!is_statement)
		return weir_parse_name(parser, "a query's id or a statement", &statement->name, &statement->name_place);
	struct weir_sql_statement *explained = WEIR_ARENA_NEW(parser->arena, struct weir_sql_statement);
	explained->place = token->place;
	if (!weir_parse_statement(parser, explained))
		return false;
	explained->place = weir_parser_place_since(parser, explained->place);
	explained->text = weir_slice_make(parser->text.ptr + explained->place.offset, explained->place.len);
	statement->explained = explained;
	return true;
}

/* A topic's name keeps the case that was typed. */
static bool parse_topic(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	const struct weir_token *token = weir_parser_peek(parser, 0);

	if (!weir_parse_name_or_string(parser, "a topic's name", &statement->name, &statement->name_place))
		return false;
	if (token->kind != WEIR_TOKEN_WORD)
		return true;
	/* Unquoted names with dots or dashes: take the characters as they stand together. */
	size_t end = token->place.offset + token->place.len;
	while ((weir_parser_is_symbol(parser, 0, ".") || weir_parser_is_symbol(parser, 0, "-") ||
		       weir_parser_peek(parser, 0)->kind == WEIR_TOKEN_WORD ||
		       weir_parser_peek(parser, 0)->kind == WEIR_TOKEN_INTEGER ||
		       weir_parser_peek(parser, 0)->kind == WEIR_TOKEN_DECIMAL) &&
		weir_parser_peek(parser, 0)->place.offset == end)
		end += weir_parser_take(parser)->place.len;
	statement->name = weir_slice_make(token->text.ptr, end - token->place.offset);
	return true;
}

bool weir_parse_print(struct weir_parser *parser, struct weir_sql_statement *statement)
{
	statement->kind = WEIR_SQL_PRINT;
	if (!parse_topic(parser, statement))
		return false;
	if (weir_parser_accept(parser, "FROM")) {
		statement->from_beginning = true;
		if (!weir_parser_expect(parser, "BEGINNING"))
			return false;
	}
	if (weir_parser_accept(parser, "INTERVAL") || weir_parser_accept(parser, "SAMPLE")) {
		statement->has_interval = true;
		if (!weir_parse_integer(parser, "a number", &statement->interval))
			return false;
	}
	if (!weir_parser_accept(parser, "LIMIT"))
		return true;
	statement->has_limit = true;
	return weir_parse_integer(parser, "a number", &statement->limit);
}
