/* Expressions by precedence climbing; semantics.md §1.5. */
#include "sql/parse_int.h"

#include <math.h>
#include <stdlib.h>

static struct weir_sql_expr *new_expr(struct weir_parser *parser, enum weir_sql_expr_kind kind, struct weir_sql_place start)
{
	struct weir_sql_expr *expr = WEIR_ARENA_NEW(parser->arena, struct weir_sql_expr);

	expr->kind = kind;
	expr->place = start;
	return expr;
}

static const struct weir_sql_expr *finish(struct weir_parser *parser, struct weir_sql_expr *expr)
{
	expr->place = weir_parser_place_since(parser, expr->place);
	return expr;
}

typedef WEIR_VEC(const struct weir_sql_expr *) expr_list;

static void set_children(struct weir_sql_expr *expr, const expr_list *list)
{
	expr->children = list->items;
	expr->child_count = list->count;
}

static const struct weir_sql_expr *make_node(struct weir_parser *parser, struct weir_sql_expr *expr,
	const struct weir_sql_expr *first, const struct weir_sql_expr *second)
{
	expr_list list = { 0 };

	WEIR_VEC_PUSH_IN(parser->arena, &list, first);
	if (second)
		WEIR_VEC_PUSH_IN(parser->arena, &list, second);
	set_children(expr, &list);
	return finish(parser, expr);
}

static bool enter(struct weir_parser *parser)
{
	if (++parser->depth <= WEIR_SQL_MAX_DEPTH)
		return true;
	return weir_parser_fail_at(parser, weir_parser_peek(parser, 0)->place, "The expression is nested more than %d levels deep",
		WEIR_SQL_MAX_DEPTH);
}

/* ---- Literals ---- */

static bool parse_number(struct weir_parser *parser, struct weir_sql_place start, bool negative, const struct weir_sql_expr **ret)
{
	const struct weir_token *token = weir_parser_take(parser);
	struct weir_slice text = negative ? weir_arena_printf(parser->arena, "-%.*s", WEIR_SLICE_ARG(token->text)) : token->text;
	struct weir_sql_expr *expr = new_expr(parser, WEIR_SQL_DECIMAL, start);

	expr->text = text;
	if (token->kind == WEIR_TOKEN_INTEGER) {
		expr->kind = WEIR_SQL_INTEGER;
		if (!weir_slice_to_i64(text, &expr->integer))
			return weir_parser_fail_at(parser, token->place, "%.*s does not fit 64 bits", WEIR_SLICE_ARG(text));
		expr->is_bigint = expr->integer > INT32_MAX || expr->integer < INT32_MIN;
	} else if (token->kind == WEIR_TOKEN_DOUBLE) {
		expr->kind = WEIR_SQL_DOUBLE;
		expr->number = strtod(weir_arena_copy(parser->arena, text).ptr, NULL);
		if (!isfinite(expr->number))
			return weir_parser_fail_at(parser, token->place, "%.*s is too large for DOUBLE", WEIR_SLICE_ARG(text));
	}
	*ret = finish(parser, expr);
	return true;
}

static bool is_number(const struct weir_token *token)
{
	return token->kind == WEIR_TOKEN_INTEGER || token->kind == WEIR_TOKEN_DECIMAL || token->kind == WEIR_TOKEN_DOUBLE;
}

/* ---- Primaries ---- */

static bool is_lambda(const struct weir_parser *parser)
{
	size_t i = 0;

	if (weir_parser_is_symbol(parser, 1, "=>"))
		return weir_parser_peek(parser, 0)->kind == WEIR_TOKEN_WORD ||
		       weir_parser_peek(parser, 0)->kind == WEIR_TOKEN_QUOTED_NAME;
	if (!weir_parser_is_symbol(parser, i++, "("))
		return false;
	for (;;) {
		enum weir_token_kind kind = weir_parser_peek(parser, i++)->kind;
		if (kind != WEIR_TOKEN_WORD && kind != WEIR_TOKEN_QUOTED_NAME)
			return false;
		if (weir_parser_is_symbol(parser, i, ")"))
			return weir_parser_is_symbol(parser, i + 1, "=>");
		if (!weir_parser_is_symbol(parser, i++, ","))
			return false;
	}
}

static bool parse_lambda(struct weir_parser *parser, const struct weir_sql_expr **ret)
{
	struct weir_sql_expr *expr = new_expr(parser, WEIR_SQL_LAMBDA, weir_parser_peek(parser, 0)->place);
	WEIR_VEC(struct weir_slice) names = { 0 };
	bool parenthesised = weir_parser_accept_symbol(parser, "(");
	const struct weir_sql_expr *body;

	do {
		struct weir_slice name;
		if (!weir_parse_name(parser, "a lambda's parameter", &name, NULL))
			return false;
		WEIR_VEC_PUSH_IN(parser->arena, &names, name);
	} while (parenthesised && weir_parser_accept_symbol(parser, ","));
	if (parenthesised && !weir_parser_expect_symbol(parser, ")"))
		return false;
	if (!weir_parser_expect_symbol(parser, "=>") || !weir_parse_expression(parser, &body))
		return false;
	expr->names = names.items;
	expr->name_count = names.count;
	*ret = make_node(parser, expr, body, NULL);
	return true;
}

static bool is_interval_unit(const struct weir_parser *parser)
{
	static const char *const units[] = { "DAYS", "HOURS", "MINUTES", "SECONDS", "MILLISECONDS", "MILLISECOND" };

	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (weir_parser_is_word(parser, 0, units[i]))
			return true;
	return false;
}

static bool parse_argument(struct weir_parser *parser, const struct weir_sql_expr **ret)
{
	if (is_interval_unit(parser)) {
		struct weir_sql_expr *expr = new_expr(parser, WEIR_SQL_UNIT, weir_parser_peek(parser, 0)->place);
		expr->name = weir_parser_take(parser)->name;
		*ret = expr;
		return true;
	}
	return is_lambda(parser) ? parse_lambda(parser, ret) : weir_parse_expression(parser, ret);
}

static bool parse_list(struct weir_parser *parser, const char *end,
	bool (*parse_item)(struct weir_parser *, const struct weir_sql_expr **), expr_list *list)
{
	if (weir_parser_accept_symbol(parser, end))
		return true;
	do {
		const struct weir_sql_expr *item;
		if (!parse_item(parser, &item))
			return false;
		WEIR_VEC_PUSH_IN(parser->arena, list, item);
	} while (weir_parser_accept_symbol(parser, ","));
	return weir_parser_expect_symbol(parser, end);
}

static bool check_lambdas_last(struct weir_parser *parser, const expr_list *list)
{
	for (size_t i = 0; i + 1 < list->count; i++)
		if (list->items[i]->kind == WEIR_SQL_LAMBDA && list->items[i + 1]->kind != WEIR_SQL_LAMBDA)
			return weir_parser_fail_at(
				parser, list->items[i + 1]->place, "Lambdas stand behind a function's other arguments");
	if (list->count && list->items[0]->kind == WEIR_SQL_LAMBDA)
		return weir_parser_fail_at(parser, list->items[0]->place, "A lambda cannot be a function's first argument");
	return true;
}

static bool parse_call(struct weir_parser *parser, const struct weir_sql_expr **ret)
{
	const struct weir_token *name = weir_parser_take(parser);
	struct weir_sql_expr *expr = new_expr(parser, WEIR_SQL_CALL, name->place);
	expr_list args = { 0 };

	expr->name = name->name;
	weir_parser_take(parser); /* ( */
	if (weir_parser_is_symbol(parser, 0, "*") && weir_parser_is_symbol(parser, 1, ")")) {
		weir_parser_take(parser);
		weir_parser_take(parser);
		expr->has_star = true;
	} else if (!parse_list(parser, ")", parse_argument, &args) || !check_lambdas_last(parser, &args)) {
		return false;
	}
	set_children(expr, &args);
	*ret = finish(parser, expr);
	return true;
}

static bool parse_case(struct weir_parser *parser, const struct weir_sql_expr **ret)
{
	struct weir_sql_expr *expr = new_expr(parser, WEIR_SQL_CASE, weir_parser_take(parser)->place);
	expr_list parts = { 0 };
	const struct weir_sql_expr *part;

	if (!weir_parser_is_word(parser, 0, "WHEN")) {
		expr->has_operand = true;
		if (!weir_parse_expression(parser, &part))
			return false;
		WEIR_VEC_PUSH_IN(parser->arena, &parts, part);
	}
	do {
		if (!weir_parser_expect(parser, "WHEN") || !weir_parse_expression(parser, &part))
			return false;
		WEIR_VEC_PUSH_IN(parser->arena, &parts, part);
		if (!weir_parser_expect(parser, "THEN") || !weir_parse_expression(parser, &part))
			return false;
		WEIR_VEC_PUSH_IN(parser->arena, &parts, part);
	} while (weir_parser_is_word(parser, 0, "WHEN"));
	if (weir_parser_accept(parser, "ELSE")) {
		expr->has_else = true;
		if (!weir_parse_expression(parser, &part))
			return false;
		WEIR_VEC_PUSH_IN(parser->arena, &parts, part);
	}
	if (!weir_parser_expect(parser, "END"))
		return false;
	set_children(expr, &parts);
	*ret = finish(parser, expr);
	return true;
}

static bool parse_cast(struct weir_parser *parser, const struct weir_sql_expr **ret)
{
	struct weir_sql_expr *expr = new_expr(parser, WEIR_SQL_CAST, weir_parser_take(parser)->place);
	const struct weir_sql_expr *value;

	if (!weir_parser_expect_symbol(parser, "(") || !weir_parse_expression(parser, &value) ||
		!weir_parser_expect(parser, "AS") || !weir_parse_type(parser, &expr->type) ||
		!weir_parser_expect_symbol(parser, ")"))
		return false;
	*ret = make_node(parser, expr, value, NULL);
	return true;
}

static bool parse_array(struct weir_parser *parser, const struct weir_sql_expr **ret)
{
	struct weir_sql_expr *expr = new_expr(parser, WEIR_SQL_ARRAY, weir_parser_take(parser)->place);
	expr_list items = { 0 };

	weir_parser_take(parser); /* [ */
	if (!parse_list(parser, "]", weir_parse_expression, &items))
		return false;
	set_children(expr, &items);
	*ret = finish(parser, expr);
	return true;
}

static bool parse_map(struct weir_parser *parser, const struct weir_sql_expr **ret)
{
	struct weir_sql_expr *expr = new_expr(parser, WEIR_SQL_MAP, weir_parser_take(parser)->place);
	expr_list items = { 0 };

	weir_parser_take(parser); /* ( */
	if (!weir_parser_accept_symbol(parser, ")")) {
		do {
			const struct weir_sql_expr *key, *value;
			if (!weir_parse_expression(parser, &key) || !weir_parser_expect_symbol(parser, ":=") ||
				!weir_parse_expression(parser, &value))
				return false;
			WEIR_VEC_PUSH_IN(parser->arena, &items, key);
			WEIR_VEC_PUSH_IN(parser->arena, &items, value);
		} while (weir_parser_accept_symbol(parser, ","));
		if (!weir_parser_expect_symbol(parser, ")"))
			return false;
	}
	set_children(expr, &items);
	*ret = finish(parser, expr);
	return true;
}

static bool parse_struct(struct weir_parser *parser, const struct weir_sql_expr **ret)
{
	struct weir_sql_expr *expr = new_expr(parser, WEIR_SQL_STRUCT, weir_parser_take(parser)->place);
	expr_list values = { 0 };
	WEIR_VEC(struct weir_slice) names = { 0 };

	weir_parser_take(parser); /* ( */
	if (!weir_parser_accept_symbol(parser, ")")) {
		do {
			struct weir_slice name;
			const struct weir_sql_expr *value;
			if (!weir_parse_name(parser, "a field's name", &name, NULL) || !weir_parser_expect_symbol(parser, ":=") ||
				!weir_parse_expression(parser, &value))
				return false;
			WEIR_VEC_PUSH_IN(parser->arena, &names, name);
			WEIR_VEC_PUSH_IN(parser->arena, &values, value);
		} while (weir_parser_accept_symbol(parser, ","));
		if (!weir_parser_expect_symbol(parser, ")"))
			return false;
	}
	set_children(expr, &values);
	expr->names = names.items;
	expr->name_count = names.count;
	*ret = finish(parser, expr);
	return true;
}

static bool parse_column(struct weir_parser *parser, const struct weir_sql_expr **ret)
{
	struct weir_sql_expr *expr = new_expr(parser, WEIR_SQL_COLUMN, weir_parser_peek(parser, 0)->place);

	if (!weir_parse_name(parser, "an expression", &expr->name, NULL))
		return false;
	if (weir_parser_is_symbol(parser, 0, ".") && !weir_parser_is_symbol(parser, 1, "*")) {
		weir_parser_take(parser);
		expr->qualifier = expr->name;
		if (!weir_parse_name(parser, "a column's name", &expr->name, NULL))
			return false;
	}
	*ret = finish(parser, expr);
	return true;
}

static bool parse_constant_word(struct weir_parser *parser, const struct weir_sql_expr **ret)
{
	const struct weir_token *token = weir_parser_peek(parser, 0);
	bool is_null = weir_parser_is_word(parser, 0, "NULL"), is_true = weir_parser_is_word(parser, 0, "TRUE");

	if (!is_null && !is_true && !weir_parser_is_word(parser, 0, "FALSE"))
		return false;
	struct weir_sql_expr *expr = new_expr(parser, is_null ? WEIR_SQL_NULL : WEIR_SQL_BOOLEAN, token->place);
	expr->integer = is_true;
	weir_parser_take(parser);
	*ret = expr;
	return true;
}

static bool parse_word(struct weir_parser *parser, const struct weir_sql_expr **ret)
{
	if (parse_constant_word(parser, ret))
		return true;
	if (weir_parser_is_word(parser, 0, "CASE"))
		return parse_case(parser, ret);
	if (weir_parser_is_word(parser, 0, "CAST"))
		return parse_cast(parser, ret);
	if (weir_parser_is_word(parser, 0, "ARRAY") && weir_parser_is_symbol(parser, 1, "["))
		return parse_array(parser, ret);
	if (weir_parser_is_symbol(parser, 1, "(")) {
		if (weir_parser_is_word(parser, 0, "MAP"))
			return parse_map(parser, ret);
		if (weir_parser_is_word(parser, 0, "STRUCT"))
			return parse_struct(parser, ret);
		if (!weir_parser_peek(parser, 0)->is_reserved)
			return parse_call(parser, ret);
	}
	return parse_column(parser, ret);
}

static bool parse_parenthesised(struct weir_parser *parser, const struct weir_sql_expr **ret)
{
	weir_parser_take(parser);
	return weir_parse_expression(parser, ret) && weir_parser_expect_symbol(parser, ")");
}

static bool parse_primary(struct weir_parser *parser, const struct weir_sql_expr **ret)
{
	const struct weir_token *token = weir_parser_peek(parser, 0);

	if (is_number(token))
		return parse_number(parser, token->place, false, ret);
	if (token->kind == WEIR_TOKEN_STRING) {
		struct weir_sql_expr *expr = new_expr(parser, WEIR_SQL_STRING, token->place);
		expr->text = weir_parser_take(parser)->name;
		*ret = expr;
		return true;
	}
	if (weir_parser_is_symbol(parser, 0, "("))
		return parse_parenthesised(parser, ret);
	if (token->kind == WEIR_TOKEN_QUOTED_NAME && weir_parser_is_symbol(parser, 1, "("))
		return parse_call(parser, ret);
	if (token->kind == WEIR_TOKEN_WORD || token->kind == WEIR_TOKEN_QUOTED_NAME)
		return parse_word(parser, ret);
	return weir_parser_fail(parser, "an expression");
}

static bool parse_postfix(struct weir_parser *parser, const struct weir_sql_expr **ret)
{
	struct weir_sql_place start = weir_parser_peek(parser, 0)->place;
	const struct weir_sql_expr *value;

	if (!parse_primary(parser, &value))
		return false;
	for (;;) {
		struct weir_sql_expr *expr;
		if (weir_parser_is_symbol(parser, 0, "->") && !weir_parser_is_symbol(parser, 1, "*")) {
			weir_parser_take(parser);
			expr = new_expr(parser, WEIR_SQL_FIELD, start);
			if (!weir_parse_name(parser, "a field's name", &expr->name, NULL))
				return false;
			value = make_node(parser, expr, value, NULL);
		} else if (weir_parser_accept_symbol(parser, "[")) {
			const struct weir_sql_expr *index;
			expr = new_expr(parser, WEIR_SQL_SUBSCRIPT, start);
			if (!weir_parse_value_expression(parser, &index) || !weir_parser_expect_symbol(parser, "]"))
				return false;
			value = make_node(parser, expr, value, index);
		} else {
			break;
		}
	}
	if (weir_parser_is_word(parser, 0, "AT") && weir_parser_is_word(parser, 1, "TIME") &&
		weir_parser_is_word(parser, 2, "ZONE")) {
		struct weir_sql_expr *expr = new_expr(parser, WEIR_SQL_AT_TIME_ZONE, start);
		parser->at += 3;
		if (!weir_parse_string(parser, "a time zone", &expr->text))
			return false;
		value = make_node(parser, expr, value, NULL);
	}
	*ret = value;
	return true;
}

static bool parse_unary(struct weir_parser *parser, const struct weir_sql_expr **ret);

/* `+x` is a number like x, and no column any more: twice negated. */
static bool parse_plus(struct weir_parser *parser, struct weir_sql_place start, const struct weir_sql_expr **ret)
{
	bool is_literal = is_number(weir_parser_peek(parser, 0));

	if (!enter(parser) || !parse_unary(parser, ret))
		return false;
	parser->depth--;
	if (!is_literal)
		for (int i = 0; i < 2; i++)
			*ret = make_node(parser, new_expr(parser, WEIR_SQL_NEGATE, start), *ret, NULL);
	return true;
}

static bool parse_unary(struct weir_parser *parser, const struct weir_sql_expr **ret)
{
	struct weir_sql_place start = weir_parser_peek(parser, 0)->place;
	const struct weir_sql_expr *value;

	if (weir_parser_accept_symbol(parser, "+"))
		return parse_plus(parser, start, ret);
	if (!weir_parser_is_symbol(parser, 0, "-"))
		return parse_postfix(parser, ret);
	weir_parser_take(parser);
	if (is_number(weir_parser_peek(parser, 0)) && !weir_parser_is_symbol(parser, 1, "["))
		return parse_number(parser, start, true, ret);
	if (!enter(parser) || !parse_unary(parser, &value))
		return false;
	parser->depth--;
	*ret = make_node(parser, new_expr(parser, WEIR_SQL_NEGATE, start), value, NULL);
	return true;
}

/* One level of left-associative binary operators. */
static bool parse_binary(struct weir_parser *parser, const char *const *symbols,
	bool (*parse_operand)(struct weir_parser *, const struct weir_sql_expr **), const struct weir_sql_expr **ret)
{
	struct weir_sql_place start = weir_parser_peek(parser, 0)->place;
	const struct weir_sql_expr *left, *right;

	if (!parse_operand(parser, &left))
		return false;
	for (;;) {
		const char *const *symbol = symbols;
		while (*symbol && !weir_parser_is_symbol(parser, 0, *symbol))
			symbol++;
		if (!*symbol)
			break;
		weir_parser_take(parser);
		if (!parse_operand(parser, &right))
			return false;
		bool is_concat = (*symbol)[0] == '|';
		struct weir_sql_expr *expr = new_expr(parser, is_concat ? WEIR_SQL_CALL : WEIR_SQL_ARITHMETIC, start);
		expr->op = (*symbol)[0];
		if (is_concat)
			expr->name = WEIR_SLICE("CONCAT");
		left = make_node(parser, expr, left, right);
	}
	*ret = left;
	return true;
}

static bool parse_product(struct weir_parser *parser, const struct weir_sql_expr **ret)
{
	static const char *const symbols[] = { "*", "/", "%", NULL };

	return parse_binary(parser, symbols, parse_unary, ret);
}

static bool parse_sum(struct weir_parser *parser, const struct weir_sql_expr **ret)
{
	static const char *const symbols[] = { "+", "-", NULL };

	return parse_binary(parser, symbols, parse_product, ret);
}

bool weir_parse_value_expression(struct weir_parser *parser, const struct weir_sql_expr **ret)
{
	static const char *const symbols[] = { "||", NULL };

	if (!enter(parser))
		return false;
	bool ok = parse_binary(parser, symbols, parse_sum, ret);
	parser->depth--;
	return ok;
}

/* ---- Predicates ---- */

static bool compare_of(const struct weir_parser *parser, enum weir_sql_compare *ret)
{
	static const struct {
		const char *symbol;
		enum weir_sql_compare compare;
	} table[] = { { "=", WEIR_SQL_EQ }, { "<>", WEIR_SQL_NE }, { "!=", WEIR_SQL_NE }, { "<", WEIR_SQL_LT },
		{ "<=", WEIR_SQL_LE }, { ">", WEIR_SQL_GT }, { ">=", WEIR_SQL_GE } };

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		if (!weir_parser_is_symbol(parser, 0, table[i].symbol))
			continue;
		*ret = table[i].compare;
		return true;
	}
	return false;
}

static bool parse_is(struct weir_parser *parser, struct weir_sql_place start, const struct weir_sql_expr *value,
	const struct weir_sql_expr **ret)
{
	bool negated = weir_parser_accept(parser, "NOT");
	const struct weir_sql_expr *right;
	struct weir_sql_expr *expr;

	if (weir_parser_accept(parser, "NULL")) {
		expr = new_expr(parser, WEIR_SQL_IS_NULL, start);
		expr->negated = negated;
		*ret = make_node(parser, expr, value, NULL);
		return true;
	}
	if (!weir_parser_accept(parser, "DISTINCT"))
		return weir_parser_fail(parser, "NULL or DISTINCT FROM");
	if (!weir_parser_expect(parser, "FROM") || !weir_parse_value_expression(parser, &right))
		return false;
	expr = new_expr(parser, WEIR_SQL_COMPARE, start);
	expr->compare = negated ? WEIR_SQL_NOT_DISTINCT : WEIR_SQL_DISTINCT;
	*ret = make_node(parser, expr, value, right);
	return true;
}

static bool parse_between(struct weir_parser *parser, struct weir_sql_expr *expr, const struct weir_sql_expr *value)
{
	expr_list parts = { 0 };
	const struct weir_sql_expr *low, *high;

	if (!weir_parse_value_expression(parser, &low) || !weir_parser_expect(parser, "AND") ||
		!weir_parse_value_expression(parser, &high))
		return false;
	WEIR_VEC_PUSH_IN(parser->arena, &parts, value);
	WEIR_VEC_PUSH_IN(parser->arena, &parts, low);
	WEIR_VEC_PUSH_IN(parser->arena, &parts, high);
	set_children(expr, &parts);
	return true;
}

static bool parse_in(struct weir_parser *parser, struct weir_sql_expr *expr, const struct weir_sql_expr *value)
{
	expr_list parts = { 0 };

	WEIR_VEC_PUSH_IN(parser->arena, &parts, value);
	if (!weir_parser_expect_symbol(parser, "("))
		return false;
	if (weir_parser_is_symbol(parser, 0, ")"))
		return weir_parser_fail(parser, "at least one value for IN");
	if (!parse_list(parser, ")", weir_parse_expression, &parts))
		return false;
	set_children(expr, &parts);
	return true;
}

static bool parse_like(struct weir_parser *parser, struct weir_sql_expr *expr, const struct weir_sql_expr *value)
{
	expr_list parts = { 0 };
	const struct weir_sql_expr *pattern;

	if (!weir_parse_value_expression(parser, &pattern))
		return false;
	WEIR_VEC_PUSH_IN(parser->arena, &parts, value);
	WEIR_VEC_PUSH_IN(parser->arena, &parts, pattern);
	if (weir_parser_accept(parser, "ESCAPE")) {
		const struct weir_token *token = weir_parser_peek(parser, 0);
		if (!weir_parse_string(parser, "an escape character in quotes", &expr->text))
			return false;
		size_t characters = 0;
		for (size_t i = 0; i < expr->text.len; i++)
			characters += ((unsigned char)expr->text.ptr[i] & 0xC0) != 0x80;
		if (characters != 1 || (unsigned char)expr->text.ptr[0] >= 0xF0)
			return weir_parser_fail_at(parser, token->place, "ESCAPE takes exactly one character");
	}
	set_children(expr, &parts);
	return true;
}

static bool parse_negatable(struct weir_parser *parser, struct weir_sql_place start, const struct weir_sql_expr *value,
	bool *ret_found, const struct weir_sql_expr **ret)
{
	static const struct {
		const char *word;
		enum weir_sql_expr_kind kind;
		bool (*parse)(struct weir_parser *, struct weir_sql_expr *, const struct weir_sql_expr *);
	} table[] = {
		{ "BETWEEN", WEIR_SQL_BETWEEN, parse_between },
		{ "IN", WEIR_SQL_IN, parse_in },
		{ "LIKE", WEIR_SQL_LIKE, parse_like },
	};
	size_t ahead = weir_parser_is_word(parser, 0, "NOT");

	*ret_found = false;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		if (!weir_parser_is_word(parser, ahead, table[i].word))
			continue;
		parser->at += ahead + 1;
		struct weir_sql_expr *expr = new_expr(parser, table[i].kind, start);
		expr->negated = ahead == 1;
		*ret_found = true;
		if (!table[i].parse(parser, expr, value))
			return false;
		*ret = finish(parser, expr);
		return true;
	}
	return true;
}

static bool parse_predicate(struct weir_parser *parser, const struct weir_sql_expr **ret)
{
	struct weir_sql_place start = weir_parser_peek(parser, 0)->place;
	const struct weir_sql_expr *value, *right;
	enum weir_sql_compare compare;
	bool found;

	if (!weir_parse_value_expression(parser, &value))
		return false;
	if (compare_of(parser, &compare)) {
		weir_parser_take(parser);
		if (!weir_parse_value_expression(parser, &right))
			return false;
		struct weir_sql_expr *expr = new_expr(parser, WEIR_SQL_COMPARE, start);
		expr->compare = compare;
		*ret = make_node(parser, expr, value, right);
		return true;
	}
	if (weir_parser_accept(parser, "IS"))
		return parse_is(parser, start, value, ret);
	*ret = value;
	return parse_negatable(parser, start, value, &found, ret);
}

static bool parse_not(struct weir_parser *parser, const struct weir_sql_expr **ret)
{
	struct weir_sql_place start = weir_parser_peek(parser, 0)->place;
	const struct weir_sql_expr *value;

	if (!weir_parser_accept(parser, "NOT"))
		return parse_predicate(parser, ret);
	if (!enter(parser) || !parse_not(parser, &value))
		return false;
	parser->depth--;
	*ret = make_node(parser, new_expr(parser, WEIR_SQL_NOT, start), value, NULL);
	return true;
}

static bool parse_logic(struct weir_parser *parser, const char *word, enum weir_sql_expr_kind kind,
	bool (*parse_operand)(struct weir_parser *, const struct weir_sql_expr **), const struct weir_sql_expr **ret)
{
	struct weir_sql_place start = weir_parser_peek(parser, 0)->place;
	const struct weir_sql_expr *left, *right;

	if (!parse_operand(parser, &left))
		return false;
	for (int terms = 1; weir_parser_accept(parser, word); terms++) {
		if (terms > 10 * WEIR_SQL_MAX_DEPTH)
			return weir_parser_fail_at(
				parser, start, "More than %d terms are joined by %s", 10 * WEIR_SQL_MAX_DEPTH, word);
		if (!parse_operand(parser, &right))
			return false;
		left = make_node(parser, new_expr(parser, kind, start), left, right);
	}
	*ret = left;
	return true;
}

static bool parse_and(struct weir_parser *parser, const struct weir_sql_expr **ret)
{
	return parse_logic(parser, "AND", WEIR_SQL_AND, parse_not, ret);
}

bool weir_parse_expression(struct weir_parser *parser, const struct weir_sql_expr **ret)
{
	if (!enter(parser))
		return false;
	bool ok = parse_logic(parser, "OR", WEIR_SQL_OR, parse_and, ret);
	parser->depth--;
	return ok;
}
