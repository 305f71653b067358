/* Chunked request bodies (RFC 9112 §7.1): sizes without sign or blanks, extensions and trailers checked and dropped. */
#include "http/h1_parse.h"

#include <string.h>

static enum weir_h1_result refuse(struct weir_h1_refusal *refusal, int status, const char *reason)
{
	*refusal = (struct weir_h1_refusal){ .status = status, .reason = reason };
	return WEIR_H1_REFUSED;
}

/* One whole line with its CRLF. DONE: *ret_line is the line, *ret_taken counts the CRLF. */
static enum weir_h1_result take_line(
	struct weir_slice data, size_t *ret_taken, struct weir_slice *ret_line, struct weir_h1_refusal *refusal)
{
	const char *newline = data.len ? memchr(data.ptr, '\n', data.len) : NULL;
	size_t len = newline ? (size_t)(newline - data.ptr) : data.len;

	if (len > WEIR_H1_MAX_LINE_BYTES)
		return refuse(refusal, 400, "A line of the chunked body is too long.");
	if (!newline)
		return WEIR_H1_MORE;
	if (len == 0 || newline[-1] != '\r' || memchr(data.ptr, '\r', len - 1))
		return refuse(refusal, 400, "A line of the chunked body does not end with CR LF.");
	*ret_line = weir_slice_make(data.ptr, len - 1);
	*ret_taken = len + 1;
	return WEIR_H1_DONE;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool has_control_char(struct weir_slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (((unsigned char)text.ptr[i] < ' ' && text.ptr[i] != '\t') || text.ptr[i] == 0x7f)
			return true;
	return false;
}

static bool parse_size(struct weir_slice line, uint64_t *ret_size)
{
	uint64_t size = 0;
	size_t i = 0;

	for (; i < line.len && hex_digit(line.ptr[i]) >= 0; i++) {
		if (i == 15)
			return false;
		size = size << 4 | (uint64_t)hex_digit(line.ptr[i]);
	}
	if (i == 0)
		return false;
	while (i < line.len && (line.ptr[i] == ' ' || line.ptr[i] == '\t'))
		i++;
	if (i < line.len && line.ptr[i] != ';')
		return false;
	*ret_size = size;
	return !has_control_char(weir_slice_make(line.ptr + i, line.len - i));
}

static enum weir_h1_result next_size(
	struct weir_h1_chunked *chunked, struct weir_slice data, size_t *ret_taken, struct weir_h1_refusal *refusal)
{
	struct weir_slice line;
	enum weir_h1_result result = take_line(data, ret_taken, &line, refusal);

	if (result != WEIR_H1_DONE)
		return result;
	if (!parse_size(line, &chunked->left))
		return refuse(refusal, 400, "A chunk's size is not a hexadecimal number.");
	chunked->state = chunked->left ? CHUNK_DATA : CHUNK_TRAILER;
	return WEIR_H1_MORE;
}

static enum weir_h1_result next_data(
	struct weir_h1_chunked *chunked, struct weir_slice data, size_t *ret_taken, struct weir_slice *ret_piece)
{
	size_t len = data.len < chunked->left ? data.len : (size_t)chunked->left;

	*ret_piece = weir_slice_make(data.ptr, len);
	*ret_taken = len;
	chunked->left -= len;
	if (chunked->left == 0)
		chunked->state = CHUNK_DATA_END;
	return WEIR_H1_MORE;
}

static enum weir_h1_result next_data_end(
	struct weir_h1_chunked *chunked, struct weir_slice data, size_t *ret_taken, struct weir_h1_refusal *refusal)
{
	if ((data.len >= 1 && data.ptr[0] != '\r') || (data.len >= 2 && data.ptr[1] != '\n'))
		return refuse(refusal, 400, "A chunk is longer than its size says.");
	if (data.len < 2)
		return WEIR_H1_MORE;
	*ret_taken = 2;
	chunked->state = CHUNK_SIZE;
	return WEIR_H1_MORE;
}

static enum weir_h1_result next_trailer(
	struct weir_h1_chunked *chunked, struct weir_slice data, size_t *ret_taken, struct weir_h1_refusal *refusal)
{
	struct weir_slice line;
	enum weir_h1_result result = take_line(data, ret_taken, &line, refusal);

	if (result != WEIR_H1_DONE)
		return result;
	if (line.len == 0) {
		chunked->state = CHUNK_DONE;
		return WEIR_H1_DONE;
	}
	chunked->trailer_bytes += *ret_taken;
	if (chunked->trailer_bytes > WEIR_H1_MAX_TRAILER_BYTES)
		return refuse(refusal, 431, "The body's trailers are too large.");
	if (line.ptr[0] == ' ' || line.ptr[0] == '\t' || !memchr(line.ptr, ':', line.len) || has_control_char(line))
		return refuse(refusal, 400, "A trailer of the chunked body is malformed.");
	return WEIR_H1_MORE;
}

enum weir_h1_result weir_h1_chunked_next(struct weir_h1_chunked *chunked, struct weir_slice data, size_t *ret_taken,
	struct weir_slice *ret_piece, struct weir_h1_refusal *ret_refusal)
{
	*ret_taken = 0;
	*ret_piece = (struct weir_slice){ 0 };
	switch (chunked->state) {
	case CHUNK_SIZE:
		return next_size(chunked, data, ret_taken, ret_refusal);
	case CHUNK_DATA:
		return next_data(chunked, data, ret_taken, ret_piece);
	case CHUNK_DATA_END:
		return next_data_end(chunked, data, ret_taken, ret_refusal);
	case CHUNK_TRAILER:
		return next_trailer(chunked, data, ret_taken, ret_refusal);
	case CHUNK_DONE:
		break;
	}
	return WEIR_H1_DONE;
}
