/* Lists that grow at one end, for the aggregates that remember several values. */
#include "functions/aggregate/by_offset.h"

void weir_by_offset_init(const struct weir_aggregate_call *call, struct weir_value *state)
{
	*state = (struct weir_value){ .is_null = true };
}

void weir_by_offset_init_list(const struct weir_aggregate_call *call, struct weir_value *state)
{
	static const struct weir_array empty;

	*state = (struct weir_value){ .cell.array = &empty };
}

bool weir_by_offset_types(struct weir_arena *arena, const struct weir_type *const *args, size_t count,
	const struct weir_value *literals, size_t literal_count, const struct weir_type **ret_state,
	const struct weir_type **ret_result, struct weir_err *err)
{
	*ret_result = args[0];
	*ret_state = args[0];
	return true;
}

bool weir_by_offset_list_types(struct weir_arena *arena, const struct weir_type *const *args, size_t count,
	const struct weir_value *literals, size_t literal_count, const struct weir_type **ret_state,
	const struct weir_type **ret_result, struct weir_err *err)
{
	if (literal_count && literals[0].cell.i32 < 1)
		return weir_err_set(
			err, WEIR_E_TYPE, "The number of values to keep must be at least 1, not %d", literals[0].cell.i32);
	*ret_state = *ret_result = weir_type_array(arena, args[0]);
	return true;
}

void weir_array_append(struct weir_arena *arena, struct weir_value *state, union weir_cell cell, bool is_null, size_t skip_first)
{
	const struct weir_array *old = state->cell.array;
	size_t kept = old->count - skip_first;
	struct weir_array *array = WEIR_ARENA_NEW(arena, struct weir_array);
	union weir_cell *items = weir_arena_alloc(arena, (kept + 1) * sizeof *items);
	uint64_t *nulls = weir_arena_alloc_zero(arena, weir_null_words(kept + 1) * sizeof *nulls);

	if (kept)
		memcpy(items, old->items + skip_first, kept * sizeof *items);
	for (size_t i = 0; i < kept; i++)
		weir_null_assign(nulls, i, weir_null_test(old->nulls, skip_first + i));
	items[kept] = cell;
	weir_null_assign(nulls, kept, is_null);
	*array = (struct weir_array){ .count = kept + 1, .items = items, .nulls = nulls };
	state->cell.array = array;
}

void weir_by_offset_push(struct weir_aggregate_call *call, struct weir_value *state, union weir_cell cell, bool is_null,
	int64_t limit, bool drop_new)
{
	bool is_full = (int64_t)state->cell.array->count >= limit;

	if (!is_full || !drop_new)
		weir_array_append(call->arena, state, cell, is_null, is_full ? 1 : 0);
}
