/* The sources of FROM: they exist, may be read by this kind of query, and are not named twice. */
#include "analyze/query.h"

struct weir_expression_context weir_query_context(struct weir_query_analysis *query, const char *clause)
{
	return (struct weir_expression_context){
		.env = query->env,
		.arena = query->arena,
		.scope = &query->scope,
		.clause = clause,
		.refuses_row_position = query->mode == WEIR_MODE_STREAM_PULL,
		.next_slot = &query->next_slot,
	};
}

static bool unknown_source(const struct weir_query_analysis *query, const struct weir_sql_relation *relation, struct weir_err *err)
{
	struct weir_slice near = weir_catalog_suggest_source(query->env->catalog, relation->name);

	weir_err_set_at(err, WEIR_E_UNKNOWN_NAME, relation->place.line, relation->place.column,
		"There is no stream or table '%.*s'.", WEIR_SLICE_ARG(relation->name));
	if (err)
		err->span = relation->place.len;
	return near.len ? weir_err_advise(err, "Did you mean %.*s?", WEIR_SLICE_ARG(near)) : false;
}

static bool check_duplicates(const struct weir_sql_query *ast, size_t i, struct weir_err *err)
{
	const struct weir_sql_relation *relation = &ast->relations[i];

	for (size_t j = 0; j < i; j++) {
		if (weir_slice_equals(ast->relations[j].name, relation->name))
			return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, relation->place.line, relation->place.column,
				"'%.*s' is joined to itself: a query can name a source only once.", WEIR_SLICE_ARG(relation->name));
		if (weir_slice_equals(ast->relations[j].alias, relation->alias))
			return weir_err_set_at(err, WEIR_E_DUPLICATE_NAME, relation->place.line, relation->place.column,
				"The alias '%.*s' is used twice.", WEIR_SLICE_ARG(relation->alias));
	}
	return true;
}

static bool check_readable(const struct weir_query_analysis *query, const struct weir_source *source,
	const struct weir_sql_relation *relation, struct weir_err *err)
{
	bool is_windowed = source->window.type != WEIR_WINDOW_NONE;

	if (query->mode == WEIR_MODE_PERSISTENT && source->is_table && is_windowed)
		return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, relation->place.line, relation->place.column,
			"A persistent query cannot read the windowed table '%.*s'. Declare a stream with WINDOW_TYPE over its "
			"topic.",
			WEIR_SLICE_ARG(source->name));
	if (query->ast->relation_count > 1 && is_windowed)
		return weir_err_set_at(err, WEIR_E_NOT_SUPPORTED, relation->place.line, relation->place.column,
			"A join with windowed keys ('%.*s') is not supported yet.", WEIR_SLICE_ARG(source->name));
	for (size_t i = 0; i < source->schema->count; i++)
		if (weir_is_reserved_column(source->schema->columns[i].name))
			return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, relation->place.line, relation->place.column,
				"'%.*s' has a column called %.*s, which is a reserved name: it cannot be queried.",
				WEIR_SLICE_ARG(source->name), WEIR_SLICE_ARG(source->schema->columns[i].name));
	return true;
}

/* ---- Does the query read ROWTIME and the like of single sources? ---- */

static bool mentions_pseudo(const struct weir_sql_expr *ast)
{
	if (!ast)
		return false;
	if (ast->kind == WEIR_SQL_COLUMN && weir_pseudo_of(ast->name) != WEIR_NOT_PSEUDO)
		return true;
	for (size_t i = 0; i < ast->child_count; i++)
		if (mentions_pseudo(ast->children[i]))
			return true;
	return false;
}

static bool needs_pseudo_cells(const struct weir_sql_query *ast)
{
	bool found = mentions_pseudo(ast->where) || mentions_pseudo(ast->having);
	bool has_star = false;

	for (size_t i = 0; i < ast->item_count; i++) {
		found = found || mentions_pseudo(ast->items[i].expr);
		has_star = has_star || ast->items[i].kind == WEIR_SQL_ITEM_STAR;
	}
	for (size_t i = 0; i < ast->group_by_count; i++)
		found = found || mentions_pseudo(ast->group_by[i]);
	for (size_t i = 0; i < ast->partition_by_count; i++)
		found = found || mentions_pseudo(ast->partition_by[i]);
	for (size_t i = 0; i < ast->relation_count; i++)
		found = found || mentions_pseudo(ast->relations[i].on);
	return ast->relation_count > 1 && (found || (has_star && ast->partition_by_count));
}

bool weir_analyze_from(struct weir_query_analysis *query, struct weir_err *err)
{
	const struct weir_sql_query *ast = query->ast;
	bool has_pseudo_cells = needs_pseudo_cells(ast);

	query->from_count = ast->relation_count;
	query->from = WEIR_ARENA_ARRAY(query->arena, struct weir_bound_from, query->from_count);
	query->scope_sources = WEIR_ARENA_ARRAY(query->arena, struct weir_scope_source, query->from_count);
	for (size_t i = 0; i < query->from_count; i++) {
		const struct weir_sql_relation *relation = &ast->relations[i];
		const struct weir_source *source = weir_catalog_source(query->env->catalog, relation->name);

		if (!source)
			return unknown_source(query, relation, err);
		if (!check_duplicates(ast, i, err) || !check_readable(query, source, relation, err))
			return false;
		query->from[i].source = source;
		query->from[i].alias = relation->alias;
		query->from[i].has_pseudo_cells = has_pseudo_cells;
		query->scope_sources[i] = (struct weir_scope_source){
			.alias = relation->alias,
			.schema = source->schema,
			.is_windowed = source->window.type != WEIR_WINDOW_NONE,
		};
	}
	query->from[0].row = query->from[0].source->schema;
	query->is_windowed = query->scope_sources[0].is_windowed;
	query->scope = (struct weir_scope){
		.sources = query->scope_sources,
		.source_count = 1,
		.has_pseudo_cells = has_pseudo_cells,
	};
	return true;
}
