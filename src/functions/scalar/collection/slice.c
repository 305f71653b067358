/* SLICE: a piece of an array, both ends included, counted from 1. Ends outside the array give NULL, they are not clamped. */
#include "functions/scalar/collection/values.h"

static enum weir_result slice(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_values piece;

	if (ARG_IS_NULL(0))
		return WEIR_NULL;
	const struct weir_array *in = ARG(0).array;
	int64_t from = ARG_IS_NULL(1) ? 1 : ARG(1).i32, to = ARG_IS_NULL(2) ? (int64_t)in->count : ARG(2).i32;
	if (from < 1 || to > (int64_t)in->count)
		return WEIR_NULL;
	if (to < from - 1)
		return weir_function_fail(err, "SLICE from %lld to %lld ends before it starts", (long long)from, (long long)to);
	weir_values_init(&piece, call->arena, (size_t)(to - from + 1));
	for (size_t i = (size_t)from - 1; i < (size_t)to; i++)
		weir_values_add_from(&piece, in, i);
	return weir_values_finish(&piece, ret);
}

const struct weir_scalar_function weir_scalar_slice = {
	.name = "SLICE",
	.spelling = "slice",
	.category = "ARRAY",
	.summary = "A piece of an array, from one position to another, both included; NULL when it is not inside the array.",
	.overloads = { { .params = { PARAM_ARRAY('T', "in"), PARAM(INTEGER, "from"), PARAM(INTEGER, "to") },
		RETURNS_ARRAY('T'),
		.eval = slice } },
	.examples = { { "SLICE(ARRAY[1, 2, 3], 2, 3)", "ARRAY[2, 3]" },
		{ "SLICE(ARRAY[1, 2, 3], 2, 4)", "CAST(NULL AS ARRAY<INT>)" } },
};
