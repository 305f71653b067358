/* WebSockets over a tunnelled response: handshake, messages, pings, closing. */
#include "http/websocket.h"

#include "base/memory.h"
#include "http/h1_parse.h"
#include "http/websocket_frame.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define MAX_MESSAGE_BYTES ((size_t)1 << 20)
#define MAX_REASON_BYTES  123

struct weir_websocket {
	atomic_int refs;
	struct weir_http_response *response; /* own reference */
	struct weir_websocket_callbacks callbacks;
	pthread_mutex_t lock;
	bool is_ended; /* under lock: no more frames go out */
	/* I/O thread */
	struct weir_buf in, message;
};

bool weir_websocket_is_asked(const struct weir_http_request *request, const char **ret_reason)
{
	if (request->version != WEIR_HTTP_1_1 || !weir_slice_is(request->method, "GET"))
		*ret_reason = "A WebSocket begins with a GET over HTTP/1.1.";
	else if (!weir_h1_has_token(weir_http_request_header(request, "connection"), "upgrade"))
		*ret_reason = "\"Connection\" header must be \"Upgrade\".";
	else if (!weir_h1_has_token(weir_http_request_header(request, "upgrade"), "websocket"))
		*ret_reason = "\"Upgrade\" header must be \"websocket\".";
	else if (!weir_slice_is(weir_http_request_header(request, "sec-websocket-version"), "13"))
		*ret_reason = "\"Sec-WebSocket-Version\" header must be \"13\".";
	else if (weir_http_request_header(request, "sec-websocket-key").len != 24)
		*ret_reason = "\"Sec-WebSocket-Key\" header must be 16 bytes in base64.";
	else
		return true;
	return false;
}

static void make_accept_key(struct weir_slice key, char ret_accept[32])
{
	static const char magic[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	char text[24 + sizeof magic];
	unsigned char digest[SHA_DIGEST_LENGTH];

	memcpy(text, key.ptr, 24);
	memcpy(text + 24, magic, sizeof magic);
	SHA1((const unsigned char *)text, sizeof text - 1, digest);
	EVP_EncodeBlock((unsigned char *)ret_accept, digest, sizeof digest);
}

static void send_frame(struct weir_websocket *self, enum weir_ws_opcode opcode, struct weir_slice payload, bool is_last)
{
	struct weir_buf frame;

	pthread_mutex_lock(&self->lock);
	if (!self->is_ended) {
		weir_buf_init(&frame, WEIR_BUF_NO_LIMIT);
		weir_ws_append(&frame, opcode, payload);
		weir_http_response_write(self->response, weir_buf_slice(&frame));
		weir_buf_fini(&frame);
		if (is_last)
			weir_http_response_end(self->response);
		self->is_ended = is_last;
	}
	pthread_mutex_unlock(&self->lock);
}

void weir_websocket_send(struct weir_websocket *websocket, struct weir_slice text)
{
	send_frame(websocket, WEIR_WS_TEXT, text, false);
}

void weir_websocket_close(struct weir_websocket *websocket, uint16_t code, struct weir_slice reason)
{
	char payload[2 + MAX_REASON_BYTES] = { (char)(code >> 8), (char)code };
	size_t len = reason.len;

	if (len > MAX_REASON_BYTES) {
		len = MAX_REASON_BYTES - 3;
		while (len > 0 && ((unsigned char)reason.ptr[len] & 0xC0) == 0x80) /* not within a character */
			len--;
		memcpy(payload + 2, reason.ptr, len);
		memcpy(payload + 2 + len, "...", 3);
		len += 3;
	} else if (len) {
		memcpy(payload + 2, reason.ptr, len);
	}
	send_frame(websocket, WEIR_WS_CLOSE, weir_slice_make(payload, 2 + len), true);
}

static void handle_data(struct weir_websocket *self, const struct weir_ws_frame *frame)
{
	bool begins = frame->opcode != WEIR_WS_CONTINUATION;

	if (begins)
		weir_buf_reset(&self->message);
	weir_buf_append_slice(&self->message, frame->payload);
	if (!weir_buf_ok(&self->message))
		weir_websocket_close(self, 1009, WEIR_SLICE("The message is too large."));
	else if (frame->is_final && self->callbacks.on_message)
		self->callbacks.on_message(self->callbacks.ctx, self, weir_buf_slice(&self->message));
}

static void handle_frame(struct weir_websocket *self, const struct weir_ws_frame *frame)
{
	switch (frame->opcode) {
	case WEIR_WS_PING:
		send_frame(self, WEIR_WS_PONG, frame->payload, false);
		break;
	case WEIR_WS_PONG:
		break;
	case WEIR_WS_CLOSE: /* the same code goes back */
		send_frame(self, WEIR_WS_CLOSE, weir_slice_make(frame->payload.ptr, frame->payload.len >= 2 ? 2 : 0), true);
		break;
	default:
		handle_data(self, frame);
	}
}

/* Frames that are complete; the rest stays in the buffer. */
static void take_frames(struct weir_websocket *self)
{
	struct weir_ws_frame frame;
	size_t at = 0;
	uint16_t code = 1002;

	for (;;) {
		enum weir_ws_result result = weir_ws_parse(self->in.data + at, self->in.len - at, MAX_MESSAGE_BYTES, &frame, &code);
		if (result == WEIR_WS_REFUSED) {
			weir_websocket_close(self, code, WEIR_SLICE("The frame is not acceptable."));
			at = self->in.len;
		}
		if (result != WEIR_WS_DONE)
			break;
		handle_frame(self, &frame);
		at += frame.bytes;
	}
	if (at)
		memmove(self->in.data, self->in.data + at, self->in.len - at);
	self->in.len -= at;
}

static void on_body(void *ctx, struct weir_http_response *response, struct weir_slice piece, bool is_end)
{
	struct weir_websocket *self = ctx;

	weir_http_response_body_taken(response, piece.len);
	weir_buf_append_slice(&self->in, piece);
	if (self->in.len)
		take_frames(self);
}

static void on_close(void *ctx, struct weir_http_response *response, bool complete)
{
	struct weir_websocket *self = ctx;

	pthread_mutex_lock(&self->lock);
	self->is_ended = true;
	pthread_mutex_unlock(&self->lock);
	if (self->callbacks.on_close)
		self->callbacks.on_close(self->callbacks.ctx, self);
	weir_websocket_unref(self);
}

struct weir_websocket *weir_websocket_accept(struct weir_http_response *response, struct weir_websocket_callbacks callbacks)
{
	struct weir_websocket *self = weir_alloc_zero(sizeof *self);
	char accept[32];

	make_accept_key(weir_http_request_header(weir_http_response_request(response), "sec-websocket-key"), accept);
	struct weir_http_header headers[] = { { WEIR_SLICE("connection"), WEIR_SLICE("Upgrade") },
		{ WEIR_SLICE("upgrade"), WEIR_SLICE("websocket") }, { WEIR_SLICE("sec-websocket-accept"), weir_slice_of(accept) } };
	atomic_init(&self->refs, 2); /* the caller's, and the connection's until on_close */
	self->response = weir_http_response_ref(response);
	self->callbacks = callbacks;
	pthread_mutex_init(&self->lock, NULL);
	weir_buf_init(&self->in, MAX_MESSAGE_BYTES * 2);
	weir_buf_init(&self->message, MAX_MESSAGE_BYTES);
	weir_http_response_on_body(response, on_body, self);
	weir_http_response_on_close(response, on_close, self);
	weir_http_response_begin(response, 101, headers, 3);
	return self;
}

struct weir_websocket *weir_websocket_ref(struct weir_websocket *websocket)
{
	atomic_fetch_add(&websocket->refs, 1);
	return websocket;
}

void weir_websocket_unref(struct weir_websocket *websocket)
{
	if (!websocket || atomic_fetch_sub(&websocket->refs, 1) > 1)
		return;
	weir_http_response_unref(websocket->response);
	weir_buf_fini(&websocket->in);
	weir_buf_fini(&websocket->message);
	pthread_mutex_destroy(&websocket->lock);
	free(websocket);
}

struct weir_http_response *weir_websocket_response(struct weir_websocket *websocket)
{
	return websocket->response;
}
