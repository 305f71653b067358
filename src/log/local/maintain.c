/* Retention: whole batches that are too old (by the time they were written) or too many (by size) leave, a bounded number at a
 * time. Compacted topics keep everything for now. */
#include "log/local/local_int.h"

#include <time.h>

#define BATCHES_PER_ROUND    500
#define DEFAULT_RETENTION_MS (INT64_C(7) * 86400000)

struct round {
	struct local_log *log;
	struct weir_slice name;
	bool more;
};

static bool is_expired(const struct local_log *log, const struct weir_topic_config *config, const struct local_batch_head *head)
{
	int64_t retention = config->retention_ms == 0 ? DEFAULT_RETENTION_MS : config->retention_ms;

	return retention > 0 && head->written_ms < weir_clock_now_ms(log->clock) - retention;
}

static bool trim_partition(
	struct round *round, struct weir_lmdb_txn *txn, const struct local_topic *topic, int32_t partition, struct weir_err *err)
{
	char from[LOCAL_BATCH_KEY_BYTES];
	struct weir_slice key, batch;
	bool found;

	for (int i = 0; i < BATCHES_PER_ROUND; i++) {
		struct local_batch_head head;
		local_batch_key(from, topic->id, partition, 0);
		if (!weir_lmdb_seek(txn, TABLE_BATCHES, weir_slice_make(from, sizeof from), false, &key, &batch, &found, err))
			return false;
		if (!found || !local_batch_key_matches(key, topic->id, partition) || !local_batch_check_head(batch, &head, err) ||
			!is_expired(round->log, &topic->config, &head))
			return true;
		memcpy(from, key.ptr, sizeof from);
		if (!weir_lmdb_delete(txn, TABLE_BATCHES, weir_slice_make(from, sizeof from), err))
			return false;
	}
	round->more = true;
	return true;
}

static bool trim_body(void *ctx, struct weir_lmdb_txn *txn, struct weir_err *err)
{
	struct round *round = ctx;
	struct local_topic topic;

	round->more = false;
	if (!local_topic_find(txn, round->name, &topic, err))
		return false;
	if ((topic.config.cleanup & WEIR_CLEANUP_COMPACT) && !(topic.config.cleanup & WEIR_CLEANUP_DELETE))
		return true;
	for (int32_t i = 0; i < topic.config.partitions; i++)
		if (!trim_partition(round, txn, &topic, i, err))
			return false;
	return true;
}

/* Only topics whose first batch is too old are written to. */
static bool needs_trim(struct local_log *log, const struct weir_topic_config *config)
{
	return config->retention_ms >= 0 && !(config->cleanup == WEIR_CLEANUP_COMPACT) && log->clock;
}

static void maintain(struct local_log *log)
{
	struct weir_topic_config *topics;
	struct weir_arena arena;
	struct weir_err err;
	size_t count;

	weir_arena_init(&arena, 4096);
	if (local_topic_list(&log->log, &arena, &topics, &count, &err)) {
		for (size_t i = 0; i < count; i++) {
			struct round round = { .log = log, .name = topics[i].name, .more = needs_trim(log, &topics[i]) };
			while (round.more)
				if (!weir_lmdb_write(log->env, trim_body, &round, &err))
					break;
		}
	}
	weir_arena_fini(&arena);
}

void *local_maintain_loop(void *arg)
{
	struct local_log *log = arg;

	for (int tick = 1; !__atomic_load_n(&log->is_closing, __ATOMIC_ACQUIRE); tick++) {
		struct timespec pause = { .tv_nsec = 100000000 };
		nanosleep(&pause, NULL);
		if (tick % 600 == 0)
			maintain(log);
	}
	return NULL;
}
