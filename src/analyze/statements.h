/* Inside analyze/: one function per statement, listed in analyze.c. */
#pragma once

#include "analyze/query.h"
#include "analyze/source_parts.h"

typedef bool weir_analyze_statement(const struct weir_analyze_env *env, struct weir_arena *arena,
	const struct weir_sql_statement *ast, struct weir_bound_statement *ret, struct weir_err *err);

weir_analyze_statement weir_analyze_create_source;
weir_analyze_statement weir_analyze_create_as;
weir_analyze_statement weir_analyze_insert_select;
weir_analyze_statement weir_analyze_insert_values;
weir_analyze_statement weir_analyze_select_statement; /* push or pull */
weir_analyze_statement weir_analyze_drop_source;
weir_analyze_statement weir_analyze_alter;
weir_analyze_statement weir_analyze_create_type;
weir_analyze_statement weir_analyze_drop_type;
weir_analyze_statement weir_analyze_query_ids; /* TERMINATE, PAUSE, RESUME */
weir_analyze_statement weir_analyze_describe;
weir_analyze_statement weir_analyze_explain;

/* Pull queries on a materialised table. */
bool weir_analyze_pull(const struct weir_analyze_env *env, struct weir_arena *arena, const struct weir_sql_query *ast,
	const struct weir_source *table, struct weir_bound_pull *ret, struct weir_err *err);

/* The source that a statement names, or an error with a suggestion. */
const struct weir_source *weir_require_source(
	const struct weir_analyze_env *env, const struct weir_sql_statement *ast, struct weir_err *err);
bool weir_refuse_statement(const struct weir_sql_statement *ast, const char *what, struct weir_err *err);
