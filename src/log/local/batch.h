/* Kafka's record batch, layout v2 (Kafka protocol guide, "Record Batch"): the bytes in which records lie in the embedded log.
 *
 *   0 base offset (8)    8 length of what follows (4)   12 leader epoch (4)   16 magic 2 (1)   17 CRC-32C from 21 on (4)
 *  21 attributes (2)    23 last offset's delta (4)      27 base timestamp (8) 35 greatest timestamp (8)
 *  43 producer id (8)   51 producer epoch (2)           53 sequence (4)       57 number of records (4)   61 records
 *
 * Base offset and leader epoch are not summed: the log sets them when it commits. The leader epoch, which a log without replicas
 * has no use for, holds the wall clock in seconds at that moment. All numbers big-endian; a record's are zigzag varints.
 * Attributes: bits 0-2 codec, 3 all records have the greatest timestamp (log append time), 6 the base timestamp is the moment from
 * which tombstones may go (KIP-534).
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "log/log.h"

#define LOCAL_BATCH_HEAD_BYTES 61
#define LOCAL_MAX_BATCH_BYTES  ((size_t)256 << 20) /* also of a decompressed one */

enum { LOCAL_BATCH_CODEC = 7, LOCAL_BATCH_APPEND_TIME = 8, LOCAL_BATCH_HAS_HORIZON = 64 };

struct local_batch {
	int64_t base_offset, base_timestamp_ms, max_timestamp_ms, written_ms;
	uint32_t crc;
	int attributes;
	int32_t last_delta, count;
	struct weir_slice body; /* compressed as the attributes say */
};

/* Checks the head and the sum; slices point into bytes. Errors: LOG_CORRUPT, saying what is wrong with the batch (the caller says
 * where it is). */
bool local_batch_open(struct weir_slice bytes, struct local_batch *ret, struct weir_err *err);
/* The head alone, unchecked but for its length: for retention. */
bool local_batch_peek(struct weir_slice bytes, struct local_batch *ret, struct weir_err *err);

/* A walk over a batch's records. */
struct local_record_cursor {
	const char *start, *p, *end;
	int32_t index, last_delta; /* index: records taken; last_delta: offset's delta of the last one, -1 before the first */
};
/* body: decompressed. */
void local_record_cursor_init(struct local_record_cursor *cursor, struct weir_slice body);
/* The next record; call while cursor->index < batch->count. Key, value and headers point into the body; header arrays live in
 * the arena. Errors: LOG_CORRUPT. */
bool local_record_next(struct local_record_cursor *cursor, const struct local_batch *batch, struct weir_arena *arena,
	struct weir_message *ret, struct weir_err *err);

/* Bytes of the record in a batch; *ret_body: of them what follows its length, for local_record_put(). */
size_t local_record_bytes(int64_t timestamp_delta, int32_t offset_delta, const struct weir_message *message, size_t *ret_body);
/* Appends the record; room for local_record_bytes() must have been reserved in out. */
void local_record_put(
	struct weir_buf *out, size_t body, int64_t timestamp_delta, int32_t offset_delta, const struct weir_message *message);

/* Fills the first LOCAL_BATCH_HEAD_BYTES of `bytes` (head and body, `len` together) and sums them. */
void local_batch_seal(char *bytes, size_t len, const struct local_batch *head);
/* Sets what is not summed. */
void local_batch_place(char *bytes, int64_t base_offset, int64_t written_ms);

/* Where a batch lies: topic number, partition, base offset, big-endian, so that a partition's batches are neighbours in order. */
#define LOCAL_BATCH_KEY_BYTES 16
void local_batch_key(char key[LOCAL_BATCH_KEY_BYTES], uint32_t topic, int32_t partition, int64_t base_offset);
int64_t local_batch_key_offset(struct weir_slice key);
bool local_batch_key_matches(struct weir_slice key, uint32_t topic, int32_t partition);
