/* Comparison, equality and hashing of values. semantics.md §3.5. */
#pragma once

#include "base/err.h"
#include "types/cell.h"

/* Can values of these types be compared by = and <> (ordered: also by < <= > >=)? */
bool weir_comparable(const struct weir_type *a, const struct weir_type *b, bool ordered);

enum weir_order { WEIR_LESS = -1, WEIR_EQUAL = 0, WEIR_GREATER = 1, WEIR_UNORDERED = 2 };

/* Both not NULL. UNORDERED: a NaN on a side (every operator is false). FAILED only for STRINGs that are no dates, and NaN or
 * infinity beside a DECIMAL. */
enum weir_result weir_compare(const struct weir_type *type_a, union weir_cell a, const struct weir_type *type_b, union weir_cell b,
	enum weir_order *ret_order, struct weir_err *err);
/* Same type, deep; NULL members are equal to NULL members. Doubles by bits (NaN equals NaN), as keys need. */
bool weir_cell_equals(const struct weir_type *type, union weir_cell a, union weir_cell b);
uint64_t weir_cell_hash(const struct weir_type *type, union weir_cell cell);
/* UTF-16 code-unit order over UTF-8, as Java's String.compareTo. */
int weir_string_compare(struct weir_slice a, struct weir_slice b);
