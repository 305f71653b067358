/* WebSocket frames: header, mask, length. */
#include "http/websocket_frame.h"

#include <assert.h>

static enum weir_ws_result refuse(uint16_t code, uint16_t *ret_code)
{
	*ret_code = code;
	return WEIR_WS_REFUSED;
}

static bool is_known(int opcode)
{
	return opcode <= WEIR_WS_BINARY || (opcode >= WEIR_WS_CLOSE && opcode <= WEIR_WS_PONG);
}

static uint64_t read_big_endian(const uint8_t *bytes, size_t count)
{
	uint64_t value = 0;

	for (size_t i = 0; i < count; i++)
		value = value << 8 | bytes[i];
	return value;
}

/* Control frames are short and whole; reserved bits belong to extensions, which are not offered. */
static bool is_well_formed(const uint8_t *head)
{
	int opcode = head[0] & 0x0f;
	bool is_control = opcode & 8;

	if (head[0] & 0x70 || !(head[1] & 0x80) || !is_known(opcode))
		return false;
	return !is_control || ((head[0] & 0x80) && (head[1] & 0x7f) <= 125);
}

static void unmask(char *payload, size_t len, const uint8_t mask[4])
{
	for (size_t i = 0; i < len; i++)
		payload[i] = (char)((uint8_t)payload[i] ^ mask[i % 4]);
}

enum weir_ws_result weir_ws_parse(
	char *data, size_t len, size_t max_payload, struct weir_ws_frame *ret_frame, uint16_t *ret_close_code)
{
	const uint8_t *head = (const uint8_t *)data;

	if (len < 2)
		return WEIR_WS_MORE;
	if (!is_well_formed(head))
		return refuse(1002, ret_close_code);
	size_t length_bytes = (head[1] & 0x7f) == 127 ? 8 : (head[1] & 0x7f) == 126 ? 2 : 0;
	size_t head_bytes = 2 + length_bytes + 4;
	if (len < head_bytes)
		return WEIR_WS_MORE;
	uint64_t payload_len = length_bytes ? read_big_endian(head + 2, length_bytes) : head[1] & 0x7f;
	if (payload_len > max_payload)
		return refuse(1009, ret_close_code);
	if (len - head_bytes < payload_len)
		return WEIR_WS_MORE;
	unmask(data + head_bytes, payload_len, head + head_bytes - 4);
	*ret_frame = (struct weir_ws_frame){
		.opcode = head[0] & 0x0f,
		.is_final = head[0] & 0x80,
		.payload = weir_slice_make(data + head_bytes, payload_len),
		.bytes = head_bytes + payload_len,
	};
	return WEIR_WS_DONE;
}

void weir_ws_append(struct weir_buf *out, enum weir_ws_opcode opcode, struct weir_slice payload)
{
	uint8_t head[10] = { (uint8_t)(0x80 | opcode) };
	size_t length_bytes = payload.len > UINT16_MAX ? 8 : payload.len > 125 ? 2 : 0;

	assert(!(opcode & 8) || payload.len <= 125);
	head[1] = length_bytes == 8 ? 127 : length_bytes == 2 ? 126 : (uint8_t)payload.len;
	for (size_t i = 0; i < length_bytes; i++)
		head[2 + i] = (uint8_t)(payload.len >> (8 * (length_bytes - 1 - i)));
	weir_buf_append(out, head, 2 + length_bytes);
	weir_buf_append_slice(out, payload);
}
