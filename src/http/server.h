/* HTTP/1.1 and HTTP/2 on the same port: h2c by prior knowledge and by Upgrade, TLS with ALPN.
 *
 * Holds: one I/O thread with its own epoll loop does all parsing, framing and encryption; handlers run on it and must not block:
 * they answer at once or keep the response handle (http/response.h) and answer from another thread. Requests on one HTTP/1
 * connection are handled strictly one after another. Whatever is ambiguous in HTTP/1 (two lengths, bare CR or LF, folded headers)
 * is refused, so that no proxy in front can understand it differently.
 */
#pragma once

#include "http/response.h"
#include "http/tls.h"

struct weir_http_server;

struct weir_http_listener {
	const char *host;                       /* NULL: 127.0.0.1; "0.0.0.0" and "::" for every address; names are resolved */
	uint16_t port;                          /* 0: any free one, see weir_http_server_port() */
	const struct weir_http_tls_config *tls; /* NULL: plain; read during open only */
};

/* Called on the I/O thread with the complete request (see weir_http_response_request()). */
typedef void weir_http_handler_fn(void *ctx, const struct weir_http_request *request, struct weir_http_response *response);

enum weir_http_body_mode { WEIR_HTTP_BODY_WHOLE, WEIR_HTTP_BODY_STREAM };

struct weir_http_server_config {
	const struct weir_http_listener *listeners;
	size_t listener_count;
	weir_http_handler_fn *handler;
	void *ctx;
	/* Asked when the headers are there; STREAM: the handler is called at once, the body follows to
	 * weir_http_response_on_body(). NULL: bodies are always whole. */
	enum weir_http_body_mode (*choose_body)(void *ctx, const struct weir_http_request *request);

	/* 0 means the default */
	int64_t idle_timeout_ms;   /* 86,400,000: neither bytes in nor out */
	int64_t header_timeout_ms; /* 10,000: from a request's first byte (or the connection) to the end of its headers */
	int64_t body_timeout_ms;   /* 30,000: longest pause within a whole request body */
	size_t max_header_bytes;   /* 64 KiB: request line and headers together */
	size_t max_body_bytes;     /* 32 MiB: whole bodies; streamed ones have no limit */
	size_t max_connections;    /* 4096: more are answered 503 */
	uint32_t max_streams;      /* 256 at a time on one HTTP/2 connection */
};

/* Binds and listens, does not answer yet. Errors: IO (address in use, certificate unreadable), USAGE. */
bool weir_http_server_open(
	const struct weir_http_server_config *config, struct weir_http_server **ret_server, struct weir_err *err);
/* Starts the I/O thread. */
bool weir_http_server_start(struct weir_http_server *server, struct weir_err *err);
/* The port that listener `index` really has. */
uint16_t weir_http_server_port(const struct weir_http_server *server, size_t index);
/* Stops listening, lets what is in flight finish for at most grace_ms, cuts the rest, ends the thread. Thread: any but the I/O one.
 */
void weir_http_server_stop(struct weir_http_server *server, int64_t grace_ms);
/* Stops at once if it still runs. Response handles that others hold stay valid (and closed). Accepts NULL. */
void weir_http_server_free(struct weir_http_server *server);

struct weir_http_server_stats {
	size_t connections; /* open now */
	size_t exchanges;   /* requests being received or answered now */
	uint64_t accepted_total, requests_total, refused_total;
};
/* Thread: any. */
struct weir_http_server_stats weir_http_server_stats(const struct weir_http_server *server);
