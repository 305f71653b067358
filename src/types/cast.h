/* CAST and implicit conversion. semantics.md §3.1, §3.6; functions.md §1.5. */
#pragma once

#include "base/err.h"
#include "types/cell.h"

/* Does CAST exist between these types? NULL casts to everything. */
bool weir_cast_exists(const struct weir_type *from, const struct weir_type *to);
/* May it happen without being written? Numbers upwards, STRING to TIME, DATE, TIMESTAMP and BYTES, containers element-wise. */
bool weir_cast_is_implicit(const struct weir_type *from, const struct weir_type *to);
/* Converts; the result may live in the arena. FAILED: err says why, the value is NULL. */
enum weir_result weir_cast(const struct weir_type *from, const struct weir_type *to, union weir_cell cell, struct weir_arena *arena,
	union weir_cell *ret, struct weir_err *err);
/* The numeric widening order: INTEGER < BIGINT < DECIMAL < DOUBLE; -1 for others. */
int weir_numeric_rank(const struct weir_type *type);
