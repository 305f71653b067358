/* The answer to one request: a handle that any thread may write to while the I/O thread sends.
 *
 * Holds:
 *  - reference-counted: the handler is lent a reference until it returns; who answers later takes one by weir_http_response_ref()
 *    and gives it back by _unref(). When the last one goes and nothing was answered, the client gets a 500; when the answer was
 *    begun and not ended, the connection (HTTP/1) or stream (HTTP/2) is cut, so that the client sees that something is missing;
 *  - one write = one HTTP/1.1 chunk = one HTTP/2 DATA frame, never coalesced, and split only when it is larger than the frame size
 *    (16 KiB) or when the client's flow-control window has stayed too small for it;
 *  - order: begin, any number of writes, end. They copy what they are given and never block. Writes after the client has gone are
 *    dropped silently: look at weir_http_response_is_closed().
 * Thread: any, one thread at a time for begin/write/end; the callbacks run on the I/O thread and must not block.
 */
#pragma once

#include "http/message.h"

struct weir_http_response;

struct weir_http_response *weir_http_response_ref(struct weir_http_response *response);
void weir_http_response_unref(struct weir_http_response *response); /* accepts NULL */

/* Valid as long as the caller's reference. */
const struct weir_http_request *weir_http_response_request(const struct weir_http_response *response);

/* Status line and headers. Framing headers (content-length, transfer-encoding, connection) are the server's matter. False when it
 * was begun before. Status 101 on HTTP/1.1 turns the connection into a tunnel: writes are sent raw, and incoming bytes go to the
 * body callback. */
bool weir_http_response_begin(
	struct weir_http_response *response, int status, const struct weir_http_header *headers, size_t header_count);
void weir_http_response_write(struct weir_http_response *response, struct weir_slice bytes);
void weir_http_response_end(struct weir_http_response *response);
/* Cuts the exchange off as it is: the client sees a broken answer. */
void weir_http_response_abort(struct weir_http_response *response);

/* A whole answer with its length; content_type may be NULL. Afterwards the answer is ended. */
void weir_http_response_send(struct weir_http_response *response, int status, const char *content_type, struct weir_slice body);
/* The same with more headers. */
void weir_http_response_send_headers(struct weir_http_response *response, int status, const struct weir_http_header *headers,
	size_t header_count, struct weir_slice body);
/* 404 as plain text; 405 with an `allow` header such as "GET, HEAD" and an empty body. */
void weir_http_response_send_not_found(struct weir_http_response *response);
void weir_http_response_send_not_allowed(struct weir_http_response *response, const char *allow);

bool weir_http_response_is_begun(const struct weir_http_response *response);
/* True once the client has gone or the answer was sent completely: nothing written from now on arrives. */
bool weir_http_response_is_closed(const struct weir_http_response *response);
/* Bytes written and not yet taken by the connection (which itself takes at most 64 KiB ahead of the socket). */
size_t weir_http_response_pending_bytes(const struct weir_http_response *response);

/* Called exactly once when the exchange is over: `complete` when everything was sent, else the client has gone. When it was over
 * before: called at once, by the calling thread. One callback per response; set it before the answer ends. */
typedef void weir_http_close_fn(void *ctx, struct weir_http_response *response, bool complete);
void weir_http_response_on_close(struct weir_http_response *response, weir_http_close_fn *on_close, void *ctx);
/* Called each time that pending bytes fall to low_bytes or below after having been above. */
typedef void weir_http_drain_fn(void *ctx, struct weir_http_response *response);
void weir_http_response_on_drain(struct weir_http_response *response, size_t low_bytes, weir_http_drain_fn *on_drain, void *ctx);

/* Streamed request bodies (see weir_http_server_config.choose_body) and tunnels: set in the handler. Called with each piece, and
 * lastly with is_end (which may carry bytes). Each piece counts against a window of 256 KiB; the receiver returns it with
 * weir_http_response_body_taken() from any thread, now or later, and thereby slows the client. */
typedef void weir_http_body_fn(void *ctx, struct weir_http_response *response, struct weir_slice piece, bool is_end);
void weir_http_response_on_body(struct weir_http_response *response, weir_http_body_fn *on_body, void *ctx);
void weir_http_response_body_taken(struct weir_http_response *response, size_t bytes);
