/* What stands at a chain's end: the sink topic, a repartition topic, a client, or nothing.
 *
 * Holds: a row that cannot be written is reported, counted and dropped; deletions of table rows become records with a null value.
 */
#include "base/memory.h"
#include "runtime/query.h"
#include "types/pack.h"

struct output {
	struct weir_op op; /* first */
	struct weir_task *task;
	const struct weir_plan_output *plan;
	struct weir_writer *key_writer, *value_writer, *partition_writer;
	struct weir_buf key, value, partition_key;
	const struct weir_type **types; /* internal topics */
	uint32_t turn;                  /* partition of records without a key */
	int32_t partitions;
	struct weir_timestamp_column timestamp;
};

/* ---- Sink topics ---- */

static int32_t choose_partition(struct output *self, struct weir_slice key, bool key_is_null)
{
	if (self->partitions <= 1)
		return 0;
	if (key_is_null)
		return (int32_t)(self->turn++ / 64 %
				 (uint32_t)self->partitions); /* runs, as Kafka's sticky partitioner makes them */
	return weir_log_partition_of(key, self->partitions);
}

static void append_i64_be(struct weir_buf *out, int64_t value)
{
	for (int shift = 56; shift >= 0; shift -= 8)
		weir_buf_append_byte(out, (char)((uint64_t)value >> shift));
}

static void append_window(struct output *self, const struct weir_row *row)
{
	if (!self->plan->is_windowed || !row->has_window)
		return;
	if (self->plan->layout.window.type == WEIR_WINDOW_SESSION)
		append_i64_be(&self->key, row->window.end_ms);
	append_i64_be(&self->key, row->window.start_ms);
}

static bool write_sides(
	struct output *self, const struct weir_row *row, bool is_deletion, struct weir_message *message, struct weir_err *err)
{
	const struct weir_format *key_format = self->key_writer->format, *value_format = self->value_writer->format;
	size_t keys = self->plan->layout.schema->key_count;

	weir_buf_reset(&self->key);
	weir_buf_reset(&self->value);
	message->key_is_null = message->value_is_null = true;
	if (keys && !row->key_is_null &&
		!key_format->write(self->key_writer, row->cells, row->nulls, 0, &self->key, &message->key_is_null, err))
		return false;
	if (is_deletion || row->value_is_null)
		return true;
	return value_format->write(
		self->value_writer, row->cells + keys, row->nulls, keys, &self->value, &message->value_is_null, err);
}

static bool extract_sink_timestamp(
	struct output *self, const struct weir_row *row, bool is_deletion, int64_t *ret_timestamp, struct weir_err *err)
{
	*ret_timestamp = row->timestamp_ms;
	if (self->timestamp.column < 0)
		return true;
	if (row->value_is_null || is_deletion) {
		*ret_timestamp = self->task->stream_time_ms;
		return true;
	}
	return weir_timestamp_column_read(&self->timestamp, row, ret_timestamp, err);
}

static void drop_unwritable(struct output *self, const struct weir_err *err)
{
	self->task->env.dropped[WEIR_DROP_UNWRITABLE]++;
	weir_task_report(self->task, NULL, err);
}

static bool write_record(struct output *self, const struct weir_row *row, bool is_deletion, struct weir_err *err)
{
	struct weir_message message = { .headers = row->headers };
	struct weir_err row_err = { 0 };

	if (!write_sides(self, row, is_deletion, &message, &row_err) ||
		!extract_sink_timestamp(self, row, is_deletion, &message.timestamp_ms, &row_err)) {
		drop_unwritable(self, &row_err);
		return true;
	}
	int32_t partition = choose_partition(self, weir_buf_slice(&self->key), message.key_is_null);
	append_window(self, row);
	message.key = weir_buf_slice(&self->key);
	message.value = weir_buf_slice(&self->value);
	if (self->task->options->log->vtable->append(self->task->writer, self->plan->layout.topic, partition, &message, err))
		return true;
	if (err->code != WEIR_E_VALUE_TOO_LARGE)
		return false;
	drop_unwritable(self, err); /* no retry makes it smaller */
	err->code = WEIR_E_NONE;
	return true;
}

static bool sink_rows(struct weir_op *op, int port, const struct weir_batch *batch, struct weir_err *err)
{
	for (size_t i = 0; i < batch->count; i++)
		if (!write_record((struct output *)op, &batch->rows[i], false, err))
			return false;
	return true;
}

static bool sink_changes(struct weir_op *op, int port, const struct weir_change_batch *batch, struct weir_err *err)
{
	for (size_t i = 0; i < batch->count; i++) {
		const struct weir_change *change = &batch->changes[i];
		if (!write_record((struct output *)op, change->after ? change->after : change->key_row, !change->after, err))
			return false;
	}
	return true;
}

static const struct weir_op_type sink_type = {
	.name = "sink", .size = sizeof(struct output), .rows = sink_rows, .changes = sink_changes
};

/* ---- Repartition topics ---- */

static int32_t repartition(struct output *self, const struct weir_row *row, struct weir_slice packed)
{
	bool is_null = false;
	struct weir_err ignored;

	if (!self->partition_writer || self->partitions <= 1)
		return choose_partition(self, packed, false);
	weir_buf_reset(&self->partition_key);
	self->partition_writer->format->write(
		self->partition_writer, row->cells, row->nulls, 0, &self->partition_key, &is_null, &ignored);
	return choose_partition(self, weir_buf_slice(&self->partition_key), is_null);
}

static bool repartition_rows(struct weir_op *op, int port, const struct weir_batch *batch, struct weir_err *err)
{
	struct output *self = (struct output *)op;
	const struct weir_schema *schema = self->plan->layout.schema;

	for (size_t i = 0; i < batch->count; i++) {
		const struct weir_row *row = &batch->rows[i];
		weir_buf_reset(&self->key);
		weir_buf_reset(&self->value);
		weir_pack_cells(&self->key, self->types, schema->key_count, row->cells, row->nulls, 0);
		weir_buf_append_byte(&self->value,
			(char)(row->is_subtraction | row->value_is_null << 1 | row->key_is_null << 2 | row->is_followed << 3));
		weir_buf_append(&self->value, &row->partition, 4);
		weir_buf_append(&self->value, &row->offset, 8);
		weir_pack_cells(&self->value, self->types + schema->key_count, schema->count - schema->key_count,
			row->cells + schema->key_count, row->nulls, schema->key_count);
		struct weir_message message = {
			.key = weir_buf_slice(&self->key),
			.value = weir_buf_slice(&self->value),
			.timestamp_ms = row->timestamp_ms,
			.headers = row->headers,
		};
		int32_t partition = repartition(self, row, message.key);
		if (!self->task->options->log->vtable->append(
			    self->task->writer, self->plan->layout.topic, partition, &message, err))
			return false;
	}
	return true;
}

/* A table that is re-written with another key: only its latest rows matter. */
static bool repartition_changes(struct weir_op *op, int port, const struct weir_change_batch *batch, struct weir_err *err)
{
	for (size_t i = 0; i < batch->count; i++) {
		struct weir_row row = *(batch->changes[i].after ? batch->changes[i].after : batch->changes[i].key_row);
		row.value_is_null = !batch->changes[i].after;
		struct weir_batch one = { .arena = batch->arena, .rows = &row, .count = 1, .width = batch->width };
		if (!repartition_rows(op, port, &one, err))
			return false;
	}
	return true;
}

static const struct weir_op_type repartition_type = {
	.name = "repartition",
	.size = sizeof(struct output),
	.rows = repartition_rows,
	.changes = repartition_changes,
};

/* ---- Clients ---- */

static bool client_rows(struct weir_op *op, int port, const struct weir_batch *batch, struct weir_err *err)
{
	struct output *self = (struct output *)op;

	for (size_t i = 0; i < batch->count; i++)
		if (!batch->rows[i].value_is_null)
			weir_query_deliver(self->task->query, &batch->rows[i], false);
	return true;
}

static bool client_changes(struct weir_op *op, int port, const struct weir_change_batch *batch, struct weir_err *err)
{
	struct output *self = (struct output *)op;

	for (size_t i = 0; i < batch->count; i++) {
		const struct weir_change *change = &batch->changes[i];
		weir_query_deliver(self->task->query, change->after ? change->after : change->key_row, !change->after);
	}
	return true;
}

static const struct weir_op_type client_type = {
	.name = "client", .size = sizeof(struct output), .rows = client_rows, .changes = client_changes
};

/* ---- Nothing: the state is all that is wanted ---- */

static bool discard_rows(struct weir_op *op, int port, const struct weir_batch *batch, struct weir_err *err)
{
	return true;
}

static bool discard_changes(struct weir_op *op, int port, const struct weir_change_batch *batch, struct weir_err *err)
{
	return true;
}

static const struct weir_op_type discard_type = {
	.name = "discard", .size = sizeof(struct output), .rows = discard_rows, .changes = discard_changes
};

/* ---- Making ---- */

static bool open_writers(struct output *self, struct weir_err *err)
{
	const struct weir_topic_layout *layout = &self->plan->layout;

	if (self->plan->kind == WEIR_OUTPUT_SINK)
		return layout->key.format->writer_new(&layout->key, layout->key_writer_schema_id, &self->key_writer, err) &&
		       layout->value.format->writer_new(&layout->value, layout->value_writer_schema_id, &self->value_writer, err);
	if (self->plan->kind != WEIR_OUTPUT_REPARTITION)
		return true;
	self->types = WEIR_ARENA_ARRAY(&self->task->arena, const struct weir_type *, layout->schema->count);
	for (size_t i = 0; i < layout->schema->count; i++)
		self->types[i] = layout->schema->columns[i].type;
	return !self->plan->partition_key.format || self->plan->partition_key.format->writer_new(&self->plan->partition_key,
							    layout->key_writer_schema_id, &self->partition_writer, err);
}

struct weir_op *weir_output_new(struct weir_task *task, struct weir_err *err)
{
	static const struct weir_op_type *const types[] = {
		[WEIR_OUTPUT_SINK] = &sink_type,
		[WEIR_OUTPUT_REPARTITION] = &repartition_type,
		[WEIR_OUTPUT_CLIENT] = &client_type,
		[WEIR_OUTPUT_NONE] = &discard_type,
	};
	struct output *self = WEIR_ARENA_NEW(&task->arena, struct output);

	self->task = task;
	self->plan = &task->stage->output;
	self->op.type = types[self->plan->kind];
	self->op.env = &task->env;
	self->partitions = task->options->is_single_partition ? 1 : self->plan->layout.partitions;
	weir_buf_init(&self->key, WEIR_BUF_NO_LIMIT);
	weir_buf_init(&self->value, WEIR_BUF_NO_LIMIT);
	weir_buf_init(&self->partition_key, WEIR_BUF_NO_LIMIT);
	if (weir_timestamp_column_open(&self->timestamp, &task->arena, &self->plan->layout, err) && open_writers(self, err))
		return &self->op;
	weir_output_free(&self->op);
	return NULL;
}

static void free_writer(struct weir_writer *writer)
{
	if (writer)
		writer->format->writer_free(writer);
}

void weir_output_free(struct weir_op *op)
{
	struct output *self = (struct output *)op;

	if (!self)
		return;
	free_writer(self->key_writer);
	free_writer(self->value_writer);
	free_writer(self->partition_writer);
	weir_buf_fini(&self->key);
	weir_buf_fini(&self->value);
	weir_buf_fini(&self->partition_key);
}
