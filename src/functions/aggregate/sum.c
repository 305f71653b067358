/* SUM of numbers; NULLs are left out, nothing summed is 0. Integers wrap, decimals keep their type. */
#include "functions/aggregate/state.h"
#include "types/decimal.h"

static void sum_init(const struct weir_aggregate_call *call, struct weir_value *state)
{
	*state = (struct weir_value){ 0 };
}

/* Only adding a row asks whether the sum still fits its type. */
static enum weir_result sum_decimal(struct weir_aggregate_call *call, struct weir_value *state, __int128 value, bool subtract,
	bool is_checked, struct weir_err *err)
{
	const struct weir_type *type = call->state_type;
	__int128 result;

	if (!weir_decimal_arithmetic(
		    subtract ? '-' : '+', state->cell.decimal, type->scale, value, type->scale, type, &result, err))
		return WEIR_FAILED;
	if (is_checked && !weir_decimal_fits(result, type->precision))
		return weir_function_fail(err, "The sum does not fit DECIMAL(%d, %d)", type->precision, type->scale);
	state->cell.decimal = result;
	return WEIR_VALUE;
}

static enum weir_result add_value(struct weir_aggregate_call *call, struct weir_value *state, union weir_cell value, bool subtract,
	bool is_checked, struct weir_err *err)
{
	if (call->state_type->kind == WEIR_KIND_DECIMAL)
		return sum_decimal(call, state, value.decimal, subtract, is_checked, err);
	state->cell = weir_number_add(call->state_type, state->cell, value, subtract);
	return WEIR_VALUE;
}

static enum weir_result sum_add(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	return ARG_IS_NULL(0) ? WEIR_VALUE : add_value(call, state, ARG(0), false, true, err);
}

static enum weir_result sum_undo(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	return ARG_IS_NULL(0) ? WEIR_VALUE : add_value(call, state, ARG(0), true, false, err);
}

static enum weir_result sum_merge(
	struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, struct weir_err *err)
{
	return add_value(call, state, other->cell, false, false, err);
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
