/* MIN of numbers, texts, bytes, dates and times. */
#include "functions/aggregate/extreme.h"

static enum weir_result min_add(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	struct weir_value value = { .cell = ARG(0), .is_null = ARG_IS_NULL(0) };

	weir_extreme_take(call, state, &value, -1);
	return WEIR_VALUE;
}

static enum weir_result min_merge(
	struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, struct weir_err *err)
{
	weir_extreme_take(call, state, other, -1);
	return WEIR_VALUE;
}

const struct weir_aggregate_function weir_aggregate_min = {
	.name = "MIN",
	.summary = "The smallest value that is not NULL.",
	.overloads = { EXTREME_OVERLOADS(min_add, min_merge) },
};
