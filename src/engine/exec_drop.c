/* DROP STREAM/TABLE, types, TERMINATE, PAUSE, RESUME. */
#include "engine/engine_int.h"

static bool delete_topic(struct weir_exec *exec, const struct weir_source *source, struct weir_err *err)
{
	struct weir_log *log = exec->engine->options.log;
	struct weir_registry *registry = exec->engine->options.registry;
	struct weir_err ignored;

	if (exec->sandbox) {
		weir_sandbox_drop_topic(exec->sandbox, source->topic);
		return true;
	}
	if (!log->vtable->topic_delete(log, source->topic, err) && err->code != WEIR_E_TOPIC_NOT_FOUND)
		return false;
	err->code = WEIR_E_NONE;
	const struct weir_format *key = weir_format_find(source->key.name), *value = weir_format_find(source->value.name);
	if (registry && key && key->needs_registry)
		weir_registry_delete_subject(
			registry, weir_arena_printf(exec->arena, "%.*s-key", WEIR_SLICE_ARG(source->topic)), false, &ignored);
	if (registry && value && value->needs_registry)
		weir_registry_delete_subject(
			registry, weir_arena_printf(exec->arena, "%.*s-value", WEIR_SLICE_ARG(source->topic)), false, &ignored);
	return true;
}

bool weir_exec_drop(struct weir_exec *exec, struct weir_err *err)
{
	const struct weir_source *source = exec->bound.drop.source;
	struct weir_engine *engine = exec->engine;
	char id[300];

	snprintf(id, sizeof id, "%s/%.*s/drop", exec->ast->is_table ? "table" : "stream", WEIR_SLICE_ARG(exec->ast->name));
	if (!source) {
		weir_entity_status(exec, id, weir_arena_printf(exec->arena, "%.*s", WEIR_SLICE_ARG(exec->bound.note)).ptr,
			(struct weir_slice){ 0 });
		return true;
	}
	if (!weir_command_log_append(exec, 0, 0, err))
		return false;
	struct weir_catalog *edit = weir_exec_edit(exec);
	size_t position = 0;
	const struct weir_query *query;
	while ((query = weir_catalog_next_writer(exec->catalog, source->name, &position))) {
		if (!exec->sandbox)
			weir_query_terminate(engine, query->id, true);
		weir_catalog_drop_query(edit, query->id);
	}
	weir_catalog_drop_source(edit, source->name);
	weir_exec_publish(exec, edit);
	if (exec->bound.drop.deletes_topic && !exec->command && !delete_topic(exec, source, err))
		return false;
	weir_entity_status(exec, id,
		weir_arena_printf(exec->arena, "Source `%.*s` (topic: %.*s) was dropped.", WEIR_SLICE_ARG(source->name),
			WEIR_SLICE_ARG(source->topic))
			.ptr,
		(struct weir_slice){ 0 });
	return true;
}

bool weir_exec_type(struct weir_exec *exec, struct weir_err *err)
{
	const struct weir_bound_type *type = &exec->bound.type;
	bool creates = exec->bound.kind == WEIR_BOUND_CREATE_TYPE;
	char id[300];

	snprintf(id, sizeof id, "type/%.*s/%s", WEIR_SLICE_ARG(type->name), creates ? "create" : "drop");
	if (!type->does_nothing) {
		if (!weir_command_log_append(exec, 0, 0, err))
			return false;
		struct weir_catalog *edit = weir_exec_edit(exec);
		if (creates)
			weir_catalog_put_type(edit, type->name, type->type);
		else
			weir_catalog_drop_type(edit, type->name);
		weir_exec_publish(exec, edit);
	}
	struct weir_slice message = exec->bound.note;
	if (!type->does_nothing && creates)
		message = weir_arena_printf(exec->arena, "Registered custom type with name '%.*s' and SQL type %.*s",
			WEIR_SLICE_ARG(type->name), WEIR_SLICE_ARG(weir_type_text(exec->arena, type->type)));
	else if (!type->does_nothing)
		message = weir_arena_printf(exec->arena, "Dropped type '%.*s'", WEIR_SLICE_ARG(type->name));
	weir_entity_status(exec, id, weir_arena_copy(exec->arena, message).ptr, (struct weir_slice){ 0 });
	return true;
}

static void apply_to(struct weir_exec *exec, const struct weir_query *query, struct weir_catalog *edit)
{
	struct weir_active_query *active = weir_active_find(exec->engine, query->id);

	if (exec->bound.kind == WEIR_BOUND_TERMINATE) {
		if (!exec->sandbox)
			weir_query_terminate(exec->engine, query->id, true);
		weir_catalog_drop_query(edit, query->id);
		return;
	}
	if (!active || exec->sandbox)
		return;
	active->is_paused = exec->bound.kind == WEIR_BOUND_PAUSE;
	weir_runtime_pause(active->running, active->is_paused);
}

static bool terminate_push(struct weir_exec *exec, struct weir_slice id, struct weir_err *err)
{
	if (exec->sandbox)
		return true;
	if (!weir_engine_cancel(exec->engine, id)) {
		weir_err_set(err, WEIR_E_UNKNOWN_NAME, "There is no query with the id '%.*s'", WEIR_SLICE_ARG(id));
		return weir_err_advise(err, "SHOW QUERIES lists them.");
	}
	weir_entity_begin(exec, "terminate_query");
	weir_json_key(exec->json, "queryId");
	weir_json_write_string(exec->json, id);
	weir_json_key(exec->json, "wasTerminated");
	weir_json_write_bool(exec->json, true);
	weir_entity_end(exec);
	return true;
}

bool weir_exec_query_ids(struct weir_exec *exec, struct weir_err *err)
{
	static const char *const verbs[] = { "terminate", "pause", "resume" }, *const done[] = { "Query terminated.",
		"Query paused.", "Query resumed." };
	const struct weir_query *one = exec->bound.queries.query;
	int verb = exec->bound.kind == WEIR_BOUND_TERMINATE ? 0 : exec->bound.kind == WEIR_BOUND_PAUSE ? 1 : 2;
	char id[300];

	if (exec->bound.queries.unknown_id.len)
		return terminate_push(exec, exec->bound.queries.unknown_id, err);
	if (!weir_command_log_append(exec, 0, 0, err))
		return false;
	struct weir_catalog *edit = weir_exec_edit(exec);
	for (size_t i = 0; one == NULL && weir_catalog_query_at(exec->catalog, i); i++)
		apply_to(exec, weir_catalog_query_at(exec->catalog, i), edit);
	if (one)
		apply_to(exec, one, edit);
	weir_exec_publish(exec, edit);
	snprintf(id, sizeof id, "%s/%.*s/execute", verbs[verb], WEIR_SLICE_ARG(one ? one->id : WEIR_SLICE("ALL")));
	weir_entity_status(exec, id, done[verb], (struct weir_slice){ 0 });
	return true;
}
