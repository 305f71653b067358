/* The physical plan of one query: immutable, printable, shared between tasks.
 *
 * A plan is a list of stages, cut at every repartition. A stage reads co-partitioned inputs, runs one tree of operators and writes
 * one output: the sink topic, an internal repartition topic, or a client (push query). A task is one stage on one partition.
 *
 * Holds:
 *  - every node's output row is described by its schema: key cells first, then value cells;
 *  - expressions of a node are bound to the rows of its (first) child;
 *  - nodes that keep state name their store; store names are stable for a given statement, they name changelogs.
 */
#pragma once

#include "expr/expr.h"
#include "formats/format.h"
#include "types/relation.h"
#include "types/schema.h"

/* How records of one topic are laid out. Used for sources, sinks and internal topics alike. */
struct weir_topic_layout {
	struct weir_slice topic;
	int32_t partitions;
	const struct weir_schema *schema;
	struct weir_format_spec key, value;                   /* columns: the schema's key part and its VALUE columns */
	int32_t key_writer_schema_id, value_writer_schema_id; /* for writing; 0 for formats without */
	struct weir_window_spec window;                       /* windowed keys on the wire; type and size_ms only */
	struct weir_timestamp_spec timestamp;
	/* Internal topics: key and value are packed cells (types/pack.h) and the specs above are unused. */
	bool is_internal;
};

enum weir_input_kind { WEIR_INPUT_STREAM, WEIR_INPUT_TABLE };

struct weir_plan_input {
	enum weir_input_kind kind;
	struct weir_slice source_name; /* stream's or table's; "" for an internal topic */
	struct weir_topic_layout layout;
	const bool *wanted; /* per schema column: some operator reads it */
	int producer_stage; /* internal topic: the stage that writes it; else -1 */
	/* A table that a stream is joined to: read up to the end it had at the task's start before any stream row (design §10). */
	bool is_bootstrap;
};

enum weir_node_kind {
	WEIR_NODE_SOURCE,       /* rows or changes of input `input` */
	WEIR_NODE_FILTER,       /* stream: predicate */
	WEIR_NODE_TABLE_FILTER, /* changes: deletion only if the previous version matched (semantics §6.1) */
	WEIR_NODE_PROJECT,      /* expressions: one per cell of the output schema */
	WEIR_NODE_TABLE_PROJECT,
	WEIR_NODE_REKEY,     /* stream PARTITION BY: expressions as PROJECT; null-value rules of semantics §5.3 */
	WEIR_NODE_GROUP_KEY, /* stream before an aggregation's repartition: as PROJECT, drops rows with a NULL key cell or null
				value */
	WEIR_NODE_TABLE_GROUP_KEY,   /* table before an aggregation: a change becomes a subtraction and an addition record */
	WEIR_NODE_TABLE_FUNCTIONS,   /* EXPLODE and friends */
	WEIR_NODE_AGGREGATE,         /* stream → table; key cells of the child are the group */
	WEIR_NODE_TABLE_AGGREGATE,   /* with undo */
	WEIR_NODE_STREAM_TABLE_JOIN, /* child 0 stream, child 1 table */
	WEIR_NODE_TABLE_TABLE_JOIN,
	WEIR_NODE_STREAM_STREAM_JOIN,
	WEIR_NODE_FOREIGN_KEY_JOIN,
	WEIR_NODE_MATERIALIZE, /* table: keeps the latest row per key, adds `before` to changes */
};

struct weir_plan_aggregate {
	const struct weir_aggregate_function *function;
	struct weir_aggregate_binding binding;
	const struct weir_expr *const *args; /* bound to the child's rows; binding.column_arg_count of them */
	struct weir_slice text;
};

struct weir_plan_node {
	enum weir_node_kind kind;
	int id;                           /* unique in the plan, in printing order */
	const struct weir_schema *schema; /* of the output rows */
	bool is_table;                    /* emits changes */
	struct weir_window_spec window;   /* of the output's keys; type NONE when not windowed */
	const struct weir_plan_node *children[2];

	int input;                         /* SOURCE: index into the stage's inputs */
	const struct weir_expr *predicate; /* FILTER, TABLE_FILTER */
	const struct weir_expr *const
		*expressions; /* PROJECT, TABLE_PROJECT, REKEY, GROUP_KEY, TABLE_GROUP_KEY: one per output cell. TABLE_FUNCTIONS:
				 one per cell behind the child's, giving the ARRAY whose items go there */
	const struct weir_plan_aggregate *aggregates; /* (TABLE_)AGGREGATE */
	size_t aggregate_count;
	/* (TABLE_)AGGREGATE output cells: the key, then `carried` columns of the child (latest non-aggregated values), then one per
	 * aggregate. */
	const int *carried;
	size_t carried_count;
	enum weir_join_type join_type; /* output cells of a join: the key, then all cells of child 0, then all cells of child 1 */
	const struct weir_expr
		*join_key; /* STREAM_TABLE_JOIN: child 0's expression equal to the table's key; its rows are keyed by it already */
	int64_t within_before_ms, within_after_ms, join_grace_ms;
	bool has_join_grace;
	/* State; "" none. AGGREGATE and TABLE_AGGREGATE: the groups. MATERIALIZE: the latest rows. STREAM_TABLE_JOIN: the rows of
	 * child 1, whose SOURCE keeps none of its own. A SOURCE of a table that only passes changes on has none: its changes then
	 * have no `before`. */
	struct weir_slice store;
};

enum weir_output_kind {
	WEIR_OUTPUT_SINK,
	WEIR_OUTPUT_REPARTITION,
	WEIR_OUTPUT_CLIENT,
	WEIR_OUTPUT_NONE, /* SOURCE TABLE: only keeps state for pull queries */
};

struct weir_plan_output {
	enum weir_output_kind kind;
	struct weir_topic_layout layout; /* SINK, REPARTITION */
	/* REPARTITION: how the partition is chosen. Format NULL: by the packed key; else by the key written in this format, so that
	 * rows meet the records of a topic that somebody else wrote. */
	struct weir_format_spec partition_key;
	/* The child's rows hold the window of the key and are written with it. */
	bool is_windowed;
};

struct weir_plan_stage {
	int index;
	const struct weir_plan_input *inputs;
	size_t input_count;
	const struct weir_plan_node *root;
	struct weir_plan_output output;
	int32_t partitions; /* number of tasks */
};

/* Which store answers pull queries on the result, and what is applied to what it holds. */
struct weir_plan_materialization {
	int stage; /* -1: the result is not queryable */
	const struct weir_plan_node
		*node; /* its store holds the rows; the nodes from its parent up to the root are applied on read */
};

struct weir_plan {
	struct weir_slice query_id;
	struct weir_slice statement;
	const struct weir_plan_stage *stages; /* a stage comes after the stages it reads */
	size_t stage_count;
	const struct weir_schema *schema; /* of the result: keys first for persistent queries; projection order for push and pull */
	const int *result_order; /* push/pull: result column i is cell result_order[i] of the root's rows; NULL: identity */
	size_t result_count;
	bool is_table;
	struct weir_window_spec window;
	int64_t limit; /* -1: none */
	struct weir_plan_materialization materialization;
	const struct weir_slice *source_names; /* streams and tables read */
	size_t source_count;
	struct weir_slice sink_name; /* "" for push and pull */
};
