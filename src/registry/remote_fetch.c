/* Schemas by id: the cache, and the thread that fetches what is not in it, so that nobody who runs queries waits for the network.
 */
#include "registry/remote_int.h"
#include "json/json.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static struct weir_slice id_key(int32_t id, char storage[12])
{
	int len = snprintf(storage, 12, "%d", id);

	return weir_slice_make(storage, (size_t)len);
}

const struct weir_registered_schema *weir_remote_cache_find(struct weir_remote_registry *self, int32_t id)
{
	char storage[12];

	pthread_mutex_lock(&self->cache_lock);
	const struct weir_registered_schema *found = weir_map_get(&self->cache, id_key(id, storage));
	pthread_mutex_unlock(&self->cache_lock);
	return found;
}

static struct weir_registered_schema *copy_schema(struct weir_arena *arena, int32_t id, const struct weir_schema_text *schema)
{
	struct weir_registered_schema *copy = WEIR_ARENA_NEW(arena, struct weir_registered_schema);
	struct weir_schema_reference *references =
		WEIR_ARENA_ARRAY(arena, struct weir_schema_reference, schema->reference_count + 1);

	for (size_t i = 0; i < schema->reference_count; i++)
		references[i] = (struct weir_schema_reference){
			.name = weir_arena_copy(arena, schema->references[i].name),
			.subject = weir_arena_copy(arena, schema->references[i].subject),
			.version = schema->references[i].version,
		};
	*copy = (struct weir_registered_schema){ .id = id,
		.schema = { .kind = schema->kind,
			.text = weir_arena_copy(arena, schema->text),
			.references = references,
			.reference_count = schema->reference_count } };
	return copy;
}

const struct weir_registered_schema *weir_remote_cache_put(
	struct weir_remote_registry *self, int32_t id, const struct weir_schema_text *schema)
{
	char storage[12];

	pthread_mutex_lock(&self->cache_lock);
	struct weir_registered_schema *kept = weir_map_get(&self->cache, id_key(id, storage));
	if (!kept) {
		kept = copy_schema(&self->cache_arena, id, schema);
		weir_map_put(&self->cache, id_key(id, storage), kept);
	}
	pthread_mutex_unlock(&self->cache_lock);
	return kept;
}

bool weir_remote_fetch(struct weir_remote_registry *self, struct weir_remote_line *line, int32_t id,
	const struct weir_registered_schema **ret_schema, struct weir_err *err)
{
	struct weir_arena call_arena;
	struct weir_remote_answer answer;
	struct weir_schema_text schema;
	const struct weir_registered_schema *found = weir_remote_cache_find(self, id);

	if (found) {
		*ret_schema = found;
		return true;
	}
	weir_arena_init(&call_arena, 4096);
	struct weir_slice path = weir_arena_printf(&call_arena, "/schemas/ids/%d", id);
	bool ok = weir_remote_call(self, line, "GET", path, (struct weir_slice){ 0 }, &call_arena, &answer, err) &&
		  weir_remote_read_schema(&answer, &call_arena, &schema, err);
	if (ok)
		*ret_schema = weir_remote_cache_put(self, id, &schema);
	weir_arena_fini(&call_arena);
	return ok;
}

bool weir_remote_pause(struct weir_remote_registry *self, int64_t pause_ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += pause_ms / 1000;
	until.tv_nsec += pause_ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&self->queue_lock);
	while (!self->is_closing && pthread_cond_timedwait(&self->queue_changed, &self->queue_lock, &until) != ETIMEDOUT) {
	}
	bool goes_on = !self->is_closing;
	pthread_mutex_unlock(&self->queue_lock);
	return goes_on;
}

/* Waits for a request; false when the registry closes. */
static bool next_request(struct weir_remote_registry *self, struct weir_remote_request *ret)
{
	pthread_mutex_lock(&self->queue_lock);
	while (self->queue_at == self->queue.count && !self->is_closing)
		pthread_cond_wait(&self->queue_changed, &self->queue_lock);
	bool has_one = !self->is_closing;
	if (has_one)
		*ret = self->queue.items[self->queue_at++];
	if (self->queue_at == self->queue.count)
		self->queue_at = self->queue.count = 0;
	pthread_mutex_unlock(&self->queue_lock);
	return has_one;
}

static void *fetch_thread(void *arg)
{
	struct weir_remote_registry *self = arg;
	struct weir_remote_request request;

	while (next_request(self, &request)) {
		const struct weir_registered_schema *schema = NULL;
		struct weir_err err;
		bool ok = weir_remote_fetch(self, &self->fetches, request.id, &schema, &err);
		request.answer(request.ctx, request.id, schema, ok ? NULL : &err);
	}
	return NULL;
}

bool weir_remote_start_fetching(struct weir_remote_registry *self, struct weir_err *err)
{
	sigset_t all, old;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old); /* signals are the main thread's */
	int rc = pthread_create(&self->thread, NULL, fetch_thread, self);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (rc != 0)
		return weir_err_set_errno(err, WEIR_E_INTERNAL, rc, "cannot start the Schema Registry's thread");
	pthread_setname_np(self->thread, "weir-registry");
	return true;
}

/* Cancels until the thread has noticed: a cancel just before a call begins would be lost. */
static void join_thread(struct weir_remote_registry *self)
{
	struct timespec until;

	do {
		weir_http_client_cancel(self->fetches.client);
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += 20000000;
		if (until.tv_nsec >= 1000000000) {
			until.tv_sec++;
			until.tv_nsec -= 1000000000;
		}
	} while (pthread_timedjoin_np(self->thread, NULL, &until) == ETIMEDOUT);
}

void weir_remote_stop_fetching(struct weir_remote_registry *self)
{
	struct weir_err err;

	pthread_mutex_lock(&self->queue_lock);
	self->is_closing = true;
	pthread_cond_broadcast(&self->queue_changed);
	pthread_mutex_unlock(&self->queue_lock);
	join_thread(self);
	weir_err_reset(&err);
	weir_err_set(&err, WEIR_E_CANCELLED, "the Schema Registry's client is closing");
	for (; self->queue_at < self->queue.count; self->queue_at++) {
		struct weir_remote_request *request = &self->queue.items[self->queue_at];
		request->answer(request->ctx, request->id, NULL, &err);
	}
	WEIR_VEC_FREE(&self->queue);
}

void weir_remote_request_schema(struct weir_registry *registry, int32_t id, weir_registry_answer_fn *answer, void *ctx)
{
	struct weir_remote_registry *self = (struct weir_remote_registry *)registry;
	const struct weir_registered_schema *found = weir_remote_cache_find(self, id);
	struct weir_remote_request request = { .id = id, .answer = answer, .ctx = ctx };

	if (found) {
		answer(ctx, id, found, NULL);
		return;
	}
	pthread_mutex_lock(&self->queue_lock);
	assert(!self->is_closing);
	WEIR_VEC_PUSH(&self->queue, request);
	pthread_cond_broadcast(&self->queue_changed);
	pthread_mutex_unlock(&self->queue_lock);
}
