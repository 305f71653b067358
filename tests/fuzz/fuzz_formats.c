/* links: weir_formats */
/* Records in the formats without a registry: any bytes into columns of every type; a row that was read can be written, and what was
 * written can be read.
 * The first byte chooses the format, the second whether a single column is unwrapped and which of the columns it is. */
#include "formats/format.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define COLUMNS 14

static void make_columns(struct weir_arena *arena, struct weir_column *columns)
{
	static const char *const names[COLUMNS] = { "B", "I", "L", "D", "C", "S", "Y", "DT", "TM", "TS", "A", "M", "ST", "N" };
	struct weir_field *fields = WEIR_ARENA_ARRAY(arena, struct weir_field, 2);

	fields[0] = (struct weir_field){ WEIR_SLICE("X"), &weir_type_bigint };
	fields[1] = (struct weir_field){ WEIR_SLICE("Y"), weir_type_array(arena, &weir_type_string) };
	const struct weir_type *types[COLUMNS] = { &weir_type_boolean, &weir_type_integer, &weir_type_bigint, &weir_type_double,
		weir_type_decimal(arena, 12, 3), &weir_type_string, &weir_type_bytes, &weir_type_date, &weir_type_time,
		&weir_type_timestamp, weir_type_array(arena, &weir_type_integer),
		weir_type_map(arena, &weir_type_string, &weir_type_double), weir_type_struct(arena, fields, 2),
		weir_type_array(arena, weir_type_struct(arena, fields, 2)) };
	for (int i = 0; i < COLUMNS; i++)
		columns[i] = (struct weir_column){ .name = weir_slice_of(names[i]), .type = types[i], .role = WEIR_COLUMN_VALUE };
}

struct row {
	union weir_cell cells[COLUMNS];
	uint64_t nulls[1];
};

static enum weir_read_result read_row(
	const struct weir_format_spec *spec, struct weir_slice bytes, struct weir_arena *arena, struct row *row)
{
	bool wanted[COLUMNS];
	struct weir_reader *reader;
	struct weir_err err = { 0 };

	memset(wanted, true, sizeof wanted);
	bool ok = spec->format->reader_new(spec, wanted, NULL, &reader, &err);
	assert(ok);
	memset(row, 0, sizeof *row);
	enum weir_read_result result = spec->format->read(reader, bytes, arena, row->cells, row->nulls, 0, &err);
	assert(result != WEIR_READ_BAD || err.text[0] != '\0');
	spec->format->reader_free(reader);
	return result;
}

static void check_round_trip(const struct weir_format_spec *spec, const struct row *row, struct weir_arena *arena)
{
	struct weir_writer *writer;
	struct weir_buf out;
	struct weir_err err = { 0 };
	struct row again;
	bool is_null;

	bool ok = spec->format->writer_new(spec, 0, &writer, &err);
	assert(ok);
	weir_buf_init(&out, WEIR_BUF_NO_LIMIT);
	if (spec->format->write(writer, row->cells, row->nulls, 0, &out, &is_null, &err) && !is_null) {
		enum weir_read_result result = read_row(spec, weir_buf_slice(&out), arena, &again);
		assert(result != WEIR_READ_BAD || out.len == 0); /* DELIMITED's lone NULL has no byte to read */
	}
	weir_buf_fini(&out);
	spec->format->writer_free(writer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const formats[] = { "JSON", "DELIMITED", "KAFKA" };
	struct weir_column columns[COLUMNS];
	struct weir_arena arena;
	struct weir_err err;
	struct row row;

	if (size < 2)
		return 0;
	weir_arena_init(&arena, 8192);
	make_columns(&arena, columns);
	bool single = data[1] & 1;
	struct weir_format_spec spec = {
		.format = weir_format_find(weir_slice_of(formats[data[0] % 3])),
		.side = WEIR_SIDE_VALUE,
		.topic = WEIR_SLICE("t"),
		.columns = single ? &columns[(data[1] >> 1) % COLUMNS] : columns,
		.column_count = single ? 1 : COLUMNS,
		.is_unwrapped = single,
	};
	if (spec.format->check(&spec, &err) && read_row(&spec, weir_slice_make(data + 2, size - 2), &arena, &row) == WEIR_READ_ROW)
		check_round_trip(&spec, &row, &arena);
	weir_arena_fini(&arena);
	return 0;
}
