/* links: weir_formats */
/* Avro records: a writer's schema as any text, then a byte 0, then any bytes as the record. Columns are inferred from the schema.
 */
#include "formats/format.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MOST_COLUMNS 256

struct one_schema {
	struct weir_schema_source source; /* first */
	struct weir_slice text;
};

static enum weir_schema_state get(
	struct weir_schema_source *self, int32_t id, struct weir_slice *ret_text, struct weir_slice *ret_kind, struct weir_err *err)
{
	*ret_text = ((struct one_schema *)self)->text;
	*ret_kind = WEIR_SLICE("AVRO");
	return WEIR_SCHEMA_READY;
}

static void read_record(const struct weir_format_spec *spec, struct weir_schema_source *schemas, struct weir_slice record)
{
	union weir_cell cells[MOST_COLUMNS];
	uint64_t nulls[MOST_COLUMNS / 64] = { 0 };
	bool wanted[MOST_COLUMNS];
	struct weir_reader *reader;
	struct weir_arena arena;
	struct weir_buf bytes;
	struct weir_err err = { 0 };

	memset(wanted, true, sizeof wanted);
	if (!spec->format->reader_new(spec, wanted, schemas, &reader, &err))
		return;
	weir_arena_init(&arena, 4096);
	weir_buf_init(&bytes, WEIR_BUF_NO_LIMIT);
	weir_buf_append(&bytes, "\0\0\0\0\1", 5);
	weir_buf_append_slice(&bytes, record);
	enum weir_read_result result = spec->format->read(reader, weir_buf_slice(&bytes), &arena, cells, nulls, 0, &err);
	assert(result != WEIR_READ_BAD || err.text[0] != '\0');
	weir_buf_fini(&bytes);
	weir_arena_fini(&arena);
	spec->format->reader_free(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size ? memchr(data, 0, size) : NULL;
	struct weir_arena arena;
	struct weir_err err;

	if (!end)
		return 0;
	weir_arena_init(&arena, 8192);
	struct one_schema schema = { { get }, weir_slice_make(data, (size_t)(end - data)) };
	struct weir_format_spec spec = {
		.format = weir_format_find(WEIR_SLICE("AVRO")), .side = WEIR_SIDE_VALUE, .topic = WEIR_SLICE("t")
	};
	if (spec.format->infer(&arena, schema.text, spec.side, false, false, &spec.columns, &spec.column_count, &err) &&
		spec.column_count <= MOST_COLUMNS)
		read_record(&spec, &schema.source, weir_slice_make(end + 1, size - schema.text.len - 1));
	weir_arena_fini(&arena);
	return 0;
}
