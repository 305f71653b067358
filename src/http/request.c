/* Reading requests: headers, query parameters, percent escapes, basic credentials, path segments. */
#include "base/buf.h"
#include "http/conn.h"

#include <string.h>

struct weir_slice weir_http_request_header(const struct weir_http_request *request, const char *name)
{
	for (size_t i = 0; i < request->header_count; i++)
		if (weir_slice_is(request->headers[i].name, name))
			return request->headers[i].value;
	return (struct weir_slice){ 0 };
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool weir_http_percent_decode(struct weir_arena *arena, struct weir_slice text, bool plus_is_blank, struct weir_slice *ret_text)
{
	char *out = weir_arena_alloc(arena, text.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '%') {
			if (text.len - i < 3)
				return false;
			int high = hex_value(text.ptr[i + 1]), low = hex_value(text.ptr[i + 2]);
			if (high < 0 || low < 0 || (high | low) == 0)
				return false;
			c = (char)(high << 4 | low);
			i += 2;
		} else if (c == '+' && plus_is_blank) {
			c = ' ';
		}
		out[len++] = c;
	}
	out[len] = '\0';
	*ret_text = weir_slice_make(out, len);
	return true;
}

void weir_http_percent_encode(struct weir_buf *out, struct weir_slice text)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c && strchr("-._~", c));
		if (plain)
			weir_buf_append_byte(out, (char)c);
		else
			weir_buf_append(out, (char[]){ '%', digits[c >> 4], digits[c & 15] }, 3);
	}
}

static struct weir_slice take_until(struct weir_slice *rest, char separator)
{
	const char *at = rest->len ? memchr(rest->ptr, separator, rest->len) : NULL;
	size_t len = at ? (size_t)(at - rest->ptr) : rest->len;
	size_t skip = at ? len + 1 : len;
	struct weir_slice taken = weir_slice_make(rest->ptr, len);

	*rest = weir_slice_make(rest->ptr + skip, rest->len - skip);
	return taken;
}

bool weir_http_request_query_param(
	const struct weir_http_request *request, struct weir_arena *arena, const char *name, struct weir_slice *ret_value)
{
	struct weir_slice rest = request->query;

	while (rest.len) {
		struct weir_slice pair = take_until(&rest, '&');
		struct weir_slice key = take_until(&pair, '='), decoded;
		if (weir_http_percent_decode(arena, key, true, &decoded) && weir_slice_is(decoded, name))
			return weir_http_percent_decode(arena, pair, true, ret_value);
	}
	return false;
}

bool weir_http_path_next(struct weir_slice *rest, struct weir_slice *ret_segment)
{
	while (rest->len && rest->ptr[0] == '/')
		*rest = weir_slice_make(rest->ptr + 1, rest->len - 1);
	if (rest->len == 0)
		return false;
	const char *slash = memchr(rest->ptr, '/', rest->len);
	size_t len = slash ? (size_t)(slash - rest->ptr) : rest->len;
	*ret_segment = weir_slice_make(rest->ptr, len);
	*rest = weir_slice_make(rest->ptr + len, rest->len - len);
	return true;
}

static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

bool weir_http_base64_decode(struct weir_slice text, uint8_t *out, size_t room, size_t *ret_len)
{
	size_t len = 0;
	uint32_t bits = 0;
	int have = 0;

	while (text.len && text.ptr[text.len - 1] == '=')
		text.len--;
	for (size_t i = 0; i < text.len; i++) {
		int value = base64_value(text.ptr[i]);
		if (value < 0)
			return false;
		bits = bits << 6 | (uint32_t)value;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		if (len == room)
			return false;
		out[len++] = (uint8_t)(bits >> have);
	}
	*ret_len = len;
	return true;
}

bool weir_http_request_basic_auth(const struct weir_http_request *request, struct weir_arena *arena, struct weir_slice *ret_user,
	struct weir_slice *ret_password)
{
	struct weir_slice value = weir_http_request_header(request, "authorization");

	if (value.len < 6 || !weir_slice_equals_nocase(weir_slice_make(value.ptr, 6), WEIR_SLICE("basic ")))
		return false;
	uint8_t *bytes = weir_arena_alloc(arena, value.len);
	size_t len;
	if (!weir_http_base64_decode(weir_slice_trim(weir_slice_make(value.ptr + 6, value.len - 6)), bytes, value.len, &len))
		return false;
	struct weir_slice decoded = weir_slice_make(bytes, len);
	const char *colon = decoded.len ? memchr(decoded.ptr, ':', decoded.len) : NULL;
	if (!colon)
		return false;
	*ret_user = weir_slice_make(decoded.ptr, (size_t)(colon - decoded.ptr));
	*ret_password = weir_slice_make(colon + 1, decoded.len - ret_user->len - 1);
	return true;
}

const char *weir_http_status_text(int status)
{
	static const struct {
		int status;
		const char *text;
	} table[] = { { 100, "Continue" }, { 101, "Switching Protocols" }, { 200, "OK" }, { 201, "Created" }, { 202, "Accepted" },
		{ 204, "No Content" }, { 301, "Moved Permanently" }, { 302, "Found" }, { 304, "Not Modified" },
		{ 307, "Temporary Redirect" }, { 308, "Permanent Redirect" }, { 400, "Bad Request" }, { 401, "Unauthorized" },
		{ 403, "Forbidden" }, { 404, "Not Found" }, { 405, "Method Not Allowed" }, { 406, "Not Acceptable" },
		{ 408, "Request Timeout" }, { 409, "Conflict" }, { 411, "Length Required" }, { 413, "Content Too Large" },
		{ 414, "URI Too Long" }, { 415, "Unsupported Media Type" }, { 417, "Expectation Failed" },
		{ 421, "Misdirected Request" }, { 422, "Unprocessable Content" }, { 426, "Upgrade Required" },
		{ 428, "Precondition Required" }, { 429, "Too Many Requests" }, { 431, "Request Header Fields Too Large" },
		{ 500, "Internal Server Error" }, { 501, "Not Implemented" }, { 502, "Bad Gateway" },
		{ 503, "Service Unavailable" }, { 504, "Gateway Timeout" }, { 505, "HTTP Version Not Supported" } };

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (table[i].status == status)
			return table[i].text;
	return "";
}
