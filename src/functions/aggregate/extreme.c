/* Keeping the smaller or greater of two values. NULLs are left out; nothing seen is NULL. */
#include "functions/aggregate/extreme.h"

void weir_extreme_take(struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *value, int sign)
{
	if (value->is_null)
		return;
	if (state->is_null || weir_natural_order(call->state_type, value->cell, state->cell) * sign > 0)
		*state = *value;
}

bool weir_extreme_types(struct weir_arena *arena, const struct weir_type *const *args, size_t count,
	const struct weir_value *literals, size_t literal_count, const struct weir_type **ret_state,
	const struct weir_type **ret_result, struct weir_err *err)
{
	*ret_state = *ret_result = args[0];
	return true;
}
