/* Running queries: starting, stopping, their status and their clients. */
#include "runtime/query.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>

static struct weir_running_query *query_of(struct weir_running *running)
{
	return (struct weir_running_query *)running;
}

bool weir_query_is_ephemeral(const struct weir_running_query *query)
{
	return query->start.client != NULL;
}

size_t weir_query_partitions(const struct weir_running_query *query, const struct weir_plan_stage *stage)
{
	return query->runtime->options.is_single_partition ? 1 : (size_t)stage->partitions;
}

/* ---- Clients ---- */

void weir_query_deliver(struct weir_running_query *query, const struct weir_row *row, bool is_deletion)
{
	pthread_mutex_lock(&query->lock);
	int64_t limit = query->plan->limit;
	if (!query->is_ended && (limit < 0 || query->delivered < (uint64_t)limit)) {
		query->delivered++;
		if (!query->start.client->row(query->start.client, row, is_deletion)) {
			query->client_gone = true;
			query->is_ended = true;
		}
	}
	if (limit >= 0 && query->delivered >= (uint64_t)limit) {
		query->limit_reached = true;
		query->is_ended = true;
	}
	pthread_mutex_unlock(&query->lock);
}

void weir_query_settle_end(struct weir_running_query *query)
{
	if (!query->start.client)
		return;
	pthread_mutex_lock(&query->lock);
	bool over = !query->has_ended && (query->is_ended || query->is_complete || query->plan->limit == 0);
	if (over) {
		query->has_ended = true;
		query->is_ended = true;
		query->start.client->end(
			query->start.client, query->limit_reached || query->plan->limit == 0, query->is_complete, NULL);
	}
	pthread_mutex_unlock(&query->lock);
}

void weir_query_note_error(struct weir_running_query *query, const struct weir_err *err)
{
	pthread_mutex_lock(&query->lock);
	weir_err_copy(&query->status.last_error, err);
	query->status.last_error_ms = weir_clock_now_ms(query->runtime->options.clock);
	pthread_mutex_unlock(&query->lock);
}

/* ---- Internal topics ---- */

static bool create_internal(
	struct weir_runtime *runtime, struct weir_slice name, int32_t partitions, int cleanup, struct weir_err *err)
{
	struct weir_log *log = runtime->options.log;
	struct weir_topic_config config = {
		.name = name,
		.partitions = partitions,
		.replicas = runtime->options.internal_replicas < 1 ? -1 : runtime->options.internal_replicas,
		.cleanup = cleanup,
		.retention_ms = -1,
		.retention_bytes = -1,
		.is_internal = true,
	};

	if (log->vtable->topic_create(log, &config, err) || err->code == WEIR_E_TOPIC_EXISTS) {
		err->code = WEIR_E_NONE;
		return true;
	}
	return false;
}

void weir_changelog_name(
	const struct weir_runtime_options *options, struct weir_slice query_id, struct weir_slice store, char *text, size_t size)
{
	snprintf(text, size, "_confluent-ksql-%squery_%.*s-%.*s-changelog", options->writer_prefix ? options->writer_prefix : "",
		WEIR_SLICE_ARG(query_id), WEIR_SLICE_ARG(store));
}

static bool create_changelogs(struct weir_runtime *runtime, const struct weir_plan *plan, const struct weir_plan_node *node,
	int32_t partitions, struct weir_err *err)
{
	char name[512];

	if (!node)
		return true;
	for (size_t i = 0; node->store.len && (i == 0 || (i < 3 && node->window.type != WEIR_WINDOW_NONE)); i++) {
		static const char *const further[] = { "", "-Times", "-Open" }; /* of windowed state: operators/window.h */
		char store[256];
		snprintf(store, sizeof store, "%.*s%s", WEIR_SLICE_ARG(node->store), further[i]);
		weir_changelog_name(&runtime->options, plan->query_id, weir_slice_of(store), name, sizeof name);
		if (!create_internal(runtime, weir_slice_of(name), partitions, WEIR_CLEANUP_COMPACT, err))
			return false;
	}
	return create_changelogs(runtime, plan, node->children[0], partitions, err) &&
	       create_changelogs(runtime, plan, node->children[1], partitions, err);
}

static bool create_topics(struct weir_running_query *query, struct weir_err *err)
{
	struct weir_runtime *runtime = query->runtime;
	bool has_changelogs =
		!runtime->options.is_stepped && !runtime->options.log->vtable->state_open && !weir_query_is_ephemeral(query);

	for (size_t i = 0; i < query->plan->stage_count; i++) {
		const struct weir_plan_stage *stage = &query->plan->stages[i];
		if (stage->output.kind == WEIR_OUTPUT_REPARTITION &&
			!create_internal(
				runtime, stage->output.layout.topic, stage->output.layout.partitions, WEIR_CLEANUP_DELETE, err))
			return false;
		if (has_changelogs && !create_changelogs(runtime, query->plan, stage->root, stage->partitions, err))
			return false;
	}
	return true;
}

static void delete_topics(struct weir_running_query *query)
{
	struct weir_log *log = query->runtime->options.log;
	struct weir_err ignored;
	char prefix[512];

	for (size_t i = 0; i < query->plan->stage_count; i++)
		if (query->plan->stages[i].output.kind == WEIR_OUTPUT_REPARTITION)
			log->vtable->topic_delete(log, query->plan->stages[i].output.layout.topic, &ignored);
	snprintf(prefix, sizeof prefix, "%.*s/", WEIR_SLICE_ARG(query->plan->query_id));
	log->vtable->forget(log, weir_slice_of(prefix), &ignored);
	weir_changelog_name(&query->runtime->options, query->plan->query_id, WEIR_SLICE(""), prefix, sizeof prefix);
	prefix[strlen(prefix) - strlen("-changelog")] = '\0'; /* any store */
	log->vtable->forget(log, weir_slice_of(prefix), &ignored);
}

/* ---- Start and stop ---- */

static void link_query(struct weir_running_query *query)
{
	pthread_mutex_lock(&query->runtime->lock);
	query->next = query->runtime->queries;
	query->runtime->queries = query;
	pthread_mutex_unlock(&query->runtime->lock);
}

static void unlink_query(struct weir_running_query *query)
{
	pthread_mutex_lock(&query->runtime->lock);
	for (struct weir_running_query **at = &query->runtime->queries; *at; at = &(*at)->next) {
		if (*at != query)
			continue;
		*at = query->next;
		break;
	}
	pthread_mutex_unlock(&query->runtime->lock);
}

static void call_all(struct weir_running_query *query, void (*run)(struct weir_worker *, struct weir_command *), bool forget,
	struct weir_err *err, bool *ret_ok)
{
	*ret_ok = true;
	for (size_t i = 0; i < query->runtime->worker_count; i++) {
		struct weir_command command = { .run = run, .query = query, .forget = forget, .ok = true };
		weir_worker_call(&query->runtime->workers[i], &command);
		if (!command.ok && *ret_ok) {
			*ret_ok = false;
			weir_err_copy(err, &command.err);
		}
	}
}

static void free_query(struct weir_running_query *query)
{
	if (query->start.release)
		query->start.release(query->start.owner);
	pthread_mutex_destroy(&query->lock);
	free(query);
}

bool weir_runtime_start(
	struct weir_runtime *runtime, const struct weir_start *start, struct weir_running **ret, struct weir_err *err)
{
	struct weir_running_query *query = weir_alloc_zero(sizeof *query);
	struct weir_err ignored;
	bool ok, stopped;

	query->runtime = runtime;
	query->start = *start;
	query->plan = start->plan;
	query->is_paused = start->is_paused;
	pthread_mutex_init(&query->lock, NULL);
	link_query(query);
	ok = create_topics(query, err);
	if (ok)
		call_all(query, weir_worker_start_query, false, err, &ok);
	if (ok) {
		*ret = (struct weir_running *)query;
		return true;
	}
	call_all(query, weir_worker_stop_query, true, &ignored, &stopped);
	unlink_query(query);
	query->start.release = NULL; /* the caller keeps what it offered */
	free_query(query);
	return false;
}

void weir_runtime_stop(struct weir_running *running, bool forget)
{
	struct weir_running_query *query = query_of(running);
	struct weir_err ignored;
	bool ok;

	if (!query)
		return;
	query->is_ended = true;
	call_all(query, weir_worker_stop_query, forget, &ignored, &ok);
	weir_query_settle_end(query);
	unlink_query(query);
	if (forget)
		delete_topics(query);
	free_query(query);
}

void weir_runtime_pause(struct weir_running *running, bool paused)
{
	query_of(running)->is_paused = paused;
	weir_runtime_wake(query_of(running)->runtime);
}

/* ---- Status ---- */

static int64_t lag_of(const struct weir_running_query *query)
{
	struct weir_log *log = query->runtime->options.log;
	int64_t lag = 0;

	for (size_t s = 0; s < query->plan->stage_count; s++) {
		const struct weir_plan_stage *stage = &query->plan->stages[s];
		char scope[300];
		snprintf(scope, sizeof scope, "%.*s/%d", WEIR_SLICE_ARG(query->plan->query_id), stage->index);
		for (size_t i = 0; i < stage->input_count; i++) {
			const struct weir_topic_layout *layout = &stage->inputs[i].layout;
			for (int32_t p = 0; p < layout->partitions; p++) {
				int64_t low, high, offset;
				struct weir_err ignored;
				if (log->vtable->watermarks(log, layout->topic, p, &low, &high, &ignored) &&
					log->vtable->read_progress(
						log, weir_slice_of(scope), layout->topic, p, &offset, &ignored) &&
					offset >= 0 && high > offset)
					lag += high - offset;
			}
		}
	}
	return lag;
}

void weir_runtime_status(struct weir_running *running, struct weir_running_status *ret)
{
	struct weir_running_query *query = query_of(running);

	pthread_mutex_lock(&query->lock);
	*ret = query->status;
	pthread_mutex_unlock(&query->lock);
	ret->state = query->is_paused ? WEIR_PAUSED : WEIR_RUNNING;
	for (size_t i = 0; i < query->runtime->worker_count; i++)
		if (query->runtime->workers[i].trouble.code != WEIR_E_NONE) {
			ret->state = WEIR_ERROR;
			weir_err_copy(&ret->last_error, &query->runtime->workers[i].trouble);
		}
	ret->lag = weir_query_is_ephemeral(query) ? 0 : lag_of(query);
}
