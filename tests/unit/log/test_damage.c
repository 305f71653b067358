/* A data file with garbage anywhere in it: opening, reading and writing give an error or an answer, never a crash. */
#include "local_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#ifndef DAMAGE_ROUNDS
#define DAMAGE_ROUNDS 300
#endif

static void build(void)
{
	struct weir_log *log = fresh_log(NULL);
	struct weir_log_writer *writer = open_writer(log);
	struct weir_err err = { 0 };
	char name[32], key[64], value[400];

	memset(value, 'v', sizeof value);
	value[sizeof value - 1] = '\0';
	for (int t = 0; t < 40; t++) {
		snprintf(name, sizeof name, "topic-%d", t);
		create_topic(log, name, t % 2 ? "" : "cleanup.policy=compact min.cleanable.dirty.ratio=0");
		for (int i = 0; i < 30; i++) {
			snprintf(key, sizeof key, "key-%d", i % 7);
			assert_true(put(writer, name, key, value + i * (t % 13), i, &err));
			if (i % (1 + t % 5) == 0)
				commit(writer);
		}
	}
	for (int i = 0; i < 3000; i++) {
		snprintf(key, sizeof key, "a key of some length, to have branch pages %d", i * 7919 % 3000);
		struct weir_state_change change = { .key = weir_slice_of(key), .value = weir_slice_make(value, 100) };
		assert_true(local_state(writer, WEIR_SLICE("q-store"), i % 3, &change, &err));
	}
	commit(writer);
	assert_true(local_topic_delete(log, WEIR_SLICE("topic-7"), &err));
	local_writer_close(writer);
	log->vtable->close(log);
}

static void read_some(struct weir_log *log, struct weir_slice topic)
{
	struct weir_log_reader *reader;
	struct weir_fetch fetch;
	struct weir_err err = { 0 };
	size_t bytes = 0;

	if (!log->vtable->reader_open(log, &reader, &err))
		return;
	if (log->vtable->assign(reader, topic, 0, WEIR_OFFSET_EARLIEST, NULL, &err)) {
		for (int i = 0; i < 100 && local_poll(reader, 10, 0, &fetch, &err) && fetch.topic.ptr; i++)
			for (size_t m = 0; m < fetch.count; m++)
				for (size_t b = 0; b < fetch.messages[m].value.len; b++)
					bytes += (unsigned char)fetch.messages[m].value.ptr[b];
	}
	if (bytes == 1) /* so that the bytes are read */
		_exit(9);
	local_reader_close(reader);
}

static void read_state(struct weir_log *log)
{
	struct weir_store_backing *backing;
	struct weir_err err = { 0 };
	struct weir_slice key = { 0 }, value;
	struct weir_buf copy;
	bool found = true;

	weir_buf_init(&copy, WEIR_BUF_NO_LIMIT);
	if (!local_state_open(log, WEIR_SLICE("q-store"), 1, &backing, &err))
		return;
	for (int i = 0; i < 2000 && found; i++) {
		if (!backing->seek(backing, weir_buf_slice(&copy), i > 0, &key, &value, &found, &err))
			break;
		weir_buf_reset(&copy);
		if (found)
			weir_buf_append_slice(&copy, key);
	}
	backing->close(backing);
	weir_buf_fini(&copy);
}

static void use_everything(void)
{
	struct weir_local_options options = { .path = folder, .clock = &weir_system_clock, .maintenance_interval_ms = 1 };
	struct weir_topic_config *topics;
	struct weir_err err = { 0 };
	struct weir_arena arena;
	struct weir_log *log;
	size_t count;

	if (!weir_log_open_local(&options, &log, &err))
		_exit(err.text[0] ? 21 : 8);
	weir_arena_init(&arena, 4096);
	if (log->vtable->topic_list(log, &arena, &topics, &count, &err))
		for (size_t i = 0; i < count; i++)
			read_some(log, topics[i].name);
	read_state(log);
	struct weir_log_writer *writer = open_writer(log);
	for (int i = 0; i < 20; i++)
		if (!put(writer, "topic-3", "k", "v", 1, &err) || !local_commit(writer, &err))
			break;
	local_writer_close(writer);
	weir_arena_fini(&arena);
	log->vtable->close(log);
	_exit(0);
}

static void garbage_is_survived(void **state)
{
	static const int deadly[] = { SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE };
	char path[128];
	unsigned seed = getenv("DAMAGE_SEED") ? (unsigned)atoi(getenv("DAMAGE_SEED")) : 5;
	int crashes = 0, refused = 0;

	build();
	snprintf(path, sizeof path, "%s/data.mdb", folder);
	struct stat found;
	int fd = open(path, O_RDONLY);
	assert_true(fd >= 0 && fstat(fd, &found) == 0);
	char *good = malloc((size_t)found.st_size);
	assert_int_equal(read(fd, good, (size_t)found.st_size), found.st_size);
	close(fd);
	for (int round = 0; round < DAMAGE_ROUNDS; round++) {
		char garbage[4096];
		off_t at = rand_r(&seed) % found.st_size;
		size_t len = (size_t)(round % 3 == 0 ? 1 : round % 3 == 1 ? rand_r(&seed) % 64 + 1 : rand_r(&seed) % 4096 + 1);
		for (size_t i = 0; i < len; i++)
			garbage[i] = (char)rand_r(&seed);
		if ((off_t)len > found.st_size - at)
			len = (size_t)(found.st_size - at);
		fd = open(path, O_WRONLY | O_TRUNC);
		assert_int_equal(write(fd, good, (size_t)found.st_size), found.st_size);
		assert_int_equal(pwrite(fd, garbage, len, at), (ssize_t)len);
		close(fd);
		pid_t child = fork();
		if (child == 0) {
			alarm(20);
			for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
				signal(deadly[i], SIG_DFL);
			setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
			use_everything();
		}
		int status;
		waitpid(child, &status, 0);
		refused += WIFEXITED(status) && WEXITSTATUS(status) == 21;
		if (WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 21))
			continue;
		crashes++;
		fprintf(stderr, "round %d: %zu bytes at %lld (page %lld): status %x\n", round, len, (long long)at,
			(long long)at / 4096, status);
	}
	free(good);
	fprintf(stderr, "%d of %d refused at opening, file of %lld bytes\n", refused, DAMAGE_ROUNDS, (long long)found.st_size);
	assert_int_equal(crashes, 0);
	clear_folder();
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(garbage_is_survived) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
