/* The server's side of a WebSocket over an HTTP/1.1 connection.
 *
 * Holds: messages are sent whole, one frame each; pings are answered and closing is acknowledged by the I/O thread by itself. Back-
 * pressure and the client's going are those of the response underneath (http/response.h). No extensions are offered.
 * Thread: sending and closing from any; callbacks on the I/O thread.
 */
#pragma once

#include "http/response.h"

struct weir_websocket;

/* Does the request ask for a WebSocket, in the right way? Otherwise *ret_reason (static) says what is missing: answer 400 with it.
 */
bool weir_websocket_is_asked(const struct weir_http_request *request, const char **ret_reason);

struct weir_websocket_callbacks {
	/* A whole message of the client; may be NULL. */
	void (*on_message)(void *ctx, struct weir_websocket *websocket, struct weir_slice text);
	/* Once, when the connection is over, however it came: the last call. May be NULL. */
	void (*on_close)(void *ctx, struct weir_websocket *websocket);
	void *ctx;
};

/* Answers 101. Call it in the handler, for a request that weir_websocket_is_asked() allows. The caller owns one reference. The
 * response's own on_close and on_body are the WebSocket's from then on. */
struct weir_websocket *weir_websocket_accept(struct weir_http_response *response, struct weir_websocket_callbacks callbacks);
struct weir_websocket *weir_websocket_ref(struct weir_websocket *websocket);
void weir_websocket_unref(struct weir_websocket *websocket); /* accepts NULL; does not close */

/* For pending bytes, on_drain, is_closed. */
struct weir_http_response *weir_websocket_response(struct weir_websocket *websocket);
/* One text frame. Dropped once closing has begun. */
void weir_websocket_send(struct weir_websocket *websocket, struct weir_slice text);
/* Sends a close frame and ends the connection; reasons longer than 123 bytes are cut and end in "...". Only the first call counts.
 */
void weir_websocket_close(struct weir_websocket *websocket, uint16_t code, struct weir_slice reason);
