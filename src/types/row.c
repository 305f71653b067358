/* Allocation of rows and batches in the batch arena. */
#include "types/row.h"

#define FIRST_CAPACITY 64

void weir_row_alloc(struct weir_row *row, struct weir_arena *arena, size_t width)
{
	row->cells = weir_arena_alloc(arena, width * sizeof *row->cells);
	row->nulls = weir_arena_alloc_zero(arena, weir_null_words(width ? width : 1) * sizeof *row->nulls);
}

void weir_row_copy_header(struct weir_row *to, const struct weir_row *from)
{
	union weir_cell *cells = to->cells;
	uint64_t *nulls = to->nulls;

	*to = *from;
	to->cells = cells;
	to->nulls = nulls;
}

void weir_batch_init(struct weir_batch *batch, struct weir_arena *arena, size_t width)
{
	*batch = (struct weir_batch){ .arena = arena, .width = width };
}

static void *grow(struct weir_arena *arena, const void *items, size_t count, size_t capacity, size_t size)
{
	void *larger = weir_arena_alloc(arena, capacity * size);

	if (count)
		memcpy(larger, items, count * size);
	return larger;
}

struct weir_row *weir_batch_append(struct weir_batch *batch)
{
	if (batch->count == batch->capacity) {
		batch->capacity = batch->capacity ? batch->capacity * 2 : FIRST_CAPACITY;
		batch->rows = grow(batch->arena, batch->rows, batch->count, batch->capacity, sizeof *batch->rows);
	}
	struct weir_row *row = &batch->rows[batch->count++];
	*row = (struct weir_row){ 0 };
	weir_row_alloc(row, batch->arena, batch->width);
	return row;
}

void weir_change_batch_init(struct weir_change_batch *batch, struct weir_arena *arena, size_t width)
{
	*batch = (struct weir_change_batch){ .arena = arena, .width = width };
}

struct weir_change *weir_change_batch_append(struct weir_change_batch *batch)
{
	if (batch->count == batch->capacity) {
		batch->capacity = batch->capacity ? batch->capacity * 2 : FIRST_CAPACITY;
		batch->changes = grow(batch->arena, batch->changes, batch->count, batch->capacity, sizeof *batch->changes);
	}
	struct weir_change *change = &batch->changes[batch->count++];
	*change = (struct weir_change){ 0 };
	return change;
}
