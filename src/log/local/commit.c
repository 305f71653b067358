/* Applies a writer's commit in one LMDB transaction: records, progress and state together.
 *
 * The bodies here run on the committer's thread while the writer's owner waits, perhaps twice (lmdb/env.h). */
#include "log/local/writer_int.h"

#include <assert.h>

static bool write_output(struct weir_log_writer *writer, struct weir_lmdb_txn *txn, const struct local_used *used, int64_t now_ms,
	struct weir_err *err)
{
	const struct local_output *output = &used->topic->outputs[used->partition];
	char key[LOCAL_BATCH_KEY_BYTES];
	struct local_ends ends;

	if (!local_ends_get(txn, used->topic->id, used->partition, &ends, err))
		return false;
	for (size_t i = 0; i < output->pieces.count; i++) {
		const struct local_piece *piece = &output->pieces.items[i];
		const char *bytes = (piece->is_packed ? output->packed.data : output->records.data) + piece->sealed_start;
		char *memory;
		assert(piece->is_sealed);
		local_batch_key(key, used->topic->id, used->partition, ends.end);
		if (!weir_lmdb_reserve(txn, TABLE_BATCHES, weir_slice_make(key, sizeof key), piece->sealed_len, &memory, err))
			return false;
		memcpy(memory, bytes, piece->sealed_len);
		local_batch_place(memory, ends.end, now_ms);
		ends.end += piece->count;
		ends.records += piece->count;
		ends.bytes += (int64_t)piece->sealed_len;
	}
	return local_ends_put(txn, used->topic->id, used->partition, &ends, err);
}

/* A topic that was dropped and made anew since has another number. Changed settings hold from the next commit on. */
static bool check_topic(struct weir_lmdb_txn *txn, struct local_written_topic *topic, struct weir_err *err)
{
	struct weir_slice name = topic->config.name;
	struct local_topic found;

	if (!local_topic_find(txn, name, &found, err))
		return false;
	if (found.id != topic->id)
		return weir_err_set(err, WEIR_E_TRANSACTION_ABORTED, "Topic '%s' was replaced by another one", topic->name);
	topic->config = found.config;
	topic->config.name = name;
	topic->is_checked = true;
	return true;
}

static bool commit_body(void *ctx, struct weir_lmdb_txn *txn, struct weir_err *err)
{
	struct weir_log_writer *writer = ctx;
	int64_t now_ms = weir_clock_now_ms(writer->log->clock);

	for (size_t i = 0; i < writer->used.count; i++)
		writer->used.items[i].topic->is_checked = false;
	for (size_t i = 0; i < writer->used.count; i++) {
		struct local_used *used = &writer->used.items[i];
		if ((!used->topic->is_checked && !check_topic(txn, used->topic, err)) ||
			!write_output(writer, txn, used, now_ms, err))
			return false;
	}
	for (size_t i = 0; i < writer->progress.count; i++)
		if (!local_put_progress(txn, &writer->progress.items[i], err))
			return false;
	for (size_t i = 0; i < writer->changes.count; i++)
		if (!local_put_state(txn, writer->changes.items[i].store, writer->changes.items[i].partition,
			    &writer->changes.items[i].change, err))
			return false;
	return true;
}

static bool seal_all(struct weir_log_writer *writer, size_t *ret_bytes, struct weir_err *err)
{
	*ret_bytes = 1 + writer->bytes + writer->progress.count * 128;
	for (size_t i = 0; i < writer->used.count; i++) {
		const struct local_used *used = &writer->used.items[i];
		struct local_output *output = &used->topic->outputs[used->partition];
		if (!local_seal(writer, used->topic, output, err))
			return false;
		for (size_t p = 0; p < output->pieces.count; p++)
			*ret_bytes += output->pieces.items[p].sealed_len;
	}
	return true;
}

bool local_commit(struct weir_log_writer *writer, struct weir_err *err)
{
	size_t bytes;

	local_snapshot_release(&writer->log->snapshots);
	if (writer->used.count == 0 && writer->progress.count == 0 && writer->changes.count == 0)
		return true;
	if (!seal_all(writer, &bytes, err))
		return false;
	if (!weir_lmdb_add(writer->log->env, bytes, commit_body, writer, err)) {
		if (err->code == WEIR_E_TRANSACTION_ABORTED || err->code == WEIR_E_TOPIC_NOT_FOUND)
			local_forget_topics(writer); /* looked up anew by the next append */
		return false;
	}
	struct weir_err ignored;
	return local_abort(writer, &ignored); /* forgets what is written now */
}
