/* Speed of the embedded log alone: durable appends and reads, as CPU time of the whole process per message.
 *
 *   log_bench [DIR] [--messages N] [--commit N] [--bytes N] [--partitions N] [--compression none|lz4|zstd] [--writers N]
 *
 * Prints one line a step: CPU µs a message, messages a second by the wall clock, and bytes on disk a byte written. The bare write
 * beside it shows what of it is the kernel's copying, which on virtual machines is dear as long as memory is touched first.
 */
#include "base/clock.h"
#include "log/log.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

struct bench {
	struct weir_log *log;
	const char *compression;
	int64_t messages, commit, bytes;
	int32_t partitions;
	int writers;
};

struct meter {
	int64_t user_us, system_us, wall_us;
};

static int64_t to_us(struct timeval time)
{
	return (int64_t)time.tv_sec * 1000000 + time.tv_usec;
}

static struct meter start(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (struct meter){ .user_us = to_us(usage.ru_utime),
		.system_us = to_us(usage.ru_stime),
		.wall_us = weir_clock_monotonic_us(&weir_system_clock) };
}

static void report(const char *what, struct meter since, int64_t messages)
{
	struct meter now = start();
	double user = (double)(now.user_us - since.user_us), system_part = (double)(now.system_us - since.system_us);

	printf("%-30s %7.3f us CPU/message (program %.3f, kernel %.3f) %10.0f messages/s\n", what,
		(user + system_part) / (double)messages, user / (double)messages, system_part / (double)messages,
		(double)messages * 1e6 / (double)(now.wall_us - since.wall_us));
	fflush(stdout);
}

static void die(const struct weir_err *err)
{
	fprintf(stderr, "log_bench: %s\n", err->text);
	exit(1);
}

static void create(struct bench *bench, const char *name)
{
	struct weir_topic_config config = {
		.name = weir_slice_of(name), .partitions = bench->partitions, .retention_ms = -1, .retention_bytes = -1
	};
	struct weir_err err = { 0 };

	if (!bench->log->vtable->topic_create(bench->log, &config, &err))
		die(&err);
}

/* Half text that repeats, half that does not: about what JSON rows are to a compressor. */
static void fill(char *value, size_t len, uint64_t number)
{
	size_t at = (size_t)snprintf(value, len, "{\"id\":%llu,\"name\":\"a name\",\"noise\":\"", (unsigned long long)number);
	uint64_t state = number * UINT64_C(0x9e3779b97f4a7c15) + 1;

	for (; at < len / 2; at++) {
		state = state * UINT64_C(6364136223846793005) + 1;
		value[at] = (char)('a' + (state >> 59));
	}
	for (; at < len; at++)
		value[at] = "the same words "[at % 15];
}

struct filler {
	struct bench *bench;
	const char *topic;
	int64_t messages;
	char **values; /* 1024 of them, made beforehand */
};

static void *append_all(void *arg)
{
	struct filler *filler = arg;
	struct bench *bench = filler->bench;
	const struct weir_log_vtable *log = bench->log->vtable;
	struct weir_log_writer *writer;
	struct weir_err err = { 0 };
	struct weir_slice topic = weir_slice_of(filler->topic);
	char key[16] = "key-0000";

	if (!log->writer_open(bench->log, WEIR_SLICE("bench"), true, &writer, &err) ||
		!log->writer_set(writer, WEIR_SLICE("compression.type"), weir_slice_of(bench->compression), &err))
		die(&err);
	for (int64_t i = 0; i < filler->messages; i++) {
		key[4] = (char)('0' + i % 10);
		struct weir_message message = { .key = weir_slice_make(key, 8),
			.value = weir_slice_make(filler->values[i & 1023], (size_t)bench->bytes - 8),
			.timestamp_ms = 1700000000000 + i / 100 };
		if (!log->append(writer, topic, (int32_t)(i % bench->partitions), &message, &err) ||
			((i + 1) % bench->commit == 0 && !log->commit(writer, &err)))
			die(&err);
	}
	if (!log->commit(writer, &err))
		die(&err);
	log->writer_close(writer);
	return NULL;
}

static void append(struct bench *bench, const char *topic, int writers, const char *what)
{
	struct filler filler = { .bench = bench, .topic = topic, .messages = bench->messages / writers };
	pthread_t threads[64];

	filler.values = malloc(1024 * sizeof *filler.values);
	for (uint64_t i = 0; i < 1024; i++) {
		filler.values[i] = malloc((size_t)bench->bytes);
		fill(filler.values[i], (size_t)bench->bytes, i);
	}
	struct meter meter = start();
	for (int i = 0; i < writers; i++)
		pthread_create(&threads[i], NULL, append_all, &filler);
	for (int i = 0; i < writers; i++)
		pthread_join(threads[i], NULL);
	report(what, meter, filler.messages * writers);
	for (int i = 0; i < 1024; i++)
		free(filler.values[i]);
	free(filler.values);
}

static void read_all(struct bench *bench, const char *name, int64_t messages, const char *what)
{
	const struct weir_log_vtable *log = bench->log->vtable;
	struct weir_log_reader *reader;
	struct weir_fetch fetch;
	struct weir_err err = { 0 };
	uint64_t sum = 0;
	int64_t count = 0;

	if (!log->reader_open(bench->log, &reader, &err))
		die(&err);
	for (int32_t p = 0; p < bench->partitions; p++)
		if (!log->assign(reader, weir_slice_of(name), p, WEIR_OFFSET_EARLIEST, NULL, &err))
			die(&err);
	struct meter meter = start();
	while (count < messages) {
		if (!log->poll(reader, 1024, 1000, &fetch, &err))
			die(&err);
		for (size_t i = 0; i < fetch.count; i++)
			sum += fetch.messages[i].value.len + (unsigned char)fetch.messages[i].value.ptr[0];
		count += (int64_t)fetch.count;
	}
	report(what, meter, count);
	if (sum == 0)
		printf("nothing was read\n");
	log->reader_close(reader);
}

/* What the kernel takes for the bare bytes. */
static void write_file(const struct bench *bench, const char *path, const char *what)
{
	size_t len = (size_t)(bench->bytes * bench->commit);
	char file[512], *bytes = calloc(1, len);

	snprintf(file, sizeof file, "%s/bare", path);
	int fd = open(file, O_CREAT | O_TRUNC | O_WRONLY, 0600);
	struct meter meter = start();
	for (int64_t i = 0; i < bench->messages; i += bench->commit)
		if (write(fd, bytes, len) != (ssize_t)len || fdatasync(fd) != 0)
			exit(1);
	report(what, meter, bench->messages);
	close(fd);
	unlink(file);
	free(bytes);
}

static void report_size(const struct bench *bench, const char *path)
{
	char file[512];
	struct stat found;

	snprintf(file, sizeof file, "%s/data.mdb", path);
	if (stat(file, &found) == 0)
		printf("%-30s %7.2f bytes on disk a byte written\n", "size",
			(double)found.st_size / (double)(bench->messages * bench->bytes));
}

static void parse(struct bench *bench, const char **path, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : "";
		if (argv[i][0] != '-') {
			*path = argv[i];
			continue;
		}
		if (strcmp(argv[i], "--messages") == 0)
			bench->messages = atoll(value);
		else if (strcmp(argv[i], "--commit") == 0)
			bench->commit = atoll(value);
		else if (strcmp(argv[i], "--bytes") == 0)
			bench->bytes = atoll(value);
		else if (strcmp(argv[i], "--partitions") == 0)
			bench->partitions = atoi(value);
		else if (strcmp(argv[i], "--writers") == 0)
			bench->writers = atoi(value);
		else if (strcmp(argv[i], "--compression") == 0)
			bench->compression = value;
		i++;
	}
}

int main(int argc, char **argv)
{
	struct bench bench = {
		.messages = 4000000, .commit = 20000, .bytes = 200, .partitions = 1, .writers = 2, .compression = "none"
	};
	const char *path = "/tmp/weir-log-bench";
	struct weir_err err = { 0 };
	char command[600];

	parse(&bench, &path, argc, argv);
	if (bench.messages < 1 || bench.commit < 1 || bench.bytes < 64 || bench.partitions < 1 || bench.writers < 1 ||
		bench.writers > 64)
		return fprintf(stderr, "log_bench: a number is out of range\n"), 2;
	snprintf(command, sizeof command, "rm -rf '%s'", path);
	if (system(command) != 0)
		return 1;
	struct weir_local_options options = { .path = path, .clock = &weir_system_clock };
	if (!weir_log_open_local(&options, &bench.log, &err))
		die(&err);
	printf("%lld messages of %lld bytes, %lld a commit, %d partition(s), compression %s\n", (long long)bench.messages,
		(long long)bench.bytes, (long long)bench.commit, bench.partitions, bench.compression);
	write_file(&bench, path, "write(2) of the same, new file");
	create(&bench, "one");
	append(&bench, "one", 1, "append, file grows");
	report_size(&bench, path);
	read_all(&bench, "one", bench.messages, "read");
	for (int i = 0; i < 2; i++) {
		if (!bench.log->vtable->topic_delete(bench.log, WEIR_SLICE("one"), &err))
			die(&err);
		create(&bench, "one");
		append(&bench, "one", 1, "append, file reused");
	}
	read_all(&bench, "one", bench.messages, "read");
	report_size(&bench, path);
	create(&bench, "many");
	append(&bench, "many", bench.writers, "append, writers together");
	bench.log->vtable->close(bench.log);
	return system(command) == 0 ? 0 : 1;
}
