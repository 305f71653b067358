/* SHOW / LIST: what there is. */
#include "engine/engine_int.h"

#include "functions/function.h"

static void text(struct weir_json_writer *json, const char *key, struct weir_slice value)
{
	weir_json_key(json, key);
	weir_json_write_string(json, value);
}

static void write_source(struct weir_json_writer *json, const struct weir_source *source)
{
	weir_json_begin_object(json);
	weir_json_key(json, "type");
	weir_json_write_text(json, weir_source_kind_name(source));
	text(json, "name", source->name);
	text(json, "topic", source->topic);
	text(json, "keyFormat", source->key.name);
	text(json, "valueFormat", source->value.name);
	weir_json_key(json, "isWindowed");
	weir_json_write_bool(json, source->window.type != WEIR_WINDOW_NONE);
	weir_json_end_object(json);
}

static void show_sources(struct weir_exec *exec, bool tables)
{
	weir_entity_begin(exec, tables ? "tables" : "streams");
	weir_json_key(exec->json, tables ? "tables" : "streams");
	weir_json_begin_array(exec->json);
	const struct weir_source *source;
	for (size_t i = 0; (source = weir_catalog_source_at(exec->catalog, i)); i++)
		if (source->is_table == tables)
			write_source(exec->json, source);
	weir_json_end_array(exec->json);
	weir_entity_end(exec);
}

static bool show_topics(struct weir_exec *exec, struct weir_err *err)
{
	struct weir_log *log = exec->engine->options.log;
	struct weir_topic_config *topics;
	size_t count;

	if (!log->vtable->topic_list(log, exec->arena, &topics, &count, err))
		return false;
	weir_entity_begin(exec, exec->ast->is_extended ? "kafka_topics_extended" : "kafka_topics");
	weir_json_key(exec->json, "topics");
	weir_json_begin_array(exec->json);
	for (size_t i = 0; i < count; i++) {
		if (!exec->ast->is_all && (topics[i].is_internal || weir_settings_lists(exec->engine->options.settings,
									    "ksql.hidden.topics", topics[i].name)))
			continue;
		weir_json_begin_object(exec->json);
		text(exec->json, "name", topics[i].name);
		weir_json_key(exec->json, "replicaInfo");
		weir_json_begin_array(exec->json);
		for (int32_t p = 0; p < topics[i].partitions; p++)
			weir_json_write_i64(exec->json, topics[i].replicas > 0 ? topics[i].replicas : 1);
		weir_json_end_array(exec->json);
		if (exec->ast->is_extended) {
			weir_json_key(exec->json, "consumerCount");
			weir_json_write_i64(exec->json, 0);
			weir_json_key(exec->json, "consumerGroupCount");
			weir_json_write_i64(exec->json, 0);
		}
		weir_json_end_object(exec->json);
	}
	weir_json_end_array(exec->json);
	weir_entity_end(exec);
	return true;
}

static const char *state_of(struct weir_exec *exec, const struct weir_query *query)
{
	static const char *const names[] = { "RUNNING", "PAUSED", "ERROR" };
	struct weir_active_query *active = weir_active_find(exec->engine, query->id);
	struct weir_running_status status;

	if (!active)
		return "UNRESPONSIVE";
	weir_runtime_status(active->running, &status);
	return names[status.state];
}

void weir_write_query(struct weir_exec *exec, const struct weir_query *query)
{
	struct weir_json_writer *json = exec->json;
	const char *state = state_of(exec, query);
	const struct weir_source *sink = weir_catalog_source(exec->catalog, query->sink_name);

	weir_json_begin_object(json);
	text(json, "queryString", query->statement);
	weir_json_key(json, "sinks");
	weir_json_begin_array(json);
	weir_json_write_string(json, query->sink_name);
	weir_json_end_array(json);
	weir_json_key(json, "sinkKafkaTopics");
	weir_json_begin_array(json);
	if (sink)
		weir_json_write_string(json, sink->topic);
	weir_json_end_array(json);
	text(json, "id", query->id);
	weir_json_key(json, "statusCount");
	weir_json_begin_object(json);
	weir_json_key(json, state);
	weir_json_write_i64(json, 1);
	weir_json_end_object(json);
	weir_json_key(json, "queryType");
	weir_json_write_text(json, "PERSISTENT");
	weir_json_key(json, "state");
	weir_json_write_text(json, state);
	weir_json_end_object(json);
}

static void show_queries(struct weir_exec *exec)
{
	weir_entity_begin(exec, "queries");
	weir_json_key(exec->json, "queries");
	weir_json_begin_array(exec->json);
	const struct weir_query *query;
	for (size_t i = 0; (query = weir_catalog_query_at(exec->catalog, i)); i++)
		weir_write_query(exec, query);
	weir_json_end_array(exec->json);
	weir_entity_end(exec);
}

static void show_functions(struct weir_exec *exec)
{
	weir_entity_begin(exec, "function_names");
	weir_json_key(exec->json, "functions");
	weir_json_begin_array(exec->json);
	struct weir_function_ref ref;
	for (size_t i = 0; (ref = weir_function_at(i)).kind != WEIR_FUNCTION_NONE; i++) {
		weir_json_begin_object(exec->json);
		weir_json_key(exec->json, "name");
		weir_json_write_text(exec->json, ref.scalar      ? ref.scalar->name
						 : ref.aggregate ? ref.aggregate->name
								 : ref.table->name);
		weir_json_key(exec->json, "type");
		weir_json_write_text(exec->json, ref.scalar ? "SCALAR" : ref.aggregate ? "AGGREGATE" : "TABLE");
		weir_json_key(exec->json, "category");
		weir_json_write_text(exec->json, ref.scalar ? ref.scalar->category : ref.aggregate ? "AGGREGATE" : "TABLE");
		weir_json_end_object(exec->json);
	}
	weir_json_end_array(exec->json);
	weir_entity_end(exec);
}

static void show_properties(struct weir_exec *exec)
{
	struct weir_json_writer *json = exec->json;

	weir_entity_begin(exec, "properties");
	weir_json_key(json, "properties");
	weir_json_begin_array(json);
	const struct weir_setting_info *info;
	for (size_t i = 0; (info = weir_setting_at(i)); i++) {
		const char *value = weir_settings_text(&exec->session->properties, info->name);
		weir_json_begin_object(json);
		weir_json_key(json, "name");
		weir_json_write_text(json, info->name);
		weir_json_key(json, "scope");
		weir_json_write_text(json, "KSQL");
		weir_json_key(json, "value");
		weir_json_write_text(json, value ? value : "");
		weir_json_key(json, "editable");
		weir_json_write_bool(json, info->scope == WEIR_SETTING_QUERY);
		weir_json_key(json, "level");
		weir_json_write_text(json, info->scope == WEIR_SETTING_QUERY ? "QUERY" : "SERVER");
		weir_json_end_object(json);
	}
	weir_json_end_array(json);
	weir_json_key(json, "overwrittenProperties");
	weir_json_begin_array(json);
	for (struct weir_map_entry *e = NULL; (e = weir_map_next(&exec->session->properties.values, e));)
		weir_json_write_string(json, e->key);
	weir_json_end_array(json);
	weir_json_key(json, "defaultProperties");
	weir_json_begin_array(json);
	for (size_t i = 0; (info = weir_setting_at(i)); i++)
		if (!weir_settings_given(&exec->session->properties, info->name))
			weir_json_write_text(json, info->name);
	weir_json_end_array(json);
	weir_entity_end(exec);
}

static void show_types(struct weir_exec *exec)
{
	weir_entity_begin(exec, "type_list");
	weir_json_key(exec->json, "types");
	weir_json_begin_object(exec->json);
	const struct weir_type_entry *type;
	for (size_t i = 0; (type = weir_catalog_type_at(exec->catalog, i)); i++) {
		weir_json_key_slice(exec->json, type->name);
		weir_write_type(exec->json, type->type);
	}
	weir_json_end_object(exec->json);
	weir_entity_end(exec);
}

static void show_variables(struct weir_exec *exec)
{
	weir_entity_begin(exec, "variables");
	weir_json_key(exec->json, "variables");
	weir_json_begin_array(exec->json);
	for (struct weir_map_entry *e = NULL; (e = weir_map_next(&exec->session->variables, e));) {
		weir_json_begin_object(exec->json);
		text(exec->json, "name", e->key);
		text(exec->json, "value", weir_slice_of(e->value));
		weir_json_end_object(exec->json);
	}
	weir_json_end_array(exec->json);
	weir_entity_end(exec);
}

bool weir_exec_show(struct weir_exec *exec, struct weir_err *err)
{
	switch (exec->ast->kind) {
	case WEIR_SQL_SHOW_STREAMS:
	case WEIR_SQL_SHOW_TABLES:
		if (exec->ast->is_extended)
			weir_exec_describe_all(exec, exec->ast->kind == WEIR_SQL_SHOW_TABLES);
		else
			show_sources(exec, exec->ast->kind == WEIR_SQL_SHOW_TABLES);
		return true;
	case WEIR_SQL_DESCRIBE_STREAMS:
	case WEIR_SQL_DESCRIBE_TABLES:
		weir_exec_describe_all(exec, exec->ast->kind == WEIR_SQL_DESCRIBE_TABLES);
		return true;
	case WEIR_SQL_DESCRIBE_FUNCTION:
		return weir_exec_describe_function(exec, err);
	case WEIR_SQL_SHOW_TOPICS:
		return show_topics(exec, err);
	case WEIR_SQL_SHOW_QUERIES:
		show_queries(exec);
		return true;
	case WEIR_SQL_SHOW_FUNCTIONS:
		show_functions(exec);
		return true;
	case WEIR_SQL_SHOW_PROPERTIES:
		show_properties(exec);
		return true;
	case WEIR_SQL_SHOW_TYPES:
		show_types(exec);
		return true;
	case WEIR_SQL_SHOW_VARIABLES:
		show_variables(exec);
		return true;
	default:
		return weir_err_set_at(err, WEIR_E_NOT_SUPPORTED, exec->ast->place.line, exec->ast->place.column,
			"This statement is not supported yet");
	}
}
