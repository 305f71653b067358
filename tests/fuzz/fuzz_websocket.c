/* links: weir_http */
/* WebSocket frames: any bytes, one frame after the other. */
#include "http/websocket_frame.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size + 1);
	struct weir_ws_frame frame;
	uint16_t code = 0;

	memcpy(copy, data, size);
	for (size_t at = 0; at < size && weir_ws_parse(copy + at, size - at, 4096, &frame, &code) == WEIR_WS_DONE;
		at += frame.bytes) {
		assert(frame.bytes >= 6 && frame.bytes <= size - at);
		assert(frame.payload.len <= frame.bytes - 6 && frame.payload.len <= 4096);
	}
	free(copy);
	return 0;
}
