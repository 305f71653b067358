/* Records to rows: key, value, headers, timestamp, window of the key.
 *
 * Holds: a record that cannot be read is reported with its topic, partition and offset, and dropped; a record whose schema is not
 * here yet waits, and everything behind it in its partition with it.
 */
#include "runtime/task.h"
#include "types/datetime.h"
#include "types/pack.h"

static const struct weir_schema *schema_of(const struct weir_task_input *input)
{
	return input->plan->layout.schema;
}

/* ---- Opening ---- */

static bool open_side(struct weir_task_input *input, const struct weir_format_spec *spec, const bool *wanted,
	struct weir_reader **ret, struct weir_err *err)
{
	return spec->format->reader_new(spec, wanted, input->task->options->schemas, ret, err);
}

static void map_value_cells(struct weir_task_input *input, bool *value_wanted)
{
	const struct weir_schema *schema = schema_of(input);

	for (size_t i = schema->key_count; i < schema->count; i++) {
		if (schema->columns[i].role != WEIR_COLUMN_VALUE) {
			input->has_headers = true;
			continue;
		}
		input->value_cells[input->value_count] = (int)i;
		value_wanted[input->value_count++] =
			!input->plan->wanted || input->plan->wanted[i] || input->plan->layout.timestamp.column == (int)i;
	}
}

bool weir_decode_open(struct weir_task_input *input, struct weir_err *err)
{
	const struct weir_topic_layout *layout = &input->plan->layout;
	struct weir_arena *arena = &input->task->arena;
	bool *wanted = WEIR_ARENA_ARRAY(arena, bool, schema_of(input)->count);

	if (layout->is_internal)
		return true;
	input->value_cells = WEIR_ARENA_ARRAY(arena, int, schema_of(input)->count);
	map_value_cells(input, wanted);
	return weir_timestamp_column_open(&input->timestamp, arena, layout, err) &&
	       open_side(input, &layout->key, NULL, &input->key_reader, err) &&
	       open_side(input, &layout->value, wanted, &input->value_reader, err);
}

void weir_decode_close(struct weir_task_input *input)
{
	if (input->key_reader)
		input->key_reader->format->reader_free(input->key_reader);
	if (input->value_reader)
		input->value_reader->format->reader_free(input->value_reader);
	input->key_reader = input->value_reader = NULL;
}

/* ---- Internal topics ---- */

static enum weir_decode_result decode_internal(
	struct weir_task_input *input, const struct weir_message *message, struct weir_row *row, struct weir_err *err)
{
	const struct weir_schema *schema = schema_of(input);
	struct weir_arena *arena = &input->task->batch_arena;
	struct weir_slice value = message->value;

	if (value.len < WEIR_INTERNAL_HEADER_BYTES) {
		weir_err_set(err, WEIR_E_DESERIALIZE, "An internal record is too short");
		return WEIR_DECODE_DROP;
	}
	row->is_subtraction = value.ptr[0] & 1;
	row->value_is_null = value.ptr[0] >> 1 & 1;
	row->key_is_null = value.ptr[0] >> 2 & 1;
	row->is_followed = value.ptr[0] >> 3 & 1;
	memcpy(&row->partition, value.ptr + 1, 4);
	memcpy(&row->offset, value.ptr + 5, 8);
	value = weir_slice_make(value.ptr + WEIR_INTERNAL_HEADER_BYTES, value.len - WEIR_INTERNAL_HEADER_BYTES);
	const struct weir_type **types = weir_arena_alloc(arena, schema->count * sizeof *types);
	for (size_t i = 0; i < schema->count; i++)
		types[i] = schema->columns[i].type;
	if (!weir_unpack_cells(message->key, types, schema->key_count, arena, row->cells, row->nulls, 0, NULL) ||
		!weir_unpack_cells(value, types + schema->key_count, schema->count - schema->key_count, arena,
			row->cells + schema->key_count, row->nulls, schema->key_count, NULL)) {
		weir_err_set(err, WEIR_E_DESERIALIZE, "An internal record is damaged");
		return WEIR_DECODE_DROP;
	}
	return WEIR_DECODE_ROW;
}

/* ---- Keys ---- */

static int64_t read_i64_be(const char *bytes)
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++)
		value = value << 8 | (unsigned char)bytes[i];
	return (int64_t)value;
}

/* Cuts the window off the key's end (semantics §7.6). */
static bool take_window(const struct weir_window_spec *window, struct weir_slice *key, struct weir_row *row, struct weir_err *err)
{
	size_t suffix = window->type == WEIR_WINDOW_SESSION ? 16 : 8;

	if (key->len < suffix)
		return weir_err_set(err, WEIR_E_DESERIALIZE, "The key is too short to hold a window");
	key->len -= suffix;
	const char *end = key->ptr + key->len;
	row->has_window = true;
	if (window->type == WEIR_WINDOW_SESSION) {
		row->window.end_ms = read_i64_be(end);
		row->window.start_ms = read_i64_be(end + 8);
	} else {
		row->window.start_ms = read_i64_be(end);
		if (__builtin_add_overflow(row->window.start_ms, window->size_ms, &row->window.end_ms))
			row->window.end_ms = INT64_MAX;
	}
	return true;
}

static void set_nulls(struct weir_row *row, size_t first, size_t count)
{
	for (size_t i = 0; i < count; i++)
		weir_null_set(row->nulls, first + i);
}

static enum weir_decode_result result_of(enum weir_read_result result)
{
	return result == WEIR_READ_BAD ? WEIR_DECODE_DROP : result == WEIR_READ_NEED_SCHEMA ? WEIR_DECODE_WAIT : WEIR_DECODE_ROW;
}

static enum weir_decode_result decode_key(
	struct weir_task_input *input, const struct weir_message *message, struct weir_row *row, struct weir_err *err)
{
	size_t count = schema_of(input)->key_count;
	struct weir_slice key = message->key;

	row->key_is_null = message->key_is_null;
	if (message->key_is_null) {
		set_nulls(row, 0, count);
		return WEIR_DECODE_ROW;
	}
	if (input->plan->layout.window.type != WEIR_WINDOW_NONE && !take_window(&input->plan->layout.window, &key, row, err))
		return WEIR_DECODE_DROP;
	if (count == 0)
		return WEIR_DECODE_ROW;
	enum weir_read_result result =
		input->key_reader->format->read(input->key_reader, key, &input->task->batch_arena, row->cells, row->nulls, 0, err);
	if (result == WEIR_READ_NULL)
		set_nulls(row, 0, count);
	return result_of(result);
}

/* ---- Values ---- */

static enum weir_decode_result decode_value(
	struct weir_task_input *input, const struct weir_message *message, struct weir_row *row, struct weir_err *err)
{
	const struct weir_schema *schema = schema_of(input);
	struct weir_arena *arena = &input->task->batch_arena;
	size_t first = schema->key_count;

	row->value_is_null = message->value_is_null;
	if (message->value_is_null) {
		set_nulls(row, first, schema->count - first);
		return WEIR_DECODE_ROW;
	}
	const struct weir_format *format = input->value_reader->format;
	if (!input->has_headers)
		return result_of(
			format->read(input->value_reader, message->value, arena, row->cells + first, row->nulls, first, err));
	union weir_cell *cells = weir_arena_alloc(arena, input->value_count * sizeof *cells);
	uint64_t *nulls = weir_arena_alloc_zero(arena, (weir_null_words(input->value_count) + 1) * sizeof *nulls);
	enum weir_decode_result result = result_of(format->read(input->value_reader, message->value, arena, cells, nulls, 0, err));
	for (size_t i = 0; result == WEIR_DECODE_ROW && i < input->value_count; i++) {
		row->cells[input->value_cells[i]] = cells[i];
		weir_null_assign(row->nulls, (size_t)input->value_cells[i], weir_null_test(nulls, i));
	}
	return result;
}

/* ---- Headers ---- */

static const struct weir_array *headers_array(const struct weir_headers *headers, struct weir_arena *arena)
{
	struct weir_array *array = WEIR_ARENA_NEW(arena, struct weir_array);
	union weir_cell *items = weir_arena_alloc(arena, headers->count * sizeof *items);

	for (size_t i = 0; i < headers->count; i++) {
		struct weir_struct_value *record = WEIR_ARENA_NEW(arena, struct weir_struct_value);
		union weir_cell *cells = weir_arena_alloc(arena, 2 * sizeof *cells);
		uint64_t *nulls = weir_arena_alloc_zero(arena, sizeof *nulls);
		cells[0].str = headers->items[i].name;
		cells[1].str = headers->items[i].value;
		weir_null_assign(nulls, 1, headers->items[i].value_is_null);
		*record = (struct weir_struct_value){ .cells = cells, .nulls = nulls };
		items[i].record = record;
	}
	*array = (struct weir_array){ .count = headers->count, .items = items };
	return array;
}

static void fill_header(const struct weir_column *column, size_t cell, const struct weir_headers *headers, struct weir_row *row)
{
	for (size_t i = headers->count; i-- > 0;) {
		if (!weir_slice_equals(headers->items[i].name, column->header_key))
			continue;
		row->cells[cell].str = headers->items[i].value;
		weir_null_assign(row->nulls, cell, headers->items[i].value_is_null);
		return;
	}
	weir_null_set(row->nulls, cell);
}

static void fill_headers(struct weir_task_input *input, const struct weir_message *message, struct weir_row *row)
{
	const struct weir_schema *schema = schema_of(input);

	for (size_t i = schema->key_count; i < schema->count; i++) {
		if (schema->columns[i].role == WEIR_COLUMN_HEADERS) {
			row->cells[i].array = headers_array(&message->headers, &input->task->batch_arena);
			weir_null_clear(row->nulls, i);
		} else if (schema->columns[i].role == WEIR_COLUMN_HEADER) {
			fill_header(&schema->columns[i], i, &message->headers, row);
		}
	}
}

enum weir_decode_result weir_decode(
	struct weir_task_input *input, const struct weir_message *message, int32_t partition, struct weir_row *row)
{
	struct weir_err err = { 0 };
	enum weir_drop_reason reason = WEIR_DROP_BAD_RECORD;
	enum weir_decode_result result;

	row->timestamp_ms = message->timestamp_ms;
	row->offset = message->offset;
	row->partition = partition;
	row->headers = message->headers;
	if (input->plan->layout.is_internal) {
		result = decode_internal(input, message, row, &err);
	} else {
		result = decode_key(input, message, row, &err);
		if (result == WEIR_DECODE_ROW)
			result = decode_value(input, message, row, &err);
		if (result == WEIR_DECODE_ROW && input->has_headers)
			fill_headers(input, message, row);
		if (result == WEIR_DECODE_ROW && input->timestamp.column >= 0 && !row->value_is_null &&
			!weir_timestamp_column_read(&input->timestamp, row, &row->timestamp_ms, &err)) {
			result = WEIR_DECODE_DROP;
			reason = WEIR_DROP_BAD_TIMESTAMP;
		}
	}
	if (result == WEIR_DECODE_DROP) {
		input->task->env.dropped[reason]++;
		weir_task_report(input->task, message, &err);
	}
	return result;
}
