/* LATEST_BY_OFFSET: the last value in arrival order; NULLs are left out unless told otherwise; with a number, the last values. */
#include "functions/aggregate/by_offset.h"

static bool ignores_nulls(const struct weir_aggregate_call *call, size_t i)
{
	return call->literal_count <= i || call->literals[i].cell.boolean;
}

static enum weir_result latest_add(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	if (ARG_IS_NULL(0) && ignores_nulls(call, 0))
		return WEIR_VALUE;
	*state = (struct weir_value){ .cell = ARG(0), .is_null = ARG_IS_NULL(0) };
	return WEIR_VALUE;
}

static enum weir_result latest_merge(
	struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, struct weir_err *err)
{
	if (!other->is_null || !ignores_nulls(call, 0))
		*state = *other;
	return WEIR_VALUE;
}

static enum weir_result latest_add_list(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	if (!ARG_IS_NULL(0) || !ignores_nulls(call, 1))
		weir_by_offset_push(call, state, ARG(0), ARG_IS_NULL(0), call->literals[0].cell.i32, false);
	return WEIR_VALUE;
}

static enum weir_result latest_merge_list(
	struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, struct weir_err *err)
{
	const struct weir_array *items = other->cell.array;

	for (size_t i = 0; i < items->count; i++)
		weir_by_offset_push(
			call, state, items->items[i], weir_null_test(items->nulls, i), call->literals[0].cell.i32, false);
	return WEIR_VALUE;
}

#define ONE .types = weir_by_offset_types, .init = weir_by_offset_init, .add = latest_add, .merge = latest_merge
#define LIST                                                                                                                       \
	.types = weir_by_offset_list_types, .init = weir_by_offset_init_list, .add = latest_add_list, .merge = latest_merge_list

const struct weir_aggregate_function weir_aggregate_latest_by_offset = {
	.name = "LATEST_BY_OFFSET",
	.summary = "The last value by offset, or the last several.",
	.overloads = {
		{ .params = { PARAM_GENERIC('T', "value") }, ONE },
		{ .params = { PARAM_GENERIC('T', "value") }, .literals = { PARAM(BOOLEAN, "ignoreNulls") }, ONE },
		{ .params = { PARAM_GENERIC('T', "value") }, .literals = { PARAM(INTEGER, "latestN") }, LIST },
		{ .params = { PARAM_GENERIC('T', "value") }, .literals = { PARAM(INTEGER, "latestN"), PARAM(BOOLEAN, "ignoreNulls") }, LIST },
	},
};
