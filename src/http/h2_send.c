/* Answering over HTTP/2: one record of a response is one DATA frame.
 *
 * Holds: a record that fits a frame is not split just because the client's window is short at the moment: it waits for the window,
 * but at most SPLIT_AFTER_US, since a client may open its window only when it is used up.
 */
#include "http/conn.h"

#include <assert.h>
#include <nghttp2/nghttp2.h>
#include <stdio.h>

#define SPLIT_AFTER_US 50000

static ssize_t wait_for_more(struct weir_http_response *response)
{
	response->is_deferred = true;
	return NGHTTP2_ERR_DEFERRED;
}

static bool waits_for_window(struct weir_http_response *response, size_t record_bytes, size_t room)
{
	if (record_bytes <= room || record_bytes > WEIR_HTTP_FRAME_BYTES || response->may_split)
		return false;
	nghttp2_session *session = response->conn->h2;
	return nghttp2_session_get_remote_settings(session, NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE) >= record_bytes;
}

static ssize_t read_body(nghttp2_session *session, int32_t stream_id, uint8_t *buf, size_t room, uint32_t *data_flags,
	nghttp2_data_source *source, void *user_data)
{
	struct weir_http_response *response = source->ptr;
	struct weir_slice rest;
	bool is_start;

	if (!weir_http_exchange_peek(response, &rest, &is_start)) {
		if (!weir_http_exchange_is_done(response))
			return wait_for_more(response);
		*data_flags |= NGHTTP2_DATA_FLAG_EOF;
		return 0;
	}
	if (is_start && waits_for_window(response, rest.len, room)) {
		response->starved_since_us = response->conn->server->now_us;
		return wait_for_more(response);
	}
	size_t len = rest.len < room ? rest.len : room;
	memcpy(buf, rest.ptr, len);
	response->may_split = false;
	weir_http_exchange_sent(response, len);
	if (weir_http_exchange_is_done(response))
		*data_flags |= NGHTTP2_DATA_FLAG_EOF;
	return (ssize_t)len;
}

static nghttp2_nv make_nv(struct weir_slice name, struct weir_slice value)
{
	return (nghttp2_nv){
		.name = (uint8_t *)name.ptr, .namelen = name.len, .value = (uint8_t *)value.ptr, .valuelen = value.len
	};
}

static void submit_head(struct weir_http_conn *conn, struct weir_http_response *response, const struct weir_http_progress *progress)
{
	char status[8], length[24];
	size_t count = 0;
	nghttp2_nv *headers = WEIR_ARENA_ARRAY(&response->arena, nghttp2_nv, response->header_count + 2);
	bool has_no_body = weir_slice_is(response->request.method, "HEAD") || progress->status == 204 || progress->status == 304 ||
			   progress->content_length == 0;

	snprintf(status, sizeof status, "%d", progress->status);
	headers[count++] = make_nv(WEIR_SLICE(":status"), weir_slice_of(status));
	for (size_t i = 0; i < response->header_count; i++)
		if (!weir_http_header_is_framing(response->headers[i].name))
			headers[count++] = make_nv(response->headers[i].name, response->headers[i].value);
	if (progress->content_length >= 0 && progress->status != 204 && progress->status != 304) {
		snprintf(length, sizeof length, "%lld", (long long)progress->content_length);
		headers[count++] = make_nv(WEIR_SLICE("content-length"), weir_slice_of(length));
	}
	nghttp2_data_provider body = { .source.ptr = response, .read_callback = read_body };
	response->is_head_sent = true;
	if (nghttp2_submit_response(conn->h2, response->stream_id, headers, count, has_no_body ? NULL : &body) != 0)
		nghttp2_submit_rst_stream(conn->h2, NGHTTP2_FLAG_NONE, response->stream_id, NGHTTP2_INTERNAL_ERROR);
}

static void resume(struct weir_http_conn *conn, struct weir_http_response *response)
{
	if (!response->is_deferred)
		return;
	response->is_deferred = false;
	response->starved_since_us = 0;
	nghttp2_session_resume_data(conn->h2, response->stream_id);
}

/* The program let go of the handle without an answer. */
static void answer_for_the_program(struct weir_http_conn *conn, struct weir_http_response *response, int status)
{
	if (status)
		nghttp2_submit_rst_stream(conn->h2, NGHTTP2_FLAG_NONE, response->stream_id, NGHTTP2_INTERNAL_ERROR);
	else
		weir_http_response_send(
			response, 500, "text/plain; charset=utf-8", WEIR_SLICE("The server gave no answer to this request.\n"));
}

void weir_http_h2_response_ready(struct weir_http_conn *conn, struct weir_http_response *response)
{
	bool is_let_go = response->is_dispatched && atomic_load(&response->user_refs) == 0; /* before looking at the progress */
	struct weir_http_progress progress = weir_http_exchange_progress(response);
	size_t returned = weir_http_exchange_take_returned(response);

	if (returned)
		nghttp2_session_consume(conn->h2, response->stream_id, returned);
	if (progress.is_aborted) {
		nghttp2_submit_rst_stream(conn->h2, NGHTTP2_FLAG_NONE, response->stream_id, NGHTTP2_INTERNAL_ERROR);
		return;
	}
	if (is_let_go && !progress.is_ended) {
		answer_for_the_program(conn, response, progress.status);
		return;
	}
	if (progress.status == 101) /* HTTP/2 has no tunnels of this kind */
		nghttp2_submit_rst_stream(conn->h2, NGHTTP2_FLAG_NONE, response->stream_id, NGHTTP2_HTTP_1_1_REQUIRED);
	else if (progress.status && !response->is_head_sent)
		submit_head(conn, response, &progress);
	else if (!response->starved_since_us)
		resume(conn, response);
}

void weir_http_h2_resume_starved(struct weir_http_conn *conn, bool may_split)
{
	int64_t now = conn->server->now_us;

	for (struct weir_http_response *response = conn->exchanges; response; response = response->next) {
		if (!response->starved_since_us)
			continue;
		bool is_long = now - response->starved_since_us >= SPLIT_AFTER_US;
		if (may_split && !is_long)
			continue;
		response->may_split = may_split;
		resume(conn, response);
	}
}

bool weir_http_h2_pump(struct weir_http_conn *conn)
{
	bool did = false;

	while (weir_http_conn_out_bytes(conn) < WEIR_HTTP_OUT_AHEAD_BYTES) {
		const uint8_t *bytes;
		ssize_t len = nghttp2_session_mem_send(conn->h2, &bytes);
		if (len < 0) {
			weir_http_conn_kill(conn);
			return false;
		}
		if (len == 0)
			break;
		weir_buf_append(&conn->out, bytes, (size_t)len);
		did = true;
	}
	if (!did && !nghttp2_session_want_read(conn->h2) && !nghttp2_session_want_write(conn->h2))
		conn->closes_after_flush = true;
	return did;
}
