/* COUNT: rows, or rows whose argument is not NULL. COUNT(*) is given ROWTIME. */
#include "functions/define.h"

static void count_init(const struct weir_aggregate_call *call, struct weir_value *state)
{
	*state = (struct weir_value){ 0 };
}

static enum weir_result count_add(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	state->cell.i64 += !ARG_IS_NULL(0);
	return WEIR_VALUE;
}

static enum weir_result count_undo(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err)
{
	state->cell.i64 -= !ARG_IS_NULL(0);
	return WEIR_VALUE;
}

static enum weir_result count_merge(
	struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, struct weir_err *err)
{
	state->cell.i64 += other->cell.i64;
	return WEIR_VALUE;
}

const struct weir_aggregate_function weir_aggregate_count = {
	.name = "COUNT",
	.summary = "Counts rows; with an argument, the rows in which it is not NULL.",
	.overloads = { { .params = { PARAM_GENERIC('T', "value") },
		.returns = WEIR_EXACT(BIGINT),
		.init = count_init,
		.add = count_add,
		.undo = count_undo,
		.merge = count_merge } },
};
