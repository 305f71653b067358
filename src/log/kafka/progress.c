/* Progress marks: one compacted topic a service, read into memory once and then from where it was left.
 *
 * Holds: a mark that is returned is the last one of a finished transaction; a transaction that is still undecided is waited for, at
 * most transaction.timeout.ms (then the broker aborts it). */
#include "log/kafka/kafka_int.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define WAIT_MS 30000

bool kafka_progress_open(struct kafka_log *log, struct weir_err *err)
{
	struct weir_topic_config config = {
		.name = weir_slice_of(log->progress_topic),
		.partitions = 1,
		.replicas = -1,
		.cleanup = WEIR_CLEANUP_COMPACT,
		.retention_bytes = -1,
		.is_internal = true,
	};

	if (kafka_topic_create(&log->log, &config, err) || err->code == WEIR_E_TOPIC_EXISTS) {
		err->code = WEIR_E_NONE;
		return true;
	}
	return false;
}

void kafka_progress_key(struct weir_buf *out, const struct weir_progress *progress)
{
	weir_buf_append_slice(out, progress->scope);
	weir_buf_append_byte(out, '\0');
	weir_buf_append_slice(out, progress->topic);
	weir_buf_append_byte(out, '\0');
	weir_buf_printf(out, "%d", progress->partition);
}

/* The end of the progress topic with what is not decided yet: a transaction that began before now counts. */
static rd_kafka_resp_err_t ask_undecided_end(struct kafka_log *log, int64_t *ret_end)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	rd_kafka_topic_partition_list_add(list, log->progress_topic, 0)->offset = RD_KAFKA_OFFSET_SPEC_LATEST;
	rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(log->meta, RD_KAFKA_ADMIN_OP_LISTOFFSETS);
	rd_kafka_queue_t *queue = rd_kafka_queue_new(log->meta);
	char ignored[64];
	size_t count = 0;
	rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR__TIMED_OUT;

	rd_kafka_AdminOptions_set_request_timeout(options, KAFKA_REQUEST_MS, ignored, sizeof ignored);
	rd_kafka_error_t *error = rd_kafka_AdminOptions_set_isolation_level(options, RD_KAFKA_ISOLATION_LEVEL_READ_UNCOMMITTED);
	if (error)
		rd_kafka_error_destroy(error);
	rd_kafka_ListOffsets(log->meta, list, options, queue);
	rd_kafka_event_t *event = rd_kafka_queue_poll(queue, KAFKA_REQUEST_MS + 1000);
	if (event)
		code = rd_kafka_event_error(event);
	if (event && !code) {
		const rd_kafka_ListOffsetsResultInfo_t **infos =
			rd_kafka_ListOffsets_result_infos(rd_kafka_event_ListOffsets_result(event), &count);
		const rd_kafka_topic_partition_t *found = count ? rd_kafka_ListOffsetsResultInfo_topic_partition(infos[0]) : NULL;
		code = found ? found->err : RD_KAFKA_RESP_ERR_UNKNOWN;
		if (!code)
			*ret_end = found->offset;
	}
	if (event)
		rd_kafka_event_destroy(event);
	rd_kafka_queue_destroy(queue);
	rd_kafka_AdminOptions_destroy(options);
	rd_kafka_topic_partition_list_destroy(list);
	return code;
}

static bool undecided_end(struct kafka_log *log, int64_t *ret_end, struct weir_err *err)
{
	rd_kafka_resp_err_t code = ask_undecided_end(log, ret_end);

	for (int i = 0; i < 100 && kafka_is_between_leaders(code); i++) {
		kafka_find_leaders_again(log, log->progress_topic);
		code = ask_undecided_end(log, ret_end);
	}
	return !code || kafka_fail(err, code, NULL, "The end of the progress topic cannot be found");
}

static void take_mark(struct kafka_log *log, const struct weir_message *message)
{
	int64_t offset;

	if (message->value_is_null)
		weir_map_remove(&log->progress, message->key);
	else if (weir_slice_to_i64(message->value, &offset))
		weir_map_put(&log->progress, message->key, (void *)(intptr_t)(offset + 1));
}

static bool read_until(struct kafka_log *log, struct weir_log_reader *reader, int64_t end, struct weir_err *err)
{
	int64_t give_up_at = weir_clock_monotonic_us(log->clock) + (int64_t)WAIT_MS * 1000;
	int64_t at = log->progress_read;

	while (at < end) {
		struct weir_fetch fetch;
		if (!kafka_poll(reader, 10000, 1000, &fetch, err))
			return false;
		pthread_mutex_lock(&log->lock);
		for (size_t i = 0; i < fetch.count; i++)
			take_mark(log, &fetch.messages[i]);
		if (fetch.next_offset > at)
			at = log->progress_read = fetch.next_offset;
		pthread_mutex_unlock(&log->lock);
		if (at < end && weir_clock_monotonic_us(log->clock) > give_up_at)
			return weir_err_set(err, WEIR_E_TIMEOUT, "The progress topic cannot be read to its end (%lld of %lld)",
				(long long)at, (long long)end);
	}
	return true;
}

static bool catch_up(struct kafka_log *log, struct weir_err *err)
{
	struct weir_log_reader *reader;
	int64_t end = 0;

	if (!undecided_end(log, &end, err))
		return false;
	if (log->progress_read >= end)
		return true;
	if (!kafka_reader_open(&log->log, &reader, err))
		return false;
	bool ok = kafka_assign(reader, weir_slice_of(log->progress_topic), 0, log->progress_read, NULL, err) &&
		  read_until(log, reader, end, err);
	kafka_reader_close(reader);
	return ok;
}

bool kafka_read_progress(struct weir_log *log, struct weir_slice scope, struct weir_slice topic, int32_t partition,
	int64_t *ret_offset, struct weir_err *err)
{
	struct kafka_log *self = kafka_log_of(log);
	struct weir_progress mark = { .scope = scope, .topic = topic, .partition = partition };
	struct weir_buf key;

	pthread_mutex_lock(&self->progress_lock);
	bool ok = catch_up(self, err);
	pthread_mutex_unlock(&self->progress_lock);
	if (!ok)
		return false;
	weir_buf_init(&key, WEIR_BUF_NO_LIMIT);
	kafka_progress_key(&key, &mark);
	pthread_mutex_lock(&self->lock);
	*ret_offset = (int64_t)(intptr_t)weir_map_get(&self->progress, weir_buf_slice(&key)) - 1;
	pthread_mutex_unlock(&self->lock);
	weir_buf_fini(&key);
	return true;
}

/* ---- Forgetting ---- */

static bool delete_changelogs(struct kafka_log *log, struct weir_slice prefix, struct weir_err *err)
{
	struct weir_topic_config *topics;
	struct weir_arena arena;
	size_t count;

	weir_arena_init(&arena, 8192);
	bool ok = kafka_topic_list(&log->log, &arena, &topics, &count, err);
	for (size_t i = 0; ok && i < count; i++)
		if (weir_slice_starts_with(topics[i].name, prefix) &&
			weir_slice_ends_with(topics[i].name, WEIR_SLICE("-changelog")))
			ok = kafka_topic_delete(&log->log, topics[i].name, err) || err->code == WEIR_E_TOPIC_NOT_FOUND;
	weir_arena_fini(&arena);
	return ok;
}

static bool has_marks(struct kafka_log *log, struct weir_slice prefix)
{
	bool found = false;

	pthread_mutex_lock(&log->lock);
	for (struct weir_map_entry *e = NULL; !found && (e = weir_map_next(&log->progress, e));)
		found = weir_slice_starts_with(e->key, prefix);
	pthread_mutex_unlock(&log->lock);
	return found;
}

static bool delete_marks(struct kafka_log *log, struct weir_slice prefix, struct weir_err *err)
{
	struct weir_log_writer *writer;
	bool ok = true;

	if (!has_marks(log, prefix))
		return true;
	if (!kafka_writer_open(&log->log, WEIR_SLICE("forget"), false, &writer, err))
		return false;
	pthread_mutex_lock(&log->lock);
	for (struct weir_map_entry *e = NULL; ok && (e = weir_map_next(&log->progress, e));) {
		if (!weir_slice_starts_with(e->key, prefix))
			continue;
		struct weir_message mark = { .key = e->key, .value_is_null = true, .timestamp_ms = weir_clock_now_ms(log->clock) };
		ok = kafka_append(writer, weir_slice_of(log->progress_topic), 0, &mark, err);
		weir_map_remove(&log->progress, e->key);
	}
	pthread_mutex_unlock(&log->lock);
	ok = ok && kafka_commit(writer, err);
	kafka_writer_close(writer);
	return ok;
}

bool kafka_forget(struct weir_log *log, struct weir_slice prefix, struct weir_err *err)
{
	struct kafka_log *self = kafka_log_of(log);

	pthread_mutex_lock(&self->progress_lock);
	bool ok = catch_up(self, err);
	pthread_mutex_unlock(&self->progress_lock);
	return ok && delete_marks(self, prefix, err) && delete_changelogs(self, prefix, err);
}
