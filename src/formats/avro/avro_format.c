/* AVRO with a Schema Registry: the frame, the readers per writer schema, and the writer of the generated schema. formats.md §6–8.
 */
#include "base/memory.h"
#include "base/vec.h"
#include "formats/avro/program.h"
#include "formats/avro/text.h"
#include "formats/list.h"
#include "types/decimal.h"

#include <stdlib.h>

#define FRAME_BYTES 5

/* ---- Check ---- */

static bool check_type(const struct weir_type *type, struct weir_err *err)
{
	if (type->kind == WEIR_KIND_MAP && type->key->kind != WEIR_KIND_STRING)
		return weir_err_set(err, WEIR_E_INVALID_STATEMENT, "AVRO has MAPs with STRING keys only");
	if (type->element && !check_type(type->element, err))
		return false;
	for (size_t i = 0; i < type->field_count; i++)
		if (!check_type(type->fields[i].type, err))
			return false;
	return true;
}

static bool avro_check(const struct weir_format_spec *spec, struct weir_err *err)
{
	for (size_t i = 0; i < spec->column_count; i++)
		if (!check_type(spec->columns[i].type, err))
			return weir_err_prefix(err, "Column %.*s", WEIR_SLICE_ARG(spec->columns[i].name));
	return true;
}

/* ---- Reading ---- */

struct version {
	int32_t id;
	const struct avro_schema *schema;
	const struct avro_program *program; /* NULL: this schema cannot be read; err says why */
	bool is_columns;
	struct weir_err err;
};

struct avro_reader {
	struct weir_reader reader; /* first */
	struct weir_arena arena;
	struct weir_schema_source *schemas;
	struct weir_column *columns;
	bool *wanted;
	size_t column_count;
	bool is_unwrapped;
	WEIR_VEC(struct version *) versions;
	struct version *latest;
};

static bool avro_reader_new(const struct weir_format_spec *spec, const bool *wanted, struct weir_schema_source *schemas,
	struct weir_reader **ret, struct weir_err *err)
{
	if (!schemas)
		return weir_err_set(err, WEIR_E_REGISTRY_NOT_CONFIGURED, "AVRO needs a Schema Registry, and none is configured");
	struct avro_reader *self = weir_alloc_zero(sizeof *self);
	self->reader.format = &weir_format_avro;
	self->schemas = schemas;
	self->column_count = spec->column_count;
	self->is_unwrapped = spec->is_unwrapped;
	weir_arena_init(&self->arena, 4096);
	self->columns = WEIR_ARENA_ARRAY(&self->arena, struct weir_column, spec->column_count);
	self->wanted = WEIR_ARENA_ARRAY(&self->arena, bool, spec->column_count);
	for (size_t i = 0; i < spec->column_count; i++) {
		self->columns[i].name = weir_arena_copy(&self->arena, spec->columns[i].name);
		self->columns[i].type = weir_type_copy(&self->arena, spec->columns[i].type);
		self->wanted[i] = !wanted || wanted[i];
	}
	*ret = &self->reader;
	return true;
}

static void compile_version(struct avro_reader *self, struct version *version, struct weir_slice text, struct weir_slice kind)
{
	int null_branch;

	if (!weir_slice_is(kind, "AVRO") && kind.len) {
		weir_err_set(&version->err, WEIR_E_DESERIALIZE, "Schema %d is %.*s, not Avro", version->id, WEIR_SLICE_ARG(kind));
		return;
	}
	if (!avro_schema_parse(&self->arena, text, &version->schema, &version->err))
		return;
	const struct avro_schema *inner = avro_schema_unwrap(version->schema, &null_branch);
	version->is_columns = !self->is_unwrapped;
	if (self->is_unwrapped)
		version->program = avro_compile(&self->arena, version->schema, self->columns[0].type, &version->err);
	else if (inner && inner->kind == AVRO_RECORD && null_branch < 0)
		version->program =
			avro_compile_columns(&self->arena, inner, self->columns, self->wanted, self->column_count, &version->err);
	else
		weir_err_set(&version->err, WEIR_E_DESERIALIZE, "Schema %d is not a record", version->id);
}

static enum weir_read_result find_version(struct avro_reader *self, int32_t id, struct weir_err *err)
{
	struct weir_slice text, kind;

	for (size_t i = 0; i < self->versions.count; i++)
		if (self->versions.items[i]->id == id) {
			self->latest = self->versions.items[i];
			return WEIR_READ_ROW;
		}
	enum weir_schema_state state = self->schemas->get(self->schemas, id, &text, &kind, err);
	if (state == WEIR_SCHEMA_PENDING) {
		self->reader.needed_schema_id = id;
		return WEIR_READ_NEED_SCHEMA;
	}
	if (state == WEIR_SCHEMA_UNKNOWN) {
		err->code = WEIR_E_DESERIALIZE;
		return WEIR_READ_BAD;
	}
	struct version *version = WEIR_ARENA_NEW(&self->arena, struct version);
	version->id = id;
	compile_version(self, version, text, kind);
	WEIR_VEC_PUSH_IN(&self->arena, &self->versions, version);
	self->latest = version;
	return WEIR_READ_ROW;
}

static enum weir_read_result read_body(struct avro_reader *self, struct weir_slice body, struct weir_arena *arena,
	union weir_cell *cells, uint64_t *nulls, size_t bit, struct weir_err *err)
{
	const struct version *version = self->latest;
	struct avro_input input = {
		.p = (const unsigned char *)body.ptr, .end = (const unsigned char *)body.ptr + body.len, .arena = arena, .err = err
	};

	if (!version->program) {
		weir_err_copy(err, &version->err);
		err->code = WEIR_E_DESERIALIZE;
		return WEIR_READ_BAD;
	}
	if (version->is_columns) {
		for (size_t i = 0; i < self->column_count; i++)
			weir_null_set(nulls, bit + i);
		return avro_run_columns(version->program, &input, cells, nulls, bit) ? WEIR_READ_ROW : WEIR_READ_BAD;
	}
	enum weir_result result = avro_is_raw(version->schema) ? avro_run_raw(version->program, body, &input, &cells[0])
							       : avro_run(version->program, &input, &cells[0]);
	weir_null_assign(nulls, bit, result != WEIR_VALUE);
	return result == WEIR_FAILED ? WEIR_READ_BAD : WEIR_READ_ROW;
}

static enum weir_read_result avro_read(struct weir_reader *reader, struct weir_slice bytes, struct weir_arena *arena,
	union weir_cell *cells, uint64_t *nulls, size_t first_null_bit, struct weir_err *err)
{
	struct avro_reader *self = (struct avro_reader *)reader;
	const unsigned char *p = (const unsigned char *)bytes.ptr;

	if (bytes.len < FRAME_BYTES || p[0] != 0) {
		weir_err_set(err, WEIR_E_DESERIALIZE, "The record does not begin with a schema's id (a 0 byte and four more)");
		return WEIR_READ_BAD;
	}
	int32_t id = (int32_t)((uint32_t)p[1] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 8 | p[4]);
	if (!self->latest || self->latest->id != id) {
		enum weir_read_result result = find_version(self, id, err);
		if (result != WEIR_READ_ROW)
			return result;
	}
	return read_body(
		self, weir_slice_make(bytes.ptr + FRAME_BYTES, bytes.len - FRAME_BYTES), arena, cells, nulls, first_null_bit, err);
}

static void avro_reader_free(struct weir_reader *reader)
{
	struct avro_reader *self = (struct avro_reader *)reader;

	if (!self)
		return;
	weir_arena_fini(&self->arena);
	free(self);
}

/* ---- Writing the generated schema: every field is a [null, T] ---- */

struct avro_writer {
	struct weir_writer writer; /* first */
	struct weir_arena arena;
	const struct weir_type **types;
	size_t column_count;
	bool is_unwrapped;
	int32_t id;
};

static bool avro_writer_new(
	const struct weir_format_spec *spec, int32_t writer_schema_id, struct weir_writer **ret, struct weir_err *err)
{
	if (spec->physical_schema.len) {
		weir_err_set(err, WEIR_E_NOT_SUPPORTED, "Writing AVRO with a given %s_SCHEMA_ID is not supported yet",
			spec->side == WEIR_SIDE_KEY ? "KEY" : "VALUE");
		return weir_err_advise(err, "Leave the id out: weir registers a schema of its own.");
	}
	struct avro_writer *self = weir_alloc_zero(sizeof *self);
	self->writer.format = &weir_format_avro;
	self->column_count = spec->column_count;
	self->is_unwrapped = spec->is_unwrapped;
	self->id = writer_schema_id;
	weir_arena_init(&self->arena, 1024);
	self->types = WEIR_ARENA_ARRAY(&self->arena, const struct weir_type *, spec->column_count);
	for (size_t i = 0; i < spec->column_count; i++)
		self->types[i] = weir_type_copy(&self->arena, spec->columns[i].type);
	*ret = &self->writer;
	return true;
}

static void put_long(struct weir_buf *out, int64_t value)
{
	uint64_t zigzag = ((uint64_t)value << 1) ^ (uint64_t)(value >> 63);
	char bytes[10];
	size_t len = 0;

	for (; zigzag >= 0x80; zigzag >>= 7)
		bytes[len++] = (char)(zigzag | 0x80);
	bytes[len++] = (char)zigzag;
	weir_buf_append(out, bytes, len);
}

static void put_bytes(struct weir_buf *out, struct weir_slice bytes)
{
	put_long(out, (int64_t)bytes.len);
	weir_buf_append_slice(out, bytes);
}

static void put_value(struct weir_buf *out, const struct weir_type *type, union weir_cell cell);

static void put_nullable(
	struct weir_buf *out, const struct weir_type *type, const union weir_cell *cells, const uint64_t *nulls, size_t i)
{
	bool is_null = weir_null_test(nulls, i);

	weir_buf_append_byte(out, is_null ? 0 : 2);
	if (!is_null)
		put_value(out, type, *cells);
}

static void put_decimal(struct weir_buf *out, __int128 value, bool with_length)
{
	unsigned char bytes[16];
	size_t len = weir_decimal_to_bytes(value, bytes);

	if (with_length)
		put_long(out, (int64_t)len);
	weir_buf_append(out, bytes, len);
}

static void put_array(struct weir_buf *out, const struct weir_type *type, const struct weir_array *array)
{
	if (array->count)
		put_long(out, (int64_t)array->count);
	for (size_t i = 0; i < array->count; i++)
		put_nullable(out, type->element, &array->items[i], array->nulls, i);
	put_long(out, 0);
}

static void put_map(struct weir_buf *out, const struct weir_type *type, const struct weir_map_value *map)
{
	if (map->count)
		put_long(out, (int64_t)map->count);
	for (size_t i = 0; i < map->count; i++) {
		put_nullable(out, type->key, &map->keys[i], map->key_nulls, i);
		put_nullable(out, type->element, &map->values[i], map->value_nulls, i);
	}
	put_long(out, 0);
}

static void put_value(struct weir_buf *out, const struct weir_type *type, union weir_cell cell)
{
	switch (type->kind) {
	case WEIR_KIND_NULL:
	case WEIR_KIND_COUNT:
		break;
	case WEIR_KIND_BOOLEAN:
		weir_buf_append_byte(out, cell.boolean);
		break;
	case WEIR_KIND_INTEGER:
	case WEIR_KIND_DATE:
	case WEIR_KIND_TIME:
		put_long(out, cell.i32);
		break;
	case WEIR_KIND_BIGINT:
	case WEIR_KIND_TIMESTAMP:
		put_long(out, cell.i64);
		break;
	case WEIR_KIND_DOUBLE:
		weir_buf_append(out, &cell.f64, 8);
		break;
	case WEIR_KIND_DECIMAL:
		put_decimal(out, cell.decimal, true);
		break;
	case WEIR_KIND_STRING:
	case WEIR_KIND_BYTES:
		put_bytes(out, cell.str);
		break;
	case WEIR_KIND_ARRAY:
		put_array(out, type, cell.array);
		break;
	case WEIR_KIND_MAP:
		put_map(out, type, cell.map);
		break;
	case WEIR_KIND_STRUCT:
		for (size_t i = 0; i < type->field_count; i++)
			put_nullable(out, type->fields[i].type, &cell.record->cells[i], cell.record->nulls, i);
		break;
	}
}

static bool avro_write(struct weir_writer *writer, const union weir_cell *cells, const uint64_t *nulls, size_t first_null_bit,
	struct weir_buf *out, bool *ret_is_null, struct weir_err *err)
{
	struct avro_writer *self = (struct avro_writer *)writer;
	char frame[FRAME_BYTES] = { 0, (char)(self->id >> 24), (char)(self->id >> 16), (char)(self->id >> 8), (char)self->id };

	*ret_is_null = self->is_unwrapped && weir_null_test(nulls, first_null_bit);
	if (*ret_is_null)
		return true;
	weir_buf_append(out, frame, FRAME_BYTES);
	if (!self->is_unwrapped) {
		for (size_t i = 0; i < self->column_count; i++)
			put_nullable(out, self->types[i], &cells[i], nulls, first_null_bit + i);
	} else if (self->types[0]->kind == WEIR_KIND_BYTES) {
		weir_buf_append_slice(out, cells[0].str); /* the whole value: no length */
	} else if (self->types[0]->kind == WEIR_KIND_DECIMAL) {
		put_decimal(out, cells[0].decimal, false);
	} else {
		put_value(out, self->types[0], cells[0]);
	}
	return weir_buf_ok(out) || weir_err_set(err, WEIR_E_SERIALIZE, "The row is larger than %zu bytes as Avro", out->limit);
}

static void avro_writer_free(struct weir_writer *writer)
{
	struct avro_writer *self = (struct avro_writer *)writer;

	if (!self)
		return;
	weir_arena_fini(&self->arena);
	free(self);
}

/* ---- Inference ---- */

static bool infer_root(struct weir_arena *arena, const struct avro_schema *schema, const char *name, bool keep_case,
	enum weir_column_role role, const struct weir_column **ret_columns, size_t *ret_count, struct weir_err *err)
{
	struct weir_column *column = WEIR_ARENA_NEW(arena, struct weir_column);
	const struct weir_type *type = avro_schema_type(arena, schema, !keep_case);

	if (!type)
		return weir_err_set(err, WEIR_E_SCHEMA_INVALID, "The schema has no type that SQL knows");
	*column = (struct weir_column){ .name = weir_slice_of(name), .type = type, .role = role };
	*ret_columns = column;
	*ret_count = 1;
	return true;
}

static bool avro_infer(struct weir_arena *arena, struct weir_slice text, enum weir_format_side side, bool is_unwrapped,
	bool keep_case, const struct weir_column **ret_columns, size_t *ret_count, struct weir_err *err)
{
	const struct avro_schema *schema;
	size_t count = 0;

	if (!avro_schema_parse(arena, text, &schema, err))
		return false;
	if (side == WEIR_SIDE_KEY)
		return infer_root(arena, schema, "ROWKEY", keep_case, WEIR_COLUMN_KEY, ret_columns, ret_count, err);
	if (is_unwrapped)
		return infer_root(arena, schema, "ROWVAL", keep_case, WEIR_COLUMN_VALUE, ret_columns, ret_count, err);
	if (schema->kind != AVRO_RECORD) {
		weir_err_set(err, WEIR_E_SCHEMA_INVALID, "The schema is not a record, so its columns have no names");
		return weir_err_advise(err, "Set WRAP_SINGLE_VALUE=false to read it as one column.");
	}
	struct weir_column *columns = WEIR_ARENA_ARRAY(arena, struct weir_column, schema->field_count);
	for (size_t i = 0; i < schema->field_count; i++) {
		const struct weir_type *type = avro_schema_type(arena, schema->fields[i].schema, !keep_case);
		if (!type)
			continue;
		struct weir_slice name = keep_case ? schema->fields[i].name : avro_upper(arena, schema->fields[i].name);
		for (size_t k = 0; k < count; k++)
			if (weir_slice_equals(columns[k].name, name))
				return weir_err_set(err, WEIR_E_SCHEMA_INVALID,
					"Two fields are called %.*s once they are upper-cased", WEIR_SLICE_ARG(name));
		columns[count++] = (struct weir_column){ .name = name, .type = type, .role = WEIR_COLUMN_VALUE };
	}
	if (count == 0)
		return weir_err_set(err, WEIR_E_SCHEMA_INVALID, "The schema has no field whose type SQL knows");
	*ret_columns = columns;
	*ret_count = count;
	return true;
}

const struct weir_format weir_format_avro = {
	.name = "AVRO",
	.needs_registry = true,
	.infers_schema = true,
	.registry_kind = "AVRO",
	.supports_wrapping = true,
	.supports_unwrapping = true,
	.supports_multiple_columns = true,
	.check = avro_check,
	.reader_new = avro_reader_new,
	.read = avro_read,
	.reader_free = avro_reader_free,
	.writer_new = avro_writer_new,
	.write = avro_write,
	.writer_free = avro_writer_free,
	.make_schema = avro_make_schema,
	.infer = avro_infer,
};
