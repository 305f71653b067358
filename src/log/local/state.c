/* Progress marks and keyed state, beside the records they belong to. */
#include "log/local/local_int.h"

#include "base/buf.h"
#include "base/memory.h"

#include <stdlib.h>

#define LONGEST_PLAIN_KEY 480

/* ---- Keys ---- */

/* scope, NUL, then a hash of all three parts: names may be longer than a key can be, and a scope must be findable by its prefix. */
static struct weir_slice progress_key(
	char key[WEIR_LMDB_MAX_KEY_BYTES], struct weir_slice scope, struct weir_slice topic, int32_t partition)
{
	size_t len = scope.len < 400 ? scope.len : 400;
	uint64_t hash[3] = { weir_slice_hash(scope), weir_slice_hash(topic), (uint64_t)partition };

	memcpy(key, scope.ptr, len);
	key[len++] = '\0';
	memcpy(key + len, hash, sizeof hash);
	return weir_slice_make(key, len + sizeof hash);
}

/* store, NUL, partition, then the key, or (too long) its first bytes and a hash of it. */
static size_t state_prefix(char key[WEIR_LMDB_MAX_KEY_BYTES], struct weir_slice store, int32_t partition)
{
	size_t len = store.len < 300 ? store.len : 300;
	uint64_t hash = weir_slice_hash(store);

	memcpy(key, store.ptr, len);
	if (len < store.len) { /* cut names stay apart by their hash */
		memcpy(key + len, &hash, sizeof hash);
		len += sizeof hash;
	}
	key[len++] = '\0';
	for (int i = 0; i < 4; i++)
		key[len++] = (char)((uint32_t)partition >> (24 - 8 * i));
	return len;
}

static bool is_long(size_t prefix, struct weir_slice key)
{
	return prefix + key.len > LONGEST_PLAIN_KEY;
}

static struct weir_slice state_key(char out[WEIR_LMDB_MAX_KEY_BYTES], size_t prefix, struct weir_slice key)
{
	if (!is_long(prefix, key)) {
		if (key.len)
			memcpy(out + prefix, key.ptr, key.len);
		return weir_slice_make(out, prefix + key.len);
	}
	size_t kept = LONGEST_PLAIN_KEY - prefix;
	uint64_t hash[2] = { weir_slice_hash(key), weir_slice_hash(weir_slice_make(key.ptr + 1, key.len - 1)) };
	memcpy(out + prefix, key.ptr, kept);
	memcpy(out + prefix + kept, hash, sizeof hash);
	return weir_slice_make(out, prefix + kept + sizeof hash);
}

/* ---- Progress ---- */

bool local_put_progress(struct weir_lmdb_txn *txn, const struct weir_progress *progress, struct weir_err *err)
{
	char key[WEIR_LMDB_MAX_KEY_BYTES];

	return weir_lmdb_put(txn, TABLE_PROGRESS, progress_key(key, progress->scope, progress->topic, progress->partition),
		weir_slice_make(&progress->next_offset, sizeof progress->next_offset), err);
}

bool local_read_progress(struct weir_log *log, struct weir_slice scope, struct weir_slice topic, int32_t partition,
	int64_t *ret_offset, struct weir_err *err)
{
	char key[WEIR_LMDB_MAX_KEY_BYTES];
	struct local_log *self = (struct local_log *)log;
	struct weir_lmdb_txn *txn;
	struct weir_slice value;
	bool found;

	if (!local_look_begin(&self->snapshots, &txn, err))
		return false;
	bool ok = weir_lmdb_get(txn, TABLE_PROGRESS, progress_key(key, scope, topic, partition), &value, &found, err);
	if (ok) {
		*ret_offset = -1;
		if (found && value.len == sizeof *ret_offset)
			memcpy(ret_offset, value.ptr, sizeof *ret_offset);
	}
	local_look_end(&self->snapshots, txn);
	return ok;
}

/* ---- State ---- */

static bool put_long(
	struct weir_lmdb_txn *txn, struct weir_slice stored_key, const struct weir_state_change *change, struct weir_err *err)
{
	uint32_t len = (uint32_t)change->key.len;
	char *memory;

	if (!weir_lmdb_reserve(txn, TABLE_STATE, stored_key, sizeof len + change->key.len + change->value.len, &memory, err))
		return false;
	memcpy(memory, &len, sizeof len);
	memcpy(memory + sizeof len, change->key.ptr, change->key.len);
	if (change->value.len)
		memcpy(memory + sizeof len + change->key.len, change->value.ptr, change->value.len);
	return true;
}

bool local_put_state(struct weir_lmdb_txn *txn, struct weir_slice store, int32_t partition, const struct weir_state_change *change,
	struct weir_err *err)
{
	char bytes[WEIR_LMDB_MAX_KEY_BYTES];
	size_t prefix = state_prefix(bytes, store, partition);
	struct weir_slice key = state_key(bytes, prefix, change->key);

	if (change->is_delete)
		return weir_lmdb_delete(txn, TABLE_STATE, key, err);
	if (is_long(prefix, change->key))
		return put_long(txn, key, change, err);
	return weir_lmdb_put(txn, TABLE_STATE, key, change->value, err);
}

/* Reads under its thread's snapshot (snapshot.h): what it returns is good until the thread's next poll or commit. */
struct backing {
	struct weir_store_backing base; /* first */
	struct local_log *log;
	char prefix[WEIR_LMDB_MAX_KEY_BYTES];
	size_t prefix_len;
};

static bool unwrap_long(struct weir_slice stored, struct weir_slice *ret_key, struct weir_slice *ret_value, struct weir_err *err)
{
	uint32_t len;

	if (stored.len < sizeof len)
		return weir_err_set(err, WEIR_E_STORE_CORRUPT, "A stored row is damaged");
	memcpy(&len, stored.ptr, sizeof len);
	if (stored.len - sizeof len < len)
		return weir_err_set(err, WEIR_E_STORE_CORRUPT, "A stored row is damaged");
	*ret_key = weir_slice_make(stored.ptr + sizeof len, len);
	*ret_value = weir_slice_make(stored.ptr + sizeof len + len, stored.len - sizeof len - len);
	return true;
}

static bool backing_get(
	struct weir_store_backing *base, struct weir_slice key, struct weir_slice *ret_value, bool *ret_found, struct weir_err *err)
{
	struct backing *self = (struct backing *)base;
	char bytes[WEIR_LMDB_MAX_KEY_BYTES];
	struct weir_lmdb_txn *txn;
	struct weir_slice full_key;

	memcpy(bytes, self->prefix, self->prefix_len);
	if (!local_snapshot_get(&self->log->snapshots, &txn, err) ||
		!weir_lmdb_get(txn, TABLE_STATE, state_key(bytes, self->prefix_len, key), ret_value, ret_found, err))
		return false;
	if (!*ret_found || !is_long(self->prefix_len, key))
		return true;
	if (!unwrap_long(*ret_value, &full_key, ret_value, err))
		return false;
	*ret_found = weir_slice_equals(full_key, key);
	return true;
}

static bool backing_seek(struct weir_store_backing *base, struct weir_slice from, bool after, struct weir_slice *ret_key,
	struct weir_slice *ret_value, bool *ret_found, struct weir_err *err)
{
	struct backing *self = (struct backing *)base;
	char bytes[WEIR_LMDB_MAX_KEY_BYTES];
	struct weir_lmdb_txn *txn;
	struct weir_slice key;

	memcpy(bytes, self->prefix, self->prefix_len);
	if (!local_snapshot_get(&self->log->snapshots, &txn, err) ||
		!weir_lmdb_seek(txn, TABLE_STATE, state_key(bytes, self->prefix_len, from), after, &key, ret_value, ret_found, err))
		return false;
	if (!*ret_found)
		return true;
	*ret_found = key.len >= self->prefix_len && memcmp(key.ptr, self->prefix, self->prefix_len) == 0;
	if (!*ret_found)
		return true;
	if (key.len > LONGEST_PLAIN_KEY)
		return unwrap_long(*ret_value, ret_key, ret_value, err);
	*ret_key = weir_slice_make(key.ptr + self->prefix_len, key.len - self->prefix_len);
	return true;
}

static void backing_close(struct weir_store_backing *base)
{
	free(base);
}

bool local_state_open(
	struct weir_log *log, struct weir_slice store, int32_t partition, struct weir_store_backing **ret, struct weir_err *err)
{
	struct backing *self = weir_alloc_zero(sizeof *self);

	self->base = (struct weir_store_backing){ .get = backing_get, .seek = backing_seek, .close = backing_close };
	self->log = (struct local_log *)log;
	self->prefix_len = state_prefix(self->prefix, store, partition);
	*ret = &self->base;
	return true;
}

/* ---- Forgetting a query ---- */

struct removal {
	struct weir_slice prefix;
	bool more;
};

static bool remove_some(struct weir_lmdb_txn *txn, size_t table, struct removal *removal, struct weir_err *err)
{
	char bytes[WEIR_LMDB_MAX_KEY_BYTES];
	struct weir_slice at = removal->prefix, key, value;
	bool found;

	for (int i = 0; i < 5000; i++) {
		if (!weir_lmdb_seek(txn, table, at, i > 0, &key, &value, &found, err))
			return false;
		if (!found || !weir_slice_starts_with(key, removal->prefix))
			return true;
		memcpy(bytes, key.ptr, key.len);
		at = weir_slice_make(bytes, key.len);
		if (!weir_lmdb_delete(txn, table, at, err))
			return false;
	}
	removal->more = true;
	return true;
}

static bool forget_body(void *ctx, struct weir_lmdb_txn *txn, struct weir_err *err)
{
	struct removal *removal = ctx;

	removal->more = false;
	return remove_some(txn, TABLE_PROGRESS, removal, err) && remove_some(txn, TABLE_STATE, removal, err);
}

bool local_forget(struct weir_log *log, struct weir_slice scope_prefix, struct weir_err *err)
{
	struct removal removal = { .prefix = scope_prefix, .more = true };

	local_snapshot_release(&((struct local_log *)log)->snapshots);
	while (removal.more)
		if (!weir_lmdb_write(((struct local_log *)log)->env, forget_body, &removal, err))
			return false;
	return true;
}
