/* MIN and MAX: what they share. */
#pragma once

#include "functions/aggregate/state.h"

/* sign: -1 keeps the smaller, 1 the greater. */
void weir_extreme_take(struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *value, int sign);
bool weir_extreme_types(struct weir_arena *arena, const struct weir_type *const *args, size_t count,
	const struct weir_value *literals, size_t literal_count, const struct weir_type **ret_state,
	const struct weir_type **ret_result, struct weir_err *err);

#define EXTREME_OVERLOAD(kind_, add_, merge_)                                                                                      \
	{                                                                                                                          \
		.params = { PARAM(kind_, "value") }, .types = weir_extreme_types, .init = weir_state_init_null, .add = add_,       \
		.merge = merge_                                                                                                    \
	}
#define EXTREME_OVERLOADS(add_, merge_)                                                                                            \
	EXTREME_OVERLOAD(INTEGER, add_, merge_), EXTREME_OVERLOAD(BIGINT, add_, merge_), EXTREME_OVERLOAD(DOUBLE, add_, merge_),   \
		EXTREME_OVERLOAD(DECIMAL, add_, merge_), EXTREME_OVERLOAD(DATE, add_, merge_),                                     \
		EXTREME_OVERLOAD(TIME, add_, merge_), EXTREME_OVERLOAD(TIMESTAMP, add_, merge_),                                   \
		EXTREME_OVERLOAD(STRING, add_, merge_), EXTREME_OVERLOAD(BYTES, add_, merge_)
