/* One SQL value without a tag: its type is known statically, whether it is NULL is told beside it (a bitmap or a bool).
 *
 * Holds: pointers point into the message, the batch arena or whatever the holder says; a cell owns nothing. The contents of a
 * cell that is NULL are undefined. Collections are immutable once built.
 */
#pragma once

#include "types/type.h"

struct weir_array;
struct weir_map_value;
struct weir_struct_value;

union weir_cell {
	bool boolean;
	int32_t i32; /* INTEGER; DATE: days since 1970-01-01; TIME: milliseconds of the day */
	int64_t i64; /* BIGINT; TIMESTAMP: milliseconds since 1970-01-01T00:00Z */
	double f64;
	__int128 decimal;      /* unscaled; at most 38 digits */
	struct weir_slice str; /* STRING (UTF-8), BYTES */
	const struct weir_array *array;
	const struct weir_map_value *map;
	const struct weir_struct_value *record;
};

_Static_assert(sizeof(union weir_cell) == 16, "a cell is 16 bytes");

/* A value with its null flag, where no bitmap is at hand. */
struct weir_value {
	union weir_cell cell;
	bool is_null;
};

struct weir_array {
	size_t count;
	const union weir_cell *items;
	const uint64_t *nulls; /* bit i set: item i is NULL; NULL pointer: none is */
};

/* Entries in insertion order, keys unique. */
struct weir_map_value {
	size_t count;
	const union weir_cell *keys;
	const union weir_cell *values;
	const uint64_t *key_nulls;   /* at most one NULL key; NULL pointer: none */
	const uint64_t *value_nulls; /* NULL pointer: none */
	size_t table_entries;        /* it walks like a table made for that many; 0: like an ordinary one (types/map_order.h) */
};

/* One cell per field of the type, in the type's order. */
struct weir_struct_value {
	const union weir_cell *cells;
	const uint64_t *nulls; /* NULL pointer: no field is NULL */
};

static inline size_t weir_null_words(size_t count)
{
	return (count + 63) / 64;
}

static inline bool weir_null_test(const uint64_t *nulls, size_t i)
{
	return nulls && (nulls[i / 64] >> (i % 64) & 1);
}

static inline void weir_null_set(uint64_t *nulls, size_t i)
{
	nulls[i / 64] |= UINT64_C(1) << (i % 64);
}

static inline void weir_null_clear(uint64_t *nulls, size_t i)
{
	nulls[i / 64] &= ~(UINT64_C(1) << (i % 64));
}

static inline void weir_null_assign(uint64_t *nulls, size_t i, bool is_null)
{
	if (is_null)
		weir_null_set(nulls, i);
	else
		weir_null_clear(nulls, i);
}

/* What evaluating, reading or converting a value came to. */
enum weir_result {
	WEIR_VALUE,  /* the cell is filled */
	WEIR_NULL,   /* the value is NULL */
	WEIR_FAILED, /* a data error, described in the weir_err; the value counts as NULL */
};
