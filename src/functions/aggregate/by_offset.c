/* Values with the numbers of their rows. */
#include "functions/aggregate/by_offset.h"

enum { SEQ, VAL, FIELDS };

static const struct weir_type *entry_type(struct weir_arena *arena, const struct weir_type *value)
{
	struct weir_field *fields = WEIR_ARENA_ARRAY(arena, struct weir_field, FIELDS);

	fields[SEQ] = (struct weir_field){ WEIR_SLICE("SEQ"), &weir_type_bigint };
	fields[VAL] = (struct weir_field){ WEIR_SLICE("VAL"), value };
	return weir_type_struct(arena, fields, FIELDS);
}

bool weir_by_offset_types(struct weir_arena *arena, const struct weir_type *const *args, size_t count,
	const struct weir_value *literals, size_t literal_count, const struct weir_type **ret_state,
	const struct weir_type **ret_result, struct weir_err *err)
{
	*ret_result = args[0];
	*ret_state = entry_type(arena, args[0]);
	return true;
}

bool weir_by_offset_list_types(struct weir_arena *arena, const struct weir_type *const *args, size_t count,
	const struct weir_value *literals, size_t literal_count, const struct weir_type **ret_state,
	const struct weir_type **ret_result, struct weir_err *err)
{
	if (literals[0].cell.i32 < 1)
		return weir_err_set(
			err, WEIR_E_TYPE, "The number of values to keep must be at least 1, not %d", literals[0].cell.i32);
	*ret_result = weir_type_array(arena, args[0]);
	*ret_state = weir_type_array(arena, entry_type(arena, args[0]));
	return true;
}

const struct weir_struct_value *weir_by_offset_entry(struct weir_aggregate_call *call)
{
	union weir_cell *cells;
	uint64_t *nulls;
	struct weir_struct_value *entry = weir_new_record(call->arena, FIELDS, &cells, &nulls);

	cells[SEQ].i64 = call->sequence;
	cells[VAL] = ARG(0);
	weir_null_assign(nulls, VAL, ARG_IS_NULL(0));
	return entry;
}

void weir_by_offset_append(struct weir_aggregate_call *call, struct weir_value *state, bool drops_first)
{
	const struct weir_array *old = state->cell.array;
	struct weir_values list;

	weir_values_init(&list, call->arena, old->count + 1);
	for (size_t i = drops_first; i < old->count; i++)
		weir_values_add_from(&list, old, i);
	weir_values_add(&list, (union weir_cell){ .record = weir_by_offset_entry(call) }, false);
	weir_values_finish(&list, &state->cell);
}

enum weir_result weir_by_offset_finish(
	const struct weir_aggregate_call *call, const struct weir_value *state, struct weir_value *ret, struct weir_err *err)
{
	ret->is_null = state->is_null || weir_null_test(state->cell.record->nulls, VAL);
	if (!ret->is_null)
		ret->cell = state->cell.record->cells[VAL];
	return WEIR_VALUE;
}

enum weir_result weir_by_offset_finish_list(
	const struct weir_aggregate_call *call, const struct weir_value *state, struct weir_value *ret, struct weir_err *err)
{
	const struct weir_array *entries = state->cell.array;
	struct weir_values list;

	weir_values_init(&list, call->arena, entries->count);
	for (size_t i = 0; i < entries->count; i++)
		weir_values_add(&list, entries->items[i].record->cells[VAL], weir_null_test(entries->items[i].record->nulls, VAL));
	ret->is_null = false;
	weir_values_finish(&list, &ret->cell);
	return WEIR_VALUE;
}

enum weir_result weir_by_offset_merge_list(
	struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, struct weir_err *err)
{
	const struct weir_array *a = state->cell.array, *b = other->cell.array;
	size_t limit = (size_t)call->literals[0].cell.i32, i = 0, j = 0;
	struct weir_values list;

	weir_values_init(&list, call->arena, a->count + b->count);
	while (list.count < limit && (i < a->count || j < b->count)) {
		bool takes_left = j == b->count || (i < a->count && weir_by_offset_sequence(a->items[i].record) <=
									    weir_by_offset_sequence(b->items[j].record));
		if (takes_left)
			weir_values_add_from(&list, a, i++);
		else
			weir_values_add_from(&list, b, j++);
	}
	weir_values_finish(&list, &state->cell);
	return WEIR_VALUE;
}
