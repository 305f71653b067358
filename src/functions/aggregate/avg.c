/* AVG: the sum, in the argument's own width, and the count of what is not NULL; the result is a DOUBLE, 0 rows give 0. */
#include "functions/aggregate/state.h"

enum { SUM, COUNT, FIELDS };

static bool avg_types(struct weir_arena *arena, const struct weir_type *const *args, size_t count,
	const struct weir_value *literals, size_t literal_count, const struct weir_type **ret_state,
	const struct weir_type **ret_result, struct weir_err *err)
{
	struct weir_field *fields = WEIR_ARENA_ARRAY(arena, struct weir_field, FIELDS);

	fields[SUM] = (struct weir_field){ WEIR_SLICE("SUM"), args[0] };
	fields[COUNT] = (struct weir_field){ WEIR_SLICE("COUNT"), &weir_type_bigint };
	*ret_state = weir_type_struct(arena, fields, FIELDS);
	*ret_result = &weir_type_double;
	return true;
}

static void change(struct weir_aggregate_call *call, struct weir_value *state, union weir_cell sum, int64_t count, bool subtract)
{
	const union weir_cell *old = state->cell.record->cells;
	union weir_cell *new = weir_state_record(call, state, FIELDS);

	new[SUM] = weir_number_add(call->arg_types[0], old[SUM], sum, subtract);
	new[COUNT].i64 = subtract ? old[COUNT].i64 - count : old[COUNT].i64 + count;
}

static enum weir_result avg_add(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	if (!ARG_IS_NULL(0))
		change(call, state, ARG(0), 1, false);
	return WEIR_VALUE;
}

static enum weir_result avg_undo(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	if (!ARG_IS_NULL(0))
		change(call, state, ARG(0), 1, true);
	return WEIR_VALUE;
}

static enum weir_result avg_merge(
	struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, struct weir_err *err)
{
	change(call, state, other->cell.record->cells[SUM], other->cell.record->cells[COUNT].i64, false);
	return WEIR_VALUE;
}

static enum weir_result avg_finish(
	const struct weir_aggregate_call *call, const struct weir_value *state, struct weir_value *ret, struct weir_err *err)
{
	const union weir_cell *cells = state->cell.record->cells;
	const struct weir_type *type = call->state_type->fields[SUM].type;

	ret->is_null = false;
	ret->cell.f64 = cells[COUNT].i64 ? weir_number_as_double(type, cells[SUM]) / (double)cells[COUNT].i64 : 0.0;
	return WEIR_VALUE;
}

#define AVG_OVERLOAD(kind_)                                                                                                        \
	{                                                                                                                          \
		.params = { PARAM(kind_, "value") }, .types = avg_types, .init = weir_state_init_zeros, .add = avg_add,            \
		.undo = avg_undo, .merge = avg_merge, .finish = avg_finish                                                         \
	}

const struct weir_aggregate_function weir_aggregate_avg = {
	.name = "AVG",
	.spelling = "avg",
	.summary = "The mean of the values that are not NULL, as a DOUBLE.",
	.overloads = { AVG_OVERLOAD(INTEGER), AVG_OVERLOAD(BIGINT), AVG_OVERLOAD(DOUBLE) },
};
