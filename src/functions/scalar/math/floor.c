/* FLOOR: the next whole number downwards. */
#include "functions/scalar/math/rounding.h"

#include <math.h>

static enum weir_result floor_double(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	ret->f64 = floor(ARG(0).f64);
	return WEIR_VALUE;
}

static enum weir_result floor_decimal(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	ret->decimal = weir_decimal_whole(ARG(0).decimal, call->arg_types[0]->scale, -1);
	return WEIR_VALUE;
}

static const struct weir_type *same_type(
	struct weir_arena *arena, const struct weir_type *const *args, size_t count, struct weir_err *err)
{
	return args[0];
}

const struct weir_scalar_function weir_scalar_floor = {
	.name = "FLOOR",
	.spelling = "Floor",
	.category = "MATHEMATICAL",
	.summary = "The greatest whole number that is not above the argument.",
	.overloads = {
		{ .params = { PARAM(INTEGER, "val") }, RETURNS(INTEGER), ANY_NULL_GIVES_NULL, .eval = weir_same_integer },
		{ .params = { PARAM(BIGINT, "val") }, RETURNS(BIGINT), ANY_NULL_GIVES_NULL, .eval = weir_same_integer },
		{ .params = { PARAM(DOUBLE, "val") }, RETURNS(DOUBLE), ANY_NULL_GIVES_NULL, .eval = floor_double },
		{ .params = { PARAM(DECIMAL, "val") }, .return_type = same_type, ANY_NULL_GIVES_NULL, .eval = floor_decimal },
	},
	.examples = { { "FLOOR(-1.2E0)", "-2E0" } },
};
