/* Opening, feeding and committing one task. */
#include "base/memory.h"
#include "runtime/query.h"

#include <assert.h>
#include <stdlib.h>

/* ---- Stores ---- */

static bool restore_from_changelog(struct weir_task *task, struct weir_slice topic, struct weir_store *store, struct weir_err *err)
{
	const struct weir_log_vtable *log = task->options->log->vtable;
	struct weir_log_reader *reader;
	int64_t low, high, at;

	if (!log->watermarks(task->options->log, topic, task->partition, &low, &high, err))
		return err->code == WEIR_E_TOPIC_NOT_FOUND; /* nothing was ever written */
	if (!log->reader_open(task->options->log, &reader, err))
		return false;
	bool ok = log->assign(reader, topic, task->partition, low, NULL, err);
	for (at = low; ok && at < high;) {
		struct weir_fetch fetch;
		ok = log->poll(reader, 10000, 1000, &fetch, err);
		for (size_t i = 0; ok && i < fetch.count; i++) {
			const struct weir_message *message = &fetch.messages[i];
			ok = message->value_is_null ? weir_store_delete(store, message->key, err)
						    : weir_store_put(store, message->key, message->value, err);
		}
		if (fetch.next_offset > at)
			at = fetch.next_offset;
	}
	log->reader_close(reader);
	if (ok)
		weir_store_committed(store);
	return ok;
}

static struct weir_slice store_full_name(struct weir_task *task, struct weir_slice name)
{
	char text[512];

	weir_changelog_name(task->options, task->query->plan->query_id, name, text, sizeof text);
	return weir_arena_copy(&task->arena, weir_slice_of(text));
}

static bool open_store(struct weir_op_env *env, struct weir_slice name, struct weir_store **ret, struct weir_err *err)
{
	struct weir_task *task = (struct weir_task *)((char *)env - offsetof(struct weir_task, env));
	struct weir_log *log = task->options->log;
	struct weir_store_backing *backing = NULL;

	struct weir_task_store *entry = WEIR_ARENA_NEW(&task->arena, struct weir_task_store);
	entry->name = name;
	entry->full_name = store_full_name(task, name);
	bool is_durable = !weir_query_is_ephemeral(task->query) && !task->options->is_stepped;
	if (is_durable && log->vtable->state_open &&
		!log->vtable->state_open(log, entry->full_name, task->partition, &backing, err))
		return false;
	if (!weir_store_new(backing, task->options->cache_bytes, true, &entry->store, err))
		return false;
	entry->next = task->stores;
	task->stores = entry;
	*ret = entry->store;
	return backing || !is_durable || restore_from_changelog(task, entry->full_name, entry->store, err);
}

/* ---- Errors ---- */

void weir_task_report(struct weir_task *task, const struct weir_message *message, const struct weir_err *err)
{
	struct weir_bad_record record = {
		.query_id = task->query->plan->query_id, .err = err, .message = message, .partition = -1, .offset = -1
	};

	if (task->fetch) {
		record.topic = task->fetch->topic;
		record.partition = task->fetch->partition;
	}
	if (message && task->fetch)
		record.offset = message->offset;
	weir_query_note_error(task->query, err);
	if (task->options->on_bad_record)
		task->options->on_bad_record(task->options->ctx, &record);
}

static void on_eval_error(void *ctx, const struct weir_err *err)
{
	weir_task_report(ctx, NULL, err);
}

static void on_op_error(struct weir_op_env *env, const struct weir_err *err)
{
	on_eval_error(env->eval.on_error_ctx, err);
}

/* ---- Opening ---- */

static struct weir_slice progress_scope(const struct weir_task *task, struct weir_arena *arena)
{
	return weir_arena_printf(arena, "%.*s/%d", WEIR_SLICE_ARG(task->query->plan->query_id), task->stage->index);
}

static bool open_input(struct weir_task *task, size_t i, struct weir_err *err)
{
	struct weir_task_input *input = &task->inputs[i];
	struct weir_log *log = task->options->log;

	input->plan = &task->stage->inputs[i];
	input->task = task;
	input->index = i;
	input->committed_offset = -1;
	input->bootstrap_end = -1;
	input->stop_offset = INT64_MAX;
	if (!weir_decode_open(input, err))
		return false;
	if (!weir_query_is_ephemeral(task->query) &&
		!log->vtable->read_progress(log, progress_scope(task, &task->arena), input->plan->layout.topic, task->partition,
			&input->committed_offset, err))
		return false;
	input->next_offset = input->committed_offset;
	return true;
}

static void init_env(struct weir_task *task)
{
	task->env = (struct weir_op_env){
		.task_arena = &task->arena,
		.batch_arena = &task->batch_arena,
		.eval = { .arena = &task->batch_arena,
			.clock = task->options->clock,
			.on_error = on_eval_error,
			.on_error_ctx = task },
		.emits_every_update =
			task->query->start.emits_every_update || weir_query_is_ephemeral(task->query) || task->options->is_stepped,
		.store = open_store,
		.on_error = on_op_error,
	};
}

bool weir_task_new(const struct weir_runtime_options *options, struct weir_running_query *query,
	const struct weir_plan_stage *stage, int32_t partition, struct weir_log_reader *reader, struct weir_log_writer *writer,
	struct weir_task **ret, struct weir_err *err)
{
	struct weir_task *task = weir_alloc_zero(sizeof *task);

	task->options = options;
	task->query = query;
	task->stage = stage;
	task->partition = partition;
	task->reader = reader;
	task->writer = writer;
	task->stream_time_ms = -1;
	task->input_count = stage->input_count;
	task->inputs = weir_alloc_zero(stage->input_count * sizeof *task->inputs);
	weir_arena_init(&task->arena, 4096);
	weir_arena_init(&task->batch_arena, 16384);
	init_env(task);
	bool ok = (task->output = weir_output_new(task, err)) != NULL &&
		  weir_chain_new(&task->env, stage->root, stage->input_count, task->output, &task->chain, err);
	for (size_t i = 0; ok && i < stage->input_count; i++)
		ok = open_input(task, i, err);
	if (!ok) {
		weir_task_free(task);
		return false;
	}
	*ret = task;
	return true;
}

void weir_task_free(struct weir_task *task)
{
	struct weir_err ignored;

	if (!task)
		return;
	for (size_t i = 0; i < task->input_count; i++) {
		struct weir_task_input *input = &task->inputs[i];
		if (input->is_assigned)
			task->options->log->vtable->unassign(
				task->reader, input->plan->layout.topic, task->partition, input, &ignored);
		weir_decode_close(input);
	}
	weir_chain_close(&task->chain);
	weir_output_free(task->output);
	for (struct weir_task_store *entry = task->stores; entry; entry = entry->next)
		weir_store_free(entry->store);
	weir_settle_free(task->settle);
	weir_arena_fini(&task->arena);
	weir_arena_fini(&task->batch_arena);
	free(task->inputs);
	free(task);
}

static int64_t first_offset(const struct weir_task_input *input)
{
	enum weir_reset reset = input->task->query->start.reset;

	if (input->committed_offset >= 0)
		return input->committed_offset;
	if (input->plan->producer_stage >= 0)
		return WEIR_OFFSET_EARLIEST;
	if (reset == WEIR_RESET_DEFAULT)
		return input->plan->kind == WEIR_INPUT_TABLE ? WEIR_OFFSET_EARLIEST : WEIR_OFFSET_LATEST;
	return reset == WEIR_RESET_EARLIEST ? WEIR_OFFSET_EARLIEST : WEIR_OFFSET_LATEST;
}

static bool has_bootstrap(const struct weir_task *task)
{
	for (size_t i = 0; i < task->input_count; i++)
		if (task->inputs[i].plan->is_bootstrap)
			return task->options->join_waits && !task->options->is_stepped;
	return false;
}

bool weir_task_assign(struct weir_task *task, struct weir_err *err)
{
	const struct weir_log_vtable *log = task->options->log->vtable;

	task->is_bootstrapped = !has_bootstrap(task);
	for (size_t i = 0; i < task->input_count; i++) {
		struct weir_task_input *input = &task->inputs[i];
		struct weir_slice topic = input->plan->layout.topic;
		int64_t low, high, offset = first_offset(input);
		if (!log->watermarks(task->options->log, topic, task->partition, &low, &high, err))
			return false;
		if (offset < 0)
			offset = offset == WEIR_OFFSET_EARLIEST ? low : high;
		input->next_offset = offset;
		weir_log(task->options->logger, WEIR_LOG_DEBUG, "task", "%.*s stage %d reads %.*s partition %d from %lld (%s)",
			WEIR_SLICE_ARG(task->query->plan->query_id), task->stage->index, WEIR_SLICE_ARG(topic), task->partition,
			(long long)offset, input->committed_offset >= 0 ? "committed" : "first time");
		if (input->committed_offset < 0) /* remembered, so that a restart begins where this one did */
			input->is_dirty = true;
		if (task->query->start.stops_at_end)
			input->stop_offset = high;
		if (!log->assign(task->reader, topic, task->partition, offset, input, err))
			return false;
		input->is_assigned = true;
		input->is_held = !task->is_bootstrapped && !input->plan->is_bootstrap;
		if (input->is_held && !log->pause(task->reader, topic, task->partition, input, true, err))
			return false;
		if (input->plan->is_bootstrap && !task->is_bootstrapped)
			task->settle = weir_settle_new(task->query->runtime, topic, input->plan->layout.partitions);
	}
	return true;
}

/* ---- Feeding ---- */

static const struct weir_change *to_change(struct weir_change_batch *batch, const struct weir_row *row)
{
	struct weir_change *change = weir_change_batch_append(batch);

	*change = (struct weir_change){ .key_row = row, .after = row->value_is_null ? NULL : row };
	return change;
}

static bool push_table(struct weir_task_input *input, const struct weir_batch *batch, struct weir_err *err)
{
	struct weir_task *task = input->task;
	struct weir_op *op = task->chain.inputs[input->index];
	struct weir_change_batch changes;

	weir_change_batch_init(&changes, batch->arena, batch->width);
	for (size_t i = 0; i < batch->count; i++) {
		if (batch->rows[i].key_is_null)
			task->env.dropped[WEIR_DROP_NULL_KEY]++;
		else
			to_change(&changes, &batch->rows[i]);
	}
	op->rows_in += changes.count;
	return changes.count == 0 || op->type->changes(op, task->chain.input_ports[input->index], &changes, err);
}

static bool push(struct weir_task_input *input, const struct weir_batch *batch, struct weir_err *err)
{
	struct weir_op *op = input->task->chain.inputs[input->index];

	if (batch->count == 0 || !op)
		return true;
	/* A table on its way to an aggregation travels as additions and subtractions, which are rows. */
	if (input->plan->kind == WEIR_INPUT_TABLE && op->type->changes)
		return push_table(input, batch, err);
	op->rows_in += batch->count;
	return op->type->rows(op, input->task->chain.input_ports[input->index], batch, err);
}

bool weir_task_process(struct weir_task *task, struct weir_task_input *input, const struct weir_fetch *fetch, size_t *ret_used,
	struct weir_err *err)
{
	struct weir_batch batch;
	size_t used = 0;

	weir_arena_reset(&task->batch_arena);
	weir_batch_init(&batch, &task->batch_arena, input->plan->layout.schema->count);
	task->fetch = fetch;
	for (; used < fetch->count && fetch->messages[used].offset < input->stop_offset; used++) {
		struct weir_row *row = weir_batch_append(&batch);
		enum weir_decode_result result = weir_decode(input, &fetch->messages[used], fetch->partition, row);
		if (result != WEIR_DECODE_ROW)
			batch.count--;
		else if (row->timestamp_ms > task->stream_time_ms)
			task->stream_time_ms = row->timestamp_ms;
		if (result == WEIR_DECODE_WAIT) {
			input->is_parked = true;
			break;
		}
	}
	bool ok = push(input, &batch, err);
	task->fetch = NULL;
	*ret_used = used;
	input->next_offset = used == fetch->count ? fetch->next_offset : fetch->messages[used].offset;
	input->is_dirty = true;
	return ok;
}

/* ---- Committing ---- */

struct state_visit {
	struct weir_task *task;
	struct weir_slice store;
};

static bool visit_state(void *ctx, struct weir_slice key, struct weir_slice value, bool is_delete, struct weir_err *err)
{
	const struct state_visit *visit = ctx;
	struct weir_state_change change = { .key = key, .value = value, .is_delete = is_delete };

	return visit->task->options->log->vtable->state(visit->task->writer, visit->store, visit->task->partition, &change, err);
}

static bool commit_progress(struct weir_task *task, bool *ret_any, struct weir_err *err)
{
	struct weir_slice scope = { 0 };

	for (size_t i = 0; i < task->input_count; i++) {
		struct weir_task_input *input = &task->inputs[i];
		if (!input->is_dirty)
			continue;
		if (!scope.ptr)
			scope = progress_scope(task, &task->batch_arena);
		struct weir_progress progress = {
			.scope = scope,
			.topic = input->plan->layout.topic,
			.partition = task->partition,
			.next_offset = input->next_offset,
		};
		if (!task->options->log->vtable->progress(task->writer, &progress, err))
			return false;
		*ret_any = true;
	}
	return true;
}

bool weir_task_prepare_commit(struct weir_task *task, bool *ret_any, struct weir_err *err)
{
	weir_arena_reset(&task->batch_arena);
	if (!weir_chain_flush(&task->chain, err))
		return false;
	if (weir_query_is_ephemeral(task->query)) {
		*ret_any = true;
		return true;
	}
	if (!commit_progress(task, ret_any, err))
		return false;
	for (struct weir_task_store *entry = task->stores; entry; entry = entry->next) {
		struct state_visit visit = { .task = task, .store = entry->full_name };
		if (!weir_store_each_dirty(entry->store, visit_state, &visit, err))
			return false;
	}
	return true;
}

void weir_task_committed(struct weir_task *task)
{
	for (size_t i = 0; i < task->input_count; i++) {
		struct weir_task_input *input = &task->inputs[i];
		if (input->is_dirty)
			__atomic_store_n(&input->committed_offset, input->next_offset, __ATOMIC_RELEASE);
		input->is_dirty = false;
	}
	for (struct weir_task_store *entry = task->stores; entry; entry = entry->next)
		weir_store_committed(entry->store);
}

bool weir_task_is_full(const struct weir_task *task)
{
	for (const struct weir_task_store *entry = task->stores; entry; entry = entry->next)
		if (weir_store_is_full(entry->store))
			return true;
	return false;
}
