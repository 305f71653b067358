/* What a statement makes outside: topics and registered schemas. */
#include "engine/engine_int.h"

bool weir_create_topic(struct weir_exec *exec, const struct weir_bound_topic *topic, struct weir_err *err)
{
	struct weir_log *log = exec->engine->options.log;
	struct weir_topic_config config = {
		.name = topic->name,
		.partitions = topic->partitions,
		.replicas = (int16_t)topic->replicas,
		.cleanup = (topic->is_compacted ? WEIR_CLEANUP_COMPACT : 0) | (topic->is_deleted ? WEIR_CLEANUP_DELETE : 0),
		.retention_ms = topic->retention_ms < 0 ? 0 : topic->retention_ms,
		.retention_bytes = -1,
	};

	if (exec->sandbox) {
		if (topic->is_missing)
			weir_sandbox_put_topic(exec->sandbox, topic);
		return true;
	}
	if (!topic->is_missing || log->vtable->topic_create(log, &config, err))
		return true;
	if (err->code != WEIR_E_TOPIC_EXISTS)
		return false;
	err->code = WEIR_E_NONE;
	return true;
}

static bool subject_exists(struct weir_exec *exec, struct weir_slice subject, bool *ret_exists, struct weir_err *err)
{
	struct weir_registered_schema schema;

	*ret_exists = weir_registry_latest(exec->engine->options.registry, subject, exec->arena, &schema, err);
	if (*ret_exists || err->code == WEIR_E_SCHEMA_NOT_FOUND) {
		err->code = WEIR_E_NONE;
		return true;
	}
	return false;
}

static bool register_side(struct weir_exec *exec, const struct weir_format_spec *spec, const char *suffix, bool only_if_missing,
	int32_t *ret_id, struct weir_err *err)
{
	struct weir_slice subject = weir_arena_printf(exec->arena, "%.*s%s", WEIR_SLICE_ARG(spec->topic), suffix);
	struct weir_schema_text schema = { 0 };
	bool exists = false;

	if (!exec->engine->options.registry)
		return weir_err_set(err, WEIR_E_REGISTRY_NOT_CONFIGURED,
			"The format %s needs a Schema Registry, and none is configured", spec->format->name);
	if (only_if_missing && !subject_exists(exec, subject, &exists, err))
		return false;
	if (!spec->format->make_schema(spec, exec->arena, &schema.text, err))
		return false;
	weir_schema_kind_parse(weir_slice_of(spec->format->registry_kind), &schema.kind);
	if (exec->sandbox) {
		if (!exists)
			weir_sandbox_put_schema(exec->sandbox, subject, schema.text, weir_slice_of(spec->format->registry_kind));
		return true;
	}
	if (!exists)
		return weir_registry_register(exec->engine->options.registry, subject, &schema, ret_id, err);
	*ret_id = 0; /* somebody else's schema: rows are written with ours once there are any */
	return true;
}

bool weir_register_schemas(
	struct weir_exec *exec, struct weir_source *source, bool key, bool value, bool only_if_missing, struct weir_err *err)
{
	struct weir_topic_layout layout;

	if (exec->command) {
		source->key.writer_schema_id = (int32_t)weir_json_get_i64(exec->command, "keySchemaId", 0);
		source->value.writer_schema_id = (int32_t)weir_json_get_i64(exec->command, "valueSchemaId", 0);
		return true;
	}
	if (!weir_plan_source_layout(exec->arena, source, &layout, err))
		return false;
	if (source->key.schema_id)
		source->key.writer_schema_id = source->key.schema_id;
	else if (key && layout.key.format->needs_registry &&
		 !register_side(exec, &layout.key, "-key", only_if_missing, &source->key.writer_schema_id, err))
		return false;
	if (source->value.schema_id)
		source->value.writer_schema_id = source->value.schema_id;
	else if (value && layout.value.format->needs_registry &&
		 !register_side(exec, &layout.value, "-value", only_if_missing, &source->value.writer_schema_id, err))
		return false;
	return true;
}
