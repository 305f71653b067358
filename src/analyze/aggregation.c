/* The rules of GROUP BY, and moving expressions from the from row to the aggregate row: grouping expressions and aggregates become
 * its cells, anything else that reads the row is refused (semantics §5.4). */
#include "analyze/query.h"

static int find_group(const struct weir_query_analysis *query, const struct weir_expr *expr)
{
	for (size_t i = 0; i < query->group_by_count; i++)
		if (weir_expr_equals(query->group_by[i], expr))
			return (int)i;
	return -1;
}

static bool is_window_bound(const struct weir_expr *expr)
{
	return expr->kind == WEIR_EXPR_PSEUDO && (expr->pseudo == WEIR_PSEUDO_WINDOWSTART || expr->pseudo == WEIR_PSEUDO_WINDOWEND);
}

static bool not_grouped(const struct weir_expr *expr, const char *what, struct weir_err *err)
{
	weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, expr->line, expr->column,
		"%s reads %.*s, which is neither grouped by nor inside an aggregate function.", what, WEIR_SLICE_ARG(expr->text));
	return weir_err_advise(err, "Add it to GROUP BY, or take one of its values, for example with LATEST_BY_OFFSET.");
}

bool weir_rewrite_for_aggregate(struct weir_query_analysis *query, const struct weir_expr *expr, const char *what,
	const struct weir_expr **ret, struct weir_err *err)
{
	int group = find_group(query, expr);
	struct weir_expr *copy = WEIR_ARENA_NEW(query->arena, struct weir_expr);

	*copy = *expr;
	*ret = copy;
	if (group >= 0) {
		struct weir_builder builder = { query->arena, { expr->line, expr->column, expr->text } };

		*ret = weir_build_column(&builder, group, expr->type);
		return true;
	}
	if (weir_expr_is_aggregate(expr)) {
		copy->index = (int)query->group_by_count + (-1 - expr->index);
		return true;
	}
	if (expr->kind == WEIR_EXPR_COLUMN || (expr->kind == WEIR_EXPR_PSEUDO && !is_window_bound(expr)))
		return not_grouped(expr, what, err);
	const struct weir_expr **children = WEIR_ARENA_ARRAY(query->arena, const struct weir_expr *, expr->child_count + 1);
	for (size_t i = 0; i < expr->child_count; i++)
		if (!weir_rewrite_for_aggregate(query, expr->children[i], what, &children[i], err))
			return false;
	copy->children = children;
	return true;
}

static bool analyze_having(struct weir_query_analysis *query, struct weir_err *err)
{
	struct weir_expression_context context = weir_query_context(query, "HAVING");
	const struct weir_expr *having;

	if (!query->ast->having)
		return true;
	context.aggregates = &query->aggregates;
	context.rewrites_time_texts = true;
	if (!weir_analyze_expression(&context, query->ast->having, &having, err))
		return false;
	if (having->type->kind != WEIR_KIND_BOOLEAN)
		return weir_err_set_at(err, WEIR_E_TYPE, having->line, having->column, "HAVING needs a BOOLEAN, but %.*s is %s.",
			WEIR_SLICE_ARG(having->text), weir_kind_name(having->type->kind));
	query->having = having;
	return true;
}

static bool check_undo(const struct weir_query_analysis *query, struct weir_err *err)
{
	for (size_t i = 0; query->from[0].source->is_table && i < query->aggregates.items.count; i++) {
		const struct weir_bound_aggregate *aggregate = &query->aggregates.items.items[i];

		if (!aggregate->binding.overload->undo)
			return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, query->ast->place.line, query->ast->place.column,
				"%s cannot aggregate a table, because it cannot take back the old version of a row.",
				aggregate->function->name);
	}
	return true;
}

static bool check_grouping(const struct weir_query_analysis *query, struct weir_err *err)
{
	const struct weir_sql_query *ast = query->ast;
	bool has_aggregates = query->aggregates.items.count > 0;

	if (ast->group_by_count && !has_aggregates)
		return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, ast->group_by_place.line, ast->group_by_place.column,
			"GROUP BY needs an aggregate function in SELECT or HAVING.");
	if (ast->group_by_count || (!has_aggregates && !ast->having))
		return true;
	if (!has_aggregates)
		return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, ast->having->place.line, ast->having->place.column,
			"HAVING needs a GROUP BY.");
	if (query->mode == WEIR_MODE_PUSH && !ast->partition_by_count)
		return true;
	return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, ast->place.line, ast->place.column,
		"The aggregate function %s needs a GROUP BY.", query->aggregates.items.items[0].function->name);
}

static bool check_table_functions(const struct weir_query_analysis *query, struct weir_err *err)
{
	const struct weir_expr *call = query->table_calls.items.count ? query->table_calls.items.items[0] : NULL;

	if (!call || !(query->aggregates.items.count || query->ast->group_by_count))
		return true;
	weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, call->line, call->column,
		"A query that aggregates cannot use the table function %s.", call->function->name);
	return weir_err_advise(err, "Expand the rows in a stream of its own, and aggregate that.");
}

bool weir_analyze_aggregation(struct weir_query_analysis *query, struct weir_err *err)
{
	if (!check_table_functions(query, err))
		return false;
	if (!analyze_having(query, err) || !check_grouping(query, err) || !check_undo(query, err))
		return false;
	query->is_aggregate = query->aggregates.items.count > 0;
	if (query->is_aggregate)
		query->key_kind = WEIR_KEY_GROUPED;
	return true;
}
