/* Reading in place: a fetch points into the map and lives until the next poll. A tool's readers copy each batch instead, so that a
 * tool which is slow to print never holds old pages of a server's file. */
#include "log/local/local_int.h"

#include "base/memory.h"

#include <stdlib.h>

/* A batch that was not read to its end: known by its offset and sum, so it is neither summed nor decompressed again. */
struct open_batch {
	bool is_open;
	int64_t base_offset;
	uint32_t crc;
	size_t position;
	int32_t index, last_delta;
};

struct assignment {
	char *name;
	uint32_t topic;
	int32_t partition;
	int64_t offset;
	bool is_paused;
	void *tag;
	struct open_batch open;
	struct weir_buf plain; /* of a compressed batch, or a tool's copy */
};

struct weir_log_reader {
	struct local_log *log;
	struct weir_lmdb_txn *txn;
	WEIR_VEC(struct assignment) assignments;
	size_t turn;
	WEIR_VEC(struct weir_message) messages;
	struct weir_arena headers;
	struct local_coder *coder;
	uint64_t seen_generation; /* nothing was to be had in this one */
	bool is_exhausted;
	bool is_woken; /* atomic: any thread */
};

bool local_reader_open(struct weir_log *log, struct weir_log_reader **ret, struct weir_err *err)
{
	struct weir_log_reader *reader = weir_alloc_zero(sizeof *reader);

	reader->log = (struct local_log *)log;
	if (!weir_lmdb_read_begin(reader->log->env, &reader->txn, err)) {
		free(reader);
		return false;
	}
	weir_arena_init(&reader->headers, 1024);
	weir_lmdb_read_reset(reader->txn);
	*ret = reader;
	return true;
}

static void forget(struct assignment *assignment)
{
	free(assignment->name);
	weir_buf_fini(&assignment->plain);
}

void local_reader_close(struct weir_log_reader *reader)
{
	if (!reader)
		return;
	for (size_t i = 0; i < reader->assignments.count; i++)
		forget(&reader->assignments.items[i]);
	WEIR_VEC_FREE(&reader->assignments);
	WEIR_VEC_FREE(&reader->messages);
	weir_arena_fini(&reader->headers);
	local_coder_free(reader->coder);
	weir_lmdb_read_end(reader->txn);
	free(reader);
}

/* ---- Assignments ---- */

static char *copy_name(struct weir_slice name)
{
	char *copy = weir_alloc(name.len + 1);

	memcpy(copy, name.ptr, name.len);
	copy[name.len] = '\0';
	return copy;
}

static bool locate(struct weir_log_reader *reader, struct weir_slice name, struct assignment *assignment, struct weir_err *err)
{
	struct local_topic found;
	struct local_ends ends;

	if (!local_topic_find(reader->txn, name, &found, err) ||
		!local_topic_check_partition(&found, name, assignment->partition, err) ||
		!local_ends_get(reader->txn, found.id, assignment->partition, &ends, err))
		return false;
	assignment->topic = found.id;
	if (assignment->offset == WEIR_OFFSET_LATEST)
		assignment->offset = ends.end;
	else if (assignment->offset < ends.low)
		assignment->offset = ends.low;
	return true;
}

bool local_assign(
	struct weir_log_reader *reader, struct weir_slice topic, int32_t partition, int64_t offset, void *tag, struct weir_err *err)
{
	struct assignment assignment = { .partition = partition, .offset = offset, .tag = tag };

	if (!weir_lmdb_read_renew(reader->txn, err))
		return false;
	bool ok = locate(reader, topic, &assignment, err);
	weir_lmdb_read_reset(reader->txn);
	if (!ok)
		return false;
	assignment.name = copy_name(topic);
	weir_buf_init(&assignment.plain, LOCAL_MAX_BATCH_BYTES);
	WEIR_VEC_PUSH(&reader->assignments, assignment);
	reader->is_exhausted = false;
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
		forget(found);
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

/* ---- One batch ---- */

static bool expand(struct weir_log_reader *reader, struct assignment *a, const struct local_batch *batch, struct weir_err *err)
{
	enum local_codec codec = batch->attributes & LOCAL_BATCH_CODEC;

	weir_buf_reset(&a->plain);
	if (codec == LOCAL_CODEC_NONE)
		weir_buf_append_slice(&a->plain, batch->body);
	else if (!local_decompress(&reader->coder, codec, batch->body, &a->plain, err))
		return false;
	return true;
}

/* *ret_cursor stands where reading goes on; *ret_is_copy: its bytes are in a->plain. */
static bool open_batch(struct weir_log_reader *reader, struct assignment *a, struct weir_slice key, struct weir_slice bytes,
	struct local_batch *batch, struct local_record_cursor *ret_cursor, bool *ret_is_copy, struct weir_err *err)
{
	if (!local_batch_peek(bytes, batch, err))
		return false;
	bool goes_on = a->open.is_open && a->open.base_offset == batch->base_offset && a->open.crc == batch->crc;
	if (!goes_on && !local_batch_open(bytes, batch, err))
		return false;
	if (batch->base_offset != local_batch_key_offset(key))
		return weir_err_set(err, WEIR_E_LOG_CORRUPT, "the batch of records belongs elsewhere (offset %lld)",
			(long long)batch->base_offset);
	*ret_is_copy = reader->log->is_tool || (batch->attributes & LOCAL_BATCH_CODEC) != LOCAL_CODEC_NONE;
	if (*ret_is_copy && !goes_on && !expand(reader, a, batch, err))
		return false;
	struct weir_slice body = *ret_is_copy ? weir_buf_slice(&a->plain) : batch->body;
	local_record_cursor_init(ret_cursor, body);
	if (goes_on && a->open.position <= body.len) {
		ret_cursor->p = ret_cursor->start + a->open.position;
		ret_cursor->index = a->open.index;
		ret_cursor->last_delta = a->open.last_delta;
	}
	return true;
}

static bool take_records(struct weir_log_reader *reader, struct assignment *a, const struct local_batch *batch,
	struct local_record_cursor *cursor, size_t most, struct weir_err *err)
{
	while (cursor->index < batch->count && reader->messages.count < most) {
		struct weir_message *message = &reader->messages.items[reader->messages.count];
		if (!local_record_next(cursor, batch, &reader->headers, message, err))
			return false;
		if (message->offset >= a->offset)
			reader->messages.count++;
	}
	return true;
}

/* *ret_is_done: no further batch may be added to this fetch. */
static bool take_batch(struct weir_log_reader *reader, struct assignment *a, struct weir_slice key, struct weir_slice bytes,
	size_t most, bool *ret_is_done, struct weir_err *err)
{
	struct local_batch batch;
	struct local_record_cursor cursor;
	bool is_copy = false;

	if (!open_batch(reader, a, key, bytes, &batch, &cursor, &is_copy, err) ||
		!take_records(reader, a, &batch, &cursor, most, err)) {
		a->open.is_open = false;
		return false;
	}
	a->open.is_open = cursor.index < batch.count;
	if (a->open.is_open) {
		a->open.base_offset = batch.base_offset;
		a->open.crc = batch.crc;
		a->open.position = (size_t)(cursor.p - cursor.start);
		a->open.index = cursor.index;
		a->open.last_delta = cursor.last_delta;
		a->offset = batch.base_offset + cursor.last_delta + 1;
	} else if (a->offset <= batch.base_offset + batch.last_delta) {
		a->offset = batch.base_offset + batch.last_delta + 1;
	}
	*ret_is_done = a->open.is_open || reader->messages.count >= most || (is_copy && reader->messages.count > 0);
	return true;
}

/* ---- Polling ---- */

/* The batch that holds the offset, else the first one behind it. */
static bool seek(struct weir_log_reader *reader, const struct assignment *a, struct weir_slice *ret_key,
	struct weir_slice *ret_bytes, bool *ret_found, struct weir_err *err)
{
	char from[LOCAL_BATCH_KEY_BYTES];
	struct weir_slice start = weir_slice_make(from, sizeof from);

	local_batch_key(from, a->topic, a->partition, a->offset);
	if (!weir_lmdb_seek_back(reader->txn, TABLE_BATCHES, start, ret_key, ret_bytes, ret_found, err))
		return false;
	if (*ret_found && local_batch_key_matches(*ret_key, a->topic, a->partition))
		return true;
	return weir_lmdb_seek(reader->txn, TABLE_BATCHES, start, false, ret_key, ret_bytes, ret_found, err);
}

static bool take(struct weir_log_reader *reader, struct assignment *a, size_t most, int64_t high, struct weir_err *err)
{
	struct weir_slice key, bytes;
	bool found, is_done = false;

	if (!seek(reader, a, &key, &bytes, &found, err))
		return false;
	while (!is_done && found && local_batch_key_matches(key, a->topic, a->partition)) {
		if (!take_batch(reader, a, key, bytes, most, &is_done, err))
			return weir_err_prefix(err, "Topic '%s', partition %d, offset %lld", a->name, a->partition,
				(long long)local_batch_key_offset(key));
		if (!is_done && !weir_lmdb_next(reader->txn, TABLE_BATCHES, &key, &bytes, &found, err))
			return false;
	}
	if (!is_done) /* nothing is left up to the end, or it was compacted away */
		a->offset = high;
	return true;
}

static void make_room(struct weir_log_reader *reader, size_t most)
{
	reader->messages.count = 0;
	weir_arena_reset(&reader->headers);
	if (reader->messages.capacity > most)
		return;
	reader->messages.capacity = most + 1;
	reader->messages.items = weir_realloc(reader->messages.items, reader->messages.capacity * sizeof *reader->messages.items);
}

static bool try_fetch(struct weir_log_reader *reader, size_t most, struct weir_fetch *ret, struct weir_err *err)
{
	make_room(reader, most);
	if (!weir_lmdb_read_renew(reader->txn, err))
		return false;
	for (size_t tried = 0; tried < reader->assignments.count; tried++) {
		struct assignment *a = &reader->assignments.items[reader->turn++ % reader->assignments.count];
		struct local_ends ends;
		if (a->is_paused)
			continue;
		if (!local_ends_get(reader->txn, a->topic, a->partition, &ends, err))
			return false;
		if (a->offset >= ends.end)
			continue;
		if (!take(reader, a, most, ends.end, err))
			return false;
		*ret = (struct weir_fetch){
			.topic = weir_slice_of(a->name),
			.partition = a->partition,
			.messages = reader->messages.items,
			.count = reader->messages.count,
			.next_offset = a->offset,
			.high_watermark = ends.end,
			.tag = a->tag,
		};
		return true;
	}
	return true;
}

/* true: something is in *ret. */
static bool look(struct weir_log_reader *reader, size_t most, struct weir_fetch *ret, bool *ret_any, struct weir_err *err)
{
	uint64_t generation = weir_lmdb_generation(reader->log->env);

	*ret_any = false;
	if (reader->is_exhausted && generation == reader->seen_generation)
		return true;
	reader->seen_generation = generation;
	if (!try_fetch(reader, most, ret, err)) {
		weir_lmdb_read_reset(reader->txn);
		return false;
	}
	*ret_any = ret->topic.ptr != NULL;
	reader->is_exhausted = !*ret_any;
	if (!*ret_any || reader->log->is_tool)
		weir_lmdb_read_reset(reader->txn);
	return true;
}

bool local_poll(struct weir_log_reader *reader, size_t max_messages, int timeout_ms, struct weir_fetch *ret, struct weir_err *err)
{
	int64_t until_us = timeout_ms > 0 ? weir_clock_monotonic_us(&weir_system_clock) + (int64_t)timeout_ms * 1000 : 0;
	struct weir_fetch fetch = { 0 };

	local_snapshot_release(&reader->log->snapshots);
	for (;;) {
		uint32_t seen = local_wake_load(&reader->log->wake);
		bool any;
		if (!look(reader, max_messages, &fetch, &any, err))
			return false;
		bool woken = __atomic_exchange_n(&reader->is_woken, false, __ATOMIC_SEQ_CST);
		int64_t left_us = timeout_ms > 0 ? until_us - weir_clock_monotonic_us(&weir_system_clock) : 0;
		if (any || woken || left_us <= 0) {
			*ret = fetch;
			return true;
		}
		local_wake_wait(&reader->log->wake, seen, (int)((left_us + 999) / 1000));
	}
}

void local_wake(struct weir_log_reader *reader)
{
	__atomic_store_n(&reader->is_woken, true, __ATOMIC_SEQ_CST);
	local_wake_all(&reader->log->wake);
}
