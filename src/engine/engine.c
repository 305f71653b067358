/* Opening, closing, stepping and the engine's state. */
#include "engine/engine_int.h"

#include "base/memory.h"

#include <stdlib.h>
#include <unistd.h>

static bool open_runtime(struct weir_engine *engine, struct weir_err *err)
{
	const struct weir_settings *settings = engine->options.settings;
	int64_t workers = weir_settings_int(settings, "weir.workers");
	int64_t cache = weir_settings_int(settings, "cache.max.bytes.buffering");
	struct weir_runtime_options options = {
		.log = engine->options.log,
		.schemas = engine->schemas,
		.clock = engine->options.clock,
		.logger = engine->options.logger,
		.writer_prefix = weir_settings_text(settings, "ksql.service.id"),
		.internal_replicas = (int16_t)weir_settings_int(settings, "ksql.internal.topic.replicas"),
		.workers = workers > 0 ? (size_t)workers : (size_t)sysconf(_SC_NPROCESSORS_ONLN),
		.commit_interval_ms = weir_settings_int(settings, "commit.interval.ms"),
		.at_least_once =
			weir_slice_is(weir_slice_of(weir_settings_text(settings, "processing.guarantee")), "at_least_once"),
		.cache_bytes = cache > 0 ? (size_t)cache : (size_t)64 << 20,
		.is_stepped = engine->options.is_stepped,
		.is_single_partition = engine->options.is_stepped,
		.join_waits = weir_settings_bool(settings, "weir.join.wait.for.table"),
		.on_bad_record = weir_processing_log_record,
		.ctx = engine,
	};
	return weir_runtime_open(&options, &engine->runtime, err);
}

bool weir_engine_open(const struct weir_engine_options *options, struct weir_engine **ret, struct weir_err *err)
{
	struct weir_engine *engine = weir_alloc_zero(sizeof *engine);

	err->code = WEIR_E_NONE;
	engine->options = *options;
	pthread_mutex_init(&engine->control, NULL);
	pthread_mutex_init(&engine->lock, NULL);
	weir_map_init(&engine->command_results);
	engine->catalog = weir_catalog_new();
	if (options->registry)
		engine->schemas = weir_schema_source_new(options->registry);
	if (!weir_command_log_open(engine, err) || !open_runtime(engine, err) || !weir_processing_log_open(engine, err) ||
		!weir_command_log_replay(engine, err)) {
		weir_engine_close(engine);
		return false;
	}
	weir_processing_log_create_stream(engine);
	*ret = engine;
	return true;
}

void weir_engine_close(struct weir_engine *engine)
{
	if (!engine)
		return;
	engine->is_closing = true;
	weir_push_stop_all(engine);
	while (engine->queries)
		weir_query_terminate(engine, weir_slice_of(engine->queries->id), false);
	weir_runtime_close(engine->runtime);
	weir_processing_log_close(engine);
	engine->options.log->vtable->writer_close(engine->writer);
	weir_catalog_unref(engine->catalog);
	weir_schema_source_free(engine->schemas);
	for (struct weir_map_entry *e = NULL; (e = weir_map_next(&engine->command_results, e));)
		free(e->value);
	weir_map_fini(&engine->command_results);
	pthread_mutex_destroy(&engine->control);
	pthread_mutex_destroy(&engine->lock);
	free(engine->command_topic);
	free(engine);
}

const struct weir_settings *weir_engine_settings(const struct weir_engine *engine)
{
	return engine->options.settings;
}

struct weir_log *weir_engine_log(const struct weir_engine *engine)
{
	return engine->options.log;
}

const struct weir_catalog *weir_engine_catalog(struct weir_engine *engine)
{
	return weir_catalog_take(engine);
}

bool weir_engine_command_status(struct weir_engine *engine, struct weir_slice command_id, struct weir_buf *out)
{
	struct weir_json_writer json;

	weir_json_writer_init(&json, out);
	pthread_mutex_lock(&engine->lock);
	const char *one = command_id.len ? weir_map_get(&engine->command_results, command_id) : NULL;
	if (one) {
		weir_buf_append_text(out, one);
	} else if (command_id.len == 0) {
		weir_json_begin_object(&json);
		weir_json_key(&json, "commandStatuses");
		weir_json_begin_object(&json);
		for (struct weir_map_entry *e = NULL; (e = weir_map_next(&engine->command_results, e));) {
			weir_json_key_slice(&json, e->key);
			weir_json_write_text(&json, "SUCCESS");
		}
		weir_json_end_object(&json);
		weir_json_end_object(&json);
	}
	pthread_mutex_unlock(&engine->lock);
	return one || command_id.len == 0;
}

bool weir_engine_wait_for_command(struct weir_engine *engine, int64_t sequence_number, int timeout_ms, struct weir_err *err)
{
	for (int waited = 0;; waited += 10) {
		pthread_mutex_lock(&engine->control);
		bool applied = sequence_number < engine->next_command;
		pthread_mutex_unlock(&engine->control);
		if (applied)
			return true;
		if (waited >= timeout_ms)
			return weir_err_set(err, WEIR_E_TIMEOUT, "Command %lld was not executed here within %d ms",
				(long long)sequence_number, timeout_ms);
		usleep(10000);
	}
}

void weir_engine_metrics(struct weir_engine *engine, struct weir_buf *out)
{
	size_t queries = 0;

	weir_runtime_metrics(engine->runtime, out);
	pthread_mutex_lock(&engine->lock);
	for (const struct weir_active_query *query = engine->queries; query; query = query->next)
		queries++;
	pthread_mutex_unlock(&engine->lock);
	weir_buf_printf(out, "# TYPE weir_persistent_queries gauge\nweir_persistent_queries %zu\n", queries);
}

const char *weir_engine_health(struct weir_engine *engine, struct weir_err *ret_reason)
{
	struct weir_err reason = { 0 };
	bool healthy = engine->options.log->vtable->health(engine->options.log, &reason);

	if (!healthy && ret_reason)
		weir_err_copy(ret_reason, &reason);
	return healthy ? "RUNNING" : "DEGRADED";
}

bool weir_engine_step(struct weir_engine *engine, struct weir_err *err)
{
	bool idle = false;

	err->code = WEIR_E_NONE;
	while (!idle)
		if (!weir_runtime_step(engine->runtime, &idle, err))
			return false;
	return true;
}
