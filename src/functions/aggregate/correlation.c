/* CORRELATION: Pearson's coefficient of the pairs in which nothing is NULL; NaN for fewer than two or for a constant side. */
#include "functions/aggregate/state.h"

#include <math.h>

enum { X, Y, XX, YY, XY, COUNT, FIELDS };

static bool correlation_types(struct weir_arena *arena, const struct weir_type *const *args, size_t count,
	const struct weir_value *literals, size_t literal_count, const struct weir_type **ret_state,
	const struct weir_type **ret_result, struct weir_err *err)
{
	static const char *const names[] = { "X_SUM", "Y_SUM", "X_SQUARED_SUM", "Y_SQUARED_SUM", "XY_SUM", "COUNT" };
	struct weir_field *fields = WEIR_ARENA_ARRAY(arena, struct weir_field, FIELDS);

	for (size_t i = 0; i < FIELDS; i++)
		fields[i] = (struct weir_field){ weir_slice_of(names[i]), i == COUNT ? &weir_type_bigint : &weir_type_double };
	*ret_state = weir_type_struct(arena, fields, FIELDS);
	*ret_result = &weir_type_double;
	return true;
}

static void change(struct weir_aggregate_call *call, struct weir_value *state, const union weir_cell *by, int sign)
{
	const union weir_cell *old = state->cell.record->cells;
	union weir_cell *new = weir_state_record(call, state, FIELDS);

	for (size_t i = 0; i < COUNT; i++)
		new[i].f64 = old[i].f64 + sign *by[i].f64;
	new[COUNT].i64 = old[COUNT].i64 + sign *by[COUNT].i64;
}

static void change_by_row(struct weir_aggregate_call *call, struct weir_value *state, int sign)
{
	if (ARG_IS_NULL(0) || ARG_IS_NULL(1))
		return;
	double x = weir_number_as_double(call->arg_types[0], ARG(0)), y = weir_number_as_double(call->arg_types[1], ARG(1));
	union weir_cell by[FIELDS] = {
		[X].f64 = x, [Y].f64 = y, [XX].f64 = x * x, [YY].f64 = y * y, [XY].f64 = x * y, [COUNT].i64 = 1
	};
	change(call, state, by, sign);
}

static enum weir_result correlation_add(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	change_by_row(call, state, 1);
	return WEIR_VALUE;
}

static enum weir_result correlation_undo(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	change_by_row(call, state, -1);
	return WEIR_VALUE;
}

static enum weir_result correlation_merge(
	struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, struct weir_err *err)
{
	change(call, state, other->cell.record->cells, 1);
	return WEIR_VALUE;
}

static enum weir_result correlation_finish(
	const struct weir_aggregate_call *call, const struct weir_value *state, struct weir_value *ret, struct weir_err *err)
{
	const union weir_cell *sums = state->cell.record->cells;
	double n = (double)sums[COUNT].i64, x = sums[X].f64, y = sums[Y].f64;

	ret->is_null = false;
	ret->cell.f64 = (n * sums[XY].f64 - x * y) / sqrt((n * sums[XX].f64 - x * x) * (n * sums[YY].f64 - y * y));
	if (sums[COUNT].i64 < 2)
		ret->cell.f64 = (double)NAN;
	return WEIR_VALUE;
}

#define CORRELATION_OVERLOAD(kind_)                                                                                                \
	{                                                                                                                          \
		.params = { PARAM(kind_, "x"), PARAM(kind_, "y") }, .types = correlation_types, .init = weir_state_init_zeros,     \
		.add = correlation_add, .undo = correlation_undo, .merge = correlation_merge, .finish = correlation_finish         \
	}

const struct weir_aggregate_function weir_aggregate_correlation = {
	.name = "CORRELATION",
	.spelling = "correlation",
	.summary = "Pearson's correlation coefficient of two columns.",
	.overloads = { CORRELATION_OVERLOAD(INTEGER), CORRELATION_OVERLOAD(BIGINT), CORRELATION_OVERLOAD(DOUBLE) },
};
