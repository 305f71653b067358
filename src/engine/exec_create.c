/* CREATE STREAM/TABLE, CREATE … AS SELECT, INSERT INTO … SELECT. */
#include "engine/engine_int.h"

static void status(struct weir_exec *exec, const struct weir_source *source, const char *message, struct weir_slice query_id)
{
	char id[300];

	snprintf(id, sizeof id, "%s/`%.*s`/create", source->is_table ? "table" : "stream", WEIR_SLICE_ARG(source->name));
	weir_entity_status(exec, id, message, query_id);
}

static struct weir_query *plan_query(struct weir_exec *exec, const struct weir_bound_query *bound, const struct weir_source *sink,
	struct weir_slice sink_name, enum weir_query_kind kind, struct weir_slice id, struct weir_err *err)
{
	struct weir_query *query = weir_query_new();
	struct weir_plan_request request = {
		.query = bound,
		.sink = sink,
		.is_materialize_only = kind == WEIR_QUERY_SOURCE_TABLE,
		.query_id = id,
		.service_id = weir_service_id(exec->engine),
		.statement = exec->text,
	};

	query->kind = kind;
	query->id = weir_arena_copy(&query->arena, id);
	query->statement = weir_arena_copy(&query->arena, exec->text);
	query->sink_name = weir_arena_copy(&query->arena, sink_name);
	if (!weir_plan_query(&query->arena, &request, &query->plan, err)) {
		weir_query_unref(query);
		return NULL;
	}
	query->source_names = query->plan->source_names;
	query->source_count = query->plan->source_count;
	return query;
}

static struct weir_slice query_id_of(struct weir_exec *exec, const char *kind, struct weir_slice name)
{
	char *upper = weir_arena_alloc(exec->arena, name.len + 1);

	for (size_t i = 0; i < name.len; i++)
		upper[i] = (char)(name.ptr[i] >= 'a' && name.ptr[i] <= 'z' ? name.ptr[i] - 32 : name.ptr[i]);
	return weir_arena_printf(exec->arena, "%s_%.*s_%lld", kind, (int)name.len, upper, (long long)exec->command_offset);
}

static bool check_query_limit(struct weir_exec *exec, struct weir_err *err)
{
	int64_t limit = weir_settings_int(exec->engine->options.settings, "ksql.query.persistent.active.limit"), count = 0;

	for (const struct weir_active_query *query = exec->engine->queries; query; query = query->next)
		count++;
	if (count < limit || exec->command)
		return true;
	weir_err_set(err, WEIR_E_INVALID_STATEMENT, "There are %lld persistent queries already, the limit is %lld",
		(long long)count, (long long)limit);
	return weir_err_advise(err, "TERMINATE one, or raise ksql.query.persistent.active.limit.");
}

/* ---- CREATE STREAM / TABLE ---- */

bool weir_exec_create_source(struct weir_exec *exec, struct weir_err *err)
{
	struct weir_bound_create_source *create = &exec->bound.create_source;
	struct weir_query *query = NULL;

	if (create->already_exists) {
		weir_entity_warning(exec, exec->bound.note);
		return true;
	}
	if (!exec->command && !weir_create_topic(exec, &create->topic, err))
		return false;
	if (!weir_register_schemas(exec, create->source, create->registers_key, create->registers_value, true, err))
		return false;
	if (create->materialize) {
		struct weir_slice id = query_id_of(exec, "CST", create->source->name);
		query = plan_query(exec, create->materialize, NULL, create->source->name, WEIR_QUERY_SOURCE_TABLE, id, err);
		if (!query)
			return false;
	}
	if (!weir_command_log_append(exec, create->source->key.writer_schema_id, create->source->value.writer_schema_id, err)) {
		weir_query_unref(query);
		return false;
	}
	struct weir_catalog *edit = weir_exec_edit(exec);
	weir_catalog_put_source(edit, create->source);
	if (query)
		weir_catalog_put_query(edit, query);
	weir_exec_publish(exec, edit);
	bool ok = !query || weir_query_launch(exec, query, err);
	weir_query_unref(query);
	if (ok)
		status(exec, create->source, create->source->is_table ? "Table created" : "Stream created",
			(struct weir_slice){ 0 });
	return ok;
}

/* ---- CREATE … AS SELECT ---- */

bool weir_exec_create_as(struct weir_exec *exec, struct weir_err *err)
{
	struct weir_bound_create_as *create = &exec->bound.create_as;
	struct weir_engine *engine = exec->engine;

	if (create->already_exists) {
		weir_entity_warning(exec, exec->bound.note);
		return true;
	}
	const struct weir_query *old = create->replaces ? weir_catalog_query(exec->catalog, create->replaces->created_by) : NULL;
	struct weir_slice id = old ? old->id : query_id_of(exec, create->sink->is_table ? "CTAS" : "CSAS", create->sink->name);
	create->sink->created_by = id;
	if (!check_query_limit(exec, err) || (!exec->command && !weir_create_topic(exec, &create->topic, err)) ||
		!weir_register_schemas(exec, create->sink, create->registers_key, create->registers_value, false, err))
		return false;
	struct weir_query *query = plan_query(exec, create->query, create->sink, create->sink->name, WEIR_QUERY_CREATE_AS, id, err);
	if (!query)
		return false;
	if ((old && !weir_plan_check_upgrade(old->plan, query->plan, err)) ||
		!weir_command_log_append(exec, create->sink->key.writer_schema_id, create->sink->value.writer_schema_id, err)) {
		weir_query_unref(query);
		return false;
	}
	if (old && !exec->sandbox)
		weir_query_terminate(engine, id, false);
	struct weir_catalog *edit = weir_exec_edit(exec);
	weir_catalog_put_source(edit, create->sink);
	weir_catalog_put_query(edit, query);
	weir_exec_publish(exec, edit);
	bool ok = weir_query_launch(exec, query, err);
	if (ok)
		status(exec, create->sink, weir_arena_printf(exec->arena, "Created query with ID %.*s", WEIR_SLICE_ARG(id)).ptr,
			id);
	weir_query_unref(query);
	return ok;
}

/* ---- INSERT INTO … SELECT ---- */

bool weir_exec_insert_select(struct weir_exec *exec, struct weir_err *err)
{
	struct weir_bound_insert_select *insert = &exec->bound.insert_select;
	struct weir_slice id = insert->query_id;
	struct weir_source *target = weir_source_copy(exec->arena, insert->target);

	if (id.len == 0)
		id = weir_arena_printf(exec->arena, "INSERTQUERY_%lld", (long long)exec->command_offset);
	bool needs_ids = target->key.writer_schema_id == 0 || target->value.writer_schema_id == 0;
	if (!check_query_limit(exec, err) || (needs_ids && !weir_register_schemas(exec, target, true, true, false, err)))
		return false;
	struct weir_query *query = plan_query(exec, insert->query, target, target->name, WEIR_QUERY_INSERT, id, err);
	if (!query)
		return false;
	if (!weir_command_log_append(exec, target->key.writer_schema_id, target->value.writer_schema_id, err)) {
		weir_query_unref(query);
		return false;
	}
	struct weir_catalog *edit = weir_exec_edit(exec);
	weir_catalog_put_query(edit, query);
	weir_exec_publish(exec, edit);
	bool ok = weir_query_launch(exec, query, err);
	if (ok)
		status(exec, target, weir_arena_printf(exec->arena, "Created query with ID %.*s", WEIR_SLICE_ARG(id)).ptr, id);
	weir_query_unref(query);
	return ok;
}
