/* SUM_LIST: adds up the items of arrays; NULLs, arrays and items alike, are left out. Integers wrap. */
#include "functions/aggregate/state.h"

static void init(const struct weir_aggregate_call *call, struct weir_value *state)
{
	*state = (struct weir_value){ 0 };
}

static void change(struct weir_aggregate_call *call, struct weir_value *state, bool subtract)
{
	const struct weir_array *array = ARG(0).array;
	union weir_cell sum = { 0 };

	if (ARG_IS_NULL(0))
		return;
	for (size_t i = 0; i < array->count; i++)
		if (!weir_null_test(array->nulls, i))
			sum = weir_number_add(call->state_type, sum, array->items[i], false);
	state->cell = weir_number_add(call->state_type, state->cell, sum, subtract);
}

static enum weir_result add(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	change(call, state, false);
	return WEIR_VALUE;
}

static enum weir_result undo(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	change(call, state, true);
	return WEIR_VALUE;
}

static enum weir_result merge(
	struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, struct weir_err *err)
{
	state->cell = weir_number_add(call->state_type, state->cell, other->cell, false);
	return WEIR_VALUE;
}

#define SUM_LIST_OVERLOAD(kind_)                                                                                                   \
	{                                                                                                                          \
		.params = { PARAM_ARRAY_OF(kind_, "values") }, RETURNS(kind_), .init = init, .add = add, .undo = undo,             \
		.merge = merge                                                                                                     \
	}

const struct weir_aggregate_function weir_aggregate_sum_list = {
	.name = "SUM_LIST",
	.spelling = "sum_list",
	.summary = "Adds up the items of arrays.",
	.overloads = { SUM_LIST_OVERLOAD(INTEGER), SUM_LIST_OVERLOAD(BIGINT), SUM_LIST_OVERLOAD(DOUBLE) },
};
