/* Receiving over HTTP/1: one request after another; the next one is looked at when the last answer is in the output buffer.
 *
 *   HEAD ──head parsed──► BODY ──complete──► ANSWER ──answer sent──► HEAD
 *                          │ (streamed: the handler runs here already)   │
 *                          └────────── refused, or not to be kept ──────►┴─► the connection closes after its output
 *   A 101 answer leads to TUNNEL, where bytes go through both ways until the connection ends.
 */
#include "http/conn.h"

#include <assert.h>

static void take_in(struct weir_http_conn *conn, size_t bytes)
{
	conn->in_at += bytes;
	assert(conn->in_at <= conn->in.len);
}

void weir_http_h1_refuse(struct weir_http_conn *conn, int status, const char *reason)
{
	struct weir_http_response *current = conn->h1.current;

	atomic_fetch_add(&conn->server->refused_total, 1);
	bool is_answering = current && current->is_head_sent;
	conn->h1.current = NULL;
	if (current)
		weir_http_exchange_close(current, false);
	if (is_answering) { /* there is no place left for a status */
		weir_http_conn_kill(conn);
		return;
	}
	weir_buf_printf(&conn->out,
		"HTTP/1.1 %d %s\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: %zu\r\nconnection: close\r\n\r\n%s\n",
		status, weir_http_status_text(status), strlen(reason) + 1, reason);
	conn->closes_after_flush = true;
}

static void copy_head(struct weir_http_response *response, const struct weir_h1_head *head)
{
	struct weir_http_request *request = &response->request;
	struct weir_http_header *headers = WEIR_ARENA_ARRAY(&response->arena, struct weir_http_header, head->header_count + 1);

	memcpy(headers, head->headers, head->header_count * sizeof *headers);
	request->version = head->minor == 0 ? WEIR_HTTP_1_0 : WEIR_HTTP_1_1;
	request->method = head->method;
	request->path = head->path;
	request->query = head->query;
	request->headers = headers;
	request->header_count = head->header_count;
}

static bool wants_h2c(const struct weir_http_conn *conn, const struct weir_h1_head *head, const struct weir_http_request *request)
{
	return !conn->ssl && weir_h1_has_token(head->upgrade, "h2c") && weir_http_request_header(request, "http2-settings").ptr;
}

static void upgrade_to_h2(struct weir_http_conn *conn)
{
	static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: h2c\r\n\r\n";
	struct weir_http_response *response = conn->h1.current;
	struct weir_slice settings = weir_http_request_header(&response->request, "http2-settings");

	weir_buf_append(&conn->out, answer, sizeof answer - 1);
	conn->h1.current = NULL;
	if (!weir_http_h2_start_upgraded(conn, response, settings)) {
		weir_http_conn_kill(conn);
		return;
	}
	weir_http_exchange_body_end(response);
	if (!conn->is_dead && weir_http_conn_in(conn).len)
		weir_http_h2_input(conn);
}

static void end_body(struct weir_http_conn *conn)
{
	if (conn->h1.wants_h2c) {
		upgrade_to_h2(conn);
		return;
	}
	conn->h1.state = H1_ANSWER;
	weir_http_exchange_body_end(conn->h1.current);
}

static bool body_fits(const struct weir_http_conn *conn, const struct weir_h1_head *head)
{
	return head->content_length == WEIR_H1_LENGTH_NONE || head->content_length <= conn->server->config.max_body_bytes;
}

/* The head is there: decides what becomes of the body. */
static void begin_request(struct weir_http_conn *conn, const struct weir_h1_head *head)
{
	struct weir_http_response *response = conn->h1.current;
	bool has_body = head->is_chunked || (head->content_length != WEIR_H1_LENGTH_NONE && head->content_length > 0);
	bool is_streamed = weir_http_exchange_wants_stream(response);

	conn->h1.is_chunked = head->is_chunked;
	conn->h1.chunked = (struct weir_h1_chunked){ 0 };
	conn->h1.body_left = has_body && !head->is_chunked ? head->content_length : 0;
	conn->h1.keep_alive = head->keep_alive;
	conn->h1.wants_h2c = !is_streamed && wants_h2c(conn, head, &response->request);
	if (!is_streamed && !body_fits(conn, head)) {
		weir_http_h1_refuse(conn, 413, "The request's body is too large.");
		return;
	}
	if (has_body && head->expects_continue && weir_http_conn_in(conn).len == 0)
		weir_buf_append_text(&conn->out, "HTTP/1.1 100 Continue\r\n\r\n");
	if (is_streamed)
		weir_http_exchange_dispatch(response);
	conn->h1.state = H1_BODY;
	if (!has_body)
		end_body(conn);
}

/* Empty lines before a request are ignored. False: only a part of one is there. */
static bool skip_blank_lines(struct weir_http_conn *conn)
{
	struct weir_slice in = weir_http_conn_in(conn);

	while (conn->h1.scan.scanned == 0 && in.len >= 2 && in.ptr[0] == '\r' && in.ptr[1] == '\n') {
		take_in(conn, 2);
		in = weir_http_conn_in(conn);
	}
	return in.len > 1 || (in.len == 1 && in.ptr[0] != '\r');
}

static bool input_head(struct weir_http_conn *conn)
{
	struct weir_h1_refusal refusal;
	size_t head_bytes = 0;

	if (!skip_blank_lines(conn))
		return false;
	if (!conn->h1.head_since_us)
		conn->h1.head_since_us = conn->server->now_us;
	struct weir_slice in = weir_http_conn_in(conn);
	enum weir_h1_result result =
		weir_h1_scan_head(&conn->h1.scan, in, conn->server->config.max_header_bytes, &head_bytes, &refusal);
	if (result == WEIR_H1_REFUSED)
		weir_http_h1_refuse(conn, refusal.status, refusal.reason);
	if (result != WEIR_H1_DONE)
		return false;
	conn->h1.head_since_us = 0;
	conn->h1.scan = (struct weir_h1_scan){ 0 };
	struct weir_http_response *response = weir_http_exchange_new(conn);
	conn->h1.current = response;
	struct weir_slice copy = weir_arena_copy(&response->arena, weir_slice_make(in.ptr, head_bytes));
	take_in(conn, head_bytes);
	struct weir_h1_head head;
	if (!weir_h1_parse_head((char *)copy.ptr, copy.len, &head, &refusal)) {
		weir_http_h1_refuse(conn, refusal.status, refusal.reason);
		return false;
	}
	copy_head(response, &head);
	begin_request(conn, &head);
	return true;
}

static bool pass_body(struct weir_http_conn *conn, struct weir_slice piece)
{
	if (weir_http_exchange_body_bytes(conn->h1.current, piece))
		return true;
	weir_http_h1_refuse(conn, 413, "The request's body is too large.");
	return false;
}

static bool input_plain_body(struct weir_http_conn *conn)
{
	struct weir_slice in = weir_http_conn_in(conn);
	size_t len = in.len < conn->h1.body_left ? in.len : (size_t)conn->h1.body_left;

	if (len == 0)
		return false;
	take_in(conn, len);
	conn->h1.body_left -= len;
	if (!pass_body(conn, weir_slice_make(in.ptr, len)))
		return false;
	if (conn->h1.body_left == 0)
		end_body(conn);
	return true;
}

static bool input_chunked_body(struct weir_http_conn *conn)
{
	struct weir_h1_refusal refusal;
	struct weir_slice piece;
	size_t taken;
	enum weir_h1_result result = weir_h1_chunked_next(&conn->h1.chunked, weir_http_conn_in(conn), &taken, &piece, &refusal);

	if (result == WEIR_H1_REFUSED) {
		weir_http_h1_refuse(conn, refusal.status, refusal.reason);
		return false;
	}
	take_in(conn, taken);
	if (piece.len && !pass_body(conn, piece))
		return false;
	if (result == WEIR_H1_DONE)
		end_body(conn);
	return taken > 0;
}

static bool input_body(struct weir_http_conn *conn)
{
	if (conn->h1.current->body_untaken_bytes >= WEIR_HTTP_BODY_WINDOW_BYTES)
		return false;
	return conn->h1.is_chunked ? input_chunked_body(conn) : input_plain_body(conn);
}

static bool input_tunnel(struct weir_http_conn *conn)
{
	struct weir_slice in = weir_http_conn_in(conn);
	struct weir_http_response *response = conn->h1.current;

	if (in.len == 0 || response->body_untaken_bytes >= WEIR_HTTP_BODY_WINDOW_BYTES)
		return false;
	take_in(conn, in.len);
	response->is_body_streamed = true;
	return weir_http_exchange_body_bytes(response, in);
}

void weir_http_h1_input(struct weir_http_conn *conn)
{
	bool goes_on = true;

	while (goes_on && !conn->is_dead && !conn->closes_after_flush && conn->phase == WEIR_HTTP_H1) {
		switch (conn->h1.state) {
		case H1_HEAD:
			goes_on = input_head(conn);
			break;
		case H1_BODY:
			goes_on = input_body(conn);
			break;
		case H1_TUNNEL:
			goes_on = input_tunnel(conn);
			break;
		case H1_ANSWER:
			return;
		}
	}
}

bool weir_http_h1_wants_input(const struct weir_http_conn *conn)
{
	if (conn->h1.state == H1_BODY || conn->h1.state == H1_TUNNEL)
		return conn->h1.current->body_untaken_bytes < WEIR_HTTP_BODY_WINDOW_BYTES;
	return true;
}

static void time_out(struct weir_http_conn *conn, const char *reason)
{
	weir_http_h1_refuse(conn, 408, reason);
	weir_http_conn_settle(conn);
}

void weir_http_h1_tick(struct weir_http_conn *conn)
{
	struct weir_http_server_config *config = &conn->server->config;
	int64_t now = conn->server->now_us;
	struct weir_http_response *current = conn->h1.current;

	if (conn->closes_after_flush)
		return;
	if (conn->h1.state == H1_HEAD && conn->h1.head_since_us && now - conn->h1.head_since_us > config->header_timeout_ms * 1000)
		time_out(conn, "The request's headers took too long.");
	else if (conn->h1.state == H1_BODY && !current->is_body_streamed &&
		 now - current->body_seen_us > config->body_timeout_ms * 1000)
		time_out(conn, "The request's body took too long.");
}
