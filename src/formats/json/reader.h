/* Inside formats/json: filling cells from JSON text. */
#pragma once

#include "formats/format.h"
#include "json/json.h"

struct json_field {
	struct weir_slice name;
	const struct weir_type *type;
	bool is_wanted;
};

/* The fields of one object level: the columns, or a STRUCT's. */
struct json_level {
	const struct json_field *fields;
	size_t count;
};

struct json_read {
	struct weir_json_scan scan;
	struct weir_arena *arena;
	struct weir_err *err;
	int depth;
};

/* Fills cells[i] and the null bits from first_null_bit; cells of absent fields are NULL. false: err says why. */
bool json_read_object(
	struct json_read *read, const struct json_level *level, union weir_cell *cells, uint64_t *nulls, size_t first_null_bit);
enum weir_result json_read_value(struct json_read *read, const struct weir_type *type, union weir_cell *ret);
