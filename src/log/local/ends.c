/* What a partition holds: first and next offset, size, how far it is compacted. */
#include "log/local/local_int.h"

#include <assert.h>

bool local_ends_get(struct weir_lmdb_txn *txn, uint32_t topic, int32_t partition, struct local_ends *ret, struct weir_err *err)
{
	char key[LOCAL_BATCH_KEY_BYTES];
	struct weir_slice value;
	bool found;

	local_batch_key(key, topic, partition, 0);
	if (!weir_lmdb_get(txn, TABLE_ENDS, weir_slice_make(key, 8), &value, &found, err))
		return false;
	*ret = (struct local_ends){ 0 };
	if (found)
		memcpy(ret, value.ptr, value.len < sizeof *ret ? value.len : sizeof *ret);
	return true;
}

bool local_ends_put(
	struct weir_lmdb_txn *txn, uint32_t topic, int32_t partition, const struct local_ends *ends, struct weir_err *err)
{
	char key[LOCAL_BATCH_KEY_BYTES];

	assert(ends->low >= 0 && ends->low <= ends->end);
	local_batch_key(key, topic, partition, 0);
	return weir_lmdb_put(txn, TABLE_ENDS, weir_slice_make(key, 8), weir_slice_make(ends, sizeof *ends), err);
}

static bool look(struct weir_log *log, struct weir_slice name, int32_t partition, struct local_ends *ret, struct weir_err *err)
{
	struct local_log *self = (struct local_log *)log;
	struct weir_lmdb_txn *txn;
	struct local_topic topic;

	if (!local_look_begin(&self->snapshots, &txn, err))
		return false;
	bool ok = local_topic_find(txn, name, &topic, err) && local_topic_check_partition(&topic, name, partition, err) &&
		  local_ends_get(txn, topic.id, partition, ret, err);
	local_look_end(&self->snapshots, txn);
	return ok;
}

bool local_watermarks(
	struct weir_log *log, struct weir_slice topic, int32_t partition, int64_t *ret_low, int64_t *ret_high, struct weir_err *err)
{
	struct local_ends ends;

	if (!look(log, topic, partition, &ends, err))
		return false;
	*ret_low = ends.low;
	*ret_high = ends.end;
	return true;
}

bool local_partition_stat(
	struct weir_log *log, struct weir_slice topic, int32_t partition, struct weir_partition_stat *ret, struct weir_err *err)
{
	struct local_ends ends;

	if (!look(log, topic, partition, &ends, err))
		return false;
	*ret = (struct weir_partition_stat){ .low = ends.low, .high = ends.end, .records = ends.records, .bytes = ends.bytes };
	return true;
}
