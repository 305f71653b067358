/* INSERT INTO … VALUES: one record, written and durable before the answer. */
#include "engine/engine_int.h"

struct sides {
	struct weir_writer *key, *value;
	struct weir_buf key_bytes, value_bytes;
};

static void gather(const struct weir_source *target, const struct weir_value *values, enum weir_column_role role,
	union weir_cell *cells, uint64_t *nulls)
{
	size_t count = 0;

	for (size_t i = 0; i < target->schema->count; i++) {
		if (target->schema->columns[i].role != role)
			continue;
		cells[count] = values[i].cell;
		weir_null_assign(nulls, count++, values[i].is_null);
	}
}

static bool write_record(struct weir_exec *exec, const struct weir_topic_layout *layout, struct sides *sides, struct weir_err *err)
{
	const struct weir_bound_insert_values *insert = &exec->bound.insert_values;
	size_t count = insert->target->schema->count;
	union weir_cell *cells = WEIR_ARENA_ARRAY(exec->arena, union weir_cell, count);
	uint64_t *nulls = WEIR_ARENA_ARRAY(exec->arena, uint64_t, weir_null_words(count) + 1);
	struct weir_message message = { .timestamp_ms = insert->timestamp_ms };
	struct weir_log *log = exec->engine->options.log;

	gather(insert->target, insert->values, WEIR_COLUMN_KEY, cells, nulls);
	message.key_is_null = insert->target->schema->key_count == 0;
	if (!message.key_is_null &&
		!sides->key->format->write(sides->key, cells, nulls, 0, &sides->key_bytes, &message.key_is_null, err))
		return false;
	gather(insert->target, insert->values, WEIR_COLUMN_VALUE, cells, nulls);
	if (!sides->value->format->write(sides->value, cells, nulls, 0, &sides->value_bytes, &message.value_is_null, err))
		return false;
	message.key = weir_buf_slice(&sides->key_bytes);
	message.value = weir_buf_slice(&sides->value_bytes);
	int32_t partitions = exec->engine->options.is_stepped ? 1 : layout->partitions;
	int32_t partition = message.key_is_null ? (int32_t)(exec->engine->push_count++ % (uint64_t)partitions)
						: weir_log_partition_of(message.key, partitions);
	struct weir_err ignored;
	if (log->vtable->append(exec->engine->writer, layout->topic, partition, &message, err) &&
		log->vtable->commit(exec->engine->writer, err))
		return true;
	log->vtable->abort(exec->engine->writer, &ignored);
	return false;
}

bool weir_exec_insert_values(struct weir_exec *exec, struct weir_err *err)
{
	struct weir_source *target = weir_source_copy(exec->arena, exec->bound.insert_values.target);
	struct weir_topic_layout layout;
	struct sides sides = { 0 };

	if (!weir_settings_bool(exec->engine->options.settings, "ksql.insert.into.values.enabled"))
		return weir_err_set(err, WEIR_E_INVALID_STATEMENT, "INSERT INTO … VALUES is turned off on this server");
	if (exec->sandbox)
		return true;
	bool has_ids = target->key.writer_schema_id && target->value.writer_schema_id;
	if ((!has_ids && !weir_register_schemas(exec, target, true, true, false, err)) ||
		!weir_plan_source_layout(exec->arena, target, &layout, err))
		return false;
	weir_buf_init(&sides.key_bytes, WEIR_BUF_NO_LIMIT);
	weir_buf_init(&sides.value_bytes, WEIR_BUF_NO_LIMIT);
	bool ok = layout.key.format->writer_new(&layout.key, layout.key_writer_schema_id, &sides.key, err) &&
		  layout.value.format->writer_new(&layout.value, layout.value_writer_schema_id, &sides.value, err) &&
		  write_record(exec, &layout, &sides, err);
	if (sides.key)
		sides.key->format->writer_free(sides.key);
	if (sides.value)
		sides.value->format->writer_free(sides.value);
	weir_buf_fini(&sides.key_bytes);
	weir_buf_fini(&sides.value_bytes);
	return ok;
}
