/* How records lie in a batch.
 *
 * Value: struct local_batch_head, then per record: zigzag varint of the timestamp's difference to the base; varint of key length +
 * 1 (0: null key) and the key; the same for the value; varint of the number of headers, each name and value alike.
 */
#include "log/local/local_int.h"

#include "base/buf.h"

#include <zlib.h>

void local_batch_key(char key[LOCAL_BATCH_KEY_BYTES], uint32_t topic, int32_t partition, int64_t base_offset)
{
	for (int i = 0; i < 4; i++) {
		key[i] = (char)(topic >> (24 - 8 * i));
		key[4 + i] = (char)((uint32_t)partition >> (24 - 8 * i));
	}
	for (int i = 0; i < 8; i++)
		key[8 + i] = (char)((uint64_t)base_offset >> (56 - 8 * i));
}

int64_t local_batch_key_offset(struct weir_slice key)
{
	uint64_t offset = 0;

	for (int i = 0; i < 8; i++)
		offset = offset << 8 | (unsigned char)key.ptr[8 + i];
	return (int64_t)offset;
}

bool local_batch_key_matches(struct weir_slice key, uint32_t topic, int32_t partition)
{
	char wanted[LOCAL_BATCH_KEY_BYTES];

	local_batch_key(wanted, topic, partition, 0);
	return key.len == LOCAL_BATCH_KEY_BYTES && memcmp(key.ptr, wanted, 8) == 0;
}

/* ---- Writing ---- */

static void put_varint(struct weir_buf *out, uint64_t value)
{
	char bytes[10];
	size_t len = 0;

	for (; value >= 0x80; value >>= 7)
		bytes[len++] = (char)(value | 0x80);
	bytes[len++] = (char)value;
	weir_buf_append(out, bytes, len);
}

static void put_bytes(struct weir_buf *out, struct weir_slice bytes, bool is_null)
{
	put_varint(out, is_null ? 0 : bytes.len + 1);
	if (!is_null)
		weir_buf_append_slice(out, bytes);
}

void local_batch_append(struct weir_buf *out, int64_t base_timestamp_ms, const struct weir_message *message)
{
	int64_t delta = (int64_t)((uint64_t)message->timestamp_ms - (uint64_t)base_timestamp_ms);

	put_varint(out, ((uint64_t)delta << 1) ^ (uint64_t)(delta >> 63));
	put_bytes(out, message->key, message->key_is_null);
	put_bytes(out, message->value, message->value_is_null);
	put_varint(out, message->headers.count);
	for (size_t i = 0; i < message->headers.count; i++) {
		put_bytes(out, message->headers.items[i].name, false);
		put_bytes(out, message->headers.items[i].value, message->headers.items[i].value_is_null);
	}
}

static uint32_t checksum(const char *bytes, size_t len)
{
	return (uint32_t)crc32_z(0, (const unsigned char *)bytes, len);
}

void local_batch_write(char *memory, struct local_batch_head *head, struct weir_slice records)
{
	memcpy(memory, head, sizeof *head);
	memcpy(memory + sizeof *head, records.ptr, records.len);
	head->crc = checksum(memory + sizeof head->crc, sizeof *head - sizeof head->crc + records.len);
	memcpy(memory, &head->crc, sizeof head->crc);
}

/* ---- Reading ---- */

static bool damaged(struct weir_err *err)
{
	return weir_err_set(err, WEIR_E_LOG_CORRUPT, "A batch of records in the data folder is damaged");
}

bool local_batch_check_head(struct weir_slice batch, struct local_batch_head *ret, struct weir_err *err)
{
	if (batch.len < sizeof *ret)
		return damaged(err);
	memcpy(ret, batch.ptr, sizeof *ret);
	return true;
}

struct cursor {
	const char *p, *end;
};

static bool take_varint(struct cursor *cursor, uint64_t *ret)
{
	uint64_t value = 0;

	for (int shift = 0; shift < 70 && cursor->p < cursor->end; shift += 7) {
		unsigned char byte = (unsigned char)*cursor->p++;
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80)) {
			*ret = value;
			return true;
		}
	}
	return false;
}

static bool take_bytes(struct cursor *cursor, struct weir_slice *ret, bool *ret_is_null)
{
	uint64_t len;

	if (!take_varint(cursor, &len))
		return false;
	*ret_is_null = len == 0;
	*ret = (struct weir_slice){ 0 };
	if (len == 0)
		return true;
	if (len - 1 > (uint64_t)(cursor->end - cursor->p))
		return false;
	*ret = weir_slice_make(cursor->p, len - 1);
	cursor->p += len - 1;
	return true;
}

static bool take_headers(struct cursor *cursor, struct weir_arena *arena, struct weir_headers *ret)
{
	uint64_t count;
	bool is_null;

	*ret = (struct weir_headers){ 0 };
	if (!take_varint(cursor, &count) || count > (uint64_t)(cursor->end - cursor->p))
		return false;
	if (count == 0)
		return true;
	struct weir_header *headers = WEIR_ARENA_ARRAY(arena, struct weir_header, count);
	for (uint64_t i = 0; i < count; i++)
		if (!take_bytes(cursor, &headers[i].name, &is_null) ||
			!take_bytes(cursor, &headers[i].value, &headers[i].value_is_null))
			return false;
	*ret = (struct weir_headers){ .items = headers, .count = count };
	return true;
}

bool local_batch_read(
	struct local_messages *out, struct weir_slice batch, int64_t base_offset, int64_t from, size_t most, struct weir_err *err)
{
	struct local_batch_head head;

	if (!local_batch_check_head(batch, &head, err))
		return false;
	if (head.crc != checksum(batch.ptr + sizeof head.crc, batch.len - sizeof head.crc))
		return damaged(err);
	struct cursor cursor = { .p = batch.ptr + sizeof head, .end = batch.ptr + batch.len };
	for (uint32_t i = 0; i < head.count && out->messages.count < most; i++) {
		struct weir_message message = { .offset = base_offset + i };
		uint64_t zigzag;
		if (!take_varint(&cursor, &zigzag) || !take_bytes(&cursor, &message.key, &message.key_is_null) ||
			!take_bytes(&cursor, &message.value, &message.value_is_null) ||
			!take_headers(&cursor, &out->headers, &message.headers))
			return damaged(err);
		if (message.offset < from)
			continue;
		message.timestamp_ms =
			(int64_t)((uint64_t)head.base_timestamp_ms + (uint64_t)((int64_t)(zigzag >> 1) ^ -(int64_t)(zigzag & 1)));
		WEIR_VEC_PUSH(&out->messages, message);
	}
	return true;
}
