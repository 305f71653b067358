/* For the tests of the embedded log: a fresh folder, topics with settings, records in and out. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "log/local/local_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[64];

static inline void clear_folder(void)
{
	char command[128];

	snprintf(folder, sizeof folder, "/tmp/weir-test-local-%d", getpid());
	snprintf(command, sizeof command, "rm -rf %s", folder);
	assert_int_equal(system(command), 0);
}

/* is_tool: no maintainer runs, so tests call its parts themselves. */
static inline struct weir_log *open_log(bool is_tool, const struct weir_clock *clock, uint64_t max_bytes)
{
	struct weir_local_options options = {
		.path = folder, .is_tool = is_tool, .clock = clock ? clock : &weir_system_clock, .max_bytes = max_bytes
	};
	struct weir_err err = { 0 };
	struct weir_log *log;

	if (!weir_log_open_local(&options, &log, &err))
		fail_msg("%s", err.text);
	return log;
}

static inline struct weir_log *fresh_log(const struct weir_clock *clock)
{
	clear_folder();
	return open_log(true, clock, 0);
}

static inline void close_log(struct weir_log *log)
{
	log->vtable->close(log);
	clear_folder();
}

/* settings: "name=value name=value …" */
static inline void create_topic(struct weir_log *log, const char *name, const char *settings)
{
	struct weir_topic_config config = { .name = weir_slice_of(name), .partitions = 1, .replicas = -1, .retention_bytes = -1 };
	char copy[512], *rest = copy, *word;
	struct weir_err err = { 0 };
	bool ignored;

	snprintf(copy, sizeof copy, "%s", settings);
	while ((word = strsep(&rest, " ")) != NULL) {
		char *equals = strchr(word, '=');
		if (!equals)
			continue;
		if (!weir_topic_setting_apply(
			    &config, weir_slice_make(word, (size_t)(equals - word)), weir_slice_of(equals + 1), &ignored, &err))
			fail_msg("%s", err.text);
	}
	if (!log->vtable->topic_create(log, &config, &err))
		fail_msg("%s", err.text);
}

static inline struct weir_log_writer *open_writer(struct weir_log *log)
{
	struct weir_log_writer *writer;
	struct weir_err err = { 0 };

	assert_true(log->vtable->writer_open(log, WEIR_SLICE("w"), true, &writer, &err));
	return writer;
}

static inline bool put(struct weir_log_writer *writer, const char *topic, const char *key, const char *value, int64_t timestamp_ms,
	struct weir_err *err)
{
	struct weir_message message = { .key = weir_slice_of(key),
		.key_is_null = !key,
		.value = weir_slice_of(value),
		.value_is_null = !value,
		.timestamp_ms = timestamp_ms };

	return local_append(writer, weir_slice_of(topic), 0, &message, err);
}

static inline void commit(struct weir_log_writer *writer)
{
	struct weir_err err = { 0 };

	if (!local_commit(writer, &err))
		fail_msg("%s", err.text);
}

static inline struct weir_log_reader *open_reader(struct weir_log *log, const char *topic, int64_t offset)
{
	struct weir_log_reader *reader;
	struct weir_err err = { 0 };

	assert_true(log->vtable->reader_open(log, &reader, &err));
	if (!log->vtable->assign(reader, weir_slice_of(topic), 0, offset, NULL, &err))
		fail_msg("%s", err.text);
	return reader;
}

/* All records in order; the count. visit may be NULL. */
static inline int64_t read_topic(
	struct weir_log *log, const char *topic, void (*visit)(void *ctx, const struct weir_message *message), void *ctx)
{
	struct weir_log_reader *reader = open_reader(log, topic, WEIR_OFFSET_EARLIEST);
	struct weir_fetch fetch;
	struct weir_err err = { 0 };
	int64_t count = 0, next = 0;

	for (;;) {
		if (!local_poll(reader, 100, 0, &fetch, &err))
			fail_msg("%s", err.text);
		if (!fetch.topic.ptr)
			break;
		assert_true(fetch.next_offset > next);
		for (size_t i = 0; i < fetch.count; i++) {
			assert_true(fetch.messages[i].offset >= next && fetch.messages[i].offset < fetch.next_offset);
			next = fetch.messages[i].offset + 1;
			if (visit)
				visit(ctx, &fetch.messages[i]);
		}
		next = fetch.next_offset;
		count += (int64_t)fetch.count;
	}
	local_reader_close(reader);
	return count;
}

static inline struct weir_partition_stat stat_of(struct weir_log *log, const char *topic)
{
	struct weir_partition_stat stat;
	struct weir_err err = { 0 };

	if (!log->vtable->partition_stat(log, weir_slice_of(topic), 0, &stat, &err))
		fail_msg("%s", err.text);
	return stat;
}

static inline struct local_topic topic_of(struct weir_log *log, const char *name)
{
	struct local_log *self = (struct local_log *)log;
	struct weir_lmdb_txn *txn;
	struct local_topic topic;
	struct weir_err err = { 0 };

	assert_true(local_look_begin(&self->snapshots, &txn, &err));
	assert_true(local_topic_find(txn, weir_slice_of(name), &topic, &err));
	local_look_end(&self->snapshots, txn);
	return topic;
}

/* One round of maintenance over the topic's partition. */
static inline void maintain(struct weir_log *log, const char *name)
{
	struct local_topic topic = topic_of(log, name);
	struct weir_err err = { 0 };

	if (!local_retain((struct local_log *)log, &topic, 0, &err))
		fail_msg("%s", err.text);
	if ((topic.config.cleanup & WEIR_CLEANUP_COMPACT) && !local_compact((struct local_log *)log, &topic, 0, &err))
		fail_msg("%s", err.text);
}
