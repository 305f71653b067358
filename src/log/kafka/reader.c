/* Reading: each assignment has a queue of its own, so that pausing is not looking, and a batch is of one partition.
 *
 * Holds: an assignment is in the list of the ready ones at most once, from when librdkafka said that its queue got something until
 * poll() found the queue empty. One client fetches a partition once; further assignments of the same partition take a further
 * client (`level`), because their offsets differ.
 * Threads: librdkafka's threads only mark assignments as ready and wake; everything else is the reader's own. */
#include "log/kafka/kafka_int.h"

#include "base/memory.h"
#include "base/vec.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MAX_BATCH 4096

struct assignment {
	struct weir_log_reader *reader;
	rd_kafka_topic_t *topic;
	rd_kafka_queue_t *queue;
	char *name;
	int32_t partition;
	size_t level; /* which client */
	void *tag;
	bool is_paused;
	bool is_ready; /* under the reader's lock */
	struct assignment *next_ready;
};

struct weir_log_reader {
	struct kafka_log *log;
	WEIR_VEC(rd_kafka_t *) clients;
	WEIR_VEC(struct assignment *) assignments;
	struct weir_arena arena; /* headers of the batch handed out */
	struct weir_message *messages;
	rd_kafka_message_t **batch;
	size_t batch_count;

	pthread_mutex_t lock; /* all below */
	pthread_cond_t changed;
	struct assignment *first_ready, **last_ready;
	bool is_woken;
};

/* ---- Open and close ---- */

bool kafka_reader_open(struct weir_log *log, struct weir_log_reader **ret, struct weir_err *err)
{
	struct weir_log_reader *reader = weir_alloc_zero(sizeof *reader);
	pthread_condattr_t attributes;

	reader->log = kafka_log_of(log);
	reader->messages = weir_alloc(MAX_BATCH * sizeof *reader->messages);
	reader->batch = weir_alloc(MAX_BATCH * sizeof *reader->batch);
	reader->last_ready = &reader->first_ready;
	weir_arena_init(&reader->arena, 4096);
	pthread_mutex_init(&reader->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&reader->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	*ret = reader;
	return true;
}

static void give_batch_back(struct weir_log_reader *reader)
{
	for (size_t i = 0; i < reader->batch_count; i++)
		rd_kafka_message_destroy(reader->batch[i]);
	reader->batch_count = 0;
	weir_arena_reset(&reader->arena);
}

static void forget_ready(struct weir_log_reader *reader, struct assignment *gone)
{
	pthread_mutex_lock(&reader->lock);
	for (struct assignment **at = &reader->first_ready; *at; at = &(*at)->next_ready)
		if (*at == gone) {
			*at = gone->next_ready;
			break;
		}
	reader->last_ready = &reader->first_ready;
	while (*reader->last_ready)
		reader->last_ready = &(*reader->last_ready)->next_ready;
	pthread_mutex_unlock(&reader->lock);
}

static void free_assignment(struct assignment *assignment)
{
	rd_kafka_queue_cb_event_enable(assignment->queue, NULL, NULL);
	rd_kafka_consume_stop(assignment->topic, assignment->partition);
	forget_ready(assignment->reader, assignment);
	rd_kafka_queue_destroy(assignment->queue);
	rd_kafka_topic_destroy(assignment->topic);
	free(assignment->name);
	free(assignment);
}

void kafka_reader_close(struct weir_log_reader *reader)
{
	if (!reader)
		return;
	give_batch_back(reader);
	for (size_t i = 0; i < reader->assignments.count; i++)
		free_assignment(reader->assignments.items[i]);
	for (size_t i = 0; i < reader->clients.count; i++)
		rd_kafka_destroy(reader->clients.items[i]);
	WEIR_VEC_FREE(&reader->assignments);
	WEIR_VEC_FREE(&reader->clients);
	weir_arena_fini(&reader->arena);
	free(reader->messages);
	free(reader->batch);
	pthread_mutex_destroy(&reader->lock);
	pthread_cond_destroy(&reader->changed);
	free(reader);
}

/* ---- Readiness ---- */

static void mark_ready(struct assignment *assignment)
{
	struct weir_log_reader *reader = assignment->reader;

	if (assignment->is_ready)
		return;
	assignment->is_ready = true;
	assignment->next_ready = NULL;
	*reader->last_ready = assignment;
	reader->last_ready = &assignment->next_ready;
	pthread_cond_signal(&reader->changed);
}

/* Thread: librdkafka's, with the queue locked. */
static void on_queue_filled(rd_kafka_t *client, void *opaque)
{
	struct assignment *assignment = opaque;

	pthread_mutex_lock(&assignment->reader->lock);
	mark_ready(assignment);
	pthread_mutex_unlock(&assignment->reader->lock);
}

void kafka_wake(struct weir_log_reader *reader)
{
	pthread_mutex_lock(&reader->lock);
	reader->is_woken = true;
	pthread_cond_signal(&reader->changed);
	pthread_mutex_unlock(&reader->lock);
}

/* ---- Assignments ---- */

static struct assignment **find(struct weir_log_reader *reader, struct weir_slice topic, int32_t partition, void *tag)
{
	for (size_t i = 0; i < reader->assignments.count; i++) {
		struct assignment *assignment = reader->assignments.items[i];
		if (assignment->partition == partition && assignment->tag == tag && weir_slice_is(topic, assignment->name))
			return &reader->assignments.items[i];
	}
	return NULL;
}

/* The first client that does not read the partition yet. */
static size_t free_level(const struct weir_log_reader *reader, struct weir_slice topic, int32_t partition)
{
	size_t level = 0;

	for (size_t i = 0; i < reader->assignments.count; i++) {
		const struct assignment *other = reader->assignments.items[i];
		if (other->level == level && other->partition == partition && weir_slice_is(topic, other->name)) {
			level++;
			i = (size_t)-1; /* look through all of them again */
		}
	}
	return level;
}

static bool ensure_client(struct weir_log_reader *reader, size_t level, struct weir_err *err)
{
	while (reader->clients.count <= level) {
		rd_kafka_conf_t *conf;
		rd_kafka_t *client;
		if (!kafka_conf_new(reader->log, KAFKA_READER, &conf, err) ||
			!kafka_handle_new(RD_KAFKA_CONSUMER, conf, &client, err))
			return false;
		WEIR_VEC_PUSH(&reader->clients, client);
	}
	return true;
}

bool kafka_assign(
	struct weir_log_reader *reader, struct weir_slice topic, int32_t partition, int64_t offset, void *tag, struct weir_err *err)
{
	int64_t low, high;
	size_t level = free_level(reader, topic, partition);

	if (!kafka_watermarks(&reader->log->log, topic, partition, &low, &high, err) || !ensure_client(reader, level, err))
		return false;
	if (offset == WEIR_OFFSET_LATEST)
		offset = high;
	else if (offset < low)
		offset = low;
	struct assignment *assignment = weir_alloc_zero(sizeof *assignment);
	assignment->reader = reader;
	assignment->name = weir_alloc(topic.len + 1);
	snprintf(assignment->name, topic.len + 1, "%.*s", WEIR_SLICE_ARG(topic));
	assignment->partition = partition;
	assignment->level = level;
	assignment->tag = tag;
	assignment->topic = rd_kafka_topic_new(reader->clients.items[level], assignment->name, NULL);
	assignment->queue = rd_kafka_queue_new(reader->clients.items[level]);
	rd_kafka_queue_cb_event_enable(assignment->queue, on_queue_filled, assignment);
	if (rd_kafka_consume_start_queue(assignment->topic, partition, offset, assignment->queue) != 0) {
		kafka_fail(err, rd_kafka_last_error(), NULL, "Topic '%s' cannot be read", assignment->name);
		free_assignment(assignment);
		return false;
	}
	WEIR_VEC_PUSH(&reader->assignments, assignment);
	return true;
}

bool kafka_unassign(struct weir_log_reader *reader, struct weir_slice topic, int32_t partition, void *tag, struct weir_err *err)
{
	struct assignment **found = find(reader, topic, partition, tag);

	if (!found)
		return true;
	free_assignment(*found);
	*found = reader->assignments.items[--reader->assignments.count];
	return true;
}

bool kafka_pause(
	struct weir_log_reader *reader, struct weir_slice topic, int32_t partition, void *tag, bool paused, struct weir_err *err)
{
	struct assignment **found = find(reader, topic, partition, tag);

	if (!found)
		return true;
	(*found)->is_paused = paused;
	if (!paused) { /* what came meanwhile told nobody */
		pthread_mutex_lock(&reader->lock);
		mark_ready(*found);
		pthread_mutex_unlock(&reader->lock);
	}
	return true;
}

/* ---- Polling ---- */

static void take_headers(struct weir_log_reader *reader, const rd_kafka_message_t *from, struct weir_message *to)
{
	rd_kafka_headers_t *headers;
	const char *name;
	const void *value;
	size_t size;

	if (rd_kafka_message_headers(from, &headers))
		return;
	size_t count = rd_kafka_header_cnt(headers);
	struct weir_header *items = WEIR_ARENA_ARRAY(&reader->arena, struct weir_header, count);
	for (size_t i = 0; i < count; i++) {
		rd_kafka_header_get_all(headers, i, &name, &value, &size);
		items[i] = (struct weir_header){
			.name = weir_slice_of(name), .value = weir_slice_make(value, size), .value_is_null = !value
		};
	}
	to->headers = (struct weir_headers){ .items = items, .count = count };
}

static void take_message(struct weir_log_reader *reader, const rd_kafka_message_t *from, struct weir_message *to)
{
	rd_kafka_timestamp_type_t type;

	*to = (struct weir_message){
		.key = weir_slice_make(from->key, from->key_len),
		.value = weir_slice_make(from->payload, from->len),
		.key_is_null = !from->key,
		.value_is_null = !from->payload,
		.timestamp_ms = rd_kafka_message_timestamp(from, &type),
		.offset = from->offset,
	};
	take_headers(reader, from, to);
}

/* Messages of a queue, and what stands between them: the end of the partition, errors. Counts what was taken. */
static size_t take_batch(struct assignment *assignment, size_t most, struct weir_fetch *fetch)
{
	struct weir_log_reader *reader = assignment->reader;
	ssize_t count = rd_kafka_consume_batch_queue(assignment->queue, 0, reader->batch, most);
	size_t kept = 0;

	reader->batch_count = count > 0 ? (size_t)count : 0;
	for (size_t i = 0; i < reader->batch_count; i++) {
		const rd_kafka_message_t *message = reader->batch[i];
		if (!message->err) {
			take_message(reader, message, &reader->messages[kept++]);
			fetch->next_offset = message->offset + 1;
		} else if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
			fetch->next_offset = message->offset; /* behind markers of transactions */
		} else {
			kafka_note_trouble(reader->log, message->err, rd_kafka_message_errstr(message));
		}
	}
	fetch->topic = weir_slice_of(assignment->name);
	fetch->partition = assignment->partition;
	fetch->messages = reader->messages;
	fetch->count = kept;
	fetch->high_watermark = -1;
	fetch->tag = assignment->tag;
	return reader->batch_count;
}

static struct assignment *next_ready(struct weir_log_reader *reader)
{
	struct assignment *assignment = reader->first_ready;

	if (!assignment)
		return NULL;
	reader->first_ready = assignment->next_ready;
	if (!reader->first_ready)
		reader->last_ready = &reader->first_ready;
	assignment->is_ready = false;
	return assignment;
}

static struct timespec deadline_in(int ms)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_sec += ms / 1000;
	at.tv_nsec += (long)(ms % 1000) * 1000000;
	if (at.tv_nsec >= 1000000000) {
		at.tv_sec++;
		at.tv_nsec -= 1000000000;
	}
	return at;
}

/* NULL: nothing came in time, or somebody woke the reader. */
static struct assignment *await_ready(struct weir_log_reader *reader, const struct timespec *deadline)
{
	struct assignment *assignment;
	bool is_over = false;

	pthread_mutex_lock(&reader->lock);
	while (!(assignment = next_ready(reader)) && !reader->is_woken && !is_over)
		is_over = pthread_cond_timedwait(&reader->changed, &reader->lock, deadline) != 0;
	if (!assignment)
		reader->is_woken = false;
	pthread_mutex_unlock(&reader->lock);
	return assignment;
}

bool kafka_poll(
	struct weir_log_reader *reader, size_t max_messages, int timeout_ms, struct weir_fetch *ret_fetch, struct weir_err *err)
{
	struct timespec deadline = deadline_in(timeout_ms);
	struct assignment *assignment;

	give_batch_back(reader);
	*ret_fetch = (struct weir_fetch){ .next_offset = -1 };
	if (max_messages > MAX_BATCH)
		max_messages = MAX_BATCH;
	while ((assignment = await_ready(reader, &deadline))) {
		if (assignment->is_paused || !take_batch(assignment, max_messages, ret_fetch))
			continue;
		pthread_mutex_lock(&reader->lock);
		mark_ready(assignment); /* behind the others: there may be more */
		pthread_mutex_unlock(&reader->lock);
		if (ret_fetch->count || ret_fetch->next_offset >= 0)
			return true;
		give_batch_back(reader);
	}
	*ret_fetch = (struct weir_fetch){ .next_offset = -1 };
	return true;
}
