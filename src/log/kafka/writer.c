/* Writing: one producer a writer. A commit is one Kafka transaction (KIP-98) that begins with its first record.
 *
 * Holds: after a failed commit the writer holds nothing of it; a producer that was fenced or lost is replaced when the next commit
 * begins. The transactional.id is the service's and the writer's name, so that a new incarnation fences its predecessor. */
#include "log/kafka/kafka_int.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define INIT_MS   10000
#define COMMIT_MS 15000
#define ROOM_MS   30000 /* how long append waits for room in the producer's queue */

struct weir_log_writer {
	struct kafka_log *log;
	char *id;
	bool is_transactional, is_open, is_broken; /* is_open: a transaction has begun */
	rd_kafka_t *producer;                      /* NULL until the first commit, and after it was lost */
	struct weir_map topics;                    /* name -> rd_kafka_topic_t */
	struct weir_slice last_name;
	rd_kafka_topic_t *last_topic;
	struct weir_buf key, value; /* of progress records */
	rd_kafka_resp_err_t lost;   /* not transactional: what the last lost record died of */
};

/* ---- The producer ---- */

static void forget_topics(struct weir_log_writer *writer)
{
	for (struct weir_map_entry *e = NULL; (e = weir_map_next(&writer->topics, e));)
		rd_kafka_topic_destroy(e->value);
	weir_map_fini(&writer->topics);
	weir_map_init(&writer->topics);
	writer->last_topic = NULL;
}

static void drop_producer(struct weir_log_writer *writer)
{
	if (!writer->producer)
		return;
	forget_topics(writer);
	rd_kafka_purge(writer->producer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
	rd_kafka_flush(writer->producer, 1000);
	rd_kafka_destroy(writer->producer);
	writer->producer = NULL;
	writer->is_open = writer->is_broken = false;
}

/* Only records that failed. Thread: the writer's, from rd_kafka_poll() and flush. */
static void on_lost(rd_kafka_t *producer, const rd_kafka_message_t *message, void *opaque)
{
	if (message->_private)
		((struct weir_log_writer *)message->_private)->lost = message->err;
}

static bool open_producer(struct weir_log_writer *writer, struct weir_err *err)
{
	rd_kafka_conf_t *conf;

	if (!kafka_conf_new(writer->log, KAFKA_WRITER, &conf, err))
		return false;
	rd_kafka_conf_set_dr_msg_cb(conf, on_lost);
	if (writer->is_transactional && !kafka_conf_put(conf, "transactional.id", writer->id, err)) {
		rd_kafka_conf_destroy(conf);
		return false;
	}
	if (!kafka_handle_new(RD_KAFKA_PRODUCER, conf, &writer->producer, err))
		return false;
	rd_kafka_error_t *error = writer->is_transactional ? rd_kafka_init_transactions(writer->producer, INIT_MS) : NULL;
	if (!error) {
		kafka_note_answer(writer->log);
		return true;
	}
	kafka_fail_with(err, error, "Transactions cannot be begun");
	drop_producer(writer);
	return false;
}

bool kafka_writer_open(
	struct weir_log *log, struct weir_slice name, bool transactional, struct weir_log_writer **ret, struct weir_err *err)
{
	struct weir_log_writer *writer = weir_alloc_zero(sizeof *writer);
	size_t size = strlen(kafka_log_of(log)->service_id) + name.len + 16;

	writer->log = kafka_log_of(log);
	writer->is_transactional = transactional;
	writer->id = weir_alloc(size);
	snprintf(writer->id, size, "weir-%s-%.*s", writer->log->service_id, WEIR_SLICE_ARG(name));
	weir_map_init(&writer->topics);
	weir_buf_init(&writer->key, WEIR_BUF_NO_LIMIT);
	weir_buf_init(&writer->value, WEIR_BUF_NO_LIMIT);
	if (!open_producer(writer, err)) {
		kafka_writer_close(writer);
		return false;
	}
	*ret = writer;
	return true;
}

void kafka_writer_close(struct weir_log_writer *writer)
{
	struct weir_err ignored;

	if (!writer)
		return;
	kafka_abort(writer, &ignored);
	drop_producer(writer);
	weir_map_fini(&writer->topics);
	weir_buf_fini(&writer->key);
	weir_buf_fini(&writer->value);
	free(writer->id);
	free(writer);
}

/* ---- Records ---- */

static bool begin(struct weir_log_writer *writer, struct weir_err *err)
{
	if (writer->is_open)
		return true;
	if (writer->is_broken)
		drop_producer(writer);
	if (!writer->producer && !open_producer(writer, err))
		return false;
	rd_kafka_error_t *error = writer->is_transactional ? rd_kafka_begin_transaction(writer->producer) : NULL;
	if (error) {
		writer->is_broken = true;
		return kafka_fail_with(err, error, "A transaction cannot be begun");
	}
	writer->is_open = true;
	return true;
}

static rd_kafka_topic_t *topic_of(struct weir_log_writer *writer, struct weir_slice name)
{
	if (writer->last_topic && weir_slice_equals(writer->last_name, name))
		return writer->last_topic;
	rd_kafka_topic_t *topic = weir_map_get(&writer->topics, name);
	if (!topic) {
		char text[256];
		snprintf(text, sizeof text, "%.*s", WEIR_SLICE_ARG(name));
		topic = rd_kafka_topic_new(writer->producer, text, NULL);
		weir_map_put(&writer->topics, name, topic);
	}
	writer->last_topic = topic;
	writer->last_name = weir_slice_of(rd_kafka_topic_name(topic));
	return topic;
}

static rd_kafka_headers_t *to_headers(const struct weir_headers *headers)
{
	rd_kafka_headers_t *out = rd_kafka_headers_new(headers->count);

	for (size_t i = 0; i < headers->count; i++) {
		const struct weir_header *header = &headers->items[i];
		rd_kafka_header_add(out, header->name.ptr, (ssize_t)header->name.len,
			header->value_is_null ? NULL : header->value.ptr, header->value_is_null ? 0 : (ssize_t)header->value.len);
	}
	return out;
}

static rd_kafka_resp_err_t produce_once(struct weir_log_writer *writer, rd_kafka_topic_t *topic, int32_t partition,
	const struct weir_message *message, rd_kafka_headers_t *headers)
{
	/* An empty value is not a null one: librdkafka tells them apart by the pointer. */
	rd_kafka_vu_t parts[8] = {
		{ .vtype = RD_KAFKA_VTYPE_RKT, .u.rkt = topic },
		{ .vtype = RD_KAFKA_VTYPE_PARTITION, .u.i32 = partition },
		{ .vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY },
		{ .vtype = RD_KAFKA_VTYPE_TIMESTAMP, .u.i64 = message->timestamp_ms },
		{ .vtype = RD_KAFKA_VTYPE_KEY,
			.u.mem = { message->key_is_null ? NULL
				   : message->key.ptr   ? (void *)message->key.ptr
							: (void *)"",
				message->key_is_null ? 0 : message->key.len } },
		{ .vtype = RD_KAFKA_VTYPE_VALUE,
			.u.mem = { message->value_is_null ? NULL
				   : message->value.ptr   ? (void *)message->value.ptr
							  : (void *)"",
				message->value_is_null ? 0 : message->value.len } },
		{ .vtype = RD_KAFKA_VTYPE_OPAQUE, .u.ptr = writer },
		{ .vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = headers },
	};
	rd_kafka_error_t *error = rd_kafka_produceva(writer->producer, parts, headers ? 8 : 7);

	if (!error)
		return RD_KAFKA_RESP_ERR_NO_ERROR;
	rd_kafka_resp_err_t code = rd_kafka_error_code(error);
	rd_kafka_error_destroy(error);
	return code;
}

static int64_t monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool kafka_append(struct weir_log_writer *writer, struct weir_slice topic, int32_t partition, const struct weir_message *message,
	struct weir_err *err)
{
	int64_t give_up_at = 0;
	rd_kafka_resp_err_t code;

	if (!begin(writer, err))
		return false;
	rd_kafka_topic_t *target = topic_of(writer, topic);
	rd_kafka_headers_t *headers = message->headers.count ? to_headers(&message->headers) : NULL;
	while ((code = produce_once(writer, target, partition, message, headers)) == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
		int64_t now = monotonic_ms();
		give_up_at = give_up_at ? give_up_at : now + ROOM_MS;
		if (now > give_up_at)
			break;
		rd_kafka_poll(writer->producer, 5);
	}
	if (!code)
		return true;
	if (headers)
		rd_kafka_headers_destroy(headers);
	return kafka_fail(err, code, NULL, "A record cannot be written to topic '%.*s'", WEIR_SLICE_ARG(topic));
}

bool kafka_progress(struct weir_log_writer *writer, const struct weir_progress *progress, struct weir_err *err)
{
	weir_buf_reset(&writer->key);
	weir_buf_reset(&writer->value);
	kafka_progress_key(&writer->key, progress);
	weir_buf_printf(&writer->value, "%lld", (long long)progress->next_offset);
	struct weir_message message = {
		.key = weir_buf_slice(&writer->key),
		.value = weir_buf_slice(&writer->value),
		.timestamp_ms = weir_clock_now_ms(writer->log->clock),
	};
	return kafka_append(writer, weir_slice_of(writer->log->progress_topic), 0, &message, err);
}

bool kafka_state(struct weir_log_writer *writer, struct weir_slice store, int32_t partition, const struct weir_state_change *change,
	struct weir_err *err)
{
	struct weir_message message = {
		.key = change->key,
		.value = change->value,
		.value_is_null = change->is_delete,
		.timestamp_ms = weir_clock_now_ms(writer->log->clock),
	};

	return kafka_append(writer, store, partition, &message, err);
}

/* ---- Commit ---- */

static bool flush(struct weir_log_writer *writer, struct weir_err *err)
{
	writer->is_open = false;
	rd_kafka_resp_err_t code = rd_kafka_flush(writer->producer, COMMIT_MS);
	if (!code)
		code = writer->lost;
	writer->lost = RD_KAFKA_RESP_ERR_NO_ERROR;
	return !code || kafka_fail(err, code, NULL, "Records cannot be written");
}

/* A commit that was lost: what was in it must be done again, by a new producer when this one is of no use any more. */
static bool fail_commit(struct weir_log_writer *writer, rd_kafka_error_t *error, struct weir_err *err)
{
	bool is_over = rd_kafka_error_is_fatal(error), aborts = rd_kafka_error_txn_requires_abort(error);
	rd_kafka_resp_err_t code = rd_kafka_error_code(error);

	kafka_fail_with(err, error, "A transaction cannot be committed");
	if (aborts && !is_over && code != RD_KAFKA_RESP_ERR__TIMED_OUT) {
		if (err->code != WEIR_E_VALUE_TOO_LARGE && err->code != WEIR_E_TOPIC_NOT_FOUND)
			err->code = WEIR_E_TRANSACTION_ABORTED;
		struct weir_err ignored;
		kafka_abort(writer, &ignored);
		return false;
	}
	writer->is_broken = true;
	writer->is_open = false;
	return false;
}

bool kafka_commit(struct weir_log_writer *writer, struct weir_err *err)
{
	int64_t give_up_at = monotonic_ms() + COMMIT_MS;
	rd_kafka_error_t *error;

	if (!writer->is_open)
		return true;
	if (!writer->is_transactional)
		return flush(writer, err);
	while ((error = rd_kafka_commit_transaction(writer->producer, 5000)) && rd_kafka_error_is_retriable(error) &&
		monotonic_ms() < give_up_at)
		rd_kafka_error_destroy(error);
	if (error)
		return fail_commit(writer, error, err);
	writer->is_open = false;
	kafka_note_answer(writer->log);
	return true;
}

bool kafka_abort(struct weir_log_writer *writer, struct weir_err *err)
{
	if (!writer->is_open || !writer->producer)
		return true;
	writer->is_open = false;
	if (!writer->is_transactional) {
		rd_kafka_purge(writer->producer, RD_KAFKA_PURGE_F_QUEUE);
		return true;
	}
	rd_kafka_error_t *error = rd_kafka_abort_transaction(writer->producer, 5000);
	if (!error)
		return true;
	writer->is_broken = true; /* the broker ends the transaction when its time is over, or the next producer does */
	return kafka_fail_with(err, error, "A transaction cannot be aborted");
}
