/* Reading and writing records as JSON lines. */
#include "server/jsonl.h"

#include "json/json.h"

#include <unistr.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void append_base64(struct weir_buf *out, struct weir_slice bytes)
{
	const unsigned char *p = (const unsigned char *)bytes.ptr;

	weir_buf_append_byte(out, '"');
	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t left = bytes.len - i;
		unsigned word = (unsigned)p[i] << 16 | (left > 1 ? (unsigned)p[i + 1] << 8 : 0) | (left > 2 ? p[i + 2] : 0);
		weir_buf_append_byte(out, alphabet[word >> 18]);
		weir_buf_append_byte(out, alphabet[word >> 12 & 63]);
		weir_buf_append_byte(out, left > 1 ? alphabet[word >> 6 & 63] : '=');
		weir_buf_append_byte(out, left > 2 ? alphabet[word & 63] : '=');
	}
	weir_buf_append_byte(out, '"');
}

static bool parse_base64(struct weir_arena *arena, struct weir_slice text, struct weir_slice *ret)
{
	char *out = weir_arena_alloc(arena, text.len / 4 * 3 + 3);
	size_t len = 0;
	unsigned word = 0, bits = 0;

	if (text.len % 4 != 0)
		return false;
	for (size_t i = 0; i < text.len && text.ptr[i] != '='; i++) {
		const char *digit = text.ptr[i] ? strchr(alphabet, text.ptr[i]) : NULL;
		if (!digit)
			return false;
		word = word << 6 | (unsigned)(digit - alphabet);
		bits += 6;
		if (bits >= 8)
			out[len++] = (char)(word >> (bits -= 8));
	}
	*ret = weir_slice_make(out, len);
	return true;
}

static bool is_utf8(struct weir_slice bytes)
{
	return bytes.len == 0 || u8_check((const uint8_t *)bytes.ptr, bytes.len) == NULL;
}

static void append_side(struct weir_buf *out, const char *name, struct weir_slice bytes, bool is_null, bool all_base64)
{
	if (is_null) {
		weir_buf_printf(out, ",\"%s\":null", name);
	} else if (all_base64 || !is_utf8(bytes)) {
		weir_buf_printf(out, ",\"%s_base64\":", name);
		append_base64(out, bytes);
	} else {
		weir_buf_printf(out, ",\"%s\":", name);
		weir_json_append_string(out, bytes, false);
	}
}

void weir_jsonl_write(struct weir_buf *out, int32_t partition, const struct weir_message *message, bool all_base64)
{
	weir_buf_printf(out, "{\"partition\":%d,\"offset\":%lld,\"timestamp\":%lld", partition, (long long)message->offset,
		(long long)message->timestamp_ms);
	if (message->headers.count) {
		weir_buf_append_text(out, ",\"headers\":[");
		for (size_t i = 0; i < message->headers.count; i++) {
			weir_buf_append_text(out, i ? ",[" : "[");
			weir_json_append_string(out, message->headers.items[i].name, false);
			weir_buf_append_byte(out, ',');
			if (message->headers.items[i].value_is_null)
				weir_buf_append_text(out, "null");
			else
				append_base64(out, message->headers.items[i].value);
			weir_buf_append_byte(out, ']');
		}
		weir_buf_append_byte(out, ']');
	}
	append_side(out, "key", message->key, message->key_is_null, all_base64);
	append_side(out, "value", message->value, message->value_is_null, all_base64);
	weir_buf_append_text(out, "}\n");
}

static bool read_side(struct weir_arena *arena, const struct weir_json *json, const char *name, const char *base64_name,
	struct weir_slice *ret, bool *ret_is_null, struct weir_err *err)
{
	const struct weir_json *text = weir_json_get(json, name), *base64 = weir_json_get(json, base64_name);

	*ret_is_null = false;
	if (weir_json_is(base64, WEIR_JSON_STRING))
		return parse_base64(arena, base64->text, ret) || weir_err_set(err, WEIR_E_USAGE, "%s is not base64", base64_name);
	if (weir_json_is(text, WEIR_JSON_STRING)) {
		*ret = text->text;
		return true;
	}
	if (text && text->kind != WEIR_JSON_NULL) { /* JSON written as such: its text */
		*ret = text->raw;
		return true;
	}
	*ret_is_null = true;
	return true;
}

static bool read_headers(struct weir_arena *arena, const struct weir_json *json, struct weir_headers *ret, struct weir_err *err)
{
	size_t count = weir_json_is(json, WEIR_JSON_ARRAY) ? json->count : 0;
	struct weir_header *headers = WEIR_ARENA_ARRAY(arena, struct weir_header, count);

	for (size_t i = 0; i < count; i++) {
		const struct weir_json *pair = json->items[i];
		if (!weir_json_is(pair, WEIR_JSON_ARRAY) || pair->count != 2 || pair->items[0]->kind != WEIR_JSON_STRING)
			return weir_err_set(err, WEIR_E_USAGE, "headers are pairs of a name and base64");
		headers[i].name = pair->items[0]->text;
		headers[i].value_is_null = pair->items[1]->kind == WEIR_JSON_NULL;
		if (!headers[i].value_is_null && !parse_base64(arena, pair->items[1]->text, &headers[i].value))
			return weir_err_set(err, WEIR_E_USAGE, "a header's value is not base64");
	}
	*ret = (struct weir_headers){ .items = headers, .count = count };
	return true;
}

bool weir_jsonl_read(struct weir_arena *arena, struct weir_slice line, int64_t now_ms, int32_t *ret_partition,
	struct weir_message *ret, struct weir_err *err)
{
	struct weir_json *json;

	if (!weir_json_parse(arena, line, false, &json, err))
		return false;
	if (json->kind != WEIR_JSON_OBJECT)
		return weir_err_set(err, WEIR_E_USAGE, "expected a JSON object");
	*ret = (struct weir_message){ .timestamp_ms = weir_json_get_i64(json, "timestamp", now_ms),
		.offset = weir_json_get_i64(json, "offset", -1) };
	*ret_partition = (int32_t)weir_json_get_i64(json, "partition", -1);
	return read_side(arena, json, "key", "key_base64", &ret->key, &ret->key_is_null, err) &&
	       read_side(arena, json, "value", "value_base64", &ret->value, &ret->value_is_null, err) &&
	       read_headers(arena, weir_json_get(json, "headers"), &ret->headers, err);
}
