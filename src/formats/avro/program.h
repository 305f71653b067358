/* Inside formats/avro: a decoder compiled for one writer schema and one wanted type. */
#pragma once

#include "formats/avro/schema.h"

struct avro_program;

struct avro_input {
	const unsigned char *p, *end;
	struct weir_arena *arena;
	struct weir_err *err;
};

/* Reads a value of the writer's schema as the SQL type. type NULL: compiled to skip. NULL: err set (types do not fit). */
const struct avro_program *avro_compile(
	struct weir_arena *arena, const struct avro_schema *schema, const struct weir_type *type, struct weir_err *err);
/* A record's fields to columns: exact name, else upper-cased name. wanted NULL: all. */
const struct avro_program *avro_compile_columns(struct weir_arena *arena, const struct avro_schema *record,
	const struct weir_column *columns, const bool *wanted, size_t count, struct weir_err *err);
enum weir_result avro_run(const struct avro_program *program, struct avro_input *input, union weir_cell *ret);
/* Columns that no field fills stay as they are: set all NULL before. */
bool avro_run_columns(const struct avro_program *program, struct avro_input *input, union weir_cell *cells, uint64_t *nulls,
	size_t first_null_bit);
/* Top-level bytes without their length. */
bool avro_is_raw(const struct avro_schema *schema);
enum weir_result avro_run_raw(
	const struct avro_program *program, struct weir_slice bytes, struct avro_input *input, union weir_cell *ret);
