/* Reading in place: a fetch points into the map and lives until the next poll. */
#include "log/local/local_int.h"

#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#define OTHER_PROCESSES_MS 50 /* how often commits of other processes are looked for */

struct assignment {
	char *name;
	uint32_t topic;
	int32_t partition;
	int64_t offset;
	bool is_paused;
	void *tag;
};

struct weir_log_reader {
	struct local_log *log;
	struct weir_lmdb_txn *txn;
	WEIR_VEC(struct assignment) assignments;
	size_t turn;
	struct local_messages messages;
	uint64_t seen_generation; /* nothing was to be had in this one */
	bool is_exhausted, is_woken;
};

bool local_reader_open(struct weir_log *log, struct weir_log_reader **ret, struct weir_err *err)
{
	struct weir_log_reader *reader = weir_alloc_zero(sizeof *reader);

	reader->log = (struct local_log *)log;
	weir_arena_init(&reader->messages.headers, 1024);
	if (!weir_lmdb_read_begin(reader->log->env, &reader->txn, err)) {
		free(reader);
		return false;
	}
	weir_lmdb_read_reset(reader->txn);
	*ret = reader;
	return true;
}

void local_reader_close(struct weir_log_reader *reader)
{
	if (!reader)
		return;
	for (size_t i = 0; i < reader->assignments.count; i++)
		free(reader->assignments.items[i].name);
	WEIR_VEC_FREE(&reader->assignments);
	WEIR_VEC_FREE(&reader->messages.messages);
	weir_arena_fini(&reader->messages.headers);
	weir_lmdb_read_end(reader->txn);
	free(reader);
}

static char *copy_name(struct weir_slice name)
{
	char *copy = weir_alloc(name.len + 1);

	memcpy(copy, name.ptr, name.len);
	copy[name.len] = '\0';
	return copy;
}

static bool resolve_offset(struct weir_log_reader *reader, struct assignment *assignment, struct weir_err *err)
{
	int64_t low, high;

	if (!local_ends(reader->txn, assignment->topic, assignment->partition, &low, &high, err))
		return false;
	if (assignment->offset == WEIR_OFFSET_LATEST)
		assignment->offset = high;
	else if (assignment->offset < low)
		assignment->offset = low;
	return true;
}

bool local_assign(
	struct weir_log_reader *reader, struct weir_slice topic, int32_t partition, int64_t offset, void *tag, struct weir_err *err)
{
	struct local_topic found;

	if (!weir_lmdb_read_renew(reader->txn, err) || !local_topic_find(reader->txn, topic, &found, err))
		return false;
	if (partition < 0 || partition >= found.config.partitions)
		return weir_err_set(
			err, WEIR_E_TOPIC_NOT_FOUND, "Topic '%.*s' has no partition %d", WEIR_SLICE_ARG(topic), partition);
	struct assignment assignment = { .topic = found.id, .partition = partition, .offset = offset, .tag = tag };
	if (!resolve_offset(reader, &assignment, err))
		return false;
	assignment.name = copy_name(topic);
	WEIR_VEC_PUSH(&reader->assignments, assignment);
	reader->is_exhausted = false;
	weir_lmdb_read_reset(reader->txn);
	return true;
}

static struct assignment *find(struct weir_log_reader *reader, struct weir_slice topic, int32_t partition, void *tag)
{
	for (size_t i = 0; i < reader->assignments.count; i++) {
		struct assignment *a = &reader->assignments.items[i];
		if (a->tag == tag && a->partition == partition && weir_slice_is(topic, a->name))
			return a;
	}
	return NULL;
}

bool local_unassign(struct weir_log_reader *reader, struct weir_slice topic, int32_t partition, void *tag, struct weir_err *err)
{
	struct assignment *found = find(reader, topic, partition, tag);

	if (found) {
		free(found->name);
		*found = reader->assignments.items[--reader->assignments.count];
	}
	return true;
}

bool local_pause(
	struct weir_log_reader *reader, struct weir_slice topic, int32_t partition, void *tag, bool paused, struct weir_err *err)
{
	struct assignment *found = find(reader, topic, partition, tag);

	if (found)
		found->is_paused = paused;
	reader->is_exhausted = reader->is_exhausted && paused;
	return true;
}

/* ---- Polling ---- */

/* The batches from the assignment's offset on, until there are enough messages. */
static bool take(struct weir_log_reader *reader, struct assignment *a, size_t most, int64_t high, struct weir_err *err)
{
	char from[LOCAL_BATCH_KEY_BYTES];
	struct weir_slice key, batch;
	bool found;

	local_batch_key(from, a->topic, a->partition, a->offset);
	if (!weir_lmdb_seek_back(reader->txn, TABLE_BATCHES, weir_slice_make(from, sizeof from), &key, &batch, &found, err))
		return false;
	if (!found || !local_batch_key_matches(key, a->topic, a->partition)) { /* older ones are gone: begin at the first kept */
		if (!weir_lmdb_seek(
			    reader->txn, TABLE_BATCHES, weir_slice_make(from, sizeof from), false, &key, &batch, &found, err))
			return false;
	}
	while (found && local_batch_key_matches(key, a->topic, a->partition) && reader->messages.messages.count < most) {
		if (!local_batch_read(&reader->messages, batch, local_batch_key_offset(key), a->offset, most, err))
			return false;
		if (!weir_lmdb_seek(reader->txn, TABLE_BATCHES, key, true, &key, &batch, &found, err))
			return false;
	}
	size_t count = reader->messages.messages.count;
	a->offset = count ? reader->messages.messages.items[count - 1].offset + 1 : high;
	return true;
}

static bool try_fetch(struct weir_log_reader *reader, size_t most, struct weir_fetch *ret, struct weir_err *err)
{
	reader->messages.messages.count = 0;
	weir_arena_reset(&reader->messages.headers);
	if (!weir_lmdb_read_renew(reader->txn, err))
		return false;
	for (size_t tried = 0; tried < reader->assignments.count; tried++) {
		struct assignment *a = &reader->assignments.items[reader->turn++ % reader->assignments.count];
		int64_t low, high;
		if (a->is_paused)
			continue;
		if (!local_ends(reader->txn, a->topic, a->partition, &low, &high, err))
			return false;
		if (a->offset >= high)
			continue;
		if (!take(reader, a, most, high, err))
			return false;
		*ret = (struct weir_fetch){
			.topic = weir_slice_of(a->name),
			.partition = a->partition,
			.messages = reader->messages.messages.items,
			.count = reader->messages.messages.count,
			.next_offset = a->offset,
			.high_watermark = high,
			.tag = a->tag,
		};
		return true;
	}
	return true;
}

/* Until a commit of this process, a wake-up, or the time is over. */
static void wait_for_commit(struct weir_log_reader *reader, int timeout_ms)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += (long)timeout_ms * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&reader->log->lock);
	if (!reader->is_woken && weir_lmdb_generation(reader->log->env) == reader->seen_generation)
		pthread_cond_timedwait(&reader->log->committed, &reader->log->lock, &until);
	pthread_mutex_unlock(&reader->log->lock);
}

bool local_poll(struct weir_log_reader *reader, size_t max_messages, int timeout_ms, struct weir_fetch *ret, struct weir_err *err)
{
	*ret = (struct weir_fetch){ 0 };
	for (;;) {
		uint64_t generation = weir_lmdb_generation(reader->log->env);
		if (!reader->is_exhausted || generation != reader->seen_generation) {
			if (!try_fetch(reader, max_messages, ret, err))
				return false;
			if (ret->tag || ret->count)
				return true;
			reader->is_exhausted = true;
			reader->seen_generation = generation;
		}
		weir_lmdb_read_reset(reader->txn);
		pthread_mutex_lock(&reader->log->lock);
		bool woken = reader->is_woken;
		reader->is_woken = false;
		pthread_mutex_unlock(&reader->log->lock);
		if (woken || timeout_ms <= 0)
			return true;
		int step = timeout_ms < OTHER_PROCESSES_MS ? timeout_ms : OTHER_PROCESSES_MS;
		wait_for_commit(reader, step);
		timeout_ms -= step;
	}
}

void local_wake(struct weir_log_reader *reader)
{
	pthread_mutex_lock(&reader->log->lock);
	reader->is_woken = true;
	pthread_cond_broadcast(&reader->log->committed);
	pthread_mutex_unlock(&reader->log->lock);
}
