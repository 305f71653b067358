/* Streaming operators: what a task's chain is made of.
 *
 * A chain is a tree of struct weir_op built from a stage's plan nodes; batches are pushed from the sources down to the output.
 * Streams push rows, tables push changes; an operator has the entry it is wired with and no other.
 *
 * Holds:
 *  - a batch and all it points to live until the source's push returns; whoever keeps more copies it into a store;
 *  - an operator's failure (false) is a store's or the output's, never a row's: rows that cannot be processed are reported and
 * dropped;
 *  - operators see rows, stores, time and a downstream; no topics, no formats.
 * Thread: the task's worker.
 */
#pragma once

#include "expr/evaluator.h"
#include "plan/plan.h"
#include "store/store.h"
#include "types/row.h"

enum weir_drop_reason {
	WEIR_DROP_FILTERED, /* not an error */
	WEIR_DROP_NULL_KEY,
	WEIR_DROP_NULL_VALUE,
	WEIR_DROP_BAD_RECORD,
	WEIR_DROP_BAD_TIMESTAMP,
	WEIR_DROP_EVALUATION,
	WEIR_DROP_LATE,
	WEIR_DROP_UNWRITABLE,
	WEIR_DROP_COUNT
};

/* As metrics name it: "null key", "bad record", … */
const char *weir_drop_reason_name(enum weir_drop_reason reason);

struct weir_op;

/* What a chain is given by whoever runs it (runtime/). */
struct weir_op_env {
	struct weir_arena *task_arena;  /* for the chain's own structures */
	struct weir_arena *batch_arena; /* reset between pushes from the sources */
	struct weir_eval_context eval;
	bool emits_every_update; /* else table results are emitted once per commit, by weir_op_flush() */
	uint64_t dropped[WEIR_DROP_COUNT];
	/* The store of that name, open and owned by the runner. */
	bool (*store)(struct weir_op_env *env, struct weir_slice name, struct weir_store **ret, struct weir_err *err);
	/* A row was dropped or a value became NULL because of an error; for the processing log. May be NULL. */
	void (*on_error)(struct weir_op_env *env, const struct weir_err *err);
};

struct weir_op_type {
	const char *name;
	size_t size;
	/* NULL entries: not wired that way. `port`: which child the batch comes from. */
	bool (*open)(struct weir_op *op, struct weir_err *err);
	bool (*rows)(struct weir_op *op, int port, const struct weir_batch *batch, struct weir_err *err);
	bool (*changes)(struct weir_op *op, int port, const struct weir_change_batch *batch, struct weir_err *err);
	bool (*flush)(struct weir_op *op, struct weir_err *err);
	void (*close)(struct weir_op *op); /* frees what does not lie in an arena; also after a failed open */
};

struct weir_op {
	const struct weir_op_type *type;
	const struct weir_plan_node *node; /* NULL: the output */
	struct weir_op_env *env;
	struct weir_op *down;
	int down_port;
	struct weir_op *next; /* all of a chain, sources last */
	uint64_t rows_in, rows_out;
};

/* A stage's operators. `inputs[i]` takes what input i brings. */
struct weir_chain {
	struct weir_op *first; /* list of all */
	struct weir_op **inputs;
	int *input_ports;
	size_t input_count;
	struct weir_op *output;
};

/* Builds the chain for root in env->task_arena, ending in `output` (made by the caller). */
bool weir_chain_new(struct weir_op_env *env, const struct weir_plan_node *root, size_t input_count, struct weir_op *output,
	struct weir_chain *ret, struct weir_err *err);
/* Closes the operators, the output excepted, whose maker frees it. Accepts a zeroed chain. */
void weir_chain_close(struct weir_chain *chain);
/* Only the operators above `node` (excluded) up to root: what is applied to stored rows by pull queries. *ret_entry takes changes;
 * *ret_chain is to be closed, also after a failure. */
bool weir_chain_above(struct weir_op_env *env, const struct weir_plan_node *root, const struct weir_plan_node *node,
	struct weir_op *output, struct weir_chain *ret_chain, struct weir_op **ret_entry, struct weir_err *err);
/* Emits what was held back since the last flush, from the sources towards the output. */
bool weir_chain_flush(const struct weir_chain *chain, struct weir_err *err);

bool weir_op_emit_rows(struct weir_op *op, const struct weir_batch *batch, struct weir_err *err);
bool weir_op_emit_changes(struct weir_op *op, const struct weir_change_batch *batch, struct weir_err *err);
/* Counts a drop; err (may be NULL) goes to the processing log. */
void weir_op_drop(struct weir_op *op, enum weir_drop_reason reason, const struct weir_err *err);

/* ---- Rows in stores: 8 bytes of timestamp, then the packed value cells ---- */

/* Which node kinds' rows weir_stored_row_read() understands: MATERIALIZE, STREAM_TABLE_JOIN's table. Aggregates:
 * weir_group_row_read(). */
struct weir_row_codec {
	const struct weir_type **types; /* all cells */
	size_t count, key_count;
	struct weir_buf key, value; /* scratch */
};

void weir_row_codec_init(struct weir_row_codec *codec, struct weir_arena *arena, const struct weir_schema *schema);
void weir_row_codec_fini(struct weir_row_codec *codec);
struct weir_slice weir_row_codec_key(struct weir_row_codec *codec, const struct weir_row *row);
struct weir_slice weir_row_codec_value(struct weir_row_codec *codec, const struct weir_row *row);
/* key or value may have ptr NULL: those cells are left as they are. Errors: STORE_CORRUPT. */
bool weir_row_codec_read(const struct weir_row_codec *codec, struct weir_slice key, struct weir_slice value,
	struct weir_arena *arena, struct weir_row *row, struct weir_err *err);

/* One row of a queryable store as the node emits it (finished aggregates). For pull queries. */
bool weir_stored_row(const struct weir_plan_node *node, struct weir_arena *arena, struct weir_slice key, struct weir_slice value,
	struct weir_row *ret_row, struct weir_err *err);
/* The key bytes under which a store of `node` keeps the row with these key cells. Appended to out. */
void weir_stored_key(const struct weir_plan_node *node, struct weir_arena *arena, const union weir_cell *keys,
	const uint64_t *nulls, struct weir_buf *out);
