/* GROUP BY: one state per group, kept in a store.
 *
 * Stored under the packed group: 8 bytes of timestamp, then the packed cells [carried columns…, states…].
 * Holds:
 *  - input rows are keyed by their group already; a row marked as subtraction (of a table) undoes an earlier addition;
 *  - the result's timestamp is the greatest of the group's rows (semantics §6.2);
 *  - every update is emitted when the environment says so or somebody downstream compares versions (HAVING); otherwise each changed
 *    group is emitted once per commit, by flush.
 */
#include "operators/list.h"
#include "types/pack.h"

struct group_types {
	const struct weir_type **stored; /* carried, states */
	size_t carried, states;
};

struct aggregate {
	struct weir_op op; /* first */
	struct weir_store *store;
	struct group_types types;
	const struct weir_type **key_types;
	size_t key_count;
	struct weir_evaluator ***args; /* per aggregate */
	struct weir_aggregate_call *calls;
	struct weir_buf key, value;
	bool needs_before, emits_every_update;
	const struct weir_row
		*pending_before; /* the version before a subtraction whose addition to the same group follows, in this batch */
	int64_t sequence;        /* of the last row added; starts at the wall clock's microseconds, to be ahead of earlier runs */
	union weir_cell *cells;  /* of the group at hand: carried, states */
	uint64_t *nulls;
};

static void types_init(struct group_types *types, struct weir_arena *arena, const struct weir_plan_node *node)
{
	const struct weir_schema *child = node->children[0]->schema;

	types->carried = node->carried_count;
	types->states = node->aggregate_count;
	types->stored = WEIR_ARENA_ARRAY(arena, const struct weir_type *, types->carried + types->states);
	for (size_t i = 0; i < types->carried; i++)
		types->stored[i] = child->columns[node->carried[i]].type;
	for (size_t i = 0; i < types->states; i++)
		types->stored[types->carried + i] = node->aggregates[i].binding.state_type;
}

static void call_init(struct weir_aggregate_call *call, const struct weir_plan_aggregate *plan, struct weir_arena *arena)
{
	size_t count = plan->binding.column_arg_count;
	const struct weir_type **types = WEIR_ARENA_ARRAY(arena, const struct weir_type *, count);

	for (size_t i = 0; i < count; i++)
		types[i] = plan->args[i]->type;
	*call = (struct weir_aggregate_call){
		.args = WEIR_ARENA_ARRAY(arena, union weir_cell, count),
		.arg_is_null = WEIR_ARENA_ARRAY(arena, bool, count),
		.arg_types = types,
		.arg_count = count,
		.state_type = plan->binding.state_type,
		.return_type = plan->binding.return_type,
		.literals = plan->binding.literals,
		.literal_count = plan->binding.literal_count,
	};
}

static bool open_aggregates(struct aggregate *self, struct weir_err *err)
{
	const struct weir_plan_node *node = self->op.node;
	struct weir_arena *arena = self->op.env->task_arena;

	self->args = WEIR_ARENA_ARRAY(arena, struct weir_evaluator **, node->aggregate_count);
	self->calls = WEIR_ARENA_ARRAY(arena, struct weir_aggregate_call, node->aggregate_count);
	for (size_t i = 0; i < node->aggregate_count; i++) {
		const struct weir_plan_aggregate *aggregate = &node->aggregates[i];
		call_init(&self->calls[i], aggregate, arena);
		self->args[i] = WEIR_ARENA_ARRAY(arena, struct weir_evaluator *, self->calls[i].arg_count);
		for (size_t k = 0; k < self->calls[i].arg_count; k++)
			if (!weir_evaluator_new(arena, aggregate->args[k], &self->args[i][k], err))
				return false;
	}
	return true;
}

static bool aggregate_open(struct weir_op *op, struct weir_err *err)
{
	struct aggregate *self = (struct aggregate *)op;
	struct weir_arena *arena = op->env->task_arena;
	const struct weir_schema *child = op->node->children[0]->schema;

	if (op->node->window.type != WEIR_WINDOW_NONE)
		return weir_err_set(err, WEIR_E_NOT_SUPPORTED, "Windowed aggregation is not supported yet");
	types_init(&self->types, arena, op->node);
	self->key_count = child->key_count;
	self->key_types = WEIR_ARENA_ARRAY(arena, const struct weir_type *, self->key_count);
	for (size_t i = 0; i < self->key_count; i++)
		self->key_types[i] = child->columns[i].type;
	size_t stored = self->types.carried + self->types.states;
	self->cells = WEIR_ARENA_ARRAY(arena, union weir_cell, stored);
	self->nulls = WEIR_ARENA_ARRAY(arena, uint64_t, weir_null_words(stored) + 1);
	weir_buf_init(&self->key, WEIR_BUF_NO_LIMIT);
	weir_buf_init(&self->value, WEIR_BUF_NO_LIMIT);
	for (const struct weir_op *down = op->down; down; down = down->down)
		self->needs_before = self->needs_before || (down->node && down->node->kind != WEIR_NODE_TABLE_PROJECT);
	self->emits_every_update = op->env->emits_every_update || self->needs_before;
	self->sequence = weir_clock_now_ms(op->env->eval.clock) * 1000;
	/* A chain above a stored row (pull queries) has no store of its own to open. */
	return open_aggregates(self, err) && op->env->store(op->env, op->node->store, &self->store, err);
}

/* ---- The state of one group ---- */

static struct weir_value state_get(const struct aggregate *self, size_t i)
{
	size_t cell = self->types.carried + i;

	return (struct weir_value){ .cell = self->cells[cell], .is_null = weir_null_test(self->nulls, cell) };
}

static void state_set(struct aggregate *self, size_t i, const struct weir_value *state)
{
	size_t cell = self->types.carried + i;

	self->cells[cell] = state->cell;
	weir_null_assign(self->nulls, cell, state->is_null);
}

static void init_states(struct aggregate *self)
{
	for (size_t i = 0; i < self->types.carried; i++)
		weir_null_set(self->nulls, i);
	for (size_t i = 0; i < self->types.states; i++) {
		struct weir_value state = { 0 };
		self->op.node->aggregates[i].binding.overload->init(&self->calls[i], &state);
		state_set(self, i, &state);
	}
}

/* *ret_timestamp INT64_MIN: a new group. */
static bool load_group(struct aggregate *self, int64_t *ret_timestamp, struct weir_err *err)
{
	struct weir_arena *arena = self->op.env->batch_arena;
	struct weir_slice value;
	bool found;

	if (!weir_store_get(self->store, weir_buf_slice(&self->key), &value, &found, err))
		return false;
	if (!found) {
		*ret_timestamp = INT64_MIN;
		init_states(self);
		return true;
	}
	/* States point into the store's bytes: they are read before the put below replaces them, which copies. Versions that must
	 * outlive the put are copied into the batch arena first. */
	if (self->emits_every_update)
		value = weir_arena_copy(arena, value);
	if (value.len < 8 || !weir_unpack_cells(weir_slice_make(value.ptr + 8, value.len - 8), self->types.stored,
				     self->types.carried + self->types.states, arena, self->cells, self->nulls, 0, NULL))
		return weir_err_set(err, WEIR_E_STORE_CORRUPT, "A stored group is damaged");
	memcpy(ret_timestamp, value.ptr, 8);
	return true;
}

static bool save_group(struct aggregate *self, int64_t timestamp, struct weir_err *err)
{
	weir_buf_reset(&self->value);
	weir_buf_append(&self->value, &timestamp, 8);
	weir_pack_cells(&self->value, self->types.stored, self->types.carried + self->types.states, self->cells, self->nulls, 0);
	return weir_store_put(self->store, weir_buf_slice(&self->key), weir_buf_slice(&self->value), err);
}

static void evaluate_args(struct aggregate *self, size_t i, const struct weir_row *row)
{
	struct weir_aggregate_call *call = &self->calls[i];
	union weir_cell *args = (union weir_cell *)call->args;
	bool *nulls = (bool *)call->arg_is_null;
	struct weir_err err;

	call->arena = self->op.env->batch_arena;
	call->sequence = self->sequence;
	for (size_t k = 0; k < call->arg_count; k++) {
		enum weir_result result = weir_evaluate(self->args[i][k], &self->op.env->eval, row, &args[k], &err);
		nulls[k] = result != WEIR_VALUE;
		if (result == WEIR_FAILED && self->op.env->on_error)
			self->op.env->on_error(self->op.env, &err);
	}
}

/* Errors: a state that cannot take the row, such as a DECIMAL sum beyond its type: no later sum would be true. */
static bool update_states(struct aggregate *self, const struct weir_row *row, struct weir_err *ret_err)
{
	self->sequence++;
	for (size_t i = 0; i < self->types.states; i++) {
		const struct weir_aggregate_overload *overload = self->op.node->aggregates[i].binding.overload;
		struct weir_value state = state_get(self, i);
		struct weir_err err;
		evaluate_args(self, i, row);
		enum weir_result result = row->is_subtraction ? overload->undo(&self->calls[i], &state, &err)
							      : overload->add(&self->calls[i], &state, &err);
		if (result == WEIR_FAILED) {
			weir_err_copy(ret_err, &err);
			return false;
		}
		state_set(self, i, &state);
	}
	for (size_t i = 0; i < self->types.carried && !row->is_subtraction; i++) {
		size_t from = (size_t)self->op.node->carried[i];
		self->cells[i] = row->cells[from];
		weir_null_assign(self->nulls, i, weir_row_is_null(row, from));
	}
	return true;
}

/* ---- Results ---- */

static void finish_states(const struct weir_plan_node *node, const struct weir_aggregate_call *calls, struct weir_arena *arena,
	size_t carried, const union weir_cell *cells, const uint64_t *nulls, size_t first, struct weir_row *row)
{
	for (size_t i = 0; i < node->aggregate_count; i++) {
		struct weir_value state = { .cell = cells[carried + i], .is_null = weir_null_test(nulls, carried + i) },
				  result = state;
		const struct weir_aggregate_overload *overload = node->aggregates[i].binding.overload;
		struct weir_aggregate_call call = calls[i];
		struct weir_err err;
		call.arena = arena;
		if (overload->finish && overload->finish(&call, &state, &result, &err) != WEIR_VALUE)
			result.is_null = true;
		row->cells[first + i] = result.cell;
		weir_null_assign(row->nulls, first + i, result.is_null);
	}
}

static struct weir_row *result_row(struct aggregate *self, const struct weir_row *keyed, int64_t timestamp)
{
	struct weir_arena *arena = self->op.env->batch_arena;
	struct weir_row *row = WEIR_ARENA_NEW(arena, struct weir_row);
	size_t keys = self->key_count;

	weir_row_alloc(row, arena, self->op.node->schema->count);
	weir_row_copy_header(row, keyed);
	row->timestamp_ms = timestamp;
	row->is_subtraction = row->is_followed = row->value_is_null = false;
	memcpy(row->cells, keyed->cells, keys * sizeof *row->cells);
	for (size_t i = 0; i < keys; i++)
		weir_null_assign(row->nulls, i, weir_row_is_null(keyed, i));
	for (size_t i = 0; i < self->types.carried; i++) {
		row->cells[keys + i] = self->cells[i];
		weir_null_assign(row->nulls, keys + i, weir_null_test(self->nulls, i));
	}
	finish_states(
		self->op.node, self->calls, arena, self->types.carried, self->cells, self->nulls, keys + self->types.carried, row);
	return row;
}

static bool process_row(struct aggregate *self, const struct weir_row *row, struct weir_change_batch *out, struct weir_err *err)
{
	struct weir_change change = { 0 };
	int64_t timestamp;

	if (row->value_is_null || row->key_is_null) {
		weir_op_drop(&self->op, row->value_is_null ? WEIR_DROP_NULL_VALUE : WEIR_DROP_NULL_KEY, NULL);
		return true;
	}
	weir_buf_reset(&self->key);
	weir_pack_cells(&self->key, self->key_types, self->key_count, row->cells, row->nulls, 0);
	if (!load_group(self, &timestamp, err))
		return false;
	/* A group of a stream starts as the initial state, one of a table as nothing (semantics §6.1). */
	if (self->needs_before && (timestamp != INT64_MIN || self->op.node->kind == WEIR_NODE_AGGREGATE))
		change.before = self->pending_before
					? self->pending_before
					: result_row(self, row, timestamp == INT64_MIN ? row->timestamp_ms : timestamp);
	self->pending_before = row->is_followed ? change.before : NULL;
	if (!update_states(self, row, err))
		return false;
	timestamp = row->timestamp_ms > timestamp ? row->timestamp_ms : timestamp;
	if (self->emits_every_update && !row->is_followed) {
		change.after = change.key_row = result_row(self, row, timestamp);
		*weir_change_batch_append(out) = change;
	}
	return save_group(self, timestamp, err);
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

	weir_buf_fini(&self->key);
	weir_buf_fini(&self->value);
}

const struct weir_op_type weir_op_aggregate = {
	.name = "aggregate",
	.size = sizeof(struct aggregate),
	.open = aggregate_open,
	.rows = aggregate_rows,
	.flush = aggregate_flush,
	.close = aggregate_close,
};

/* ---- Stored groups as rows, for flush and pull queries ---- */

bool weir_group_row_read(const struct weir_plan_node *node, struct weir_arena *arena, struct weir_slice key,
	struct weir_slice value, struct weir_row *row, struct weir_err *err)
{
	struct group_types types;
	const struct weir_schema *child = node->children[0]->schema;
	size_t keys = child->key_count;
	const struct weir_type **key_types = WEIR_ARENA_ARRAY(arena, const struct weir_type *, keys);

	types_init(&types, arena, node);
	for (size_t i = 0; i < keys; i++)
		key_types[i] = child->columns[i].type;
	size_t stored = types.carried + types.states;
	union weir_cell *cells = weir_arena_alloc(arena, stored * sizeof *cells);
	uint64_t *nulls = weir_arena_alloc_zero(arena, (weir_null_words(stored) + 1) * sizeof *nulls);
	weir_row_alloc(row, arena, node->schema->count);
	if (value.len < 8 || !weir_unpack_cells(key, key_types, keys, arena, row->cells, row->nulls, 0, NULL) ||
		!weir_unpack_cells(
			weir_slice_make(value.ptr + 8, value.len - 8), types.stored, stored, arena, cells, nulls, 0, NULL))
		return weir_err_set(err, WEIR_E_STORE_CORRUPT, "A stored group is damaged");
	memcpy(&row->timestamp_ms, value.ptr, 8);
	for (size_t i = 0; i < types.carried; i++) {
		row->cells[keys + i] = cells[i];
		weir_null_assign(row->nulls, keys + i, weir_null_test(nulls, i));
	}
	struct weir_aggregate_call *calls = WEIR_ARENA_ARRAY(arena, struct weir_aggregate_call, types.states);
	for (size_t i = 0; i < types.states; i++)
		call_init(&calls[i], &node->aggregates[i], arena);
	finish_states(node, calls, arena, types.carried, cells, nulls, keys + types.carried, row);
	return true;
}
