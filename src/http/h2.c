/* Receiving over HTTP/2 (nghttp2): streams become exchanges, DATA frames become body bytes, windows are opened as bytes are taken.
 *
 * Holds: nghttp2 checks the protocol and the messages' form; nothing below calls back into nghttp2 from a handler, since handlers
 * only leave their answers in the response.
 */
#include "http/conn.h"

#include <assert.h>
#include <nghttp2/nghttp2.h>

#define CONNECTION_WINDOW_BYTES (4 << 20)

static struct weir_http_response *find_exchange(nghttp2_session *session, int32_t stream_id)
{
	return nghttp2_session_get_stream_user_data(session, stream_id);
}

static int on_begin_headers(nghttp2_session *session, const nghttp2_frame *frame, void *user_data)
{
	struct weir_http_conn *conn = user_data;

	if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST)
		return 0;
	struct weir_http_response *response = weir_http_exchange_new(conn);
	response->stream_id = frame->hd.stream_id;
	response->request.version = WEIR_HTTP_2;
	conn->h2_headers_since_us = conn->server->now_us;
	nghttp2_session_set_stream_user_data(session, frame->hd.stream_id, response);
	return 0;
}

static void read_pseudo_header(struct weir_http_response *response, struct weir_slice name, struct weir_slice value)
{
	struct weir_http_request *request = &response->request;

	if (weir_slice_is(name, ":method")) {
		request->method = value;
	} else if (weir_slice_is(name, ":path")) {
		const char *mark = value.len ? memchr(value.ptr, '?', value.len) : NULL;
		request->path = mark ? weir_slice_make(value.ptr, (size_t)(mark - value.ptr)) : value;
		if (mark)
			request->query = weir_slice_make(mark + 1, value.len - request->path.len - 1);
	} else if (weir_slice_is(name, ":authority")) {
		WEIR_VEC_PUSH(&response->headers_in, ((struct weir_http_header){ .name = WEIR_SLICE("host"), .value = value }));
	}
}

static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name, size_t name_len,
	const uint8_t *value, size_t value_len, uint8_t flags, void *user_data)
{
	struct weir_http_conn *conn = user_data;
	struct weir_http_response *response = find_exchange(session, frame->hd.stream_id);

	if (!response || response->is_dispatched || frame->headers.cat != NGHTTP2_HCAT_REQUEST)
		return 0; /* trailers */
	response->header_bytes += name_len + value_len;
	if (response->header_bytes > conn->server->config.max_header_bytes || response->headers_in.count >= WEIR_H1_MAX_HEADERS) {
		response->is_refused = true;
		return 0;
	}
	struct weir_slice name_copy = weir_arena_copy(&response->arena, weir_slice_make(name, name_len));
	struct weir_slice value_copy = weir_arena_copy(&response->arena, weir_slice_make(value, value_len));
	if (name_len && name[0] == ':')
		read_pseudo_header(response, name_copy, value_copy);
	else
		WEIR_VEC_PUSH(&response->headers_in, ((struct weir_http_header){ .name = name_copy, .value = value_copy }));
	return 0;
}

/* Answered by the server itself; what still comes of the body is thrown away. */
static void refuse(struct weir_http_response *response, int status, struct weir_slice text)
{
	atomic_fetch_add(&response->conn->server->refused_total, 1);
	response->is_refused = true;
	weir_http_response_send(response, status, "text/plain; charset=utf-8", text);
}

static void headers_complete(struct weir_http_conn *conn, struct weir_http_response *response)
{
	response->request.headers = response->headers_in.items;
	response->request.header_count = response->headers_in.count;
	if (response->request.path.len == 0)
		response->request.path = WEIR_SLICE("/"); /* CONNECT has none */
	if (response->is_refused)
		refuse(response, 431, WEIR_SLICE("The request's headers are too large.\n"));
	else if (weir_http_exchange_wants_stream(response))
		weir_http_exchange_dispatch(response);
}

static int on_frame_recv(nghttp2_session *session, const nghttp2_frame *frame, void *user_data)
{
	struct weir_http_conn *conn = user_data;
	struct weir_http_response *response = NULL;

	if (frame->hd.type == NGHTTP2_WINDOW_UPDATE || frame->hd.type == NGHTTP2_SETTINGS)
		weir_http_h2_resume_starved(conn, false);
	if (frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA)
		response = find_exchange(session, frame->hd.stream_id);
	if (!response)
		return 0;
	if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST) {
		conn->h2_headers_since_us = 0;
		headers_complete(conn, response);
	}
	if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) && !response->is_body_complete) {
		if (response->is_refused)
			response->is_body_complete = true;
		else
			weir_http_exchange_body_end(response);
	}
	return 0;
}

static int on_data_chunk(
	nghttp2_session *session, uint8_t flags, int32_t stream_id, const uint8_t *data, size_t len, void *user_data)
{
	struct weir_http_response *response = find_exchange(session, stream_id);

	if (!response || response->is_refused) {
		nghttp2_session_consume(session, stream_id, len);
		return 0;
	}
	if (!response->is_body_streamed)
		nghttp2_session_consume(session, stream_id, len);
	if (!weir_http_exchange_body_bytes(response, weir_slice_make(data, len)))
		refuse(response, 413, WEIR_SLICE("The request's body is too large.\n"));
	return 0;
}

static int on_stream_close(nghttp2_session *session, int32_t stream_id, uint32_t error_code, void *user_data)
{
	struct weir_http_response *response = find_exchange(session, stream_id);

	if (!response)
		return 0;
	nghttp2_session_set_stream_user_data(session, stream_id, NULL);
	if (response->body_untaken_bytes)
		nghttp2_session_consume_connection(session, response->body_untaken_bytes);
	weir_http_exchange_close(response, response->is_all_sent);
	return 0;
}

/* An answer that ended before its request did: the rest of the request is not wanted. */
static int on_frame_send(nghttp2_session *session, const nghttp2_frame *frame, void *user_data)
{
	if (!(frame->hd.flags & NGHTTP2_FLAG_END_STREAM) || (frame->hd.type != NGHTTP2_DATA && frame->hd.type != NGHTTP2_HEADERS))
		return 0;
	struct weir_http_response *response = find_exchange(session, frame->hd.stream_id);
	if (!response)
		return 0;
	response->is_all_sent = true;
	if (!response->is_body_complete)
		nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, frame->hd.stream_id, NGHTTP2_NO_ERROR);
	return 0;
}

static nghttp2_session_callbacks *callbacks_new(void)
{
	nghttp2_session_callbacks *callbacks;

	if (nghttp2_session_callbacks_new(&callbacks) != 0)
		return NULL;
	nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin_headers);
	nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
	nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame_recv);
	nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data_chunk);
	nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_stream_close);
	nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, on_frame_send);
	return callbacks;
}

static bool open_session(struct weir_http_conn *conn)
{
	nghttp2_session_callbacks *callbacks = callbacks_new();
	nghttp2_option *option = NULL;
	int rc = callbacks ? nghttp2_option_new(&option) : -1;

	if (rc == 0) {
		nghttp2_option_set_no_auto_window_update(option, 1);
		nghttp2_option_set_no_closed_streams(option, 1);
		rc = nghttp2_session_server_new2(&conn->h2, callbacks, conn, option);
	}
	nghttp2_option_del(option);
	nghttp2_session_callbacks_del(callbacks);
	return rc == 0;
}

static bool submit_settings(struct weir_http_conn *conn)
{
	struct weir_http_server_config *config = &conn->server->config;
	nghttp2_settings_entry settings[] = {
		{ NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, config->max_streams },
		{ NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, (uint32_t)WEIR_HTTP_BODY_WINDOW_BYTES },
		{ NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, (uint32_t)config->max_header_bytes },
		{ NGHTTP2_SETTINGS_ENABLE_CONNECT_PROTOCOL, 0 },
	};

	return nghttp2_submit_settings(conn->h2, NGHTTP2_FLAG_NONE, settings, sizeof settings / sizeof *settings) == 0 &&
	       nghttp2_session_set_local_window_size(conn->h2, NGHTTP2_FLAG_NONE, 0, CONNECTION_WINDOW_BYTES) == 0;
}

bool weir_http_h2_start(struct weir_http_conn *conn)
{
	return open_session(conn) && submit_settings(conn);
}

bool weir_http_h2_start_upgraded(struct weir_http_conn *conn, struct weir_http_response *response, struct weir_slice settings)
{
	uint8_t payload[512];
	size_t len = 0;

	conn->phase = WEIR_HTTP_H2;
	if (!weir_http_base64_decode(settings, payload, sizeof payload, &len) || !open_session(conn))
		return false;
	bool is_head = weir_slice_is(response->request.method, "HEAD");
	if (nghttp2_session_upgrade2(conn->h2, payload, len, is_head, NULL) != 0)
		return false;
	response->stream_id = 1;
	response->request.version = WEIR_HTTP_2;
	nghttp2_session_set_stream_user_data(conn->h2, 1, response);
	return submit_settings(conn);
}

void weir_http_h2_input(struct weir_http_conn *conn)
{
	struct weir_slice in = weir_http_conn_in(conn);

	if (conn->closes_after_flush) {
		conn->in_at = conn->in.len;
		return;
	}
	ssize_t taken = nghttp2_session_mem_recv(conn->h2, (const uint8_t *)in.ptr, in.len);

	if (taken < 0) { /* nghttp2 has queued a GOAWAY where there is one to send */
		conn->in_at = conn->in.len;
		conn->closes_after_flush = true;
		return;
	}
	conn->in_at += (size_t)taken;
}

void weir_http_h2_tick(struct weir_http_conn *conn)
{
	struct weir_http_server_config *config = &conn->server->config;
	int64_t now = conn->server->now_us;
	bool is_slow = conn->h2_headers_since_us && now - conn->h2_headers_since_us > config->header_timeout_ms * 1000;

	if (is_slow) {
		weir_http_conn_kill(conn);
		return;
	}
	for (struct weir_http_response *response = conn->exchanges; response; response = response->next) {
		bool is_stuck = !response->is_body_streamed && !response->is_body_complete && !response->is_refused &&
				now - response->body_seen_us > config->body_timeout_ms * 1000;
		if (is_stuck)
			refuse(response, 408, WEIR_SLICE("The request's body took too long.\n"));
	}
	weir_http_h2_resume_starved(conn, true);
	weir_http_conn_settle(conn);
}

void weir_http_h2_stop(struct weir_http_conn *conn)
{
	nghttp2_submit_shutdown_notice(conn->h2);
	nghttp2_submit_goaway(
		conn->h2, NGHTTP2_FLAG_NONE, nghttp2_session_get_last_proc_stream_id(conn->h2), NGHTTP2_NO_ERROR, NULL, 0);
}

void weir_http_h2_close(struct weir_http_conn *conn)
{
	nghttp2_session_del(conn->h2);
	conn->h2 = NULL;
}
