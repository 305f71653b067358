/* Inside log/local: the parts of the embedded log. */
#pragma once

#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "lmdb/env.h"
#include "log/local/batch.h"
#include "log/local/codec.h"
#include "log/local/snapshot.h"
#include "log/local/wake.h"
#include "log/log.h"
#include "log/topic_settings.h"

#include <pthread.h>

enum { TABLE_META, TABLE_TOPICS, TABLE_BATCHES, TABLE_ENDS, TABLE_PROGRESS, TABLE_STATE, TABLE_COUNT };

#define LOCAL_FORMAT_VERSION 2
/* A batch, unless one record is larger: 16 pages of LMDB with their head of 16 bytes. */
#define LOCAL_BATCH_BYTES (16 * 4096 - 16)

struct local_log {
	struct weir_log log; /* first */
	struct weir_lmdb *env;
	struct local_snapshots snapshots;
	struct local_wake wake;
	const struct weir_clock *clock;
	char *path;
	int lock_fd;
	bool is_tool;

	pthread_t maintainer;
	int maintenance_interval_ms;
	bool has_maintainer, is_closing;
	pthread_mutex_t maintenance_lock;
	pthread_cond_t maintenance_wake;
};

struct local_topic {
	uint32_t id;
	struct weir_topic_config config; /* name points where the caller's name does */
};

/* What is kept of a partition beside its batches; stored as it is, so fields are only added at the end. */
struct local_ends {
	int64_t low, end;       /* first offset kept; the next one to be written */
	int64_t bytes, records; /* of all batches */
	int64_t clean_end;      /* compacted up to there */
	int64_t clean_bytes;    /* bytes below clean_end when they were compacted */
	int64_t horizon_ms;     /* the earliest moment at which a tombstone may leave; 0: there is none */
};

/* topics.c */
bool local_topic_find(struct weir_lmdb_txn *txn, struct weir_slice name, struct local_topic *ret, struct weir_err *err);
bool local_topic_check_partition(const struct local_topic *topic, struct weir_slice name, int32_t partition, struct weir_err *err);
bool local_topic_create(struct weir_log *log, const struct weir_topic_config *config, struct weir_err *err);
bool local_topic_describe(struct weir_log *log, struct weir_slice name, struct weir_arena *arena, struct weir_topic_config *ret,
	struct weir_err *err);
bool local_topic_delete(struct weir_log *log, struct weir_slice name, struct weir_err *err);
bool local_topic_configure(struct weir_log *log, const struct weir_topic_config *config, struct weir_err *err);
bool local_topic_list(
	struct weir_log *log, struct weir_arena *arena, struct weir_topic_config **ret, size_t *ret_count, struct weir_err *err);
/* Removes what is left of deleted topics, a bounded part at a time. */
bool local_topic_sweep(struct local_log *log, struct weir_err *err);

/* ends.c */
bool local_ends_get(struct weir_lmdb_txn *txn, uint32_t topic, int32_t partition, struct local_ends *ret, struct weir_err *err);
bool local_ends_put(
	struct weir_lmdb_txn *txn, uint32_t topic, int32_t partition, const struct local_ends *ends, struct weir_err *err);
bool local_watermarks(struct weir_log *log, struct weir_slice topic, int32_t partition, int64_t *ret_low, int64_t *ret_high,
	struct weir_err *err);
bool local_partition_stat(
	struct weir_log *log, struct weir_slice topic, int32_t partition, struct weir_partition_stat *ret, struct weir_err *err);

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

/* writer.c, commit.c */
bool local_writer_open(
	struct weir_log *log, struct weir_slice name, bool transactional, struct weir_log_writer **ret, struct weir_err *err);
void local_writer_close(struct weir_log_writer *writer);
bool local_writer_set(struct weir_log_writer *writer, struct weir_slice name, struct weir_slice value, struct weir_err *err);
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
bool local_maintainer_start(struct local_log *log, struct weir_err *err);
void local_maintainer_stop(struct local_log *log);
bool local_is_closing(struct local_log *log);
/* retention.c: removes what is too old or too much of one partition. */
bool local_retain(struct local_log *log, const struct local_topic *topic, int32_t partition, struct weir_err *err);
/* compact.c: one pass over a partition when enough of it is new. */
bool local_compact(struct local_log *log, const struct local_topic *topic, int32_t partition, struct weir_err *err);
