/* STDDEV_SAMP and STDDEV_SAMPLE: what they share. Youngs and Cramer's running sums: STRUCT<SUM X, COUNT BIGINT, M2 DOUBLE>, in the
 * argument's own width. */
#pragma once

#include "functions/aggregate/state.h"

bool weir_stddev_types(struct weir_arena *arena, const struct weir_type *const *args, size_t count,
	const struct weir_value *literals, size_t literal_count, const struct weir_type **ret_state,
	const struct weir_type **ret_result, struct weir_err *err);
enum weir_result weir_stddev_add(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err);
enum weir_result weir_stddev_undo(struct weir_aggregate_call *call, struct weir_value *state, struct weir_err *err);
/* truncates: means of integers are integers. */
void weir_stddev_merge(struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, bool truncates);
/* M2 / (COUNT - 1), or 0 for fewer than two values. */
double weir_stddev_variance(const struct weir_value *state);

#define STDDEV_OVERLOAD(kind_, merge_, finish_)                                                                                    \
	{                                                                                                                          \
		.params = { PARAM(kind_, "value") }, .types = weir_stddev_types, .init = weir_state_init_zeros,                    \
		.add = weir_stddev_add, .undo = weir_stddev_undo, .merge = merge_, .finish = finish_                               \
	}
#define STDDEV_OVERLOADS(merge_, finish_)                                                                                          \
	STDDEV_OVERLOAD(INTEGER, merge_, finish_), STDDEV_OVERLOAD(BIGINT, merge_, finish_),                                       \
		STDDEV_OVERLOAD(DOUBLE, merge_, finish_)
