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
};

static bool fail_missing(struct weir_slice name, struct weir_err *err)
{
	return weir_err_set(err, WEIR_E_TOPIC_NOT_FOUND, "There is no topic '%.*s'", WEIR_SLICE_ARG(name));
}

static void unpack(struct weir_slice value, struct weir_slice name, struct local_topic *ret)
{
	struct stored_topic stored = { 0 };

	memcpy(&stored, value.ptr, value.len < sizeof stored ? value.len : sizeof stored);
	*ret = (struct local_topic){
		.id = stored.id,
		.config = { .name = name,
			.partitions = stored.partitions,
			.replicas = 1,
			.cleanup = stored.cleanup,
			.retention_ms = stored.retention_ms,
			.retention_bytes = stored.retention_bytes,
			.is_internal = stored.is_internal },
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

static bool check_name(struct weir_slice name, struct weir_err *err)
{
	bool ok = name.len >= 1 && name.len <= 249 && !weir_slice_is(name, ".") && !weir_slice_is(name, "..");

	for (size_t i = 0; ok && i < name.len; i++) {
		char c = name.ptr[i];
		ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
	}
	if (ok)
		return true;
	weir_err_set(
		err, WEIR_E_INVALID_STATEMENT, "'%.*s' cannot be a topic's name", (int)(name.len > 260 ? 260 : name.len), name.ptr);
	return weir_err_advise(err, "Names have 1 to 249 letters, digits, dots, underscores and dashes.");
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

	return check_name(config->name, err) && weir_lmdb_write(self->env, create_body, (void *)config, err);
}

static bool with_read(struct weir_log *log, bool (*body)(struct weir_lmdb_txn *txn, void *ctx, struct weir_err *err), void *ctx,
	struct weir_err *err)
{
	struct weir_lmdb_txn *txn;

	if (!weir_lmdb_read_begin(((struct local_log *)log)->env, &txn, err))
		return false;
	bool ok = body(txn, ctx, err);
	weir_lmdb_read_end(txn);
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

struct removal {
	struct weir_slice name;
	uint32_t id;
	bool more;
};

static bool forget_name_body(void *ctx, struct weir_lmdb_txn *txn, struct weir_err *err)
{
	struct removal *removal = ctx;
	struct local_topic topic;

	if (!local_topic_find(txn, removal->name, &topic, err))
		return false;
	removal->id = topic.id;
	return weir_lmdb_delete(txn, TABLE_TOPICS, removal->name, err);
}

static bool remove_body(void *ctx, struct weir_lmdb_txn *txn, struct weir_err *err)
{
	struct removal *removal = ctx;
	bool more_ends;

	return delete_some(txn, TABLE_BATCHES, removal->id, 2000, &removal->more, err) &&
	       delete_some(txn, TABLE_ENDS, removal->id, 2000, &more_ends, err);
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

static bool configure_body(void *ctx, struct weir_lmdb_txn *txn, struct weir_err *err)
{
	const struct weir_topic_config *config = ctx;
	struct local_topic topic;

	if (!local_topic_find(txn, config->name, &topic, err))
		return false;
	topic.config.cleanup = config->cleanup;
	topic.config.retention_ms = config->retention_ms;
	topic.config.retention_bytes = config->retention_bytes;
	return put_topic(txn, &topic.config, topic.id, err);
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

bool local_ends(
	struct weir_lmdb_txn *txn, uint32_t topic, int32_t partition, int64_t *ret_low, int64_t *ret_high, struct weir_err *err)
{
	char key_bytes[LOCAL_BATCH_KEY_BYTES];
	struct weir_slice key, value;
	bool found;

	local_batch_key(key_bytes, topic, partition, 0);
	if (!weir_lmdb_get(txn, TABLE_ENDS, weir_slice_make(key_bytes, 8), &value, &found, err))
		return false;
	*ret_low = *ret_high = 0;
	if (!found || value.len != sizeof *ret_high)
		return true;
	memcpy(ret_high, value.ptr, sizeof *ret_high);
	*ret_low = *ret_high;
	if (!weir_lmdb_seek(txn, TABLE_BATCHES, weir_slice_make(key_bytes, sizeof key_bytes), false, &key, &value, &found, err))
		return false;
	if (found && local_batch_key_matches(key, topic, partition))
		*ret_low = local_batch_key_offset(key);
	return true;
}

struct marks {
	struct weir_slice topic;
	int32_t partition;
	int64_t low, high;
};

static bool marks_body(struct weir_lmdb_txn *txn, void *ctx, struct weir_err *err)
{
	struct marks *marks = ctx;
	struct local_topic topic;

	if (!local_topic_find(txn, marks->topic, &topic, err))
		return false;
	if (marks->partition < 0 || marks->partition >= topic.config.partitions)
		return weir_err_set(err, WEIR_E_TOPIC_NOT_FOUND, "Topic '%.*s' has no partition %d", WEIR_SLICE_ARG(marks->topic),
			marks->partition);
	return local_ends(txn, topic.id, marks->partition, &marks->low, &marks->high, err);
}

bool local_watermarks(
	struct weir_log *log, struct weir_slice topic, int32_t partition, int64_t *ret_low, int64_t *ret_high, struct weir_err *err)
{
	struct marks marks = { .topic = topic, .partition = partition };

	if (!with_read(log, marks_body, &marks, err))
		return false;
	*ret_low = marks.low;
	*ret_high = marks.high;
	return true;
}
