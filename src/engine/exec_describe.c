/* DESCRIBE of a stream or table, EXPLAIN. */
#include "engine/engine_int.h"

static void text(struct weir_json_writer *json, const char *key, struct weir_slice value)
{
	weir_json_key(json, key);
	weir_json_write_string(json, value);
}

void weir_write_type(struct weir_json_writer *json, const struct weir_type *type)
{
	weir_json_begin_object(json);
	weir_json_key(json, "type");
	weir_json_write_text(json, weir_kind_name(type->kind));
	weir_json_key(json, "fields");
	if (type->kind == WEIR_KIND_STRUCT) {
		weir_json_begin_array(json);
		for (size_t i = 0; i < type->field_count; i++) {
			weir_json_begin_object(json);
			text(json, "name", type->fields[i].name);
			weir_json_key(json, "schema");
			weir_write_type(json, type->fields[i].type);
			weir_json_end_object(json);
		}
		weir_json_end_array(json);
	} else {
		weir_json_write_null(json);
	}
	weir_json_key(json, "memberSchema");
	if (type->element)
		weir_write_type(json, type->element);
	else
		weir_json_write_null(json);
	if (type->kind == WEIR_KIND_DECIMAL) {
		weir_json_key(json, "parameters");
		weir_json_begin_object(json);
		weir_json_key(json, "precision");
		weir_json_write_i64(json, type->precision);
		weir_json_key(json, "scale");
		weir_json_write_i64(json, type->scale);
		weir_json_end_object(json);
	}
	weir_json_end_object(json);
}

static void write_fields(struct weir_json_writer *json, const struct weir_schema *schema)
{
	weir_json_key(json, "fields");
	weir_json_begin_array(json);
	for (size_t i = 0; i < schema->count; i++) {
		weir_json_begin_object(json);
		text(json, "name", schema->columns[i].name);
		weir_json_key(json, "schema");
		weir_write_type(json, schema->columns[i].type);
		if (schema->columns[i].role == WEIR_COLUMN_KEY) {
			weir_json_key(json, "type");
			weir_json_write_text(json, "KEY");
		} else if (schema->columns[i].role != WEIR_COLUMN_VALUE) {
			weir_json_key(json, "type");
			weir_json_write_text(json, "HEADER");
			if (schema->columns[i].role == WEIR_COLUMN_HEADER)
				text(json, "headerKey", schema->columns[i].header_key);
		}
		weir_json_end_object(json);
	}
	weir_json_end_array(json);
}

static void write_queries(struct weir_exec *exec, const char *key, const struct weir_source *source, bool writers)
{
	struct weir_json_writer *json = exec->json;
	const struct weir_query *query;
	size_t position = 0;

	weir_json_key(json, key);
	weir_json_begin_array(json);
	while ((query = writers ? weir_catalog_next_writer(exec->catalog, source->name, &position)
				: weir_catalog_next_reader(exec->catalog, source->name, &position)))
		weir_write_query(exec, query);
	weir_json_end_array(json);
}

static const char *window_name(enum weir_window_type type)
{
	static const char *const names[] = { NULL, "TUMBLING", "HOPPING", "SESSION" };

	return names[type];
}

static void write_statistics(struct weir_exec *exec, const struct weir_source *source)
{
	const struct weir_query *query;
	struct weir_running_status status;
	struct weir_buf out;
	size_t position = 0;

	weir_buf_init(&out, 65536);
	while (exec->ast->is_extended && (query = weir_catalog_next_writer(exec->catalog, source->name, &position))) {
		struct weir_active_query *active = weir_active_find(exec->engine, query->id);
		if (!active)
			continue;
		weir_runtime_status(active->running, &status);
		weir_buf_printf(&out, "%.*s: rows in %llu, rows out %llu, lag %lld\n", WEIR_SLICE_ARG(query->id),
			(unsigned long long)status.rows_in, (unsigned long long)status.rows_out, (long long)status.lag);
		for (int i = 0; i < WEIR_DROP_COUNT; i++)
			if (status.dropped[i])
				weir_buf_printf(&out, "%.*s: dropped, %s: %llu\n", WEIR_SLICE_ARG(query->id),
					weir_drop_reason_name((enum weir_drop_reason)i), (unsigned long long)status.dropped[i]);
	}
	text(exec->json, "statistics", weir_buf_slice(&out));
	weir_json_key(exec->json, "errorStats");
	weir_json_write_text(exec->json, "");
	weir_buf_fini(&out);
}

static void write_description(struct weir_exec *exec, const struct weir_source *source)
{
	struct weir_json_writer *json = exec->json;
	bool extended = exec->ast->is_extended;

	weir_json_begin_object(json);
	text(json, "name", source->name);
	weir_json_key(json, "windowType");
	weir_json_write_text(json, window_name(source->window.type));
	write_queries(exec, "readQueries", source, false);
	write_queries(exec, "writeQueries", source, true);
	write_fields(json, source->schema);
	weir_json_key(json, "type");
	weir_json_write_text(json, weir_source_kind_name(source));
	text(json, "timestamp", source->timestamp_column);
	write_statistics(exec, source);
	weir_json_key(json, "extended");
	weir_json_write_bool(json, extended);
	text(json, "keyFormat", source->key.name);
	text(json, "valueFormat", source->value.name);
	text(json, "topic", source->topic);
	weir_json_key(json, "partitions");
	weir_json_write_i64(json, extended ? source->partitions : 0);
	weir_json_key(json, "replication");
	weir_json_write_i64(json, extended ? source->replicas : 0);
	text(json, "statement", extended ? source->statement : (struct weir_slice){ 0 });
	static const char *const empty[] = { "queryOffsetSummaries", "sourceConstraints", "clusterStatistics",
		"clusterErrorStats" };
	for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
		weir_json_key(json, empty[i]);
		weir_json_begin_array(json);
		weir_json_end_array(json);
	}
	weir_json_end_object(json);
}

bool weir_exec_describe(struct weir_exec *exec, struct weir_err *err)
{
	weir_entity_begin(exec, "sourceDescription");
	weir_json_key(exec->json, "sourceDescription");
	write_description(exec, exec->bound.describe);
	weir_entity_end(exec);
	return true;
}

void weir_exec_describe_all(struct weir_exec *exec, bool tables)
{
	const struct weir_source *source;

	weir_entity_begin(exec, "source_descriptions");
	weir_json_key(exec->json, "sourceDescriptions");
	weir_json_begin_array(exec->json);
	for (size_t i = 0; (source = weir_catalog_source_at(exec->catalog, i)); i++)
		if (source->is_table == tables)
			write_description(exec, source);
	weir_json_end_array(exec->json);
	weir_entity_end(exec);
}

/* ---- EXPLAIN ---- */

static const struct weir_bound_query *query_of(const struct weir_bound_statement *statement, const struct weir_source **ret_sink)
{
	*ret_sink = NULL;
	switch (statement->kind) {
	case WEIR_BOUND_CREATE_AS:
		*ret_sink = statement->create_as.sink;
		return statement->create_as.query;
	case WEIR_BOUND_INSERT_SELECT:
		*ret_sink = statement->insert_select.target;
		return statement->insert_select.query;
	case WEIR_BOUND_PUSH_QUERY:
		return statement->push;
	default:
		return NULL;
	}
}

static bool plan_of(struct weir_exec *exec, const struct weir_plan **ret, struct weir_err *err)
{
	const struct weir_source *sink;

	if (exec->bound.explain.query) {
		*ret = exec->bound.explain.query->plan;
		return true;
	}
	const struct weir_bound_query *query = query_of(exec->bound.explain.statement, &sink);
	if (!query) {
		weir_err_set(err, WEIR_E_INVALID_STATEMENT, "There is no plan to explain for this statement");
		return weir_err_advise(
			err, "EXPLAIN takes SELECT … EMIT CHANGES, CREATE … AS SELECT, INSERT INTO … SELECT, or a query's id.");
	}
	struct weir_plan_request request = {
		.query = query,
		.sink = sink,
		.query_id = WEIR_SLICE("EXPLAINED"),
		.service_id = weir_service_id(exec->engine),
		.statement = exec->text,
	};
	return weir_plan_query(exec->arena, &request, ret, err);
}

bool weir_exec_explain(struct weir_exec *exec, struct weir_err *err)
{
	const struct weir_plan *plan;
	struct weir_json_writer *json = exec->json;
	struct weir_buf printed;

	if (!plan_of(exec, &plan, err))
		return false;
	weir_buf_init(&printed, 1 << 20);
	weir_plan_print(&printed, plan);
	weir_entity_begin(exec, "queryDescription");
	weir_json_key(json, "queryDescription");
	weir_json_begin_object(json);
	text(json, "id", exec->bound.explain.query ? plan->query_id : (struct weir_slice){ 0 });
	text(json, "statementText", plan->statement);
	weir_json_key(json, "windowType");
	weir_json_write_text(json, window_name(plan->window.type));
	write_fields(json, plan->schema);
	weir_json_key(json, "sources");
	weir_json_begin_array(json);
	for (size_t i = 0; i < plan->source_count; i++)
		weir_json_write_string(json, plan->source_names[i]);
	weir_json_end_array(json);
	weir_json_key(json, "sinks");
	weir_json_begin_array(json);
	if (plan->sink_name.len)
		weir_json_write_string(json, plan->sink_name);
	weir_json_end_array(json);
	text(json, "topology", (struct weir_slice){ 0 });
	text(json, "executionPlan", weir_buf_slice(&printed));
	weir_json_key(json, "queryType");
	weir_json_write_text(json, plan->sink_name.len ? "PERSISTENT" : "PUSH");
	weir_json_end_object(json);
	weir_entity_end(exec);
	weir_buf_fini(&printed);
	return true;
}
