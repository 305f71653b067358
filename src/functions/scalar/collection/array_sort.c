/* ARRAY_SORT: in natural order, NULLs last in both directions; equal items keep their order. */
#include "functions/scalar/collection/values.h"

#include <stdlib.h>

struct sorting {
	const struct weir_type *type;
	const struct weir_array *array;
	int sign;
};

/* Indexes of items that are not NULL. */
static int compare(const void *a, const void *b, void *ctx)
{
	const struct sorting *sorting = ctx;
	size_t x = *(const size_t *)a, y = *(const size_t *)b;
	int order = weir_natural_order(sorting->type, sorting->array->items[x], sorting->array->items[y]) * sorting->sign;

	return order ? order : (x > y) - (x < y);
}

/* 1 ascending, -1 descending, 0 neither. */
static int direction_of(struct weir_slice text)
{
	if (weir_slice_equals_nocase(text, WEIR_SLICE("ASC")) || weir_slice_equals_nocase(text, WEIR_SLICE("ASCENDING")))
		return 1;
	return weir_slice_equals_nocase(text, WEIR_SLICE("DESC")) || weir_slice_equals_nocase(text, WEIR_SLICE("DESCENDING")) ? -1
															      : 0;
}

static enum weir_result array_sort(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	const struct weir_array *array = ARG(0).array;
	struct sorting sorting = { call->arg_types[0]->element, array, call->arg_count < 2 ? 1 : direction_of(ARG(1).str) };
	size_t *indexes = weir_arena_alloc(call->arena, (array->count + 1) * sizeof *indexes), count = 0;
	struct weir_values sorted;

	if (!sorting.sign)
		return WEIR_NULL;
	for (size_t i = 0; i < array->count; i++)
		if (!weir_null_test(array->nulls, i))
			indexes[count++] = i;
	if (count > 1 && !weir_has_natural_order(sorting.type))
		return weir_function_fail(err, "%s values have no order", weir_kind_name(sorting.type->kind));
	qsort_r(indexes, count, sizeof *indexes, compare, &sorting);
	weir_values_init(&sorted, call->arena, array->count);
	for (size_t i = 0; i < array->count; i++)
		weir_values_add(&sorted, i < count ? array->items[indexes[i]] : (union weir_cell){ 0 }, i >= count);
	return weir_values_finish(&sorted, ret);
}

const struct weir_scalar_function weir_scalar_array_sort = {
	.name = "ARRAY_SORT",
	.spelling = "array_sort",
	.category = "ARRAY",
	.summary = "An array in order, ascending ('ASC') or descending ('DESC'); NULLs come last.",
	.overloads = {
		{ .params = { PARAM_ARRAY('T', "input") }, RETURNS_ARRAY('T'), ANY_NULL_GIVES_NULL, .eval = array_sort },
		{ .params = { PARAM_ARRAY('T', "input"), PARAM(STRING, "direction") }, RETURNS_ARRAY('T'), ANY_NULL_GIVES_NULL, .eval = array_sort },
	},
	.examples = { { "ARRAY_SORT(ARRAY[3, NULL, 1])", "ARRAY[1, 3, NULL]" }, { "ARRAY_SORT(ARRAY[1, 3], 'DESC')", "ARRAY[3, 1]" } },
};
