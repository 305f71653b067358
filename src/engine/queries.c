/* Persistent queries that run here, and the catalog's current snapshot. */
#include "engine/engine_int.h"

#include "base/memory.h"

#include <stdlib.h>

struct weir_slice weir_service_id(const struct weir_engine *engine)
{
	return weir_slice_of(weir_settings_text(engine->options.settings, "ksql.service.id"));
}

const struct weir_catalog *weir_catalog_take(struct weir_engine *engine)
{
	pthread_mutex_lock(&engine->lock);
	const struct weir_catalog *catalog = weir_catalog_ref(engine->catalog);
	pthread_mutex_unlock(&engine->lock);
	return catalog;
}

void weir_catalog_publish(struct weir_engine *engine, struct weir_catalog *edit)
{
	pthread_mutex_lock(&engine->lock);
	const struct weir_catalog *old = engine->catalog;
	engine->catalog = edit;
	pthread_mutex_unlock(&engine->lock);
	weir_catalog_unref(old);
}

struct weir_catalog *weir_exec_edit(struct weir_exec *exec)
{
	if (!exec->sandbox)
		return weir_catalog_edit(exec->engine->catalog);
	const struct weir_catalog *catalog = weir_sandbox_catalog(exec->sandbox);
	struct weir_catalog *edit = weir_catalog_edit(catalog);
	weir_catalog_unref(catalog);
	return edit;
}

void weir_exec_publish(struct weir_exec *exec, struct weir_catalog *edit)
{
	if (exec->sandbox)
		weir_sandbox_publish(exec->sandbox, edit);
	else
		weir_catalog_publish(exec->engine, edit);
}

struct weir_active_query *weir_active_find(struct weir_engine *engine, struct weir_slice id)
{
	struct weir_active_query *query = engine->queries;

	while (query && !weir_slice_is(id, query->id))
		query = query->next;
	return query;
}

enum weir_reset weir_reset_of(const struct weir_settings *properties)
{
	const char *reset = weir_settings_text(properties, "auto.offset.reset");

	if (!reset)
		return WEIR_RESET_DEFAULT;
	return *reset == 'e' ? WEIR_RESET_EARLIEST : WEIR_RESET_LATEST;
}

static void release_query(void *owner)
{
	weir_query_unref(owner);
}

bool weir_query_launch(struct weir_exec *exec, struct weir_query *query, struct weir_err *err)
{
	if (exec->sandbox)
		return true;
	struct weir_engine *engine = exec->engine;
	struct weir_start start = {
		.plan = query->plan,
		.release = release_query,
		.owner = weir_query_ref(query),
		.reset = weir_reset_of(&exec->session->properties),
		.emits_every_update = weir_settings_int(&exec->session->properties, "cache.max.bytes.buffering") == 0,
		.is_paused = engine->options.is_stepped,
	};
	struct weir_running *running;

	if (!weir_runtime_start(engine->runtime, &start, &running, err)) {
		weir_query_unref(query);
		return false;
	}
	struct weir_active_query *active = weir_alloc_zero(sizeof *active);
	active->id = weir_alloc_zero(query->id.len + 1);
	memcpy(active->id, query->id.ptr, query->id.len);
	active->running = running;
	pthread_mutex_lock(&engine->lock);
	struct weir_active_query **last = &engine->queries;
	while (*last)
		last = &(*last)->next;
	*last = active;
	pthread_mutex_unlock(&engine->lock);
	return true;
}

void weir_query_terminate(struct weir_engine *engine, struct weir_slice id, bool forget)
{
	struct weir_active_query *active = NULL;

	pthread_mutex_lock(&engine->lock);
	for (struct weir_active_query **at = &engine->queries; *at; at = &(*at)->next) {
		if (!weir_slice_is(id, (*at)->id))
			continue;
		active = *at;
		*at = active->next;
		break;
	}
	pthread_mutex_unlock(&engine->lock);
	if (!active)
		return;
	weir_runtime_stop(active->running, forget);
	free(active->id);
	free(active);
}
