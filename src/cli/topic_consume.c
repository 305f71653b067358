/* `weir topic consume`: JSON lines out. With --group the positions are kept in the log, after the lines were written. */
#include "cli/topic_int.h"
#include "server/jsonl.h"

#include "base/memory.h"

#include <stdio.h>
#include <string.h>

#define FETCH_MESSAGES 1000
#define WAIT_MS        200

struct source {
	int32_t partition;
	int64_t next, end; /* end: when it was opened, for --exit-at-end */
	bool is_moved;     /* since the group's last commit */
};

struct consumer {
	struct weir_log *log;
	const struct topic_options *options;
	struct weir_slice topic, scope; /* scope: of the group's positions; empty without one */
	struct weir_log_reader *reader;
	struct weir_log_writer *writer;
	struct source *sources;
	int32_t count;
	struct weir_buf out;
};

/* Where to begin: the group's position, else the beginning or the end. */
static bool place(struct consumer *consumer, struct source *source, struct weir_err *err)
{
	const struct weir_log_vtable *log = consumer->log->vtable;
	int64_t low, position = -1;

	if (!log->watermarks(consumer->log, consumer->topic, source->partition, &low, &source->end, err))
		return false;
	if (consumer->scope.len &&
		!log->read_progress(consumer->log, consumer->scope, consumer->topic, source->partition, &position, err))
		return false;
	if (position < 0)
		position = consumer->options->from_beginning ? low : source->end;
	source->next = position < low ? low : position;
	return log->assign(consumer->reader, consumer->topic, source->partition, source->next, source, err);
}

static bool is_at_end(const struct consumer *consumer)
{
	for (int32_t i = 0; i < consumer->count; i++)
		if (consumer->sources[i].next < consumer->sources[i].end)
			return false;
	return true;
}

static bool keep_positions(struct consumer *consumer, struct weir_err *err)
{
	const struct weir_log_vtable *log = consumer->log->vtable;

	for (int32_t i = 0; i < consumer->count; i++) {
		struct source *source = &consumer->sources[i];
		struct weir_progress progress = { .scope = consumer->scope,
			.topic = consumer->topic,
			.partition = source->partition,
			.next_offset = source->next };
		if (source->is_moved && !log->progress(consumer->writer, &progress, err))
			return false;
		source->is_moved = false;
	}
	return log->commit(consumer->writer, err);
}

/* false with err->code NONE: nobody reads the output any more. */
static bool consume_some(struct consumer *consumer, struct weir_err *err)
{
	struct weir_fetch fetch;

	if (!consumer->log->vtable->poll(consumer->reader, FETCH_MESSAGES, WAIT_MS, &fetch, err))
		return false;
	weir_buf_reset(&consumer->out);
	for (size_t i = 0; i < fetch.count; i++)
		weir_jsonl_write(&consumer->out, fetch.partition, &fetch.messages[i], consumer->options->base64);
	if (fwrite(consumer->out.data, 1, consumer->out.len, stdout) != consumer->out.len || fflush(stdout) != 0)
		return false;
	if (!fetch.tag)
		return true;
	struct source *source = fetch.tag;
	source->next = fetch.next_offset;
	source->is_moved = true;
	return !consumer->scope.len || keep_positions(consumer, err);
}

static bool run(struct consumer *consumer, struct weir_err *err)
{
	struct weir_err ignored = { 0 };

	for (int32_t i = 0; i < consumer->count; i++) {
		consumer->sources[i].partition = i;
		if (!place(consumer, &consumer->sources[i], err))
			return false;
	}
	while (!consumer->options->exit_at_end || !is_at_end(consumer)) {
		ignored.code = WEIR_E_NONE;
		if (!consume_some(consumer, &ignored)) {
			if (ignored.code != WEIR_E_NONE)
				weir_err_copy(err, &ignored);
			return ignored.code == WEIR_E_NONE;
		}
	}
	return true;
}

static bool open_group(struct consumer *consumer, struct weir_arena *arena, struct weir_err *err)
{
	const struct weir_log_vtable *log = consumer->log->vtable;

	if (!consumer->options->group)
		return true;
	if (strcmp(log->backend, "embedded") != 0)
		return weir_err_set(
			err, WEIR_E_NOT_SUPPORTED, "weir topic consume --group is not supported yet with --brokers and --server");
	consumer->scope = weir_arena_printf(arena, "consumer-group:%s", consumer->options->group);
	return log->writer_open(consumer->log, consumer->scope, true, &consumer->writer, err);
}

bool topic_consume(struct weir_log *log, const struct topic_options *options, struct weir_err *err)
{
	struct consumer consumer = { .log = log, .options = options, .topic = weir_slice_of(options->name) };
	struct weir_topic_config config;
	struct weir_arena arena;

	weir_arena_init(&arena, 512);
	weir_buf_init(&consumer.out, WEIR_BUF_NO_LIMIT);
	bool ok = log->vtable->topic_describe(log, consumer.topic, &arena, &config, err) && open_group(&consumer, &arena, err) &&
		  log->vtable->reader_open(log, &consumer.reader, err);
	if (ok) {
		consumer.count = config.partitions;
		consumer.sources = WEIR_ARENA_ARRAY(&arena, struct source, (size_t)config.partitions);
		ok = run(&consumer, err);
	}
	log->vtable->reader_close(consumer.reader);
	log->vtable->writer_close(consumer.writer);
	weir_buf_fini(&consumer.out);
	weir_arena_fini(&arena);
	return ok;
}
