/* The log in memory: for `weir test` and unit tests. A commit applies at once, polling never waits, nothing is ever dropped.
 * Thread: one. */
#include "base/map.h"
#include "base/memory.h"
#include "base/vec.h"
#include "log/memory.h"

#include <stdlib.h>

struct partition {
	WEIR_VEC(struct weir_message) messages;
	int64_t visible_end;
};

struct topic {
	struct weir_topic_config config;
	char *name;
	struct weir_arena arena; /* the messages' bytes */
	struct partition *partitions;
};

struct memory_log {
	struct weir_log log; /* first */
	struct weir_map topics;
	struct weir_map progress; /* "scope/topic/partition" -> int64_t * */
	const struct weir_clock *clock;
};

struct assignment {
	struct topic *topic;
	int32_t partition;
	int64_t offset;
	bool is_paused;
	void *tag;
};

struct weir_log_reader {
	struct memory_log *log;
	WEIR_VEC(struct assignment) assignments;
	size_t turn;
};

struct pending {
	struct topic *topic;
	int32_t partition;
	struct weir_message message;
};

struct weir_log_writer {
	struct memory_log *log;
	struct weir_arena arena;
	WEIR_VEC(struct pending) pending;
	WEIR_VEC(struct weir_progress) progress;
};

static struct memory_log *self_of(struct weir_log *log)
{
	return (struct memory_log *)log;
}

static struct topic *find_topic(struct memory_log *log, struct weir_slice name, struct weir_err *err)
{
	struct topic *topic = weir_map_get(&log->topics, name);

	if (!topic)
		weir_err_set(err, WEIR_E_TOPIC_NOT_FOUND, "There is no topic '%.*s'", WEIR_SLICE_ARG(name));
	return topic;
}

static bool check_partition(const struct topic *topic, int32_t partition, struct weir_err *err)
{
	return (partition >= 0 && partition < topic->config.partitions) ||
	       weir_err_set(err, WEIR_E_TOPIC_NOT_FOUND, "Topic '%s' has no partition %d", topic->name, partition);
}

/* ---- Topics ---- */

static bool topic_create(struct weir_log *log, const struct weir_topic_config *config, struct weir_err *err)
{
	struct memory_log *self = self_of(log);

	if (!weir_log_check_topic_name(config->name, err))
		return false;
	if (weir_map_has(&self->topics, config->name))
		return weir_err_set(err, WEIR_E_TOPIC_EXISTS, "Topic '%.*s' exists already", WEIR_SLICE_ARG(config->name));
	struct topic *topic = weir_alloc_zero(sizeof *topic);
	topic->config = *config;
	if (config->partitions < 1)
		topic->config.partitions = 1;
	topic->name = weir_alloc(config->name.len + 1);
	memcpy(topic->name, config->name.ptr, config->name.len);
	topic->name[config->name.len] = '\0';
	topic->config.name = weir_slice_of(topic->name);
	weir_arena_init(&topic->arena, 4096);
	topic->partitions = weir_alloc_zero((size_t)topic->config.partitions * sizeof *topic->partitions);
	for (int32_t i = 0; i < topic->config.partitions; i++)
		topic->partitions[i].visible_end = INT64_MAX;
	weir_map_put(&self->topics, topic->config.name, topic);
	return true;
}

static void free_topic(struct topic *topic)
{
	for (int32_t i = 0; i < topic->config.partitions; i++)
		WEIR_VEC_FREE(&topic->partitions[i].messages);
	free(topic->partitions);
	weir_arena_fini(&topic->arena);
	free(topic->name);
	free(topic);
}

static bool topic_describe(
	struct weir_log *log, struct weir_slice name, struct weir_arena *arena, struct weir_topic_config *ret, struct weir_err *err)
{
	struct topic *topic = find_topic(self_of(log), name, err);

	if (!topic)
		return false;
	*ret = topic->config;
	ret->name = weir_arena_copy(arena, topic->config.name);
	return true;
}

static bool topic_delete(struct weir_log *log, struct weir_slice name, struct weir_err *err)
{
	struct topic *topic = find_topic(self_of(log), name, err);

	if (!topic)
		return false;
	weir_map_remove(&self_of(log)->topics, name);
	free_topic(topic);
	return true;
}

static bool topic_configure(struct weir_log *log, const struct weir_topic_config *config, struct weir_err *err)
{
	struct topic *topic = find_topic(self_of(log), config->name, err);

	if (!topic)
		return false;
	topic->config.cleanup = config->cleanup;
	topic->config.retention_ms = config->retention_ms;
	topic->config.retention_bytes = config->retention_bytes;
	return true;
}

static int by_name(const void *a, const void *b)
{
	return weir_slice_compare(((const struct weir_topic_config *)a)->name, ((const struct weir_topic_config *)b)->name);
}

static bool topic_list(
	struct weir_log *log, struct weir_arena *arena, struct weir_topic_config **ret, size_t *ret_count, struct weir_err *err)
{
	struct memory_log *self = self_of(log);
	size_t count = 0;

	*ret = WEIR_ARENA_ARRAY(arena, struct weir_topic_config, self->topics.count);
	for (struct weir_map_entry *e = NULL; (e = weir_map_next(&self->topics, e));)
		(*ret)[count++] = ((const struct topic *)e->value)->config;
	if (count)
		qsort(*ret, count, sizeof **ret, by_name);
	*ret_count = count;
	return true;
}

static int64_t end_of(const struct partition *partition)
{
	int64_t end = (int64_t)partition->messages.count;

	return end < partition->visible_end ? end : partition->visible_end;
}

static bool watermarks(
	struct weir_log *log, struct weir_slice name, int32_t partition, int64_t *ret_low, int64_t *ret_high, struct weir_err *err)
{
	struct topic *topic = find_topic(self_of(log), name, err);

	if (!topic || !check_partition(topic, partition, err))
		return false;
	*ret_low = 0;
	*ret_high = end_of(&topic->partitions[partition]);
	return true;
}

/* ---- Reading ---- */

static bool reader_open(struct weir_log *log, struct weir_log_reader **ret, struct weir_err *err)
{
	*ret = weir_alloc_zero(sizeof **ret);
	(*ret)->log = self_of(log);
	return true;
}

static void reader_close(struct weir_log_reader *reader)
{
	if (!reader)
		return;
	WEIR_VEC_FREE(&reader->assignments);
	free(reader);
}

static bool assign(
	struct weir_log_reader *reader, struct weir_slice name, int32_t partition, int64_t offset, void *tag, struct weir_err *err)
{
	struct topic *topic = find_topic(reader->log, name, err);

	if (!topic || !check_partition(topic, partition, err))
		return false;
	if (offset == WEIR_OFFSET_EARLIEST)
		offset = 0;
	else if (offset == WEIR_OFFSET_LATEST)
		offset = (int64_t)topic->partitions[partition].messages.count;
	struct assignment assignment = { .topic = topic, .partition = partition, .offset = offset, .tag = tag };
	WEIR_VEC_PUSH(&reader->assignments, assignment);
	return true;
}

static bool unassign(struct weir_log_reader *reader, struct weir_slice name, int32_t partition, void *tag, struct weir_err *err)
{
	for (size_t i = 0; i < reader->assignments.count; i++) {
		struct assignment *a = &reader->assignments.items[i];
		if (!weir_slice_equals(a->topic->config.name, name) || a->partition != partition || a->tag != tag)
			continue;
		*a = reader->assignments.items[--reader->assignments.count];
		return true;
	}
	return true;
}

static bool pause_partition(
	struct weir_log_reader *reader, struct weir_slice name, int32_t partition, void *tag, bool paused, struct weir_err *err)
{
	for (size_t i = 0; i < reader->assignments.count; i++) {
		struct assignment *a = &reader->assignments.items[i];
		if (weir_slice_equals(a->topic->config.name, name) && a->partition == partition && a->tag == tag)
			a->is_paused = paused;
	}
	return true;
}

static bool poll(struct weir_log_reader *reader, size_t max_messages, int timeout_ms, struct weir_fetch *ret, struct weir_err *err)
{
	*ret = (struct weir_fetch){ 0 };
	for (size_t tried = 0; tried < reader->assignments.count; tried++) {
		struct assignment *a = &reader->assignments.items[reader->turn++ % reader->assignments.count];
		const struct partition *partition = &a->topic->partitions[a->partition];
		int64_t end = end_of(partition);
		if (a->is_paused || a->offset >= end)
			continue;
		size_t count = (size_t)(end - a->offset);
		*ret = (struct weir_fetch){
			.topic = a->topic->config.name,
			.partition = a->partition,
			.messages = partition->messages.items + a->offset,
			.count = count < max_messages ? count : max_messages,
			.high_watermark = end,
			.tag = a->tag,
		};
		a->offset += (int64_t)ret->count;
		ret->next_offset = a->offset;
		return true;
	}
	return true;
}

static void wake(struct weir_log_reader *reader)
{
}

/* ---- Writing ---- */

static bool writer_open(
	struct weir_log *log, struct weir_slice name, bool transactional, struct weir_log_writer **ret, struct weir_err *err)
{
	*ret = weir_alloc_zero(sizeof **ret);
	(*ret)->log = self_of(log);
	weir_arena_init(&(*ret)->arena, 4096);
	return true;
}

static void writer_close(struct weir_log_writer *writer)
{
	if (!writer)
		return;
	WEIR_VEC_FREE(&writer->pending);
	WEIR_VEC_FREE(&writer->progress);
	weir_arena_fini(&writer->arena);
	free(writer);
}

static bool append(struct weir_log_writer *writer, struct weir_slice name, int32_t partition, const struct weir_message *message,
	struct weir_err *err)
{
	struct topic *topic = find_topic(writer->log, name, err);

	if (!topic || !check_partition(topic, partition, err))
		return false;
	struct pending pending = { .topic = topic, .partition = partition, .message = *message };
	struct weir_header *headers = WEIR_ARENA_ARRAY(&topic->arena, struct weir_header, message->headers.count);
	pending.message.key = weir_arena_copy(&topic->arena, message->key);
	pending.message.value = weir_arena_copy(&topic->arena, message->value);
	for (size_t i = 0; i < message->headers.count; i++) {
		headers[i] = message->headers.items[i];
		headers[i].name = weir_arena_copy(&topic->arena, headers[i].name);
		headers[i].value = weir_arena_copy(&topic->arena, headers[i].value);
	}
	pending.message.headers.items = headers;
	WEIR_VEC_PUSH(&writer->pending, pending);
	return true;
}

static bool note_progress(struct weir_log_writer *writer, const struct weir_progress *progress, struct weir_err *err)
{
	struct weir_progress copy = *progress;

	copy.scope = weir_arena_copy(&writer->arena, progress->scope);
	copy.topic = weir_arena_copy(&writer->arena, progress->topic);
	WEIR_VEC_PUSH(&writer->progress, copy);
	return true;
}

static bool note_state(struct weir_log_writer *writer, struct weir_slice store, int32_t partition,
	const struct weir_state_change *change, struct weir_err *err)
{
	return true; /* stores over a memory log keep everything in their cache */
}

static struct weir_slice progress_key(struct weir_arena *arena, struct weir_slice scope, struct weir_slice topic, int32_t partition)
{
	return weir_arena_printf(arena, "%.*s/%.*s/%d", WEIR_SLICE_ARG(scope), WEIR_SLICE_ARG(topic), partition);
}

static void apply_progress(struct weir_log_writer *writer, const struct weir_progress *progress)
{
	struct weir_slice key = progress_key(&writer->arena, progress->scope, progress->topic, progress->partition);
	int64_t *offset = weir_map_get(&writer->log->progress, key);

	if (!offset) {
		offset = weir_alloc(sizeof *offset);
		weir_map_put(&writer->log->progress, key, offset);
	}
	*offset = progress->next_offset;
}

static void forget_pending(struct weir_log_writer *writer)
{
	writer->pending.count = writer->progress.count = 0;
	weir_arena_reset(&writer->arena);
}

static bool commit(struct weir_log_writer *writer, struct weir_err *err)
{
	for (size_t i = 0; i < writer->pending.count; i++) {
		struct pending *pending = &writer->pending.items[i];
		struct partition *partition = &pending->topic->partitions[pending->partition];
		pending->message.offset = (int64_t)partition->messages.count;
		WEIR_VEC_PUSH(&partition->messages, pending->message);
	}
	for (size_t i = 0; i < writer->progress.count; i++)
		apply_progress(writer, &writer->progress.items[i]);
	forget_pending(writer);
	return true;
}

static bool abort_commit(struct weir_log_writer *writer, struct weir_err *err)
{
	forget_pending(writer);
	return true;
}

/* ---- Marks ---- */

static bool read_progress(struct weir_log *log, struct weir_slice scope, struct weir_slice topic, int32_t partition,
	int64_t *ret_offset, struct weir_err *err)
{
	struct weir_arena arena;

	weir_arena_init(&arena, 256);
	const int64_t *offset = weir_map_get(&self_of(log)->progress, progress_key(&arena, scope, topic, partition));
	*ret_offset = offset ? *offset : -1;
	weir_arena_fini(&arena);
	return true;
}

static bool forget(struct weir_log *log, struct weir_slice scope_prefix, struct weir_err *err)
{
	struct memory_log *self = self_of(log);

	for (struct weir_map_entry *e = NULL; (e = weir_map_next(&self->progress, e));)
		if (weir_slice_starts_with(e->key, scope_prefix))
			free(weir_map_remove(&self->progress, e->key));
	return true;
}

static bool health(struct weir_log *log, struct weir_err *ret_reason)
{
	return true;
}

static void close_log(struct weir_log *log)
{
	struct memory_log *self = self_of(log);

	for (struct weir_map_entry *e = NULL; (e = weir_map_next(&self->topics, e));)
		free_topic(e->value);
	for (struct weir_map_entry *e = NULL; (e = weir_map_next(&self->progress, e));)
		free(e->value);
	weir_map_fini(&self->topics);
	weir_map_fini(&self->progress);
	free(self);
}

static const struct weir_log_vtable vtable = {
	.backend = "memory",
	.close = close_log,
	.topic_create = topic_create,
	.topic_describe = topic_describe,
	.topic_delete = topic_delete,
	.topic_configure = topic_configure,
	.topic_list = topic_list,
	.watermarks = watermarks,
	.reader_open = reader_open,
	.reader_close = reader_close,
	.assign = assign,
	.unassign = unassign,
	.pause = pause_partition,
	.poll = poll,
	.wake = wake,
	.writer_open = writer_open,
	.writer_close = writer_close,
	.append = append,
	.progress = note_progress,
	.state = note_state,
	.commit = commit,
	.abort = abort_commit,
	.read_progress = read_progress,
	.forget = forget,
	.health = health,
};

bool weir_log_open_memory(const struct weir_clock *clock, struct weir_log **ret, struct weir_err *err)
{
	struct memory_log *self = weir_alloc_zero(sizeof *self);

	self->log.vtable = &vtable;
	self->clock = clock;
	weir_map_init(&self->topics);
	weir_map_init(&self->progress);
	*ret = &self->log;
	return true;
}

void weir_log_memory_limit(struct weir_log *log, struct weir_slice name, int32_t partition, int64_t visible_end)
{
	struct topic *topic = weir_map_get(&self_of(log)->topics, name);

	if (topic && partition >= 0 && partition < topic->config.partitions)
		topic->partitions[partition].visible_end = visible_end;
}

const struct weir_message *weir_log_memory_at(struct weir_log *log, struct weir_slice name, int32_t partition, int64_t offset)
{
	struct topic *topic = weir_map_get(&self_of(log)->topics, name);

	if (!topic || partition >= topic->config.partitions || offset >= (int64_t)topic->partitions[partition].messages.count)
		return NULL;
	return &topic->partitions[partition].messages.items[offset];
}
