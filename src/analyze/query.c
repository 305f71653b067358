/* A query from its syntax tree to its meaning. */
#include "analyze/query.h"

bool weir_analyze_query(const struct weir_analyze_env *env, struct weir_arena *arena, const struct weir_sql_query *ast,
	enum weir_query_mode mode, struct weir_slice sink_name, struct weir_bound_query *ret, struct weir_err *err)
{
	struct weir_query_analysis query = { .env = env, .arena = arena, .ast = ast, .mode = mode, .sink_name = sink_name };

	if (mode == WEIR_MODE_PERSISTENT && ast->has_limit)
		return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, ast->place.line, ast->place.column,
			"A query that writes a stream or table cannot have a LIMIT.");
	if (ast->has_limit && ast->limit < 0)
		return weir_err_set_at(
			err, WEIR_E_INVALID_STATEMENT, ast->place.line, ast->place.column, "LIMIT cannot be negative.");
	return weir_analyze_from(&query, err) && weir_analyze_joins(&query, err) && weir_analyze_clauses(&query, err) &&
	       weir_analyze_select(&query, err) && weir_analyze_aggregation(&query, err) && weir_finish_query(&query, ret, err);
}
