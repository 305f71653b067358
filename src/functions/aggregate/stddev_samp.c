/* STDDEV_SAMP: for compatibility the variance; means of integers are truncated when sessions merge. */
#include "functions/aggregate/stddev.h"

static enum weir_result merge(
	struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, struct weir_err *err)
{
	weir_stddev_merge(call, state, other, true);
	return WEIR_VALUE;
}

static enum weir_result finish(
	const struct weir_aggregate_call *call, const struct weir_value *state, struct weir_value *ret, struct weir_err *err)
{
	*ret = (struct weir_value){ .cell.f64 = weir_stddev_variance(state) };
	return WEIR_VALUE;
}

const struct weir_aggregate_function weir_aggregate_stddev_samp = {
	.name = "STDDEV_SAMP",
	.summary = "The sample variance (no square root is taken, as in ksqlDB).",
	.overloads = { STDDEV_OVERLOADS(merge, finish) },
};
