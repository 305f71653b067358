/* Inside plan/: a plan under construction.
 *
 * Holds: `map` says where each cell of the query's last from row (analyze/bound.h) stands in the rows of `node`, -1 where they do
 * not have it; every expression is copied through it, so nodes may drop and reorder cells freely.
 */
#pragma once

#include "base/vec.h"
#include "plan/planner.h"

struct weir_planning {
	struct weir_arena *arena;
	const struct weir_plan_request *request;
	const struct weir_bound_query *query;
	int next_node_id;

	/* The stage being filled. */
	WEIR_VEC(struct weir_plan_input) inputs;
	const struct weir_plan_node *node; /* the last one */
	int32_t partitions;
	WEIR_VEC(struct weir_plan_stage) stages; /* the finished ones */

	int *map;
	bool *used; /* cells of the from row that anything reads */
	size_t from_row_count;
	struct weir_plan_materialization materialization;
};

struct weir_plan_node *weir_planning_node(struct weir_planning *planning, enum weir_node_kind kind,
	const struct weir_schema *schema, bool is_table, const struct weir_plan_node *child);
/* An expression over the from row `shift` joins before the last one, onto the rows of the current node. */
const struct weir_expr *weir_planning_expr(struct weir_planning *planning, const struct weir_expr *expr, int shift);
const struct weir_expr *weir_planning_column(
	struct weir_planning *planning, int index, const struct weir_type *type, struct weir_slice text);
/* The current node's column i as an expression. */
const struct weir_expr *weir_planning_cell(struct weir_planning *planning, int index);
/* A source read by this stage, as a SOURCE node. `first_cell`: of its columns in the from row. */
const struct weir_plan_node *weir_planning_source(
	struct weir_planning *planning, size_t from, bool is_bootstrap, struct weir_err *err);
/* Ends the stage with a repartition topic of the current rows and begins the next one, which reads it. */
void weir_planning_cut(
	struct weir_planning *planning, const char *step, int32_t partitions, const struct weir_format_spec *partition_key);
void weir_planning_finish_stage(struct weir_planning *planning, struct weir_plan_output output);

/* joins.c: everything up to the from row. */
bool weir_planning_joins(struct weir_planning *planning, struct weir_err *err);
/* aggregate.c: GROUP BY, HAVING. */
bool weir_planning_aggregate(struct weir_planning *planning, struct weir_err *err);
void weir_planning_filter(struct weir_planning *planning, const struct weir_expr *predicate);
void weir_planning_materialize(struct weir_planning *planning, const char *store);
