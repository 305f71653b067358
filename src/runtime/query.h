/* Inside runtime/: running queries and workers. */
#pragma once

#include "runtime/task.h"

#include <pthread.h>
#include <stdatomic.h>

struct weir_worker;

struct weir_running_query {
	struct weir_runtime *runtime;
	struct weir_start start;
	const struct weir_plan *plan;
	atomic_bool is_paused, is_ended, wants_more;
	pthread_mutex_t lock; /* the status below, and the client */
	struct weir_running_status status;
	uint64_t delivered;
	bool limit_reached, is_complete, has_ended, client_gone;
	struct weir_running_query *next;
};

/* What a command asks of a worker; run on its thread. */
struct weir_command {
	void (*run)(struct weir_worker *worker, struct weir_command *command);
	struct weir_running_query *query;
	const struct weir_pull_request *pull;
	bool ok, forget, is_done;
	struct weir_err err;
	struct weir_command *next;
};

struct weir_worker {
	struct weir_runtime *runtime;
	size_t index;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct weir_command *first_command, **last_command;
	struct weir_log_reader *reader;
	struct weir_log_writer *writer;
	struct weir_task *tasks;
	int64_t last_commit_us, commit_took_us, retry_at_us;
	bool has_work; /* appended or read since the last commit */
	bool has_thread, stops;
	struct weir_err trouble; /* why it waits; code NONE: it does not */
};

struct weir_runtime {
	struct weir_runtime_options options;
	struct weir_worker *workers;
	size_t worker_count;
	pthread_mutex_t lock; /* the list of queries */
	struct weir_running_query *queries;
};

/* query.c */
void weir_query_deliver(struct weir_running_query *query, const struct weir_row *row, bool is_deletion);
void weir_query_fail(struct weir_running_query *query, const struct weir_err *err);
void weir_query_note_error(struct weir_running_query *query, const struct weir_err *err);
/* Tells the client once that it is over, when it is. */
void weir_query_settle_end(struct weir_running_query *query);
bool weir_query_is_ephemeral(const struct weir_running_query *query);
/* Under this name the state of a store goes: on Kafka the changelog topic. */
void weir_changelog_name(
	const struct weir_runtime_options *options, struct weir_slice query_id, struct weir_slice store, char *text, size_t size);
size_t weir_query_partitions(const struct weir_running_query *query, const struct weir_plan_stage *stage);

/* worker.c */
bool weir_worker_open(struct weir_worker *worker, struct weir_err *err);
void weir_worker_close(struct weir_worker *worker);
bool weir_worker_start_thread(struct weir_worker *worker, struct weir_err *err);
/* Runs the command on the worker's thread and waits for it. */
void weir_worker_call(struct weir_worker *worker, struct weir_command *command);
void weir_worker_wake(struct weir_worker *worker);
/* One round; waits at most timeout_ms for input. *ret_idle: nothing happened. */
bool weir_worker_step(struct weir_worker *worker, int timeout_ms, bool *ret_idle, struct weir_err *err);
bool weir_worker_commit(struct weir_worker *worker, struct weir_err *err);
void weir_worker_start_query(struct weir_worker *worker, struct weir_command *command);
void weir_worker_stop_query(struct weir_worker *worker, struct weir_command *command);
void weir_worker_pull(struct weir_worker *worker, struct weir_command *command);

/* settle.c: when has everything arrived in a topic that was under way? */
struct weir_settle;
struct weir_settle *weir_settle_new(struct weir_runtime *runtime, struct weir_slice topic, int32_t partitions);
void weir_settle_free(struct weir_settle *settle);
/* true once what was under way has arrived; then *ret_end is the end of `partition`. */
bool weir_settle_advance(struct weir_settle *settle, int32_t partition, int64_t *ret_end);
