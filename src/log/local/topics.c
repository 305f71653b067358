/* Topics and their ends. A topic's settings lie under its name; its records under its number, so that a name can be used again at
 * once. */
#include "log/local/local_int.h"

#include <stdio.h>

struct stored_topic {
	uint32_t id;
	int32_t partitions;
	int32_t cleanup;
	uint32_t is_internal;
	int64_t retention_ms, retention_bytes;
	int64_t delete_retention_ms, min_compaction_lag_ms, max_message_bytes;
	double min_cleanable_dirty_ratio;
	uint32_t compression, is_append_time;
};

#define BATCHES_PER_REMOVAL 500
#define DROPPED_PREFIX      "dropped topic "

static bool fail_missing(struct weir_slice name, struct weir_err *err)
{
	return weir_err_set(err, WEIR_E_TOPIC_NOT_FOUND, "There is no topic '%.*s'", WEIR_SLICE_ARG(name));
}

static void unpack(struct weir_slice value, struct weir_slice name, struct local_topic *ret)
{
	struct stored_topic stored = { 0 };

	memcpy(&stored, value.ptr,
		value.len < sizeof stored ? value.len : sizeof stored); /* shorter: written before a field was added */
	*ret = (struct local_topic){
		.id = stored.id,
		.config = { .name = name,
			.partitions = stored.partitions,
			.replicas = 1,
			.cleanup = stored.cleanup,
			.retention_ms = stored.retention_ms,
			.retention_bytes = stored.retention_bytes,
			.is_internal = stored.is_internal,
			.delete_retention_ms = stored.delete_retention_ms,
			.min_compaction_lag_ms = stored.min_compaction_lag_ms,
			.max_message_bytes = stored.max_message_bytes,
			.min_cleanable_dirty_ratio = stored.min_cleanable_dirty_ratio,
			.compression = stored.compression <= WEIR_COMPRESSION_ZSTD ? stored.compression : 0,
			.is_append_time = stored.is_append_time },
	};
}

bool local_topic_find(struct weir_lmdb_txn *txn, struct weir_slice name, struct local_topic *ret, struct weir_err *err)
{
	struct weir_slice value;
	bool found;

	if (name.len == 0 || name.len > 249)
		return fail_missing(name, err);
	if (!weir_lmdb_get(txn, TABLE_TOPICS, name, &value, &found, err))
		return false;
	if (!found)
		return fail_missing(name, err);
	unpack(value, name, ret);
	return true;
}

bool local_topic_check_partition(const struct local_topic *topic, struct weir_slice name, int32_t partition, struct weir_err *err)
{
	return (partition >= 0 && partition < topic->config.partitions) ||
	       weir_err_set(err, WEIR_E_TOPIC_NOT_FOUND, "Topic '%.*s' has no partition %d", WEIR_SLICE_ARG(name), partition);
}

static bool put_topic(struct weir_lmdb_txn *txn, const struct weir_topic_config *config, uint32_t id, struct weir_err *err)
{
	struct stored_topic stored = {
		.id = id,
		.partitions = config->partitions < 1 ? 1 : config->partitions,
		.cleanup = config->cleanup,
		.is_internal = config->is_internal,
		.retention_ms = config->retention_ms,
		.retention_bytes = config->retention_bytes,
		.delete_retention_ms = config->delete_retention_ms,
		.min_compaction_lag_ms = config->min_compaction_lag_ms,
		.max_message_bytes = config->max_message_bytes,
		.min_cleanable_dirty_ratio = config->min_cleanable_dirty_ratio,
		.compression = config->compression,
		.is_append_time = config->is_append_time,
	};

	return weir_lmdb_put(txn, TABLE_TOPICS, config->name, weir_slice_make(&stored, sizeof stored), err);
}

static bool take_id(struct weir_lmdb_txn *txn, uint32_t *ret_id, struct weir_err *err)
{
	static const struct weir_slice key = WEIR_SLICE("next topic");
	struct weir_slice value;
	bool found;

	*ret_id = 1;
	if (!weir_lmdb_get(txn, TABLE_META, key, &value, &found, err))
		return false;
	if (found && value.len == sizeof *ret_id)
		memcpy(ret_id, value.ptr, sizeof *ret_id);
	uint32_t next = *ret_id + 1;
	return weir_lmdb_put(txn, TABLE_META, key, weir_slice_make(&next, sizeof next), err);
}

static bool create_body(void *ctx, struct weir_lmdb_txn *txn, struct weir_err *err)
{
	const struct weir_topic_config *config = ctx;
	struct local_topic existing;
	uint32_t id;

	if (local_topic_find(txn, config->name, &existing, err))
		return weir_err_set(err, WEIR_E_TOPIC_EXISTS, "Topic '%.*s' exists already", WEIR_SLICE_ARG(config->name));
	if (err->code != WEIR_E_TOPIC_NOT_FOUND)
		return false;
	err->code = WEIR_E_NONE;
	return take_id(txn, &id, err) && put_topic(txn, config, id, err);
}

bool local_topic_create(struct weir_log *log, const struct weir_topic_config *config, struct weir_err *err)
{
	struct local_log *self = (struct local_log *)log;

	return weir_log_check_topic_name(config->name, err) && weir_lmdb_write(self->env, create_body, (void *)config, err);
}

static bool with_read(struct weir_log *log, bool (*body)(struct weir_lmdb_txn *txn, void *ctx, struct weir_err *err), void *ctx,
	struct weir_err *err)
{
	struct local_log *self = (struct local_log *)log;
	struct weir_lmdb_txn *txn;

	if (!local_look_begin(&self->snapshots, &txn, err))
		return false;
	bool ok = body(txn, ctx, err);
	local_look_end(&self->snapshots, txn);
	return ok;
}

struct describe {
	struct weir_slice name;
	struct local_topic topic;
};

static bool describe_body(struct weir_lmdb_txn *txn, void *ctx, struct weir_err *err)
{
	struct describe *describe = ctx;

	return local_topic_find(txn, describe->name, &describe->topic, err);
}

bool local_topic_describe(
	struct weir_log *log, struct weir_slice name, struct weir_arena *arena, struct weir_topic_config *ret, struct weir_err *err)
{
	struct describe describe = { .name = name };

	if (!with_read(log, describe_body, &describe, err))
		return false;
	*ret = describe.topic.config;
	ret->name = weir_arena_copy(arena, name);
	return true;
}

/* Removes at most `most` entries whose key begins with the topic's number. */
static bool delete_some(struct weir_lmdb_txn *txn, size_t table, uint32_t id, size_t most, bool *ret_more, struct weir_err *err)
{
	char from[LOCAL_BATCH_KEY_BYTES];
	struct weir_slice key, value;
	bool found;

	local_batch_key(from, id, 0, 0);
	*ret_more = false;
	for (size_t i = 0; i < most; i++) {
		if (!weir_lmdb_seek(txn, table, weir_slice_make(from, 4), false, &key, &value, &found, err))
			return false;
		if (!found || memcmp(key.ptr, from, 4) != 0)
			return true;
		char copy[LOCAL_BATCH_KEY_BYTES];
		memcpy(copy, key.ptr, key.len);
		if (!weir_lmdb_delete(txn, table, weir_slice_make(copy, key.len), err))
			return false;
	}
	*ret_more = true;
	return true;
}

/* A deleted topic's name is free at once; its records leave step by step, and a mark in the meta table outlives a crash between. */
struct removal {
	struct weir_slice name;
	uint32_t id;
	bool more;
};

static struct weir_slice dropped_key(char out[64], uint32_t id)
{
	int len = snprintf(out, 64, DROPPED_PREFIX "%010u", id);

	return weir_slice_make(out, (size_t)len);
}

static bool forget_name_body(void *ctx, struct weir_lmdb_txn *txn, struct weir_err *err)
{
	struct removal *removal = ctx;
	struct local_topic topic;
	char key[64];

	if (!local_topic_find(txn, removal->name, &topic, err))
		return false;
	removal->id = topic.id;
	return weir_lmdb_delete(txn, TABLE_TOPICS, removal->name, err) &&
	       weir_lmdb_put(txn, TABLE_META, dropped_key(key, topic.id), weir_slice_make(&topic.id, sizeof topic.id), err);
}

static bool remove_body(void *ctx, struct weir_lmdb_txn *txn, struct weir_err *err)
{
	struct removal *removal = ctx;
	bool more_ends = false;
	char key[64];

	if (!delete_some(txn, TABLE_BATCHES, removal->id, BATCHES_PER_REMOVAL, &removal->more, err) ||
		(!removal->more && !delete_some(txn, TABLE_ENDS, removal->id, BATCHES_PER_REMOVAL, &more_ends, err)))
		return false;
	removal->more |= more_ends;
	return removal->more || weir_lmdb_delete(txn, TABLE_META, dropped_key(key, removal->id), err);
}

bool local_topic_delete(struct weir_log *log, struct weir_slice name, struct weir_err *err)
{
	struct local_log *self = (struct local_log *)log;
	struct removal removal = { .name = name, .more = true };

	if (!weir_lmdb_write(self->env, forget_name_body, &removal, err))
		return false;
	while (removal.more)
		if (!weir_lmdb_write(self->env, remove_body, &removal, err))
			return false;
	return true;
}

static bool find_dropped_body(struct weir_lmdb_txn *txn, void *ctx, struct weir_err *err)
{
	static const struct weir_slice from = WEIR_SLICE(DROPPED_PREFIX);
	struct removal *removal = ctx;
	struct weir_slice key, value;
	bool found;

	if (!weir_lmdb_seek(txn, TABLE_META, from, false, &key, &value, &found, err))
		return false;
	removal->more = found && weir_slice_starts_with(key, from) && value.len == sizeof removal->id;
	if (removal->more)
		memcpy(&removal->id, value.ptr, sizeof removal->id);
	return true;
}

bool local_topic_sweep(struct local_log *log, struct weir_err *err)
{
	struct removal removal;

	do {
		if (!with_read(&log->log, find_dropped_body, &removal, err))
			return false;
		if (removal.more && !weir_lmdb_write(log->env, remove_body, &removal, err))
			return false;
	} while (removal.more && !local_is_closing(log));
	return true;
}

static bool configure_body(void *ctx, struct weir_lmdb_txn *txn, struct weir_err *err)
{
	struct weir_topic_config config = *(const struct weir_topic_config *)ctx;
	struct local_topic topic;

	if (!local_topic_find(txn, config.name, &topic, err))
		return false;
	config.partitions = topic.config.partitions;
	config.is_internal = topic.config.is_internal;
	return put_topic(txn, &config, topic.id, err);
}

bool local_topic_configure(struct weir_log *log, const struct weir_topic_config *config, struct weir_err *err)
{
	return weir_lmdb_write(((struct local_log *)log)->env, configure_body, (void *)config, err);
}

struct listing {
	struct weir_arena *arena;
	WEIR_VEC(struct weir_topic_config) topics;
};

static bool list_body(struct weir_lmdb_txn *txn, void *ctx, struct weir_err *err)
{
	struct listing *listing = ctx;
	struct weir_slice key = { 0 }, value;
	bool found = true;

	for (bool after = false;; after = true) {
		struct local_topic topic;
		if (!weir_lmdb_seek(txn, TABLE_TOPICS, key, after, &key, &value, &found, err))
			return false;
		if (!found)
			return true;
		key = weir_arena_copy(listing->arena, key);
		unpack(value, key, &topic);
		WEIR_VEC_PUSH_IN(listing->arena, &listing->topics, topic.config);
	}
}

bool local_topic_list(
	struct weir_log *log, struct weir_arena *arena, struct weir_topic_config **ret, size_t *ret_count, struct weir_err *err)
{
	struct listing listing = { .arena = arena };

	if (!with_read(log, list_body, &listing, err))
		return false;
	*ret = listing.topics.items;
	*ret_count = listing.topics.count;
	return true;
}
