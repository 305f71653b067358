/* GROUP BY without windows: one state per group, kept in a store under the packed group (group.h).
 *
 * Holds:
 *  - input rows are keyed by their group already; a row marked as subtraction (of a table) undoes an earlier addition;
 *  - the result's timestamp is the greatest of the group's rows (semantics §6.2);
 *  - every update is emitted when the environment says so or somebody downstream compares versions (HAVING); otherwise each changed
 *    group is emitted once per commit, by flush.
 */
#include "operators/group.h"
#include "operators/list.h"
#include "types/pack.h"

struct aggregate {
	struct weir_op op; /* first */
	struct weir_store *store;
	struct weir_group group;
	bool needs_before, emits_every_update;
	const struct weir_row
		*pending_before; /* the version before a subtraction whose addition to the same group follows, in this batch */
};

static bool aggregate_open(struct weir_op *op, struct weir_err *err)
{
	struct aggregate *self = (struct aggregate *)op;

	self->needs_before = weir_group_needs_before(op);
	self->emits_every_update = op->env->emits_every_update || self->needs_before;
	/* A chain above a stored row (pull queries) has no store of its own to open. */
	return weir_group_open(&self->group, op, err) && op->env->store(op->env, op->node->store, &self->store, err);
}

/* *ret_timestamp INT64_MIN: a new group. */
static bool load_group(struct aggregate *self, int64_t *ret_timestamp, struct weir_err *err)
{
	struct weir_slice value;
	bool found;

	if (!weir_store_get(self->store, weir_buf_slice(&self->group.key), &value, &found, err))
		return false;
	if (!found) {
		*ret_timestamp = INT64_MIN;
		weir_group_reset(&self->group);
		return true;
	}
	/* States point into the store's bytes: they are read before the put below replaces them, which copies. Versions that must
	 * outlive the put are copied into the batch arena first. */
	if (self->emits_every_update)
		value = weir_arena_copy(self->op.env->batch_arena, value);
	return weir_group_load(&self->group, value, ret_timestamp, err);
}

static bool process_row(struct aggregate *self, const struct weir_row *row, struct weir_change_batch *out, struct weir_err *err)
{
	struct weir_group *group = &self->group;
	struct weir_change change = { 0 };
	int64_t timestamp;

	if (!weir_group_takes(group, row))
		return true;
	weir_buf_reset(&group->key);
	weir_pack_cells(&group->key, group->key_types, group->key_count, row->cells, row->nulls, 0);
	if (!load_group(self, &timestamp, err))
		return false;
	/* A group of a stream starts as the initial state, one of a table as nothing (semantics §6.1). */
	if (self->needs_before && (timestamp != INT64_MIN || self->op.node->kind == WEIR_NODE_AGGREGATE))
		change.before = self->pending_before
					? self->pending_before
					: weir_group_result(group, row, timestamp == INT64_MIN ? row->timestamp_ms : timestamp);
	self->pending_before = row->is_followed ? change.before : NULL;
	if (!weir_group_add(group, row, err))
		return false;
	timestamp = row->timestamp_ms > timestamp ? row->timestamp_ms : timestamp;
	if (self->emits_every_update && !row->is_followed) {
		change.after = change.key_row = weir_group_result(group, row, timestamp);
		*weir_change_batch_append(out) = change;
	}
	return weir_store_put(self->store, weir_buf_slice(&group->key), weir_group_pack(group, timestamp), err);
}

static bool aggregate_rows(struct weir_op *op, int port, const struct weir_batch *in, struct weir_err *err)
{
	struct aggregate *self = (struct aggregate *)op;
	struct weir_change_batch out;

	weir_change_batch_init(&out, in->arena, op->node->schema->count);
	self->pending_before = NULL;
	for (size_t i = 0; i < in->count; i++)
		if (!process_row(self, &in->rows[i], &out, err))
			return false;
	return weir_op_emit_changes(op, &out, err);
}

/* ---- Once per commit ---- */

struct flush {
	struct aggregate *aggregate;
	struct weir_change_batch batch;
};

static bool flush_entry(void *ctx, struct weir_slice key, struct weir_slice value, bool is_delete, struct weir_err *err)
{
	struct flush *flush = ctx;
	struct weir_row *row = WEIR_ARENA_NEW(flush->batch.arena, struct weir_row);

	if (!weir_stored_row(flush->aggregate->op.node, flush->batch.arena, key, value, row, err))
		return false;
	*weir_change_batch_append(&flush->batch) = (struct weir_change){ .key_row = row, .after = row };
	if (flush->batch.count < 1024)
		return true;
	bool ok = weir_op_emit_changes(&flush->aggregate->op, &flush->batch, err);
	weir_arena_reset(flush->batch.arena); /* as many groups as there are must not be in memory twice */
	weir_change_batch_init(&flush->batch, flush->batch.arena, flush->batch.width);
	return ok;
}

static bool aggregate_flush(struct weir_op *op, struct weir_err *err)
{
	struct aggregate *self = (struct aggregate *)op;
	struct flush flush = { .aggregate = self };

	if (self->emits_every_update)
		return true;
	weir_change_batch_init(&flush.batch, op->env->batch_arena, op->node->schema->count);
	return weir_store_each_dirty(self->store, flush_entry, &flush, err) && weir_op_emit_changes(op, &flush.batch, err);
}

static void aggregate_close(struct weir_op *op)
{
	struct aggregate *self = (struct aggregate *)op;

	weir_group_close(&self->group);
}

const struct weir_op_type weir_op_aggregate = {
	.name = "aggregate",
	.size = sizeof(struct aggregate),
	.open = aggregate_open,
	.rows = aggregate_rows,
	.flush = aggregate_flush,
	.close = aggregate_close,
};
