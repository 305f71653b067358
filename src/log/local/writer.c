/* A writer gathers a commit in memory and applies it in one LMDB transaction: records, progress and state together. */
#include "log/local/local_int.h"

#include "base/buf.h"
#include "base/memory.h"

#include <stdlib.h>

/* A batch that is complete within a partition's bytes. */
struct piece {
	size_t start, count;
	int64_t base_timestamp_ms;
};

struct output {
	struct weir_buf records;
	WEIR_VEC(struct piece) pieces;
	bool is_used;
};

struct written_topic {
	uint32_t id;
	int32_t partitions;
	struct output *outputs; /* per partition */
};

struct change {
	struct weir_slice store;
	int32_t partition;
	struct weir_state_change change;
};

struct weir_log_writer {
	struct local_log *log;
	struct weir_map topics;  /* name -> struct written_topic * */
	struct weir_arena arena; /* this commit's names, keys and values */
	WEIR_VEC(struct weir_progress) progress;
	WEIR_VEC(struct change) changes;
	struct weir_slice last_name; /* of the topic appended to last */
	struct written_topic *last_topic;
};

bool local_writer_open(
	struct weir_log *log, struct weir_slice name, bool transactional, struct weir_log_writer **ret, struct weir_err *err)
{
	struct weir_log_writer *writer = weir_alloc_zero(sizeof *writer);

	writer->log = (struct local_log *)log;
	weir_map_init(&writer->topics);
	weir_arena_init(&writer->arena, 65536);
	*ret = writer;
	return true;
}

static void forget_topics(struct weir_log_writer *writer)
{
	for (struct weir_map_entry *e = NULL; (e = weir_map_next(&writer->topics, e));) {
		struct written_topic *topic = e->value;
		for (int32_t i = 0; i < topic->partitions; i++) {
			weir_buf_fini(&topic->outputs[i].records);
			WEIR_VEC_FREE(&topic->outputs[i].pieces);
		}
		free(topic->outputs);
		free(topic);
	}
	weir_map_fini(&writer->topics);
	writer->last_topic = NULL;
	writer->last_name = (struct weir_slice){ 0 };
}

void local_writer_close(struct weir_log_writer *writer)
{
	if (!writer)
		return;
	forget_topics(writer);
	WEIR_VEC_FREE(&writer->progress);
	WEIR_VEC_FREE(&writer->changes);
	weir_arena_fini(&writer->arena);
	free(writer);
}

static struct written_topic *open_topic(struct weir_log_writer *writer, struct weir_slice name, struct weir_err *err)
{
	struct weir_lmdb_txn *txn;
	struct local_topic found;

	if (!weir_lmdb_read_begin(writer->log->env, &txn, err))
		return NULL;
	bool ok = local_topic_find(txn, name, &found, err);
	weir_lmdb_read_end(txn);
	if (!ok)
		return NULL;
	struct written_topic *topic = weir_alloc_zero(sizeof *topic);
	topic->id = found.id;
	topic->partitions = found.config.partitions;
	topic->outputs = weir_alloc_zero((size_t)topic->partitions * sizeof *topic->outputs);
	for (int32_t i = 0; i < topic->partitions; i++)
		weir_buf_init(&topic->outputs[i].records, WEIR_BUF_NO_LIMIT);
	weir_map_put(&writer->topics, name, topic);
	return topic;
}

static struct written_topic *topic_of(struct weir_log_writer *writer, struct weir_slice name, struct weir_err *err)
{
	if (writer->last_topic && weir_slice_equals(name, writer->last_name))
		return writer->last_topic;
	struct written_topic *topic = weir_map_get(&writer->topics, name);
	if (!topic)
		topic = open_topic(writer, name, err);
	if (topic) {
		writer->last_topic = topic;
		writer->last_name = weir_arena_copy(&writer->arena, name);
	}
	return topic;
}

bool local_append(struct weir_log_writer *writer, struct weir_slice name, int32_t partition, const struct weir_message *message,
	struct weir_err *err)
{
	struct written_topic *topic = topic_of(writer, name, err);

	if (!topic)
		return false;
	if (partition < 0 || partition >= topic->partitions)
		return weir_err_set(
			err, WEIR_E_TOPIC_NOT_FOUND, "Topic '%.*s' has no partition %d", WEIR_SLICE_ARG(name), partition);
	if (message->key.len + message->value.len > LOCAL_MAX_MESSAGE_BYTES)
		return weir_err_set(err, WEIR_E_VALUE_TOO_LARGE, "A record of %zu bytes is larger than the log takes (%zu)",
			message->key.len + message->value.len, LOCAL_MAX_MESSAGE_BYTES);
	struct output *output = &topic->outputs[partition];
	struct piece *piece = output->pieces.count ? &output->pieces.items[output->pieces.count - 1] : NULL;
	if (!piece || output->records.len - piece->start >= LOCAL_BATCH_BYTES) {
		struct piece next = { .start = output->records.len, .base_timestamp_ms = message->timestamp_ms };
		WEIR_VEC_PUSH(&output->pieces, next);
		piece = &output->pieces.items[output->pieces.count - 1];
	}
	local_batch_append(&output->records, piece->base_timestamp_ms, message);
	piece->count++;
	return true;
}

bool local_progress(struct weir_log_writer *writer, const struct weir_progress *progress, struct weir_err *err)
{
	struct weir_progress copy = *progress;

	copy.scope = weir_arena_copy(&writer->arena, progress->scope);
	copy.topic = weir_arena_copy(&writer->arena, progress->topic);
	WEIR_VEC_PUSH(&writer->progress, copy);
	return true;
}

bool local_state(struct weir_log_writer *writer, struct weir_slice store, int32_t partition, const struct weir_state_change *change,
	struct weir_err *err)
{
	const struct change *last = writer->changes.count ? &writer->changes.items[writer->changes.count - 1] : NULL;
	struct change copy = { .partition = partition, .change = *change };

	copy.store = last && weir_slice_equals(last->store, store) ? last->store : weir_arena_copy(&writer->arena, store);
	copy.change.key = weir_arena_copy(&writer->arena, change->key);
	copy.change.value = weir_arena_copy(&writer->arena, change->value);
	WEIR_VEC_PUSH(&writer->changes, copy);
	return true;
}

/* ---- Commit ---- */

static void forget_commit(struct weir_log_writer *writer)
{
	for (struct weir_map_entry *e = NULL; (e = weir_map_next(&writer->topics, e));) {
		struct written_topic *topic = e->value;
		for (int32_t i = 0; i < topic->partitions; i++) {
			if (topic->outputs[i].records.capacity > (8 << 20))
				weir_buf_fini(&topic->outputs[i].records); /* one large commit must not stay for ever */
			weir_buf_reset(&topic->outputs[i].records);
			topic->outputs[i].pieces.count = 0;
		}
	}
	writer->progress.count = writer->changes.count = 0;
	writer->last_topic = NULL;
	weir_arena_reset(&writer->arena);
}

static bool write_output(struct weir_log_writer *writer, struct weir_lmdb_txn *txn, const struct written_topic *topic,
	int32_t partition, struct weir_err *err)
{
	const struct output *output = &topic->outputs[partition];
	char key[LOCAL_BATCH_KEY_BYTES];
	int64_t low, end;

	if (!local_ends(txn, topic->id, partition, &low, &end, err))
		return false;
	for (size_t i = 0; i < output->pieces.count; i++) {
		const struct piece *piece = &output->pieces.items[i];
		size_t stop = i + 1 < output->pieces.count ? output->pieces.items[i + 1].start : output->records.len;
		struct local_batch_head head = {
			.count = (uint32_t)piece->count,
			.written_ms = weir_clock_now_ms(writer->log->clock),
			.base_timestamp_ms = piece->base_timestamp_ms,
		};
		char *memory;
		local_batch_key(key, topic->id, partition, end);
		if (!weir_lmdb_reserve(
			    txn, TABLE_BATCHES, weir_slice_make(key, sizeof key), sizeof head + stop - piece->start, &memory, err))
			return false;
		local_batch_write(memory, &head, weir_slice_make(output->records.data + piece->start, stop - piece->start));
		end += (int64_t)piece->count;
	}
	local_batch_key(key, topic->id, partition, 0);
	return weir_lmdb_put(txn, TABLE_ENDS, weir_slice_make(key, 8), weir_slice_make(&end, sizeof end), err);
}

/* A topic that was dropped and made anew since has another number. */
static bool is_current(struct weir_lmdb_txn *txn, struct weir_slice name, const struct written_topic *topic, struct weir_err *err)
{
	struct local_topic found;

	if (!local_topic_find(txn, name, &found, err))
		return false;
	return found.id == topic->id ||
	       weir_err_set(err, WEIR_E_TRANSACTION_ABORTED, "Topic '%.*s' was replaced by another one", WEIR_SLICE_ARG(name));
}

static bool write_topics(struct weir_log_writer *writer, struct weir_lmdb_txn *txn, struct weir_err *err)
{
	for (struct weir_map_entry *e = NULL; (e = weir_map_next(&writer->topics, e));) {
		const struct written_topic *topic = e->value;
		bool is_checked = false;
		for (int32_t i = 0; i < topic->partitions; i++) {
			if (!topic->outputs[i].pieces.count)
				continue;
			if (!is_checked && !is_current(txn, e->key, topic, err))
				return false;
			is_checked = true;
			if (!write_output(writer, txn, topic, i, err))
				return false;
		}
	}
	return true;
}

static bool commit_body(void *ctx, struct weir_lmdb_txn *txn, struct weir_err *err)
{
	struct weir_log_writer *writer = ctx;

	if (!write_topics(writer, txn, err))
		return false;
	for (size_t i = 0; i < writer->progress.count; i++)
		if (!local_put_progress(txn, &writer->progress.items[i], err))
			return false;
	for (size_t i = 0; i < writer->changes.count; i++)
		if (!local_put_state(txn, writer->changes.items[i].store, writer->changes.items[i].partition,
			    &writer->changes.items[i].change, err))
			return false;
	return true;
}

bool local_commit(struct weir_log_writer *writer, struct weir_err *err)
{
	struct local_log *log = writer->log;

	if (!weir_lmdb_write(log->env, commit_body, writer, err)) {
		if (err->code == WEIR_E_TRANSACTION_ABORTED || err->code == WEIR_E_TOPIC_NOT_FOUND)
			forget_topics(writer); /* looked up anew by the next append */
		return false;
	}
	forget_commit(writer);
	pthread_mutex_lock(&log->lock);
	pthread_cond_broadcast(&log->committed);
	pthread_mutex_unlock(&log->lock);
	return true;
}

bool local_abort(struct weir_log_writer *writer, struct weir_err *err)
{
	forget_commit(writer);
	return true;
}
