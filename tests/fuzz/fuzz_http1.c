/* links: weir_http */
/* The HTTP/1 parser: any bytes as a head followed by a chunked body. */
#include "http/h1_parse.h"

#include <assert.h>
#include <stdlib.h>

static void feed_body(const char *data, size_t len)
{
	struct weir_h1_chunked chunked = { 0 };
	struct weir_h1_refusal refusal;
	struct weir_slice piece;
	size_t at = 0, taken;

	for (;;) {
		enum weir_h1_result result =
			weir_h1_chunked_next(&chunked, weir_slice_make(data + at, len - at), &taken, &piece, &refusal);
		assert(taken <= len - at && piece.len <= taken);
		at += taken;
		if (result != WEIR_H1_MORE || taken == 0)
			return;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct weir_h1_scan scan = { 0 };
	struct weir_h1_refusal refusal = { 0 };
	struct weir_h1_head head;
	size_t head_bytes = 0;
	enum weir_h1_result result = WEIR_H1_MORE;

	for (size_t have = size / 2; result == WEIR_H1_MORE; have = size) { /* in two steps */
		result = weir_h1_scan_head(&scan, weir_slice_make(data, have), 4096, &head_bytes, &refusal);
		if (have == size)
			break;
	}
	if (result != WEIR_H1_DONE) {
		feed_body((const char *)data, size);
		return 0;
	}
	assert(head_bytes >= 4 && head_bytes <= size);
	char *copy = malloc(head_bytes);
	memcpy(copy, data, head_bytes);
	if (weir_h1_parse_head(copy, head_bytes, &head, &refusal)) {
		assert(head.header_count <= WEIR_H1_MAX_HEADERS && head.path.len > 0);
		assert(!(head.is_chunked && head.content_length != WEIR_H1_LENGTH_NONE));
		feed_body((const char *)data + head_bytes, size - head_bytes);
	} else {
		assert(refusal.status >= 400 && refusal.reason);
	}
	free(copy);
	return 0;
}
