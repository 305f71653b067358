/* SUM of numbers; NULLs are left out, nothing summed is 0. Integers wrap, decimals keep their scale with ten digits more. */
#include "functions/define.h"
#include "types/decimal.h"

static void sum_init(const struct weir_aggregate_call *call, struct weir_value *state)
{
	*state = (struct weir_value){ 0 };
}

static enum weir_result sum_decimal(
	struct weir_aggregate_call *call, char op, struct weir_value *state, __int128 value, struct weir_err *err)
{
	__int128 result;

	if (!weir_decimal_arithmetic(op, state->cell.decimal, call->state_type->scale, value, call->state_type->scale,
		    call->state_type, &result, err))
		return WEIR_FAILED;
	if (!weir_decimal_fits(result, call->state_type->precision))
		return weir_function_fail(
			err, "The sum does not fit DECIMAL(%d, %d)", call->state_type->precision, call->state_type->scale);
	state->cell.decimal = result;
	return WEIR_VALUE;
}

static enum weir_result add_value(
	struct weir_aggregate_call *call, struct weir_value *state, union weir_cell value, bool subtract, struct weir_err *err)
{
	uint32_t narrow = (uint32_t)value.i32;
	uint64_t wide = (uint64_t)value.i64;

	switch (call->state_type->kind) {
	case WEIR_KIND_INTEGER:
		state->cell.i32 = (int32_t)((uint32_t)state->cell.i32 + (subtract ? 0 - narrow : narrow));
		return WEIR_VALUE;
	case WEIR_KIND_BIGINT:
		state->cell.i64 = (int64_t)((uint64_t)state->cell.i64 + (subtract ? 0 - wide : wide));
		return WEIR_VALUE;
	case WEIR_KIND_DOUBLE:
		state->cell.f64 += subtract ? -value.f64 : value.f64;
		return WEIR_VALUE;
	default:
		return sum_decimal(call, subtract ? '-' : '+', state, value.decimal, err);
	}
}

static enum weir_result sum_add(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	return ARG_IS_NULL(0) ? WEIR_VALUE : add_value(call, state, ARG(0), false, err);
}

static enum weir_result sum_undo(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	return ARG_IS_NULL(0) ? WEIR_VALUE : add_value(call, state, ARG(0), true, err);
}

static enum weir_result sum_merge(
	struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, struct weir_err *err)
{
	return add_value(call, state, other->cell, false, err);
}

static bool decimal_types(struct weir_arena *arena, const struct weir_type *const *args, size_t count,
	const struct weir_value *literals, size_t literal_count, const struct weir_type **ret_state,
	const struct weir_type **ret_result, struct weir_err *err)
{
	*ret_state = *ret_result = args[0];
	return true;
}

#define SUM_OVERLOAD(kind_)                                                                                                        \
	{                                                                                                                          \
		.params = { PARAM(kind_, "value") }, .returns = WEIR_EXACT(kind_), .init = sum_init, .add = sum_add,               \
		.undo = sum_undo, .merge = sum_merge                                                                               \
	}

const struct weir_aggregate_function weir_aggregate_sum = {
	.name = "SUM",
	.spelling = "SUM",
	.summary = "Adds up the values that are not NULL.",
	.overloads = { SUM_OVERLOAD(INTEGER), SUM_OVERLOAD(BIGINT), SUM_OVERLOAD(DOUBLE),
		{ .params = { PARAM(DECIMAL, "value") },
			.types = decimal_types,
			.init = sum_init,
			.add = sum_add,
			.undo = sum_undo,
			.merge = sum_merge } },
};
