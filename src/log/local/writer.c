/* A writer gathers a commit in memory: records as complete batches per partition, progress and state.
 *
 * Holds: nothing is allocated per record once the buffers have grown; a batch is summed (and compressed) as soon as the next one
 * begins, while it is still in the processor's cache, so the committer only copies.
 */
#include "log/local/writer_int.h"

#include "base/memory.h"

#include <stdlib.h>

#define KEPT_BUFFER_BYTES ((size_t)8 << 20)

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

static void free_topic(struct local_written_topic *topic)
{
	for (int32_t i = 0; i < topic->partitions; i++) {
		weir_buf_fini(&topic->outputs[i].records);
		weir_buf_fini(&topic->outputs[i].packed);
		WEIR_VEC_FREE(&topic->outputs[i].pieces);
	}
	free(topic->outputs);
	free(topic->name);
	free(topic);
}

void local_forget_topics(struct weir_log_writer *writer)
{
	for (struct weir_map_entry *e = NULL; (e = weir_map_next(&writer->topics, e));)
		free_topic(e->value);
	weir_map_fini(&writer->topics);
	weir_map_init(&writer->topics);
	writer->used.count = 0;
	writer->last_topic = NULL;
}

void local_writer_close(struct weir_log_writer *writer)
{
	if (!writer)
		return;
	local_forget_topics(writer);
	weir_map_fini(&writer->topics);
	WEIR_VEC_FREE(&writer->progress);
	WEIR_VEC_FREE(&writer->changes);
	WEIR_VEC_FREE(&writer->used);
	weir_arena_fini(&writer->arena);
	local_coder_free(writer->coder);
	free(writer);
}

bool local_writer_set(struct weir_log_writer *writer, struct weir_slice name, struct weir_slice value, struct weir_err *err)
{
	struct weir_topic_config config = { 0 };
	bool ignored;

	if (!weir_slice_is(name, "compression.type"))
		return weir_err_set(err, WEIR_E_INVALID_PROPERTY, "'%.*s' is not a setting of producers on the embedded log",
			WEIR_SLICE_ARG(name));
	if (!weir_topic_setting_apply(&config, name, value, &ignored, err))
		return false;
	writer->compression = config.compression;
	return true;
}

/* ---- Topics ---- */

static struct local_written_topic *open_topic(struct weir_log_writer *writer, struct weir_slice name, struct weir_err *err)
{
	struct weir_lmdb_txn *txn;
	struct local_topic found;

	if (!local_look_begin(&writer->log->snapshots, &txn, err))
		return NULL;
	bool ok = local_topic_find(txn, name, &found, err);
	local_look_end(&writer->log->snapshots, txn);
	if (!ok)
		return NULL;
	struct local_written_topic *topic = weir_alloc_zero(sizeof *topic);
	topic->id = found.id;
	topic->partitions = found.config.partitions;
	topic->config = found.config;
	topic->name = weir_alloc(name.len + 1);
	memcpy(topic->name, name.ptr, name.len);
	topic->name[name.len] = '\0';
	topic->config.name = weir_slice_make(topic->name, name.len);
	topic->outputs = weir_alloc_zero((size_t)topic->partitions * sizeof *topic->outputs);
	for (int32_t i = 0; i < topic->partitions; i++) {
		weir_buf_init(&topic->outputs[i].records, WEIR_BUF_NO_LIMIT);
		weir_buf_init(&topic->outputs[i].packed, WEIR_BUF_NO_LIMIT);
	}
	weir_map_put(&writer->topics, name, topic);
	return topic;
}

static struct local_written_topic *topic_of(struct weir_log_writer *writer, struct weir_slice name, struct weir_err *err)
{
	if (writer->last_topic && weir_slice_equals(name, writer->last_topic->config.name))
		return writer->last_topic;
	struct local_written_topic *topic = weir_map_get(&writer->topics, name);
	if (!topic)
		topic = open_topic(writer, name, err);
	if (topic)
		writer->last_topic = topic;
	return topic;
}

/* ---- Records ---- */

static enum local_codec codec_of(const struct weir_log_writer *writer, const struct local_written_topic *topic)
{
	enum weir_compression wanted = topic->config.compression;

	if (wanted == WEIR_COMPRESSION_PRODUCER)
		wanted = writer->compression;
	return wanted == WEIR_COMPRESSION_LZ4    ? LOCAL_CODEC_LZ4
	       : wanted == WEIR_COMPRESSION_ZSTD ? LOCAL_CODEC_ZSTD
						 : LOCAL_CODEC_NONE;
}

/* The batch compressed into output->packed; left alone when that gains nothing. */
static bool pack(struct weir_log_writer *writer, struct local_output *output, struct local_piece *piece, enum local_codec codec,
	struct weir_err *err)
{
	size_t body = piece->start + LOCAL_BATCH_HEAD_BYTES, start = output->packed.len;

	weir_buf_reserve(&output->packed, LOCAL_BATCH_HEAD_BYTES);
	output->packed.len += LOCAL_BATCH_HEAD_BYTES;
	if (!local_compress(&writer->coder, codec, weir_slice_make(output->records.data + body, output->records.len - body),
		    &output->packed, err))
		return false;
	if (output->packed.len - start >= output->records.len - piece->start) {
		output->packed.len = start;
		return true;
	}
	piece->is_packed = true;
	piece->sealed_start = start;
	piece->sealed_len = output->packed.len - start;
	return true;
}

bool local_seal(
	struct weir_log_writer *writer, const struct local_written_topic *topic, struct local_output *output, struct weir_err *err)
{
	struct local_piece *piece = &output->pieces.items[output->pieces.count - 1];
	enum local_codec codec = codec_of(writer, topic);

	if (piece->is_sealed)
		return true;
	piece->sealed_start = piece->start;
	piece->sealed_len = output->records.len - piece->start;
	if (codec != LOCAL_CODEC_NONE && !pack(writer, output, piece, codec, err))
		return false;
	struct local_batch head = {
		.attributes = (piece->is_packed ? (int)codec : 0) | (topic->config.is_append_time ? LOCAL_BATCH_APPEND_TIME : 0),
		.last_delta = piece->count - 1,
		.count = piece->count,
		.base_timestamp_ms = piece->base_timestamp_ms,
		.max_timestamp_ms = topic->config.is_append_time ? weir_clock_now_ms(writer->log->clock) : piece->max_timestamp_ms,
	};
	local_batch_seal(
		(piece->is_packed ? output->packed.data : output->records.data) + piece->sealed_start, piece->sealed_len, &head);
	piece->is_sealed = true;
	return true;
}

static bool refuse_size(const struct local_written_topic *topic, size_t bytes, int64_t limit, struct weir_err *err)
{
	weir_err_set(err, WEIR_E_VALUE_TOO_LARGE, "A record of %zu bytes is larger than topic '%s' takes (%lld)", bytes,
		topic->name, (long long)limit);
	return weir_err_advise(
		err, "Raise the topic's max.message.bytes: weir topic configure %s --set max.message.bytes=…", topic->name);
}

static struct local_piece *start_piece(struct weir_log_writer *writer, struct local_written_topic *topic, int32_t partition,
	int64_t timestamp_ms, struct weir_err *err)
{
	struct local_output *output = &topic->outputs[partition];

	if (output->pieces.count && !local_seal(writer, topic, output, err))
		return NULL;
	if (!output->pieces.count) {
		struct local_used used = { .topic = topic, .partition = partition };
		WEIR_VEC_PUSH(&writer->used, used);
	}
	struct local_piece piece = {
		.start = output->records.len, .base_timestamp_ms = timestamp_ms, .max_timestamp_ms = timestamp_ms
	};
	weir_buf_reserve(&output->records, LOCAL_BATCH_HEAD_BYTES);
	output->records.len += LOCAL_BATCH_HEAD_BYTES;
	WEIR_VEC_PUSH(&output->pieces, piece);
	return &output->pieces.items[output->pieces.count - 1];
}

static int64_t delta_of(int64_t timestamp_ms, int64_t base_ms)
{
	return (int64_t)((uint64_t)timestamp_ms - (uint64_t)base_ms);
}

bool local_append(struct weir_log_writer *writer, struct weir_slice name, int32_t partition, const struct weir_message *message,
	struct weir_err *err)
{
	struct local_written_topic *topic = topic_of(writer, name, err);

	if (!topic)
		return false;
	if (partition < 0 || partition >= topic->partitions)
		return weir_err_set(
			err, WEIR_E_TOPIC_NOT_FOUND, "Topic '%.*s' has no partition %d", WEIR_SLICE_ARG(name), partition);
	int64_t limit = topic->config.max_message_bytes ? topic->config.max_message_bytes : WEIR_DEFAULT_MAX_MESSAGE_BYTES;
	struct local_output *output = &topic->outputs[partition];
	struct local_piece *piece = output->pieces.count ? &output->pieces.items[output->pieces.count - 1] : NULL;
	int64_t delta = piece ? delta_of(message->timestamp_ms, piece->base_timestamp_ms) : 0;
	size_t body, bytes = local_record_bytes(delta, piece ? piece->count : 0, message, &body);
	if (bytes > (size_t)limit)
		return refuse_size(topic, bytes, limit, err);
	if (!piece || output->records.len - piece->start + bytes > LOCAL_BATCH_BYTES) {
		piece = start_piece(writer, topic, partition, message->timestamp_ms, err);
		if (!piece)
			return false;
		delta = 0;
		bytes = local_record_bytes(0, 0, message, &body);
	}
	weir_buf_reserve(&output->records, bytes);
	local_record_put(&output->records, body, delta, piece->count, message);
	if (message->timestamp_ms > piece->max_timestamp_ms)
		piece->max_timestamp_ms = message->timestamp_ms;
	piece->count++;
	return true;
}

/* ---- Progress and state ---- */

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
	const struct local_change *last = writer->changes.count ? &writer->changes.items[writer->changes.count - 1] : NULL;
	struct local_change copy = { .partition = partition, .change = *change };

	copy.store = last && weir_slice_equals(last->store, store) ? last->store : weir_arena_copy(&writer->arena, store);
	copy.change.key = weir_arena_copy(&writer->arena, change->key);
	copy.change.value = weir_arena_copy(&writer->arena, change->value);
	writer->bytes += change->key.len + change->value.len + 16;
	WEIR_VEC_PUSH(&writer->changes, copy);
	return true;
}

/* ---- The end of a commit ---- */

static void reset_buffer(struct weir_buf *buf)
{
	if (buf->capacity > KEPT_BUFFER_BYTES) /* one large commit must not stay for ever */
		weir_buf_fini(buf);
	weir_buf_reset(buf);
}

bool local_abort(struct weir_log_writer *writer, struct weir_err *err)
{
	for (size_t i = 0; i < writer->used.count; i++) {
		struct local_output *output = &writer->used.items[i].topic->outputs[writer->used.items[i].partition];
		reset_buffer(&output->records);
		reset_buffer(&output->packed);
		output->pieces.count = 0;
	}
	writer->used.count = writer->progress.count = writer->changes.count = 0;
	writer->bytes = 0;
	weir_arena_reset(&writer->arena);
	return true;
}
