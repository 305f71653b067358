/* AVG: the sum and the count of what is not NULL; the result is a DOUBLE, 0 rows give 0. State: STRUCT<SUM, COUNT>. */
#include "functions/define.h"

static void avg_init(const struct weir_aggregate_call *call, struct weir_value *state)
{
	static const union weir_cell zeros[2];
	static const struct weir_struct_value empty = { .cells = zeros };

	*state = (struct weir_value){ .cell.record = &empty };
}

static bool avg_types(struct weir_arena *arena, const struct weir_type *const *args, size_t count,
	const struct weir_value *literals, size_t literal_count, const struct weir_type **ret_state,
	const struct weir_type **ret_result, struct weir_err *err)
{
	static const struct weir_field fields[] = { { .name = { "SUM", 3 }, .type = &weir_type_double },
		{ .name = { "COUNT", 5 }, .type = &weir_type_bigint } };

	*ret_state = weir_type_struct(arena, fields, 2);
	*ret_result = &weir_type_double;
	return true;
}

static double as_double(const struct weir_type *type, union weir_cell cell)
{
	return type->kind == WEIR_KIND_INTEGER ? cell.i32 : type->kind == WEIR_KIND_BIGINT ? (double)cell.i64 : cell.f64;
}

static void set(struct weir_aggregate_call *call, struct weir_value *state, double sum, int64_t count)
{
	struct weir_struct_value *record = WEIR_ARENA_NEW(call->arena, struct weir_struct_value);
	union weir_cell *cells = WEIR_ARENA_ARRAY(call->arena, union weir_cell, 2);

	cells[0].f64 = sum;
	cells[1].i64 = count;
	record->cells = cells;
	state->cell.record = record;
}

static enum weir_result avg_add(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	const union weir_cell *old = state->cell.record->cells;

	if (!ARG_IS_NULL(0))
		set(call, state, old[0].f64 + as_double(call->arg_types[0], ARG(0)), old[1].i64 + 1);
	return WEIR_VALUE;
}

static enum weir_result avg_undo(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	const union weir_cell *old = state->cell.record->cells;

	if (!ARG_IS_NULL(0))
		set(call, state, old[0].f64 - as_double(call->arg_types[0], ARG(0)), old[1].i64 - 1);
	return WEIR_VALUE;
}

static enum weir_result avg_merge(
	struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, struct weir_err *err)
{
	const union weir_cell *a = state->cell.record->cells, *b = other->cell.record->cells;

	set(call, state, a[0].f64 + b[0].f64, a[1].i64 + b[1].i64);
	return WEIR_VALUE;
}

static enum weir_result avg_finish(
	const struct weir_aggregate_call *call, const struct weir_value *state, struct weir_value *ret, struct weir_err *err)
{
	const union weir_cell *cells = state->cell.record->cells;

	ret->is_null = false;
	ret->cell.f64 = cells[1].i64 ? cells[0].f64 / (double)cells[1].i64 : 0.0;
	return WEIR_VALUE;
}

#define AVG_OVERLOAD(kind_)                                                                                                        \
	{                                                                                                                          \
		.params = { PARAM(kind_, "value") }, .types = avg_types, .init = avg_init, .add = avg_add, .undo = avg_undo,       \
		.merge = avg_merge, .finish = avg_finish                                                                           \
	}

const struct weir_aggregate_function weir_aggregate_avg = {
	.name = "AVG",
	.summary = "The mean of the values that are not NULL, as a DOUBLE.",
	.overloads = { AVG_OVERLOAD(INTEGER), AVG_OVERLOAD(BIGINT), AVG_OVERLOAD(DOUBLE) },
};
