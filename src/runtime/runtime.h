/* Running plans: tasks on worker threads, commits, restarts, push clients, pull look-ups.
 *
 * Holds:
 *  - a task (stage × partition) belongs to one worker; what others want of it they send to that worker;
 *  - a worker's commit holds the outputs, progress and state changes of its tasks since the last one, and is atomic;
 *  - after an aborted commit the worker's tasks are rebuilt from what was committed last;
 *  - no row stops a query: what cannot be processed is dropped, counted and told.
 * Thread: any, except where said. With is_stepped there are no threads, and weir_runtime_step() does the work.
 */
#pragma once

#include "base/log.h"
#include "formats/format.h"
#include "log/log.h"
#include "operators/op.h"
#include "plan/plan.h"

struct weir_runtime;
struct weir_running;

/* A record that could not be processed, for the processing log. Valid during the call. */
struct weir_bad_record {
	struct weir_slice query_id;
	struct weir_slice topic; /* "" when no batch of records is at hand */
	int32_t partition;
	int64_t offset;                     /* -1 when the error is of a row in the middle of a chain */
	const struct weir_message *message; /* NULL likewise */
	const struct weir_err *err;
};

struct weir_runtime_options {
	struct weir_log *log;               /* borrowed */
	struct weir_schema_source *schemas; /* borrowed; NULL: no registry */
	const struct weir_clock *clock;
	const struct weir_logger *logger;
	const char *writer_prefix; /* names the workers' writers, stable over restarts */
	int16_t internal_replicas; /* of repartition and changelog topics; < 1: the broker's default */
	size_t workers;
	int64_t commit_interval_ms;
	bool at_least_once;
	size_t cache_bytes; /* per store */
	bool is_stepped;
	bool is_single_partition; /* everything happens on partition 0 (`weir test`) */
	bool join_waits;          /* tables are read to their end before stream rows are joined */
	void (*on_bad_record)(void *ctx, const struct weir_bad_record *record); /* any worker's thread */
	void *ctx;
};

bool weir_runtime_open(const struct weir_runtime_options *options, struct weir_runtime **ret, struct weir_err *err);
/* Commits, stops all queries and threads. Accepts NULL. */
void weir_runtime_close(struct weir_runtime *runtime);

enum weir_reset { WEIR_RESET_DEFAULT, WEIR_RESET_EARLIEST, WEIR_RESET_LATEST };

/* Where a push query's rows go. Called on the worker's thread, one call at a time per query. */
struct weir_client {
	/* false: the client is gone. `row` is the plan's result row; `is_deletion`: only its key cells mean something. */
	bool (*row)(struct weir_client *self, const struct weir_row *row, bool is_deletion);
	/* The query has ended: limit reached, all read (is_complete), or err (may be NULL: stopped by weir_runtime_stop()). Once.
	 */
	void (*end)(struct weir_client *self, bool limit_reached, bool is_complete, const struct weir_err *err);
	bool (*is_full)(struct weir_client *self); /* NULL: never */
};

struct weir_start {
	const struct weir_plan *plan;
	void (*release)(void *owner); /* called once nothing uses the plan any more; may be NULL */
	void *owner;
	enum weir_reset reset;
	bool emits_every_update;
	bool is_paused;
	struct weir_client *client; /* push query; borrowed until end */
	bool stops_at_end;          /* pull on a stream: reads to where the topics end now */
};

/* Internal topics are created here. The plan's sink topic must exist. */
bool weir_runtime_start(
	struct weir_runtime *runtime, const struct weir_start *start, struct weir_running **ret, struct weir_err *err);
/* Commits what it has done, then stops it. `forget`: its progress, state and internal topics are deleted. The handle is gone. */
void weir_runtime_stop(struct weir_running *running, bool forget);
void weir_runtime_pause(struct weir_running *running, bool paused);
/* Something may go on: a client has room again. */
void weir_runtime_wake(struct weir_runtime *runtime);

enum weir_running_state { WEIR_RUNNING, WEIR_PAUSED, WEIR_ERROR };

struct weir_running_status {
	enum weir_running_state state;
	uint64_t rows_in, rows_out;
	uint64_t dropped[WEIR_DROP_COUNT];
	int64_t lag; /* records of its source topics not read yet */
	size_t state_bytes;
	struct weir_err last_error; /* code NONE: none */
	int64_t last_error_ms;
};
void weir_runtime_status(struct weir_running *running, struct weir_running_status *ret);

/* ---- Pull queries ---- */
struct weir_pull_request {
	/* Keys to look up (packed by weir_stored_key()), or count 0: a scan of all rows. */
	const struct weir_slice *keys;
	size_t key_count;
	/* A row of the query's result. false: enough. Called on the worker that owns the rows while the caller waits. */
	bool (*row)(void *ctx, const struct weir_row *row);
	void *ctx;
};
/* Errors: INVALID_STATEMENT when the plan keeps nothing to look up. */
bool weir_runtime_pull(struct weir_running *running, const struct weir_pull_request *request, struct weir_err *err);

/* ---- Stepped mode ---- */
/* One round over all workers; *ret_idle: nothing was left to do. */
bool weir_runtime_step(struct weir_runtime *runtime, bool *ret_idle, struct weir_err *err);
/* Prometheus lines. */
void weir_runtime_metrics(struct weir_runtime *runtime, struct weir_buf *out);
