/* Record batches: the bytes are Kafka's, and no damaged batch is taken for a good one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "log/local/batch.h"
#include "log/local/codec.h"
#include "log/local/crc32c.h"

#include <stdlib.h>

static struct weir_buf build(const struct weir_message *messages, int32_t count, int64_t base_ms)
{
	struct weir_buf out;
	struct local_batch head = {
		.count = count, .last_delta = count - 1, .base_timestamp_ms = base_ms, .max_timestamp_ms = base_ms
	};

	weir_buf_init(&out, WEIR_BUF_NO_LIMIT);
	weir_buf_reserve(&out, LOCAL_BATCH_HEAD_BYTES);
	out.len = LOCAL_BATCH_HEAD_BYTES;
	for (int32_t i = 0; i < count; i++) {
		int64_t delta = messages[i].timestamp_ms - base_ms;
		size_t before = out.len, body, bytes = local_record_bytes(delta, i, &messages[i], &body);
		weir_buf_reserve(&out, bytes);
		local_record_put(&out, body, delta, i, &messages[i]);
		assert_int_equal(out.len - before, bytes);
		if (messages[i].timestamp_ms > head.max_timestamp_ms)
			head.max_timestamp_ms = messages[i].timestamp_ms;
	}
	local_batch_seal(out.data, out.len, &head);
	local_batch_place(out.data, 1000, 1700000000999);
	return out;
}

static void the_sum_is_castagnolis(void **state)
{
	unsigned char bytes[20000];
	uint32_t slow;

	assert_int_equal(local_crc32c("123456789", 9), 0xe3069283);
	assert_int_equal(local_crc32c("", 0), 0);
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (unsigned char)(i * 7 + i / 251);
	for (size_t len = 0; len < sizeof bytes; len += 1 + len / 3) { /* bit by bit */
		slow = ~UINT32_C(0);
		for (size_t i = 0; i < len; i++) {
			slow ^= bytes[i];
			for (int bit = 0; bit < 8; bit++)
				slow = slow >> 1 ^ (slow & 1 ? 0x82f63b78 : 0);
		}
		assert_int_equal(local_crc32c(bytes, len), ~slow);
	}
}

/* Written down byte by byte from Kafka's protocol guide. */
static void the_layout_is_kafkas(void **state)
{
	static const unsigned char record[] = { 36, 0, 4, 0, 2, 'k', 6, 'v', 'a', 'l', 4, 2, 'h', 2, 'x', 4, 'n', 'o', 1 };
	struct weir_header headers[] = { { .name = WEIR_SLICE("h"), .value = WEIR_SLICE("x") },
		{ .name = WEIR_SLICE("no"), .value_is_null = true } };
	struct weir_message message = { .key = WEIR_SLICE("k"),
		.value = WEIR_SLICE("val"),
		.timestamp_ms = 5002,
		.headers = { .items = headers, .count = 2 } };
	struct weir_buf batch = build(&message, 1, 5000);
	const unsigned char *p = (const unsigned char *)batch.data;

	assert_int_equal(batch.len, 61 + sizeof record);
	assert_int_equal(p[7] | p[6] << 8, 1000);   /* base offset */
	assert_int_equal(p[11], batch.len - 12);    /* length */
	assert_int_equal(p[16], 2);                 /* magic */
	assert_int_equal(p[34] | p[33] << 8, 5000); /* base timestamp */
	assert_int_equal(p[42] | p[41] << 8, 5002); /* greatest timestamp */
	assert_int_equal(p[43], 0xff);              /* no producer */
	assert_int_equal(p[60], 1);                 /* one record */
	assert_memory_equal(p + 61, record, sizeof record);
	weir_buf_fini(&batch);
}

static bool read_all(struct weir_slice bytes, struct weir_arena *arena, struct weir_message *ret, struct weir_err *err)
{
	struct local_record_cursor cursor;
	struct local_batch batch;

	if (!local_batch_open(bytes, &batch, err))
		return false;
	local_record_cursor_init(&cursor, batch.body);
	while (cursor.index < batch.count)
		if (!local_record_next(&cursor, &batch, arena, &ret[cursor.index < 3 ? cursor.index : 3], err))
			return false;
	return true;
}

static void records_come_back(void **state)
{
	struct weir_message messages[3] = {
		{ .key_is_null = true, .value = WEIR_SLICE("v"), .timestamp_ms = INT64_MAX },
		{ .key = WEIR_SLICE(""), .value_is_null = true, .timestamp_ms = -1 },
		{ .key = WEIR_SLICE("키"), .value = WEIR_SLICE("값"), .timestamp_ms = 0 },
	};
	struct weir_message read[4];
	struct weir_err err = { 0 };
	struct weir_arena arena;
	struct weir_buf batch = build(messages, 3, 7);

	weir_arena_init(&arena, 256);
	assert_true(read_all(weir_buf_slice(&batch), &arena, read, &err));
	for (int i = 0; i < 3; i++) {
		assert_int_equal(read[i].offset, 1000 + i);
		assert_int_equal(read[i].timestamp_ms, messages[i].timestamp_ms);
		assert_int_equal(read[i].key_is_null, messages[i].key_is_null);
		assert_true(weir_slice_equals(read[i].key, messages[i].key));
		assert_int_equal(read[i].value_is_null, messages[i].value_is_null);
		assert_true(weir_slice_equals(read[i].value, messages[i].value));
	}
	weir_buf_fini(&batch);
	weir_arena_fini(&arena);
}

/* Each bit flipped, each length cut; then the same with the sum made right again: an error or a batch, never a crash. */
static void damage_is_noticed(void **state)
{
	struct weir_header header = { .name = WEIR_SLICE("name"), .value = WEIR_SLICE("value") };
	struct weir_message messages[2] = {
		{ .key = WEIR_SLICE("k"),
			.value = WEIR_SLICE("v"),
			.timestamp_ms = 3,
			.headers = { .items = &header, .count = 1 } },
		{ .key = WEIR_SLICE("key"), .value = WEIR_SLICE("value"), .timestamp_ms = 4 },
	};
	struct weir_message read[4];
	struct weir_err err = { 0 };
	struct weir_arena arena;
	struct weir_buf batch = build(messages, 2, 3);

	weir_arena_init(&arena, 256);
	for (size_t bit = 0; bit < batch.len * 8; bit++) {
		char *copy = malloc(batch.len);
		memcpy(copy, batch.data, batch.len);
		copy[bit / 8] ^= (char)(1 << bit % 8);
		size_t at = bit / 8;
		bool is_summed = at >= 16 || (at >= 8 && at < 12);
		if (is_summed) {
			assert_false(read_all(weir_slice_make(copy, batch.len), &arena, read, &err));
			assert_int_equal(err.code, WEIR_E_LOG_CORRUPT);
		}
		uint32_t crc = local_crc32c(copy + 21, batch.len - 21);
		for (int i = 0; i < 4; i++)
			copy[17 + i] = (char)(crc >> (24 - 8 * i));
		read_all(weir_slice_make(copy, batch.len), &arena, read, &err);
		free(copy);
	}
	for (size_t len = 0; len < batch.len; len++) {
		char *copy = malloc(len + 1);
		memcpy(copy, batch.data, len);
		assert_false(read_all(weir_slice_make(copy, len), &arena, read, &err));
		free(copy);
	}
	weir_buf_fini(&batch);
	weir_arena_fini(&arena);
}

static void compression_comes_back(void **state)
{
	static const enum local_codec codecs[] = { LOCAL_CODEC_LZ4, LOCAL_CODEC_ZSTD };
	struct local_coder *coder = NULL;
	struct weir_err err = { 0 };
	struct weir_buf plain, packed, back;

	weir_buf_init(&plain, WEIR_BUF_NO_LIMIT);
	weir_buf_init(&packed, WEIR_BUF_NO_LIMIT);
	weir_buf_init(&back, 1 << 20);
	for (int i = 0; i < 20000; i++)
		weir_buf_printf(&plain, "record %d;", i / 3);
	for (size_t c = 0; c < 2; c++) {
		weir_buf_reset(&packed);
		weir_buf_reset(&back);
		assert_true(local_compress(&coder, codecs[c], weir_buf_slice(&plain), &packed, &err));
		assert_true(packed.len < plain.len / 3);
		assert_true(local_decompress(&coder, codecs[c], weir_buf_slice(&packed), &back, &err));
		assert_true(weir_slice_equals(weir_buf_slice(&plain), weir_buf_slice(&back)));
		for (size_t len = 0; len < packed.len; len += 1 + len / 4) {
			weir_buf_reset(&back);
			assert_false(local_decompress(&coder, codecs[c], weir_slice_make(packed.data, len), &back, &err));
			assert_int_equal(err.code, WEIR_E_LOG_CORRUPT);
		}
	}
	assert_false(local_decompress(&coder, LOCAL_CODEC_SNAPPY, weir_buf_slice(&packed), &back, &err));
	assert_int_equal(err.code, WEIR_E_NOT_SUPPORTED);
	local_coder_free(coder);
	weir_buf_fini(&plain);
	weir_buf_fini(&packed);
	weir_buf_fini(&back);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sum_is_castagnolis),
		cmocka_unit_test(the_layout_is_kafkas),
		cmocka_unit_test(records_come_back),
		cmocka_unit_test(damage_is_noticed),
		cmocka_unit_test(compression_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
