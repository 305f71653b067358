/* States that are STRUCTs and lists: what the aggregates share. All that is made lives in the call's arena. */
#pragma once

#include "functions/define.h"
#include "functions/scalar/collection/values.h"

/* A STRUCT of `count` cells as the state, no field NULL. The cells are undefined: fill them. */
union weir_cell *weir_state_record(struct weir_aggregate_call *call, struct weir_value *state, size_t count);
/* As a value of its own, with the null bits to set. */
struct weir_struct_value *weir_new_record(
	struct weir_arena *arena, size_t count, union weir_cell **ret_cells, uint64_t **ret_nulls);
/* The state before the first row: a STRUCT of zeros (at most 8 fields), an empty ARRAY, NULL. */
void weir_state_init_zeros(const struct weir_aggregate_call *call, struct weir_value *state);
void weir_state_init_list(const struct weir_aggregate_call *call, struct weir_value *state);
void weir_state_init_null(const struct weir_aggregate_call *call, struct weir_value *state);

/* INTEGER, BIGINT or DOUBLE. */
double weir_number_as_double(const struct weir_type *type, union weir_cell cell);
/* a + b or a - b in the type's own width: integers wrap. */
union weir_cell weir_number_add(const struct weir_type *type, union weir_cell a, union weir_cell b, bool subtract);
