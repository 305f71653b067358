/* Inside runtime/: a task is one stage on one partition. */
#pragma once

#include "runtime/runtime.h"
#include "runtime/timestamp.h"

#define WEIR_INTERNAL_HEADER_BYTES 13 /* flags, source partition, source offset */

struct weir_running_query;

struct weir_task_store {
	struct weir_slice name; /* the plan's */
	struct weir_slice full_name;
	struct weir_store *store;
	struct weir_task_store *next;
};

struct weir_task_input {
	const struct weir_plan_input *plan;
	struct weir_task *task;
	size_t index;
	struct weir_reader *key_reader, *value_reader;
	int64_t next_offset;      /* where processing goes on */
	int64_t committed_offset; /* -1: nothing committed */
	int64_t stop_offset;      /* stops_at_end: the end when it started */
	bool is_dirty;            /* progress since the last commit */
	bool is_assigned, is_paused;
	bool is_held;          /* a joined table is being read first */
	bool is_parked;        /* waits for a schema */
	int64_t bootstrap_end; /* -1: not known yet */
	size_t value_count;
	int *value_cells; /* cell of value column i */
	bool has_headers;
	struct weir_timestamp_column timestamp;
};

struct weir_task {
	const struct weir_runtime_options *options;
	struct weir_running_query *query;
	const struct weir_plan_stage *stage;
	int32_t partition;
	struct weir_log_reader *reader; /* the worker's */
	struct weir_log_writer *writer;
	struct weir_arena arena, batch_arena;
	struct weir_op_env env;
	struct weir_chain chain;
	struct weir_op *output;
	struct weir_task_input *inputs;
	size_t input_count;
	struct weir_task_store *stores;
	int64_t stream_time_ms;
	struct weir_settle *settle; /* what its joined tables wait for */
	bool is_bootstrapped;
	bool has_failed;
	struct weir_task *next;         /* of the worker */
	const struct weir_fetch *fetch; /* being processed */
};

/* Opens readers, stores and the chain; positions come from committed progress. */
bool weir_task_new(const struct weir_runtime_options *options, struct weir_running_query *query,
	const struct weir_plan_stage *stage, int32_t partition, struct weir_log_reader *reader, struct weir_log_writer *writer,
	struct weir_task **ret, struct weir_err *err);
void weir_task_free(struct weir_task *task);
bool weir_task_assign(struct weir_task *task, struct weir_err *err);
/* *ret_used: messages taken; fewer than fetch->count when it must wait (a schema, a full client). */
bool weir_task_process(struct weir_task *task, struct weir_task_input *input, const struct weir_fetch *fetch, size_t *ret_used,
	struct weir_err *err);
/* Held-back results, progress and state into the writer's open commit. *ret_any: there was something. */
bool weir_task_prepare_commit(struct weir_task *task, bool *ret_any, struct weir_err *err);
void weir_task_committed(struct weir_task *task);
bool weir_task_is_full(const struct weir_task *task);

/* decode.c */
bool weir_decode_open(struct weir_task_input *input, struct weir_err *err);
void weir_decode_close(struct weir_task_input *input);
enum weir_decode_result { WEIR_DECODE_ROW, WEIR_DECODE_DROP, WEIR_DECODE_WAIT };
enum weir_decode_result weir_decode(
	struct weir_task_input *input, const struct weir_message *message, int32_t partition, struct weir_row *row);

/* output_*.c */
struct weir_op *weir_output_new(struct weir_task *task, struct weir_err *err);
void weir_output_free(struct weir_op *output);
void weir_task_report(struct weir_task *task, const struct weir_message *message, const struct weir_err *err);
