/* NONE: no bytes, no columns. */
#include "base/memory.h"
#include "formats/list.h"

#include <stdlib.h>

static bool none_check(const struct weir_format_spec *spec, struct weir_err *err)
{
	if (spec->column_count == 0)
		return true;
	return weir_err_set(err, WEIR_E_INVALID_STATEMENT, "The format NONE carries no columns, but there is %.*s",
		WEIR_SLICE_ARG(spec->columns[0].name));
}

static bool none_reader_new(const struct weir_format_spec *spec, const bool *wanted, struct weir_schema_source *schemas,
	struct weir_reader **ret, struct weir_err *err)
{
	struct weir_reader *reader = weir_alloc_zero(sizeof *reader);

	reader->format = &weir_format_none;
	*ret = reader;
	return true;
}

static enum weir_read_result none_read(struct weir_reader *reader, struct weir_slice bytes, struct weir_arena *arena,
	union weir_cell *cells, uint64_t *nulls, size_t first_null_bit, struct weir_err *err)
{
	return WEIR_READ_NULL;
}

static void none_reader_free(struct weir_reader *reader)
{
	free(reader);
}

static bool none_writer_new(const struct weir_format_spec *spec, int32_t id, struct weir_writer **ret, struct weir_err *err)
{
	struct weir_writer *writer = weir_alloc_zero(sizeof *writer);

	writer->format = &weir_format_none;
	*ret = writer;
	return true;
}

static bool none_write(struct weir_writer *writer, const union weir_cell *cells, const uint64_t *nulls, size_t first_null_bit,
	struct weir_buf *out, bool *ret_is_null, struct weir_err *err)
{
	*ret_is_null = true;
	return true;
}

static void none_writer_free(struct weir_writer *writer)
{
	free(writer);
}

const struct weir_format weir_format_none = {
	.name = "NONE",
	.check = none_check,
	.reader_new = none_reader_new,
	.read = none_read,
	.reader_free = none_reader_free,
	.writer_new = none_writer_new,
	.write = none_write,
	.writer_free = none_writer_free,
};
