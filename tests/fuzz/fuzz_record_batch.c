/* links: weir_log */
/* Record batches: any bytes. The sum is made right first, so that the fuzzer gets behind it; what is read stays within bounds and
 * in order. */
#include "log/local/batch.h"
#include "log/local/codec.h"
#include "log/local/crc32c.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void repair(char *bytes, size_t size)
{
	if (size < LOCAL_BATCH_HEAD_BYTES)
		return;
	uint32_t len = (uint32_t)size - 12, crc;
	bytes[16] = 2;
	for (int i = 0; i < 4; i++)
		bytes[8 + i] = (char)(len >> (24 - 8 * i));
	crc = local_crc32c(bytes + 21, size - 21);
	for (int i = 0; i < 4; i++)
		bytes[17 + i] = (char)(crc >> (24 - 8 * i));
}

static void touch(struct weir_slice slice, const struct weir_slice *body)
{
	assert(slice.len == 0 || (slice.ptr >= body->ptr && slice.ptr + slice.len <= body->ptr + body->len));
}

static void walk(const struct local_batch *batch, struct weir_slice body)
{
	struct local_record_cursor cursor;
	struct weir_arena arena;
	struct weir_err err = { 0 };
	int64_t last = batch->base_offset - 1;

	weir_arena_init(&arena, 1024);
	local_record_cursor_init(&cursor, body);
	while (cursor.index < batch->count) {
		struct weir_message message;
		if (!local_record_next(&cursor, batch, &arena, &message, &err)) {
			assert(err.code == WEIR_E_LOG_CORRUPT);
			break;
		}
		assert(message.offset > last && message.offset <= batch->base_offset + batch->last_delta);
		last = message.offset;
		touch(message.key, &body);
		touch(message.value, &body);
		for (size_t i = 0; i < message.headers.count; i++)
			touch(message.headers.items[i].name, &body);
	}
	weir_arena_fini(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size + 1); /* exactly as long as the input, so that a sanitizer sees every step past it */
	struct local_coder *coder = NULL;
	struct local_batch batch;
	struct weir_err err = { 0 };
	struct weir_buf plain;

	memcpy(copy, data, size);
	char *exact = realloc(copy, size ? size : 1);
	repair(exact, size);
	weir_buf_init(&plain, 1 << 20);
	if (local_batch_open(weir_slice_make(exact, size), &batch, &err)) {
		enum local_codec codec = batch.attributes & LOCAL_BATCH_CODEC;
		if (codec == LOCAL_CODEC_NONE)
			walk(&batch, batch.body);
		else if (local_decompress(&coder, codec, batch.body, &plain, &err))
			walk(&batch, weir_buf_slice(&plain));
	}
	weir_buf_fini(&plain);
	local_coder_free(coder);
	free(exact);
	return 0;
}
