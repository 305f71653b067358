/* Inside analyze/: what names mean at one place of a statement, and AST → typed expressions.
 *
 * Holds: a scope describes one row layout (schema.h order) by the sources whose columns it holds; resolving yields cell indexes
 * of that row.
 */
#pragma once

#include "analyze/analyze.h"
#include "analyze/build.h"
#include "base/vec.h"
#include "sql/ast.h"

/* Cells behind a joined source's columns when the query reads such fields of a single source (semantics §8.8). */
enum { WEIR_SCOPE_PSEUDO_CELLS = 3 }; /* ROWTIME, ROWPARTITION, ROWOFFSET, in this order */

struct weir_scope_source {
	struct weir_slice alias;
	const struct weir_schema *schema;
	size_t first_cell;
	bool is_windowed;
};

struct weir_scope {
	const struct weir_scope_source *sources;
	size_t source_count;
	bool has_pseudo_cells; /* joins only */
	/* The join's synthetic key (cell 0) under this name; "" when a source column is the key. */
	struct weir_slice synthetic_key;
	const struct weir_type *synthetic_key_type;
};

/* Aggregate calls met in an expression; shared by SELECT and HAVING of one query. */
struct weir_aggregate_list {
	WEIR_VEC(struct weir_bound_aggregate) items;
};

/* Calls of table functions met in SELECT; each gives one cell behind the from row. */
struct weir_table_call_list {
	WEIR_VEC(const struct weir_expr *) items;
	int first_cell;
};

struct weir_lambda_frame {
	const struct weir_lambda_frame *outer;
	const struct weir_slice *names;
	const struct weir_type *const *types;
	size_t count;
	int first_slot;
};

/* Everything that analysing one expression needs. Copied and changed for parts with other rules. */
struct weir_expression_context {
	const struct weir_analyze_env *env;
	struct weir_arena *arena;
	const struct weir_scope *scope;         /* NULL: no columns may be named */
	const char *clause;                     /* SELECT, WHERE, …: for messages */
	struct weir_aggregate_list *aggregates; /* NULL: aggregates are refused */
	bool inside_aggregate;
	struct weir_table_call_list *table_calls; /* NULL: table functions are refused */
	bool inside_table_function, inside_case;
	bool allows_window_bounds; /* of a windowed aggregation */
	bool rewrites_time_texts;  /* WHERE and HAVING: ROWTIME > '2020-01-01' */
	bool refuses_row_position; /* pull queries: ROWPARTITION, ROWOFFSET */
	const struct weir_lambda_frame *lambda;
	int *next_slot; /* of lambda variables */
};

/* The type of a placeholder's aggregate is its result; `index` is -1 - position in the list. */
bool weir_expr_is_aggregate(const struct weir_expr *expr);

bool weir_analyze_expression(struct weir_expression_context *context, const struct weir_sql_expr *ast, const struct weir_expr **ret,
	struct weir_err *err);
bool weir_analyze_decimal_literal(struct weir_expression_context *context, const struct weir_sql_expr *ast,
	const struct weir_expr **ret, struct weir_err *err);
/* Function calls, aggregates, lambdas. */
bool weir_analyze_call(struct weir_expression_context *context, const struct weir_sql_expr *ast, const struct weir_expr **ret,
	struct weir_err *err);
/* A column, pseudo column or lambda variable. */
bool weir_resolve_column(const struct weir_expression_context *context, const struct weir_sql_expr *ast,
	const struct weir_expr **ret, struct weir_err *err);
/* The sources that hold a column of that name. */
size_t weir_scope_count_sources_with(const struct weir_scope *scope, struct weir_slice name);

enum weir_pseudo_name { WEIR_NOT_PSEUDO = -1 };
/* An enum weir_pseudo, or WEIR_NOT_PSEUDO. */
int weir_pseudo_of(struct weir_slice name);
const struct weir_type *weir_pseudo_type(enum weir_pseudo pseudo);
/* ROWTIME, ROWPARTITION, ROWOFFSET, WINDOWSTART, WINDOWEND. */
bool weir_is_reserved_column(struct weir_slice name);

/* AST type → SQL type; custom types are expanded. */
bool weir_analyze_type(const struct weir_analyze_env *env, struct weir_arena *arena, const struct weir_sql_type *ast,
	const struct weir_type **ret, struct weir_err *err);

/* Partial ISO timestamps: 2020, 2020-05, 2020-05-26T23:59+0200 (semantics §3.5). */
bool weir_parse_partial_timestamp(struct weir_slice text, int64_t *ret_ms);
/* ROWTIME, WINDOWSTART or WINDOWEND beside a text literal: the text becomes its milliseconds. Others stay as they are. */
bool weir_rewrite_time_text(
	struct weir_arena *arena, const struct weir_expr *bound_side, const struct weir_expr **text_side, struct weir_err *err);

struct weir_place weir_place_of(struct weir_arena *arena, const struct weir_sql_expr *ast);
