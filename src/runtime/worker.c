/* A worker: one thread, one reader, one writer, and the tasks that belong to it.
 *
 * Each round: run what was asked, take a piece of input to its task, commit when the interval is over. An error of the log or a
 * store ends the open commit; the tasks are rebuilt from what was committed last, after a pause.
 */
#include "base/memory.h"
#include "runtime/query.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define FETCH_MESSAGES         1024
#define COMMIT_RECORDS         200000 /* at most that many input records in one commit */
#define IDLE_WAIT_MS           100
#define MAX_EARNED_INTERVAL_US 1000000
#define RETRY_PAUSE_US         500000

static const struct weir_log_vtable *log_of(const struct weir_worker *worker)
{
	return worker->runtime->options.log->vtable;
}

static int64_t now_us(const struct weir_worker *worker)
{
	return weir_clock_monotonic_us(worker->runtime->options.clock);
}

/* ---- Tasks ---- */

static void drop_tasks(struct weir_worker *worker, const struct weir_running_query *query)
{
	for (struct weir_task **at = &worker->tasks; *at;) {
		struct weir_task *task = *at;
		if (query && task->query != query) {
			at = &task->next;
			continue;
		}
		*at = task->next;
		weir_task_free(task);
	}
}

/* Tasks are spread by query and partition; all stages of a partition stay together. */
static bool owns(const struct weir_worker *worker, const struct weir_running_query *query, int32_t partition)
{
	uint64_t hash = query->plan->source_count ? weir_slice_hash(query->plan->source_names[0]) : 0;

	return (hash + (uint64_t)partition) % 64 % worker->runtime->worker_count == worker->index;
}

static bool make_tasks(struct weir_worker *worker, struct weir_running_query *query, struct weir_err *err)
{
	for (size_t s = 0; s < query->plan->stage_count; s++) {
		const struct weir_plan_stage *stage = &query->plan->stages[s];
		size_t partitions = weir_query_partitions(query, stage);
		for (size_t p = 0; p < partitions; p++) {
			struct weir_task *task;
			if (!owns(worker, query, (int32_t)p))
				continue;
			if (!weir_task_new(&worker->runtime->options, query, stage, (int32_t)p, worker->reader, worker->writer,
				    &task, err))
				return false;
			task->next = worker->tasks;
			worker->tasks = task;
			if (!weir_task_assign(task, err))
				return false;
		}
	}
	return true;
}

void weir_worker_start_query(struct weir_worker *worker, struct weir_command *command)
{
	command->ok = make_tasks(worker, command->query, &command->err);
	if (!command->ok)
		drop_tasks(worker, command->query);
	worker->has_work = true;
}

void weir_worker_stop_query(struct weir_worker *worker, struct weir_command *command)
{
	struct weir_err err;

	if (!command->forget && worker->trouble.code == WEIR_E_NONE)
		weir_worker_commit(worker, &err);
	drop_tasks(worker, command->query);
}

/* ---- Trouble ---- */

static void rebuild(struct weir_worker *worker)
{
	struct weir_err err = { 0 };

	drop_tasks(worker, NULL);
	log_of(worker)->writer_close(worker->writer);
	worker->writer = NULL;
	pthread_mutex_lock(&worker->runtime->lock);
	bool ok = weir_worker_open(worker, &err);
	struct weir_running_query *first = worker->runtime->queries;
	pthread_mutex_unlock(&worker->runtime->lock);
	for (struct weir_running_query *query = first; ok && query; query = query->next)
		if (!query->is_ended)
			ok = make_tasks(worker, query, &err);
	if (ok) {
		worker->trouble.code = WEIR_E_NONE;
		worker->has_work = true;
		return;
	}
	if (err.code != worker->trouble.code || strcmp(err.text, worker->trouble.text) != 0)
		weir_log_err(worker->runtime->options.logger, WEIR_LOG_WARN, "worker", &err);
	weir_err_copy(&worker->trouble, &err);
	worker->retry_at_us = now_us(worker) + RETRY_PAUSE_US;
}

static void enter_trouble(struct weir_worker *worker, const struct weir_err *err)
{
	struct weir_err ignored;

	if (worker->trouble.code == WEIR_E_NONE)
		weir_log_err(worker->runtime->options.logger, WEIR_LOG_WARN, "worker", err);
	weir_err_copy(&worker->trouble, err);
	if (worker->writer)
		log_of(worker)->abort(worker->writer, &ignored);
	worker->retry_at_us = now_us(worker) + RETRY_PAUSE_US;
}

/* ---- Bootstrap, back-pressure ---- */

static void set_paused(struct weir_worker *worker, struct weir_task_input *input, bool paused)
{
	struct weir_err ignored;

	if (input->is_paused == paused)
		return;
	input->is_paused = paused;
	log_of(worker)->pause(
		worker->reader, input->plan->layout.topic, input->task->partition, input, paused || input->is_held, &ignored);
}

static bool release_held(struct weir_worker *worker, struct weir_task *task)
{
	struct weir_err ignored;

	task->is_bootstrapped = true;
	for (size_t i = 0; i < task->input_count; i++) {
		if (!task->inputs[i].is_held)
			continue;
		task->inputs[i].is_held = false;
		if (!task->inputs[i].is_paused)
			log_of(worker)->pause(worker->reader, task->inputs[i].plan->layout.topic, task->partition, &task->inputs[i],
				false, &ignored);
	}
	return true;
}

/* *ret_changed: a task's stream side was let go. */
static void advance_bootstrap(struct weir_worker *worker, struct weir_task *task, bool *ret_changed)
{
	for (size_t i = 0; i < task->input_count; i++) {
		struct weir_task_input *input = &task->inputs[i];
		if (!input->plan->is_bootstrap)
			continue;
		if (input->bootstrap_end < 0 && !weir_settle_advance(task->settle, task->partition, &input->bootstrap_end))
			return;
		if (input->next_offset < input->bootstrap_end)
			return;
	}
	*ret_changed = release_held(worker, task);
}

static bool client_is_full(const struct weir_running_query *query)
{
	struct weir_client *client = query->start.client;

	return client && client->is_full && client->is_full(client);
}

static bool has_read_all(const struct weir_task *task)
{
	for (size_t i = 0; i < task->input_count; i++)
		if (task->inputs[i].next_offset < task->inputs[i].stop_offset)
			return false;
	return true;
}

static bool query_has_read_all(struct weir_worker *worker, const struct weir_running_query *query)
{
	for (const struct weir_task *task = worker->tasks; task; task = task->next)
		if (task->query == query && !has_read_all(task))
			return false;
	return true;
}

static void tend_tasks(struct weir_worker *worker, bool *ret_changed)
{
	for (struct weir_task *task = worker->tasks; task; task = task->next) {
		bool pause = task->query->is_paused || task->query->is_ended || client_is_full(task->query);
		if (!task->is_bootstrapped)
			advance_bootstrap(worker, task, ret_changed);
		for (size_t i = 0; i < task->input_count; i++)
			set_paused(worker, &task->inputs[i], pause || task->inputs[i].next_offset >= task->inputs[i].stop_offset);
		if (task->query->start.stops_at_end && query_has_read_all(worker, task->query))
			task->query->is_complete = true;
		weir_query_settle_end(task->query);
	}
}

/* ---- Commit ---- */

static void note_rows(struct weir_task *task, size_t rows)
{
	struct weir_running_query *query = task->query;

	pthread_mutex_lock(&query->lock);
	query->status.rows_in += rows;
	for (int i = 0; i < WEIR_DROP_COUNT; i++)
		query->status.dropped[i] += task->env.dropped[i];
	if (task->stage->output.kind != WEIR_OUTPUT_REPARTITION)
		query->status.rows_out += task->output->rows_in;
	pthread_mutex_unlock(&query->lock);
	task->output->rows_in = 0;
	memset(task->env.dropped, 0, sizeof task->env.dropped);
}

bool weir_worker_commit(struct weir_worker *worker, struct weir_err *err)
{
	bool any = false;

	for (struct weir_task *task = worker->tasks; task; task = task->next) {
		if (!weir_task_prepare_commit(task, &any, err))
			return false;
		note_rows(task, 0); /* what only now left the aggregations */
	}
	worker->last_commit_us = now_us(worker);
	worker->has_work = false;
	if (any && !log_of(worker)->commit(worker->writer, err))
		return false;
	worker->commit_took_us = now_us(worker) - worker->last_commit_us;
	for (struct weir_task *task = worker->tasks; task; task = task->next)
		weir_task_committed(task);
	return true;
}

/* Under load a commit that takes long is worth more rows: commits take at most a fifth of the time, and no longer than a second
 * passes between two. */
static int64_t commit_interval_us(const struct weir_worker *worker)
{
	int64_t interval = worker->runtime->options.commit_interval_ms * 1000, earned = 4 * worker->commit_took_us;

	if (earned > MAX_EARNED_INTERVAL_US)
		earned = MAX_EARNED_INTERVAL_US;
	return earned > interval ? earned : interval;
}

static bool is_commit_due(const struct weir_worker *worker)
{
	if (!worker->has_work)
		return false;
	if (worker->runtime->options.is_stepped || now_us(worker) - worker->last_commit_us >= commit_interval_us(worker))
		return true;
	for (const struct weir_task *task = worker->tasks; task; task = task->next)
		if (weir_task_is_full(task))
			return true;
	return false;
}

/* ---- Rounds ---- */

/* A parked or stopped input goes back to the record it stands before. */
static bool rewind_input(struct weir_worker *worker, struct weir_task_input *input, struct weir_err *err)
{
	const struct weir_log_vtable *log = log_of(worker);
	struct weir_slice topic = input->plan->layout.topic;
	int32_t partition = input->task->partition;

	return log->unassign(worker->reader, topic, partition, input, err) &&
	       log->assign(worker->reader, topic, partition, input->next_offset, input, err);
}

static bool process(struct weir_worker *worker, const struct weir_fetch *fetch, struct weir_err *err)
{
	struct weir_task_input *input = fetch->tag;
	struct weir_task *task = input->task;
	size_t used;

	if (input->is_held || input->is_paused) { /* fetched before the pause took hold */
		return rewind_input(worker, input, err) &&
		       log_of(worker)->pause(worker->reader, input->plan->layout.topic, task->partition, input, true, err);
	}
	worker->has_work = true;
	if (!weir_task_process(task, input, fetch, &used, err))
		return false;
	note_rows(task, used);
	if (used == fetch->count)
		return true;
	input->is_parked = false;
	return rewind_input(worker, input, err);
}

static void run_commands(struct weir_worker *worker)
{
	for (;;) {
		pthread_mutex_lock(&worker->lock);
		struct weir_command *command = worker->first_command;
		if (command) {
			worker->first_command = command->next;
			if (!worker->first_command)
				worker->last_command = &worker->first_command;
		}
		pthread_mutex_unlock(&worker->lock);
		if (!command)
			return;
		command->run(worker, command);
		pthread_mutex_lock(&worker->lock);
		command->is_done = true;
		pthread_cond_broadcast(&worker->changed);
		pthread_mutex_unlock(&worker->lock);
	}
}

static int wait_time(const struct weir_worker *worker, int timeout_ms)
{
	if (!worker->has_work)
		return timeout_ms;
	int64_t left = worker->last_commit_us + commit_interval_us(worker) - now_us(worker);
	int64_t left_ms = left <= 0 ? 0 : left / 1000 + 1;
	return left_ms < timeout_ms ? (int)left_ms : timeout_ms;
}

bool weir_worker_step(struct weir_worker *worker, int timeout_ms, bool *ret_idle, struct weir_err *err)
{
	struct weir_fetch fetch = { 0 };
	bool changed = false;

	tend_tasks(worker, &changed);
	if (!log_of(worker)->poll(worker->reader, FETCH_MESSAGES, changed ? 0 : wait_time(worker, timeout_ms), &fetch, err))
		return false;
	if (fetch.count && !process(worker, &fetch, err))
		return false;
	if (!fetch.count && fetch.tag && fetch.next_offset > ((struct weir_task_input *)fetch.tag)->next_offset) {
		((struct weir_task_input *)fetch.tag)->next_offset = fetch.next_offset; /* past markers at the end */
		changed = true;
	}
	*ret_idle = !changed && fetch.count == 0;
	if (is_commit_due(worker)) {
		*ret_idle = false;
		return weir_worker_commit(worker, err);
	}
	return true;
}

static bool has_slow_bootstrap(const struct weir_worker *worker)
{
	for (const struct weir_task *task = worker->tasks; task; task = task->next)
		if (!task->is_bootstrapped || task->query->is_paused || task->query->start.client)
			return true;
	return false;
}

static void *run_worker(void *arg)
{
	struct weir_worker *worker = arg;
	struct weir_err err = { 0 };
	bool idle;

	while (!__atomic_load_n(&worker->stops, __ATOMIC_ACQUIRE)) {
		run_commands(worker);
		if (worker->trouble.code != WEIR_E_NONE) {
			struct timespec pause = { .tv_nsec = 20000000 };
			nanosleep(&pause, NULL);
			if (now_us(worker) >= worker->retry_at_us)
				rebuild(worker);
			continue;
		}
		err.code = WEIR_E_NONE;
		if (!weir_worker_step(worker, has_slow_bootstrap(worker) ? 10 : IDLE_WAIT_MS, &idle, &err))
			enter_trouble(worker, &err);
	}
	run_commands(worker);
	if (worker->trouble.code == WEIR_E_NONE)
		weir_worker_commit(worker, &err);
	return NULL;
}

/* ---- Lifecycle ---- */

bool weir_worker_open(struct weir_worker *worker, struct weir_err *err)
{
	const struct weir_runtime_options *options = &worker->runtime->options;
	char name[160];

	if (!worker->reader && !log_of(worker)->reader_open(options->log, &worker->reader, err))
		return false;
	snprintf(name, sizeof name, "%sworker-%zu", options->writer_prefix ? options->writer_prefix : "", worker->index);
	return worker->writer ||
	       log_of(worker)->writer_open(options->log, weir_slice_of(name), !options->at_least_once, &worker->writer, err);
}

void weir_worker_close(struct weir_worker *worker)
{
	if (worker->has_thread) {
		__atomic_store_n(&worker->stops, true, __ATOMIC_RELEASE);
		weir_worker_wake(worker);
		pthread_join(worker->thread, NULL);
	}
	drop_tasks(worker, NULL);
	log_of(worker)->writer_close(worker->writer);
	log_of(worker)->reader_close(worker->reader);
	pthread_mutex_destroy(&worker->lock);
	pthread_cond_destroy(&worker->changed);
}

bool weir_worker_start_thread(struct weir_worker *worker, struct weir_err *err)
{
	int error = pthread_create(&worker->thread, NULL, run_worker, worker);

	if (error)
		return weir_err_set_errno(err, WEIR_E_INTERNAL, error, "A worker's thread cannot be started");
	worker->has_thread = true;
	return true;
}

void weir_worker_wake(struct weir_worker *worker)
{
	if (worker->reader)
		log_of(worker)->wake(worker->reader);
}

void weir_worker_call(struct weir_worker *worker, struct weir_command *command)
{
	command->is_done = false;
	command->next = NULL;
	if (!worker->has_thread) {
		command->run(worker, command);
		return;
	}
	pthread_mutex_lock(&worker->lock);
	*worker->last_command = command;
	worker->last_command = &command->next;
	pthread_mutex_unlock(&worker->lock);
	weir_worker_wake(worker);
	pthread_mutex_lock(&worker->lock);
	while (!command->is_done)
		pthread_cond_wait(&worker->changed, &worker->lock);
	pthread_mutex_unlock(&worker->lock);
}
