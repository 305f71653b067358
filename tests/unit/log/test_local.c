/* The embedded log beyond what every log holds to: many writers, settings of topics, compression, damage, full disks. */
#include "local_fixture.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* ---- Writers together ---- */

#define WRITERS 4
#define COMMITS 100

struct writing {
	struct weir_log *log;
	int number;
	bool fails; /* writes to a topic that is gone */
};

static void *write_many(void *arg)
{
	struct writing *writing = arg;
	struct weir_log_writer *writer = open_writer(writing->log);
	struct weir_err err = { 0 };
	char value[32];

	for (int i = 0; i < COMMITS; i++) {
		snprintf(value, sizeof value, "%d %d", writing->number, i);
		if (writing->fails) {
			local_append(writer, WEIR_SLICE("gone"), 0, &(struct weir_message){ .key_is_null = true }, &err);
			assert_false(local_commit(writer, &err) && err.code == WEIR_E_NONE);
			local_abort(writer, &err);
			continue;
		}
		assert_true(put(writer, "t", NULL, value, i, &err));
		assert_true(put(writer, "t", NULL, value, i, &err));
		assert_true(local_commit(writer, &err));
	}
	local_writer_close(writer);
	return NULL;
}

static void in_order(void *ctx, const struct weir_message *message)
{
	int *next = ctx, writer = atoi(message->value.ptr), number = atoi(message->value.ptr + 2);

	assert_int_equal(number, next[writer] / 2);
	next[writer]++;
}

static void writers_are_grouped_and_do_not_disturb_each_other(void **state)
{
	clear_folder();
	struct weir_log *log = open_log(false, NULL, 0);
	struct writing writing[WRITERS + 1];
	pthread_t threads[WRITERS + 1];
	int next[WRITERS] = { 0 };

	create_topic(log, "t", "");
	uint64_t before = weir_lmdb_generation(((struct local_log *)log)->env);
	for (int i = 0; i <= WRITERS; i++) {
		writing[i] = (struct writing){ .log = log, .number = i, .fails = i == WRITERS };
		assert_int_equal(pthread_create(&threads[i], NULL, write_many, &writing[i]), 0);
	}
	for (int i = 0; i <= WRITERS; i++)
		pthread_join(threads[i], NULL);
	assert_true(weir_lmdb_generation(((struct local_log *)log)->env) - before <= WRITERS * COMMITS + 1);
	assert_int_equal(read_topic(log, "t", in_order, next), WRITERS * COMMITS * 2);
	close_log(log);
}

/* A topic deleted between append and commit fails that commit alone. */
static void a_deleted_topic_aborts_its_writer(void **state)
{
	struct weir_log *log = fresh_log(NULL);
	struct weir_log_writer *writer = open_writer(log);
	struct weir_err err = { 0 };

	create_topic(log, "t", "");
	assert_true(put(writer, "t", "k", "v", 1, &err));
	assert_true(local_topic_delete(log, WEIR_SLICE("t"), &err));
	create_topic(log, "t", "");
	assert_false(local_commit(writer, &err));
	assert_int_equal(err.code, WEIR_E_TRANSACTION_ABORTED);
	assert_true(local_abort(writer, &err));
	assert_true(put(writer, "t", "k", "v", 1, &err));
	commit(writer);
	assert_int_equal(stat_of(log, "t").high, 1);
	local_writer_close(writer);
	close_log(log);
}

/* ---- Settings ---- */

static void oversized_records_are_refused(void **state)
{
	struct weir_log *log = fresh_log(NULL);
	struct weir_log_writer *writer = open_writer(log);
	struct weir_err err = { 0 };
	char value[300];

	memset(value, 'x', sizeof value - 1);
	value[sizeof value - 1] = '\0';
	create_topic(log, "t", "max.message.bytes=200");
	assert_true(put(writer, "t", "k", "small", 1, &err));
	assert_false(put(writer, "t", "k", value, 1, &err));
	assert_int_equal(err.code, WEIR_E_VALUE_TOO_LARGE);
	assert_non_null(strstr(err.text, "'t'"));
	commit(writer); /* the small one */
	assert_int_equal(stat_of(log, "t").high, 1);
	struct weir_topic_config config = topic_of(log, "t").config;
	config.max_message_bytes = 1000;
	assert_true(local_topic_configure(log, &config, &err));
	assert_true(put(writer, "t", "k", "makes the writer look", 1, &err));
	commit(writer);
	assert_true(put(writer, "t", "k", value, 1, &err));
	commit(writer);
	assert_int_equal(stat_of(log, "t").high, 3);
	local_writer_close(writer);
	close_log(log);
}

static void is_line(void *ctx, const struct weir_message *message)
{
	char expected[64];

	snprintf(expected, sizeof expected, "line %lld of many", (long long)message->offset);
	assert_true(weir_slice_is(message->value, expected));
}

static int64_t write_lines(struct weir_log *log, const char *topic, const char *producer_choice)
{
	struct weir_log_writer *writer = open_writer(log);
	struct weir_err err = { 0 };
	char value[64];

	if (producer_choice)
		assert_true(local_writer_set(writer, WEIR_SLICE("compression.type"), weir_slice_of(producer_choice), &err));
	for (int i = 0; i < 10000; i++) {
		snprintf(value, sizeof value, "line %d of many", i);
		assert_true(put(writer, topic, "the same key", value, 1700000000000 + i, &err));
		if (i == 3000)
			commit(writer);
	}
	commit(writer);
	local_writer_close(writer);
	assert_int_equal(read_topic(log, topic, is_line, NULL), 10000);
	return stat_of(log, topic).bytes;
}

static void batches_are_compressed_as_the_topic_or_the_producer_says(void **state)
{
	struct weir_log *log = fresh_log(NULL);

	create_topic(log, "plain", "");
	create_topic(log, "lz4", "compression.type=lz4");
	create_topic(log, "zstd", "compression.type=zstd");
	create_topic(log, "producers", "compression.type=producer");
	create_topic(log, "never", "compression.type=uncompressed");
	int64_t plain = write_lines(log, "plain", NULL);
	assert_true(write_lines(log, "lz4", NULL) < plain / 2);
	assert_true(write_lines(log, "zstd", "lz4") < plain / 4);
	assert_true(write_lines(log, "producers", "zstd") < plain / 4);
	assert_int_equal(write_lines(log, "never", "zstd"), plain);
	log->vtable->close(log);
	log = open_log(false, NULL, 0); /* a server reads in place */
	assert_int_equal(read_topic(log, "plain", is_line, NULL), 10000);
	assert_int_equal(read_topic(log, "zstd", is_line, NULL), 10000);
	close_log(log);
}

static void has_commit_time(void *ctx, const struct weir_message *message)
{
	assert_true(message->timestamp_ms > 1600000000000);
}

static void append_time_replaces_timestamps(void **state)
{
	struct weir_log *log = fresh_log(NULL);
	struct weir_log_writer *writer = open_writer(log);
	struct weir_err err = { 0 };

	create_topic(log, "t", "message.timestamp.type=LogAppendTime");
	assert_true(put(writer, "t", "k", "v", 5, &err));
	commit(writer);
	assert_int_equal(read_topic(log, "t", has_commit_time, NULL), 1);
	local_writer_close(writer);
	close_log(log);
}

/* ---- Damage ---- */

static char *data_file(void)
{
	static char path[128];

	snprintf(path, sizeof path, "%s/data.mdb", folder);
	return path;
}

static void overwrite(const char *needle, size_t offset_from, const void *bytes, size_t len)
{
	int fd = open(data_file(), O_RDWR);
	struct stat found;

	assert_true(fd >= 0 && fstat(fd, &found) == 0);
	char *all = malloc((size_t)found.st_size);
	assert_int_equal(pread(fd, all, (size_t)found.st_size, 0), found.st_size);
	char *at = memmem(all, (size_t)found.st_size, needle, strlen(needle));
	assert_non_null(at);
	assert_int_equal(pwrite(fd, bytes, len, at - all + (off_t)offset_from), (ssize_t)len);
	free(all);
	close(fd);
}

static void expect_open_fails(enum weir_err_code code, const char *text)
{
	struct weir_local_options options = { .path = folder, .clock = &weir_system_clock };
	struct weir_err err = { 0 };
	struct weir_log *log;

	assert_false(weir_log_open_local(&options, &log, &err));
	if (err.code != code || !strstr(err.text, text))
		fail_msg("%s: %s", weir_err_code_name(err.code), err.text);
}

static void a_damaged_batch_is_told_with_its_place(void **state)
{
	struct weir_log *log = fresh_log(NULL);
	struct weir_log_writer *writer = open_writer(log);
	struct weir_err err = { 0 };
	struct weir_fetch fetch;

	create_topic(log, "good", "");
	create_topic(log, "bad", "");
	assert_true(put(writer, "bad", "k", "first", 1, &err) && put(writer, "good", "k", "fine", 1, &err));
	commit(writer);
	assert_true(put(writer, "bad", "k", "needle in the haystack", 1, &err));
	commit(writer);
	local_writer_close(writer);
	log->vtable->close(log);
	overwrite("needle in the haystack", 3, "X", 1);
	log = open_log(false, NULL, 0);
	struct weir_log_reader *reader = open_reader(log, "bad", 0);
	assert_false(local_poll(reader, 10, 0, &fetch, &err));
	assert_int_equal(err.code, WEIR_E_LOG_CORRUPT);
	assert_non_null(strstr(err.text, "Topic 'bad', partition 0, offset 1"));
	local_reader_close(reader);
	assert_int_equal(read_topic(log, "good", NULL, NULL), 1);
	close_log(log);
}

static void fill(const char *value)
{
	struct weir_log *log = fresh_log(NULL);
	struct weir_log_writer *writer = open_writer(log);
	struct weir_err err = { 0 };

	create_topic(log, "t", "");
	for (int i = 0; i < 1000; i++)
		assert_true(put(writer, "t", "k", value, i, &err));
	commit(writer);
	local_writer_close(writer);
	log->vtable->close(log);
}

static void a_cut_file_is_refused(void **state)
{
	struct stat found;

	fill("some value that fills pages, some value that fills pages, some value that fills pages");
	assert_int_equal(stat(data_file(), &found), 0);
	for (off_t size = found.st_size * 3 / 4; size > 0; size = size / 2 - 1000) {
		assert_int_equal(truncate(data_file(), size), 0);
		expect_open_fails(WEIR_E_LOG_CORRUPT, "data");
	}
	clear_folder();
}

static void foreign_files_are_refused(void **state)
{
	fill("v");
	int fd = open(data_file(), O_RDWR | O_TRUNC);
	char garbage[16384];
	memset(garbage, 0xa5, sizeof garbage);
	assert_int_equal(write(fd, garbage, sizeof garbage), sizeof garbage);
	close(fd);
	expect_open_fails(WEIR_E_LOG_CORRUPT, "its head is not one");
	clear_folder();
}

static bool put_version(void *ctx, struct weir_lmdb_txn *txn, struct weir_err *err)
{
	return weir_lmdb_put(txn, TABLE_META, WEIR_SLICE("format version"), weir_slice_make(ctx, 4), err);
}

static void another_version_is_refused(void **state)
{
	struct weir_log *log = fresh_log(NULL);
	struct weir_err err = { 0 };
	uint32_t version = 77;

	assert_true(weir_lmdb_write(((struct local_log *)log)->env, put_version, &version, &err));
	log->vtable->close(log);
	expect_open_fails(WEIR_E_LOG_CORRUPT, "format 77");
	clear_folder();
}

static void a_file_is_no_folder(void **state)
{
	clear_folder();
	close(open(folder, O_CREAT | O_WRONLY, 0600));
	expect_open_fails(WEIR_E_IO, "not a folder");
	assert_int_equal(unlink(folder), 0);
}

static void a_folder_without_rights_is_refused(void **state)
{
	if (geteuid() == 0) { /* root may do everything: become nobody in a child */
		clear_folder();
		mkdir(folder, 0755);
		pid_t child = fork();
		if (child == 0) {
			struct weir_local_options options = { .path = folder, .clock = &weir_system_clock };
			struct weir_err err = { 0 };
			struct weir_log *log;
			bool opened = setuid(65534) != 0 || weir_log_open_local(&options, &log, &err);
			_exit(!opened && err.code == WEIR_E_IO ? 0 : 1);
		}
		int status;
		waitpid(child, &status, 0);
		assert_int_equal(status, 0);
		clear_folder();
	}
}

/* ---- Full ---- */

static int64_t write_until_full(struct weir_log_writer *writer, const char *topic)
{
	struct weir_err err = { 0 };
	char value[10000];

	memset(value, 'v', sizeof value - 1);
	value[sizeof value - 1] = '\0';
	for (int64_t i = 0; i < 2000; i++) {
		assert_true(put(writer, topic, "k", value, i, &err));
		if (!local_commit(writer, &err)) {
			if (err.code != WEIR_E_DISK_FULL)
				fail_msg("%s", err.text);
			assert_true(local_abort(writer, &err));
			return i;
		}
	}
	fail_msg("the limit was not noticed");
	return 0;
}

static void a_full_log_goes_on_when_there_is_room(void **state)
{
	clear_folder();
	struct weir_log *log = open_log(false, NULL, 4 << 20);
	struct weir_log_writer *writer = open_writer(log);
	struct weir_err err = { 0 };

	create_topic(log, "t", "");
	create_topic(log, "u", "");
	int64_t first = write_until_full(writer, "t");
	assert_true(first > 200);
	assert_int_equal(write_until_full(writer, "u"), 0);
	assert_int_equal(stat_of(log, "t").high, first);
	assert_true(local_topic_delete(log, WEIR_SLICE("t"), &err));
	int64_t second = write_until_full(writer, "u");
	if (second <= first / 2)
		fail_msg("%lld after %lld", (long long)second, (long long)first);
	local_writer_close(writer);
	log->vtable->close(log);
	log = open_log(true, NULL, 0); /* a tool keeps to the server's limit */
	writer = open_writer(log);
	assert_true(write_until_full(writer, "u") < 50);
	local_writer_close(writer);
	close_log(log);
}

/* The operating system refuses to let the file grow, as a full disk does. */
static void fill_the_disk(void)
{
	struct rlimit limit = { .rlim_cur = 3 << 20, .rlim_max = RLIM_INFINITY }, old;
	struct weir_log *log = open_log(false, NULL, 0);
	struct weir_log_writer *writer = open_writer(log);

	create_topic(log, "t", "");
	getrlimit(RLIMIT_FSIZE, &old);
	limit.rlim_max = old.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	int64_t first = write_until_full(writer, "t");
	assert_int_equal(stat_of(log, "t").high, first);
	setrlimit(RLIMIT_FSIZE, &old);
	for (int i = 0; i < 50; i++) {
		struct weir_err err = { 0 };
		assert_true(put(writer, "t", "k", "there is room again", 1, &err));
		commit(writer);
	}
	assert_int_equal(stat_of(log, "t").high, first + 50);
	assert_int_equal(read_topic(log, "t", NULL, NULL), first + 50);
	local_writer_close(writer);
	log->vtable->close(log);
}

static void a_full_disk_is_told_and_survived(void **state)
{
	clear_folder();
	fill_the_disk();
	clear_folder();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writers_are_grouped_and_do_not_disturb_each_other),
		cmocka_unit_test(a_deleted_topic_aborts_its_writer),
		cmocka_unit_test(oversized_records_are_refused),
		cmocka_unit_test(batches_are_compressed_as_the_topic_or_the_producer_says),
		cmocka_unit_test(append_time_replaces_timestamps),
		cmocka_unit_test(a_damaged_batch_is_told_with_its_place),
		cmocka_unit_test(a_cut_file_is_refused),
		cmocka_unit_test(foreign_files_are_refused),
		cmocka_unit_test(another_version_is_refused),
		cmocka_unit_test(a_file_is_no_folder),
		cmocka_unit_test(a_folder_without_rights_is_refused),
		cmocka_unit_test(a_full_log_goes_on_when_there_is_room),
		cmocka_unit_test(a_full_disk_is_told_and_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
