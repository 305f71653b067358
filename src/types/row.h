/* Rows, changes and batches: what moves between operators.
 *
 * Holds:
 *  - a row's cells follow its schema: key cells first, then value cells; bit i of nulls set means cell i is NULL;
 *  - strings and collections point into the message or the batch arena and die with the batch: whoever keeps a row longer copies
 *    it with a call whose name says so;
 *  - streams move rows, tables move changes: two types, so that an operator for one cannot be wired to the other.
 */
#pragma once

#include "base/arena.h"
#include "base/record.h"
#include "types/cell.h"

struct weir_window {
	int64_t start_ms, end_ms; /* end exclusive for time windows, inclusive for sessions */
};

struct weir_row {
	union weir_cell *cells;
	uint64_t *nulls;
	int64_t timestamp_ms;
	int64_t offset; /* of the source record */
	struct weir_headers headers;
	struct weir_window window; /* meaningful when has_window */
	int32_t partition;         /* of the source record */
	bool has_window;
	bool value_is_null;  /* the record's value was null: every value cell is NULL (stream) or the row is deleted (table) */
	bool key_is_null;    /* the record's key was null: every key cell is NULL */
	bool is_followed;    /* a subtraction whose addition to the same group comes next: one result for both */
	bool is_subtraction; /* of a table aggregation: undo what an equal row added */
};

static inline bool weir_row_is_null(const struct weir_row *row, size_t column)
{
	return row->nulls[column / 64] >> (column % 64) & 1;
}

/* A change of one table row. before/after NULL: there was / is no such row. Both NULL: a deletion of what was not there, which
 * some queries must pass on (semantics §6.1). Key cells of the present one (or of `key_row`) identify the row. */
struct weir_change {
	const struct weir_row
		*key_row; /* never NULL: its key cells, window, timestamp, headers, partition, offset are the change's */
	const struct weir_row *before;
	const struct weir_row *after;
};

struct weir_batch {
	struct weir_arena *arena; /* the task's batch arena, reset once the batch has passed the whole chain */
	struct weir_row *rows;
	size_t count, capacity;
	size_t width; /* cells per row */
};

struct weir_change_batch {
	struct weir_arena *arena;
	struct weir_change *changes;
	size_t count, capacity;
	size_t width;
};

/* Cells and null words from the arena: cells undefined, no cell NULL. */
void weir_row_alloc(struct weir_row *row, struct weir_arena *arena, size_t width);
/* Timestamp, partition, offset, headers, window, flags. */
void weir_row_copy_header(struct weir_row *to, const struct weir_row *from);

void weir_batch_init(struct weir_batch *batch, struct weir_arena *arena, size_t width);
/* A new row at the end with cells allocated, no cell NULL, header zeroed. Valid until the arena is reset. */
struct weir_row *weir_batch_append(struct weir_batch *batch);
void weir_change_batch_init(struct weir_change_batch *batch, struct weir_arena *arena, size_t width);
struct weir_change *weir_change_batch_append(struct weir_change_batch *batch);
