/* Inside analyze/: a query while it is being analysed, and the steps, in the order of their calls.
 *
 * Holds: each step reads what earlier ones filled and fills its own part; nothing is filled twice.
 */
#pragma once

#include "analyze/scope.h"

enum weir_query_mode {
	WEIR_MODE_PERSISTENT,
	WEIR_MODE_PUSH,        /* EMIT CHANGES */
	WEIR_MODE_STREAM_PULL, /* on a stream, without EMIT */
};

/* One column of the SELECT list after expansion of `*`. */
struct weir_select_item {
	struct weir_slice name;
	const struct weir_expr *expr; /* over the from row; aggregates are placeholders (weir_expr_is_aggregate) */
	struct weir_sql_place place;
	bool has_alias, from_star;
};

/* A column reference that stands for the join's key. */
struct weir_viable_key {
	size_t source;
	int column;
};

struct weir_query_analysis {
	const struct weir_analyze_env *env;
	struct weir_arena *arena;
	const struct weir_sql_query *ast;
	enum weir_query_mode mode;
	struct weir_slice sink_name; /* for messages; "" none */
	int next_slot;               /* of lambda variables */

	/* from.c, join.c */
	struct weir_bound_from *from;
	size_t from_count;
	struct weir_scope scope;
	struct weir_scope_source *scope_sources;
	struct weir_viable_key *viable; /* of the last join, in order of preference; none: synthetic key */
	size_t viable_count;
	bool is_windowed;               /* the first source's keys are */
	struct weir_window_spec window; /* of the WINDOW clause */

	/* clauses.c */
	const struct weir_expr *where;
	const struct weir_expr **group_by, **partition_by;
	size_t group_by_count, partition_by_count;
	bool partitions_by_null;
	enum weir_bound_key_kind key_kind;

	/* select.c */
	struct weir_aggregate_list aggregates;
	struct weir_table_call_list table_calls;
	WEIR_VEC(struct weir_select_item) items;

	/* clauses.c */
	const struct weir_expr *having;
	bool is_aggregate;
};

/* A context for expressions over the from row. */
struct weir_expression_context weir_query_context(struct weir_query_analysis *query, const char *clause);
static inline bool weir_query_is_join(const struct weir_query_analysis *query)
{
	return query->from_count > 1;
}

/* Sources, their restrictions, and joins. */
bool weir_analyze_from(struct weir_query_analysis *query, struct weir_err *err);
bool weir_analyze_joins(struct weir_query_analysis *query, struct weir_err *err);
/* WHERE, PARTITION BY, GROUP BY. */
bool weir_analyze_clauses(struct weir_query_analysis *query, struct weir_err *err);
/* The SELECT list: expansion, names, expressions. */
bool weir_analyze_select(struct weir_query_analysis *query, struct weir_err *err);
/* HAVING, and the rules of aggregation. */
bool weir_analyze_aggregation(struct weir_query_analysis *query, struct weir_err *err);
/* An expression over the from row → over the aggregate row. `what` names it in the message. */
bool weir_rewrite_for_aggregate(struct weir_query_analysis *query, const struct weir_expr *expr, const char *what,
	const struct weir_expr **ret, struct weir_err *err);
/* Which columns are the result's keys; the bound query. */
bool weir_finish_query(struct weir_query_analysis *query, struct weir_bound_query *ret, struct weir_err *err);

/* The whole of it. */
bool weir_analyze_query(const struct weir_analyze_env *env, struct weir_arena *arena, const struct weir_sql_query *ast,
	enum weir_query_mode mode, struct weir_slice sink_name, struct weir_bound_query *ret, struct weir_err *err);
