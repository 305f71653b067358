/* COLLECT_SET: every different value once, in the order of first arrival, NULL included. */
#include "functions/aggregate/by_offset.h"
#include "types/compare.h"

static bool contains(const struct weir_type *type, const struct weir_array *array, union weir_cell cell, bool is_null)
{
	for (size_t i = 0; i < array->count; i++) {
		bool item_is_null = weir_null_test(array->nulls, i);
		if (item_is_null == is_null && (is_null || weir_cell_equals(type, array->items[i], cell)))
			return true;
	}
	return false;
}

static enum weir_result set_add(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	if (!contains(call->arg_types[0], state->cell.array, ARG(0), ARG_IS_NULL(0)))
		weir_by_offset_push(call, state, ARG(0), ARG_IS_NULL(0), INT32_MAX, true);
	return WEIR_VALUE;
}

static enum weir_result set_merge(
	struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, struct weir_err *err)
{
	const struct weir_array *items = other->cell.array;

	for (size_t i = 0; i < items->count; i++) {
		bool is_null = weir_null_test(items->nulls, i);
		if (!contains(call->arg_types[0], state->cell.array, items->items[i], is_null))
			weir_array_append(call->arena, state, items->items[i], is_null, 0);
	}
	return WEIR_VALUE;
}

const struct weir_aggregate_function weir_aggregate_collect_set = {
	.name = "COLLECT_SET",
	.summary = "Every different value once, as an array.",
	.overloads = { { .params = { PARAM_GENERIC('T', "value") },
		.types = weir_by_offset_list_types,
		.init = weir_by_offset_init_list,
		.add = set_add,
		.merge = set_merge } },
};
