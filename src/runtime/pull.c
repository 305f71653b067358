/* Pull queries: stored rows, passed through the operators above the store, handed to the asker on the owner's thread. */
#include "runtime/query.h"

struct collector {
	struct weir_op op; /* first */
	const struct weir_pull_request *request;
	bool is_done;
};

static bool collect(struct weir_op *op, int port, const struct weir_change_batch *batch, struct weir_err *err)
{
	struct collector *self = (struct collector *)op;

	for (size_t i = 0; i < batch->count && !self->is_done; i++)
		if (batch->changes[i].after)
			self->is_done = !self->request->row(self->request->ctx, batch->changes[i].after);
	return true;
}

static const struct weir_op_type collector_type = { .name = "collect", .size = sizeof(struct collector), .changes = collect };

struct lookup {
	struct weir_task *task;
	const struct weir_plan_node *node;
	struct weir_store *store;
	struct weir_arena arena;
	struct weir_op_env env;
	struct collector collector;
	struct weir_op *entry;
};

static bool no_store(struct weir_op_env *env, struct weir_slice name, struct weir_store **ret, struct weir_err *err)
{
	return weir_err_set(err, WEIR_E_INTERNAL, "A stored row cannot pass an operator with state");
}

static bool give(struct lookup *lookup, struct weir_slice key, struct weir_slice value, struct weir_err *err)
{
	struct weir_row row;

	if (!weir_stored_row(lookup->node, &lookup->arena, weir_arena_copy(&lookup->arena, key),
		    weir_arena_copy(&lookup->arena, value), &row, err))
		return false;
	struct weir_change change = { .key_row = &row, .after = &row };
	struct weir_change_batch batch = {
		.arena = &lookup->arena, .changes = &change, .count = 1, .width = lookup->node->schema->count
	};
	return lookup->entry->type->changes(lookup->entry, 0, &batch, err);
}

static bool look_up_keys(struct lookup *lookup, const struct weir_pull_request *request, struct weir_err *err)
{
	for (size_t i = 0; i < request->key_count && !lookup->collector.is_done; i++) {
		struct weir_slice value;
		bool found;
		if (!weir_store_get(lookup->store, request->keys[i], &value, &found, err))
			return false;
		if (found && !give(lookup, request->keys[i], value, err))
			return false;
	}
	return true;
}

static bool scan(struct lookup *lookup, struct weir_err *err)
{
	struct weir_buf last;
	bool ok = true, found = true, after = false;

	weir_buf_init(&last, WEIR_BUF_NO_LIMIT);
	while (ok && !lookup->collector.is_done) {
		struct weir_slice key, value;
		ok = weir_store_seek(lookup->store, weir_buf_slice(&last), after, &key, &value, &found, err);
		if (!ok || !found)
			break;
		struct weir_slice copy = weir_arena_copy(&lookup->arena, key);
		ok = give(lookup, key, value, err);
		weir_buf_reset(&last);
		weir_buf_append_slice(&last, copy);
		after = true;
	}
	weir_buf_fini(&last);
	return ok;
}

static bool pull_task(struct weir_task *task, const struct weir_pull_request *request, struct weir_err *err)
{
	struct lookup lookup = { .task = task, .node = task->query->plan->materialization.node };
	struct weir_chain chain;

	for (const struct weir_task_store *entry = task->stores; entry; entry = entry->next)
		if (weir_slice_equals(entry->name, lookup.node->store))
			lookup.store = entry->store;
	if (!lookup.store)
		return weir_err_set(err, WEIR_E_INTERNAL, "The table's state is not open");
	weir_arena_init(&lookup.arena, 4096);
	lookup.env = (struct weir_op_env){
		.task_arena = &lookup.arena,
		.batch_arena = &lookup.arena,
		.eval = { .arena = &lookup.arena, .clock = task->options->clock },
		.emits_every_update = true,
		.store = no_store,
	};
	lookup.collector = (struct collector){ .op = { .type = &collector_type, .env = &lookup.env }, .request = request };
	bool ok = weir_chain_above(&lookup.env, task->stage->root, lookup.node, &lookup.collector.op, &chain, &lookup.entry, err) &&
		  (request->key_count ? look_up_keys(&lookup, request, err) : scan(&lookup, err));
	weir_chain_close(&chain);
	weir_arena_fini(&lookup.arena);
	return ok;
}

void weir_worker_pull(struct weir_worker *worker, struct weir_command *command)
{
	int stage = command->query->plan->materialization.stage;

	command->ok = true;
	for (struct weir_task *task = worker->tasks; command->ok && task; task = task->next)
		if (task->query == command->query && task->stage->index == stage)
			command->ok = pull_task(task, command->pull, &command->err);
}

bool weir_runtime_pull(struct weir_running *running, const struct weir_pull_request *request, struct weir_err *err)
{
	struct weir_running_query *query = (struct weir_running_query *)running;

	if (query->plan->materialization.stage < 0)
		return weir_err_set(err, WEIR_E_INVALID_STATEMENT, "The table keeps no rows to look up");
	for (size_t i = 0; i < query->runtime->worker_count; i++) {
		struct weir_command command = { .run = weir_worker_pull, .query = query, .pull = request };
		weir_worker_call(&query->runtime->workers[i], &command);
		if (!command.ok) {
			weir_err_copy(err, &command.err);
			return false;
		}
	}
	return true;
}
