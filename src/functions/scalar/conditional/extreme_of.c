/* The greatest or smallest of several values; NULLs are left out. */
#include "functions/scalar/conditional/extreme_of.h"

#include "types/compare.h"
#include "types/decimal.h"

enum weir_result weir_extreme_of(struct weir_call *call, int sign, union weir_cell *ret, struct weir_err *err)
{
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < call->arg_count; i++) {
		enum weir_order order = WEIR_UNORDERED;
		if (ARG_IS_NULL(i))
			continue;
		if (best != SIZE_MAX &&
			weir_compare(call->arg_types[i], ARG(i), call->arg_types[best], ARG(best), &order, err) == WEIR_FAILED)
			return WEIR_FAILED;
		if (best == SIZE_MAX || (int)order == sign)
			best = i;
	}
	if (best == SIZE_MAX)
		return WEIR_NULL;
	*ret = ARG(best);
	if (call->return_type->kind == WEIR_KIND_DECIMAL &&
		!weir_decimal_rescale(ARG(best).decimal, call->arg_types[best]->scale, call->return_type->scale,
			WEIR_ROUND_UNNECESSARY, &ret->decimal))
		return weir_function_fail(err, "The value has too many digits");
	return WEIR_VALUE;
}

const struct weir_type *weir_widest_decimal(
	struct weir_arena *arena, const struct weir_type *const *args, size_t count, struct weir_err *err)
{
	int whole = 0, scale = 0;

	for (size_t i = 0; i < count; i++) {
		if (!args[i] || args[i]->kind != WEIR_KIND_DECIMAL)
			continue;
		whole = args[i]->precision - args[i]->scale > whole ? args[i]->precision - args[i]->scale : whole;
		scale = args[i]->scale > scale ? args[i]->scale : scale;
	}
	return weir_type_decimal(arena, whole + scale, scale);
}
