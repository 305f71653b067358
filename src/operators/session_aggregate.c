/* GROUP BY in session windows (semantics §7.2–7.4).
 *
 * Stored under (segment, packed group, end, start), see window.h; the segment is that of the end. With EMIT FINAL a second store
 * lists the sessions not emitted yet by (end, start, packed group). Holds:
 *  - a row joins all sessions of its group that are at most the gap away from it, both ends inclusive; each of them is deleted and
 * the merged one takes their place: a tombstone for each in the order of their ends, then the new row;
 *  - aggregates are merged oldest first, then the row is added;
 *  - every update is emitted at once: tombstones cannot be put off.
 */
#include "base/vec.h"
#include "operators/group.h"
#include "operators/list.h"
#include "operators/window.h"
#include "types/pack.h"

enum { STREAM_TIME, EMITTED_UNTIL, LATEST_END };

struct stored_session {
	struct weir_slice key, value; /* in the batch arena */
	struct weir_window window;
};

struct session_aggregate {
	struct weir_op op; /* first */
	struct weir_store *store, *open_sessions;
	struct weir_window_times times;
	struct weir_group group;
	int64_t gap, grace, retention, segment;
	int64_t oldest_segment;
	bool is_final, needs_before;
	struct weir_buf packed, seek; /* the group at hand; scratch */
	WEIR_VEC(struct stored_session) found;
};

static bool session_open(struct weir_op *op, struct weir_err *err)
{
	struct session_aggregate *self = (struct session_aggregate *)op;
	const struct weir_window_spec *window = &op->node->window;
	struct weir_slice open_name = weir_arena_printf(op->env->task_arena, "%.*s-Open", WEIR_SLICE_ARG(op->node->store));

	self->gap = window->size_ms;
	self->grace = window->grace_ms;
	self->retention = window->retention_ms;
	self->segment = weir_session_segment_ms(window);
	self->is_final = window->is_final;
	self->needs_before = weir_group_needs_before(op) && !self->is_final;
	weir_buf_init(&self->packed, WEIR_BUF_NO_LIMIT);
	weir_buf_init(&self->seek, WEIR_BUF_NO_LIMIT);
	for (size_t i = 0; i < op->node->aggregate_count; i++)
		if (!op->node->aggregates[i].binding.overload->merge)
			return weir_err_set(err, WEIR_E_NOT_SUPPORTED, "%s in session windows is not supported yet",
				op->node->aggregates[i].function->name);
	return weir_group_open(&self->group, op, err) && op->env->store(op->env, op->node->store, &self->store, err) &&
	       (!self->is_final || op->env->store(op->env, open_name, &self->open_sessions, err)) &&
	       weir_window_times_open(&self->times, op, -1, err);
}

int64_t weir_session_segment_ms(const struct weir_window_spec *window)
{
	int64_t half = window->retention_ms / 2, least = window->size_ms > 0 ? window->size_ms : 1;

	return half > least ? half : least;
}

/* ---- Keys ---- */

static struct weir_slice session_key(struct session_aggregate *self, const struct weir_window *window)
{
	struct weir_buf *key = &self->group.key;

	weir_buf_reset(key);
	weir_key_append_i64(key, window->end_ms / self->segment * self->segment);
	weir_buf_append_slice(key, weir_buf_slice(&self->packed));
	weir_key_append_i64(key, window->end_ms);
	weir_key_append_i64(key, window->start_ms);
	return weir_buf_slice(key);
}

static struct weir_slice open_key(struct session_aggregate *self, const struct weir_window *window)
{
	weir_buf_reset(&self->seek);
	weir_key_append_i64(&self->seek, window->end_ms);
	weir_key_append_i64(&self->seek, window->start_ms);
	weir_buf_append_slice(&self->seek, weir_buf_slice(&self->packed));
	return weir_buf_slice(&self->seek);
}

/* ---- The sessions that a row joins ---- */

static bool is_of_group(const struct session_aggregate *self, struct weir_slice key)
{
	return key.len == WEIR_SEGMENT_BYTES + self->packed.len + WEIR_SEGMENT_TAIL &&
	       memcmp(key.ptr + WEIR_SEGMENT_BYTES, self->packed.data, self->packed.len) == 0;
}

static void remember(struct session_aggregate *self, struct weir_slice key, struct weir_slice value)
{
	struct weir_arena *arena = self->op.env->batch_arena;
	struct stored_session session = { .key = weir_arena_copy(arena, key), .value = weir_arena_copy(arena, value) };

	session.window.end_ms = weir_key_get_i64(key.ptr + key.len - 16);
	session.window.start_ms = weir_key_get_i64(key.ptr + key.len - 8);
	WEIR_VEC_PUSH(&self->found, session);
}

/* Those of one segment that end at `earliest` or later and start at `latest` or earlier. *ret_segment: the next one with state. */
static bool find_in_segment(
	struct session_aggregate *self, int64_t earliest, int64_t latest, int64_t *segment, bool *ret_done, struct weir_err *err)
{
	struct weir_slice key, value;
	bool found, after = false;

	weir_buf_reset(&self->seek);
	weir_key_append_i64(&self->seek, *segment);
	weir_buf_append_slice(&self->seek, weir_buf_slice(&self->packed));
	weir_key_append_i64(&self->seek, earliest);
	for (;;) {
		if (!weir_store_seek(self->store, weir_buf_slice(&self->seek), after, &key, &value, &found, err))
			return false;
		if (!found) {
			*ret_done = true;
			return true;
		}
		int64_t at = weir_key_get_i64(key.ptr);
		if (at != *segment || !is_of_group(self, key)) {
			*segment = at > *segment ? at : *segment + self->segment;
			return true;
		}
		if (weir_key_get_i64(key.ptr + key.len - 8) > latest) {
			*ret_done = true;
			return true;
		}
		remember(self, key, value);
		weir_buf_reset(&self->seek);
		weir_buf_append_slice(&self->seek, key);
		after = true;
	}
}

static bool find_sessions(struct session_aggregate *self, int64_t timestamp, struct weir_err *err)
{
	int64_t earliest = timestamp - self->gap, latest = timestamp + self->gap;
	int64_t kept = self->times.values[LATEST_END] - self->retention + 1;
	bool is_done = false;

	self->found.count = 0;
	earliest = earliest < kept ? kept : earliest;
	earliest = earliest < 0 ? 0 : earliest;
	for (int64_t segment = earliest / self->segment * self->segment; !is_done && segment <= self->times.values[LATEST_END];)
		if (!find_in_segment(self, earliest, latest, &segment, &is_done, err))
			return false;
	return true;
}

/* ---- Changes ---- */

static struct weir_row *with_window(struct weir_row *row, const struct weir_window *window)
{
	row->has_window = true;
	row->window = *window;
	row->timestamp_ms = window->end_ms;
	return row;
}

static bool emit_tombstone(struct session_aggregate *self, const struct weir_row *row, const struct stored_session *session,
	struct weir_change_batch *out, struct weir_err *err)
{
	struct weir_change change = { 0 };
	int64_t timestamp;

	weir_group_reset(&self->group);
	if (self->needs_before) {
		if (!weir_group_load(&self->group, session->value, &timestamp, err))
			return false;
		change.before = with_window(weir_group_result(&self->group, row, 0), &session->window);
	}
	struct weir_row *key_row = with_window(weir_group_result(&self->group, row, 0), &session->window);
	key_row->value_is_null = true;
	change.key_row = key_row;
	*weir_change_batch_append(out) = change;
	return true;
}

static bool remove_merged(
	struct session_aggregate *self, const struct weir_row *row, struct weir_change_batch *out, struct weir_err *err)
{
	for (size_t i = 0; i < self->found.count; i++) {
		const struct stored_session *session = &self->found.items[i];
		if (!weir_store_delete(self->store, session->key, err) ||
			(self->is_final && !weir_store_delete(self->open_sessions, open_key(self, &session->window), err)) ||
			(!self->is_final && !emit_tombstone(self, row, session, out, err)))
			return false;
	}
	return true;
}

static bool put_session(struct session_aggregate *self, const struct weir_row *row, const struct weir_window *window,
	struct weir_change_batch *out, struct weir_err *err)
{
	int64_t segment = window->end_ms / self->segment * self->segment;

	weir_group_reset(&self->group);
	for (size_t i = 0; i < self->found.count; i++)
		if (!weir_group_merge(&self->group, self->found.items[i].value, err))
			return false;
	if (!weir_group_add(&self->group, row, err))
		return false;
	if (segment < self->oldest_segment)
		self->oldest_segment = segment;
	if (window->end_ms > self->times.values[LATEST_END])
		self->times.values[LATEST_END] = window->end_ms;
	if (!weir_store_put(self->store, session_key(self, window), weir_group_pack(&self->group, window->end_ms), err))
		return false;
	if (self->is_final)
		return weir_store_put(self->open_sessions, open_key(self, window), (struct weir_slice){ 0 }, err);
	struct weir_row *result = with_window(weir_group_result(&self->group, row, 0), window);
	*weir_change_batch_append(out) = (struct weir_change){ .key_row = result, .after = result };
	return true;
}

static void merge_windows(const struct session_aggregate *self, struct weir_window *window)
{
	for (size_t i = 0; i < self->found.count; i++) {
		const struct weir_window *other = &self->found.items[i].window;
		window->start_ms = other->start_ms < window->start_ms ? other->start_ms : window->start_ms;
		window->end_ms = other->end_ms > window->end_ms ? other->end_ms : window->end_ms;
	}
}

/* ---- EMIT FINAL ---- */

static bool emit_session(struct session_aggregate *self, struct weir_slice key, struct weir_change_batch *out, struct weir_err *err)
{
	struct weir_arena *arena = self->op.env->batch_arena;
	struct weir_window window = { .start_ms = weir_key_get_i64(key.ptr + 8), .end_ms = weir_key_get_i64(key.ptr) };
	struct weir_row *row = WEIR_ARENA_NEW(arena, struct weir_row);
	struct weir_slice value;
	bool found;

	weir_buf_reset(&self->packed);
	weir_buf_append(&self->packed, key.ptr + 16, key.len - 16);
	struct weir_slice stored = session_key(self, &window);
	if (!weir_store_get(self->store, stored, &value, &found, err))
		return false;
	if (!found)
		return true;
	if (!weir_stored_row(self->op.node, arena, weir_arena_copy(arena, stored), weir_arena_copy(arena, value), row, err))
		return false;
	*weir_change_batch_append(out) = (struct weir_change){ .key_row = row, .after = row };
	return true;
}

static bool emit_closed(struct session_aggregate *self, struct weir_change_batch *out, struct weir_err *err)
{
	struct weir_arena *arena = self->op.env->batch_arena;
	int64_t close_time = self->times.values[STREAM_TIME] - self->grace - self->gap, until = self->times.values[EMITTED_UNTIL];
	char from[8];

	if (close_time <= until || close_time <= 0)
		return true;
	self->times.values[EMITTED_UNTIL] = close_time;
	weir_key_put_i64(from, until < 0 ? 0 : until);
	for (;;) {
		struct weir_slice key, value;
		bool found;
		if (!weir_store_seek(self->open_sessions, weir_slice_make(from, 8), false, &key, &value, &found, err))
			return false;
		if (!found || weir_key_get_i64(key.ptr) >= close_time)
			return true;
		struct weir_slice copy = weir_arena_copy(arena, key);
		if (!weir_store_delete(self->open_sessions, copy, err) || !emit_session(self, copy, out, err))
			return false;
	}
}

/* ---- Rows ---- */

static bool add_row(struct session_aggregate *self, const struct weir_row *row, struct weir_change_batch *out, struct weir_err *err)
{
	struct weir_group *group = &self->group;
	struct weir_window window = { row->timestamp_ms, row->timestamp_ms };

	if (!weir_group_takes(group, row))
		return true;
	if (row->timestamp_ms > self->times.values[STREAM_TIME])
		self->times.values[STREAM_TIME] = row->timestamp_ms;
	weir_buf_reset(&self->packed);
	weir_pack_cells(&self->packed, group->key_types, group->key_count, row->cells, row->nulls, 0);
	if (!find_sessions(self, row->timestamp_ms, err))
		return false;
	merge_windows(self, &window);
	if (window.end_ms < self->times.values[STREAM_TIME] - self->grace - self->gap) {
		weir_op_drop(&self->op, WEIR_DROP_LATE, NULL);
	} else {
		bool is_same_point = window.start_ms == window.end_ms;
		if ((!is_same_point && !remove_merged(self, row, out, err)) || !put_session(self, row, &window, out, err))
			return false;
	}
	return !self->is_final || emit_closed(self, out, err);
}

static bool session_rows(struct weir_op *op, int port, const struct weir_batch *in, struct weir_err *err)
{
	struct session_aggregate *self = (struct session_aggregate *)op;
	struct weir_change_batch out;

	weir_change_batch_init(&out, in->arena, op->node->schema->count);
	for (size_t i = 0; i < in->count; i++)
		if (!add_row(self, &in->rows[i], &out, err))
			return false;
	return weir_op_emit_changes(op, &out, err);
}

static bool session_flush(struct weir_op *op, struct weir_err *err)
{
	struct session_aggregate *self = (struct session_aggregate *)op;
	int64_t limit = self->times.values[LATEST_END] - self->retention - self->segment;

	return weir_window_expire(self->store, limit, &self->oldest_segment, err) && weir_window_times_save(&self->times, err);
}

static void session_close(struct weir_op *op)
{
	struct session_aggregate *self = (struct session_aggregate *)op;

	weir_group_close(&self->group);
	weir_buf_fini(&self->packed);
	weir_buf_fini(&self->seek);
	WEIR_VEC_FREE(&self->found);
}

const struct weir_op_type weir_op_session_aggregate = {
	.name = "session aggregate",
	.size = sizeof(struct session_aggregate),
	.open = session_open,
	.rows = session_rows,
	.flush = session_flush,
	.close = session_close,
};
