/* COLLECT_LIST: all values in arrival order, NULLs included. */
#include "functions/aggregate/by_offset.h"
#include "types/compare.h"

static enum weir_result collect_add(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	weir_by_offset_push(call, state, ARG(0), ARG_IS_NULL(0), INT32_MAX, true);
	return WEIR_VALUE;
}

/* Removes the last item that is equal. */
static enum weir_result collect_undo(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	const struct weir_array *old = state->cell.array;

	for (size_t i = old->count; i-- > 0;) {
		bool is_null = weir_null_test(old->nulls, i);
		if (is_null != ARG_IS_NULL(0) || (!is_null && !weir_cell_equals(call->arg_types[0], old->items[i], ARG(0))))
			continue;
		weir_by_offset_init_list(call, state);
		for (size_t k = 0; k < old->count; k++)
			if (k != i)
				weir_array_append(call->arena, state, old->items[k], weir_null_test(old->nulls, k), 0);
		break;
	}
	return WEIR_VALUE;
}

static enum weir_result collect_merge(
	struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, struct weir_err *err)
{
	const struct weir_array *items = other->cell.array;

	for (size_t i = 0; i < items->count; i++)
		weir_array_append(call->arena, state, items->items[i], weir_null_test(items->nulls, i), 0);
	return WEIR_VALUE;
}

const struct weir_aggregate_function weir_aggregate_collect_list = {
	.name = "COLLECT_LIST",
	.summary = "All values in the order of their arrival, as an array.",
	.overloads = { { .params = { PARAM_GENERIC('T', "value") },
		.types = weir_by_offset_list_types,
		.init = weir_by_offset_init_list,
		.add = collect_add,
		.undo = collect_undo,
		.merge = collect_merge } },
};
