/* Inside log/kafka/: the log on Kafka through librdkafka, whose only owner is this folder.
 *
 * Handles: `meta` (a consumer that joins no group) answers questions about topics and offsets; each reader has consumers of its
 * own, each writer a transactional producer. Progress lies in one compacted topic per service, state in changelog topics. Facts
 * behind the settings and the waits: KIP-98 (transactions), KIP-360 (epochs), measured: retry.backoff.ms decides how long
 * transactions in a row take. */
#pragma once

#include "base/buf.h"
#include "base/log.h"
#include "base/map.h"
#include "log/log.h"

#include <librdkafka/rdkafka.h>
#include <pthread.h>

#define KAFKA_REQUEST_MS 10000 /* how long a question to the brokers may take */

struct kafka_log {
	struct weir_log log; /* first */
	struct weir_kafka_setting *settings;
	size_t setting_count;
	char *service_id;
	const struct weir_clock *clock;
	const struct weir_logger *logger;
	rd_kafka_t *meta;
	char *progress_topic;
	pthread_mutex_t progress_lock; /* one reads the progress topic at a time; taken before lock */

	pthread_mutex_t lock;     /* all below */
	struct weir_err trouble;  /* code NONE: the brokers answer */
	struct weir_map progress; /* record key of the progress topic -> (next offset + 1) as a pointer */
	int64_t progress_read;    /* next offset of the progress topic to read */
};

static inline struct kafka_log *kafka_log_of(struct weir_log *log)
{
	return (struct kafka_log *)log;
}

/* ---- conf.c ---- */

enum kafka_role { KAFKA_META, KAFKA_READER, KAFKA_WRITER };
/* A configuration with the user's settings, to be completed and given to rd_kafka_new(). Errors: INVALID_PROPERTY. */
bool kafka_conf_new(struct kafka_log *log, enum kafka_role role, rd_kafka_conf_t **ret, struct weir_err *err);
bool kafka_conf_put(rd_kafka_conf_t *conf, const char *name, const char *value, struct weir_err *err);
/* Takes the configuration over, also when it fails. */
bool kafka_handle_new(rd_kafka_type_t type, rd_kafka_conf_t *conf, rd_kafka_t **ret, struct weir_err *err);

/* ---- errors.c ---- */

/* Fills err from a librdkafka code: `doing` says what failed ("topic 'x' cannot be created"). Returns false. */
bool kafka_fail(struct weir_err *err, rd_kafka_resp_err_t code, const char *detail, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Takes the error object over. */
bool kafka_fail_with(struct weir_err *err, rd_kafka_error_t *error, const char *doing);
/* The brokers were seen, or were not. Thread: any. */
void kafka_note_answer(struct kafka_log *log);
void kafka_note_trouble(struct kafka_log *log, rd_kafka_resp_err_t code, const char *detail);

/* ---- topics.c ---- */

bool kafka_topic_create(struct weir_log *log, const struct weir_topic_config *config, struct weir_err *err);
bool kafka_topic_describe(struct weir_log *log, struct weir_slice name, struct weir_arena *arena, struct weir_topic_config *ret,
	struct weir_err *err);
bool kafka_topic_delete(struct weir_log *log, struct weir_slice name, struct weir_err *err);
bool kafka_topic_configure(struct weir_log *log, const struct weir_topic_config *config, struct weir_err *err);
bool kafka_topic_list(
	struct weir_log *log, struct weir_arena *arena, struct weir_topic_config **ret, size_t *ret_count, struct weir_err *err);
bool kafka_watermarks(struct weir_log *log, struct weir_slice topic, int32_t partition, int64_t *ret_low, int64_t *ret_high,
	struct weir_err *err);

/* For a moment a partition has no leader, or the client knows an old one: after its topic was made, a broker left or came back. */
bool kafka_is_between_leaders(rd_kafka_resp_err_t code);
/* Waits a little and asks the brokers who leads the topic's partitions: the client would go by what it knows for minutes. */
void kafka_find_leaders_again(struct kafka_log *log, const char *topic);

/* ---- reader.c ---- */

bool kafka_reader_open(struct weir_log *log, struct weir_log_reader **ret, struct weir_err *err);
void kafka_reader_close(struct weir_log_reader *reader);
bool kafka_assign(struct weir_log_reader *reader, struct weir_slice topic, int32_t partition, int64_t offset, void *tag,
	struct weir_err *err);
bool kafka_unassign(struct weir_log_reader *reader, struct weir_slice topic, int32_t partition, void *tag, struct weir_err *err);
bool kafka_pause(
	struct weir_log_reader *reader, struct weir_slice topic, int32_t partition, void *tag, bool paused, struct weir_err *err);
bool kafka_poll(
	struct weir_log_reader *reader, size_t max_messages, int timeout_ms, struct weir_fetch *ret_fetch, struct weir_err *err);
void kafka_wake(struct weir_log_reader *reader);

/* ---- writer.c ---- */

bool kafka_writer_open(
	struct weir_log *log, struct weir_slice name, bool transactional, struct weir_log_writer **ret, struct weir_err *err);
void kafka_writer_close(struct weir_log_writer *writer);
bool kafka_append(struct weir_log_writer *writer, struct weir_slice topic, int32_t partition, const struct weir_message *message,
	struct weir_err *err);
bool kafka_progress(struct weir_log_writer *writer, const struct weir_progress *progress, struct weir_err *err);
bool kafka_state(struct weir_log_writer *writer, struct weir_slice store, int32_t partition, const struct weir_state_change *change,
	struct weir_err *err);
bool kafka_commit(struct weir_log_writer *writer, struct weir_err *err);
bool kafka_abort(struct weir_log_writer *writer, struct weir_err *err);

/* ---- progress.c ---- */

bool kafka_progress_open(struct kafka_log *log, struct weir_err *err);
/* The record key of a mark: scope, NUL, topic, NUL, partition. */
void kafka_progress_key(struct weir_buf *out, const struct weir_progress *progress);
bool kafka_read_progress(struct weir_log *log, struct weir_slice scope, struct weir_slice topic, int32_t partition,
	int64_t *ret_offset, struct weir_err *err);
bool kafka_forget(struct weir_log *log, struct weir_slice prefix, struct weir_err *err);
