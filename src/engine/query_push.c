/* Push queries (and pull queries on streams): a transient plan whose rows go to a result sink.
 *
 * Holds: the sink hears header, rows, end, in that order, end once; a query that has ended is stopped by the reaper, never on the
 * worker's own thread.
 */
#include "engine/engine_int.h"

#include "base/memory.h"

#include <stdlib.h>

struct weir_push_query {
	struct weir_client client; /* first */
	struct weir_engine *engine;
	struct weir_query *query; /* holds the plan */
	struct weir_running *running;
	struct weir_result_sink *sink;
	struct weir_value *values;
	char id[WEIR_QUERY_ID_BYTES];
	bool is_over; /* end was told: may be reaped */
	struct weir_push_query *next;
};

static bool deliver(struct weir_client *client, const struct weir_row *row, bool is_deletion)
{
	struct weir_push_query *self = (struct weir_push_query *)client;
	const struct weir_plan *plan = self->query->plan;

	for (size_t i = 0; i < plan->result_count; i++) {
		size_t cell = plan->result_order ? (size_t)plan->result_order[i] : i;
		bool is_key = cell < plan->stages[plan->stage_count - 1].root->schema->key_count;
		self->values[i].cell = row->cells[cell];
		self->values[i].is_null = weir_row_is_null(row, cell) || (is_deletion && !is_key);
	}
	return self->sink->row(self->sink, self->values, plan->result_count, is_deletion);
}

static void end(struct weir_client *client, bool limit_reached, bool is_complete, const struct weir_err *err)
{
	struct weir_push_query *self = (struct weir_push_query *)client;
	enum weir_end_reason reason = err             ? WEIR_END_FAILED
				      : limit_reached ? WEIR_END_LIMIT
				      : is_complete   ? WEIR_END_COMPLETED
						      : WEIR_END_TERMINATED;

	self->sink->end(self->sink, reason, err);
	__atomic_store_n(&self->is_over, true, __ATOMIC_RELEASE);
}

static bool is_full(struct weir_client *client)
{
	struct weir_push_query *self = (struct weir_push_query *)client;

	return !self->is_over && self->sink->is_full && self->sink->is_full(self->sink);
}

static void release(void *owner)
{
	weir_query_unref(owner);
}

static void send_header(struct weir_push_query *self, enum weir_query_type type)
{
	const struct weir_plan *plan = self->query->plan;
	struct weir_arena arena;

	weir_arena_init(&arena, 1024);
	struct weir_result_column *columns = WEIR_ARENA_ARRAY(&arena, struct weir_result_column, plan->result_count);
	for (size_t i = 0; i < plan->result_count; i++) {
		const struct weir_column *column = &plan->schema->columns[plan->result_order ? (size_t)plan->result_order[i] : i];
		columns[i] = (struct weir_result_column){ .name = column->name, .type = column->type };
	}
	self->sink->header(self->sink, weir_slice_of(self->id), type, columns, plan->result_count);
	weir_arena_fini(&arena);
}

static bool plan_push(
	struct weir_exec *exec, const struct weir_bound_query *bound, struct weir_push_query *self, struct weir_err *err)
{
	struct weir_engine *engine = exec->engine;

	snprintf(self->id, sizeof self->id, "%s%.*s_%llu", weir_settings_text(engine->options.settings, "ksql.transient.prefix"),
		WEIR_SLICE_ARG(bound->from[0].source->name),
		(unsigned long long)(weir_clock_now_ms(engine->options.clock) * 1000 + (int64_t)(engine->push_count++ % 1000)));
	self->query = weir_query_new();
	struct weir_plan_request request = {
		.query = bound,
		.query_id = weir_slice_of(self->id),
		.service_id = weir_service_id(engine),
		.statement = exec->text,
	};
	return weir_plan_query(&self->query->arena, &request, &self->query->plan, err);
}

static bool check_limit(struct weir_engine *engine, struct weir_err *err)
{
	int64_t limit = weir_settings_int(engine->options.settings, "ksql.max.push.queries"), count = 0;

	pthread_mutex_lock(&engine->lock);
	for (const struct weir_push_query *query = engine->push_queries; query; query = query->next)
		count += !query->is_over;
	pthread_mutex_unlock(&engine->lock);
	return count < limit || weir_err_set(err, WEIR_E_TOO_MANY_PUSH_QUERIES,
					"There are %lld push queries already, which is the limit", (long long)count);
}

static void free_push(struct weir_push_query *self)
{
	weir_query_unref(self->query);
	free(self->values);
	free(self);
}

bool weir_push_start(struct weir_exec *exec, const struct weir_bound_query *bound, struct weir_result_sink *sink, char *ret_id,
	struct weir_err *err)
{
	struct weir_engine *engine = exec->engine;
	struct weir_push_query *self;

	weir_push_reap(engine);
	if (!check_limit(engine, err))
		return false;
	self = weir_alloc_zero(sizeof *self);
	self->client = (struct weir_client){ .row = deliver, .end = end, .is_full = is_full };
	self->engine = engine;
	self->sink = sink;
	if (!plan_push(exec, bound, self, err)) {
		free_push(self);
		return false;
	}
	self->values = weir_alloc_zero((self->query->plan->result_count + 1) * sizeof *self->values);
	strcpy(ret_id, self->id);
	struct weir_start start = {
		.plan = self->query->plan,
		.release = release,
		.owner = weir_query_ref(self->query),
		.reset = bound->is_stream_pull ? WEIR_RESET_EARLIEST : weir_reset_of(&exec->session->properties),
		.emits_every_update = true,
		.client = &self->client,
		.stops_at_end = bound->is_stream_pull,
	};
	pthread_mutex_lock(&engine->lock);
	self->next = engine->push_queries;
	engine->push_queries = self;
	pthread_mutex_unlock(&engine->lock);
	send_header(self, bound->is_stream_pull ? WEIR_QUERY_TYPE_STREAM_PULL : WEIR_QUERY_TYPE_PUSH);
	if (weir_runtime_start(engine->runtime, &start, &self->running, err))
		return true;
	weir_query_unref(self->query);
	sink->end(sink, WEIR_END_FAILED, err);
	__atomic_store_n(&self->is_over, true, __ATOMIC_RELEASE);
	return true; /* the sink knows */
}

/* Takes one out of the list: of that id, or (id empty) one that is over, or any. */
static struct weir_push_query *take(struct weir_engine *engine, struct weir_slice id, bool any)
{
	struct weir_push_query *found = NULL;

	pthread_mutex_lock(&engine->lock);
	for (struct weir_push_query **at = &engine->push_queries; *at; at = &(*at)->next) {
		bool matches = id.len ? weir_slice_is(id, (*at)->id) : any || __atomic_load_n(&(*at)->is_over, __ATOMIC_ACQUIRE);
		if (!matches)
			continue;
		found = *at;
		*at = found->next;
		break;
	}
	pthread_mutex_unlock(&engine->lock);
	return found;
}

static void stop(struct weir_push_query *self)
{
	if (self->running)
		weir_runtime_stop(self->running, true);
	free_push(self);
}

bool weir_engine_cancel(struct weir_engine *engine, struct weir_slice query_id)
{
	struct weir_push_query *self = query_id.len ? take(engine, query_id, false) : NULL;

	if (self)
		stop(self);
	return self != NULL;
}

void weir_push_reap(struct weir_engine *engine)
{
	struct weir_push_query *self;

	while ((self = take(engine, (struct weir_slice){ 0 }, false)))
		stop(self);
}

void weir_push_stop_all(struct weir_engine *engine)
{
	struct weir_push_query *self;

	while ((self = take(engine, (struct weir_slice){ 0 }, true)))
		stop(self);
}

void weir_engine_resume_query(struct weir_engine *engine, struct weir_slice query_id)
{
	weir_runtime_wake(engine->runtime);
}
