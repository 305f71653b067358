/* ATTR: the value when all rows have the same (NULL is a value too), else NULL. State: each value with its count. */
#include "functions/aggregate/state.h"
#include "types/compare.h"

enum { VALUE, COUNT, FIELDS };

static bool attr_types(struct weir_arena *arena, const struct weir_type *const *args, size_t count,
	const struct weir_value *literals, size_t literal_count, const struct weir_type **ret_state,
	const struct weir_type **ret_result, struct weir_err *err)
{
	struct weir_field *fields = WEIR_ARENA_ARRAY(arena, struct weir_field, FIELDS);

	fields[VALUE] = (struct weir_field){ WEIR_SLICE("VALUE"), args[0] };
	fields[COUNT] = (struct weir_field){ WEIR_SLICE("COUNT"), &weir_type_integer };
	*ret_state = weir_type_array(arena, weir_type_struct(arena, fields, FIELDS));
	*ret_result = args[0];
	return true;
}

static size_t find(const struct weir_type *type, const struct weir_array *entries, union weir_cell cell, bool is_null)
{
	for (size_t i = 0; i < entries->count; i++) {
		const struct weir_struct_value *entry = entries->items[i].record;
		bool entry_is_null = weir_null_test(entry->nulls, VALUE);
		if (entry_is_null == is_null && (is_null || weir_cell_equals(type, entry->cells[VALUE], cell)))
			return i;
	}
	return SIZE_MAX;
}

/* The count of a value changed; one that is not there yet comes only by adding. */
static void change(struct weir_aggregate_call *call, struct weir_value *state, union weir_cell cell, bool is_null, int32_t by)
{
	const struct weir_array *old = state->cell.array;
	size_t at = find(call->arg_types[0], old, cell, is_null);
	struct weir_values list;
	union weir_cell *cells;
	uint64_t *nulls;

	if (at == SIZE_MAX && by < 0)
		return;
	struct weir_struct_value *entry = weir_new_record(call->arena, FIELDS, &cells, &nulls);
	int32_t count = at == SIZE_MAX ? by : old->items[at].record->cells[COUNT].i32 + by;
	cells[VALUE] = cell;
	weir_null_assign(nulls, VALUE, is_null);
	cells[COUNT].i32 = count < 0 ? 0 : count;
	weir_values_init(&list, call->arena, old->count + 1);
	for (size_t i = 0; i < old->count; i++)
		weir_values_add(&list, i == at ? (union weir_cell){ .record = entry } : old->items[i], false);
	if (at == SIZE_MAX)
		weir_values_add(&list, (union weir_cell){ .record = entry }, false);
	weir_values_finish(&list, &state->cell);
}

static enum weir_result attr_add(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	change(call, state, ARG(0), ARG_IS_NULL(0), 1);
	return WEIR_VALUE;
}

static enum weir_result attr_undo(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	change(call, state, ARG(0), ARG_IS_NULL(0), -1);
	return WEIR_VALUE;
}

static enum weir_result attr_merge(
	struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, struct weir_err *err)
{
	for (size_t i = 0; i < other->cell.array->count; i++) {
		const struct weir_struct_value *entry = other->cell.array->items[i].record;
		change(call, state, entry->cells[VALUE], weir_null_test(entry->nulls, VALUE), entry->cells[COUNT].i32);
	}
	return WEIR_VALUE;
}

static enum weir_result attr_finish(
	const struct weir_aggregate_call *call, const struct weir_value *state, struct weir_value *ret, struct weir_err *err)
{
	const struct weir_array *entries = state->cell.array;
	const struct weir_struct_value *only = NULL;

	ret->is_null = true;
	for (size_t i = 0; i < entries->count; i++) {
		const struct weir_struct_value *entry = entries->items[i].record;
		if (entry->cells[COUNT].i32 <= 0)
			continue;
		if (only)
			return WEIR_VALUE;
		only = entry;
	}
	if (only && !weir_null_test(only->nulls, VALUE))
		*ret = (struct weir_value){ .cell = only->cells[VALUE] };
	return WEIR_VALUE;
}

const struct weir_aggregate_function weir_aggregate_attr = {
	.name = "ATTR",
	.summary = "The value that all rows have; NULL when they differ.",
	.overloads = { { .params = { PARAM_GENERIC('T', "value") },
		.types = attr_types,
		.init = weir_state_init_list,
		.add = attr_add,
		.undo = attr_undo,
		.merge = attr_merge,
		.finish = attr_finish } },
};
