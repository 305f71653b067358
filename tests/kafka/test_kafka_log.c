/* What every log must hold to (log/log.h), on a real Kafka broker. The broker's address is in BROKERS; see with_broker.sh.
 * Every test has topics of its own, so that the order does not matter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "log/log.h"

#include <stdio.h>
#include <stdlib.h>

static struct weir_log *open_log(const char *service_id)
{
	struct weir_kafka_setting settings[] = { { "bootstrap.servers", getenv("BROKERS") } };
	struct weir_kafka_options options = {
		.settings = settings, .setting_count = 1, .service_id = service_id, .clock = &weir_system_clock
	};
	struct weir_log *log;
	struct weir_err err = { 0 };

	if (!weir_log_open_kafka(&options, &log, &err))
		fail_msg("%s", err.text);
	return log;
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

static struct weir_log_writer *open_writer(struct weir_log *log, const char *name)
{
	struct weir_log_writer *writer;
	struct weir_err err = { 0 };

	if (!log->vtable->writer_open(log, weir_slice_of(name), true, &writer, &err))
		fail_msg("%s", err.text);
	return writer;
}

static void append(struct weir_log *log, struct weir_log_writer *writer, const char *topic, const char *key, const char *value,
	int64_t timestamp_ms)
{
	struct weir_err err = { 0 };
	struct weir_header headers[] = { { .name = WEIR_SLICE("h"), .value = WEIR_SLICE("\x00\x01") },
		{ .name = WEIR_SLICE("n"), .value_is_null = true } };
	struct weir_message message = {
		.key = weir_slice_of(key),
		.value = weir_slice_of(value),
		.key_is_null = !key,
		.value_is_null = !value,
		.timestamp_ms = timestamp_ms,
		.headers = { .items = headers, .count = 2 },
	};

	if (!log->vtable->append(writer, weir_slice_of(topic), 0, &message, &err))
		fail_msg("%s", err.text);
}

static void commit(struct weir_log *log, struct weir_log_writer *writer)
{
	struct weir_err err = { 0 };

	if (!log->vtable->commit(writer, &err))
		fail_msg("%s", err.text);
}

/* Polls until something came or three seconds are over. */
static struct weir_fetch poll_some(struct weir_log *log, struct weir_log_reader *reader, size_t most)
{
	struct weir_fetch fetch = { 0 };
	struct weir_err err = { 0 };

	for (int i = 0; i < 30 && !fetch.count; i++)
		assert_true(log->vtable->poll(reader, most, 100, &fetch, &err));
	return fetch;
}

static void a_commit_is_read_back_exactly(void **state)
{
	struct weir_log *log = open_log("t1_");
	struct weir_log_reader *reader;
	struct weir_err err = { 0 };
	int tag;

	create(log, "exact", 2);
	struct weir_log_writer *writer = open_writer(log, "w");
	append(log, writer, "exact", "키", "값", 5);
	append(log, writer, "exact", NULL, "", 7);
	append(log, writer, "exact", "", NULL, 9);
	commit(log, writer);
	assert_true(log->vtable->reader_open(log, &reader, &err));
	assert_true(log->vtable->assign(reader, WEIR_SLICE("exact"), 0, WEIR_OFFSET_EARLIEST, &tag, &err));
	struct weir_fetch fetch = poll_some(log, reader, 100);
	assert_int_equal(fetch.count, 3);
	assert_ptr_equal(fetch.tag, &tag);
	assert_true(weir_slice_is(fetch.messages[0].key, "키"));
	assert_true(weir_slice_is(fetch.messages[0].value, "값"));
	assert_int_equal(fetch.messages[0].timestamp_ms, 5);
	assert_int_equal(fetch.messages[0].headers.count, 2);
	assert_int_equal(fetch.messages[0].headers.items[0].value.len, 2);
	assert_true(fetch.messages[0].headers.items[1].value_is_null);
	assert_true(fetch.messages[1].key_is_null);
	assert_false(fetch.messages[1].value_is_null);
	assert_false(fetch.messages[2].key_is_null);
	assert_true(fetch.messages[2].value_is_null);
	log->vtable->reader_close(reader);
	log->vtable->writer_close(writer);
	log->vtable->close(log);
}

static void an_aborted_commit_is_never_read(void **state)
{
	struct weir_log *log = open_log("t2_");
	struct weir_log_reader *reader;
	struct weir_err err = { 0 };
	struct weir_progress progress = { .scope = WEIR_SLICE("q/0"), .topic = WEIR_SLICE("aborted"), .next_offset = 9 };
	int64_t low, high, offset;

	create(log, "aborted", 1);
	struct weir_log_writer *writer = open_writer(log, "w");
	append(log, writer, "aborted", "k", "never", 1);
	assert_true(log->vtable->progress(writer, &progress, &err));
	assert_true(log->vtable->abort(writer, &err));
	commit(log, writer);
	assert_true(log->vtable->read_progress(log, WEIR_SLICE("q/0"), WEIR_SLICE("aborted"), 0, &offset, &err));
	assert_int_equal(offset, -1);
	append(log, writer, "aborted", "k", "seen", 1);
	progress.next_offset = 4;
	assert_true(log->vtable->progress(writer, &progress, &err));
	commit(log, writer);
	assert_true(log->vtable->read_progress(log, WEIR_SLICE("q/0"), WEIR_SLICE("aborted"), 0, &offset, &err));
	assert_int_equal(offset, 4);
	assert_true(log->vtable->reader_open(log, &reader, &err));
	assert_true(log->vtable->assign(reader, WEIR_SLICE("aborted"), 0, 0, NULL, &err));
	struct weir_fetch fetch = poll_some(log, reader, 100);
	assert_int_equal(fetch.count, 1);
	assert_true(weir_slice_is(fetch.messages[0].value, "seen"));
	/* The end of the partition is behind the transaction's marker, and polling gets there. */
	assert_true(log->vtable->watermarks(log, WEIR_SLICE("aborted"), 0, &low, &high, &err));
	int64_t next = fetch.next_offset;
	for (int i = 0; i < 30 && next < high; i++) {
		assert_true(log->vtable->poll(reader, 100, 100, &fetch, &err));
		next = fetch.next_offset > next ? fetch.next_offset : next;
	}
	assert_int_equal(next, high);
	log->vtable->reader_close(reader);
	log->vtable->writer_close(writer);
	log->vtable->close(log);
}

static void an_open_commit_is_invisible_and_a_new_incarnation_ends_it(void **state)
{
	struct weir_log *old = open_log("t3_"), *new = open_log("t3_");
	struct weir_err err = { 0 };
	struct weir_progress progress = { .scope = WEIR_SLICE("q/0"), .topic = WEIR_SLICE("fenced"), .next_offset = 5 };
	int64_t offset;

	create(old, "fenced", 1);
	struct weir_log_writer *zombie = open_writer(old, "w");
	append(old, zombie, "fenced", "k", "zombie", 1);
	assert_true(old->vtable->progress(zombie, &progress, &err));
	struct weir_log_writer *successor = open_writer(new, "w");
	assert_true(new->vtable->read_progress(new, WEIR_SLICE("q/0"), WEIR_SLICE("fenced"), 0, &offset, &err));
	assert_int_equal(offset, -1);
	assert_false(old->vtable->commit(zombie, &err));
	assert_int_equal(err.code, WEIR_E_FENCED);
	append(new, successor, "fenced", "k", "mine", 1);
	commit(new, successor);
	struct weir_log_reader *reader;
	assert_true(new->vtable->reader_open(new, &reader, &err));
	assert_true(new->vtable->assign(reader, WEIR_SLICE("fenced"), 0, 0, NULL, &err));
	struct weir_fetch fetch = poll_some(new, reader, 100);
	assert_int_equal(fetch.count, 1);
	assert_true(weir_slice_is(fetch.messages[0].value, "mine"));
	new->vtable->reader_close(reader);
	old->vtable->writer_close(zombie);
	new->vtable->writer_close(successor);
	old->vtable->close(old);
	new->vtable->close(new);
}

static void many_records_are_read_from_any_offset(void **state)
{
	struct weir_log *log = open_log("t4_");
	struct weir_err err = { 0 };
	char value[200];
	enum { RECORDS = 20000 };

	create(log, "many", 1);
	struct weir_log_writer *writer = open_writer(log, "w");
	for (int i = 0; i < RECORDS; i++) {
		snprintf(value, sizeof value, "%0150d", i);
		append(log, writer, "many", "k", value, i);
	}
	commit(log, writer);
	for (int64_t start = 0; start < RECORDS; start += 6001) {
		struct weir_log_reader *reader;
		assert_true(log->vtable->reader_open(log, &reader, &err));
		assert_true(log->vtable->assign(reader, WEIR_SLICE("many"), 0, start, NULL, &err));
		for (int64_t next = start; next < RECORDS;) {
			struct weir_fetch fetch = poll_some(log, reader, 700);
			assert_true(fetch.count > 0 && fetch.count <= 700);
			for (size_t i = 0; i < fetch.count; i++, next++)
				assert_int_equal(fetch.messages[i].offset, next);
		}
		log->vtable->reader_close(reader);
	}
	log->vtable->writer_close(writer);
	log->vtable->close(log);
}

static void two_assignments_may_read_one_partition(void **state)
{
	struct weir_log *log = open_log("t5_");
	struct weir_log_reader *reader;
	struct weir_err err = { 0 };
	int tags[2], seen[2] = { 0, 0 };

	create(log, "shared", 1);
	struct weir_log_writer *writer = open_writer(log, "w");
	append(log, writer, "shared", "k", "v", 1);
	commit(log, writer);
	assert_true(log->vtable->reader_open(log, &reader, &err));
	for (int i = 0; i < 2; i++)
		assert_true(log->vtable->assign(reader, WEIR_SLICE("shared"), 0, 0, &tags[i], &err));
	assert_true(log->vtable->pause(reader, WEIR_SLICE("shared"), 0, &tags[1], true, &err));
	for (int i = 0; i < 2; i++) {
		struct weir_fetch fetch = poll_some(log, reader, 10);
		assert_int_equal(fetch.count, 1);
		seen[(int *)fetch.tag - tags]++;
		assert_int_equal(seen[0], 1);
		assert_true(log->vtable->pause(reader, WEIR_SLICE("shared"), 0, &tags[1], false, &err));
	}
	assert_int_equal(seen[1], 1);
	log->vtable->reader_close(reader);
	log->vtable->writer_close(writer);
	log->vtable->close(log);
}

static void topics_are_described_listed_configured_and_deleted(void **state)
{
	struct weir_log *log = open_log("t6_");
	struct weir_arena arena;
	struct weir_topic_config config, *topics;
	struct weir_err err = { 0 };
	size_t count, found = 0;

	weir_arena_init(&arena, 1024);
	create(log, "topic-b", 3);
	create(log, "topic-a", 1);
	config = (struct weir_topic_config){ .name = WEIR_SLICE("topic-a"), .partitions = 1, .replicas = -1 };
	assert_false(log->vtable->topic_create(log, &config, &err));
	assert_int_equal(err.code, WEIR_E_TOPIC_EXISTS);
	config = (struct weir_topic_config){
		.name = WEIR_SLICE("topic-a"), .cleanup = WEIR_CLEANUP_COMPACT, .retention_ms = 4711, .retention_bytes = -1
	};
	assert_true(log->vtable->topic_configure(log, &config, &err));
	assert_true(log->vtable->topic_describe(log, WEIR_SLICE("topic-a"), &arena, &config, &err));
	assert_int_equal(config.cleanup, WEIR_CLEANUP_COMPACT);
	assert_int_equal(config.retention_ms, 4711);
	assert_true(log->vtable->topic_describe(log, WEIR_SLICE("topic-b"), &arena, &config, &err));
	assert_int_equal(config.partitions, 3);
	assert_true(log->vtable->topic_list(log, &arena, &topics, &count, &err));
	for (size_t i = 0; i < count; i++)
		found += weir_slice_is(topics[i].name, "topic-a") || weir_slice_is(topics[i].name, "topic-b");
	assert_int_equal(found, 2);
	assert_true(log->vtable->topic_delete(log, WEIR_SLICE("topic-b"), &err));
	assert_false(log->vtable->topic_describe(log, WEIR_SLICE("topic-b"), &arena, &config, &err));
	assert_int_equal(err.code, WEIR_E_TOPIC_NOT_FOUND);
	assert_false(log->vtable->topic_delete(log, WEIR_SLICE("topic-b"), &err));
	assert_int_equal(err.code, WEIR_E_TOPIC_NOT_FOUND);
	weir_arena_fini(&arena);
	log->vtable->close(log);
}

static void forgetting_takes_marks_and_changelogs_of_that_query_only(void **state)
{
	struct weir_log *log = open_log("t7_");
	struct weir_arena arena;
	struct weir_topic_config config;
	struct weir_err err = { 0 };
	struct weir_progress progress = { .scope = WEIR_SLICE("q_1/0"), .topic = WEIR_SLICE("t"), .next_offset = 1 };
	int64_t offset;

	weir_arena_init(&arena, 1024);
	create(log, "_confluent-ksql-t7_query_q_1-store-changelog", 1);
	create(log, "_confluent-ksql-t7_query_q_11-store-changelog", 1);
	struct weir_log_writer *writer = open_writer(log, "w");
	assert_true(log->vtable->progress(writer, &progress, &err));
	progress.scope = WEIR_SLICE("q_11/0");
	assert_true(log->vtable->progress(writer, &progress, &err));
	commit(log, writer);
	assert_true(log->vtable->forget(log, WEIR_SLICE("q_1/"), &err));
	assert_true(log->vtable->forget(log, WEIR_SLICE("_confluent-ksql-t7_query_q_1-"), &err));
	assert_true(log->vtable->read_progress(log, WEIR_SLICE("q_1/0"), WEIR_SLICE("t"), 0, &offset, &err));
	assert_int_equal(offset, -1);
	assert_true(log->vtable->read_progress(log, WEIR_SLICE("q_11/0"), WEIR_SLICE("t"), 0, &offset, &err));
	assert_int_equal(offset, 1);
	assert_false(log->vtable->topic_describe(
		log, WEIR_SLICE("_confluent-ksql-t7_query_q_1-store-changelog"), &arena, &config, &err));
	assert_true(log->vtable->topic_describe(
		log, WEIR_SLICE("_confluent-ksql-t7_query_q_11-store-changelog"), &arena, &config, &err));
	log->vtable->writer_close(writer);
	weir_arena_fini(&arena);
	log->vtable->close(log);
}

static void an_oversized_record_is_refused_and_the_writer_goes_on(void **state)
{
	struct weir_log *log = open_log("t8_");
	struct weir_err err = { 0 };
	size_t size = (size_t)8 << 20;
	char *value = malloc(size);

	create(log, "large", 1);
	memset(value, 'x', size);
	struct weir_log_writer *writer = open_writer(log, "w");
	struct weir_message message = { .key_is_null = true, .value = weir_slice_make(value, size), .timestamp_ms = 1 };
	assert_false(log->vtable->append(writer, WEIR_SLICE("large"), 0, &message, &err));
	assert_int_equal(err.code, WEIR_E_VALUE_TOO_LARGE);
	append(log, writer, "large", "k", "small", 1);
	commit(log, writer);
	free(value);
	log->vtable->writer_close(writer);
	log->vtable->close(log);
}

static void a_wrong_setting_and_an_absent_broker_are_told(void **state)
{
	struct weir_kafka_setting settings[] = { { "bootstrap.servers", "127.0.0.1:1" }, { "fetch.wait.max.ms", "soon" } };
	struct weir_kafka_options options = {
		.settings = settings, .setting_count = 2, .service_id = "t9_", .clock = &weir_system_clock
	};
	struct weir_log *log;
	struct weir_err err = { 0 };

	assert_false(weir_log_open_kafka(&options, &log, &err));
	assert_int_equal(err.code, WEIR_E_INVALID_PROPERTY);
	options.setting_count = 1;
	assert_false(weir_log_open_kafka(&options, &log, &err));
	assert_int_equal(err.code, WEIR_E_BROKER_AWAY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_commit_is_read_back_exactly),
		cmocka_unit_test(an_aborted_commit_is_never_read),
		cmocka_unit_test(an_open_commit_is_invisible_and_a_new_incarnation_ends_it),
		cmocka_unit_test(many_records_are_read_from_any_offset),
		cmocka_unit_test(two_assignments_may_read_one_partition),
		cmocka_unit_test(topics_are_described_listed_configured_and_deleted),
		cmocka_unit_test(forgetting_takes_marks_and_changelogs_of_that_query_only),
		cmocka_unit_test(an_oversized_record_is_refused_and_the_writer_goes_on),
		cmocka_unit_test(a_wrong_setting_and_an_absent_broker_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
