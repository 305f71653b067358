/* CUBE_EXPLODE: all ways to replace items by NULL, from all replaced to none, counting with the last item as the lowest bit. Items
 * that are NULL anyhow make no difference of their own. */
#include "functions/define.h"

#define MAX_ITEMS 20

static const struct weir_array *subset(
	struct weir_arena *arena, const struct weir_array *from, const size_t *places, size_t place_count, uint32_t bits)
{
	struct weir_array *array = WEIR_ARENA_NEW(arena, struct weir_array);
	union weir_cell *items = weir_arena_alloc(arena, from->count * sizeof *items);
	uint64_t *nulls = WEIR_ARENA_ARRAY(arena, uint64_t, weir_null_words(from->count) + 1);

	for (size_t i = 0; i < from->count; i++) {
		items[i] = from->items[i];
		weir_null_set(nulls, i);
	}
	for (size_t k = 0; k < place_count; k++)
		if (bits >> (place_count - 1 - k) & 1)
			weir_null_clear(nulls, places[k]);
	*array = (struct weir_array){ .count = from->count, .items = items, .nulls = nulls };
	return array;
}

static enum weir_result cube_explode(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	const struct weir_array *from = ARG(0).array;
	size_t places[MAX_ITEMS], count = 0;

	if (from->count > MAX_ITEMS)
		return weir_function_fail(err, "CUBE_EXPLODE takes at most %d items, not %zu", MAX_ITEMS, from->count);
	for (size_t i = 0; i < from->count; i++)
		if (!weir_null_test(from->nulls, i))
			places[count++] = i;
	uint32_t rows = UINT32_C(1) << count;
	struct weir_array *array = WEIR_ARENA_NEW(call->arena, struct weir_array);
	union weir_cell *items = weir_arena_alloc(call->arena, rows * sizeof *items);
	for (uint32_t bits = 0; bits < rows; bits++)
		items[bits].array = subset(call->arena, from, places, count, bits);
	*array = (struct weir_array){ .count = rows, .items = items };
	ret->array = array;
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_table_cube_explode = {
	.name = "CUBE_EXPLODE",
	.spelling = "cube_explode",
	.category = "TABLE",
	.summary = "One row for each way to replace items of an array by NULL.",
	.overloads = { { .params = { PARAM_ARRAY('T', "columns") },
		.returns = { .kind = WEIR_PATTERN_ARRAY,
			.element = &(const struct weir_pattern){ .kind = WEIR_PATTERN_ARRAY,
				.element = &(const struct weir_pattern)WEIR_GENERIC('T') } },
		ANY_NULL_GIVES_NULL,
		.eval = cube_explode } },
};
