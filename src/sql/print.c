/* Syntax trees back to SQL: canonical, so that parsing the result gives the same tree. */
#include "sql/parser.h"

#include <stdio.h>
#include <stdlib.h>

static bool is_plain(struct weir_slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		if (!((c >= 'A' && c <= 'Z') || c == '_' || (i > 0 && c >= '0' && c <= '9')))
			return false;
	}
	return name.len > 0 && !weir_sql_is_reserved(name);
}

static void print_quoted(struct weir_buf *out, struct weir_slice text, char quote)
{
	weir_buf_append_byte(out, quote);
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == quote)
			weir_buf_append_byte(out, quote);
		weir_buf_append_byte(out, text.ptr[i]);
	}
	weir_buf_append_byte(out, quote);
}

void weir_sql_print_name(struct weir_buf *out, struct weir_slice name)
{
	if (is_plain(name))
		weir_buf_append_slice(out, name);
	else
		print_quoted(out, name, '`');
}

void weir_sql_print_type(struct weir_buf *out, const struct weir_sql_type *type)
{
	switch (type->kind) {
	case WEIR_SQL_TYPE_NAME:
		weir_sql_print_name(out, type->name);
		break;
	case WEIR_SQL_TYPE_DECIMAL:
		weir_buf_printf(out, "DECIMAL(%d, %d)", type->precision, type->scale);
		break;
	case WEIR_SQL_TYPE_ARRAY:
		weir_buf_append_text(out, "ARRAY<");
		weir_sql_print_type(out, type->element);
		weir_buf_append_byte(out, '>');
		break;
	case WEIR_SQL_TYPE_MAP:
		weir_buf_append_text(out, "MAP<");
		weir_sql_print_type(out, type->key);
		weir_buf_append_text(out, ", ");
		weir_sql_print_type(out, type->element);
		weir_buf_append_byte(out, '>');
		break;
	case WEIR_SQL_TYPE_STRUCT:
		weir_buf_append_text(out, "STRUCT<");
		for (size_t i = 0; i < type->field_count; i++) {
			if (i)
				weir_buf_append_text(out, ", ");
			weir_sql_print_name(out, type->fields[i].name);
			weir_buf_append_byte(out, ' ');
			weir_sql_print_type(out, type->fields[i].type);
		}
		weir_buf_append_byte(out, '>');
		break;
	}
}

static void print_list(struct weir_buf *out, const struct weir_sql_expr *const *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i)
			weir_buf_append_text(out, ", ");
		weir_sql_print_expression(out, items[i]);
	}
}

static void print_joined(struct weir_buf *out, const struct weir_sql_expr *expr, const char *word)
{
	weir_buf_append_byte(out, '(');
	weir_sql_print_expression(out, expr->children[0]);
	weir_buf_append_text(out, word);
	weir_sql_print_expression(out, expr->children[1]);
	weir_buf_append_byte(out, ')');
}

static void print_compare(struct weir_buf *out, const struct weir_sql_expr *expr)
{
	static const char *const words[] = { " = ", " <> ", " < ", " <= ", " > ", " >= ", " IS DISTINCT FROM ",
		" IS NOT DISTINCT FROM " };

	print_joined(out, expr, words[expr->compare]);
}

static void print_call(struct weir_buf *out, const struct weir_sql_expr *expr)
{
	if (weir_sql_is_reserved(expr->name))
		print_quoted(out, expr->name, '`');
	else
		weir_sql_print_name(out, expr->name);
	weir_buf_append_byte(out, '(');
	if (expr->has_star)
		weir_buf_append_byte(out, '*');
	print_list(out, expr->children, expr->child_count);
	weir_buf_append_byte(out, ')');
}

static void print_lambda(struct weir_buf *out, const struct weir_sql_expr *expr)
{
	weir_buf_append_byte(out, '(');
	for (size_t i = 0; i < expr->name_count; i++) {
		if (i)
			weir_buf_append_text(out, ", ");
		weir_sql_print_name(out, expr->names[i]);
	}
	weir_buf_append_text(out, ") => ");
	weir_sql_print_expression(out, expr->children[0]);
}

static void print_case(struct weir_buf *out, const struct weir_sql_expr *expr)
{
	size_t i = 0;

	weir_buf_append_text(out, "(CASE");
	if (expr->has_operand) {
		weir_buf_append_byte(out, ' ');
		weir_sql_print_expression(out, expr->children[i++]);
	}
	for (; i + 1 < expr->child_count; i += 2) {
		weir_buf_append_text(out, " WHEN ");
		weir_sql_print_expression(out, expr->children[i]);
		weir_buf_append_text(out, " THEN ");
		weir_sql_print_expression(out, expr->children[i + 1]);
	}
	if (expr->has_else) {
		weir_buf_append_text(out, " ELSE ");
		weir_sql_print_expression(out, expr->children[i]);
	}
	weir_buf_append_text(out, " END)");
}

static void print_assignments(struct weir_buf *out, const struct weir_sql_expr *expr)
{
	bool is_map = expr->kind == WEIR_SQL_MAP;
	size_t step = is_map ? 2 : 1;

	weir_buf_append_text(out, is_map ? "MAP(" : "STRUCT(");
	for (size_t i = 0; i < expr->child_count; i += step) {
		if (i)
			weir_buf_append_text(out, ", ");
		if (is_map)
			weir_sql_print_expression(out, expr->children[i]);
		else
			weir_sql_print_name(out, expr->names[i]);
		weir_buf_append_text(out, ":=");
		weir_sql_print_expression(out, expr->children[i + step - 1]);
	}
	weir_buf_append_byte(out, ')');
}

static void print_between_in_like(struct weir_buf *out, const struct weir_sql_expr *expr)
{
	weir_buf_append_byte(out, '(');
	weir_sql_print_expression(out, expr->children[0]);
	if (expr->negated)
		weir_buf_append_text(out, " NOT");
	if (expr->kind == WEIR_SQL_BETWEEN) {
		weir_buf_append_text(out, " BETWEEN ");
		weir_sql_print_expression(out, expr->children[1]);
		weir_buf_append_text(out, " AND ");
		weir_sql_print_expression(out, expr->children[2]);
	} else if (expr->kind == WEIR_SQL_IN) {
		weir_buf_append_text(out, " IN (");
		print_list(out, expr->children + 1, expr->child_count - 1);
		weir_buf_append_byte(out, ')');
	} else {
		weir_buf_append_text(out, " LIKE ");
		weir_sql_print_expression(out, expr->children[1]);
		if (expr->text.len) {
			weir_buf_append_text(out, " ESCAPE ");
			print_quoted(out, expr->text, '\'');
		}
	}
	weir_buf_append_byte(out, ')');
}

static void print_double(struct weir_buf *out, double value)
{
	char text[40];

	for (int digits = 1; digits <= 17; digits++) {
		snprintf(text, sizeof text, "%.*E", digits - 1, value);
		if (strtod(text, NULL) == value)
			break;
	}
	weir_buf_append_text(out, text);
}

static void print_postfix(struct weir_buf *out, const struct weir_sql_expr *expr)
{
	const struct weir_sql_expr *base = expr->children[0];
	bool wrap = base->kind == WEIR_SQL_INTEGER || base->kind == WEIR_SQL_DECIMAL || base->kind == WEIR_SQL_DOUBLE ||
		    base->kind == WEIR_SQL_NEGATE;

	if (wrap)
		weir_buf_append_byte(out, '(');
	weir_sql_print_expression(out, base);
	if (wrap)
		weir_buf_append_byte(out, ')');
}

void weir_sql_print_expression(struct weir_buf *out, const struct weir_sql_expr *expr)
{
	char op[4] = { ' ', expr->op, ' ', '\0' };

	switch (expr->kind) {
	case WEIR_SQL_INTEGER:
		weir_buf_append_i64(out, expr->integer);
		break;
	case WEIR_SQL_DECIMAL:
		weir_buf_append_slice(out, expr->text);
		break;
	case WEIR_SQL_DOUBLE:
		print_double(out, expr->number);
		break;
	case WEIR_SQL_STRING:
		print_quoted(out, expr->text, '\'');
		break;
	case WEIR_SQL_BOOLEAN:
		weir_buf_append_text(out, expr->integer ? "true" : "false");
		break;
	case WEIR_SQL_NULL:
		weir_buf_append_text(out, "null");
		break;
	case WEIR_SQL_COLUMN:
		if (expr->qualifier.len) {
			weir_sql_print_name(out, expr->qualifier);
			weir_buf_append_byte(out, '.');
		}
		weir_sql_print_name(out, expr->name);
		break;
	case WEIR_SQL_FIELD:
		print_postfix(out, expr);
		weir_buf_append_text(out, "->");
		weir_sql_print_name(out, expr->name);
		break;
	case WEIR_SQL_SUBSCRIPT:
		print_postfix(out, expr);
		weir_buf_append_byte(out, '[');
		weir_sql_print_expression(out, expr->children[1]);
		weir_buf_append_byte(out, ']');
		break;
	case WEIR_SQL_CALL:
		print_call(out, expr);
		break;
	case WEIR_SQL_UNIT:
		weir_buf_append_slice(out, expr->name);
		break;
	case WEIR_SQL_LAMBDA:
		print_lambda(out, expr);
		break;
	case WEIR_SQL_ARITHMETIC:
		print_joined(out, expr, op);
		break;
	case WEIR_SQL_NEGATE:
		weir_buf_append_text(out, "-(");
		weir_sql_print_expression(out, expr->children[0]);
		weir_buf_append_byte(out, ')');
		break;
	case WEIR_SQL_COMPARE:
		print_compare(out, expr);
		break;
	case WEIR_SQL_IS_NULL:
		weir_buf_append_byte(out, '(');
		weir_sql_print_expression(out, expr->children[0]);
		weir_buf_append_text(out, expr->negated ? " IS NOT NULL)" : " IS NULL)");
		break;
	case WEIR_SQL_BETWEEN:
	case WEIR_SQL_IN:
	case WEIR_SQL_LIKE:
		print_between_in_like(out, expr);
		break;
	case WEIR_SQL_NOT:
		weir_buf_append_text(out, "(NOT ");
		weir_sql_print_expression(out, expr->children[0]);
		weir_buf_append_byte(out, ')');
		break;
	case WEIR_SQL_AND:
		print_joined(out, expr, " AND ");
		break;
	case WEIR_SQL_OR:
		print_joined(out, expr, " OR ");
		break;
	case WEIR_SQL_CASE:
		print_case(out, expr);
		break;
	case WEIR_SQL_CAST:
		weir_buf_append_text(out, "CAST(");
		weir_sql_print_expression(out, expr->children[0]);
		weir_buf_append_text(out, " AS ");
		weir_sql_print_type(out, expr->type);
		weir_buf_append_byte(out, ')');
		break;
	case WEIR_SQL_ARRAY:
		weir_buf_append_text(out, "ARRAY[");
		print_list(out, expr->children, expr->child_count);
		weir_buf_append_byte(out, ']');
		break;
	case WEIR_SQL_MAP:
	case WEIR_SQL_STRUCT:
		print_assignments(out, expr);
		break;
	case WEIR_SQL_AT_TIME_ZONE:
		print_postfix(out, expr);
		weir_buf_append_text(out, " AT TIME ZONE ");
		print_quoted(out, expr->text, '\'');
		break;
	}
}

/* ---- Queries ---- */

static void print_item(struct weir_buf *out, const struct weir_sql_item *item)
{
	if (item->kind == WEIR_SQL_ITEM_STAR) {
		weir_buf_append_byte(out, '*');
	} else if (item->kind == WEIR_SQL_ITEM_SOURCE_STAR) {
		weir_sql_print_name(out, item->name);
		weir_buf_append_text(out, ".*");
	} else {
		weir_sql_print_expression(out, item->expr);
		if (item->kind == WEIR_SQL_ITEM_STRUCT_STAR)
			weir_buf_append_text(out, "->*");
		else if (item->name.len) {
			weir_buf_append_text(out, " AS ");
			weir_sql_print_name(out, item->name);
		}
	}
}

static void print_duration(struct weir_buf *out, const struct weir_sql_duration *duration)
{
	weir_buf_printf(out, "%lld %.*s", (long long)duration->amount, WEIR_SLICE_ARG(duration->unit));
}

static void print_relation(struct weir_buf *out, const struct weir_sql_relation *relation, bool is_first)
{
	static const char *const joins[] = { "INNER JOIN ", "LEFT OUTER JOIN ", "RIGHT OUTER JOIN ", "FULL OUTER JOIN " };

	if (!is_first)
		weir_buf_append_text(out, joins[relation->join]);
	weir_sql_print_name(out, relation->name);
	if (!weir_slice_equals(relation->name, relation->alias)) {
		weir_buf_append_byte(out, ' ');
		weir_sql_print_name(out, relation->alias);
	}
	if (relation->has_within) {
		weir_buf_append_text(out, " WITHIN (");
		print_duration(out, &relation->before);
		weir_buf_append_text(out, ", ");
		print_duration(out, &relation->after);
		weir_buf_append_byte(out, ')');
	}
	if (relation->has_grace) {
		weir_buf_append_text(out, " GRACE PERIOD ");
		print_duration(out, &relation->grace);
	}
	if (!is_first) {
		weir_buf_append_text(out, " ON ");
		weir_sql_print_expression(out, relation->on);
	}
	weir_buf_append_byte(out, '\n');
}

static void print_window(struct weir_buf *out, const struct weir_sql_query *query)
{
	static const char *const words[] = { "", "TUMBLING (SIZE ", "HOPPING (SIZE ", "SESSION (" };

	if (query->window == WEIR_SQL_WINDOW_NONE)
		return;
	weir_buf_printf(out, "WINDOW %s", words[query->window]);
	print_duration(out, &query->size);
	if (query->window == WEIR_SQL_WINDOW_HOPPING) {
		weir_buf_append_text(out, ", ADVANCE BY ");
		print_duration(out, &query->advance);
	}
	if (query->has_retention) {
		weir_buf_append_text(out, ", RETENTION ");
		print_duration(out, &query->retention);
	}
	if (query->has_grace) {
		weir_buf_append_text(out, ", GRACE PERIOD ");
		print_duration(out, &query->grace);
	}
	weir_buf_append_text(out, ")\n");
}

static void print_clause(struct weir_buf *out, const char *word, const struct weir_sql_expr *expr)
{
	if (!expr)
		return;
	weir_buf_append_text(out, word);
	weir_sql_print_expression(out, expr);
	weir_buf_append_byte(out, '\n');
}

static void print_by(struct weir_buf *out, const char *word, const struct weir_sql_expr *const *items, size_t count)
{
	if (!count)
		return;
	weir_buf_append_text(out, word);
	print_list(out, items, count);
	weir_buf_append_byte(out, '\n');
}

void weir_sql_print_query(struct weir_buf *out, const struct weir_sql_query *query)
{
	weir_buf_append_text(out, "SELECT\n");
	for (size_t i = 0; i < query->item_count; i++) {
		weir_buf_append_text(out, "  ");
		print_item(out, &query->items[i]);
		weir_buf_append_text(out, i + 1 < query->item_count ? ",\n" : "\n");
	}
	weir_buf_append_text(out, "FROM ");
	for (size_t i = 0; i < query->relation_count; i++)
		print_relation(out, &query->relations[i], i == 0);
	print_window(out, query);
	print_clause(out, "WHERE ", query->where);
	print_by(out, "GROUP BY ", query->group_by, query->group_by_count);
	print_by(out, "PARTITION BY ", query->partition_by, query->partition_by_count);
	print_clause(out, "HAVING ", query->having);
	if (query->emit)
		weir_buf_append_text(out, query->emit == WEIR_SQL_EMIT_FINAL ? "EMIT FINAL\n" : "EMIT CHANGES\n");
	if (query->has_limit)
		weir_buf_printf(out, "LIMIT %lld\n", (long long)query->limit);
	while (out->len && out->data[out->len - 1] == '\n')
		out->len--;
}
