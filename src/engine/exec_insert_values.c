/* INSERT INTO … VALUES: one record, written and durable before the answer. The writer also serves /inserts-stream. */
#include "engine/engine_int.h"

struct weir_insert_writer {
	struct weir_engine *engine;
	const struct weir_source *target;
	struct weir_topic_layout layout;
	struct weir_writer *key, *value;
	struct weir_buf key_bytes, value_bytes;
	union weir_cell *cells;
	uint64_t *nulls;
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

bool weir_insert_writer_open(
	struct weir_exec *exec, const struct weir_source *source, struct weir_insert_writer **ret, struct weir_err *err)
{
	struct weir_source *target = weir_source_copy(exec->arena, source);
	struct weir_insert_writer *self = WEIR_ARENA_NEW(exec->arena, struct weir_insert_writer);
	size_t count = target->schema->count;
	bool has_ids = target->key.writer_schema_id && target->value.writer_schema_id;

	if ((!has_ids && !weir_register_schemas(exec, target, true, true, false, err)) ||
		!weir_plan_source_layout(exec->arena, target, &self->layout, err))
		return false;
	self->engine = exec->engine;
	self->target = target;
	self->cells = WEIR_ARENA_ARRAY(exec->arena, union weir_cell, count + 1);
	self->nulls = WEIR_ARENA_ARRAY(exec->arena, uint64_t, weir_null_words(count) + 1);
	weir_buf_init(&self->key_bytes, WEIR_BUF_NO_LIMIT);
	weir_buf_init(&self->value_bytes, WEIR_BUF_NO_LIMIT);
	const struct weir_topic_layout *layout = &self->layout;
	if (!layout->key.format->writer_new(&layout->key, layout->key_writer_schema_id, &self->key, err) ||
		!layout->value.format->writer_new(&layout->value, layout->value_writer_schema_id, &self->value, err)) {
		weir_insert_writer_close(self);
		return false;
	}
	*ret = self;
	return true;
}

bool weir_insert_writer_add(
	struct weir_insert_writer *self, const struct weir_value *values, int64_t timestamp_ms, struct weir_err *err)
{
	struct weir_engine *engine = self->engine;
	struct weir_message message = { .timestamp_ms = timestamp_ms };

	weir_buf_reset(&self->key_bytes);
	weir_buf_reset(&self->value_bytes);
	gather(self->target, values, WEIR_COLUMN_KEY, self->cells, self->nulls);
	message.key_is_null = self->target->schema->key_count == 0;
	if (!message.key_is_null &&
		!self->key->format->write(self->key, self->cells, self->nulls, 0, &self->key_bytes, &message.key_is_null, err))
		return false;
	gather(self->target, values, WEIR_COLUMN_VALUE, self->cells, self->nulls);
	if (!self->value->format->write(self->value, self->cells, self->nulls, 0, &self->value_bytes, &message.value_is_null, err))
		return false;
	message.key = weir_buf_slice(&self->key_bytes);
	message.value = weir_buf_slice(&self->value_bytes);
	int32_t partitions = engine->options.is_stepped ? 1 : self->layout.partitions;
	int32_t partition = message.key_is_null ? (int32_t)(engine->push_count++ % (uint64_t)partitions)
						: weir_log_partition_of(message.key, partitions);
	return engine->options.log->vtable->append(engine->writer, self->layout.topic, partition, &message, err);
}

bool weir_insert_writer_commit(struct weir_insert_writer *self, struct weir_err *err)
{
	return self->engine->options.log->vtable->commit(self->engine->writer, err);
}

void weir_insert_writer_close(struct weir_insert_writer *self)
{
	if (!self)
		return;
	if (self->key)
		self->key->format->writer_free(self->key);
	if (self->value)
		self->value->format->writer_free(self->value);
	weir_buf_fini(&self->key_bytes);
	weir_buf_fini(&self->value_bytes);
}

bool weir_exec_insert_values(struct weir_exec *exec, struct weir_err *err)
{
	const struct weir_bound_insert_values *insert = &exec->bound.insert_values;
	struct weir_insert_writer *writer;
	struct weir_err ignored;

	if (!weir_settings_bool(exec->engine->options.settings, "ksql.insert.into.values.enabled"))
		return weir_err_set(err, WEIR_E_INVALID_STATEMENT, "INSERT INTO … VALUES is turned off on this server");
	if (exec->sandbox)
		return true;
	if (!weir_insert_writer_open(exec, insert->target, &writer, err))
		return false;
	bool ok =
		weir_insert_writer_add(writer, insert->values, insert->timestamp_ms, err) && weir_insert_writer_commit(writer, err);
	if (!ok)
		exec->engine->options.log->vtable->abort(exec->engine->writer, &ignored);
	weir_insert_writer_close(writer);
	return ok;
}
