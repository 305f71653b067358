/* SQL types: immutable descriptions, shared freely.
 *
 * Holds: a type never changes once made; scalar types are static, the others live in the arena they were made in (a plan's or the
 * catalog's). Two types are the same when weir_type_equals() says so, not when their addresses are.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum weir_kind {
	WEIR_KIND_NULL, /* the type of a bare NULL literal; never a column's */
	WEIR_KIND_BOOLEAN,
	WEIR_KIND_INTEGER,
	WEIR_KIND_BIGINT,
	WEIR_KIND_DECIMAL,
	WEIR_KIND_DOUBLE,
	WEIR_KIND_STRING,
	WEIR_KIND_BYTES,
	WEIR_KIND_DATE,
	WEIR_KIND_TIME,
	WEIR_KIND_TIMESTAMP,
	WEIR_KIND_ARRAY,
	WEIR_KIND_MAP,
	WEIR_KIND_STRUCT,
	WEIR_KIND_COUNT
};

struct weir_field {
	struct weir_slice name;
	const struct weir_type *type;
};

struct weir_type {
	enum weir_kind kind;
	int precision, scale;            /* DECIMAL */
	const struct weir_type *key;     /* MAP */
	const struct weir_type *element; /* ARRAY's items, MAP's values */
	const struct weir_field *fields; /* STRUCT */
	size_t field_count;
};

extern const struct weir_type weir_type_null, weir_type_boolean, weir_type_integer, weir_type_bigint, weir_type_double,
	weir_type_string, weir_type_bytes, weir_type_date, weir_type_time, weir_type_timestamp;

const struct weir_type *weir_type_decimal(struct weir_arena *arena, int precision, int scale);
const struct weir_type *weir_type_array(struct weir_arena *arena, const struct weir_type *element);
const struct weir_type *weir_type_map(struct weir_arena *arena, const struct weir_type *key, const struct weir_type *value);
/* Borrows `fields`: they must live as long as the type. */
const struct weir_type *weir_type_struct(struct weir_arena *arena, const struct weir_field *fields, size_t count);
/* A deep copy that owes nothing to other memory. */
const struct weir_type *weir_type_copy(struct weir_arena *arena, const struct weir_type *type);

bool weir_type_equals(const struct weir_type *a, const struct weir_type *b);
bool weir_type_is_numeric(const struct weir_type *type);
bool weir_type_contains_map(const struct weir_type *type);
/* Index of the field of exactly that name, or -1. */
int weir_type_field_index(const struct weir_type *type, struct weir_slice name);

/* As messages, DESCRIBE and the HTTP API spell it: DECIMAL(4, 2), ARRAY<STRING>, STRUCT<`A` INTEGER, `B` STRING>. */
void weir_type_print(struct weir_buf *out, const struct weir_type *type);
struct weir_slice weir_type_text(struct weir_arena *arena, const struct weir_type *type);
const char *weir_kind_name(enum weir_kind kind);
