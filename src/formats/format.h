/* Formats: bytes to cells and back, for a record's key or its value.
 *
 * A reader is compiled once per (writer schema, wanted columns) and fills cells straight from the bytes; columns that nobody wants
 * are skipped, not converted. A writer is compiled once per column list. Neither allocates per row except in the batch arena.
 * Facts: spec formats.md. Thread: a reader or writer belongs to one task; descriptors are const.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "types/cell.h"
#include "types/schema.h"

enum weir_format_side { WEIR_SIDE_KEY, WEIR_SIDE_VALUE };

/* Where schemas come from at run time; given by the engine, NULL for formats that need none. Non-blocking: a worker never waits. */
enum weir_schema_state { WEIR_SCHEMA_READY, WEIR_SCHEMA_PENDING, WEIR_SCHEMA_UNKNOWN };

struct weir_schema_source {
	/* READY: *ret_text (and kind "AVRO"/"JSON"/"PROTOBUF") valid as long as the source. PENDING: the answer will come, ask
	 * again. UNKNOWN: there is no such id; err tells. */
	enum weir_schema_state (*get)(struct weir_schema_source *self, int32_t id, struct weir_slice *ret_text,
		struct weir_slice *ret_kind, struct weir_err *err);
};

/* One side of a source's or sink's declaration. Immutable; lives in the plan. */
struct weir_format_spec {
	const struct weir_format *format;
	enum weir_format_side side;
	struct weir_slice topic;           /* for messages */
	const struct weir_column *columns; /* this side's columns only, in order */
	size_t column_count;
	bool is_unwrapped;                  /* single column without an enclosing object/record */
	char delimiter;                     /* DELIMITED; 0: default ',' */
	struct weir_slice schema_full_name; /* "" : the format's default */
	int32_t schema_id;                  /* fixed id to write with; 0: registered at planning, see writer_schema_id */
	struct weir_slice physical_schema;  /* text of the fixed schema when schema_id was given by the user, else "" */
};

enum weir_read_result {
	WEIR_READ_ROW,         /* cells and nulls are filled */
	WEIR_READ_NULL,        /* the record is a null row for this format (an unwrapped null …) */
	WEIR_READ_BAD,         /* data error in err: count, log, skip */
	WEIR_READ_NEED_SCHEMA, /* weir_reader.needed_schema_id is not here yet: park the partition and try again */
};

struct weir_reader {
	const struct weir_format *format;
	int32_t needed_schema_id;
};

struct weir_writer {
	const struct weir_format *format;
};

struct weir_format {
	const char *name; /* upper case */
	bool needs_registry, infers_schema;
	const char *registry_kind; /* "AVRO", … */
	bool supports_wrapping, supports_unwrapping;
	bool supports_multiple_columns;

	/* Can this side's columns be carried? Refuses with the column's name and the reason. */
	bool (*check)(const struct weir_format_spec *spec, struct weir_err *err);
	/* `wanted[i]`: column i of the spec is needed; the others' cells are left NULL. Owned by the caller (reader_free). */
	bool (*reader_new)(const struct weir_format_spec *spec, const bool *wanted, struct weir_schema_source *schemas,
		struct weir_reader **ret_reader, struct weir_err *err);
	/* Fills cells[0 .. column_count) and their bits in nulls starting at bit `first_null_bit`; cells may point into `bytes` and
	 * `arena`. `bytes` is never a null record (the caller handles that). */
	enum weir_read_result (*read)(struct weir_reader *reader, struct weir_slice bytes, struct weir_arena *arena,
		union weir_cell *cells, uint64_t *nulls, size_t first_null_bit, struct weir_err *err);
	void (*reader_free)(struct weir_reader *reader); /* accepts NULL */

	/* writer_schema_id: the id that the registry gave for this spec's schema (0 for formats without). */
	bool (*writer_new)(const struct weir_format_spec *spec, int32_t writer_schema_id, struct weir_writer **ret_writer,
		struct weir_err *err);
	/* Appends the bytes of one row's side to out. *ret_is_null: the record's side is null (nothing appended). */
	bool (*write)(struct weir_writer *writer, const union weir_cell *cells, const uint64_t *nulls, size_t first_null_bit,
		struct weir_buf *out, bool *ret_is_null, struct weir_err *err);
	void (*writer_free)(struct weir_writer *writer);

	/* The schema text to register for a sink's side. NULL for formats without. */
	bool (*make_schema)(
		const struct weir_format_spec *spec, struct weir_arena *arena, struct weir_slice *ret_text, struct weir_err *err);
	/* Columns from a registered schema, names upper-cased unless keep_case (formats.md §12). The columns' role follows `side`.
	 */
	bool (*infer)(struct weir_arena *arena, struct weir_slice schema_text, enum weir_format_side side, bool is_unwrapped,
		bool keep_case, const struct weir_column **ret_columns, size_t *ret_count, struct weir_err *err);
};

/* Case-insensitive; NULL when unknown. */
const struct weir_format *weir_format_find(struct weir_slice name);
const struct weir_format *weir_format_at(size_t i); /* NULL past the end */
/* A format of ksqlDB's that weir does not have yet. */
bool weir_format_is_planned(struct weir_slice name);
