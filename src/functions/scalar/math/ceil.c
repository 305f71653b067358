/* CEIL: the next whole number upwards. */
#include "functions/scalar/math/rounding.h"

#include <math.h>

static enum weir_result ceil_double(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	ret->f64 = ceil(ARG(0).f64);
	return WEIR_VALUE;
}

static enum weir_result ceil_decimal(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	ret->decimal = weir_decimal_whole(ARG(0).decimal, call->arg_types[0]->scale, 1);
	return WEIR_VALUE;
}

static const struct weir_type *same_type(
	struct weir_arena *arena, const struct weir_type *const *args, size_t count, struct weir_err *err)
{
	return args[0];
}

const struct weir_scalar_function weir_scalar_ceil = {
	.name = "CEIL",
	.spelling = "Ceil",
	.category = "MATHEMATICAL",
	.summary = "The smallest whole number that is not below the argument.",
	.overloads = {
		{ .params = { PARAM(INTEGER, "val") }, RETURNS(INTEGER), ANY_NULL_GIVES_NULL, .eval = weir_same_integer },
		{ .params = { PARAM(BIGINT, "val") }, RETURNS(BIGINT), ANY_NULL_GIVES_NULL, .eval = weir_same_integer },
		{ .params = { PARAM(DOUBLE, "val") }, RETURNS(DOUBLE), ANY_NULL_GIVES_NULL, .eval = ceil_double },
		{ .params = { PARAM(DECIMAL, "val") }, .return_type = same_type, ANY_NULL_GIVES_NULL, .eval = ceil_decimal },
	},
	.examples = { { "CEIL(1.2E0)", "2E0" } },
};
