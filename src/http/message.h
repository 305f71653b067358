/* An HTTP request as a handler sees it, whatever the protocol version.
 *
 * Holds: header names are lower-case; HTTP/2's :authority appears as `host`; `path` is never empty and begins with '/' (or is "*");
 * everything points into memory of the exchange and stays valid as long as somebody holds its response handle.
 * Thread: any, read only.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"

struct weir_http_header {
	struct weir_slice name, value;
};

enum weir_http_version { WEIR_HTTP_1_0 = 10, WEIR_HTTP_1_1 = 11, WEIR_HTTP_2 = 20 };

struct weir_http_request {
	enum weir_http_version version;
	struct weir_slice method; /* as sent: "GET" */
	struct weir_slice path;   /* still percent-encoded, without the query */
	struct weir_slice query;  /* what follows '?', still encoded; empty when there is none */
	const struct weir_http_header *headers;
	size_t header_count;
	struct weir_slice body; /* complete, unless the body is streamed: then empty */
	struct weir_slice peer; /* "127.0.0.1:41234", "[::1]:41234" */
	size_t listener;        /* index into weir_http_server_config.listeners */
	bool is_tls;
	struct weir_slice sni;         /* the name that the TLS client asked for; empty when none */
	struct weir_slice tls_subject; /* common name of the client's verified certificate; empty when none */
};

/* The first header of that (lower-case) name; an empty slice with ptr NULL when there is none. */
struct weir_slice weir_http_request_header(const struct weir_http_request *request, const char *name);
/* A parameter of the query, decoded into the arena. False when it is absent or badly encoded; ret_value untouched then. */
bool weir_http_request_query_param(
	const struct weir_http_request *request, struct weir_arena *arena, const char *name, struct weir_slice *ret_value);
/* %XX (and '+' as a blank, when plus_is_blank). False on a broken escape or %00. */
bool weir_http_percent_decode(struct weir_arena *arena, struct weir_slice text, bool plus_is_blank, struct weir_slice *ret_text);
/* Appends text with everything but unreserved characters escaped: for one path segment or query value. */
struct weir_buf;
void weir_http_percent_encode(struct weir_buf *out, struct weir_slice text);
/* Next segment of a path: skips '/', then takes up to the next one. False at the end. Not decoded. */
bool weir_http_path_next(struct weir_slice *rest, struct weir_slice *ret_segment);
/* `Authorization: Basic`: user and password in the arena. Blanks around the credentials are tolerated. */
bool weir_http_request_basic_auth(const struct weir_http_request *request, struct weir_arena *arena, struct weir_slice *ret_user,
	struct weir_slice *ret_password);
/* "Not Found" for 404; "" when unknown. */
const char *weir_http_status_text(int status);
