/* EARLIEST_BY_OFFSET: the first value in arrival order; NULLs are left out unless told otherwise; with a number, the first values.
 */
#include "functions/aggregate/by_offset.h"

static enum weir_result earliest_add(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	if (state->is_null && (!ARG_IS_NULL(0) || !weir_by_offset_ignores_nulls(call, 0)))
		*state = (struct weir_value){ .cell.record = weir_by_offset_entry(call) };
	return WEIR_VALUE;
}

static enum weir_result earliest_merge(
	struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, struct weir_err *err)
{
	if (state->is_null ||
		(!other->is_null && weir_by_offset_sequence(other->cell.record) < weir_by_offset_sequence(state->cell.record)))
		*state = *other;
	return WEIR_VALUE;
}

static enum weir_result earliest_add_list(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	bool is_full = state->cell.array->count >= (size_t)call->literals[0].cell.i32;

	if (!is_full && (!ARG_IS_NULL(0) || !weir_by_offset_ignores_nulls(call, 1)))
		weir_by_offset_append(call, state, false);
	return WEIR_VALUE;
}

#define ONE                                                                                                                        \
	.types = weir_by_offset_types, .init = weir_state_init_null, .add = earliest_add, .merge = earliest_merge,                 \
	.finish = weir_by_offset_finish
#define LIST                                                                                                                       \
	.types = weir_by_offset_list_types, .init = weir_state_init_list, .add = earliest_add_list,                                \
	.merge = weir_by_offset_merge_list, .finish = weir_by_offset_finish_list

const struct weir_aggregate_function weir_aggregate_earliest_by_offset = {
	.name = "EARLIEST_BY_OFFSET",
	.summary = "The first value by offset, or the first several.",
	.overloads = {
		{ .params = { PARAM_GENERIC('T', "value") }, ONE },
		{ .params = { PARAM_GENERIC('T', "value") }, .literals = { PARAM(BOOLEAN, "ignoreNulls") }, ONE },
		{ .params = { PARAM_GENERIC('T', "value") }, .literals = { PARAM(INTEGER, "earliestN") }, LIST },
		{ .params = { PARAM_GENERIC('T', "value") }, .literals = { PARAM(INTEGER, "earliestN"), PARAM(BOOLEAN, "ignoreNulls") }, LIST },
	},
};
