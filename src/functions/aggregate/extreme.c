/* Keeping the smaller or greater of two values. NULLs are left out; nothing seen is NULL. */
#include "functions/aggregate/extreme.h"

#include "types/compare.h"

void weir_extreme_init(const struct weir_aggregate_call *call, struct weir_value *state)
{
	*state = (struct weir_value){ .is_null = true };
}

enum weir_result weir_extreme_take(
	struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *value, int sign, struct weir_err *err)
{
	enum weir_order order;

	if (value->is_null)
		return WEIR_VALUE;
	if (!state->is_null) {
		if (weir_compare(call->state_type, value->cell, call->state_type, state->cell, &order, err) == WEIR_FAILED)
			return WEIR_FAILED;
		if (order == WEIR_UNORDERED ? value->cell.f64 == value->cell.f64 : (int)order != sign)
			return WEIR_VALUE;
	}
	*state = *value;
	return WEIR_VALUE;
}

bool weir_extreme_types(struct weir_arena *arena, const struct weir_type *const *args, size_t count,
	const struct weir_value *literals, size_t literal_count, const struct weir_type **ret_state,
	const struct weir_type **ret_result, struct weir_err *err)
{
	*ret_state = *ret_result = args[0];
	return true;
}
