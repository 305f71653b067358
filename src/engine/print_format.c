/* Guessing formats from bytes: a candidate stays as long as every record fits it. */
#include "engine/print_format.h"

#include "formats/list.h"
#include "types/text.h"
#include "types/utf16.h"
#include "json/json.h"

#include <string.h>

static const char *const names[] = { "AVRO", "PROTOBUF", "JSON", "JSON_SR", "KAFKA_INT", "KAFKA_BIGINT", "KAFKA_DOUBLE",
	"KAFKA_STRING" };

#define ALL_FORMATS ((1u << WEIR_PRINT_FORMAT_COUNT) - 1)

void weir_print_side_init(struct weir_print_side *side, struct weir_registry *registry, struct weir_schema_source *schemas,
	enum weir_window_type window)
{
	*side = (struct weir_print_side){ .registry = registry, .schemas = schemas, .window = window, .candidates = ALL_FORMATS };
	weir_arena_init(&side->arena, 4096);
}

static void drop_reader(struct weir_print_side *side)
{
	if (side->reader)
		side->reader->format->reader_free(side->reader);
	side->reader = NULL;
	side->schema_id = 0;
	weir_arena_reset(&side->arena);
}

void weir_print_side_fini(struct weir_print_side *side)
{
	drop_reader(side);
	weir_arena_fini(&side->arena);
}

/* ---- Schemas ---- */

static int32_t framed_id(struct weir_slice bytes)
{
	const unsigned char *at = (const unsigned char *)bytes.ptr;

	if (bytes.len < 5 || at[0] != 0)
		return 0;
	return (int32_t)((uint32_t)at[1] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 8 | at[4]);
}

static bool has_schema(const struct weir_print_side *side, struct weir_slice bytes, enum weir_schema_kind kind,
	struct weir_arena *arena, struct weir_registered_schema *ret)
{
	struct weir_err ignored = { 0 };
	int32_t id = framed_id(bytes);

	return id > 0 && side->registry && weir_registry_by_id(side->registry, id, arena, ret, &ignored) &&
	       ret->schema.kind == kind;
}

/* A reader for the record's schema; the last one is kept. */
static struct weir_reader *reader_for(struct weir_print_side *side, struct weir_slice bytes, enum weir_print_format guess)
{
	const struct weir_format *format = weir_format_find(weir_slice_of(names[guess]));
	struct weir_registered_schema schema;
	struct weir_err ignored = { 0 };
	int32_t id = framed_id(bytes);

	if (id == side->schema_id && side->reader)
		return side->reader;
	drop_reader(side);
	if (!format || !weir_registry_by_id(side->registry, id, &side->arena, &schema, &ignored))
		return NULL;
	side->spec = (struct weir_format_spec){ .format = format, .side = WEIR_SIDE_VALUE };
	if (!format->infer(&side->arena, schema.schema.text, WEIR_SIDE_VALUE, false, true, &side->spec.columns,
		    &side->spec.column_count, &ignored)) {
		side->spec.is_unwrapped = true;
		if (!format->infer(&side->arena, schema.schema.text, WEIR_SIDE_VALUE, true, true, &side->spec.columns,
			    &side->spec.column_count, &ignored))
			return NULL;
	}
	if (!format->reader_new(&side->spec, NULL, side->schemas, &side->reader, &ignored))
		side->reader = NULL;
	side->schema_id = id;
	return side->reader;
}

/* ---- Which formats fit ---- */

static struct weir_slice without_window(const struct weir_print_side *side, struct weir_slice bytes)
{
	size_t bounds = side->window == WEIR_WINDOW_NONE ? 0 : side->window == WEIR_WINDOW_SESSION ? 16 : 8;

	return bytes.len >= bounds ? weir_slice_make(bytes.ptr, bytes.len - bounds) : bytes;
}

static bool is_json(struct weir_slice bytes, struct weir_arena *arena)
{
	struct weir_json *json;
	struct weir_err ignored = { 0 };

	return weir_json_parse(arena, bytes, false, &json, &ignored) &&
	       (json->kind == WEIR_JSON_OBJECT || json->kind == WEIR_JSON_ARRAY);
}

static bool fits(
	const struct weir_print_side *side, enum weir_print_format format, struct weir_slice bytes, struct weir_arena *arena)
{
	struct weir_registered_schema schema;

	switch (format) {
	case WEIR_PRINT_AVRO:
		return has_schema(side, bytes, WEIR_SCHEMA_AVRO, arena, &schema);
	case WEIR_PRINT_PROTOBUF:
		return has_schema(side, bytes, WEIR_SCHEMA_PROTOBUF, arena, &schema);
	case WEIR_PRINT_JSON:
		return is_json(bytes, arena);
	case WEIR_PRINT_JSON_SR:
		return has_schema(side, bytes, WEIR_SCHEMA_JSON, arena, &schema);
	case WEIR_PRINT_INT:
		return bytes.len == 4;
	case WEIR_PRINT_BIGINT:
	case WEIR_PRINT_DOUBLE:
		return bytes.len == 8;
	default:
		return weir_utf8_is_valid(bytes);
	}
}

bool weir_print_side_look(struct weir_print_side *side, struct weir_slice bytes, bool is_null, struct weir_arena *arena)
{
	unsigned before = side->candidates;
	bool is_first = !side->has_data;

	if (is_null)
		return false;
	side->has_data = true;
	bytes = without_window(side, bytes);
	for (unsigned i = 0; i < WEIR_PRINT_FORMAT_COUNT; i++)
		if ((side->candidates & 1u << i) && !fits(side, (enum weir_print_format)i, bytes, arena))
			side->candidates &= ~(1u << i);
	return is_first || side->candidates != before;
}

void weir_print_side_name(const struct weir_print_side *side, struct weir_buf *out)
{
	static const char *const windows[] = { "", "TUMBLING", "HOPPING", "SESSION" };
	bool is_first = true;

	if (!side->has_data) {
		weir_buf_append_text(out, "¯\\_(ツ)_/¯ - no data processed");
		return;
	}
	for (unsigned i = 0; i < WEIR_PRINT_FORMAT_COUNT; i++) {
		if (!(side->candidates & 1u << i))
			continue;
		weir_buf_printf(out, side->window == WEIR_WINDOW_NONE ? "%s%s%s" : "%s%s(%s)", is_first ? "" : " or ",
			windows[side->window], names[i]);
		is_first = false;
	}
	if (is_first)
		weir_buf_append_text(out, "does not match any supported format. It may be a STRING with encoding other than UTF8, "
					  "or some other format.");
}

/* ---- Showing ---- */

static uint64_t read_number(struct weir_slice bytes)
{
	uint64_t value = 0;

	for (size_t i = 0; i < bytes.len; i++)
		value = value << 8 | (unsigned char)bytes.ptr[i];
	return value;
}

static void show_hex(struct weir_slice bytes, struct weir_buf *out)
{
	weir_buf_append_text(out, "0x");
	for (size_t i = 0; i < bytes.len; i++)
		weir_buf_printf(out, "%02X", (unsigned char)bytes.ptr[i]);
}

/* {"A": 1, "B": [1, 2]}: JSON with a blank after each colon and comma. */
static void append_spaced(struct weir_buf *out, struct weir_slice json)
{
	bool in_text = false;

	for (size_t i = 0; i < json.len; i++) {
		weir_buf_append_byte(out, json.ptr[i]);
		if (in_text && json.ptr[i] == '\\' && i + 1 < json.len)
			weir_buf_append_byte(out, json.ptr[++i]);
		else if (json.ptr[i] == '"')
			in_text = !in_text;
		else if (!in_text && (json.ptr[i] == ',' || json.ptr[i] == ':'))
			weir_buf_append_byte(out, ' ');
	}
}

static bool show_schema(struct weir_print_side *side, struct weir_slice bytes, enum weir_print_format guess,
	struct weir_arena *arena, struct weir_buf *out)
{
	struct weir_reader *reader = reader_for(side, bytes, guess);
	struct weir_format_spec as_json = side->spec;
	struct weir_writer *writer;
	struct weir_err ignored = { 0 };
	struct weir_buf json;
	bool is_null = false;

	if (!reader)
		return false;
	union weir_cell *cells = WEIR_ARENA_ARRAY(arena, union weir_cell, side->spec.column_count + 1);
	uint64_t *nulls = WEIR_ARENA_ARRAY(arena, uint64_t, weir_null_words(side->spec.column_count) + 1);
	if (reader->format->read(reader, bytes, arena, cells, nulls, 0, &ignored) != WEIR_READ_ROW)
		return false;
	as_json.format = &weir_format_json;
	if (!weir_format_json.writer_new(&as_json, 0, &writer, &ignored))
		return false;
	weir_buf_init(&json, WEIR_BUF_NO_LIMIT);
	bool ok = weir_format_json.write(writer, cells, nulls, 0, &json, &is_null, &ignored);
	if (ok && is_null)
		weir_buf_append_text(out, "null");
	else if (ok)
		append_spaced(out, weir_buf_slice(&json));
	weir_buf_fini(&json);
	weir_format_json.writer_free(writer);
	return ok;
}

static void show_bytes(struct weir_print_side *side, struct weir_slice bytes, struct weir_arena *arena, struct weir_buf *out)
{
	unsigned guess = 0;
	double number;
	uint64_t bits;

	while (guess < WEIR_PRINT_FORMAT_COUNT && !(side->candidates & 1u << guess))
		guess++;
	switch (guess) {
	case WEIR_PRINT_AVRO:
	case WEIR_PRINT_PROTOBUF:
	case WEIR_PRINT_JSON_SR:
		if (!show_schema(side, bytes, (enum weir_print_format)guess, arena, out))
			show_hex(bytes, out);
		return;
	case WEIR_PRINT_INT:
		weir_buf_printf(out, "%d", (int32_t)read_number(bytes));
		return;
	case WEIR_PRINT_BIGINT:
		weir_buf_printf(out, "%lld", (long long)read_number(bytes));
		return;
	case WEIR_PRINT_DOUBLE:
		bits = read_number(bytes);
		memcpy(&number, &bits, 8);
		weir_double_print(out, number);
		return;
	case WEIR_PRINT_JSON:
	case WEIR_PRINT_STRING:
		weir_buf_append_slice(out, bytes);
		return;
	default:
		show_hex(bytes, out);
	}
}

void weir_print_side_show(
	struct weir_print_side *side, struct weir_slice bytes, bool is_null, struct weir_arena *arena, struct weir_buf *out)
{
	struct weir_slice key = without_window(side, bytes);

	if (is_null) {
		weir_buf_append_text(out, "<null>");
		return;
	}
	bool has_window = key.len != bytes.len;
	if (has_window)
		weir_buf_append_byte(out, '[');
	show_bytes(side, key, arena, out);
	if (has_window && side->window == WEIR_WINDOW_SESSION)
		weir_buf_printf(out, "@%lld/%lld]", (long long)read_number(weir_slice_make(key.ptr + key.len + 8, 8)),
			(long long)read_number(weir_slice_make(key.ptr + key.len, 8)));
	else if (has_window)
		weir_buf_printf(out, "@%lld/-]", (long long)read_number(weir_slice_make(key.ptr + key.len, 8)));
}
