/* What analysis asks of the outside: topics, schemas, properties. Live answers are recorded; a replay is given the recorded ones.
 */
#include "engine/engine_int.h"

#include <string.h>

struct fact {
	bool exists;
	struct weir_topic_facts topic;
	struct weir_schema_facts schema;
};

void weir_facts_init(struct weir_facts *facts, struct weir_arena *arena, const struct weir_json *recorded)
{
	*facts = (struct weir_facts){ .arena = arena, .recorded = recorded };
	weir_map_init(&facts->topics);
	weir_map_init(&facts->subjects);
	weir_map_init(&facts->ids);
}

void weir_facts_fini(struct weir_facts *facts)
{
	weir_map_fini(&facts->topics);
	weir_map_fini(&facts->subjects);
	weir_map_fini(&facts->ids);
}

static void write_topic(struct weir_json_writer *json, const struct fact *fact)
{
	weir_json_begin_object(json);
	weir_json_key(json, "exists");
	weir_json_write_bool(json, fact->exists);
	weir_json_key(json, "partitions");
	weir_json_write_i64(json, fact->topic.partitions);
	weir_json_key(json, "replicas");
	weir_json_write_i64(json, fact->topic.replicas);
	weir_json_key(json, "retentionMs");
	weir_json_write_i64(json, fact->topic.retention_ms);
	weir_json_end_object(json);
}

static void write_schema(struct weir_json_writer *json, const struct fact *fact)
{
	weir_json_begin_object(json);
	weir_json_key(json, "id");
	weir_json_write_i64(json, fact->schema.id);
	weir_json_key(json, "kind");
	weir_json_write_string(json, fact->schema.kind);
	weir_json_key(json, "schema");
	weir_json_write_string(json, fact->schema.text);
	weir_json_end_object(json);
}

static void write_map(struct weir_json_writer *json, const char *name, const struct weir_map *map,
	void (*write)(struct weir_json_writer *, const struct fact *))
{
	weir_json_key(json, name);
	weir_json_begin_object(json);
	for (struct weir_map_entry *e = NULL; (e = weir_map_next(map, e));) {
		weir_json_key_slice(json, e->key);
		write(json, e->value);
	}
	weir_json_end_object(json);
}

void weir_facts_write(const struct weir_facts *facts, struct weir_json_writer *json)
{
	weir_json_begin_object(json);
	write_map(json, "topics", &facts->topics, write_topic);
	write_map(json, "subjects", &facts->subjects, write_schema);
	write_map(json, "ids", &facts->ids, write_schema);
	weir_json_end_object(json);
}

static struct fact *new_fact(struct weir_facts *facts, struct weir_map *map, struct weir_slice name)
{
	struct fact *fact = WEIR_ARENA_NEW(facts->arena, struct fact);

	weir_map_put(map, name, fact);
	return fact;
}

/* ---- Callbacks ---- */

static const struct weir_json *recorded_fact(const struct weir_exec *exec, const char *group, struct weir_slice name)
{
	char text[512];

	snprintf(text, sizeof text, "%.*s", WEIR_SLICE_ARG(name));
	return weir_json_get(weir_json_get(exec->facts.recorded, group), text);
}

static struct weir_slice get_property(void *ctx, const char *name)
{
	const struct weir_exec *exec = ctx;
	const char *value = weir_settings_text(&exec->session->properties, name);

	return value ? weir_slice_of(value) : (struct weir_slice){ 0 };
}

static bool recorded_topic(const struct weir_exec *exec, struct weir_slice name, struct weir_topic_facts *ret)
{
	const struct weir_json *fact = recorded_fact(exec, "topics", name);

	if (!weir_json_get_bool(fact, "exists", false))
		return false;
	*ret = (struct weir_topic_facts){
		.partitions = (int32_t)weir_json_get_i64(fact, "partitions", 1),
		.replicas = (int32_t)weir_json_get_i64(fact, "replicas", 1),
		.retention_ms = weir_json_get_i64(fact, "retentionMs", -1),
	};
	return true;
}

static bool get_topic(void *ctx, struct weir_slice name, struct weir_topic_facts *ret, struct weir_err *err)
{
	struct weir_exec *exec = ctx;
	struct weir_log *log = exec->engine->options.log;
	struct weir_topic_config config;

	bool exists;

	if (exec->facts.recorded)
		return recorded_topic(exec, name, ret);
	if (exec->sandbox && weir_sandbox_topic(exec->sandbox, name, &exists, ret))
		return exists;
	if (!log->vtable->topic_describe(log, name, exec->arena, &config, err)) {
		if (err->code == WEIR_E_TOPIC_NOT_FOUND) {
			err->code = WEIR_E_NONE;
			new_fact(&exec->facts, &exec->facts.topics, name);
		}
		return false;
	}
	*ret = (struct weir_topic_facts){
		.partitions = config.partitions, .replicas = config.replicas, .retention_ms = config.retention_ms
	};
	struct fact *fact = new_fact(&exec->facts, &exec->facts.topics, name);
	fact->exists = true;
	fact->topic = *ret;
	return true;
}

static bool recorded_schema(const struct weir_json *fact, struct weir_schema_facts *ret, struct weir_err *err)
{
	if (!fact)
		return weir_err_set(err, WEIR_E_SCHEMA_NOT_FOUND, "The command log holds no such schema");
	*ret = (struct weir_schema_facts){
		.id = (int32_t)weir_json_get_i64(fact, "id", 0),
		.kind = weir_json_get_text(fact, "kind", "AVRO"),
		.text = weir_json_get_text(fact, "schema", ""),
	};
	return true;
}

static bool no_registry(struct weir_err *err)
{
	weir_err_set(err, WEIR_E_REGISTRY_NOT_CONFIGURED, "The format needs a Schema Registry, and none is configured");
	return weir_err_advise(err, "Set ksql.schema.registry.url in the server's configuration.");
}

static void fill_facts(struct weir_schema_facts *facts, const struct weir_registered_schema *schema)
{
	*facts = (struct weir_schema_facts){
		.id = schema->id,
		.text = schema->schema.text,
		.kind = weir_slice_of(weir_schema_kind_name(schema->schema.kind)),
	};
}

static bool get_latest_schema(
	void *ctx, struct weir_arena *arena, struct weir_slice subject, struct weir_schema_facts *ret, struct weir_err *err)
{
	struct weir_exec *exec = ctx;
	struct weir_registered_schema schema;

	if (exec->facts.recorded)
		return recorded_schema(recorded_fact(exec, "subjects", subject), ret, err);
	if (exec->sandbox && weir_sandbox_schema(exec->sandbox, subject, ret))
		return true;
	if (!exec->engine->options.registry)
		return no_registry(err);
	if (!weir_registry_latest(exec->engine->options.registry, subject, exec->arena, &schema, err))
		return false;
	fill_facts(ret, &schema);
	new_fact(&exec->facts, &exec->facts.subjects, subject)->schema = *ret;
	return true;
}

static bool get_schema_by_id(void *ctx, struct weir_arena *arena, int32_t id, struct weir_schema_facts *ret, struct weir_err *err)
{
	struct weir_exec *exec = ctx;
	struct weir_registered_schema schema;
	char name[16];

	snprintf(name, sizeof name, "%d", id);
	if (exec->facts.recorded)
		return recorded_schema(recorded_fact(exec, "ids", weir_slice_of(name)), ret, err);
	if (!exec->engine->options.registry)
		return no_registry(err);
	if (!weir_registry_by_id(exec->engine->options.registry, id, exec->arena, &schema, err))
		return false;
	fill_facts(ret, &schema);
	new_fact(&exec->facts, &exec->facts.ids, weir_slice_of(name))->schema = *ret;
	return true;
}

void weir_environment_init(struct weir_analyze_env *env, struct weir_exec *exec)
{
	*env = (struct weir_analyze_env){
		.catalog = exec->catalog,
		.clock = exec->engine->options.clock,
		.ctx = exec,
		.property = get_property,
		.topic = get_topic,
		.latest_schema = get_latest_schema,
		.schema_by_id = get_schema_by_id,
	};
}
