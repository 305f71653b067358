/* Compaction: of each key only the latest record stays. One pass over one partition.
 *
 * First the new part, from where the last pass ended, is read for the latest offset of each key; then everything from the beginning
 * is rewritten in steps without the records that a later one replaces. Offsets never change, records without a key stay.
 *
 * Holds: each step is one small transaction, so a crash leaves a partition that is compacted a little less far; the pass is made
 * again. A tombstone stays delete.retention.ms after the first pass over it; until when is noted in its batch (KIP-534). Thread:
 * the maintainer.
 */
#include "log/local/compact_int.h"

#define LEAST_DIRTY_BYTES 262144 /* less is not worth a pass, unless min.cleanable.dirty.ratio is 0 */

/* ---- Whether ---- */

static bool has_tombstones_to_drop(const struct compact_pass *pass, const struct local_ends *ends)
{
	return ends->horizon_ms > 0 && pass->now_ms >= ends->horizon_ms;
}

static bool is_due(const struct compact_pass *pass, const struct local_ends *ends)
{
	double ratio = pass->topic->config.min_cleanable_dirty_ratio;
	int64_t dirty = ends->bytes - ends->clean_bytes;

	if (has_tombstones_to_drop(pass, ends))
		return true;
	if (ends->end <= ends->clean_end)
		return false;
	if (ratio < 0)
		return true;
	if (ratio == 0)
		ratio = WEIR_DEFAULT_DIRTY_RATIO;
	return dirty >= LEAST_DIRTY_BYTES && (double)dirty >= ratio * (double)ends->bytes;
}

/* ---- The new part's keys ---- */

bool compact_open_batch(struct compact_pass *pass, struct weir_slice bytes, struct local_batch *ret,
	struct local_record_cursor *ret_cursor, struct weir_err *err)
{
	if (!local_batch_open(bytes, ret, err))
		return false;
	enum local_codec codec = ret->attributes & LOCAL_BATCH_CODEC;
	if (codec != LOCAL_CODEC_NONE) {
		weir_buf_reset(&pass->plain);
		if (!local_decompress(&pass->coder, codec, ret->body, &pass->plain, err))
			return false;
	}
	local_record_cursor_init(ret_cursor, codec == LOCAL_CODEC_NONE ? ret->body : weir_buf_slice(&pass->plain));
	return true;
}

static bool note_keys(struct compact_pass *pass, struct weir_slice bytes, struct weir_err *err)
{
	struct local_record_cursor cursor;
	struct local_batch batch;

	if (!compact_open_batch(pass, bytes, &batch, &cursor, err))
		return false;
	int64_t lag_ms = pass->topic->config.min_compaction_lag_ms;
	if (local_key_map_is_full(&pass->keys) || (lag_ms > 0 && batch.max_timestamp_ms > pass->now_ms - lag_ms)) {
		pass->limit = batch.base_offset; /* the rest waits */
		return true;
	}
	while (cursor.index < batch.count) {
		struct weir_message message;
		if (!local_record_next(&cursor, &batch, &pass->headers, &message, err))
			return false;
		if (!message.key_is_null)
			local_key_map_put(&pass->keys, message.key, message.offset);
	}
	weir_arena_reset(&pass->headers);
	pass->position = batch.base_offset + batch.last_delta + 1;
	return true;
}

/* Some batches from pass->position on. */
static bool note_some(struct compact_pass *pass, struct weir_lmdb_txn *txn, struct weir_err *err)
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
			return true;
		}
		seen += bytes.len;
		if (!note_keys(pass, bytes, err) || !weir_lmdb_next(txn, TABLE_BATCHES, &key, &bytes, &found, err))
			return false;
	}
	return true;
}

static bool gather_keys(struct compact_pass *pass, struct weir_err *err)
{
	while (pass->position < pass->limit && !local_is_closing(pass->log)) {
		struct weir_lmdb_txn *txn;
		if (!local_look_begin(&pass->log->snapshots, &txn, err))
			return false;
		bool ok = note_some(pass, txn, err);
		local_look_end(&pass->log->snapshots, txn);
		if (!ok)
			return false;
	}
	return true;
}

/* ---- The pass ---- */

static bool finish_body(void *ctx, struct weir_lmdb_txn *txn, struct weir_err *err)
{
	const struct compact_pass *pass = ctx;
	struct local_topic current;
	struct local_ends ends;

	if (!local_topic_find(txn, pass->topic->config.name, &current, err) ||
		!local_ends_get(txn, pass->topic->id, pass->partition, &ends, err))
		return false;
	if (current.id != pass->topic->id)
		return true;
	ends.clean_end = pass->limit;
	ends.clean_bytes = pass->kept_bytes;
	ends.horizon_ms = pass->earliest_horizon_ms;
	return local_ends_put(txn, pass->topic->id, pass->partition, &ends, err);
}

static bool run(struct compact_pass *pass, const struct local_ends *ends, struct weir_err *err)
{
	pass->limit = ends->end;
	pass->position = ends->clean_end > ends->low ? ends->clean_end : ends->low;
	if (!gather_keys(pass, err))
		return false;
	if (pass->limit <= ends->clean_end && !has_tombstones_to_drop(pass, ends)) /* what is new is too young */
		return true;
	pass->position = ends->low;
	while (pass->position < pass->limit && !pass->is_gone) {
		if (local_is_closing(pass->log))
			return true;
		if (!compact_step(pass, err))
			return false;
	}
	return pass->is_gone || local_is_closing(pass->log) || weir_lmdb_write(pass->log->env, finish_body, pass, err);
}

static bool look(const struct compact_pass *pass, struct local_ends *ret, struct weir_err *err)
{
	struct weir_lmdb_txn *txn;

	if (!local_look_begin(&pass->log->snapshots, &txn, err))
		return false;
	bool ok = local_ends_get(txn, pass->topic->id, pass->partition, ret, err);
	local_look_end(&pass->log->snapshots, txn);
	return ok;
}

static void fini(struct compact_pass *pass)
{
	local_key_map_fini(&pass->keys);
	weir_buf_fini(&pass->open.records);
	weir_buf_fini(&pass->out);
	weir_buf_fini(&pass->plain);
	WEIR_VEC_FREE(&pass->sources);
	WEIR_VEC_FREE(&pass->targets);
	weir_arena_fini(&pass->headers);
	local_coder_free(pass->coder);
}

bool local_compact(struct local_log *log, const struct local_topic *topic, int32_t partition, struct weir_err *err)
{
	struct compact_pass pass = { .log = log, .topic = topic, .partition = partition, .now_ms = weir_clock_now_ms(log->clock) };
	struct local_ends ends;

	if (!look(&pass, &ends, err))
		return false;
	if (!is_due(&pass, &ends))
		return true;
	local_key_map_init(&pass.keys);
	weir_buf_init(&pass.open.records, WEIR_BUF_NO_LIMIT);
	weir_buf_init(&pass.out, WEIR_BUF_NO_LIMIT);
	weir_buf_init(&pass.plain, LOCAL_MAX_BATCH_BYTES);
	weir_arena_init(&pass.headers, 4096);
	bool ok = run(&pass, &ends, err);
	fini(&pass);
	return ok;
}
