/* ARRAY_DISTINCT: every value once, in order of first appearance. */
#include "functions/define.h"
#include "types/compare.h"

static enum weir_result array_distinct(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	const struct weir_array *in = ARG(0).array;
	struct weir_array *array = WEIR_ARENA_NEW(call->arena, struct weir_array);
	union weir_cell *items = weir_arena_alloc(call->arena, in->count * sizeof *items);
	uint64_t *nulls = weir_arena_alloc_zero(call->arena, (weir_null_words(in->count) + 1) * sizeof *nulls);
	size_t count = 0;

	for (size_t i = 0; i < in->count; i++) {
		bool is_null = weir_null_test(in->nulls, i), known = false;
		for (size_t k = 0; k < count && !known; k++)
			known = weir_null_test(nulls, k) == is_null &&
				(is_null || weir_cell_equals(call->arg_types[0]->element, items[k], in->items[i]));
		if (known)
			continue;
		items[count] = in->items[i];
		weir_null_assign(nulls, count++, is_null);
	}
	*array = (struct weir_array){ .count = count, .items = items, .nulls = nulls };
	ret->array = array;
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_scalar_array_distinct = {
	.name = "ARRAY_DISTINCT",
	.category = "ARRAY",
	.summary = "Every value of an array once.",
	.overloads = { { .params = { PARAM_ARRAY('T', "array") },
		RETURNS_ARRAY('T'),
		ANY_NULL_GIVES_NULL,
		.eval = array_distinct } },
	.examples = { { "ARRAY_DISTINCT(ARRAY[1, 2, 1])", "ARRAY[1, 2]" } },
};
