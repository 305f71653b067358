/* SLICE: a piece of an array, both ends included, counted from 1. */
#include "functions/define.h"

static enum weir_result slice(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	if (ARG_IS_NULL(0))
		return WEIR_NULL;
	const struct weir_array *in = ARG(0).array;
	int64_t from = ARG_IS_NULL(1) ? 1 : ARG(1).i32, to = ARG_IS_NULL(2) ? (int64_t)in->count : ARG(2).i32;
	if (from < 1)
		return weir_function_fail(err, "SLICE counts from 1");
	if (to > (int64_t)in->count)
		to = (int64_t)in->count;
	struct weir_array *array = WEIR_ARENA_NEW(call->arena, struct weir_array);
	size_t count = to >= from ? (size_t)(to - from + 1) : 0;
	uint64_t *nulls = weir_arena_alloc_zero(call->arena, (weir_null_words(count) + 1) * sizeof *nulls);
	for (size_t i = 0; i < count; i++)
		weir_null_assign(nulls, i, weir_null_test(in->nulls, (size_t)from - 1 + i));
	*array = (struct weir_array){ .count = count, .items = in->items + (count ? from - 1 : 0), .nulls = nulls };
	ret->array = array;
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_slice = {
	.name = "SLICE",
	.spelling = "slice",
	.category = "ARRAY",
	.summary = "A piece of an array, from one position to another.",
	.overloads = { { .params = { PARAM_ARRAY('T', "in"), PARAM(INTEGER, "from"), PARAM(INTEGER, "to") },
		RETURNS_ARRAY('T'),
		.eval = slice } },
	.examples = { { "SLICE(ARRAY[1, 2, 3], 2, 3)", "ARRAY[2, 3]" } },
};
