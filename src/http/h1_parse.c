/* HTTP/1 request heads (RFC 9112), strictly: see h1_parse.h for what is refused. */
#include "http/h1_parse.h"

#include <assert.h>
#include <string.h>

static bool refuse(struct weir_h1_refusal *refusal, int status, const char *reason)
{
	*refusal = (struct weir_h1_refusal){ .status = status, .reason = reason };
	return false;
}

static enum weir_h1_result refuse_scan(struct weir_h1_refusal *refusal, int status, const char *reason)
{
	refuse(refusal, status, reason);
	return WEIR_H1_REFUSED;
}

static enum weir_h1_result too_long(const struct weir_h1_scan *scan, struct weir_h1_refusal *refusal)
{
	return scan->first_line_seen ? refuse_scan(refusal, 431, "The request's headers are too large.")
				     : refuse_scan(refusal, 414, "The request line is too long.");
}

static bool is_token_char(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c && strchr("!#$%&'*+-.^_`|~", c));
}

enum weir_h1_result weir_h1_scan_head(struct weir_h1_scan *scan, struct weir_slice data, size_t max_head_bytes,
	size_t *ret_head_bytes, struct weir_h1_refusal *ret_refusal)
{
	if (data.len && !is_token_char((unsigned char)data.ptr[0]))
		return refuse_scan(ret_refusal, 400, "This is no HTTP request (TLS on a plain port?).");
	while (scan->scanned < data.len) {
		const char *from = data.ptr + scan->scanned;
		const char *newline = memchr(from, '\n', data.len - scan->scanned);
		if (!newline) {
			scan->scanned = data.len;
			break;
		}
		size_t at = (size_t)(newline - data.ptr);
		if (at == 0 || data.ptr[at - 1] != '\r')
			return refuse_scan(ret_refusal, 400, "A line ends without a carriage return.");
		if (at + 1 > max_head_bytes)
			return too_long(scan, ret_refusal);
		bool is_blank = at - 1 == scan->line_start;
		scan->scanned = scan->line_start = at + 1;
		if (is_blank && scan->first_line_seen) {
			*ret_head_bytes = at + 1;
			return WEIR_H1_DONE;
		}
		assert(!is_blank);
		scan->first_line_seen = true;
	}
	return data.len > max_head_bytes ? too_long(scan, ret_refusal) : WEIR_H1_MORE;
}

static bool is_token(struct weir_slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!is_token_char((unsigned char)text.ptr[i]))
			return false;
	return text.len > 0;
}

static struct weir_slice trim_blanks(struct weir_slice text)
{
	while (text.len && (text.ptr[0] == ' ' || text.ptr[0] == '\t'))
		text = weir_slice_make(text.ptr + 1, text.len - 1);
	while (text.len && (text.ptr[text.len - 1] == ' ' || text.ptr[text.len - 1] == '\t'))
		text.len--;
	return text;
}

bool weir_h1_has_token(struct weir_slice value, const char *token)
{
	while (value.len) {
		const char *comma = memchr(value.ptr, ',', value.len);
		size_t len = comma ? (size_t)(comma - value.ptr) : value.len;
		if (weir_slice_equals_nocase(trim_blanks(weir_slice_make(value.ptr, len)), weir_slice_of(token)))
			return true;
		size_t skip = comma ? len + 1 : len;
		value = weir_slice_make(value.ptr + skip, value.len - skip);
	}
	return false;
}

/* Takes one line off *rest, without its CRLF; the scan has made sure that every LF follows a CR. */
static bool next_line(struct weir_slice *rest, struct weir_slice *ret_line)
{
	const char *newline = rest->len ? memchr(rest->ptr, '\n', rest->len) : NULL;

	if (!newline || newline == rest->ptr || newline[-1] != '\r')
		return false;
	size_t taken = (size_t)(newline - rest->ptr) + 1;
	*ret_line = weir_slice_make(rest->ptr, taken - 2);
	*rest = weir_slice_make(rest->ptr + taken, rest->len - taken);
	return memchr(ret_line->ptr, '\r', ret_line->len) == NULL;
}

/* Strips "http://authority" of an absolute target. */
static bool take_authority(struct weir_slice *target, struct weir_slice *ret_authority)
{
	struct weir_slice schemes[] = { WEIR_SLICE("http://"), WEIR_SLICE("https://") };

	for (size_t i = 0; i < 2; i++) {
		if (target->len < schemes[i].len ||
			!weir_slice_equals_nocase(weir_slice_make(target->ptr, schemes[i].len), schemes[i]))
			continue;
		struct weir_slice rest = weir_slice_make(target->ptr + schemes[i].len, target->len - schemes[i].len);
		size_t len = 0;
		while (len < rest.len && rest.ptr[len] != '/' && rest.ptr[len] != '?')
			len++;
		*ret_authority = weir_slice_make(rest.ptr, len);
		*target = weir_slice_make(rest.ptr + len, rest.len - len);
		return len > 0;
	}
	return false;
}

static bool parse_target(struct weir_slice target, struct weir_h1_head *head, struct weir_h1_refusal *refusal)
{
	for (size_t i = 0; i < target.len; i++) {
		unsigned char c = (unsigned char)target.ptr[i];
		if (c <= ' ' || c >= 0x7f || c == '#')
			return refuse(refusal, 400, "The request's target holds a character that may not stand there.");
	}
	struct weir_slice authority;
	if (take_authority(&target, &authority)) {
		if (target.len == 0 || target.ptr[0] == '?')
			return refuse(refusal, 400, "The request's target has no path.");
		head->host = authority;
	}
	const char *mark = target.len ? memchr(target.ptr, '?', target.len) : NULL;
	head->path = mark ? weir_slice_make(target.ptr, (size_t)(mark - target.ptr)) : target;
	head->query = mark ? weir_slice_make(mark + 1, target.len - head->path.len - 1) : (struct weir_slice){ 0 };
	bool is_asterisk = weir_slice_is(target, "*") && weir_slice_is(head->method, "OPTIONS");
	if (!is_asterisk && (head->path.len == 0 || head->path.ptr[0] != '/'))
		return refuse(refusal, 400, "The request's target must begin with '/'.");
	return true;
}

static bool parse_version(struct weir_slice version, struct weir_h1_head *head, struct weir_h1_refusal *refusal)
{
	if (version.len != 8 || memcmp(version.ptr, "HTTP/", 5) != 0 || version.ptr[6] != '.')
		return refuse(refusal, 400, "The request line does not end with an HTTP version.");
	if (version.ptr[5] != '1' || (version.ptr[7] != '0' && version.ptr[7] != '1'))
		return refuse(refusal, 505, "Only HTTP/1.0, HTTP/1.1 and HTTP/2 are spoken here.");
	head->minor = version.ptr[7] - '0';
	return true;
}

static bool parse_request_line(struct weir_slice line, struct weir_h1_head *head, struct weir_h1_refusal *refusal)
{
	const char *first = memchr(line.ptr, ' ', line.len);
	const char *last = memrchr(line.ptr, ' ', line.len);

	if (!first || first == last)
		return refuse(refusal, 400, "The request line must be: method, blank, target, blank, version.");
	head->method = weir_slice_make(line.ptr, (size_t)(first - line.ptr));
	if (!is_token(head->method))
		return refuse(refusal, 400, "The request's method is not a word.");
	if (!parse_version(weir_slice_make(last + 1, line.len - (size_t)(last + 1 - line.ptr)), head, refusal))
		return false;
	return parse_target(weir_slice_make(first + 1, (size_t)(last - first) - 1), head, refusal);
}

static void lower(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] >= 'A' && text[i] <= 'Z')
			text[i] = (char)(text[i] + ('a' - 'A'));
}

static bool is_field_value(struct weir_slice value)
{
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.ptr[i];
		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

static bool parse_header(struct weir_slice line, struct weir_h1_head *head, struct weir_h1_refusal *refusal)
{
	if (line.ptr[0] == ' ' || line.ptr[0] == '\t')
		return refuse(refusal, 400, "A header is folded over several lines.");
	const char *colon = memchr(line.ptr, ':', line.len);
	struct weir_slice name = weir_slice_make(line.ptr, colon ? (size_t)(colon - line.ptr) : 0);
	if (!is_token(name))
		return refuse(refusal, 400, "A header has no name, or a name with a character that may not stand there.");
	struct weir_slice value = trim_blanks(weir_slice_make(colon + 1, line.len - name.len - 1));
	if (!is_field_value(value))
		return refuse(refusal, 400, "A header's value holds a control character.");
	if (head->header_count == WEIR_H1_MAX_HEADERS)
		return refuse(refusal, 431, "The request has too many headers.");
	lower((char *)name.ptr, name.len);
	head->headers[head->header_count++] = (struct weir_http_header){ .name = name, .value = value };
	return true;
}

static bool parse_content_length(struct weir_slice value, struct weir_h1_head *head, struct weir_h1_refusal *refusal)
{
	uint64_t length = 0;

	if (head->content_length != WEIR_H1_LENGTH_NONE)
		return refuse(refusal, 400, "Content-Length is given more than once.");
	if (value.len == 0 || value.len > 19)
		return refuse(refusal, 400, "Content-Length is not a number.");
	for (size_t i = 0; i < value.len; i++) {
		if (value.ptr[i] < '0' || value.ptr[i] > '9')
			return refuse(refusal, 400, "Content-Length is not a number.");
		length = length * 10 + (uint64_t)(value.ptr[i] - '0');
	}
	if (length > WEIR_H1_MAX_CONTENT_LENGTH)
		return refuse(refusal, 413, "The request's body is too large.");
	head->content_length = length;
	return true;
}

static bool parse_transfer_encoding(struct weir_slice value, struct weir_h1_head *head, struct weir_h1_refusal *refusal)
{
	if (head->minor == 0)
		return refuse(refusal, 400, "HTTP/1.0 knows no Transfer-Encoding.");
	if (head->is_chunked)
		return refuse(refusal, 400, "Transfer-Encoding is given more than once.");
	if (!weir_slice_equals_nocase(value, WEIR_SLICE("chunked")))
		return refuse(refusal, 501, "No Transfer-Encoding but \"chunked\" is understood.");
	head->is_chunked = true;
	return true;
}

struct framing {
	bool has_host, closes, keeps, upgrades;
	struct weir_slice upgrade;
};

static bool read_host(struct weir_slice value, struct weir_h1_head *head, struct framing *framing, struct weir_h1_refusal *refusal)
{
	if (framing->has_host)
		return refuse(refusal, 400, "Host is given more than once.");
	framing->has_host = true;
	if (head->host.len == 0)
		head->host = value;
	return true;
}

static void read_connection(struct weir_slice value, struct framing *framing)
{
	framing->closes |= weir_h1_has_token(value, "close");
	framing->keeps |= weir_h1_has_token(value, "keep-alive");
	framing->upgrades |= weir_h1_has_token(value, "upgrade");
}

static bool read_framing_header(
	const struct weir_http_header *header, struct weir_h1_head *head, struct framing *framing, struct weir_h1_refusal *refusal)
{
	if (weir_slice_is(header->name, "content-length"))
		return parse_content_length(header->value, head, refusal);
	if (weir_slice_is(header->name, "transfer-encoding"))
		return parse_transfer_encoding(header->value, head, refusal);
	if (weir_slice_is(header->name, "host"))
		return read_host(header->value, head, framing, refusal);
	if (weir_slice_is(header->name, "connection"))
		read_connection(header->value, framing);
	else if (weir_slice_is(header->name, "upgrade") && framing->upgrade.len == 0)
		framing->upgrade = header->value;
	else if (weir_slice_is(header->name, "expect")) {
		if (!weir_slice_equals_nocase(header->value, WEIR_SLICE("100-continue")))
			return refuse(refusal, 417, "No expectation but \"100-continue\" is understood.");
		head->expects_continue = head->minor == 1;
	}
	return true;
}

static bool read_framing(struct weir_h1_head *head, struct weir_h1_refusal *refusal)
{
	struct framing framing = { 0 };

	for (size_t i = 0; i < head->header_count; i++)
		if (!read_framing_header(&head->headers[i], head, &framing, refusal))
			return false;
	if (head->is_chunked && head->content_length != WEIR_H1_LENGTH_NONE)
		return refuse(refusal, 400, "Both Content-Length and Transfer-Encoding are given.");
	if (head->minor == 1 && !framing.has_host)
		return refuse(refusal, 400, "The Host header is missing.");
	head->keep_alive = !framing.closes && (head->minor == 1 || framing.keeps);
	if (framing.upgrades && head->minor == 1)
		head->upgrade = framing.upgrade;
	return true;
}

bool weir_h1_parse_head(char *data, size_t len, struct weir_h1_head *head, struct weir_h1_refusal *refusal)
{
	struct weir_slice rest = weir_slice_make(data, len), line;

	*head = (struct weir_h1_head){ .content_length = WEIR_H1_LENGTH_NONE };
	if (!next_line(&rest, &line))
		return refuse(refusal, 400, "The request line holds a carriage return.");
	if (!parse_request_line(line, head, refusal))
		return false;
	while (rest.len) {
		if (!next_line(&rest, &line))
			return refuse(refusal, 400, "A header holds a carriage return.");
		if (line.len == 0)
			break;
		if (!parse_header(line, head, refusal))
			return false;
	}
	return read_framing(head, refusal);
}
