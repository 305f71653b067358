/* Values as text, spelled as Java does, since clients and sinks see it. semantics.md §3.6; formats.md §1. */
#pragma once

#include "base/buf.h"
#include "types/cell.h"

/* The shortest digits that read back as the same double, as Java has them (at least two where it has to look): value > 0 is
 * 0.d1d2… × 10^exponent. Returns their number. */
int weir_double_shortest(double value, char digits[20], int *ret_exponent);

/* Double.toString: 1.0, 1.0E10, NaN, Infinity. */
void weir_double_print(struct weir_buf *out, double value);
/* The whole slice as Java's Double.parseDouble takes it (surrounding blanks, trailing d/f, hexadecimal floats; NaN and Infinity
 * when allowed). */
bool weir_double_parse(struct weir_slice text, bool allow_special, double *ret_value);

/* CAST(x AS STRING): the top level of a value. Not for NULL. */
void weir_value_print(struct weir_buf *out, const struct weir_type *type, union weir_cell cell);

/* Standard alphabet with padding. */
void weir_base64_print(struct weir_buf *out, struct weir_slice bytes);
/* Strict. `padding_optional`: functions and casts; JSON wants it. The result lives in the arena. */
bool weir_base64_parse(struct weir_arena *arena, struct weir_slice text, bool padding_optional, struct weir_slice *ret_bytes);
