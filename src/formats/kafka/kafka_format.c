/* KAFKA: one primitive, big-endian, no coercion. formats.md §3. */
#include "base/memory.h"
#include "formats/list.h"

#include <stdlib.h>

struct kafka_reader {
	struct weir_reader reader; /* first */
	size_t column_count;
	enum weir_kind kind;
};

struct kafka_writer {
	struct weir_writer writer; /* first */
	size_t column_count;
	enum weir_kind kind;
};

static bool kafka_check(const struct weir_format_spec *spec, struct weir_err *err)
{
	if (spec->column_count == 0)
		return true;
	if (spec->column_count > 1) {
		weir_err_set(err, WEIR_E_INVALID_STATEMENT, "The format KAFKA carries a single column, but there are %zu",
			spec->column_count);
		return weir_err_advise(
			err, "Choose JSON, DELIMITED or AVRO with %s_FORMAT.", spec->side == WEIR_SIDE_KEY ? "KEY" : "VALUE");
	}
	switch (spec->columns[0].type->kind) {
	case WEIR_KIND_INTEGER:
	case WEIR_KIND_BIGINT:
	case WEIR_KIND_DOUBLE:
	case WEIR_KIND_STRING:
	case WEIR_KIND_BYTES:
		return true;
	default:
		weir_err_set(err, WEIR_E_INVALID_STATEMENT, "The format KAFKA cannot carry %.*s, a %s",
			WEIR_SLICE_ARG(spec->columns[0].name), weir_kind_name(spec->columns[0].type->kind));
		return weir_err_advise(err,
			"KAFKA knows INT, BIGINT, DOUBLE, STRING and BYTES. Choose another %s_FORMAT, such as JSON.",
			spec->side == WEIR_SIDE_KEY ? "KEY" : "VALUE");
	}
}

static bool kafka_reader_new(const struct weir_format_spec *spec, const bool *wanted, struct weir_schema_source *schemas,
	struct weir_reader **ret, struct weir_err *err)
{
	struct kafka_reader *self = weir_alloc_zero(sizeof *self);

	self->reader.format = &weir_format_kafka;
	self->column_count = spec->column_count;
	if (spec->column_count)
		self->kind = spec->columns[0].type->kind;
	*ret = &self->reader;
	return true;
}

static uint64_t read_big_endian(struct weir_slice bytes)
{
	uint64_t value = 0;

	for (size_t i = 0; i < bytes.len; i++)
		value = value << 8 | (unsigned char)bytes.ptr[i];
	return value;
}

static enum weir_read_result fail_size(struct weir_slice bytes, size_t need, enum weir_kind kind, struct weir_err *err)
{
	weir_err_set(err, WEIR_E_DESERIALIZE, "%s takes %zu bytes in the format KAFKA, here are %zu", weir_kind_name(kind), need,
		bytes.len);
	return WEIR_READ_BAD;
}

static enum weir_read_result kafka_read(struct weir_reader *reader, struct weir_slice bytes, struct weir_arena *arena,
	union weir_cell *cells, uint64_t *nulls, size_t first_null_bit, struct weir_err *err)
{
	const struct kafka_reader *self = (const struct kafka_reader *)reader;

	if (self->column_count == 0)
		return WEIR_READ_ROW;
	weir_null_clear(nulls, first_null_bit);
	switch (self->kind) {
	case WEIR_KIND_INTEGER:
		if (bytes.len != 4)
			return fail_size(bytes, 4, self->kind, err);
		cells[0].i32 = (int32_t)read_big_endian(bytes);
		return WEIR_READ_ROW;
	case WEIR_KIND_BIGINT:
	case WEIR_KIND_DOUBLE:
		if (bytes.len != 8)
			return fail_size(bytes, 8, self->kind, err);
		cells[0].i64 = (int64_t)read_big_endian(bytes);
		return WEIR_READ_ROW;
	default:
		cells[0].str = bytes;
		return WEIR_READ_ROW;
	}
}

static void kafka_reader_free(struct weir_reader *reader)
{
	free(reader);
}

static bool kafka_writer_new(const struct weir_format_spec *spec, int32_t id, struct weir_writer **ret, struct weir_err *err)
{
	struct kafka_writer *self = weir_alloc_zero(sizeof *self);

	self->writer.format = &weir_format_kafka;
	self->column_count = spec->column_count;
	if (spec->column_count)
		self->kind = spec->columns[0].type->kind;
	*ret = &self->writer;
	return true;
}

static void append_big_endian(struct weir_buf *out, uint64_t value, int bytes)
{
	for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
		weir_buf_append_byte(out, (char)(value >> shift));
}

static bool kafka_write(struct weir_writer *writer, const union weir_cell *cells, const uint64_t *nulls, size_t first_null_bit,
	struct weir_buf *out, bool *ret_is_null, struct weir_err *err)
{
	const struct kafka_writer *self = (const struct kafka_writer *)writer;

	*ret_is_null = self->column_count == 0 || weir_null_test(nulls, first_null_bit);
	if (*ret_is_null)
		return true;
	if (self->kind == WEIR_KIND_INTEGER)
		append_big_endian(out, (uint32_t)cells[0].i32, 4);
	else if (self->kind == WEIR_KIND_BIGINT || self->kind == WEIR_KIND_DOUBLE)
		append_big_endian(out, (uint64_t)cells[0].i64, 8);
	else
		weir_buf_append_slice(out, cells[0].str);
	return weir_buf_ok(out) || weir_err_set(err, WEIR_E_SERIALIZE, "The value is larger than %zu bytes", out->limit);
}

static void kafka_writer_free(struct weir_writer *writer)
{
	free(writer);
}

const struct weir_format weir_format_kafka = {
	.name = "KAFKA",
	.supports_unwrapping = true,
	.check = kafka_check,
	.reader_new = kafka_reader_new,
	.read = kafka_read,
	.reader_free = kafka_reader_free,
	.writer_new = kafka_writer_new,
	.write = kafka_write,
	.writer_free = kafka_writer_free,
};
