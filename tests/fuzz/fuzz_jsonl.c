/* links: weir_server */
/* Records as JSON lines: any bytes; a record that was read is written as a line that reads as the same record. */
#include "server/jsonl.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_same(const struct weir_message *a, const struct weir_message *b)
{
	assert(a->key_is_null == b->key_is_null && a->value_is_null == b->value_is_null && a->timestamp_ms == b->timestamp_ms);
	assert(weir_slice_equals(a->key, b->key) && weir_slice_equals(a->value, b->value));
	assert(a->headers.count == b->headers.count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct weir_arena arena;
	struct weir_message message, again;
	struct weir_buf line;
	struct weir_err err;
	int32_t partition, partition_again;

	weir_arena_init(&arena, 4096);
	weir_buf_init(&line, WEIR_BUF_NO_LIMIT);
	if (weir_jsonl_read(&arena, weir_slice_make(data, size), 0, &partition, &message, &err)) {
		weir_jsonl_write(&line, partition < 0 ? 0 : partition, &message, size % 2);
		bool ok = weir_jsonl_read(&arena, weir_slice_trim(weir_buf_slice(&line)), 0, &partition_again, &again, &err);
		assert(ok && (partition < 0 || partition == partition_again));
		check_same(&message, &again);
	}
	weir_buf_fini(&line);
	weir_arena_fini(&arena);
	return 0;
}
