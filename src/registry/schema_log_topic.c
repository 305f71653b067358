/* The schema log as topic `_schemas` of a log: one partition, compacted. */
#include "base/memory.h"
#include "log/log.h"
#include "registry/schema_log.h"

#include <assert.h>
#include <stdlib.h>

#define TOPIC             WEIR_SLICE("_schemas")
#define REPLAY_BATCH      1000
#define REPLAY_TIMEOUT_MS 1000
#define REPLAY_MAX_EMPTY  30 /* polls without progress before giving up */

struct topic_log {
	struct weir_schema_log log; /* first */
	struct weir_log *backend;
	struct weir_log_writer *writer;
	const struct weir_clock *clock;
};

static bool append_all(struct topic_log *self, const struct weir_schema_record *records, size_t count, struct weir_err *err)
{
	for (size_t i = 0; i < count; i++) {
		struct weir_message message = { .key = records[i].key,
			.value = records[i].value,
			.value_is_null = records[i].value_is_null,
			.timestamp_ms = weir_clock_now_ms(self->clock) };
		if (!self->backend->vtable->append(self->writer, TOPIC, 0, &message, err))
			return false;
	}
	return true;
}

static bool topic_append(struct weir_schema_log *log, const struct weir_schema_record *records, size_t count, struct weir_err *err)
{
	struct topic_log *self = (struct topic_log *)log;
	struct weir_err ignored;

	if (!append_all(self, records, count, err)) {
		self->backend->vtable->abort(self->writer, &ignored);
		return false;
	}
	return self->backend->vtable->commit(self->writer, err);
}

static bool visit_fetch(const struct weir_fetch *fetch,
	bool (*visit)(void *ctx, const struct weir_schema_record *record, struct weir_err *err), void *ctx, struct weir_err *err)
{
	for (size_t i = 0; i < fetch->count; i++) {
		const struct weir_message *message = &fetch->messages[i];
		struct weir_schema_record record = {
			.key = message->key, .value = message->value, .value_is_null = message->value_is_null
		};
		if (message->key_is_null || message->key.len == 0)
			continue;
		if (!visit(ctx, &record, err))
			return false;
	}
	return true;
}

static bool read_until(struct topic_log *self, struct weir_log_reader *reader, int64_t end,
	bool (*visit)(void *ctx, const struct weir_schema_record *record, struct weir_err *err), void *ctx, struct weir_err *err)
{
	struct weir_fetch fetch;
	int empty = 0;

	for (int64_t next = 0; next < end;) {
		fetch = (struct weir_fetch){ 0 };
		if (!self->backend->vtable->poll(reader, REPLAY_BATCH, REPLAY_TIMEOUT_MS, &fetch, err))
			return false;
		if (!visit_fetch(&fetch, visit, ctx, err))
			return false;
		bool is_progress = fetch.next_offset > next;
		if (is_progress)
			next = fetch.next_offset;
		empty = is_progress ? 0 : empty + 1;
		if (empty == REPLAY_MAX_EMPTY)
			return weir_err_set(err, WEIR_E_TIMEOUT, "the topic _schemas cannot be read to its end (%lld of %lld)",
				(long long)next, (long long)end);
	}
	return true;
}

static bool topic_replay(struct weir_schema_log *log,
	bool (*visit)(void *ctx, const struct weir_schema_record *record, struct weir_err *err), void *ctx, struct weir_err *err)
{
	struct topic_log *self = (struct topic_log *)log;
	const struct weir_log_vtable *vtable = self->backend->vtable;
	struct weir_log_reader *reader;
	int64_t low, high;

	if (!vtable->watermarks(self->backend, TOPIC, 0, &low, &high, err))
		return false;
	if (low == high)
		return true;
	if (!vtable->reader_open(self->backend, &reader, err))
		return false;
	bool ok = vtable->assign(reader, TOPIC, 0, WEIR_OFFSET_EARLIEST, NULL, err) &&
		  read_until(self, reader, high, visit, ctx, err);
	vtable->reader_close(reader);
	return ok;
}

static void topic_close(struct weir_schema_log *log)
{
	struct topic_log *self = (struct topic_log *)log;

	self->backend->vtable->writer_close(self->writer);
	free(self);
}

static bool ensure_topic(struct weir_log *log, struct weir_err *err)
{
	struct weir_topic_config config = { .name = TOPIC,
		.partitions = 1,
		.replicas = -1,
		.cleanup = WEIR_CLEANUP_COMPACT,
		.retention_ms = -1,
		.retention_bytes = -1,
		.is_internal = true };

	return log->vtable->topic_create(log, &config, err) || err->code == WEIR_E_TOPIC_EXISTS;
}

bool weir_schema_log_open_topic(
	struct weir_log *log, const struct weir_clock *clock, struct weir_schema_log **ret_log, struct weir_err *err)
{
	struct weir_log_writer *writer;

	if (!ensure_topic(log, err) || !log->vtable->writer_open(log, WEIR_SLICE("schema-registry"), true, &writer, err))
		return false;
	struct topic_log *self = weir_alloc_zero(sizeof *self);
	self->log = (struct weir_schema_log){ .append = topic_append, .replay = topic_replay, .close = topic_close };
	self->backend = log;
	self->writer = writer;
	self->clock = clock;
	*ret_log = &self->log;
	return true;
}
