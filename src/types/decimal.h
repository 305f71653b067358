/* DECIMAL values: an unscaled 128-bit integer whose scale the type tells.
 *
 * Holds: a value has at most 38 digits whatever its type's precision (results of arithmetic: as many as 127 bits hold); what would
 * need more is a data error ("too many digits"), never a wrong number. Intermediate products and quotients are exact (GMP). Rules:
 * semantics.md §3.2, §3.6; formats.md §1.
 */
#pragma once

#include "base/buf.h"
#include "types/cell.h"

enum weir_rounding { WEIR_ROUND_HALF_UP, WEIR_ROUND_DOWN, WEIR_ROUND_UNNECESSARY };

/* Sign, digits, one point, exponent; the whole slice. *ret_scale may be negative for 1e5. */
bool weir_decimal_parse(struct weir_slice text, __int128 *ret_value, int *ret_scale);
/* false: digits would be lost (UNNECESSARY) or the result has more than 38. */
bool weir_decimal_rescale(__int128 value, int from_scale, int to_scale, enum weir_rounding rounding, __int128 *ret_value);
/* |value| < 10^digits. */
bool weir_decimal_fits(__int128 value, int digits);
int weir_decimal_digits(__int128 value);
int weir_decimal_compare(__int128 a, int scale_a, __int128 b, int scale_b);
/* op + - * / %; the result has the type's scale. Errors: EVALUATE (division by zero, too many digits). */
bool weir_decimal_arithmetic(char op, __int128 a, int scale_a, __int128 b, int scale_b, const struct weir_type *type,
	__int128 *ret_value, struct weir_err *err);
/* To DECIMAL(p, s): HALF_UP after the check |v| < 10^(p-s). Errors: EVALUATE. */
bool weir_decimal_cast(__int128 value, int scale, const struct weir_type *type, __int128 *ret_value, struct weir_err *err);
/* As weir_decimal_cast, but never rounds (serialisation, strict coercion). */
bool weir_decimal_fit(__int128 value, int scale, const struct weir_type *type, __int128 *ret_value, struct weir_err *err);

double weir_decimal_to_double(__int128 value, int scale);
/* The exact value of the double's shortest text. false: NaN, infinite or too long. */
bool weir_decimal_from_double(double number, __int128 *ret_value, int *ret_scale);
/* Towards zero, low 64 bits. */
int64_t weir_decimal_to_i64(__int128 value, int scale);

void weir_decimal_print_plain(struct weir_buf *out, __int128 value, int scale);
/* Java's BigDecimal.toString: scientific below 1E-6 or with a negative scale. */
void weir_decimal_print(struct weir_buf *out, __int128 value, int scale);

/* Minimal big-endian two's complement; ret_bytes has room for 16. */
size_t weir_decimal_to_bytes(__int128 value, unsigned char ret_bytes[16]);
/* false: longer than 16 significant bytes. */
bool weir_decimal_from_bytes(struct weir_slice bytes, __int128 *ret_value);
