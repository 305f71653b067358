/* Retention: whole batches leave from a partition's beginning, when they are too old or the partition is too large.
 *
 * As Kafka does with segments, a batch's age is that of its greatest timestamp, only the oldest one is looked at, and a partition
 * is cut while it would still hold retention.bytes without it. Two differences, both so that history which was just loaded does not
 * vanish: with the default retention (7 days, nobody chose it) the time of writing counts when it is later than the timestamps; and
 * negative timestamps always count as the time of writing.
 */
#include "log/local/local_int.h"

#define BATCHES_PER_STEP 200

struct step {
	struct local_log *log;
	const struct local_topic *topic;
	int32_t partition;
	bool more;
};

static int64_t age_mark(const struct weir_topic_config *config, const struct local_batch *batch)
{
	bool is_default = config->retention_ms == 0 || config->retention_ms == WEIR_DEFAULT_RETENTION_MS;

	if ((is_default || batch->max_timestamp_ms < 0) && batch->written_ms > batch->max_timestamp_ms)
		return batch->written_ms;
	return batch->max_timestamp_ms;
}

static bool must_leave(const struct local_log *log, const struct weir_topic_config *config, const struct local_batch *batch,
	const struct local_ends *ends)
{
	int64_t retention_ms = config->retention_ms == 0 ? WEIR_DEFAULT_RETENTION_MS : config->retention_ms;
	int64_t bytes = (int64_t)batch->body.len + LOCAL_BATCH_HEAD_BYTES;

	if (config->retention_bytes > 0 && ends->bytes - bytes >= config->retention_bytes)
		return true;
	return retention_ms > 0 && age_mark(config, batch) < weir_clock_now_ms(log->clock) - retention_ms;
}

/* The first batch, if it must leave. */
static bool look_at_first(const struct step *step, struct weir_lmdb_txn *txn, const struct local_ends *ends,
	char ret_key[LOCAL_BATCH_KEY_BYTES], struct local_batch *ret_batch, bool *ret_leaves, struct weir_err *err)
{
	char from[LOCAL_BATCH_KEY_BYTES];
	struct weir_slice key, bytes;
	bool found;

	*ret_leaves = false;
	local_batch_key(from, step->topic->id, step->partition, 0);
	if (!weir_lmdb_seek(txn, TABLE_BATCHES, weir_slice_make(from, sizeof from), false, &key, &bytes, &found, err))
		return false;
	if (!found || !local_batch_key_matches(key, step->topic->id, step->partition))
		return true;
	if (!local_batch_peek(bytes, ret_batch, err))
		return weir_err_prefix(err, "Topic '%.*s', partition %d, offset %lld", WEIR_SLICE_ARG(step->topic->config.name),
			step->partition, (long long)local_batch_key_offset(key));
	memcpy(ret_key, key.ptr, key.len);
	*ret_leaves = must_leave(step->log, &step->topic->config, ret_batch, ends);
	return true;
}

static bool step_body(void *ctx, struct weir_lmdb_txn *txn, struct weir_err *err)
{
	struct step *step = ctx;
	struct local_topic current;
	struct local_ends ends;
	bool leaves = true;

	step->more = false;
	if (!local_topic_find(txn, step->topic->config.name, &current, err) ||
		!local_ends_get(txn, step->topic->id, step->partition, &ends, err))
		return false;
	if (current.id != step->topic->id)
		return true;
	for (int i = 0; i < BATCHES_PER_STEP && leaves; i++) {
		char key[LOCAL_BATCH_KEY_BYTES];
		struct local_batch batch;
		if (!look_at_first(step, txn, &ends, key, &batch, &leaves, err))
			return false;
		if (!leaves)
			break;
		if (!weir_lmdb_delete(txn, TABLE_BATCHES, weir_slice_make(key, sizeof key), err))
			return false;
		ends.low = batch.base_offset + batch.last_delta + 1;
		ends.bytes -= (int64_t)batch.body.len + LOCAL_BATCH_HEAD_BYTES;
		ends.records -= batch.count;
	}
	step->more = leaves;
	if (ends.clean_end < ends.low)
		ends.clean_end = ends.low;
	return local_ends_put(txn, step->topic->id, step->partition, &ends, err);
}

/* Only partitions whose first batch must leave are written to. */
static bool is_due(const struct step *step, bool *ret_due, struct weir_err *err)
{
	char key[LOCAL_BATCH_KEY_BYTES];
	struct weir_lmdb_txn *txn;
	struct local_batch batch;
	struct local_ends ends;

	if (!local_look_begin(&step->log->snapshots, &txn, err))
		return false;
	bool ok = local_ends_get(txn, step->topic->id, step->partition, &ends, err) &&
		  look_at_first(step, txn, &ends, key, &batch, ret_due, err);
	local_look_end(&step->log->snapshots, txn);
	return ok;
}

bool local_retain(struct local_log *log, const struct local_topic *topic, int32_t partition, struct weir_err *err)
{
	struct step step = { .log = log, .topic = topic, .partition = partition };

	if (topic->config.cleanup == WEIR_CLEANUP_COMPACT)
		return true;
	if (!is_due(&step, &step.more, err))
		return false;
	while (step.more && !local_is_closing(log))
		if (!weir_lmdb_write(log->env, step_body, &step, err))
			return false;
	return true;
}
