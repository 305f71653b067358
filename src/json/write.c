/* Writing JSON text. */
#include "json/json.h"

void weir_json_writer_init(struct weir_json_writer *writer, struct weir_buf *out)
{
	*writer = (struct weir_json_writer){ .out = out };
}

void weir_json_separate(struct weir_json_writer *writer)
{
	if (writer->needs_comma)
		weir_buf_append_byte(writer->out, ',');
	writer->needs_comma = true;
}

static void open_with(struct weir_json_writer *writer, char c)
{
	weir_json_separate(writer);
	weir_buf_append_byte(writer->out, c);
	writer->needs_comma = false;
}

static void close_with(struct weir_json_writer *writer, char c)
{
	weir_buf_append_byte(writer->out, c);
	writer->needs_comma = true;
}

void weir_json_begin_object(struct weir_json_writer *writer)
{
	open_with(writer, '{');
}

void weir_json_end_object(struct weir_json_writer *writer)
{
	close_with(writer, '}');
}

void weir_json_begin_array(struct weir_json_writer *writer)
{
	open_with(writer, '[');
}

void weir_json_end_array(struct weir_json_writer *writer)
{
	close_with(writer, ']');
}

void weir_json_key_slice(struct weir_json_writer *writer, struct weir_slice name)
{
	weir_json_separate(writer);
	weir_json_append_string(writer->out, name, writer->ascii_astral);
	weir_buf_append_byte(writer->out, ':');
	writer->needs_comma = false;
}

void weir_json_key(struct weir_json_writer *writer, const char *name)
{
	weir_json_key_slice(writer, weir_slice_of(name));
}

void weir_json_write_string(struct weir_json_writer *writer, struct weir_slice text)
{
	weir_json_separate(writer);
	weir_json_append_string(writer->out, text, writer->ascii_astral);
}

void weir_json_write_text(struct weir_json_writer *writer, const char *text)
{
	if (text)
		weir_json_write_string(writer, weir_slice_of(text));
	else
		weir_json_write_null(writer);
}

void weir_json_write_i64(struct weir_json_writer *writer, int64_t value)
{
	weir_json_separate(writer);
	weir_buf_append_i64(writer->out, value);
}

void weir_json_write_bool(struct weir_json_writer *writer, bool value)
{
	weir_json_separate(writer);
	weir_buf_append_text(writer->out, value ? "true" : "false");
}

void weir_json_write_null(struct weir_json_writer *writer)
{
	weir_json_separate(writer);
	weir_buf_append(writer->out, "null", 4);
}

void weir_json_write_raw(struct weir_json_writer *writer, struct weir_slice json)
{
	weir_json_separate(writer);
	weir_buf_append_slice(writer->out, json);
}

static void append_escape(struct weir_buf *out, unsigned char c)
{
	static const char hex[] = "0123456789ABCDEF";

	switch (c) {
	case '"':
		weir_buf_append(out, "\\\"", 2);
		break;
	case '\\':
		weir_buf_append(out, "\\\\", 2);
		break;
	case '\b':
		weir_buf_append(out, "\\b", 2);
		break;
	case '\f':
		weir_buf_append(out, "\\f", 2);
		break;
	case '\n':
		weir_buf_append(out, "\\n", 2);
		break;
	case '\r':
		weir_buf_append(out, "\\r", 2);
		break;
	case '\t':
		weir_buf_append(out, "\\t", 2);
		break;
	default: {
		char text[6] = { '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] };
		weir_buf_append(out, text, 6);
	}
	}
}

/* Length of the well-formed sequence at p, 0 when it is none. */
static size_t sequence_length(const unsigned char *p, size_t left)
{
	size_t need = p[0] >= 0xF0 && p[0] < 0xF5 ? 4 : p[0] >= 0xE0 && p[0] < 0xF0 ? 3 : p[0] >= 0xC2 && p[0] < 0xE0 ? 2 : 0;

	if (need == 0 || need > left)
		return 0;
	for (size_t i = 1; i < need; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] >= 0xA0) || (p[0] == 0xF0 && p[1] < 0x90) ||
		(p[0] == 0xF4 && p[1] >= 0x90))
		return 0;
	return need;
}

static void append_surrogates(struct weir_buf *out, const unsigned char *p)
{
	uint32_t code = ((p[0] & 7u) << 18 | (p[1] & 63u) << 12 | (p[2] & 63u) << 6 | (p[3] & 63u)) - 0x10000;

	weir_buf_printf(out, "\\u%04X\\u%04X", 0xD800 + (code >> 10), 0xDC00 + (code & 0x3FF));
}

void weir_json_append_string(struct weir_buf *out, struct weir_slice text, bool ascii_astral)
{
	const unsigned char *p = (const unsigned char *)text.ptr;
	size_t done = 0, i = 0;

	weir_buf_append_byte(out, '"');
	while (i < text.len) {
		if (p[i] >= 0x20 && p[i] < 0x80 && p[i] != '"' && p[i] != '\\') {
			i++;
			continue;
		}
		size_t len = p[i] < 0x80 ? 0 : sequence_length(p + i, text.len - i);
		if (len && !(len == 4 && ascii_astral)) {
			i += len;
			continue;
		}
		weir_buf_append(out, text.ptr + done, i - done);
		if (len == 4)
			append_surrogates(out, p + i);
		else if (p[i] < 0x80)
			append_escape(out, p[i]);
		else
			weir_buf_append(out, "\xEF\xBF\xBD", 3);
		i += len ? len : 1;
		done = i;
	}
	if (text.len > done)
		weir_buf_append(out, text.ptr + done, text.len - done);
	weir_buf_append_byte(out, '"');
}

static void new_line(struct weir_buf *out, int depth)
{
	weir_buf_append_byte(out, '\n');
	for (int i = 0; i < depth; i++)
		weir_buf_append(out, "  ", 2);
}

void weir_json_pretty(struct weir_buf *out, struct weir_slice json)
{
	int depth = 0;
	bool in_string = false;

	for (size_t i = 0; i < json.len; i++) {
		char c = json.ptr[i];
		if (in_string) {
			weir_buf_append_byte(out, c);
			if (c == '\\' && i + 1 < json.len)
				weir_buf_append_byte(out, json.ptr[++i]);
			else if (c == '"')
				in_string = false;
		} else if (c == '{' || c == '[') {
			bool is_empty = i + 1 < json.len && (json.ptr[i + 1] == '}' || json.ptr[i + 1] == ']');
			weir_buf_append_byte(out, c);
			if (is_empty)
				weir_buf_append_byte(out, ' ');
			else
				new_line(out, ++depth);
		} else if (c == '}' || c == ']') {
			bool was_empty = i > 0 && (json.ptr[i - 1] == '{' || json.ptr[i - 1] == '[');
			if (!was_empty)
				new_line(out, --depth);
			weir_buf_append_byte(out, c);
		} else if (c == ',') {
			weir_buf_append_byte(out, c);
			new_line(out, depth);
		} else if (c == ':') {
			weir_buf_append(out, " : ", 3);
		} else {
			weir_buf_append_byte(out, c);
			in_string = c == '"';
		}
	}
}
