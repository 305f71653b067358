/* A small HTTP/2 client for tests that sees single frames: one connection, blocking socket, nghttp2. */
#pragma once

#include "unit/http/fixture.h"

#include <nghttp2/nghttp2.h>

#define H2_MAX_FRAMES 4096

struct h2_stream {
	int32_t id;
	int status;
	struct weir_buf body;
	size_t frame_sizes[H2_MAX_FRAMES];
	size_t frame_count;
	bool is_closed;
	uint32_t close_code;
	struct weir_slice upload; /* what is still to be sent */
	bool upload_ends;
};

struct h2_client {
	int fd;
	nghttp2_session *session;
	bool got_goaway;
};

static inline int h2_on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name, size_t name_len,
	const uint8_t *value, size_t value_len, uint8_t flags, void *user_data)
{
	struct h2_stream *stream = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);

	if (stream && name_len == 7 && memcmp(name, ":status", 7) == 0)
		stream->status = atoi((const char *)value);
	return 0;
}

static inline int h2_on_data(
	nghttp2_session *session, uint8_t flags, int32_t stream_id, const uint8_t *data, size_t len, void *user_data)
{
	struct h2_stream *stream = nghttp2_session_get_stream_user_data(session, stream_id);

	weir_buf_append(&stream->body, data, len);
	return 0;
}

static inline int h2_on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *user_data)
{
	struct h2_client *client = user_data;
	struct h2_stream *stream = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);

	if (frame->hd.type == NGHTTP2_GOAWAY)
		client->got_goaway = true;
	if (frame->hd.type == NGHTTP2_DATA && stream && frame->hd.length && stream->frame_count < H2_MAX_FRAMES)
		stream->frame_sizes[stream->frame_count++] = frame->hd.length;
	return 0;
}

static inline int h2_on_close(nghttp2_session *session, int32_t stream_id, uint32_t code, void *user_data)
{
	struct h2_stream *stream = nghttp2_session_get_stream_user_data(session, stream_id);

	if (stream) {
		stream->is_closed = true;
		stream->close_code = code;
	}
	return 0;
}

static inline void h2_flush(struct h2_client *client)
{
	const uint8_t *bytes;

	for (ssize_t len; (len = nghttp2_session_mem_send(client->session, &bytes)) > 0;)
		assert_int_equal(send(client->fd, bytes, (size_t)len, MSG_NOSIGNAL), len);
}

/* Manual windows: nothing is given back unless h2_give() is called. */
static inline void h2_open(struct h2_client *client, uint16_t port, bool manual_windows)
{
	nghttp2_session_callbacks *callbacks;
	nghttp2_option *option;

	*client = (struct h2_client){ .fd = dial(port) };
	nghttp2_session_callbacks_new(&callbacks);
	nghttp2_option_new(&option);
	nghttp2_option_set_no_auto_window_update(option, manual_windows);
	nghttp2_session_callbacks_set_on_header_callback(callbacks, h2_on_header);
	nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, h2_on_data);
	nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, h2_on_frame);
	nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, h2_on_close);
	assert_int_equal(nghttp2_session_client_new2(&client->session, callbacks, client, option), 0);
	nghttp2_session_callbacks_del(callbacks);
	nghttp2_option_del(option);
	nghttp2_submit_settings(client->session, 0, NULL, 0);
	h2_flush(client);
}

static inline void h2_close(struct h2_client *client)
{
	nghttp2_session_del(client->session);
	close(client->fd);
}

static inline ssize_t h2_read_upload(nghttp2_session *session, int32_t stream_id, uint8_t *buf, size_t room, uint32_t *flags,
	nghttp2_data_source *source, void *user_data)
{
	struct h2_stream *stream = source->ptr;
	size_t len = stream->upload.len < room ? stream->upload.len : room;

	if (len == 0 && !stream->upload_ends)
		return NGHTTP2_ERR_DEFERRED;
	memcpy(buf, stream->upload.ptr, len);
	stream->upload = weir_slice_make(stream->upload.ptr + len, stream->upload.len - len);
	if (stream->upload.len == 0 && stream->upload_ends)
		*flags |= NGHTTP2_DATA_FLAG_EOF;
	return (ssize_t)len;
}

static inline nghttp2_nv h2_header(const char *name, const char *value)
{
	return (nghttp2_nv){ (uint8_t *)name, (uint8_t *)value, strlen(name), strlen(value), 0 };
}

/* A GET, or a POST with a body that begins with `upload`. */
static inline void h2_request(
	struct h2_client *client, struct h2_stream *stream, const char *path, const char *upload, bool upload_ends)
{
	nghttp2_nv headers[] = { h2_header(":method", upload ? "POST" : "GET"), h2_header(":scheme", "http"),
		h2_header(":authority", "x"), h2_header(":path", path) };
	nghttp2_data_provider provider = { .source.ptr = stream, .read_callback = h2_read_upload };

	*stream = (struct h2_stream){ .upload = weir_slice_of(upload), .upload_ends = upload_ends };
	weir_buf_init(&stream->body, WEIR_BUF_NO_LIMIT);
	stream->id = nghttp2_submit_request(client->session, NULL, headers, 4, upload ? &provider : NULL, stream);
	assert_true(stream->id > 0);
	h2_flush(client);
}

static inline void h2_upload(struct h2_client *client, struct h2_stream *stream, const char *more, bool ends)
{
	stream->upload = weir_slice_of(more);
	stream->upload_ends = ends;
	nghttp2_session_resume_data(client->session, stream->id);
	h2_flush(client);
}

/* Reads once; false at the end or when nothing comes within timeout_ms. */
static inline bool h2_step(struct h2_client *client, int timeout_ms)
{
	static uint8_t bytes[65536];
	struct pollfd poll_fd = { .fd = client->fd, .events = POLLIN };

	if (poll(&poll_fd, 1, timeout_ms) <= 0)
		return false;
	ssize_t n = recv(client->fd, bytes, sizeof bytes, 0);
	if (n <= 0)
		return false;
	assert_int_equal(nghttp2_session_mem_recv(client->session, bytes, (size_t)n), n);
	h2_flush(client);
	return true;
}

#define H2_UNTIL(client, condition)                                                                                                \
	do {                                                                                                                       \
		while (!(condition) && h2_step((client), 10000)) {                                                                 \
		}                                                                                                                  \
		assert_true(condition);                                                                                            \
	} while (0)
