/* What every log must hold to (log/log.h), over the one in memory and the embedded one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "log/log.h"
#include "log/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[64];

static struct weir_log *open_local(void)
{
	struct weir_log *log;
	struct weir_err err = { 0 };
	struct weir_local_options options = { .path = folder, .clock = &weir_system_clock };

	if (!weir_log_open_local(&options, &log, &err))
		fail_msg("%s", err.text);
	return log;
}

static struct weir_log *open_backend(void **state)
{
	struct weir_log *log;
	struct weir_err err = { 0 };

	if (*state == NULL) {
		assert_true(weir_log_open_memory(&weir_system_clock, &log, &err));
		return log;
	}
	char command[128];
	snprintf(folder, sizeof folder, "/tmp/weir-test-log-%d", getpid());
	snprintf(command, sizeof command, "rm -rf %s", folder);
	assert_int_equal(system(command), 0);
	return open_local();
}

static void close_backend(void **state, struct weir_log *log)
{
	char command[128];

	log->vtable->close(log);
	if (*state) {
		snprintf(command, sizeof command, "rm -rf %s", folder);
		assert_int_equal(system(command), 0);
	}
}

static void create(struct weir_log *log, const char *name, int32_t partitions)
{
	struct weir_err err = { 0 };
	struct weir_topic_config config = {
		.name = weir_slice_of(name), .partitions = partitions, .replicas = -1, .retention_ms = -1, .retention_bytes = -1
	};

	if (!log->vtable->topic_create(log, &config, &err))
		fail_msg("%s", err.text);
}

static void append(struct weir_log *log, struct weir_log_writer *writer, const char *topic, const char *key, const char *value,
	int64_t timestamp_ms)
{
	struct weir_err err = { 0 };
	struct weir_header header = { .name = WEIR_SLICE("h"), .value = WEIR_SLICE("\x00\x01") };
	struct weir_message message = {
		.key = weir_slice_of(key),
		.value = weir_slice_of(value),
		.key_is_null = !key,
		.value_is_null = !value,
		.timestamp_ms = timestamp_ms,
		.headers = { .items = &header, .count = 1 },
	};

	if (!log->vtable->append(writer, weir_slice_of(topic), 0, &message, &err))
		fail_msg("%s", err.text);
}

static void a_commit_is_read_back_exactly(void **state)
{
	struct weir_log *log = open_backend(state);
	struct weir_log_writer *writer;
	struct weir_log_reader *reader;
	struct weir_fetch fetch;
	struct weir_err err = { 0 };

	create(log, "t", 2);
	assert_true(log->vtable->writer_open(log, WEIR_SLICE("w"), true, &writer, &err));
	append(log, writer, "t", "키", "값", 5);
	append(log, writer, "t", NULL, "", -7);
	append(log, writer, "t", "", NULL, INT64_MAX);
	assert_true(log->vtable->commit(writer, &err));
	assert_true(log->vtable->reader_open(log, &reader, &err));
	assert_true(log->vtable->assign(reader, WEIR_SLICE("t"), 0, WEIR_OFFSET_EARLIEST, &fetch, &err));
	assert_true(log->vtable->poll(reader, 100, 0, &fetch, &err));
	assert_int_equal(fetch.count, 3);
	assert_int_equal(fetch.next_offset, 3);
	assert_true(weir_slice_is(fetch.messages[0].key, "키"));
	assert_true(weir_slice_is(fetch.messages[0].value, "값"));
	assert_int_equal(fetch.messages[0].timestamp_ms, 5);
	assert_int_equal(fetch.messages[0].headers.count, 1);
	assert_int_equal(fetch.messages[0].headers.items[0].value.len, 2);
	assert_true(fetch.messages[1].key_is_null);
	assert_false(fetch.messages[1].value_is_null);
	assert_int_equal(fetch.messages[1].timestamp_ms, -7);
	assert_true(fetch.messages[2].value_is_null);
	assert_int_equal(fetch.messages[2].timestamp_ms, INT64_MAX);
	assert_true(log->vtable->poll(reader, 100, 0, &fetch, &err));
	assert_int_equal(fetch.count, 0);
	log->vtable->reader_close(reader);
	log->vtable->writer_close(writer);
	close_backend(state, log);
}

static void an_aborted_commit_leaves_nothing(void **state)
{
	struct weir_log *log = open_backend(state);
	struct weir_log_writer *writer;
	struct weir_err err = { 0 };
	struct weir_progress progress = { .scope = WEIR_SLICE("q/0"), .topic = WEIR_SLICE("t"), .next_offset = 9 };
	int64_t low, high, offset;

	create(log, "t", 1);
	assert_true(log->vtable->writer_open(log, WEIR_SLICE("w"), true, &writer, &err));
	append(log, writer, "t", "k", "v", 1);
	assert_true(log->vtable->progress(writer, &progress, &err));
	assert_true(log->vtable->abort(writer, &err));
	assert_true(log->vtable->commit(writer, &err));
	assert_true(log->vtable->watermarks(log, WEIR_SLICE("t"), 0, &low, &high, &err));
	assert_int_equal(high, 0);
	assert_true(log->vtable->read_progress(log, WEIR_SLICE("q/0"), WEIR_SLICE("t"), 0, &offset, &err));
	assert_int_equal(offset, -1);
	log->vtable->writer_close(writer);
	close_backend(state, log);
}

static void many_records_are_read_from_any_offset(void **state)
{
	struct weir_log *log = open_backend(state);
	struct weir_log_writer *writer;
	struct weir_log_reader *reader;
	struct weir_err err = { 0 };
	char value[200];

	create(log, "t", 1);
	assert_true(log->vtable->writer_open(log, WEIR_SLICE("w"), true, &writer, &err));
	for (int i = 0; i < 20000; i++) {
		snprintf(value, sizeof value, "%0150d", i);
		append(log, writer, "t", "k", value, i);
		if (i % 3000 == 0)
			assert_true(log->vtable->commit(writer, &err));
	}
	assert_true(log->vtable->commit(writer, &err));
	for (int64_t start = 0; start < 20000; start += 3331) {
		int64_t next = start;
		assert_true(log->vtable->reader_open(log, &reader, &err));
		assert_true(log->vtable->assign(reader, WEIR_SLICE("t"), 0, start, NULL, &err));
		while (next < 20000) {
			struct weir_fetch fetch;
			assert_true(log->vtable->poll(reader, 700, 0, &fetch, &err));
			assert_true(fetch.count > 0 && fetch.count <= 700);
			for (size_t i = 0; i < fetch.count; i++, next++) {
				assert_int_equal(fetch.messages[i].offset, next);
				assert_int_equal(atoi(fetch.messages[i].value.ptr + 140), (int)(next % 10000000000));
			}
		}
		log->vtable->reader_close(reader);
	}
	log->vtable->writer_close(writer);
	close_backend(state, log);
}

static void two_assignments_may_read_one_partition(void **state)
{
	struct weir_log *log = open_backend(state);
	struct weir_log_writer *writer;
	struct weir_log_reader *reader;
	struct weir_fetch fetch;
	struct weir_err err = { 0 };
	int tags[2], seen[2] = { 0, 0 };

	create(log, "t", 1);
	assert_true(log->vtable->writer_open(log, WEIR_SLICE("w"), true, &writer, &err));
	append(log, writer, "t", "k", "v", 1);
	assert_true(log->vtable->commit(writer, &err));
	assert_true(log->vtable->reader_open(log, &reader, &err));
	for (int i = 0; i < 2; i++)
		assert_true(log->vtable->assign(reader, WEIR_SLICE("t"), 0, 0, &tags[i], &err));
	assert_true(log->vtable->pause(reader, WEIR_SLICE("t"), 0, &tags[1], true, &err));
	for (int i = 0; i < 4; i++) {
		assert_true(log->vtable->poll(reader, 10, 0, &fetch, &err));
		if (fetch.count)
			seen[(int *)fetch.tag - tags]++;
		if (i == 1)
			assert_true(log->vtable->pause(reader, WEIR_SLICE("t"), 0, &tags[1], false, &err));
	}
	assert_int_equal(seen[0], 1);
	assert_int_equal(seen[1], 1);
	log->vtable->reader_close(reader);
	log->vtable->writer_close(writer);
	close_backend(state, log);
}

static void topics_are_described_listed_and_deleted(void **state)
{
	struct weir_log *log = open_backend(state);
	struct weir_arena arena;
	struct weir_topic_config config, *topics;
	struct weir_err err = { 0 };
	size_t count;

	weir_arena_init(&arena, 1024);
	create(log, "b", 3);
	create(log, "a", 1);
	config = (struct weir_topic_config){ .name = WEIR_SLICE("a"), .partitions = 1 };
	assert_false(log->vtable->topic_create(log, &config, &err));
	assert_int_equal(err.code, WEIR_E_TOPIC_EXISTS);
	assert_true(log->vtable->topic_describe(log, WEIR_SLICE("b"), &arena, &config, &err));
	assert_int_equal(config.partitions, 3);
	assert_true(log->vtable->topic_list(log, &arena, &topics, &count, &err));
	assert_int_equal(count, 2);
	assert_true(weir_slice_is(topics[0].name, "a"));
	assert_true(log->vtable->topic_delete(log, WEIR_SLICE("b"), &err));
	assert_false(log->vtable->topic_describe(log, WEIR_SLICE("b"), &arena, &config, &err));
	assert_int_equal(err.code, WEIR_E_TOPIC_NOT_FOUND);
	weir_arena_fini(&arena);
	close_backend(state, log);
}

/* ---- The embedded log only ---- */

static void put_state(struct weir_log *log, struct weir_log_writer *writer, const char *key, size_t key_len, const char *value)
{
	struct weir_err err = { 0 };
	struct weir_state_change change = {
		.key = weir_slice_make(key, key_len), .value = weir_slice_of(value), .is_delete = !value
	};

	assert_true(log->vtable->state(writer, WEIR_SLICE("q-store"), 1, &change, &err));
}

static void state_and_progress_survive_closing(void **state)
{
	struct weir_log *log = open_backend(state);
	struct weir_log_writer *writer;
	struct weir_store_backing *backing;
	struct weir_err err = { 0 };
	struct weir_slice key, value;
	struct weir_progress progress = { .scope = WEIR_SLICE("q/0"), .topic = WEIR_SLICE("t"), .partition = 2, .next_offset = 41 };
	char long_key[700];
	int64_t offset;
	bool found;

	memset(long_key, 'x', sizeof long_key);
	assert_true(log->vtable->writer_open(log, WEIR_SLICE("w"), true, &writer, &err));
	put_state(log, writer, "a", 1, "1");
	put_state(log, writer, "b", 1, "2");
	put_state(log, writer, long_key, sizeof long_key, "long");
	assert_true(log->vtable->progress(writer, &progress, &err));
	assert_true(log->vtable->commit(writer, &err));
	put_state(log, writer, "a", 1, NULL);
	assert_true(log->vtable->commit(writer, &err));
	log->vtable->writer_close(writer);
	log->vtable->close(log);
	log = open_local();
	assert_true(log->vtable->state_open(log, WEIR_SLICE("q-store"), 1, &backing, &err));
	assert_true(backing->get(backing, WEIR_SLICE("a"), &value, &found, &err));
	assert_false(found);
	assert_true(backing->get(backing, WEIR_SLICE("b"), &value, &found, &err));
	assert_true(found && weir_slice_is(value, "2"));
	assert_true(backing->get(backing, weir_slice_make(long_key, sizeof long_key), &value, &found, &err));
	assert_true(found && weir_slice_is(value, "long"));
	assert_true(backing->seek(backing, WEIR_SLICE("b"), true, &key, &value, &found, &err));
	assert_true(found && key.len == sizeof long_key);
	assert_true(log->vtable->read_progress(log, WEIR_SLICE("q/0"), WEIR_SLICE("t"), 2, &offset, &err));
	assert_int_equal(offset, 41);
	assert_true(log->vtable->forget(log, WEIR_SLICE("q"), &err));
	assert_true(backing->get(backing, WEIR_SLICE("b"), &value, &found, &err));
	assert_false(found);
	backing->close(backing);
	close_backend(state, log);
}

static void forgetting_ends_and_takes_only_what_begins_alike(void **state)
{
	struct weir_log *log = open_backend(state);
	struct weir_log_writer *writer;
	struct weir_store_backing *backing;
	struct weir_err err = { 0 };
	struct weir_slice value;
	char key[16];
	bool found;

	assert_true(log->vtable->writer_open(log, WEIR_SLICE("w"), true, &writer, &err));
	for (int i = 0; i < 12000; i++) { /* more than one step's worth */
		struct weir_state_change change = { .key = weir_slice_make(key, (size_t)snprintf(key, sizeof key, "%d", i)) };
		assert_true(log->vtable->state(writer, WEIR_SLICE("query_1-store"), 0, &change, &err));
		if (i < 10)
			assert_true(log->vtable->state(writer, WEIR_SLICE("query_11-store"), 0, &change, &err));
	}
	assert_true(log->vtable->commit(writer, &err));
	assert_true(log->vtable->forget(log, WEIR_SLICE("query_1-"), &err));
	assert_true(log->vtable->state_open(log, WEIR_SLICE("query_1-store"), 0, &backing, &err));
	assert_true(backing->get(backing, WEIR_SLICE("11999"), &value, &found, &err));
	assert_false(found);
	backing->close(backing);
	assert_true(log->vtable->state_open(log, WEIR_SLICE("query_11-store"), 0, &backing, &err));
	assert_true(backing->get(backing, WEIR_SLICE("9"), &value, &found, &err));
	assert_true(found);
	backing->close(backing);
	log->vtable->writer_close(writer);
	close_backend(state, log);
}

static void one_server_a_folder(void **state)
{
	struct weir_log *log = open_backend(state), *second;
	struct weir_err err = { 0 };
	struct weir_local_options options = { .path = folder, .clock = &weir_system_clock };

	assert_false(weir_log_open_local(&options, &second, &err));
	assert_int_equal(err.code, WEIR_E_DATA_FOLDER_LOCKED);
	close_backend(state, log);
}

static void a_full_folder_is_told_and_nothing_is_lost(void **state)
{
	struct weir_err err = { 0 };
	struct weir_log *log = open_backend(state);
	struct weir_log_writer *writer;
	char value[10000];
	int64_t low, high, committed = 0;

	log->vtable->close(log);
	struct weir_local_options options = { .path = folder, .clock = &weir_system_clock, .max_bytes = 2 << 20 };
	assert_true(weir_log_open_local(&options, &log, &err));
	create(log, "t", 1);
	memset(value, 'v', sizeof value - 1);
	value[sizeof value - 1] = '\0';
	assert_true(log->vtable->writer_open(log, WEIR_SLICE("w"), true, &writer, &err));
	for (int i = 0; i < 1000; i++) {
		append(log, writer, "t", "k", value, i);
		if (!log->vtable->commit(writer, &err))
			break;
		committed++;
	}
	assert_int_equal(err.code, WEIR_E_DISK_FULL);
	assert_true(log->vtable->abort(writer, &err));
	assert_true(log->vtable->watermarks(log, WEIR_SLICE("t"), 0, &low, &high, &err));
	assert_int_equal(high, committed);
	log->vtable->writer_close(writer);
	close_backend(state, log);
}

#define ON_LOCAL(test)                                                                                                             \
	{                                                                                                                          \
		.name = #test " (embedded)", .test_func = test, .initial_state = folder                                            \
	}
#define ON_MEMORY(test)                                                                                                            \
	{                                                                                                                          \
		.name = #test " (memory)", .test_func = test                                                                       \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_MEMORY(a_commit_is_read_back_exactly),
		ON_LOCAL(a_commit_is_read_back_exactly),
		ON_MEMORY(an_aborted_commit_leaves_nothing),
		ON_LOCAL(an_aborted_commit_leaves_nothing),
		ON_MEMORY(many_records_are_read_from_any_offset),
		ON_LOCAL(many_records_are_read_from_any_offset),
		ON_MEMORY(two_assignments_may_read_one_partition),
		ON_LOCAL(two_assignments_may_read_one_partition),
		ON_MEMORY(topics_are_described_listed_and_deleted),
		ON_LOCAL(topics_are_described_listed_and_deleted),
		ON_LOCAL(state_and_progress_survive_closing),
		ON_LOCAL(forgetting_ends_and_takes_only_what_begins_alike),
		ON_LOCAL(one_server_a_folder),
		ON_LOCAL(a_full_folder_is_told_and_nothing_is_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
