/* GROUP BY in tumbling and hopping windows (semantics §7).
 *
 * Stored under 8 bytes of window start (big endian), then the packed group (group.h). So the store's order is (start, key), the
 * order in which closed windows leave with EMIT FINAL. Holds:
 *  - stream time is the greatest timestamp of the rows that reached the operator; only it closes windows;
 *  - a row counts in each of its windows that ends after stream time - grace; for the others it is late, and counted as such;
 *  - EMIT CHANGES: as aggregate.c. EMIT FINAL: each window once, when stream time has passed its end by the grace.
 */
#include "operators/group.h"
#include "operators/list.h"
#include "operators/window.h"
#include "types/pack.h"

enum { STREAM_TIME, EMITTED_UNTIL, LATEST_START };

struct window_aggregate {
	struct weir_op op; /* first */
	struct weir_store *store;
	struct weir_window_times times;
	struct weir_group group;
	int64_t size, advance, grace, retention;
	int64_t oldest_start; /* no stored window starts before it */
	bool is_final, needs_before, emits_every_update;
};

static bool window_open(struct weir_op *op, struct weir_err *err)
{
	struct window_aggregate *self = (struct window_aggregate *)op;
	const struct weir_window_spec *window = &op->node->window;

	self->size = window->size_ms;
	self->advance = window->type == WEIR_WINDOW_HOPPING ? window->advance_ms : window->size_ms;
	self->grace = window->grace_ms;
	self->retention = window->retention_ms;
	self->is_final = window->is_final;
	self->needs_before = weir_group_needs_before(op) && !self->is_final;
	self->emits_every_update = !self->is_final && (op->env->emits_every_update || self->needs_before);
	return weir_group_open(&self->group, op, err) && op->env->store(op->env, op->node->store, &self->store, err) &&
	       weir_window_times_open(&self->times, op, -1, err);
}

/* ---- One row in one window ---- */

static bool load(struct window_aggregate *self, int64_t *ret_timestamp, struct weir_err *err)
{
	struct weir_slice value;
	bool found;

	if (!weir_store_get(self->store, weir_buf_slice(&self->group.key), &value, &found, err))
		return false;
	if (!found) {
		*ret_timestamp = -1;
		weir_group_reset(&self->group);
		return true;
	}
	if (self->emits_every_update)
		value = weir_arena_copy(self->op.env->batch_arena, value);
	return weir_group_load(&self->group, value, ret_timestamp, err);
}

static struct weir_row *result(struct window_aggregate *self, const struct weir_row *row, int64_t start, int64_t timestamp)
{
	struct weir_row *result = weir_group_result(&self->group, row, timestamp);

	result->has_window = true;
	result->window = (struct weir_window){ start, start + self->size };
	return result;
}

static bool add_to_window(struct window_aggregate *self, const struct weir_row *row, int64_t start, struct weir_change_batch *out,
	struct weir_err *err)
{
	struct weir_group *group = &self->group;
	struct weir_change change = { 0 };
	int64_t timestamp;

	weir_key_put_i64(group->key.data, start);
	if (!load(self, &timestamp, err))
		return false;
	if (self->needs_before)
		change.before = result(self, row, start, timestamp < 0 ? row->timestamp_ms : timestamp);
	if (!weir_group_add(group, row, err))
		return false;
	timestamp = row->timestamp_ms > timestamp ? row->timestamp_ms : timestamp;
	if (self->emits_every_update) {
		change.after = change.key_row = result(self, row, start, timestamp);
		*weir_change_batch_append(out) = change;
	}
	if (start > self->times.values[LATEST_START])
		self->times.values[LATEST_START] = start;
	if (start < self->oldest_start)
		self->oldest_start = start;
	return weir_store_put(self->store, weir_buf_slice(&group->key), weir_group_pack(group, timestamp), err);
}

/* ---- EMIT FINAL ---- */

static bool emit_stored(struct window_aggregate *self, struct weir_slice key, struct weir_slice value,
	struct weir_change_batch *out, struct weir_err *err)
{
	struct weir_arena *arena = self->op.env->batch_arena;
	struct weir_row *row = WEIR_ARENA_NEW(arena, struct weir_row);

	if (!weir_stored_row(self->op.node, arena, weir_arena_copy(arena, key), weir_arena_copy(arena, value), row, err))
		return false;
	*weir_change_batch_append(out) = (struct weir_change){ .key_row = row, .after = row };
	return true;
}

static bool emit_range(
	struct window_aggregate *self, int64_t first, int64_t last, struct weir_change_batch *out, struct weir_err *err)
{
	struct weir_buf *at = &self->group.value;
	bool after = false;

	weir_buf_reset(at);
	weir_key_append_i64(at, first);
	for (;;) {
		struct weir_slice key, value;
		bool found;
		if (!weir_store_seek(self->store, weir_buf_slice(at), after, &key, &value, &found, err))
			return false;
		if (!found || weir_key_get_i64(key.ptr) > last)
			return true;
		if (!emit_stored(self, key, value, out, err))
			return false;
		weir_buf_reset(at);
		weir_buf_append_slice(at, key);
		after = true;
	}
}

/* Windows that closed since the last time. Those that have left the store's retention are lost (semantics §7.4). */
static bool emit_closed(struct window_aggregate *self, struct weir_change_batch *out, struct weir_err *err)
{
	int64_t close_time = self->times.values[STREAM_TIME] - self->grace, until = self->times.values[EMITTED_UNTIL];
	int64_t first = until < 0 ? 0 : until - self->size + 1, last = close_time - self->size;
	int64_t kept = self->times.values[LATEST_START] - self->retention;

	if (close_time <= until || last < 0)
		return true;
	self->times.values[EMITTED_UNTIL] = close_time;
	first = first < 0 ? 0 : first;
	first = first < kept ? kept : first;
	/* No window starts between two multiples of the advance. */
	if (first > last || last / self->advance * self->advance < first)
		return true;
	return emit_range(self, first, last, out, err);
}

/* ---- Rows ---- */

static bool add_row(struct window_aggregate *self, const struct weir_row *row, struct weir_change_batch *out, struct weir_err *err)
{
	struct weir_group *group = &self->group;
	int64_t timestamp = row->timestamp_ms, first = timestamp - self->size + self->advance;

	if (!weir_group_takes(group, row))
		return true;
	if (timestamp > self->times.values[STREAM_TIME])
		self->times.values[STREAM_TIME] = timestamp;
	int64_t close_time = self->times.values[STREAM_TIME] - self->grace;
	weir_buf_reset(&group->key);
	weir_key_append_i64(&group->key, 0);
	weir_pack_cells(&group->key, group->key_types, group->key_count, row->cells, row->nulls, 0);
	for (int64_t start = (first < 0 ? 0 : first) / self->advance * self->advance; start <= timestamp; start += self->advance) {
		if (start + self->size <= close_time)
			weir_op_drop(&self->op, WEIR_DROP_LATE, NULL);
		else if (!add_to_window(self, row, start, out, err))
			return false;
	}
	return !self->is_final || emit_closed(self, out, err);
}

static bool window_rows(struct weir_op *op, int port, const struct weir_batch *in, struct weir_err *err)
{
	struct window_aggregate *self = (struct window_aggregate *)op;
	struct weir_change_batch out;

	weir_change_batch_init(&out, in->arena, op->node->schema->count);
	for (size_t i = 0; i < in->count; i++)
		if (!add_row(self, &in->rows[i], &out, err))
			return false;
	return weir_op_emit_changes(op, &out, err);
}

/* ---- Once per commit ---- */

struct flush {
	struct window_aggregate *self;
	struct weir_change_batch batch;
};

static bool flush_entry(void *ctx, struct weir_slice key, struct weir_slice value, bool is_delete, struct weir_err *err)
{
	struct flush *flush = ctx;

	return is_delete || emit_stored(flush->self, key, value, &flush->batch, err);
}

static bool window_flush(struct weir_op *op, struct weir_err *err)
{
	struct window_aggregate *self = (struct window_aggregate *)op;
	struct flush flush = { .self = self };

	weir_change_batch_init(&flush.batch, op->env->batch_arena, op->node->schema->count);
	if (!self->is_final && !self->emits_every_update &&
		(!weir_store_each_dirty(self->store, flush_entry, &flush, err) || !weir_op_emit_changes(op, &flush.batch, err)))
		return false;
	return weir_window_expire(self->store, self->times.values[LATEST_START] - self->retention, &self->oldest_start, err) &&
	       weir_window_times_save(&self->times, err);
}

static void window_close(struct weir_op *op)
{
	weir_group_close(&((struct window_aggregate *)op)->group);
}

const struct weir_op_type weir_op_window_aggregate = {
	.name = "window aggregate",
	.size = sizeof(struct window_aggregate),
	.open = window_open,
	.rows = window_rows,
	.flush = window_flush,
	.close = window_close,
};
