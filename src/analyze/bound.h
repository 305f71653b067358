/* Bound statements: what a statement means against one catalog snapshot. Made by weir_analyze(), consumed by plan/ and engine/.
 *
 * Holds:
 *  - every name is resolved, every expression typed (expr/expr.h), every default applied, every check that needs no I/O but the
 *    environment's look-ups made: executing a bound statement cannot fail for a reason of the user's;
 *  - it lives in the statement's arena and points into the catalog snapshot: keep both while it is used;
 *  - nothing here is a plan: stages, topics between them and stores are plan/'s.
 */
#pragma once

#include "catalog/catalog.h"
#include "expr/expr.h"

struct weir_sql_statement;

/* ---- Queries ---- */

/* One relation of FROM, in order. The *from row* of a query is what its WHERE sees: a single source's row, or the row of the last
 * join. A join's row: its key cell, then all cells of what stands left of it, then all cells of the right source. */
struct weir_bound_from {
	const struct weir_source *source;
	struct weir_slice alias;
	size_t first_cell; /* of the source's columns in the from row */
	/* Joins: ROWTIME, ROWPARTITION and ROWOFFSET of the source follow its columns as cells of their own (some expression of the
	 * query reads them). */
	bool has_pseudo_cells;
	/* From the second relation on: the join with everything left of it. */
	enum weir_join_type join_type;
	const struct weir_expr *left_key;  /* bound to the row of what stands left */
	const struct weir_expr *right_key; /* bound to this source's rows */
	struct weir_slice left_source;     /* alias of the source that left_key reads */
	bool left_is_keyed;                /* what stands left is keyed by left_key already */
	const struct weir_schema *row;     /* the row after this join (for the first relation: the source's schema) */
};

/* A result column. */
struct weir_bound_column {
	struct weir_slice name;
	const struct weir_type *type;
	const struct weir_expr *expr; /* over the from row, or the aggregate row when the query aggregates */
};

/* The *aggregate row*: one key cell per GROUP BY expression, then one cell per aggregate. */
struct weir_bound_aggregate {
	const struct weir_aggregate_function *function;
	struct weir_aggregate_binding binding;
	const struct weir_expr *const *args; /* over the from row: binding.column_arg_count columns, then the literals */
	struct weir_slice text;
};

enum weir_bound_key_kind {
	WEIR_KEY_OF_SOURCE,   /* the source's (or join's) key columns, possibly renamed */
	WEIR_KEY_GROUPED,     /* GROUP BY */
	WEIR_KEY_PARTITIONED, /* PARTITION BY computes a new one */
	WEIR_KEY_NONE,        /* the source has none, or PARTITION BY NULL */
};

struct weir_bound_query {
	const struct weir_bound_from *from;
	size_t from_count;
	const struct weir_expr *where; /* over the from row; NULL: none */
	/* Table functions, after WHERE: calls over the from row that give ARRAYs. Each adds one cell behind the from row; a row
	 * becomes as many as the longest array has items. */
	const struct weir_expr *const *table_calls;
	size_t table_call_count;

	enum weir_bound_key_kind key_kind;
	const struct weir_expr *const *partition_by; /* over the from row */
	size_t partition_by_count;

	bool is_aggregate;
	const struct weir_expr *const *group_by; /* over the from row; count 0: one global group (push queries only) */
	size_t group_by_count;
	const struct weir_bound_aggregate *aggregates;
	size_t aggregate_count;
	const struct weir_schema *aggregate_row; /* names for plans; NULL when not aggregating */
	const struct weir_expr *having;          /* over the aggregate row; NULL: none */

	/* The result: the first key_count columns are its keys. Persistent: keys in key order, then values in projection order.
	 * Push: the columns that stand for keys first as well; result_order gives the projection order. */
	const struct weir_bound_column *columns;
	size_t column_count, key_count;
	const int *result_order; /* push: result column i is columns[result_order[i]]; NULL: identity */
	const struct weir_schema *schema;

	bool is_table;                  /* of the result */
	struct weir_window_spec window; /* of the result's keys; NONE when not windowed */
	bool is_final;                  /* EMIT FINAL */
	int64_t limit;                  /* -1: none */
	bool is_stream_pull;            /* a pull query on a stream: read from the start to where the topic ends now, then stop */
};

/* ---- Pull queries on materialised tables ---- */

enum weir_pull_kind { WEIR_PULL_KEYS, WEIR_PULL_RANGE, WEIR_PULL_SCAN };

/* A bound of WINDOWSTART or WINDOWEND, inclusive both ways; INT64_MIN / INT64_MAX: open. */
struct weir_pull_window_bounds {
	int64_t start_from_ms, start_to_ms;
	int64_t end_from_ms, end_to_ms;
};

/* One key to look up: a value per key column. */
struct weir_pull_key {
	const struct weir_value *values;
	struct weir_pull_window_bounds window;
};

struct weir_bound_pull {
	const struct weir_source *table;
	const struct weir_query *query; /* whose store answers */
	enum weir_pull_kind kind;
	const struct weir_pull_key *keys; /* KEYS: in list order, without duplicates */
	size_t key_count;
	/* RANGE over the single STRING or BYTES key; NULL pointer: open. */
	const struct weir_value *lower, *upper;
	bool lower_inclusive, upper_inclusive;
	const struct weir_expr *where;           /* always applied to each row found; NULL: none. Over rows of the table's schema */
	const struct weir_bound_column *columns; /* in projection order; expressions over rows of the table's schema */
	const bool *is_key;                      /* per column: shown as KEY in the header */
	size_t column_count;
	int64_t limit; /* -1: none */
};

/* ---- Statements ---- */

/* A topic that a statement needs. */
struct weir_bound_topic {
	struct weir_slice name;
	bool is_missing; /* must be created with what follows */
	int32_t partitions;
	int32_t replicas;              /* -1: the broker's default */
	int64_t retention_ms;          /* -1: the broker's default */
	bool is_compacted, is_deleted; /* cleanup.policy */
};

enum weir_bound_kind {
	WEIR_BOUND_CREATE_SOURCE,
	WEIR_BOUND_CREATE_AS,
	WEIR_BOUND_INSERT_SELECT,
	WEIR_BOUND_INSERT_VALUES,
	WEIR_BOUND_PUSH_QUERY, /* and pull queries on streams */
	WEIR_BOUND_PULL_QUERY,
	WEIR_BOUND_DROP_SOURCE,
	WEIR_BOUND_ALTER,
	WEIR_BOUND_CREATE_TYPE,
	WEIR_BOUND_DROP_TYPE,
	WEIR_BOUND_TERMINATE,
	WEIR_BOUND_PAUSE,
	WEIR_BOUND_RESUME,
	WEIR_BOUND_DESCRIBE, /* one source */
	WEIR_BOUND_EXPLAIN,
	WEIR_BOUND_OTHER, /* SHOW, PRINT, SET, UNSET, DEFINE, …: nothing to bind, read the AST */
};

struct weir_bound_create_source {
	struct weir_source *source; /* to put into the catalog once its topic and schemas are there */
	struct weir_bound_topic topic;
	bool registers_key, registers_value; /* register the declared columns' schema if the subject has none */
	bool already_exists;                 /* IF NOT EXISTS and it does: do nothing, `note` says so */
	const struct weir_source *replaces;  /* OR REPLACE */
	/* SOURCE TABLE: the internal query that materialises it; NULL otherwise. */
	const struct weir_bound_query *materialize;
};

struct weir_bound_create_as {
	struct weir_source *sink;
	struct weir_bound_topic topic;
	const struct weir_bound_query *query;
	bool registers_key, registers_value; /* register the result's schemas (always, idempotent) */
	bool already_exists;
	const struct weir_source *replaces;
};

struct weir_bound_insert_select {
	const struct weir_source *target;
	const struct weir_bound_query *query; /* columns in the target's order and of its types */
	struct weir_slice query_id;           /* WITH (QUERY_ID = …); "" none */
};

struct weir_bound_insert_values {
	const struct weir_source *target;
	const struct weir_value *values; /* per column of the target's schema; header columns NULL */
	int64_t timestamp_ms;            /* ROWTIME as given, else the clock's */
};

struct weir_bound_drop_source {
	const struct weir_source *source; /* NULL: IF EXISTS and there is none; `note` says so */
	bool deletes_topic;
};

struct weir_bound_type {
	struct weir_slice name;
	const struct weir_type *type; /* CREATE TYPE */
	bool does_nothing;            /* IF (NOT) EXISTS */
};

struct weir_bound_query_ids {
	const struct weir_query *query; /* NULL: all */
	/* TERMINATE only: not a persistent query; maybe a running push query of that id. */
	struct weir_slice unknown_id;
};

struct weir_bound_statement {
	enum weir_bound_kind kind;
	const struct weir_sql_statement *ast;
	struct weir_slice note; /* what to tell the user beside success; "" nothing */
	union {
		struct weir_bound_create_source create_source;
		struct weir_bound_create_as create_as;
		struct weir_bound_insert_select insert_select;
		struct weir_bound_insert_values insert_values;
		const struct weir_bound_query *push;
		struct weir_bound_pull pull;
		struct weir_bound_drop_source drop;
		struct weir_source *alter; /* as it will be */
		struct weir_bound_type type;
		struct weir_bound_query_ids queries; /* TERMINATE, PAUSE, RESUME */
		const struct weir_source *describe;
		struct {
			const struct weir_query *query;               /* EXPLAIN id */
			const struct weir_bound_statement *statement; /* EXPLAIN statement */
		} explain;
	};
};
