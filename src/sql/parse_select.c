/* Queries: SELECT … FROM … JOIN … WINDOW … WHERE … GROUP BY … PARTITION BY … HAVING … EMIT … LIMIT. semantics.md §2.1. */
#include "sql/parse_int.h"

typedef WEIR_VEC(const struct weir_sql_expr *) expr_list;

/* ---- Select items ---- */

static bool ends_items(const struct weir_parser *parser)
{
	return weir_parser_is_word(parser, 0, "FROM");
}

static bool parse_item(struct weir_parser *parser, struct weir_sql_item *item)
{
	item->place = weir_parser_peek(parser, 0)->place;
	if (weir_parser_accept_symbol(parser, "*")) {
		item->kind = WEIR_SQL_ITEM_STAR;
		return true;
	}
	if (weir_parser_is_symbol(parser, 1, ".") && weir_parser_is_symbol(parser, 2, "*")) {
		item->kind = WEIR_SQL_ITEM_SOURCE_STAR;
		if (!weir_parse_name(parser, "a source's name", &item->name, &item->name_place))
			return false;
		parser->at += 2;
		return true;
	}
	if (!weir_parse_expression(parser, &item->expr))
		return false;
	if (weir_parser_is_symbol(parser, 0, "->") && weir_parser_is_symbol(parser, 1, "*")) {
		parser->at += 2;
		item->kind = WEIR_SQL_ITEM_STRUCT_STAR;
		return true;
	}
	const struct weir_token *token = weir_parser_peek(parser, 0);
	bool has_as = weir_parser_accept(parser, "AS");
	if (has_as || token->kind == WEIR_TOKEN_QUOTED_NAME || (token->kind == WEIR_TOKEN_WORD && !token->is_reserved))
		return weir_parse_name(parser, "a column's name", &item->name, &item->name_place);
	return true;
}

static bool parse_items(struct weir_parser *parser, struct weir_sql_query *query)
{
	WEIR_VEC(struct weir_sql_item) items = { 0 };

	do {
		struct weir_sql_item item = { 0 };
		if (items.count && ends_items(parser)) /* a comma before FROM is accepted */
			break;
		if (!parse_item(parser, &item))
			return false;
		item.place = weir_parser_place_since(parser, item.place);
		WEIR_VEC_PUSH_IN(parser->arena, &items, item);
	} while (weir_parser_accept_symbol(parser, ","));
	query->items = items.items;
	query->item_count = items.count;
	return true;
}

/* ---- FROM ---- */

static bool parse_relation(struct weir_parser *parser, struct weir_sql_relation *relation)
{
	if (weir_parser_is_symbol(parser, 0, "(")) {
		weir_err_set_at(parser->err, WEIR_E_NOT_SUPPORTED, weir_parser_peek(parser, 0)->place.line,
			weir_parser_peek(parser, 0)->place.column, "A subquery in FROM is not supported yet");
		return weir_err_advise(parser->err, "Make it a stream or table of its own with CREATE STREAM … AS SELECT.");
	}
	if (!weir_parse_source_name(parser, "a stream or table", &relation->name, &relation->place))
		return false;
	relation->alias = relation->name;
	const struct weir_token *token = weir_parser_peek(parser, 0);
	bool has_as = weir_parser_accept(parser, "AS");
	/* EMIT and PARTITION may be names; here they are only where no clause begins. */
	bool is_clause = (weir_parser_is_word(parser, 0, "EMIT") &&
				 (weir_parser_is_word(parser, 1, "CHANGES") || weir_parser_is_word(parser, 1, "FINAL"))) ||
			 (weir_parser_is_word(parser, 0, "PARTITION") && weir_parser_is_word(parser, 1, "BY"));
	if (has_as ||
		(!is_clause && (token->kind == WEIR_TOKEN_QUOTED_NAME || (token->kind == WEIR_TOKEN_WORD && !token->is_reserved))))
		return weir_parse_source_name(parser, "an alias", &relation->alias, NULL);
	return true;
}

static bool parse_within(struct weir_parser *parser, struct weir_sql_relation *relation)
{
	if (!weir_parser_accept(parser, "WITHIN"))
		return true;
	relation->has_within = true;
	if (weir_parser_accept_symbol(parser, "(")) {
		if (!weir_parse_duration(parser, &relation->before) || !weir_parser_expect_symbol(parser, ",") ||
			!weir_parse_duration(parser, &relation->after) || !weir_parser_expect_symbol(parser, ")"))
			return false;
	} else {
		if (!weir_parse_duration(parser, &relation->before))
			return false;
		relation->after = relation->before;
	}
	if (!weir_parser_is_word(parser, 0, "GRACE"))
		return true;
	weir_parser_take(parser);
	relation->has_grace = true;
	return weir_parser_expect(parser, "PERIOD") && weir_parse_duration(parser, &relation->grace);
}

/* *ret_found false: no join follows. */
static bool parse_join_word(struct weir_parser *parser, enum weir_sql_join *ret_join, bool *ret_found)
{
	static const struct {
		const char *word;
		enum weir_sql_join join;
	} words[] = { { "INNER", WEIR_SQL_JOIN_INNER }, { "LEFT", WEIR_SQL_JOIN_LEFT }, { "RIGHT", WEIR_SQL_JOIN_RIGHT },
		{ "FULL", WEIR_SQL_JOIN_FULL } };

	*ret_found = true;
	*ret_join = WEIR_SQL_JOIN_INNER;
	if (weir_parser_accept(parser, "JOIN"))
		return true;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!weir_parser_accept(parser, words[i].word))
			continue;
		*ret_join = words[i].join;
		if (i > 0)
			weir_parser_accept(parser, "OUTER");
		return weir_parser_expect(parser, "JOIN");
	}
	*ret_found = false;
	return true;
}

static bool parse_from(struct weir_parser *parser, struct weir_sql_query *query)
{
	WEIR_VEC(struct weir_sql_relation) relations = { 0 };
	struct weir_sql_relation relation = { 0 };
	bool found;

	if (!weir_parser_expect(parser, "FROM") || !parse_relation(parser, &relation))
		return false;
	WEIR_VEC_PUSH_IN(parser->arena, &relations, relation);
	for (;;) {
		relation = (struct weir_sql_relation){ .join_place = weir_parser_peek(parser, 0)->place };
		if (!parse_join_word(parser, &relation.join, &found))
			return false;
		if (!found)
			break;
		if (!parse_relation(parser, &relation) || !parse_within(parser, &relation) || !weir_parser_expect(parser, "ON") ||
			!weir_parse_expression(parser, &relation.on))
			return false;
		WEIR_VEC_PUSH_IN(parser->arena, &relations, relation);
	}
	query->relations = relations.items;
	query->relation_count = relations.count;
	return true;
}

/* ---- WINDOW ---- */

static bool parse_window_end(struct weir_parser *parser, struct weir_sql_query *query)
{
	while (weir_parser_accept_symbol(parser, ",")) {
		if (weir_parser_accept(parser, "RETENTION")) {
			query->has_retention = true;
			if (!weir_parse_duration(parser, &query->retention))
				return false;
		} else if (weir_parser_accept(parser, "GRACE")) {
			query->has_grace = true;
			if (!weir_parser_expect(parser, "PERIOD") || !weir_parse_duration(parser, &query->grace))
				return false;
		} else {
			return weir_parser_fail(parser, "RETENTION or GRACE PERIOD");
		}
	}
	return weir_parser_expect_symbol(parser, ")");
}

static bool parse_window_body(struct weir_parser *parser, struct weir_sql_query *query)
{
	if (!weir_parser_expect_symbol(parser, "("))
		return false;
	if (query->window != WEIR_SQL_WINDOW_SESSION && !weir_parser_expect(parser, "SIZE"))
		return false;
	if (!weir_parse_duration(parser, &query->size))
		return false;
	if (query->window == WEIR_SQL_WINDOW_HOPPING &&
		(!weir_parser_expect_symbol(parser, ",") || !weir_parser_expect(parser, "ADVANCE") ||
			!weir_parser_expect(parser, "BY") || !weir_parse_duration(parser, &query->advance)))
		return false;
	return parse_window_end(parser, query);
}

static bool parse_window(struct weir_parser *parser, struct weir_sql_query *query)
{
	if (!weir_parser_is_word(parser, 0, "WINDOW"))
		return true;
	query->window_place = weir_parser_take(parser)->place;
	const struct weir_token *token = weir_parser_peek(parser, 0);
	if (weir_parser_peek(parser, 1)->kind == WEIR_TOKEN_WORD && token->kind == WEIR_TOKEN_WORD && !token->is_reserved)
		weir_parser_take(parser); /* an ignored name */
	if (weir_parser_accept(parser, "TUMBLING"))
		query->window = WEIR_SQL_WINDOW_TUMBLING;
	else if (weir_parser_accept(parser, "HOPPING"))
		query->window = WEIR_SQL_WINDOW_HOPPING;
	else if (weir_parser_accept(parser, "SESSION"))
		query->window = WEIR_SQL_WINDOW_SESSION;
	else
		return weir_parser_fail(parser, "TUMBLING, HOPPING or SESSION");
	return parse_window_body(parser, query);
}

/* ---- The other clauses ---- */

/* Does the parenthesis at the cursor enclose the whole list? Then a clause's word, `;` or the end follows it. */
static bool is_whole_list_parenthesised(const struct weir_parser *parser)
{
	static const char *const followers[] = { "PARTITION", "HAVING", "EMIT", "LIMIT", "GROUP", "WHERE", "WINDOW" };
	int depth = 0;

	if (!weir_parser_is_symbol(parser, 0, "("))
		return false;
	for (size_t i = 0;; i++) {
		if (weir_parser_is_symbol(parser, i, "("))
			depth++;
		else if (weir_parser_is_symbol(parser, i, ")") && --depth == 0) {
			const struct weir_token *next = weir_parser_peek(parser, i + 1);
			if (next->kind == WEIR_TOKEN_END || weir_parser_is_symbol(parser, i + 1, ";") ||
				weir_parser_is_symbol(parser, i + 1, ")"))
				return true;
			for (size_t k = 0; k < sizeof followers / sizeof *followers; k++)
				if (weir_parser_is_word(parser, i + 1, followers[k]))
					return true;
			return false;
		} else if (weir_parser_peek(parser, i)->kind == WEIR_TOKEN_END) {
			return false;
		}
	}
}

static bool parse_by_list(
	struct weir_parser *parser, const char *clause, const struct weir_sql_expr ***ret_items, size_t *ret_count)
{
	expr_list items = { 0 };
	bool parenthesised = is_whole_list_parenthesised(parser) && weir_parser_accept_symbol(parser, "(");

	if (parenthesised && weir_parser_is_symbol(parser, 0, ")"))
		return weir_parser_fail_at(parser, weir_parser_peek(parser, 0)->place, "%s needs at least one expression", clause);
	do {
		const struct weir_sql_expr *item;
		/* Inside the optional list parenthesis a single predicate is fine: GROUP BY (a IS NULL). */
		bool ok = parenthesised ? weir_parse_expression(parser, &item) : weir_parse_value_expression(parser, &item);
		if (!ok)
			return false;
		WEIR_VEC_PUSH_IN(parser->arena, &items, item);
	} while (weir_parser_accept_symbol(parser, ","));
	*ret_items = items.items;
	*ret_count = items.count;
	return !parenthesised || weir_parser_expect_symbol(parser, ")");
}

static bool parse_grouping(struct weir_parser *parser, struct weir_sql_query *query)
{
	if (weir_parser_is_word(parser, 0, "GROUP")) {
		query->group_by_place = weir_parser_take(parser)->place;
		if (!weir_parser_expect(parser, "BY") ||
			!parse_by_list(parser, "GROUP BY", &query->group_by, &query->group_by_count))
			return false;
	}
	if (weir_parser_is_word(parser, 0, "PARTITION")) {
		query->partition_by_place = weir_parser_take(parser)->place;
		if (!weir_parser_expect(parser, "BY") ||
			!parse_by_list(parser, "PARTITION BY", &query->partition_by, &query->partition_by_count))
			return false;
	}
	return !weir_parser_accept(parser, "HAVING") || weir_parse_expression(parser, &query->having);
}

static bool parse_emit_and_limit(struct weir_parser *parser, struct weir_sql_query *query)
{
	if (weir_parser_is_word(parser, 0, "EMIT")) {
		query->emit_place = weir_parser_take(parser)->place;
		if (weir_parser_accept(parser, "CHANGES"))
			query->emit = WEIR_SQL_EMIT_CHANGES;
		else if (weir_parser_accept(parser, "FINAL"))
			query->emit = WEIR_SQL_EMIT_FINAL;
		else
			return weir_parser_fail(parser, "CHANGES or FINAL");
	}
	if (!weir_parser_accept(parser, "LIMIT"))
		return true;
	query->has_limit = true;
	return weir_parse_integer(parser, "a whole number of rows", &query->limit);
}

bool weir_parse_query(struct weir_parser *parser, const struct weir_sql_query **ret)
{
	struct weir_sql_query *query = WEIR_ARENA_NEW(parser->arena, struct weir_sql_query);

	query->place = weir_parser_peek(parser, 0)->place;
	if (!weir_parser_expect(parser, "SELECT"))
		return false;
	if (weir_parser_is_word(parser, 0, "DISTINCT")) {
		weir_parser_fail_at(parser, weir_parser_peek(parser, 0)->place, "SELECT DISTINCT does not exist for streams");
		return weir_err_advise(parser->err, "GROUP BY the columns and select COUNT(*) beside them.");
	}
	if (!parse_items(parser, query) || !parse_from(parser, query) || !parse_window(parser, query))
		return false;
	if (weir_parser_accept(parser, "WHERE") && !weir_parse_expression(parser, &query->where))
		return false;
	if (!parse_grouping(parser, query) || !parse_emit_and_limit(parser, query))
		return false;
	query->place = weir_parser_place_since(parser, query->place);
	*ret = query;
	return true;
}
