/* EARLIEST_BY_OFFSET: the first value in arrival order; NULLs are left out unless told otherwise; with a number, the first values.
 */
#include "functions/aggregate/by_offset.h"

static bool ignores_nulls(const struct weir_aggregate_call *call, size_t i)
{
	return call->literal_count <= i || call->literals[i].cell.boolean;
}

static enum weir_result earliest_add(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	if (state->is_null && !ARG_IS_NULL(0))
		*state = (struct weir_value){ .cell = ARG(0) };
	return WEIR_VALUE;
}

static enum weir_result earliest_merge(
	struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, struct weir_err *err)
{
	if (state->is_null)
		*state = *other;
	return WEIR_VALUE;
}

static enum weir_result earliest_add_list(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	if (!ARG_IS_NULL(0) || !ignores_nulls(call, 1))
		weir_by_offset_push(call, state, ARG(0), ARG_IS_NULL(0), call->literals[0].cell.i32, true);
	return WEIR_VALUE;
}

static enum weir_result earliest_merge_list(
	struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, struct weir_err *err)
{
	const struct weir_array *items = other->cell.array;

	for (size_t i = 0; i < items->count; i++)
		weir_by_offset_push(
			call, state, items->items[i], weir_null_test(items->nulls, i), call->literals[0].cell.i32, true);
	return WEIR_VALUE;
}

/* With ignoreNulls given the state is a list of at most one, so that a first NULL is remembered as such. */
static bool flagged_types(struct weir_arena *arena, const struct weir_type *const *args, size_t count,
	const struct weir_value *literals, size_t literal_count, const struct weir_type **ret_state,
	const struct weir_type **ret_result, struct weir_err *err)
{
	*ret_state = weir_type_array(arena, args[0]);
	*ret_result = args[0];
	return true;
}

static enum weir_result flagged_add(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	if (!ARG_IS_NULL(0) || !ignores_nulls(call, 0))
		weir_by_offset_push(call, state, ARG(0), ARG_IS_NULL(0), 1, true);
	return WEIR_VALUE;
}

static enum weir_result flagged_merge(
	struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, struct weir_err *err)
{
	const struct weir_array *items = other->cell.array;

	if (items->count)
		weir_by_offset_push(call, state, items->items[0], weir_null_test(items->nulls, 0), 1, true);
	return WEIR_VALUE;
}

static enum weir_result flagged_finish(
	const struct weir_aggregate_call *call, const struct weir_value *state, struct weir_value *ret, struct weir_err *err)
{
	const struct weir_array *items = state->cell.array;

	ret->is_null = items->count == 0 || weir_null_test(items->nulls, 0);
	if (!ret->is_null)
		ret->cell = items->items[0];
	return WEIR_VALUE;
}

#define LIST                                                                                                                       \
	.types = weir_by_offset_list_types, .init = weir_by_offset_init_list, .add = earliest_add_list, .merge = earliest_merge_list

const struct weir_aggregate_function weir_aggregate_earliest_by_offset = {
	.name = "EARLIEST_BY_OFFSET",
	.summary = "The first value by offset, or the first several.",
	.overloads = {
		{ .params = { PARAM_GENERIC('T', "value") },
			.types = weir_by_offset_types,
			.init = weir_by_offset_init,
			.add = earliest_add,
			.merge = earliest_merge },
		{ .params = { PARAM_GENERIC('T', "value") },
			.literals = { PARAM(BOOLEAN, "ignoreNulls") },
			.types = flagged_types,
			.init = weir_by_offset_init_list,
			.add = flagged_add,
			.merge = flagged_merge,
			.finish = flagged_finish },
		{ .params = { PARAM_GENERIC('T', "value") }, .literals = { PARAM(INTEGER, "earliestN") }, LIST },
		{ .params = { PARAM_GENERIC('T', "value") }, .literals = { PARAM(INTEGER, "earliestN"), PARAM(BOOLEAN, "ignoreNulls") }, LIST },
	},
};
