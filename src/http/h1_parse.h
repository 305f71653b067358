/* The strict HTTP/1 parser: request heads and chunked bodies, from bytes alone (no sockets, no state elsewhere), so that it can be
 * fuzzed.
 *
 * Holds: it never reads past what it is given; whatever two implementations could read differently is refused: a bare CR or LF,
 * folded headers, blanks before the colon, repeated or signed lengths, length together with transfer-encoding, an encoding other
 * than chunked, a missing or repeated Host.
 */
#pragma once

#include "http/message.h"

#define WEIR_H1_MAX_HEADERS        128
#define WEIR_H1_MAX_LINE_BYTES     8192 /* of a chunk's size line or one trailer line */
#define WEIR_H1_MAX_TRAILER_BYTES  16384
#define WEIR_H1_LENGTH_NONE        UINT64_MAX
#define WEIR_H1_MAX_CONTENT_LENGTH ((uint64_t)1 << 62)

/* Why a request is refused: the status to answer and one line of text. */
struct weir_h1_refusal {
	int status;
	const char *reason; /* static */
};

/* Finds the end of a head in a growing buffer, looking at each byte once. */
struct weir_h1_scan {
	size_t scanned;    /* bytes looked at so far */
	size_t line_start; /* of the line being looked at */
	bool first_line_seen;
};

enum weir_h1_result { WEIR_H1_DONE, WEIR_H1_MORE, WEIR_H1_REFUSED };

/* DONE: *ret_head_bytes is the length of the head with its blank line. MORE: call again with more bytes behind the same ones. */
enum weir_h1_result weir_h1_scan_head(struct weir_h1_scan *scan, struct weir_slice data, size_t max_head_bytes,
	size_t *ret_head_bytes, struct weir_h1_refusal *ret_refusal);

struct weir_h1_head {
	int minor; /* 0 or 1 */
	struct weir_slice method, path, query, host;
	struct weir_http_header headers[WEIR_H1_MAX_HEADERS]; /* names lower-case */
	size_t header_count;
	bool is_chunked;
	uint64_t content_length; /* LENGTH_NONE when absent */
	bool keep_alive, expects_continue;
	struct weir_slice upgrade; /* Upgrade's value if Connection names it; else empty */
};

/* `head` as found by weir_h1_scan_head(); header names are lowered in place; the result points into it. */
bool weir_h1_parse_head(char *head, size_t len, struct weir_h1_head *ret_head, struct weir_h1_refusal *ret_refusal);

/* Takes chunked bodies apart. Zero-initialise. */
struct weir_h1_chunked {
	enum { CHUNK_SIZE, CHUNK_DATA, CHUNK_DATA_END, CHUNK_TRAILER, CHUNK_DONE } state;
	uint64_t left;        /* of the chunk's data */
	size_t trailer_bytes; /* so far */
};

/* Takes what it can from `data`: *ret_taken bytes are used up, *ret_piece is body data within them (may be empty).
 * DONE: the body is complete. MORE: call again with what is left and more; a call may take bytes and want to be called again at
 * once (ret_taken > 0), or need more bytes (ret_taken 0). */
enum weir_h1_result weir_h1_chunked_next(struct weir_h1_chunked *chunked, struct weir_slice data, size_t *ret_taken,
	struct weir_slice *ret_piece, struct weir_h1_refusal *ret_refusal);

/* Does a comma-separated header value name the token (ASCII case ignored)? */
bool weir_h1_has_token(struct weir_slice value, const char *token);
