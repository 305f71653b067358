/* Inside log/local: the parts of the embedded log. */
#pragma once

#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "lmdb/env.h"
#include "log/log.h"

#include <pthread.h>

enum { TABLE_META, TABLE_TOPICS, TABLE_BATCHES, TABLE_ENDS, TABLE_PROGRESS, TABLE_STATE, TABLE_COUNT };

#define LOCAL_MAX_MESSAGE_BYTES ((size_t)64 << 20)
#define LOCAL_BATCH_BYTES       65536
#define LOCAL_BATCH_KEY_BYTES   16

struct local_log {
	struct weir_log log; /* first */
	struct weir_lmdb *env;
	const struct weir_clock *clock;
	int lock_fd;
	pthread_mutex_t lock; /* commits in this process, for those who wait */
	pthread_cond_t committed;
	pthread_t maintainer;
	bool has_maintainer, is_closing;
};

struct local_topic {
	uint32_t id;
	struct weir_topic_config config; /* name points where the caller's name does */
};

/* topics.c */
bool local_topic_find(struct weir_lmdb_txn *txn, struct weir_slice name, struct local_topic *ret, struct weir_err *err);
bool local_topic_create(struct weir_log *log, const struct weir_topic_config *config, struct weir_err *err);
bool local_topic_describe(struct weir_log *log, struct weir_slice name, struct weir_arena *arena, struct weir_topic_config *ret,
	struct weir_err *err);
bool local_topic_delete(struct weir_log *log, struct weir_slice name, struct weir_err *err);
bool local_topic_configure(struct weir_log *log, const struct weir_topic_config *config, struct weir_err *err);
bool local_topic_list(
	struct weir_log *log, struct weir_arena *arena, struct weir_topic_config **ret, size_t *ret_count, struct weir_err *err);
bool local_watermarks(struct weir_log *log, struct weir_slice topic, int32_t partition, int64_t *ret_low, int64_t *ret_high,
	struct weir_err *err);
bool local_ends(
	struct weir_lmdb_txn *txn, uint32_t topic, int32_t partition, int64_t *ret_low, int64_t *ret_high, struct weir_err *err);

/* batch.c */
void local_batch_key(char key[LOCAL_BATCH_KEY_BYTES], uint32_t topic, int32_t partition, int64_t base_offset);
int64_t local_batch_key_offset(struct weir_slice key);
bool local_batch_key_matches(struct weir_slice key, uint32_t topic, int32_t partition);
struct local_batch_head {
	uint32_t crc; /* of everything behind it */
	uint32_t count;
	int64_t written_ms; /* wall clock, for retention */
	int64_t base_timestamp_ms;
};
void local_batch_append(struct weir_buf *out, int64_t base_timestamp_ms, const struct weir_message *message);
/* Fills head.crc and writes head and records to `memory` (sizeof head + records.len bytes). */
void local_batch_write(char *memory, struct local_batch_head *head, struct weir_slice records);
struct local_messages {
	WEIR_VEC(struct weir_message) messages;
	struct weir_arena headers;
};
/* Appends the batch's messages with offset >= from, at most `most` in all. Errors: LOG_CORRUPT. */
bool local_batch_read(
	struct local_messages *out, struct weir_slice batch, int64_t base_offset, int64_t from, size_t most, struct weir_err *err);
bool local_batch_check_head(struct weir_slice batch, struct local_batch_head *ret, struct weir_err *err);

/* reader.c */
bool local_reader_open(struct weir_log *log, struct weir_log_reader **ret, struct weir_err *err);
void local_reader_close(struct weir_log_reader *reader);
bool local_assign(struct weir_log_reader *reader, struct weir_slice topic, int32_t partition, int64_t offset, void *tag,
	struct weir_err *err);
bool local_unassign(struct weir_log_reader *reader, struct weir_slice topic, int32_t partition, void *tag, struct weir_err *err);
bool local_pause(
	struct weir_log_reader *reader, struct weir_slice topic, int32_t partition, void *tag, bool paused, struct weir_err *err);
bool local_poll(struct weir_log_reader *reader, size_t max_messages, int timeout_ms, struct weir_fetch *ret, struct weir_err *err);
void local_wake(struct weir_log_reader *reader);

/* writer.c */
bool local_writer_open(
	struct weir_log *log, struct weir_slice name, bool transactional, struct weir_log_writer **ret, struct weir_err *err);
void local_writer_close(struct weir_log_writer *writer);
bool local_append(struct weir_log_writer *writer, struct weir_slice topic, int32_t partition, const struct weir_message *message,
	struct weir_err *err);
bool local_progress(struct weir_log_writer *writer, const struct weir_progress *progress, struct weir_err *err);
bool local_state(struct weir_log_writer *writer, struct weir_slice store, int32_t partition, const struct weir_state_change *change,
	struct weir_err *err);
bool local_commit(struct weir_log_writer *writer, struct weir_err *err);
bool local_abort(struct weir_log_writer *writer, struct weir_err *err);

/* state.c */
bool local_read_progress(struct weir_log *log, struct weir_slice scope, struct weir_slice topic, int32_t partition,
	int64_t *ret_offset, struct weir_err *err);
bool local_forget(struct weir_log *log, struct weir_slice scope_prefix, struct weir_err *err);
bool local_state_open(
	struct weir_log *log, struct weir_slice store, int32_t partition, struct weir_store_backing **ret, struct weir_err *err);
bool local_put_progress(struct weir_lmdb_txn *txn, const struct weir_progress *progress, struct weir_err *err);
bool local_put_state(struct weir_lmdb_txn *txn, struct weir_slice store, int32_t partition, const struct weir_state_change *change,
	struct weir_err *err);

/* maintain.c */
void *local_maintain_loop(void *log);
