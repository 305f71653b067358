/* Cells to bytes and back: keys and values of stores, changelogs and internal topics.
 *
 * Holds: equal cells give equal bytes, so packed keys are compared by memcmp; the bytes are self-contained given the types.
 * Layout: a null bitmap of ceil(count/8) bytes, then the non-NULL cells: BOOLEAN 1 byte; INTEGER, DATE, TIME 4; BIGINT, TIMESTAMP,
 * DOUBLE 8; DECIMAL 16 (little endian); STRING, BYTES varint length + bytes; ARRAY varint count + its packed items; MAP, STRUCT
 * alike.
 */
#pragma once

#include "base/buf.h"
#include "types/cell.h"

void weir_pack_cells(struct weir_buf *out, const struct weir_type *const *types, size_t count, const union weir_cell *cells,
	const uint64_t *nulls, size_t first_null_bit);
/* Strings point into `bytes`; collections are built in the arena. false: the bytes are damaged. *ret_used (may be NULL): bytes
 * read. */
bool weir_unpack_cells(struct weir_slice bytes, const struct weir_type *const *types, size_t count, struct weir_arena *arena,
	union weir_cell *cells, uint64_t *nulls, size_t first_null_bit, size_t *ret_used);

/* A deep copy of a cell into the arena. */
union weir_cell weir_cell_copy(struct weir_arena *arena, const struct weir_type *type, union weir_cell cell);
/* LEB128. */
void weir_varint_write(struct weir_buf *out, uint64_t value);
/* 0: damaged or too long; else bytes used. */
size_t weir_varint_read(struct weir_slice bytes, uint64_t *ret_value);
