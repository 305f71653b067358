/* Answering over HTTP/1: head, chunks or plain bytes, end. */
#include "http/conn.h"

static bool has_no_body(const struct weir_http_response *response)
{
	return weir_slice_is(response->request.method, "HEAD") || response->status == 204 || response->status == 304;
}

static void append_framing(struct weir_http_conn *conn, const struct weir_http_response *response, int64_t content_length)
{
	bool is_1_0 = response->request.version == WEIR_HTTP_1_0;

	conn->h1.writes_chunks = false;
	if (response->status == 101)
		return;
	if (content_length >= 0) {
		if (response->status != 204 && response->status != 304)
			weir_buf_printf(&conn->out, "content-length: %lld\r\n", (long long)content_length);
	} else if (is_1_0) {
		conn->h1.keep_alive = false; /* the connection's end is the body's end */
	} else if (response->status != 204 && response->status != 304) {
		weir_buf_append_text(&conn->out, "transfer-encoding: chunked\r\n");
		conn->h1.writes_chunks = true;
	}
	if (atomic_load(&conn->server->is_stopping) || !response->is_body_complete)
		conn->h1.keep_alive = false;
	if (!conn->h1.keep_alive)
		weir_buf_append_text(&conn->out, "connection: close\r\n");
	else if (is_1_0)
		weir_buf_append_text(&conn->out, "connection: keep-alive\r\n");
}

static void send_head(struct weir_http_conn *conn, struct weir_http_response *response, const struct weir_http_progress *progress)
{
	weir_buf_printf(&conn->out, "HTTP/1.1 %d %s\r\n", progress->status, weir_http_status_text(progress->status));
	for (size_t i = 0; i < response->header_count; i++)
		weir_buf_printf(&conn->out, "%.*s: %.*s\r\n", WEIR_SLICE_ARG(response->headers[i].name),
			WEIR_SLICE_ARG(response->headers[i].value));
	append_framing(conn, response, progress->content_length);
	weir_buf_append_text(&conn->out, "\r\n");
	response->is_head_sent = true;
	if (progress->status == 101)
		conn->h1.state = H1_TUNNEL;
}

static void send_record(struct weir_http_conn *conn, struct weir_slice bytes)
{
	if (conn->h1.writes_chunks)
		weir_buf_printf(&conn->out, "%zx\r\n", bytes.len);
	weir_buf_append_slice(&conn->out, bytes);
	if (conn->h1.writes_chunks)
		weir_buf_append(&conn->out, "\r\n", 2);
}

static bool send_records(struct weir_http_conn *conn, struct weir_http_response *response)
{
	struct weir_slice bytes;
	bool did = false, is_start, drops = has_no_body(response);

	while (weir_http_conn_out_bytes(conn) < WEIR_HTTP_OUT_AHEAD_BYTES && weir_http_exchange_peek(response, &bytes, &is_start)) {
		if (!drops)
			send_record(conn, bytes);
		weir_http_exchange_sent(response, bytes.len);
		did = true;
	}
	return did;
}

void weir_http_h1_finish(struct weir_http_conn *conn)
{
	struct weir_http_response *response = conn->h1.current;

	if (conn->h1.writes_chunks && !has_no_body(response))
		weir_buf_append(&conn->out, "0\r\n\r\n", 5);
	if (!conn->h1.keep_alive || !response->is_body_complete || conn->h1.state == H1_TUNNEL)
		conn->closes_after_flush = true;
	conn->h1.current = NULL;
	conn->h1.state = H1_HEAD;
	conn->h1.scan = (struct weir_h1_scan){ 0 };
	conn->h1.head_since_us = 0;
	weir_http_exchange_close(response, true);
}

/* The program let go of the handle without an answer. */
static void answer_for_the_program(struct weir_http_conn *conn, struct weir_http_response *response, int status)
{
	if (status)
		weir_http_conn_kill(conn);
	else
		weir_http_response_send(
			response, 500, "text/plain; charset=utf-8", WEIR_SLICE("The server gave no answer to this request.\n"));
}

static bool pump_answer(struct weir_http_conn *conn, struct weir_http_response *response)
{
	bool is_let_go = response->is_dispatched && atomic_load(&response->user_refs) == 0; /* before looking at the progress */
	struct weir_http_progress progress = weir_http_exchange_progress(response);
	bool did = false;

	if (progress.is_aborted) {
		weir_http_conn_kill(conn);
		return false;
	}
	if (is_let_go && !progress.is_ended) {
		answer_for_the_program(conn, response, progress.status);
		return !conn->is_dead;
	}
	if (progress.status && !response->is_head_sent) {
		send_head(conn, response, &progress);
		did = true;
	}
	if (response->is_head_sent) {
		did |= send_records(conn, response);
		if (weir_http_exchange_is_done(response)) {
			weir_http_h1_finish(conn);
			did = true;
		}
	}
	return did;
}

bool weir_http_h1_pump(struct weir_http_conn *conn)
{
	struct weir_http_response *response = conn->h1.current;
	bool did = false;

	if (response)
		did = pump_answer(conn, response);
	if (conn->is_dead || conn->closes_after_flush)
		return did;
	if (conn->h1.current && weir_http_exchange_take_returned(conn->h1.current))
		did = conn->reads_again = true;
	size_t before = conn->in_at;
	weir_http_h1_input(conn);
	return did || conn->is_dead || conn->in_at != before;
}
