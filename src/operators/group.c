/* The states of one group: packing, adding, merging, results. Shared by the aggregations (aggregate.c, window_aggregate.c,
 * session_aggregate.c).
 */
#include "operators/group.h"

#include "operators/list.h"
#include "types/pack.h"

/* ---- Opening ---- */

static const struct weir_type **stored_types(struct weir_arena *arena, const struct weir_plan_node *node)
{
	const struct weir_schema *child = node->children[0]->schema;
	const struct weir_type **types =
		WEIR_ARENA_ARRAY(arena, const struct weir_type *, node->carried_count + node->aggregate_count);

	for (size_t i = 0; i < node->carried_count; i++)
		types[i] = child->columns[node->carried[i]].type;
	for (size_t i = 0; i < node->aggregate_count; i++)
		types[node->carried_count + i] = node->aggregates[i].binding.state_type;
	return types;
}

static const struct weir_type **key_types(struct weir_arena *arena, const struct weir_plan_node *node)
{
	const struct weir_schema *child = node->children[0]->schema;
	const struct weir_type **types = WEIR_ARENA_ARRAY(arena, const struct weir_type *, child->key_count);

	for (size_t i = 0; i < child->key_count; i++)
		types[i] = child->columns[i].type;
	return types;
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

static bool open_aggregates(struct weir_group *group, struct weir_err *err)
{
	const struct weir_plan_node *node = group->op->node;
	struct weir_arena *arena = group->op->env->task_arena;

	group->args = WEIR_ARENA_ARRAY(arena, struct weir_evaluator **, node->aggregate_count);
	group->calls = WEIR_ARENA_ARRAY(arena, struct weir_aggregate_call, node->aggregate_count);
	for (size_t i = 0; i < node->aggregate_count; i++) {
		const struct weir_plan_aggregate *aggregate = &node->aggregates[i];
		call_init(&group->calls[i], aggregate, arena);
		group->args[i] = WEIR_ARENA_ARRAY(arena, struct weir_evaluator *, group->calls[i].arg_count);
		for (size_t k = 0; k < group->calls[i].arg_count; k++)
			if (!weir_evaluator_new(arena, aggregate->args[k], &group->args[i][k], err))
				return false;
	}
	return true;
}

bool weir_group_open(struct weir_group *group, struct weir_op *op, struct weir_err *err)
{
	struct weir_arena *arena = op->env->task_arena;

	*group = (struct weir_group){
		.op = op,
		.stored = stored_types(arena, op->node),
		.carried = op->node->carried_count,
		.states = op->node->aggregate_count,
		.key_types = key_types(arena, op->node),
		.key_count = op->node->children[0]->schema->key_count,
		.sequence = weir_clock_now_ms(op->env->eval.clock) * 1000,
	};
	size_t stored = group->carried + group->states;
	group->cells = WEIR_ARENA_ARRAY(arena, union weir_cell, stored);
	group->nulls = WEIR_ARENA_ARRAY(arena, uint64_t, weir_null_words(stored) + 1);
	weir_buf_init(&group->key, WEIR_BUF_NO_LIMIT);
	weir_buf_init(&group->value, WEIR_BUF_NO_LIMIT);
	return open_aggregates(group, err);
}

void weir_group_close(struct weir_group *group)
{
	weir_buf_fini(&group->key);
	weir_buf_fini(&group->value);
}

bool weir_group_needs_before(const struct weir_op *op)
{
	for (const struct weir_op *down = op->down; down; down = down->down)
		if (down->node && down->node->kind != WEIR_NODE_TABLE_PROJECT)
			return true;
	return false;
}

/* ---- States ---- */

static struct weir_value state_get(const struct weir_group *group, size_t i)
{
	size_t cell = group->carried + i;

	return (struct weir_value){ .cell = group->cells[cell], .is_null = weir_null_test(group->nulls, cell) };
}

static void state_set(struct weir_group *group, size_t i, const struct weir_value *state)
{
	size_t cell = group->carried + i;

	group->cells[cell] = state->cell;
	weir_null_assign(group->nulls, cell, state->is_null);
}

void weir_group_reset(struct weir_group *group)
{
	for (size_t i = 0; i < group->carried; i++)
		weir_null_set(group->nulls, i);
	for (size_t i = 0; i < group->states; i++) {
		struct weir_value state = { 0 };
		group->op->node->aggregates[i].binding.overload->init(&group->calls[i], &state);
		state_set(group, i, &state);
	}
}

bool weir_group_load(struct weir_group *group, struct weir_slice value, int64_t *ret_timestamp, struct weir_err *err)
{
	if (value.len < 8 ||
		!weir_unpack_cells(weir_slice_make(value.ptr + 8, value.len - 8), group->stored, group->carried + group->states,
			group->op->env->batch_arena, group->cells, group->nulls, 0, NULL))
		return weir_err_set(err, WEIR_E_STORE_CORRUPT, "A stored group is damaged");
	memcpy(ret_timestamp, value.ptr, 8);
	return true;
}

struct weir_slice weir_group_pack(struct weir_group *group, int64_t timestamp)
{
	weir_buf_reset(&group->value);
	weir_buf_append(&group->value, &timestamp, 8);
	weir_pack_cells(&group->value, group->stored, group->carried + group->states, group->cells, group->nulls, 0);
	return weir_buf_slice(&group->value);
}

bool weir_group_takes(struct weir_group *group, const struct weir_row *row)
{
	if (!row->value_is_null && !row->key_is_null)
		return true;
	weir_op_drop(group->op, row->value_is_null ? WEIR_DROP_NULL_VALUE : WEIR_DROP_NULL_KEY, NULL);
	return false;
}

static void evaluate_args(struct weir_group *group, size_t i, const struct weir_row *row)
{
	struct weir_aggregate_call *call = &group->calls[i];
	union weir_cell *args = (union weir_cell *)call->args;
	bool *nulls = (bool *)call->arg_is_null;
	struct weir_err err;

	call->arena = group->op->env->batch_arena;
	call->sequence = group->sequence;
	for (size_t k = 0; k < call->arg_count; k++) {
		enum weir_result result = weir_evaluate(group->args[i][k], &group->op->env->eval, row, &args[k], &err);
		nulls[k] = result != WEIR_VALUE;
		if (result == WEIR_FAILED && group->op->env->on_error)
			group->op->env->on_error(group->op->env, &err);
	}
}

bool weir_group_add(struct weir_group *group, const struct weir_row *row, struct weir_err *err)
{
	group->sequence++;
	for (size_t i = 0; i < group->states; i++) {
		const struct weir_aggregate_overload *overload = group->op->node->aggregates[i].binding.overload;
		struct weir_value state = state_get(group, i);
		evaluate_args(group, i, row);
		enum weir_result result = row->is_subtraction ? overload->undo(&group->calls[i], &state, err)
							      : overload->add(&group->calls[i], &state, err);
		if (result == WEIR_FAILED)
			return false;
		state_set(group, i, &state);
	}
	for (size_t i = 0; i < group->carried && !row->is_subtraction; i++) {
		size_t from = (size_t)group->op->node->carried[i];
		group->cells[i] = row->cells[from];
		weir_null_assign(group->nulls, i, weir_row_is_null(row, from));
	}
	return true;
}

/* What the cells hold becomes the left side, `value` the later one. */
bool weir_group_merge(struct weir_group *group, struct weir_slice value, struct weir_err *err)
{
	size_t count = group->carried + group->states;
	struct weir_arena *arena = group->op->env->batch_arena;
	union weir_cell *cells = weir_arena_alloc(arena, count * sizeof *cells);
	uint64_t *nulls = weir_arena_alloc_zero(arena, (weir_null_words(count) + 1) * sizeof *nulls);

	if (value.len < 8 || !weir_unpack_cells(weir_slice_make(value.ptr + 8, value.len - 8), group->stored, count, arena, cells,
				     nulls, 0, NULL))
		return weir_err_set(err, WEIR_E_STORE_CORRUPT, "A stored session is damaged");
	for (size_t i = 0; i < group->carried; i++) {
		if (!weir_null_test(group->nulls, i))
			continue;
		group->cells[i] = cells[i];
		weir_null_assign(group->nulls, i, weir_null_test(nulls, i));
	}
	for (size_t i = 0; i < group->states; i++) {
		size_t cell = group->carried + i;
		struct weir_value state = state_get(group, i),
				  other = { .cell = cells[cell], .is_null = weir_null_test(nulls, cell) };
		group->calls[i].arena = arena;
		if (group->op->node->aggregates[i].binding.overload->merge(&group->calls[i], &state, &other, err) == WEIR_FAILED)
			return false;
		state_set(group, i, &state);
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

struct weir_row *weir_group_result(struct weir_group *group, const struct weir_row *keyed, int64_t timestamp)
{
	struct weir_arena *arena = group->op->env->batch_arena;
	struct weir_row *row = WEIR_ARENA_NEW(arena, struct weir_row);
	size_t keys = group->key_count;

	weir_row_alloc(row, arena, group->op->node->schema->count);
	weir_row_copy_header(row, keyed);
	row->timestamp_ms = timestamp;
	row->is_subtraction = row->is_followed = row->value_is_null = false;
	memcpy(row->cells, keyed->cells, keys * sizeof *row->cells);
	for (size_t i = 0; i < keys; i++)
		weir_null_assign(row->nulls, i, weir_row_is_null(keyed, i));
	for (size_t i = 0; i < group->carried; i++) {
		row->cells[keys + i] = group->cells[i];
		weir_null_assign(row->nulls, keys + i, weir_null_test(group->nulls, i));
	}
	finish_states(group->op->node, group->calls, arena, group->carried, group->cells, group->nulls, keys + group->carried, row);
	return row;
}

/* ---- Stored groups as rows, for flush and pull queries ---- */

bool weir_group_row_read(const struct weir_plan_node *node, struct weir_arena *arena, struct weir_slice key,
	struct weir_slice value, struct weir_row *row, struct weir_err *err)
{
	size_t keys = node->children[0]->schema->key_count, carried = node->carried_count, states = node->aggregate_count;
	size_t stored = carried + states;
	union weir_cell *cells = weir_arena_alloc(arena, stored * sizeof *cells);
	uint64_t *nulls = weir_arena_alloc_zero(arena, (weir_null_words(stored) + 1) * sizeof *nulls);

	weir_row_alloc(row, arena, node->schema->count);
	if (value.len < 8 || !weir_unpack_cells(key, key_types(arena, node), keys, arena, row->cells, row->nulls, 0, NULL) ||
		!weir_unpack_cells(weir_slice_make(value.ptr + 8, value.len - 8), stored_types(arena, node), stored, arena, cells,
			nulls, 0, NULL))
		return weir_err_set(err, WEIR_E_STORE_CORRUPT, "A stored group is damaged");
	memcpy(&row->timestamp_ms, value.ptr, 8);
	for (size_t i = 0; i < carried; i++) {
		row->cells[keys + i] = cells[i];
		weir_null_assign(row->nulls, keys + i, weir_null_test(nulls, i));
	}
	struct weir_aggregate_call *calls = WEIR_ARENA_ARRAY(arena, struct weir_aggregate_call, states);
	for (size_t i = 0; i < states; i++)
		call_init(&calls[i], &node->aggregates[i], arena);
	finish_states(node, calls, arena, carried, cells, nulls, keys + carried, row);
	return true;
}
