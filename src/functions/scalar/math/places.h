/* What ROUND and TRUNC share: cutting decimal places off DOUBLEs and DECIMALs.
 *
 * Holds: ties of ROUND go towards plus infinity; a DOUBLE is cut on its shortest decimal text (functions.md §2.1).
 */
#pragma once

#include "functions/scalar/math/number.h"
#include "types/decimal.h"

enum weir_places { WEIR_PLACES_ROUND, WEIR_PLACES_TRUNC };

/* (DOUBLE, INT) → DOUBLE */
enum weir_result weir_places_double(struct weir_call *call, enum weir_places how, union weir_cell *ret, struct weir_err *err);
/* (DECIMAL(p, s)) → DECIMAL(p - s, 0) */
enum weir_result weir_places_whole(struct weir_call *call, enum weir_places how, union weir_cell *ret, struct weir_err *err);
/* (DECIMAL(p, s), INT) → the same type */
enum weir_result weir_places_decimal(struct weir_call *call, enum weir_places how, union weir_cell *ret, struct weir_err *err);

const struct weir_type *weir_places_whole_type(
	struct weir_arena *arena, const struct weir_type *const *args, size_t count, struct weir_err *err);
const struct weir_type *weir_places_same_type(
	struct weir_arena *arena, const struct weir_type *const *args, size_t count, struct weir_err *err);
