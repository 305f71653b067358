/* `weir topic produce`: JSON lines in. Lines that come slowly are committed as they come, a file in large commits. */
#include "cli/topic_int.h"
#include "server/jsonl.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define COMMIT_RECORDS     10000
#define READ_BYTES         65536
#define LONGEST_LINE_BYTES ((size_t)256 << 20)

struct producer {
	struct weir_log *log;
	struct weir_log_writer *writer;
	struct weir_slice topic;
	struct weir_arena arena; /* one line's */
	struct weir_buf input;
	int32_t partitions;
	uint32_t turn;
	size_t pending, committed, line_number;
};

static bool commit(struct producer *producer, struct weir_err *err)
{
	if (producer->pending && !producer->log->vtable->commit(producer->writer, err))
		return false;
	producer->committed += producer->pending;
	producer->pending = 0;
	return true;
}

static bool produce_line(struct producer *producer, struct weir_slice line, struct weir_err *err)
{
	struct weir_message message;
	int32_t partition;

	producer->line_number++;
	line = weir_slice_trim(line);
	if (line.len == 0)
		return true;
	weir_arena_reset(&producer->arena);
	bool ok = weir_jsonl_read(&producer->arena, line, weir_clock_now_ms(&weir_system_clock), &partition, &message, err);
	if (ok && partition < 0)
		partition = message.key_is_null ? (int32_t)(producer->turn++ % (uint32_t)producer->partitions)
						: weir_log_partition_of(message.key, producer->partitions);
	if (!ok || !producer->log->vtable->append(producer->writer, producer->topic, partition, &message, err))
		return weir_err_prefix(err, "line %zu", producer->line_number);
	return ++producer->pending < COMMIT_RECORDS || commit(producer, err);
}

/* The complete lines of the input, and at its end the last one too. */
static bool produce_lines(struct producer *producer, bool is_end, struct weir_err *err)
{
	size_t start = 0;
	bool ok = true;

	while (ok && start < producer->input.len) {
		const char *line = producer->input.data + start, *newline = memchr(line, '\n', producer->input.len - start);
		if (!newline && !is_end)
			break;
		size_t len = newline ? (size_t)(newline - line) : producer->input.len - start;
		ok = produce_line(producer, weir_slice_make(line, len), err);
		start += len + (newline ? 1 : 0);
	}
	memmove(producer->input.data, producer->input.data + start, producer->input.len - start);
	producer->input.len -= start;
	return ok;
}

static bool would_wait(int fd)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	return poll(&ready, 1, 0) == 0;
}

static bool produce_all(struct producer *producer, int fd, struct weir_err *err)
{
	for (;;) {
		if (producer->pending && would_wait(fd) && !commit(producer, err))
			return false;
		if (!weir_buf_reserve(&producer->input, READ_BYTES))
			return weir_err_set(err, WEIR_E_VALUE_TOO_LARGE, "line %zu is longer than %zu bytes",
				producer->line_number + 1, LONGEST_LINE_BYTES);
		ssize_t len = read(fd, producer->input.data + producer->input.len, READ_BYTES);
		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return weir_err_set_errno(err, WEIR_E_IO, errno, "Cannot read the input");
		producer->input.len += (size_t)len;
		if (!produce_lines(producer, len == 0, err))
			return false;
		if (len == 0)
			return true;
	}
}

static bool open_writer(struct producer *producer, const struct topic_options *options, struct weir_err *err)
{
	const struct weir_log_vtable *log = producer->log->vtable;

	if (!log->writer_open(producer->log, WEIR_SLICE("weir-topic"), false, &producer->writer, err))
		return false;
	for (size_t i = 0; i < options->settings.count && log->writer_set; i++)
		if (!log->writer_set(producer->writer, weir_slice_of(options->settings.items[i].name),
			    weir_slice_of(options->settings.items[i].value), err))
			return false;
	return true;
}

/* What came before a bad line stays: it is written, and the number of records is told. */
static bool run(struct producer *producer, const struct topic_options *options, int fd, struct weir_err *err)
{
	struct weir_topic_config config;
	struct weir_err late = { 0 };

	if (!producer->log->vtable->topic_describe(producer->log, producer->topic, &producer->arena, &config, err))
		return false;
	producer->partitions = config.partitions;
	if (!open_writer(producer, options, err))
		return false;
	bool ok = produce_all(producer, fd, err);
	if (!commit(producer, &late)) {
		if (ok)
			weir_err_copy(err, &late);
		ok = false;
	}
	fprintf(stderr, "%zu records\n", producer->committed);
	return ok;
}

bool topic_produce(struct weir_log *log, const struct topic_options *options, struct weir_err *err)
{
	bool is_stdin = !options->jsonl || strcmp(options->jsonl, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(options->jsonl, O_RDONLY | O_CLOEXEC);
	struct producer producer = { .log = log, .topic = weir_slice_of(options->name) };

	if (fd < 0)
		return weir_err_set_errno(err, WEIR_E_IO, errno, "Cannot read %s", options->jsonl);
	weir_arena_init(&producer.arena, 65536);
	weir_buf_init(&producer.input, LONGEST_LINE_BYTES);
	bool ok = run(&producer, options, fd, err);
	log->vtable->writer_close(producer.writer);
	weir_buf_fini(&producer.input);
	weir_arena_fini(&producer.arena);
	if (!is_stdin)
		close(fd);
	return ok;
}
