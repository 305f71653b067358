/* Writing and reading record batches: every length is checked before it is believed. */
#include "log/local/batch.h"

#include "log/local/crc32c.h"

#include <assert.h>

/* ---- Keys ---- */

static void put_be(char *p, uint64_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		p[i] = (char)(value >> (8 * (bytes - 1 - i)));
}

static uint64_t get_be(const char *p, int bytes)
{
	uint64_t value = 0;

	for (int i = 0; i < bytes; i++)
		value = value << 8 | (unsigned char)p[i];
	return value;
}

void local_batch_key(char key[LOCAL_BATCH_KEY_BYTES], uint32_t topic, int32_t partition, int64_t base_offset)
{
	put_be(key, topic, 4);
	put_be(key + 4, (uint32_t)partition, 4);
	put_be(key + 8, (uint64_t)base_offset, 8);
}

int64_t local_batch_key_offset(struct weir_slice key)
{
	return (int64_t)get_be(key.ptr + 8, 8);
}

bool local_batch_key_matches(struct weir_slice key, uint32_t topic, int32_t partition)
{
	char wanted[LOCAL_BATCH_KEY_BYTES];

	local_batch_key(wanted, topic, partition, 0);
	return key.len == LOCAL_BATCH_KEY_BYTES && memcmp(key.ptr, wanted, 8) == 0;
}

/* ---- Writing ---- */

static inline uint64_t zigzag(int64_t value)
{
	return ((uint64_t)value << 1) ^ (uint64_t)(value >> 63);
}

static inline size_t varint_bytes(int64_t value)
{
	return (size_t)(63 - __builtin_clzll(zigzag(value) | 1)) / 7 + 1;
}

static inline char *put_varint(char *p, int64_t signed_value)
{
	uint64_t value = zigzag(signed_value);

	for (; value >= 0x80; value >>= 7)
		*p++ = (char)(value | 0x80);
	*p++ = (char)value;
	return p;
}

static inline char *put_bytes(char *p, struct weir_slice bytes, bool is_null)
{
	if (is_null)
		return put_varint(p, -1);
	p = put_varint(p, (int64_t)bytes.len);
	if (bytes.len)
		memcpy(p, bytes.ptr, bytes.len);
	return p + bytes.len;
}

static inline size_t bytes_bytes(struct weir_slice bytes, bool is_null)
{
	return is_null ? 1 : varint_bytes((int64_t)bytes.len) + bytes.len;
}

/* Of the record without its length. */
static inline size_t record_body_bytes(int64_t timestamp_delta, int32_t offset_delta, const struct weir_message *message)
{
	size_t bytes = 1 + varint_bytes(timestamp_delta) + varint_bytes(offset_delta) +
		       bytes_bytes(message->key, message->key_is_null) + bytes_bytes(message->value, message->value_is_null) +
		       varint_bytes((int64_t)message->headers.count);

	for (size_t i = 0; i < message->headers.count; i++)
		bytes += bytes_bytes(message->headers.items[i].name, false) +
			 bytes_bytes(message->headers.items[i].value, message->headers.items[i].value_is_null);
	return bytes;
}

size_t local_record_bytes(int64_t timestamp_delta, int32_t offset_delta, const struct weir_message *message, size_t *ret_body)
{
	*ret_body = record_body_bytes(timestamp_delta, offset_delta, message);
	return varint_bytes((int64_t)*ret_body) + *ret_body;
}

void local_record_put(
	struct weir_buf *out, size_t body, int64_t timestamp_delta, int32_t offset_delta, const struct weir_message *message)
{
	char *start = out->data + out->len;
	char *p = put_varint(start, (int64_t)body);

	*p++ = 0; /* attributes: none are defined */
	p = put_varint(p, timestamp_delta);
	p = put_varint(p, offset_delta);
	p = put_bytes(p, message->key, message->key_is_null);
	p = put_bytes(p, message->value, message->value_is_null);
	p = put_varint(p, (int64_t)message->headers.count);
	for (size_t i = 0; i < message->headers.count; i++) {
		p = put_bytes(p, message->headers.items[i].name, false);
		p = put_bytes(p, message->headers.items[i].value, message->headers.items[i].value_is_null);
	}
	out->len += (size_t)(p - start);
	assert(out->len <= out->capacity);
}

void local_batch_seal(char *bytes, size_t len, const struct local_batch *head)
{
	assert(len >= LOCAL_BATCH_HEAD_BYTES && len <= LOCAL_MAX_BATCH_BYTES);
	put_be(bytes, 0, 8);
	put_be(bytes + 8, len - 12, 4);
	put_be(bytes + 12, 0, 4);
	bytes[16] = 2;
	put_be(bytes + 21, (uint64_t)head->attributes, 2);
	put_be(bytes + 23, (uint64_t)head->last_delta, 4);
	put_be(bytes + 27, (uint64_t)head->base_timestamp_ms, 8);
	put_be(bytes + 35, (uint64_t)head->max_timestamp_ms, 8);
	memset(bytes + 43, 0xff, 14); /* no producer id, epoch, sequence */
	put_be(bytes + 57, (uint64_t)head->count, 4);
	put_be(bytes + 17, local_crc32c(bytes + 21, len - 21), 4);
}

void local_batch_place(char *bytes, int64_t base_offset, int64_t written_ms)
{
	put_be(bytes, (uint64_t)base_offset, 8);
	put_be(bytes + 12, (uint64_t)(written_ms / 1000), 4);
}

/* ---- Reading ---- */

static bool damaged(struct weir_err *err, const char *how)
{
	return weir_err_set(err, WEIR_E_LOG_CORRUPT, "the batch of records is damaged (%s)", how);
}

bool local_batch_peek(struct weir_slice bytes, struct local_batch *ret, struct weir_err *err)
{
	if (bytes.len < LOCAL_BATCH_HEAD_BYTES)
		return damaged(err, "shorter than its head");
	if (bytes.ptr[16] != 2)
		return damaged(err, "not of layout 2");
	if (get_be(bytes.ptr + 8, 4) != bytes.len - 12)
		return damaged(err, "its length is wrong");
	*ret = (struct local_batch){
		.base_offset = (int64_t)get_be(bytes.ptr, 8),
		.written_ms = (int64_t)get_be(bytes.ptr + 12, 4) * 1000,
		.crc = (uint32_t)get_be(bytes.ptr + 17, 4),
		.attributes = (int)get_be(bytes.ptr + 21, 2),
		.last_delta = (int32_t)get_be(bytes.ptr + 23, 4),
		.base_timestamp_ms = (int64_t)get_be(bytes.ptr + 27, 8),
		.max_timestamp_ms = (int64_t)get_be(bytes.ptr + 35, 8),
		.count = (int32_t)get_be(bytes.ptr + 57, 4),
		.body = weir_slice_make(bytes.ptr + LOCAL_BATCH_HEAD_BYTES, bytes.len - LOCAL_BATCH_HEAD_BYTES),
	};
	return true;
}

bool local_batch_open(struct weir_slice bytes, struct local_batch *ret, struct weir_err *err)
{
	struct local_batch batch;

	if (!local_batch_peek(bytes, &batch, err))
		return false;
	if (batch.crc != local_crc32c(bytes.ptr + 21, bytes.len - 21))
		return damaged(err, "its checksum does not match");
	if (batch.base_offset < 0 || batch.last_delta < 0 || batch.count < 0 ||
		batch.base_offset > INT64_MAX - batch.last_delta - 1)
		return damaged(err, "its offsets are impossible");
	*ret = batch;
	return true;
}

void local_record_cursor_init(struct local_record_cursor *cursor, struct weir_slice body)
{
	*cursor = (struct local_record_cursor){ .start = body.ptr, .p = body.ptr, .end = body.ptr + body.len, .last_delta = -1 };
}

static bool take_varint_slow(const char **p, const char *end, int64_t *ret)
{
	uint64_t value = 0;

	for (int shift = 0; shift < 70 && *p < end; shift += 7) {
		unsigned char byte = (unsigned char)*(*p)++;
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80)) {
			*ret = (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
			return true;
		}
	}
	return false;
}

static inline bool take_varint(const char **p, const char *end, int64_t *ret)
{
	if (*p < end && !(**p & 0x80)) {
		unsigned char byte = (unsigned char)*(*p)++;
		*ret = (int64_t)(byte >> 1) ^ -(int64_t)(byte & 1);
		return true;
	}
	return take_varint_slow(p, end, ret);
}

/* Length -1: null. */
static inline bool take_bytes(const char **p, const char *end, struct weir_slice *ret, bool *ret_is_null)
{
	int64_t len;

	if (!take_varint(p, end, &len) || len < -1 || len > end - *p)
		return false;
	*ret_is_null = len < 0;
	*ret = len < 0 ? (struct weir_slice){ 0 } : weir_slice_make(*p, (size_t)len);
	*p += len < 0 ? 0 : len;
	return true;
}

static bool take_headers(const char **p, const char *end, int64_t count, struct weir_arena *arena, struct weir_headers *ret)
{
	bool is_null;

	if (count < 0 || count > (end - *p) / 2)
		return false;
	struct weir_header *headers = WEIR_ARENA_ARRAY(arena, struct weir_header, (size_t)count);
	for (int64_t i = 0; i < count; i++)
		if (!take_bytes(p, end, &headers[i].name, &is_null) || is_null ||
			!take_bytes(p, end, &headers[i].value, &headers[i].value_is_null))
			return false;
	*ret = (struct weir_headers){ .items = headers, .count = (size_t)count };
	return true;
}

bool local_record_next(struct local_record_cursor *cursor, const struct local_batch *batch, struct weir_arena *arena,
	struct weir_message *ret, struct weir_err *err)
{
	const char *p = cursor->p;
	int64_t len, timestamp_delta, offset_delta, header_count;

	if (!take_varint(&p, cursor->end, &len) || len < 1 || len > cursor->end - p)
		return damaged(err, "a record's length is wrong");
	const char *end = p + len;
	p++; /* attributes */
	ret->headers = (struct weir_headers){ 0 };
	if (!take_varint(&p, end, &timestamp_delta) || !take_varint(&p, end, &offset_delta) ||
		!take_bytes(&p, end, &ret->key, &ret->key_is_null) || !take_bytes(&p, end, &ret->value, &ret->value_is_null) ||
		!take_varint(&p, end, &header_count) ||
		(header_count != 0 && !take_headers(&p, end, header_count, arena, &ret->headers)) || p != end)
		return damaged(err, "a record's fields are wrong");
	if (offset_delta <= cursor->last_delta || offset_delta > batch->last_delta)
		return damaged(err, "a record's offset is wrong");
	ret->offset = batch->base_offset + offset_delta;
	ret->timestamp_ms = batch->attributes & LOCAL_BATCH_APPEND_TIME
				    ? batch->max_timestamp_ms
				    : (int64_t)((uint64_t)batch->base_timestamp_ms + (uint64_t)timestamp_delta);
	cursor->p = end;
	cursor->last_delta = (int32_t)offset_delta;
	cursor->index++;
	return true;
}
