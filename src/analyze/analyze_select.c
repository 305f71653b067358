/* SELECT on its own: with EMIT a push query, without a pull query, on a table's store or through a stream (semantics §11). */
#include "analyze/statements.h"

static bool analyze_transient(const struct weir_analyze_env *env, struct weir_arena *arena, const struct weir_sql_statement *ast,
	enum weir_query_mode mode, struct weir_bound_statement *ret, struct weir_err *err)
{
	struct weir_bound_query *query = WEIR_ARENA_NEW(arena, struct weir_bound_query);

	if (!weir_analyze_query(env, arena, ast->query, mode, (struct weir_slice){ 0 }, query, err))
		return false;
	ret->kind = WEIR_BOUND_PUSH_QUERY;
	ret->push = query;
	return true;
}

static bool is_disabled(const struct weir_analyze_env *env, const char *property)
{
	return weir_slice_equals_nocase(weir_env_property(env, property), WEIR_SLICE("false"));
}

bool weir_analyze_select_statement(const struct weir_analyze_env *env, struct weir_arena *arena,
	const struct weir_sql_statement *ast, struct weir_bound_statement *ret, struct weir_err *err)
{
	const struct weir_sql_query *query = ast->query;
	const struct weir_source *source = weir_catalog_source(env->catalog, query->relations[0].name);

	if (query->emit != WEIR_SQL_EMIT_NONE)
		return analyze_transient(env, arena, ast, WEIR_MODE_PUSH, ret, err);
	if (is_disabled(env, "ksql.pull.queries.enable")) {
		weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, ast->place.line, ast->place.column,
			"Pull queries are disabled (ksql.pull.queries.enable).");
		return weir_err_advise(err, "Add EMIT CHANGES for a push query.");
	}
	if (source && source->is_table) {
		ret->kind = WEIR_BOUND_PULL_QUERY;
		return weir_analyze_pull(env, arena, query, source, &ret->pull, err);
	}
	if (source && query->relation_count > 1) {
		weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, query->relations[1].place.line, query->relations[1].place.column,
			"A pull query cannot have JOIN.");
		return weir_err_advise(err, "Add EMIT CHANGES if you want a push query.");
	}
	if (source && is_disabled(env, "ksql.query.pull.stream.enabled"))
		return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, ast->place.line, ast->place.column,
			"Pull queries on streams are disabled (ksql.query.pull.stream.enabled).");
	if (query->has_limit && is_disabled(env, "ksql.query.pull.limit.clause.enabled"))
		return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, ast->place.line, ast->place.column,
			"LIMIT is turned off for pull queries (ksql.query.pull.limit.clause.enabled).");
	return analyze_transient(env, arena, ast, WEIR_MODE_STREAM_PULL, ret, err);
}
