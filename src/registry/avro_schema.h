/* Avro schemas as the registry needs them: parsed and checked by the specification's rules, written back as canonical text,
 * compared. (The engine's own Avro reader has its own model in formats/avro; the registry may not depend on it.)
 *
 * Holds: a schema is immutable and lives in the arena given to the parser, as does the text it points into; recursion through names
 * makes it a graph, not a tree.
 */
#pragma once

#include "base/map.h"
#include "json/json.h"

enum weir_avro_kind {
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
	AVRO_FIXED,
	AVRO_UNION,
};

struct weir_avro_schema;

struct weir_avro_field {
	struct weir_slice name;
	const struct weir_slice *aliases;
	size_t alias_count;
	const struct weir_avro_schema *type;
	const struct weir_json *default_value; /* NULL: none */
	const struct weir_json *source;
};

struct weir_avro_schema {
	enum weir_avro_kind kind;
	const struct weir_json *source; /* the object it was read from; NULL for a bare name */
	struct weir_slice name, space;  /* named types: without and of the namespace ("" for none) */
	struct weir_slice full_name;
	const struct weir_slice *aliases; /* full names */
	size_t alias_count;
	struct weir_avro_field *fields;   /* RECORD */
	const struct weir_slice *symbols; /* ENUM */
	const struct weir_json *enum_default;
	const struct weir_avro_schema **branches; /* UNION; ARRAY and MAP: one, the element */
	size_t count;                             /* of fields, symbols or branches */
	int64_t size;                             /* FIXED */
};

#define WEIR_AVRO_MAX_DEPTH 64

/* `names`: types by full name that the text may refer to (from references); those defined in the text are added.
 * Errors: SCHEMA_INVALID, saying what and where. */
bool weir_avro_parse(struct weir_arena *arena, struct weir_slice text, struct weir_map *names,
	const struct weir_avro_schema **ret_schema, struct weir_err *err);
/* One line, fixed order of attributes, docs and other properties kept. */
void weir_avro_write_canonical(const struct weir_avro_schema *schema, struct weir_buf *out);
/* Is the JSON value a default for the type (a union's first branch)? */
bool weir_avro_is_default(const struct weir_avro_schema *schema, const struct weir_json *value);
/* "record", "int", …; AVRO_NULL..AVRO_STRING are the primitive ones. */
const char *weir_avro_kind_name(enum weir_avro_kind kind);
bool weir_avro_kind_is_primitive(enum weir_avro_kind kind);
/* Compact JSON, numbers as written. */
void weir_json_append_compact(struct weir_buf *out, const struct weir_json *json);
