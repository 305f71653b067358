/* The JSON format: descriptor, reader and writer objects. formats.md §5. */
#include "base/memory.h"
#include "formats/json/reader.h"
#include "formats/list.h"
#include "types/decimal.h"
#include "types/text.h"

#include <math.h>
#include <stdlib.h>

struct json_reader {
	struct weir_reader reader; /* first */
	struct weir_arena arena;
	bool is_unwrapped;
	struct json_level level;
};

struct json_writer {
	struct weir_writer writer; /* first */
	struct weir_arena arena;
	const struct weir_column *columns;
	struct weir_slice *names; /* `,"NAME":` ready to be copied */
	size_t column_count;
	bool is_unwrapped;
};

/* ---- Check ---- */

static bool check_type(const struct weir_type *type, struct weir_err *err)
{
	if (type->kind == WEIR_KIND_MAP && type->key->kind != WEIR_KIND_STRING)
		return weir_err_set(err, WEIR_E_INVALID_STATEMENT, "JSON has MAPs with STRING keys only");
	if (type->element && !check_type(type->element, err))
		return false;
	for (size_t i = 0; i < type->field_count; i++)
		if (!check_type(type->fields[i].type, err))
			return false;
	return true;
}

static bool json_check(const struct weir_format_spec *spec, struct weir_err *err)
{
	for (size_t i = 0; i < spec->column_count; i++)
		if (!check_type(spec->columns[i].type, err))
			return weir_err_prefix(err, "Column %.*s", WEIR_SLICE_ARG(spec->columns[i].name));
	return true;
}

/* ---- Reading ---- */

static bool json_reader_new(const struct weir_format_spec *spec, const bool *wanted, struct weir_schema_source *schemas,
	struct weir_reader **ret, struct weir_err *err)
{
	struct json_reader *self = weir_alloc_zero(sizeof *self);

	self->reader.format = &weir_format_json;
	self->is_unwrapped = spec->is_unwrapped;
	weir_arena_init(&self->arena, 1024);
	struct json_field *fields = WEIR_ARENA_ARRAY(&self->arena, struct json_field, spec->column_count);
	for (size_t i = 0; i < spec->column_count; i++)
		fields[i] = (struct json_field){
			.name = weir_arena_copy(&self->arena, spec->columns[i].name),
			.type = weir_type_copy(&self->arena, spec->columns[i].type),
			.is_wanted = !wanted || wanted[i],
		};
	self->level = (struct json_level){ .fields = fields, .count = spec->column_count };
	*ret = &self->reader;
	return true;
}

static enum weir_read_result read_unwrapped(
	struct json_reader *self, struct json_read *read, union weir_cell *cells, uint64_t *nulls, size_t bit)
{
	enum weir_result result = json_read_value(read, self->level.fields[0].type, &cells[0]);

	if (result == WEIR_FAILED)
		return WEIR_READ_BAD;
	weir_null_assign(nulls, bit, result == WEIR_NULL);
	return WEIR_READ_ROW;
}

static enum weir_read_result json_read_row(struct weir_reader *reader, struct weir_slice bytes, struct weir_arena *arena,
	union weir_cell *cells, uint64_t *nulls, size_t first_null_bit, struct weir_err *err)
{
	struct json_reader *self = (struct json_reader *)reader;
	struct json_read read = { .arena = arena, .err = err };

	if (weir_slice_starts_with(bytes, WEIR_SLICE("\xEF\xBB\xBF")))
		bytes = weir_slice_make(bytes.ptr + 3, bytes.len - 3);
	if (bytes.len == 0 && self->is_unwrapped && self->level.fields[0].type->kind == WEIR_KIND_STRING) {
		cells[0].str = bytes;
		weir_null_clear(nulls, first_null_bit);
		return WEIR_READ_ROW;
	}
	weir_json_scan_init(&read.scan, bytes);
	if (self->is_unwrapped)
		return read_unwrapped(self, &read, cells, nulls, first_null_bit);
	return json_read_object(&read, &self->level, cells, nulls, first_null_bit) ? WEIR_READ_ROW : WEIR_READ_BAD;
}

static void json_reader_free(struct weir_reader *reader)
{
	struct json_reader *self = (struct json_reader *)reader;

	if (!self)
		return;
	weir_arena_fini(&self->arena);
	free(self);
}

/* ---- Writing ---- */

static bool json_writer_new(
	const struct weir_format_spec *spec, int32_t writer_schema_id, struct weir_writer **ret, struct weir_err *err)
{
	struct json_writer *self = weir_alloc_zero(sizeof *self);
	struct weir_buf name;

	self->writer.format = &weir_format_json;
	self->is_unwrapped = spec->is_unwrapped;
	self->column_count = spec->column_count;
	weir_arena_init(&self->arena, 1024);
	self->names = WEIR_ARENA_ARRAY(&self->arena, struct weir_slice, spec->column_count);
	struct weir_column *columns = WEIR_ARENA_ARRAY(&self->arena, struct weir_column, spec->column_count);
	weir_buf_init(&name, WEIR_BUF_NO_LIMIT);
	for (size_t i = 0; i < spec->column_count; i++) {
		columns[i] = (struct weir_column){ .type = weir_type_copy(&self->arena, spec->columns[i].type) };
		weir_buf_reset(&name);
		weir_buf_append_byte(&name, i ? ',' : '{');
		weir_json_append_string(&name, spec->columns[i].name, true);
		weir_buf_append_byte(&name, ':');
		self->names[i] = weir_arena_copy(&self->arena, weir_buf_slice(&name));
	}
	weir_buf_fini(&name);
	self->columns = columns;
	*ret = &self->writer;
	return true;
}

static void write_cell(struct weir_buf *out, const struct weir_type *type, union weir_cell cell);

static void write_member(
	struct weir_buf *out, const struct weir_type *type, const union weir_cell *cells, const uint64_t *nulls, size_t i)
{
	if (weir_null_test(nulls, i))
		weir_buf_append(out, "null", 4);
	else
		write_cell(out, type, cells[i]);
}

static void write_array(struct weir_buf *out, const struct weir_type *type, const struct weir_array *array)
{
	weir_buf_append_byte(out, '[');
	for (size_t i = 0; i < array->count; i++) {
		if (i)
			weir_buf_append_byte(out, ',');
		write_member(out, type->element, array->items, array->nulls, i);
	}
	weir_buf_append_byte(out, ']');
}

static void write_map(struct weir_buf *out, const struct weir_type *type, const struct weir_map_value *map)
{
	weir_buf_append_byte(out, '{');
	for (size_t i = 0; i < map->count; i++) {
		if (i)
			weir_buf_append_byte(out, ',');
		if (weir_null_test(map->key_nulls, i))
			weir_buf_append_text(out, "\"null\"");
		else
			weir_json_append_string(out, map->keys[i].str, true);
		weir_buf_append_byte(out, ':');
		write_member(out, type->element, map->values, map->value_nulls, i);
	}
	weir_buf_append_byte(out, '}');
}

static void write_struct(struct weir_buf *out, const struct weir_type *type, const struct weir_struct_value *record)
{
	weir_buf_append_byte(out, '{');
	for (size_t i = 0; i < type->field_count; i++) {
		if (i)
			weir_buf_append_byte(out, ',');
		weir_json_append_string(out, type->fields[i].name, true);
		weir_buf_append_byte(out, ':');
		write_member(out, type->fields[i].type, record->cells, record->nulls, i);
	}
	weir_buf_append_byte(out, '}');
}

static void write_double(struct weir_buf *out, double value)
{
	if (isfinite(value)) {
		weir_double_print(out, value);
		return;
	}
	weir_buf_append_byte(out, '"');
	weir_double_print(out, value);
	weir_buf_append_byte(out, '"');
}

static void write_cell(struct weir_buf *out, const struct weir_type *type, union weir_cell cell)
{
	switch (type->kind) {
	case WEIR_KIND_NULL:
	case WEIR_KIND_COUNT:
		weir_buf_append(out, "null", 4);
		break;
	case WEIR_KIND_BOOLEAN:
		weir_buf_append_text(out, cell.boolean ? "true" : "false");
		break;
	case WEIR_KIND_INTEGER:
	case WEIR_KIND_DATE:
	case WEIR_KIND_TIME:
		weir_buf_append_i64(out, cell.i32);
		break;
	case WEIR_KIND_BIGINT:
	case WEIR_KIND_TIMESTAMP:
		weir_buf_append_i64(out, cell.i64);
		break;
	case WEIR_KIND_DOUBLE:
		write_double(out, cell.f64);
		break;
	case WEIR_KIND_DECIMAL:
		weir_decimal_print(out, cell.decimal, type->scale);
		break;
	case WEIR_KIND_STRING:
		weir_json_append_string(out, cell.str, true);
		break;
	case WEIR_KIND_BYTES:
		weir_buf_append_byte(out, '"');
		weir_base64_print(out, cell.str);
		weir_buf_append_byte(out, '"');
		break;
	case WEIR_KIND_ARRAY:
		write_array(out, type, cell.array);
		break;
	case WEIR_KIND_MAP:
		write_map(out, type, cell.map);
		break;
	case WEIR_KIND_STRUCT:
		write_struct(out, type, cell.record);
		break;
	}
}

static bool json_write_row(struct weir_writer *writer, const union weir_cell *cells, const uint64_t *nulls, size_t first_null_bit,
	struct weir_buf *out, bool *ret_is_null, struct weir_err *err)
{
	struct json_writer *self = (struct json_writer *)writer;

	*ret_is_null = self->is_unwrapped && weir_null_test(nulls, first_null_bit);
	if (*ret_is_null)
		return true;
	if (self->is_unwrapped) {
		write_cell(out, self->columns[0].type, cells[0]);
	} else {
		for (size_t i = 0; i < self->column_count; i++) {
			weir_buf_append_slice(out, self->names[i]);
			if (weir_null_test(nulls, first_null_bit + i))
				weir_buf_append(out, "null", 4);
			else
				write_cell(out, self->columns[i].type, cells[i]);
		}
		weir_buf_append_text(out, self->column_count ? "}" : "{}");
	}
	return weir_buf_ok(out) || weir_err_set(err, WEIR_E_SERIALIZE, "The row is larger than %zu bytes as JSON", out->limit);
}

static void json_writer_free(struct weir_writer *writer)
{
	struct json_writer *self = (struct json_writer *)writer;

	if (!self)
		return;
	weir_arena_fini(&self->arena);
	free(self);
}

const struct weir_format weir_format_json = {
	.name = "JSON",
	.supports_wrapping = true,
	.supports_unwrapping = true,
	.supports_multiple_columns = true,
	.check = json_check,
	.reader_new = json_reader_new,
	.read = json_read_row,
	.reader_free = json_reader_free,
	.writer_new = json_writer_new,
	.write = json_write_row,
	.writer_free = json_writer_free,
};
