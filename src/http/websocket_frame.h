/* WebSocket frames (RFC 6455) from bytes alone, so that they can be fuzzed. Server side: frames that come in must be masked. */
#pragma once

#include "base/buf.h"

enum weir_ws_opcode {
	WEIR_WS_CONTINUATION = 0,
	WEIR_WS_TEXT = 1,
	WEIR_WS_BINARY = 2,
	WEIR_WS_CLOSE = 8,
	WEIR_WS_PING = 9,
	WEIR_WS_PONG = 10
};

struct weir_ws_frame {
	enum weir_ws_opcode opcode;
	bool is_final;
	struct weir_slice payload; /* unmasked in place */
	size_t bytes;              /* of the whole frame */
};

enum weir_ws_result { WEIR_WS_DONE, WEIR_WS_MORE, WEIR_WS_REFUSED };

/* REFUSED: *ret_close_code is 1002 (protocol) or 1009 (larger than max_payload). */
enum weir_ws_result weir_ws_parse(
	char *data, size_t len, size_t max_payload, struct weir_ws_frame *ret_frame, uint16_t *ret_close_code);
/* Appends one unmasked, final frame. */
void weir_ws_append(struct weir_buf *out, enum weir_ws_opcode opcode, struct weir_slice payload);
