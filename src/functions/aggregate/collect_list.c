/* COLLECT_LIST: all values in arrival order, NULLs included. */
#include "functions/aggregate/collect.h"

static enum weir_result collect_add(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	const struct weir_array *old = state->cell.array;
	struct weir_values list;

	if (weir_list_is_full(call, old->count))
		return WEIR_VALUE;
	weir_values_init(&list, call->arena, old->count + 1);
	weir_list_add_all(&list, old);
	weir_values_add(&list, ARG(0), ARG_IS_NULL(0));
	weir_values_finish(&list, &state->cell);
	return WEIR_VALUE;
}

/* Removes the last item that is equal. */
static enum weir_result collect_undo(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	const struct weir_array *old = state->cell.array;
	size_t at = weir_list_find_last(call->arg_types[0], old, ARG(0), ARG_IS_NULL(0));
	struct weir_values list;

	if (at == SIZE_MAX)
		return WEIR_VALUE;
	weir_values_init(&list, call->arena, old->count);
	for (size_t i = 0; i < old->count; i++)
		if (i != at)
			weir_values_add_from(&list, old, i);
	weir_values_finish(&list, &state->cell);
	return WEIR_VALUE;
}

static enum weir_result collect_merge(
	struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, struct weir_err *err)
{
	struct weir_values list;

	weir_values_init(&list, call->arena, state->cell.array->count + other->cell.array->count);
	weir_list_add_all(&list, state->cell.array);
	for (size_t i = 0; i < other->cell.array->count && !weir_list_is_full(call, state->cell.array->count + i); i++)
		weir_values_add_from(&list, other->cell.array, i);
	weir_values_finish(&list, &state->cell);
	return WEIR_VALUE;
}

const struct weir_aggregate_function weir_aggregate_collect_list = {
	.name = "COLLECT_LIST",
	.spelling = "collect_list",
	.summary = "All values in the order of their arrival, as an array.",
	.overloads = { { .params = { PARAM_GENERIC('T', "value") },
		RETURNS_ARRAY('T'),
		.init = weir_state_init_list,
		.add = collect_add,
		.undo = collect_undo,
		.merge = collect_merge } },
};
