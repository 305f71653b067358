/* COLLECT_SET: every different value once, in the order of first arrival, NULL included. */
#include "functions/aggregate/collect.h"

static bool contains(const struct weir_type *type, const struct weir_array *array, union weir_cell cell, bool is_null)
{
	return weir_list_find_last(type, array, cell, is_null) != SIZE_MAX;
}

static enum weir_result set_add(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	const struct weir_array *old = state->cell.array;
	struct weir_values list;

	if (weir_list_is_full(call, old->count) || contains(call->arg_types[0], old, ARG(0), ARG_IS_NULL(0)))
		return WEIR_VALUE;
	weir_values_init(&list, call->arena, old->count + 1);
	weir_list_add_all(&list, old);
	weir_values_add(&list, ARG(0), ARG_IS_NULL(0));
	weir_values_finish(&list, &state->cell);
	return WEIR_VALUE;
}

static enum weir_result set_merge(
	struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, struct weir_err *err)
{
	const struct weir_array *left = state->cell.array, *right = other->cell.array;
	struct weir_values list;

	weir_values_init(&list, call->arena, left->count + right->count);
	weir_list_add_all(&list, left);
	size_t count = left->count;
	for (size_t i = 0; i < right->count && !weir_list_is_full(call, count); i++) {
		if (contains(call->arg_types[0], left, right->items[i], weir_null_test(right->nulls, i)))
			continue;
		weir_values_add_from(&list, right, i);
		count++;
	}
	weir_values_finish(&list, &state->cell);
	return WEIR_VALUE;
}

const struct weir_aggregate_function weir_aggregate_collect_set = {
	.name = "COLLECT_SET",
	.spelling = "collect_set",
	.summary = "Every different value once, as an array.",
	.overloads = { { .params = { PARAM_GENERIC('T', "value") },
		RETURNS_ARRAY('T'),
		.init = weir_state_init_list,
		.add = set_add,
		.merge = set_merge } },
};
