/* Building states. */
#include "functions/aggregate/state.h"

struct weir_struct_value *weir_new_record(struct weir_arena *arena, size_t count, union weir_cell **ret_cells, uint64_t **ret_nulls)
{
	struct weir_struct_value *record = WEIR_ARENA_NEW(arena, struct weir_struct_value);

	*ret_cells = weir_arena_alloc(arena, count * sizeof **ret_cells);
	*ret_nulls = WEIR_ARENA_ARRAY(arena, uint64_t, weir_null_words(count));
	record->cells = *ret_cells;
	record->nulls = *ret_nulls;
	return record;
}

union weir_cell *weir_state_record(struct weir_aggregate_call *call, struct weir_value *state, size_t count)
{
	struct weir_struct_value *record = WEIR_ARENA_NEW(call->arena, struct weir_struct_value);
	union weir_cell *cells = weir_arena_alloc(call->arena, count * sizeof *cells);

	record->cells = cells;
	*state = (struct weir_value){ .cell.record = record };
	return cells;
}

void weir_state_init_zeros(const struct weir_aggregate_call *call, struct weir_value *state)
{
	static const union weir_cell zeros[8];
	static const struct weir_struct_value record = { .cells = zeros };

	*state = (struct weir_value){ .cell.record = &record };
}

void weir_state_init_list(const struct weir_aggregate_call *call, struct weir_value *state)
{
	static const struct weir_array empty;

	*state = (struct weir_value){ .cell.array = &empty };
}

void weir_state_init_null(const struct weir_aggregate_call *call, struct weir_value *state)
{
	*state = (struct weir_value){ .is_null = true };
}

double weir_number_as_double(const struct weir_type *type, union weir_cell cell)
{
	return type->kind == WEIR_KIND_INTEGER ? cell.i32 : type->kind == WEIR_KIND_BIGINT ? (double)cell.i64 : cell.f64;
}

union weir_cell weir_number_add(const struct weir_type *type, union weir_cell a, union weir_cell b, bool subtract)
{
	union weir_cell sum = { 0 };

	if (type->kind == WEIR_KIND_DOUBLE)
		sum.f64 = subtract ? a.f64 - b.f64 : a.f64 + b.f64;
	else if (type->kind == WEIR_KIND_INTEGER)
		sum.i32 = (int32_t)(subtract ? (uint32_t)a.i32 - (uint32_t)b.i32 : (uint32_t)a.i32 + (uint32_t)b.i32);
	else
		sum.i64 = (int64_t)(subtract ? (uint64_t)a.i64 - (uint64_t)b.i64 : (uint64_t)a.i64 + (uint64_t)b.i64);
	return sum;
}
