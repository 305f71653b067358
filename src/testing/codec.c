/* JSON stands for itself, DELIMITED for its text; the other formats go through cells. */
#include "testing/codec.h"

#include "formats/list.h"

static bool is_format(const struct weir_format_spec *spec, const struct weir_format *format)
{
	return spec->format == format;
}

/* JSON text → cells → the format's bytes. */
static bool encode_cells(struct weir_arena *arena, const struct weir_format_spec *spec, int32_t schema_id,
	const struct weir_json *json, struct weir_slice *ret_bytes, bool *ret_is_null, struct weir_err *err)
{
	struct weir_format_spec as_json = *spec;
	struct weir_reader *reader;
	struct weir_writer *writer;
	union weir_cell *cells = WEIR_ARENA_ARRAY(arena, union weir_cell, spec->column_count + 1);
	uint64_t *nulls = WEIR_ARENA_ARRAY(arena, uint64_t, weir_null_words(spec->column_count) + 1);
	struct weir_buf out;

	as_json.format = &weir_format_json;
	as_json.is_unwrapped = spec->is_unwrapped || (spec->column_count == 1 && json->kind != WEIR_JSON_OBJECT);
	if (!weir_format_json.reader_new(&as_json, NULL, NULL, &reader, err))
		return false;
	enum weir_read_result result = weir_format_json.read(reader, json->raw, arena, cells, nulls, 0, err);
	weir_format_json.reader_free(reader);
	if (result != WEIR_READ_ROW || !spec->format->writer_new(spec, schema_id, &writer, err))
		return false;
	weir_buf_init(&out, WEIR_BUF_NO_LIMIT);
	bool ok = spec->format->write(writer, cells, nulls, 0, &out, ret_is_null, err);
	*ret_bytes = weir_arena_copy(arena, weir_buf_slice(&out));
	weir_buf_fini(&out);
	spec->format->writer_free(writer);
	return ok;
}

static bool encode_side(struct weir_arena *arena, const struct weir_format_spec *spec, int32_t schema_id,
	const struct weir_json *json, struct weir_slice *ret_bytes, bool *ret_is_null, struct weir_err *err)
{
	*ret_is_null = !json;
	if (!json)
		return true;
	if (is_format(spec, &weir_format_none) || spec->column_count == 0) {
		*ret_bytes = json->kind == WEIR_JSON_STRING ? json->text : json->raw;
		return true;
	}
	if (is_format(spec, &weir_format_json)) {
		*ret_bytes = json->raw;
		return true;
	}
	if (is_format(spec, &weir_format_delimited) && json->kind == WEIR_JSON_STRING) {
		*ret_bytes = json->text;
		return true;
	}
	if (is_format(spec, &weir_format_kafka) && json->kind == WEIR_JSON_OBJECT && json->count == 1)
		json = json->members[0].value;
	return encode_cells(arena, spec, schema_id, json, ret_bytes, ret_is_null, err);
}

static void append_i64(struct weir_buf *out, int64_t value)
{
	for (int shift = 56; shift >= 0; shift -= 8)
		weir_buf_append_byte(out, (char)((uint64_t)value >> shift));
}

static struct weir_slice append_window(struct weir_arena *arena, struct weir_slice key, const struct weir_json *window)
{
	struct weir_buf out;

	weir_buf_init(&out, WEIR_BUF_NO_LIMIT);
	weir_buf_append_slice(&out, key);
	if (weir_slice_equals_nocase(weir_json_get_text(window, "type", ""), WEIR_SLICE("SESSION")))
		append_i64(&out, weir_json_get_i64(window, "end", 0));
	append_i64(&out, weir_json_get_i64(window, "start", 0));
	struct weir_slice copy = weir_arena_copy(arena, weir_buf_slice(&out));
	weir_buf_fini(&out);
	return copy;
}

static void encode_headers(struct weir_arena *arena, const struct weir_json *json, struct weir_headers *ret)
{
	size_t count = weir_json_is(json, WEIR_JSON_ARRAY) ? json->count : 0;
	struct weir_header *headers = WEIR_ARENA_ARRAY(arena, struct weir_header, count);

	for (size_t i = 0; i < count; i++) {
		const struct weir_json *value = weir_json_get(json->items[i], "VALUE");
		headers[i].name = weir_json_get_text(json->items[i], "KEY", "");
		headers[i].value_is_null = !weir_json_is(value, WEIR_JSON_STRING);
		if (headers[i].value_is_null)
			continue;
		/* base64 in the case */
		struct weir_slice text = value->text;
		static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
		char *bytes = weir_arena_alloc(arena, text.len + 1);
		size_t len = 0;
		unsigned word = 0, bits = 0;
		for (size_t k = 0; k < text.len && text.ptr[k] != '='; k++) {
			const char *digit = strchr(digits, text.ptr[k]);
			word = word << 6 | (unsigned)(digit ? digit - digits : 0);
			bits += 6;
			if (bits >= 8)
				bytes[len++] = (char)(word >> (bits -= 8));
		}
		headers[i].value = weir_slice_make(bytes, len);
	}
	*ret = (struct weir_headers){ .items = headers, .count = count };
}

bool weir_case_encode(struct weir_arena *arena, const struct weir_topic_layout *layout, struct weir_schema_source *schemas,
	const struct weir_case_record *record, struct weir_message *ret, struct weir_err *err)
{
	*ret = (struct weir_message){ .timestamp_ms = record->timestamp_ms };
	if (!encode_side(arena, &layout->key, layout->key_writer_schema_id, record->key, &ret->key, &ret->key_is_null, err) ||
		!encode_side(arena, &layout->value, layout->value_writer_schema_id, record->value, &ret->value, &ret->value_is_null,
			err))
		return false;
	if (record->window && !ret->key_is_null)
		ret->key = append_window(arena, ret->key, record->window);
	encode_headers(arena, record->headers, &ret->headers);
	return true;
}

/* ---- Back ---- */

static const struct weir_json *text_json(struct weir_arena *arena, struct weir_slice text)
{
	struct weir_json *json = WEIR_ARENA_NEW(arena, struct weir_json);
	struct weir_buf raw;

	weir_buf_init(&raw, WEIR_BUF_NO_LIMIT);
	weir_json_append_string(&raw, text, false);
	*json = (struct weir_json){ .kind = WEIR_JSON_STRING, .text = text, .raw = weir_arena_copy(arena, weir_buf_slice(&raw)) };
	weir_buf_fini(&raw);
	return json;
}

static bool decode_cells(struct weir_arena *arena, const struct weir_format_spec *spec, struct weir_schema_source *schemas,
	struct weir_slice bytes, const struct weir_json **ret, struct weir_err *err)
{
	struct weir_format_spec as_json = *spec;
	struct weir_reader *reader;
	struct weir_writer *writer;
	struct weir_json *json;
	union weir_cell *cells = WEIR_ARENA_ARRAY(arena, union weir_cell, spec->column_count + 1);
	uint64_t *nulls = WEIR_ARENA_ARRAY(arena, uint64_t, weir_null_words(spec->column_count) + 1);
	struct weir_buf out;
	bool is_null;

	if (!spec->format->reader_new(spec, NULL, schemas, &reader, err))
		return false;
	enum weir_read_result result = spec->format->read(reader, bytes, arena, cells, nulls, 0, err);
	spec->format->reader_free(reader);
	if (result != WEIR_READ_ROW)
		return result == WEIR_READ_NULL ? (*ret = NULL, true) : false;
	as_json.format = &weir_format_json;
	as_json.is_unwrapped = spec->is_unwrapped || !spec->format->supports_wrapping;
	weir_buf_init(&out, WEIR_BUF_NO_LIMIT);
	bool ok = weir_format_json.writer_new(&as_json, 0, &writer, err) &&
		  weir_format_json.write(writer, cells, nulls, 0, &out, &is_null, err);
	weir_format_json.writer_free(writer);
	struct weir_slice text = weir_arena_copy(arena, weir_buf_slice(&out));
	weir_buf_fini(&out);
	*ret = NULL;
	if (!ok || is_null)
		return ok;
	ok = weir_json_parse(arena, text, false, &json, err);
	*ret = json;
	return ok;
}

static bool decode_side(struct weir_arena *arena, const struct weir_format_spec *spec, struct weir_schema_source *schemas,
	struct weir_slice bytes, bool is_null, const struct weir_json **ret, struct weir_err *err)
{
	struct weir_json *json;

	*ret = NULL;
	if (is_null)
		return true;
	if (spec->column_count == 0 || is_format(spec, &weir_format_delimited)) {
		*ret = text_json(arena, bytes);
		return true;
	}
	if (is_format(spec, &weir_format_json)) {
		bool ok = weir_json_parse(arena, bytes, false, &json, err);
		*ret = ok ? json : NULL;
		return ok;
	}
	return decode_cells(arena, spec, schemas, bytes, ret, err);
}

static int64_t read_i64(const char *bytes)
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++)
		value = value << 8 | (unsigned char)bytes[i];
	return (int64_t)value;
}

bool weir_case_decode(struct weir_arena *arena, const struct weir_topic_layout *layout, struct weir_schema_source *schemas,
	const struct weir_message *message, struct weir_decoded *ret, struct weir_err *err)
{
	struct weir_slice key = message->key;

	*ret = (struct weir_decoded){ 0 };
	ret->is_session = layout->window.type == WEIR_WINDOW_SESSION;
	size_t suffix = layout->window.type == WEIR_WINDOW_NONE ? 0 : ret->is_session ? 16 : 8;
	if (suffix && !message->key_is_null && key.len >= suffix) {
		key.len -= suffix;
		ret->has_window = true;
		ret->window_start_ms = read_i64(key.ptr + key.len + (ret->is_session ? 8 : 0));
		ret->window_end_ms = ret->is_session ? read_i64(key.ptr + key.len) : ret->window_start_ms + layout->window.size_ms;
	}
	return decode_side(arena, &layout->key, schemas, key, message->key_is_null, &ret->key, err) &&
	       decode_side(arena, &layout->value, schemas, message->value, message->value_is_null, &ret->value, err);
}
