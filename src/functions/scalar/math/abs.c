/* ABS: the size of a number. The smallest integers have none and stay what they are. */
#include "functions/define.h"

#include <math.h>

static enum weir_result abs_integer(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	ret->i32 = ARG(0).i32 < 0 ? (int32_t)(0 - (uint32_t)ARG(0).i32) : ARG(0).i32;
	return WEIR_VALUE;
}

static enum weir_result abs_bigint(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	ret->i64 = ARG(0).i64 < 0 ? (int64_t)(0 - (uint64_t)ARG(0).i64) : ARG(0).i64;
	return WEIR_VALUE;
}

static enum weir_result abs_double(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	ret->f64 = fabs(ARG(0).f64);
	return WEIR_VALUE;
}

static enum weir_result abs_decimal(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	ret->decimal = ARG(0).decimal < 0 ? -ARG(0).decimal : ARG(0).decimal;
	return WEIR_VALUE;
}

static const struct weir_type *same_type(
	struct weir_arena *arena, const struct weir_type *const *args, size_t count, struct weir_err *err)
{
	return args[0];
}

const struct weir_scalar_function weir_scalar_abs = {
	.name = "ABS",
	.spelling = "Abs",
	.category = "MATHEMATICAL",
	.summary = "The size of a number without its sign.",
	.overloads = {
		{ .params = { PARAM(INTEGER, "val") }, RETURNS(INTEGER), ANY_NULL_GIVES_NULL, .eval = abs_integer },
		{ .params = { PARAM(BIGINT, "val") }, RETURNS(BIGINT), ANY_NULL_GIVES_NULL, .eval = abs_bigint },
		{ .params = { PARAM(DOUBLE, "val") }, RETURNS(DOUBLE), ANY_NULL_GIVES_NULL, .eval = abs_double },
		{ .params = { PARAM(DECIMAL, "val") }, .return_type = same_type, ANY_NULL_GIVES_NULL, .eval = abs_decimal },
	},
	.examples = { { "ABS(-3)", "3" }, { "ABS(-2.50)", "2.50" } },
};
