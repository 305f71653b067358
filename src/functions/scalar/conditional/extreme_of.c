/* The greatest or smallest of several values; NULLs are left out. */
#include "functions/scalar/conditional/extreme_of.h"

#include "functions/scalar/collection/values.h"
#include "types/decimal.h"

static int order_of(const struct weir_call *call, size_t a, size_t b)
{
	const struct weir_type *type = call->arg_types[a];

	if (type->kind == WEIR_KIND_DECIMAL)
		return weir_decimal_compare(ARG(a).decimal, type->scale, ARG(b).decimal, call->arg_types[b]->scale);
	return weir_natural_order(type, ARG(a), ARG(b));
}

enum weir_result weir_extreme_of(struct weir_call *call, int sign, union weir_cell *ret, struct weir_err *err)
{
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < call->arg_count; i++) {
		if (ARG_IS_NULL(i))
			continue;
		if (best == SIZE_MAX || order_of(call, i, best) * sign > 0)
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
