/* kill -9 at any moment: what was acknowledged is there, nothing is half there; other processes see commits at once. */
#include "local_fixture.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#ifndef CRASH_ROUNDS
#define CRASH_ROUNDS 40
#endif

/* ---- Crashes ---- */

static struct weir_log *open_server(void)
{
	struct weir_local_options options = { .path = folder, .clock = &weir_system_clock, .maintenance_interval_ms = 1 };
	struct weir_err err = { 0 };
	struct weir_log *log;

	if (!weir_log_open_local(&options, &log, &err))
		fail_msg("%s", err.text);
	return log;
}

/* Commit number n: record n in both topics, a new value for one key of the compacted one, progress n + 1, state n. */
static void commit_number(struct weir_log_writer *writer, int64_t n)
{
	char value[3000], key[16];
	struct weir_err err = { 0 };
	struct weir_progress progress = { .scope = WEIR_SLICE("q/0"), .topic = WEIR_SLICE("a"), .next_offset = n + 1 };
	struct weir_state_change change = { .key = WEIR_SLICE("n"), .value = weir_slice_make(&n, sizeof n) };

	memset(value, 'x', sizeof value);
	snprintf(value + 20 + n % 2900, 40, "%lld", (long long)n);
	snprintf(value, 20, "%lld", (long long)n);
	value[strlen(value)] = ' ';
	snprintf(key, sizeof key, "k%lld", (long long)(n % 50));
	value[sizeof value - 1] = '\0';
	if (!put(writer, "a", key, value, n, &err) || !put(writer, "b", key, value, n, &err) ||
		!put(writer, "c", key, value, n, &err) || !put(writer, "short", key, value, n, &err) ||
		!local_progress(writer, &progress, &err) || !local_state(writer, WEIR_SLICE("q-s"), 0, &change, &err) ||
		!local_commit(writer, &err)) {
		fprintf(stderr, "commit %lld: %s\n", (long long)n, err.text);
		_exit(3);
	}
}

static void work_until_killed(int acknowledged_fd, int64_t next)
{
	struct weir_log *log = open_server();
	struct weir_log_writer *writer = open_writer(log);

	for (;; next++) {
		commit_number(writer, next);
		if (write(acknowledged_fd, &next, sizeof next) != sizeof next)
			_exit(4);
	}
}

struct check {
	int64_t next;
};

static void is_next_number(void *ctx, const struct weir_message *message)
{
	struct check *check = ctx;

	assert_int_equal(message->offset, check->next);
	assert_int_equal(atoll(message->value.ptr), check->next);
	assert_int_equal(message->timestamp_ms, check->next);
	check->next++;
}

/* The number of commits that are there, all of them whole. */
static int64_t check_whole(void)
{
	struct weir_log *log = open_log(true, NULL, 0);
	struct check a = { 0 }, b = { 0 };
	struct weir_store_backing *backing;
	struct weir_slice value;
	struct weir_err err = { 0 };
	int64_t position, number = -1;
	bool found;

	read_topic(log, "a", is_next_number, &a);
	read_topic(log, "b", is_next_number, &b);
	assert_int_equal(a.next, b.next);
	assert_true(read_topic(log, "c", NULL, NULL) >= (a.next < 50 ? a.next : 50));
	read_topic(log, "short", NULL, NULL);
	assert_int_equal(stat_of(log, "c").high, a.next);
	assert_int_equal(stat_of(log, "short").high, a.next);
	assert_true(local_read_progress(log, WEIR_SLICE("q/0"), WEIR_SLICE("a"), 0, &position, &err));
	assert_int_equal(position, a.next ? a.next : -1);
	assert_true(local_state_open(log, WEIR_SLICE("q-s"), 0, &backing, &err));
	assert_true(backing->get(backing, WEIR_SLICE("n"), &value, &found, &err));
	if (found)
		memcpy(&number, value.ptr, sizeof number);
	assert_int_equal(number, a.next - 1);
	backing->close(backing);
	log->vtable->close(log);
	return a.next;
}

static void a_killed_server_loses_nothing(void **state)
{
	int64_t committed = 0;
	unsigned seed = 11;

	clear_folder();
	struct weir_log *log = open_log(true, NULL, 0);
	create_topic(log, "a", "retention.ms=-1");
	create_topic(log, "b", "retention.ms=-1 compression.type=lz4");
	create_topic(log, "c", "cleanup.policy=compact min.cleanable.dirty.ratio=0");
	create_topic(log, "short", "retention.ms=-1 retention.bytes=20000");
	log->vtable->close(log);
	for (int round = 0; round < CRASH_ROUNDS; round++) {
		int fds[2];
		int64_t acknowledged = committed - 1, number;
		assert_int_equal(pipe(fds), 0);
		pid_t child = fork();
		if (child == 0) {
			close(fds[0]);
			work_until_killed(fds[1], committed);
		}
		close(fds[1]);
		struct timespec pause = { .tv_nsec = 1000000L * (3 + rand_r(&seed) % 40) + rand_r(&seed) % 1000000 };
		nanosleep(&pause, NULL);
		kill(child, SIGKILL);
		int status;
		waitpid(child, &status, 0);
		assert_true(WIFSIGNALED(status));
		while (read(fds[0], &number, sizeof number) == sizeof number)
			acknowledged = number;
		close(fds[0]);
		committed = check_whole();
		assert_true(committed >= acknowledged + 1);
	}
	assert_true(committed > CRASH_ROUNDS);
	clear_folder();
}

/* ---- Other processes ---- */

static int64_t now_us(void)
{
	return weir_clock_monotonic_us(&weir_system_clock);
}

static void another_process_is_heard_at_once(void **state)
{
	clear_folder();
	struct weir_log *log = open_log(false, NULL, 0);
	create_topic(log, "t", "");
	log->vtable->close(log);
	pid_t child = fork();
	if (child == 0) {
		log = open_log(true, NULL, 0);
		struct weir_log_writer *writer = open_writer(log);
		struct weir_err err = { 0 };
		char sent[32];
		for (int i = 0; i < 10; i++) {
			struct timespec pause = { .tv_nsec = 30000000 };
			nanosleep(&pause, NULL);
			snprintf(sent, sizeof sent, "%lld", (long long)now_us());
			if (!put(writer, "t", "k", sent, 0, &err) || !local_commit(writer, &err))
				_exit(1);
		}
		_exit(0);
	}
	log = open_log(false, NULL, 0);
	struct weir_log_reader *reader = open_reader(log, "t", 0);
	struct weir_err err = { 0 };
	int64_t total_us = 0;
	for (int got = 0; got < 10;) {
		struct weir_fetch fetch;
		assert_true(local_poll(reader, 10, 5000, &fetch, &err));
		assert_true(fetch.count > 0);
		for (size_t i = 0; i < fetch.count; i++, got++)
			total_us += now_us() - atoll(fetch.messages[i].value.ptr);
	}
	int status;
	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
	if (total_us / 10 > 50000) /* a few milliseconds; machines may be busy */
		fail_msg("%lld us from the one process to the other", (long long)total_us / 10);
	local_reader_close(reader);
	close_log(log);
}

/* A reader that was killed with pages in its hand does not make the file grow for ever. */
static void dead_readers_let_go(void **state)
{
	int fds[2];
	char byte;

	clear_folder();
	struct weir_log *log = open_log(true, NULL, 0);
	create_topic(log, "t", "");
	log->vtable->close(log);
	assert_int_equal(pipe(fds), 0);
	pid_t child = fork();
	if (child == 0) {
		struct weir_lmdb_txn *txn;
		struct weir_err err = { 0 };
		log = open_log(true, NULL, 0);
		if (!local_look_begin(&((struct local_log *)log)->snapshots, &txn, &err) || write(fds[1], "x", 1) != 1)
			_exit(1);
		pause();
	}
	assert_int_equal(read(fds[0], &byte, 1), 1);
	log = open_log(true, NULL, 0);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	assert_int_equal(weir_lmdb_clean_readers(((struct local_log *)log)->env), 1);
	assert_int_equal(weir_lmdb_clean_readers(((struct local_log *)log)->env), 0);
	close(fds[0]);
	close(fds[1]);
	close_log(log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_killed_server_loses_nothing),
		cmocka_unit_test(another_process_is_heard_at_once),
		cmocka_unit_test(dead_readers_let_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
