/* Running sums of squares. functions.md §3.3. */
#include "functions/aggregate/stddev.h"

enum { SUM, COUNT, M2, FIELDS };

bool weir_stddev_types(struct weir_arena *arena, const struct weir_type *const *args, size_t count,
	const struct weir_value *literals, size_t literal_count, const struct weir_type **ret_state,
	const struct weir_type **ret_result, struct weir_err *err)
{
	struct weir_field *fields = WEIR_ARENA_ARRAY(arena, struct weir_field, FIELDS);

	fields[SUM] = (struct weir_field){ WEIR_SLICE("SUM"), args[0] };
	fields[COUNT] = (struct weir_field){ WEIR_SLICE("COUNT"), &weir_type_bigint };
	fields[M2] = (struct weir_field){ WEIR_SLICE("M2"), &weir_type_double };
	*ret_state = weir_type_struct(arena, fields, FIELDS);
	*ret_result = &weir_type_double;
	return true;
}

/* value * n - sum; integers in 64 bits, wrapping, then as a DOUBLE. */
static double deviation(const struct weir_type *type, union weir_cell value, int64_t n, union weir_cell sum)
{
	if (type->kind == WEIR_KIND_DOUBLE)
		return value.f64 * (double)n - sum.f64;
	bool is_narrow = type->kind == WEIR_KIND_INTEGER;
	int64_t wide_value = is_narrow ? value.i32 : value.i64, wide_sum = is_narrow ? sum.i32 : sum.i64;
	return (double)(int64_t)((uint64_t)wide_value * (uint64_t)n - (uint64_t)wide_sum);
}

enum weir_result weir_stddev_add(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	const struct weir_type *type = call->arg_types[0];
	const union weir_cell *old = state->cell.record->cells;

	if (ARG_IS_NULL(0))
		return WEIR_VALUE;
	int64_t n = old[COUNT].i64 + 1;
	union weir_cell *new = weir_state_record(call, state, FIELDS);
	new[SUM] = weir_number_add(type, old[SUM], ARG(0), false);
	new[COUNT].i64 = n;
	new[M2] = old[M2];
	if (n > 1) {
		double d = deviation(type, ARG(0), n, new[SUM]);
		new[M2].f64 += d *d / ((double)n * ((double)n - 1));
	}
	return WEIR_VALUE;
}

enum weir_result weir_stddev_undo(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	const struct weir_type *type = call->arg_types[0];
	const union weir_cell *old = state->cell.record->cells;

	if (ARG_IS_NULL(0))
		return WEIR_VALUE;
	int64_t n = old[COUNT].i64 - 1;
	union weir_cell *new = weir_state_record(call, state, FIELDS);
	new[SUM] = weir_number_add(type, old[SUM], ARG(0), true);
	new[COUNT].i64 = n;
	new[M2] = old[M2];
	if (n > 0) {
		union weir_cell sum = weir_number_add(type, old[SUM], ARG(0), false);
		double d = deviation(type, ARG(0), n + 2, sum);
		new[M2].f64 -= d *d / ((double)n * ((double)n + 1));
	}
	return WEIR_VALUE;
}

static double mean(const struct weir_type *type, const union weir_cell *cells, bool truncates)
{
	if (truncates && type->kind == WEIR_KIND_INTEGER)
		return (double)(cells[SUM].i32 / cells[COUNT].i64);
	if (truncates && type->kind == WEIR_KIND_BIGINT)
		return (double)(cells[SUM].i64 / cells[COUNT].i64);
	return weir_number_as_double(type, cells[SUM]) / (double)cells[COUNT].i64;
}

void weir_stddev_merge(struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, bool truncates)
{
	const struct weir_type *type = call->arg_types[0];
	const union weir_cell *a = state->cell.record->cells, *b = other->cell.record->cells;
	union weir_cell *new = weir_state_record(call, state, FIELDS);
	double na = (double)a[COUNT].i64, nb = (double)b[COUNT].i64;

	new[SUM] = weir_number_add(type, a[SUM], b[SUM], false);
	new[COUNT].i64 = a[COUNT].i64 + b[COUNT].i64;
	new[M2].f64 = a[M2].f64 + b[M2].f64;
	if (a[COUNT].i64 && b[COUNT].i64) {
		double q = mean(type, a, truncates) - mean(type, b, truncates);
		new[M2].f64 += na *nb *q *q / (na + nb);
	}
}

double weir_stddev_variance(const struct weir_value *state)
{
	const union weir_cell *cells = state->cell.record->cells;

	return cells[COUNT].i64 < 2 ? 0.0 : cells[M2].f64 / (double)(cells[COUNT].i64 - 1);
}
