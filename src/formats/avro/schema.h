/* Inside formats/avro: a parsed Avro schema, and what SQL makes of it. */
#pragma once

#include "formats/format.h"
#include "json/json.h"

enum avro_kind {
	AVRO_NULL,
	AVRO_BOOLEAN,
	AVRO_INT,
	AVRO_LONG,
	AVRO_FLOAT,
	AVRO_DOUBLE,
	AVRO_BYTES,
	AVRO_STRING,
	AVRO_RECORD,
	AVRO_ENUM,
	AVRO_ARRAY,
	AVRO_MAP,
	AVRO_UNION,
	AVRO_FIXED,
};

enum avro_logical { AVRO_PLAIN, AVRO_DATE, AVRO_TIME_MS, AVRO_TIMESTAMP_MS, AVRO_DECIMAL };

struct avro_field {
	struct weir_slice name;
	const struct avro_schema *schema;
	const struct weir_json *default_value; /* NULL: none */
};

struct avro_schema {
	enum avro_kind kind;
	enum avro_logical logical;
	int precision, scale;
	struct weir_slice name; /* full name of named types */
	struct avro_field *fields;
	size_t field_count;
	const struct avro_schema *element;   /* ARRAY, MAP */
	const struct avro_schema **branches; /* UNION */
	size_t branch_count;
	struct weir_slice *symbols; /* ENUM */
	size_t symbol_count;
	size_t size;         /* FIXED */
	bool is_map_entries; /* an array of key-value records that stands for a MAP */
	bool is_open;        /* being parsed: a reference to it is recursion */
	size_t min_bytes;    /* least bytes of a value, for checking block counts */
};

/* Errors: SCHEMA_INVALID. Recursive types are refused. Everything lives in the arena. */
bool avro_schema_parse(struct weir_arena *arena, struct weir_slice text, const struct avro_schema **ret, struct weir_err *err);
/* The nullable form's other branch: [null, T] or [T, null] or a union of one; NULL when it is another union. */
const struct avro_schema *avro_schema_unwrap(const struct avro_schema *schema, int *ret_null_branch);
/* The SQL type; NULL: SQL has none (the member is left out). `upper`: field names are upper-cased. */
const struct weir_type *avro_schema_type(struct weir_arena *arena, const struct avro_schema *schema, bool upper);
/* The member name of a union's branch when the union becomes a STRUCT. */
struct weir_slice avro_branch_name(const struct avro_schema *branch);
struct weir_slice avro_upper(struct weir_arena *arena, struct weir_slice name);
