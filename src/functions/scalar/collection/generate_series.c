/* GENERATE_SERIES: whole numbers from a start to an end, both included, as functions.md §2.1 has it: the distance is computed in
 * the numbers' own width and wraps. */
#include "functions/scalar/collection/values.h"

enum { MAX_ITEMS = 1 << 22 }; /* 64 MB of cells */

static enum weir_result series(
	struct weir_call *call, int64_t start, int64_t distance, int64_t step, union weir_cell *ret, struct weir_err *err)
{
	bool is_integer = call->arg_types[0]->kind == WEIR_KIND_INTEGER;
	struct weir_values values;

	if (step == 0)
		return weir_function_fail(err, "The step of GENERATE_SERIES is 0");
	if ((distance > 0 && step < 0) || (distance < 0 && step > 0))
		return weir_function_fail(err, "The step of GENERATE_SERIES leads away from its end");
	int64_t last = distance / step;
	if (last < 0 || last >= MAX_ITEMS)
		return weir_function_fail(err, "GENERATE_SERIES makes at most %d numbers", MAX_ITEMS);
	weir_values_init(&values, call->arena, (size_t)last + 1);
	for (int64_t i = 0; i <= last; i++) {
		uint64_t number = (uint64_t)start + (uint64_t)step * (uint64_t)i;
		union weir_cell cell = { 0 };
		if (is_integer)
			cell.i32 = (int32_t)number;
		else
			cell.i64 = (int64_t)number;
		weir_values_add(&values, cell, false);
	}
	return weir_values_finish(&values, ret);
}

static enum weir_result integers(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	int32_t start = ARG(0).i32, end = ARG(1).i32, step = call->arg_count > 2 ? ARG(2).i32 : end > start ? 1 : -1;

	return series(call, start, (int32_t)((uint32_t)end - (uint32_t)start), step, ret, err);
}

static enum weir_result bigints(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	int64_t start = ARG(0).i64, end = ARG(1).i64, step = call->arg_count > 2 ? ARG(2).i32 : end > start ? 1 : -1;

	return series(call, start, (int64_t)((uint64_t)end - (uint64_t)start), step, ret, err);
}

#define ENDS(kind) PARAM_PRIMITIVE(kind, "start"), PARAM_PRIMITIVE(kind, "end")

const struct weir_scalar_function weir_scalar_generate_series = {
	.name = "GENERATE_SERIES",
	.category = "ARRAY",
	.summary = "The whole numbers from a start to an end, both included, by ones or by a step.",
	.overloads = {
		{ .params = { ENDS(INTEGER) }, RETURNS_ARRAY_OF(INTEGER), .eval = integers },
		{ .params = { ENDS(INTEGER), PARAM_PRIMITIVE(INTEGER, "step") }, RETURNS_ARRAY_OF(INTEGER), .eval = integers },
		{ .params = { ENDS(BIGINT) }, RETURNS_ARRAY_OF(BIGINT), .eval = bigints },
		{ .params = { ENDS(BIGINT), PARAM_PRIMITIVE(INTEGER, "step") }, RETURNS_ARRAY_OF(BIGINT), .eval = bigints },
	},
	.examples = { { "GENERATE_SERIES(1, 6, 2)", "ARRAY[1, 3, 5]" }, { "GENERATE_SERIES(2, 0)", "ARRAY[2, 1, 0]" } },
};
