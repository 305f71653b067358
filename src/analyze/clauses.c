/* WHERE, PARTITION BY and GROUP BY. */
#include "analyze/query.h"

#define DEFAULT_GRACE_MS INT64_C(86400000) /* less the window's size */

static bool analyze_where(struct weir_query_analysis *query, struct weir_err *err)
{
	struct weir_expression_context context = weir_query_context(query, "WHERE");

	if (!query->ast->where)
		return true;
	context.rewrites_time_texts = true;
	if (!weir_analyze_expression(&context, query->ast->where, &query->where, err))
		return false;
	if (query->where->type->kind == WEIR_KIND_BOOLEAN)
		return true;
	struct weir_slice type = weir_type_text(query->arena, query->where->type);
	return weir_err_set_at(err, WEIR_E_TYPE, query->where->line, query->where->column,
		"WHERE needs a BOOLEAN, but %.*s is %.*s.", WEIR_SLICE_ARG(query->where->text), WEIR_SLICE_ARG(type));
}

static bool refuse(const struct weir_sql_place *place, const char *text, struct weir_err *err)
{
	return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, place->line, place->column, "%s", text);
}

/* Key expressions: typed, no MAP inside, none twice. */
static bool analyze_key_list(struct weir_query_analysis *query, const char *clause, const struct weir_sql_expr **asts, size_t count,
	const struct weir_expr ***ret, struct weir_err *err)
{
	struct weir_expression_context context = weir_query_context(query, clause);
	const struct weir_expr **keys = WEIR_ARENA_ARRAY(query->arena, const struct weir_expr *, count + 1);

	for (size_t i = 0; i < count; i++) {
		const struct weir_sql_place *place = &asts[i]->place;

		if (!weir_analyze_expression(&context, asts[i], &keys[i], err))
			return false;
		if (weir_expr_is_null_literal(keys[i]))
			return weir_err_set_at(err, WEIR_E_TYPE, place->line, place->column, "%s: NULL has no type here.", clause);
		if (weir_type_contains_map(keys[i]->type))
			return weir_err_set_at(err, WEIR_E_TYPE, place->line, place->column,
				"%s: a key cannot be or contain a MAP: %.*s.", clause, WEIR_SLICE_ARG(keys[i]->text));
		for (size_t j = 0; j < i; j++)
			if (weir_expr_equals(keys[i], keys[j]))
				return weir_err_set_at(err, WEIR_E_DUPLICATE_NAME, place->line, place->column,
					"%s names %.*s twice.", clause, WEIR_SLICE_ARG(keys[i]->text));
	}
	*ret = keys;
	return true;
}

/* ---- PARTITION BY ---- */

static bool partitions_by_null(const struct weir_query_analysis *query, bool *ret, struct weir_err *err)
{
	const struct weir_sql_query *ast = query->ast;

	for (size_t i = 0; i < ast->partition_by_count; i++) {
		if (ast->partition_by[i]->kind != WEIR_SQL_NULL)
			continue;
		if (ast->partition_by_count > 1)
			return refuse(
				&ast->partition_by[i]->place, "PARTITION BY NULL cannot be combined with other expressions.", err);
		*ret = true;
	}
	return true;
}

static bool is_existing_key(const struct weir_query_analysis *query)
{
	return !weir_query_is_join(query) && query->partition_by_count == 1 && query->from[0].source->schema->key_count == 1 &&
	       query->partition_by[0]->kind == WEIR_EXPR_COLUMN && query->partition_by[0]->index == 0;
}

static bool analyze_partition_by(struct weir_query_analysis *query, struct weir_err *err)
{
	const struct weir_sql_query *ast = query->ast;

	if (!ast->partition_by_count)
		return true;
	if (ast->group_by_count)
		return refuse(&ast->partition_by_place, "A query can have PARTITION BY or GROUP BY, not both.", err);
	if (query->from[0].source->is_table)
		return refuse(&ast->partition_by_place, "PARTITION BY needs a stream: the key of a table cannot be changed.", err);
	if (query->mode == WEIR_MODE_STREAM_PULL)
		return refuse(&ast->partition_by_place, "A pull query cannot have PARTITION BY.", err);
	if (!partitions_by_null(query, &query->partitions_by_null, err))
		return false;
	if (query->partitions_by_null) {
		query->key_kind = WEIR_KEY_NONE;
		return true;
	}
	if (!analyze_key_list(query, "PARTITION BY", ast->partition_by, ast->partition_by_count, &query->partition_by, err))
		return false;
	query->partition_by_count = ast->partition_by_count;
	if (is_existing_key(query))
		query->partition_by_count = 0;
	else if (query->is_windowed)
		return refuse(&ast->partition_by_place, "A stream with windowed keys cannot get another key.", err);
	else
		query->key_kind = WEIR_KEY_PARTITIONED;
	return true;
}

/* ---- GROUP BY ---- */

static bool check_group_sources(const struct weir_query_analysis *query, struct weir_err *err)
{
	const struct weir_sql_place *place = &query->ast->group_by_place;

	if (query->is_windowed)
		return refuse(place, "A source with windowed keys cannot be grouped.", err);
	if (query->mode == WEIR_MODE_STREAM_PULL)
		return refuse(place, "A pull query cannot have GROUP BY. Add EMIT CHANGES for a push query.", err);
	for (size_t i = 0; i < query->from_count; i++)
		if (weir_slice_is(query->from[i].source->value.name, "KAFKA"))
			return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, place->line, place->column,
				"'%.*s' has the value format KAFKA, which cannot be grouped.",
				WEIR_SLICE_ARG(query->from[i].source->name));
	return true;
}

static bool analyze_group_by(struct weir_query_analysis *query, struct weir_err *err)
{
	const struct weir_sql_query *ast = query->ast;

	if (!ast->group_by_count)
		return true;
	if (!check_group_sources(query, err) ||
		!analyze_key_list(query, "GROUP BY", ast->group_by, ast->group_by_count, &query->group_by, err))
		return false;
	query->group_by_count = ast->group_by_count;
	query->key_kind = WEIR_KEY_GROUPED;
	return true;
}

static bool in_ms(const struct weir_sql_duration *duration, const struct weir_sql_place *place, int64_t *ret, struct weir_err *err)
{
	return !__builtin_mul_overflow(duration->amount, duration->unit_ms, ret) || refuse(place, "The window is too long.", err);
}

/* Sizes and their defaults: semantics §7.1. */
static bool make_window(struct weir_query_analysis *query, struct weir_err *err)
{
	static const enum weir_window_type types[] = { [WEIR_SQL_WINDOW_TUMBLING] = WEIR_WINDOW_TUMBLING,
		[WEIR_SQL_WINDOW_HOPPING] = WEIR_WINDOW_HOPPING,
		[WEIR_SQL_WINDOW_SESSION] = WEIR_WINDOW_SESSION };
	const struct weir_sql_query *ast = query->ast;
	const struct weir_sql_place *place = &ast->window_place;
	struct weir_window_spec window = { .type = types[ast->window], .is_final = ast->emit == WEIR_SQL_EMIT_FINAL };
	int64_t kept;

	if (!in_ms(&ast->size, place, &window.size_ms, err) ||
		(ast->window == WEIR_SQL_WINDOW_HOPPING && !in_ms(&ast->advance, place, &window.advance_ms, err)) ||
		(ast->has_grace && !in_ms(&ast->grace, place, &window.grace_ms, err)) ||
		(ast->has_retention && !in_ms(&ast->retention, place, &window.retention_ms, err)))
		return false;
	if (window.type != WEIR_WINDOW_SESSION && window.size_ms <= 0)
		return refuse(place, "A window needs a SIZE above 0.", err);
	if (window.type == WEIR_WINDOW_HOPPING && (window.advance_ms <= 0 || window.advance_ms > window.size_ms))
		return refuse(place, "A hopping window advances by more than 0 and at most by its SIZE.", err);
	if (!ast->has_grace && !window.is_final && window.size_ms < DEFAULT_GRACE_MS)
		window.grace_ms = DEFAULT_GRACE_MS - window.size_ms;
	if (__builtin_add_overflow(window.size_ms, window.grace_ms, &kept))
		return refuse(place, "The window is too long.", err);
	if (!ast->has_retention)
		window.retention_ms = kept;
	else if (window.retention_ms < kept)
		return refuse(place, "RETENTION must be at least the window's size and its GRACE PERIOD together.", err);
	query->window = window;
	return true;
}

static bool check_window(struct weir_query_analysis *query, struct weir_err *err)
{
	const struct weir_sql_query *ast = query->ast;

	if (ast->window != WEIR_SQL_WINDOW_NONE && !ast->group_by_count)
		return refuse(&ast->window_place, "A WINDOW needs a GROUP BY.", err);
	if (ast->window != WEIR_SQL_WINDOW_NONE && query->from[0].source->is_table)
		return refuse(&ast->window_place, "A table cannot be aggregated in windows.", err);
	if (ast->window != WEIR_SQL_WINDOW_NONE)
		return make_window(query, err);
	if (ast->emit == WEIR_SQL_EMIT_FINAL)
		return refuse(&ast->emit_place, "EMIT FINAL is only for windowed aggregations.", err);
	return true;
}

bool weir_analyze_clauses(struct weir_query_analysis *query, struct weir_err *err)
{
	bool has_key = query->from[0].source->schema->key_count > 0 || weir_query_is_join(query);

	query->key_kind = has_key ? WEIR_KEY_OF_SOURCE : WEIR_KEY_NONE;
	return check_window(query, err) && analyze_where(query, err) && analyze_partition_by(query, err) &&
	       analyze_group_by(query, err);
}
