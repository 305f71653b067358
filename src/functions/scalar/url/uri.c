/* The grammar of URIs. */
#include "functions/scalar/url/uri.h"

#include "functions/scalar/bytes/encoding.h"
#include "types/utf16.h"

#include <arpa/inet.h>
#include <unictype.h>

#define MARKS "-_.!~*'()"

struct parser {
	const char *p, *end;
	const char *start;
	struct weir_err *err;
};

static bool fail(const struct parser *parser, const char *at, const char *what)
{
	return weir_err_set(parser->err, WEIR_E_EVALUATE, "This is no URI: %s at byte %zu", what, (size_t)(at - parser->start) + 1);
}

/* ---- Characters ---- */

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Non-ASCII characters but blanks and controls. */
static size_t other_length(const char *p, const char *end)
{
	size_t len;
	uint32_t code = weir_utf8_decode(weir_slice_make(p, (size_t)(end - p)), &len);

	if (code < 0xA0 || len == 1 || uc_is_general_category_withtable(code, UC_CATEGORY_MASK_Z))
		return 0;
	return len;
}

/* The end of the run of letters, digits, `others`, escapes and non-ASCII characters at p. */
static const char *skip(const char *p, const char *end, const char *others)
{
	while (p < end) {
		if (is_alpha(*p) || is_digit(*p) || (*p && strchr(others, *p) && *p > 0)) {
			p++;
		} else if (*p == '%') {
			if (end - p < 3 || !is_hex(p[1]) || !is_hex(p[2]))
				return p;
			p += 3;
		} else {
			size_t len = (unsigned char)*p >= 0x80 ? other_length(p, end) : 0;
			if (!len)
				return p;
			p += len;
		}
	}
	return p;
}

static const char *find(const char *p, const char *end, const char *stops)
{
	while (p < end && !(*p && strchr(stops, *p)))
		p++;
	return p;
}

static struct weir_uri_part part(const char *from, const char *to)
{
	return (struct weir_uri_part){ weir_slice_make(from, (size_t)(to - from)), true };
}

/* ---- Authority: [user@]host[:port]; whatever else its characters allow is somebody's registry ---- */

static const char *skip_ipv4(const char *p, const char *end)
{
	for (int i = 0; i < 4; i++) {
		int value = 0, digits = 0;
		if (i && (p == end || *p++ != '.'))
			return NULL;
		for (; p < end && is_digit(*p) && digits < 4; digits++)
			value = value * 10 + (*p++ - '0');
		if (!digits || digits == 4 || value > 255)
			return NULL;
	}
	return p == end || *p == ':' ? p : NULL;
}

/* Labels between dots; the last one of several begins with a letter. */
static const char *skip_hostname(const char *start, const char *end)
{
	const char *p = start, *label = NULL;

	while (p < end && (is_alpha(*p) || is_digit(*p))) {
		label = p;
		while (p < end && (is_alpha(*p) || is_digit(*p) || *p == '-'))
			p++;
		if (p[-1] == '-')
			return NULL;
		if (p == end || *p != '.')
			break;
		p++;
	}
	if (!label || (p < end && *p != ':') || (label > start && !is_alpha(*label)))
		return NULL;
	return p;
}

/* Behind '['; up to and with ']'. */
static const char *skip_ipv6(const char *p, const char *end)
{
	const char *close = find(p, end, "]"), *zone = find(p, close, "%");
	char text[INET6_ADDRSTRLEN + 1];
	unsigned char address[16];
	size_t len = (size_t)(zone - p);

	if (close == end || len >= sizeof text || zone + 1 == close)
		return NULL;
	memcpy(text, p, len);
	text[len] = '\0';
	return inet_pton(AF_INET6, text, address) == 1 ? close + 1 : NULL;
}

static bool parse_port(const char *p, const char *end, int *ret_port)
{
	int64_t port = 0;

	for (; p < end; p++) {
		if (!is_digit(*p))
			return false;
		port = port * 10 + (*p - '0');
		if (port > INT32_MAX)
			return false;
	}
	*ret_port = (int)port;
	return true;
}

static bool parse_server(const char *p, const char *end, struct weir_uri *uri)
{
	const char *at = memchr(p, '@', (size_t)(end - p)), *host_end;
	int port = -1;

	if (at) {
		if (skip(p, at, MARKS ";:&=+$,") != at)
			return false;
		p = at + 1;
	}
	host_end = p < end && *p == '[' ? skip_ipv6(p + 1, end) : skip_ipv4(p, end);
	if (!host_end && !(p < end && *p == '['))
		host_end = skip_hostname(p, end);
	if (!host_end || (host_end < end && *host_end != ':'))
		return false;
	if (host_end + 1 < end && !parse_port(host_end + 1, end, &port))
		return false;
	uri->host = part(p, host_end);
	uri->port = port;
	return true;
}

static bool parse_authority(struct parser *parser, const char *end, struct weir_uri *uri)
{
	bool has_brackets = memchr(parser->p, ']', (size_t)(end - parser->p)) != NULL;
	const char *server_end =
		has_brackets ? skip(parser->p, end, MARKS ";:&=+$,@[]%") : skip(parser->p, end, MARKS ";:&=+$,@[]");
	const char *registry_end = skip(parser->p, end, MARKS "$,;:@&=+");

	bool is_server = server_end == end && parse_server(parser->p, end, uri);
	if (!is_server && registry_end != end)
		return fail(parser, registry_end, "an authority has a wrong character");
	parser->p = end;
	return true;
}

/* ---- The whole ---- */

static bool take_chars(struct parser *parser, const char *end, const char *others, struct weir_uri_part *ret, const char *what)
{
	const char *stop = skip(parser->p, end, others);

	if (stop != end)
		return fail(parser, stop, what);
	*ret = part(parser->p, end);
	parser->p = end;
	return true;
}

#define URIC MARKS ";/?:@&=+$,[]"

static bool parse_hierarchical(struct parser *parser, struct weir_uri *uri)
{
	if (parser->end - parser->p >= 2 && parser->p[0] == '/' && parser->p[1] == '/') {
		parser->p += 2;
		const char *end = find(parser->p, parser->end, "/?#");
		if (end == parser->p && end == parser->end)
			return fail(parser, end, "an authority is missing");
		if (end > parser->p && !parse_authority(parser, end, uri))
			return false;
	}
	if (!take_chars(parser, find(parser->p, parser->end, "?#"), MARKS ":@&=+$,;/", &uri->path, "a path has a wrong character"))
		return false;
	if (parser->p == parser->end || *parser->p != '?')
		return true;
	parser->p++;
	return take_chars(parser, find(parser->p, parser->end, "#"), URIC, &uri->query, "a query has a wrong character");
}

static bool is_scheme(const char *p, const char *end)
{
	if (p == end || !is_alpha(*p))
		return false;
	while (p < end && (is_alpha(*p) || is_digit(*p) || *p == '+' || *p == '-' || *p == '.'))
		p++;
	return p == end;
}

bool weir_uri_parse(struct weir_slice text, struct weir_uri *ret, struct weir_err *err)
{
	const char *start = text.ptr ? text.ptr : "";
	struct parser parser = { .p = start, .end = start + text.len, .start = start, .err = err };
	struct weir_uri uri = { .port = -1 };
	struct weir_uri_part opaque;
	const char *colon = find(parser.p, parser.end, ":/?#");

	bool has_scheme = colon < parser.end && *colon == ':';
	if (has_scheme) {
		if (!is_scheme(parser.p, colon))
			return fail(&parser, colon, "a scheme is missing or wrong");
		uri.scheme = part(parser.p, colon);
		parser.p = colon + 1;
	}
	if (has_scheme && (parser.p == parser.end || *parser.p != '/')) {
		const char *end = find(parser.p, parser.end, "#");
		if (end == parser.p)
			return fail(&parser, end, "nothing follows the scheme");
		if (!take_chars(&parser, end, URIC, &opaque, "it has a wrong character"))
			return false;
	} else if (!parse_hierarchical(&parser, &uri)) {
		return false;
	}
	if (parser.p < parser.end) {
		parser.p++;
		if (!take_chars(&parser, parser.end, URIC, &uri.fragment, "a fragment has a wrong character"))
			return false;
	}
	*ret = uri;
	return true;
}

/* ---- Decoding ---- */

static int hex_value(char c)
{
	return is_digit(c) ? c - '0' : (c | 32) - 'a' + 10;
}

struct weir_slice weir_uri_decode(struct weir_arena *arena, struct weir_slice text, bool plus)
{
	struct weir_buf bytes, clean;

	if (!memchr(text.ptr, '%', text.len) && !(plus && memchr(text.ptr, '+', text.len)))
		return text;
	weir_buf_init(&bytes, WEIR_BUF_NO_LIMIT);
	weir_buf_init(&clean, WEIR_BUF_NO_LIMIT);
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '%' && text.len - i >= 3 && is_hex(text.ptr[i + 1]) && is_hex(text.ptr[i + 2])) {
			weir_buf_append_byte(&bytes, (char)(hex_value(text.ptr[i + 1]) << 4 | hex_value(text.ptr[i + 2])));
			i += 2;
			continue;
		}
		/* A run of escapes is decoded for itself. */
		weir_utf8_clean(&clean, weir_buf_slice(&bytes));
		weir_buf_reset(&bytes);
		weir_buf_append_byte(&clean, plus && c == '+' ? ' ' : c);
	}
	weir_utf8_clean(&clean, weir_buf_slice(&bytes));
	struct weir_slice decoded = weir_arena_copy(arena, weir_buf_slice(&clean));
	weir_buf_fini(&clean);
	weir_buf_fini(&bytes);
	return decoded;
}

enum weir_result weir_uri_part(struct weir_call *call, struct weir_uri_part (*part_of)(const struct weir_uri *),
	union weir_cell *ret, struct weir_err *err)
{
	struct weir_uri uri;

	if (!weir_uri_parse(ARG(0).str, &uri, err))
		return WEIR_FAILED;
	struct weir_uri_part found = part_of(&uri);
	if (!found.is_present)
		return WEIR_NULL;
	ret->str = weir_uri_decode(call->arena, found.text, false);
	return WEIR_VALUE;
}
