/* One step of compaction: a few batches are read, what stays of them is put together into new ones, and one transaction replaces
 * the old by the new. Batches that lose nothing and are not small stay as they are. */
#include "log/local/compact_int.h"

#include <assert.h>

#define SMALL_BATCH_BYTES (LOCAL_BATCH_BYTES / 4) /* neighbours smaller than that are joined */

/* ---- What stays ---- */

/* The moment from which a tombstone of this batch may leave. */
static int64_t horizon_of(const struct compact_pass *pass, const struct local_batch *batch)
{
	int64_t keep_ms = pass->topic->config.delete_retention_ms;

	if (batch->attributes & LOCAL_BATCH_HAS_HORIZON)
		return batch->base_timestamp_ms;
	return pass->now_ms + (keep_ms ? keep_ms : WEIR_DEFAULT_DELETE_RETENTION_MS);
}

static bool stays(const struct compact_pass *pass, const struct local_batch *batch, const struct weir_message *message)
{
	if (message->key_is_null)
		return true;
	if (local_key_map_get(&pass->keys, message->key) > message->offset)
		return false;
	return !message->value_is_null || pass->now_ms < horizon_of(pass, batch);
}

/* *ret_lost: records that leave; *ret_tombstones: those that stay. */
static bool count_losses(struct compact_pass *pass, const struct local_batch *batch, struct local_record_cursor cursor,
	int32_t *ret_lost, int32_t *ret_tombstones, struct weir_err *err)
{
	*ret_lost = *ret_tombstones = 0;
	while (cursor.index < batch->count) {
		struct weir_message message;
		if (!local_record_next(&cursor, batch, &pass->headers, &message, err))
			return false;
		if (!stays(pass, batch, &message))
			(*ret_lost)++;
		else
			*ret_tombstones += message.value_is_null && !message.key_is_null;
	}
	weir_arena_reset(&pass->headers);
	return true;
}

/* ---- The batch being put together ---- */

static void note_horizon(struct compact_pass *pass, int64_t horizon_ms)
{
	if (horizon_ms > 0 && (pass->earliest_horizon_ms == 0 || horizon_ms < pass->earliest_horizon_ms))
		pass->earliest_horizon_ms = horizon_ms;
}

/* The records of `open` as a batch at the end of pass->out, compressed when that gains something; its length. */
static bool emit(struct compact_pass *pass, size_t start, struct weir_err *err)
{
	const struct compact_open *open = &pass->open;
	enum local_codec codec = open->codec;
	struct weir_slice plain = weir_buf_slice(&open->records);
	struct weir_slice body = weir_slice_make(plain.ptr + LOCAL_BATCH_HEAD_BYTES, plain.len - LOCAL_BATCH_HEAD_BYTES);

	weir_buf_append(&pass->out, plain.ptr, LOCAL_BATCH_HEAD_BYTES);
	if (codec != LOCAL_CODEC_NONE && !local_compress(&pass->coder, codec, body, &pass->out, err))
		return false;
	if (codec == LOCAL_CODEC_NONE || pass->out.len - start >= plain.len) {
		codec = LOCAL_CODEC_NONE;
		pass->out.len = start;
		weir_buf_append_slice(&pass->out, plain);
	}
	struct local_batch head = {
		.attributes = (int)codec | (open->horizon_ms ? LOCAL_BATCH_HAS_HORIZON : 0),
		.last_delta = (int32_t)(open->next_offset - open->base_offset - 1),
		.count = open->count,
		.base_timestamp_ms = open->base_timestamp_ms,
		.max_timestamp_ms = open->max_timestamp_ms,
	};
	local_batch_seal(pass->out.data + start, pass->out.len - start, &head);
	return true;
}

static bool close_open(struct compact_pass *pass, struct weir_err *err)
{
	struct compact_open *open = &pass->open;
	struct compact_target target = {
		.start = pass->out.len, .base_offset = open->base_offset, .written_ms = open->written_ms, .count = open->count
	};

	if (!open->is_open)
		return true;
	open->is_open = false;
	if (!open->is_changed && pass->sources.count == open->first_source + 1) { /* alone, and nothing to gain */
		pass->kept_bytes += pass->sources.items[open->first_source].bytes;
		note_horizon(pass, open->horizon_ms);
		pass->sources.count = open->first_source;
		return true;
	}
	if (open->count > 0) {
		if (!emit(pass, target.start, err))
			return false;
		note_horizon(pass, open->horizon_ms);
	}
	target.len = pass->out.len - target.start;
	pass->kept_bytes += (int64_t)target.len;
	WEIR_VEC_PUSH(&pass->targets, target);
	return true;
}

static void start_open(struct compact_pass *pass, const struct local_batch *batch, int64_t horizon_ms)
{
	struct compact_open *open = &pass->open;

	open->is_open = true;
	open->is_changed = false;
	open->base_offset = batch->base_offset;
	open->first_source = pass->sources.count;
	open->horizon_ms = horizon_ms;
	open->count = 0;
	open->written_ms = batch->written_ms;
	open->codec = batch->attributes & LOCAL_BATCH_CODEC;
	weir_buf_reset(&open->records);
	weir_buf_reserve(&open->records, LOCAL_BATCH_HEAD_BYTES);
	open->records.len = LOCAL_BATCH_HEAD_BYTES;
}

static void keep_record(struct compact_pass *pass, const struct weir_message *message)
{
	struct compact_open *open = &pass->open;

	if (open->count == 0) {
		open->base_timestamp_ms = open->horizon_ms ? open->horizon_ms : message->timestamp_ms;
		open->max_timestamp_ms = message->timestamp_ms;
	}
	int64_t delta = (int64_t)((uint64_t)message->timestamp_ms - (uint64_t)open->base_timestamp_ms);
	int32_t offset_delta = (int32_t)(message->offset - open->base_offset);
	size_t body, bytes = local_record_bytes(delta, offset_delta, message, &body);
	weir_buf_reserve(&open->records, bytes);
	local_record_put(&open->records, body, delta, offset_delta, message);
	if (message->timestamp_ms > open->max_timestamp_ms)
		open->max_timestamp_ms = message->timestamp_ms;
	open->count++;
}

/* ---- Batches ---- */

static bool take_in(struct compact_pass *pass, const struct local_batch *batch, struct weir_slice bytes,
	struct local_record_cursor cursor, bool is_changed, struct weir_err *err)
{
	struct compact_source source = {
		.base_offset = batch->base_offset, .crc = batch->crc, .bytes = (int64_t)bytes.len, .count = batch->count
	};

	WEIR_VEC_PUSH(&pass->sources, source);
	pass->open.is_changed |= is_changed;
	if (batch->written_ms > pass->open.written_ms)
		pass->open.written_ms = batch->written_ms;
	pass->open.next_offset = batch->base_offset + batch->last_delta + 1;
	while (cursor.index < batch->count) {
		struct weir_message message;
		if (!local_record_next(&cursor, batch, &pass->headers, &message, err))
			return false;
		if (stays(pass, batch, &message))
			keep_record(pass, &message);
	}
	weir_arena_reset(&pass->headers);
	return true;
}

static bool fits(const struct compact_open *open, const struct local_batch *batch, size_t plain_bytes, int64_t horizon_ms)
{
	return open->is_open && open->horizon_ms == horizon_ms && open->records.len + plain_bytes <= LOCAL_BATCH_BYTES &&
	       batch->base_offset + batch->last_delta - open->base_offset < INT32_MAX / 2;
}

static bool visit(struct compact_pass *pass, struct weir_slice bytes, struct weir_err *err)
{
	struct local_record_cursor cursor;
	struct local_batch batch;
	int32_t lost, tombstones;

	if (!compact_open_batch(pass, bytes, &batch, &cursor, err) || !count_losses(pass, &batch, cursor, &lost, &tombstones, err))
		return false;
	int64_t horizon_ms = tombstones ? horizon_of(pass, &batch) : 0;
	bool is_changed = lost > 0 || (tombstones && !(batch.attributes & LOCAL_BATCH_HAS_HORIZON));
	pass->position = batch.base_offset + batch.last_delta + 1;
	if (!is_changed && bytes.len >= SMALL_BATCH_BYTES) {
		if (!close_open(pass, err))
			return false;
		pass->kept_bytes += (int64_t)bytes.len;
		note_horizon(pass, horizon_ms);
		return true;
	}
	if (!fits(&pass->open, &batch, (size_t)(cursor.end - cursor.start), horizon_ms)) {
		if (!close_open(pass, err))
			return false;
		start_open(pass, &batch, horizon_ms);
	}
	return take_in(pass, &batch, bytes, cursor, is_changed, err);
}

static bool visit_some(struct compact_pass *pass, struct weir_lmdb_txn *txn, struct weir_err *err)
{
	char from[LOCAL_BATCH_KEY_BYTES];
	struct weir_slice key, bytes;
	size_t seen = 0;
	bool found;

	local_batch_key(from, pass->topic->id, pass->partition, pass->position);
	if (!weir_lmdb_seek(txn, TABLE_BATCHES, weir_slice_make(from, sizeof from), false, &key, &bytes, &found, err))
		return false;
	while (seen < COMPACT_STEP_BYTES && pass->position < pass->limit) {
		if (!found || !local_batch_key_matches(key, pass->topic->id, pass->partition) ||
			local_batch_key_offset(key) >= pass->limit) {
			pass->position = pass->limit;
			break;
		}
		seen += bytes.len;
		if (!visit(pass, bytes, err) || !weir_lmdb_next(txn, TABLE_BATCHES, &key, &bytes, &found, err))
			return false;
	}
	return close_open(pass, err);
}

/* ---- Replacing ---- */

static bool is_still_there(const struct compact_pass *pass, struct weir_lmdb_txn *txn, const struct compact_source *source,
	bool *ret, struct weir_err *err)
{
	char key[LOCAL_BATCH_KEY_BYTES];
	struct local_batch batch;
	struct weir_slice bytes;

	local_batch_key(key, pass->topic->id, pass->partition, source->base_offset);
	if (!weir_lmdb_get(txn, TABLE_BATCHES, weir_slice_make(key, sizeof key), &bytes, ret, err))
		return false;
	*ret = *ret && local_batch_peek(bytes, &batch, err) && batch.crc == source->crc;
	return true;
}

static bool check_sources(struct compact_pass *pass, struct weir_lmdb_txn *txn, struct weir_err *err)
{
	struct local_topic current;
	bool there;

	if (!local_topic_find(txn, pass->topic->config.name, &current, err))
		return false;
	pass->is_gone = current.id != pass->topic->id;
	for (size_t i = 0; i < pass->sources.count && !pass->is_gone; i++) {
		if (!is_still_there(pass, txn, &pass->sources.items[i], &there, err))
			return false;
		pass->is_gone = !there;
	}
	return true;
}

static bool remove_sources(struct compact_pass *pass, struct weir_lmdb_txn *txn, struct local_ends *ends, struct weir_err *err)
{
	char key[LOCAL_BATCH_KEY_BYTES];

	for (size_t i = 0; i < pass->sources.count; i++) {
		local_batch_key(key, pass->topic->id, pass->partition, pass->sources.items[i].base_offset);
		if (!weir_lmdb_delete(txn, TABLE_BATCHES, weir_slice_make(key, sizeof key), err))
			return false;
		ends->bytes -= pass->sources.items[i].bytes;
		ends->records -= pass->sources.items[i].count;
	}
	return true;
}

static bool put_targets(struct compact_pass *pass, struct weir_lmdb_txn *txn, struct local_ends *ends, struct weir_err *err)
{
	char key[LOCAL_BATCH_KEY_BYTES];

	for (size_t i = 0; i < pass->targets.count; i++) {
		const struct compact_target *target = &pass->targets.items[i];
		char *memory;
		if (target->len == 0)
			continue;
		local_batch_key(key, pass->topic->id, pass->partition, target->base_offset);
		if (!weir_lmdb_reserve(txn, TABLE_BATCHES, weir_slice_make(key, sizeof key), target->len, &memory, err))
			return false;
		memcpy(memory, pass->out.data + target->start, target->len);
		local_batch_place(memory, target->base_offset, target->written_ms);
		ends->bytes += (int64_t)target->len;
		ends->records += target->count;
	}
	return true;
}

static bool replace_body(void *ctx, struct weir_lmdb_txn *txn, struct weir_err *err)
{
	struct compact_pass *pass = ctx;
	struct local_ends ends;

	if (!check_sources(pass, txn, err))
		return false;
	if (pass->is_gone)
		return true;
	return local_ends_get(txn, pass->topic->id, pass->partition, &ends, err) && remove_sources(pass, txn, &ends, err) &&
	       put_targets(pass, txn, &ends, err) && local_ends_put(txn, pass->topic->id, pass->partition, &ends, err);
}

bool compact_step(struct compact_pass *pass, struct weir_err *err)
{
	struct weir_lmdb_txn *txn;

	pass->sources.count = pass->targets.count = 0;
	weir_buf_reset(&pass->out);
	if (!local_look_begin(&pass->log->snapshots, &txn, err))
		return false;
	bool ok = visit_some(pass, txn, err);
	local_look_end(&pass->log->snapshots, txn);
	if (!ok)
		return false;
	return pass->sources.count == 0 || weir_lmdb_write(pass->log->env, replace_body, pass, err);
}
