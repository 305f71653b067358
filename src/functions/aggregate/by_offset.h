/* EARLIEST_BY_OFFSET and LATEST_BY_OFFSET: what they share. */
#pragma once

#include "functions/define.h"

void weir_by_offset_init(const struct weir_aggregate_call *call, struct weir_value *state);
void weir_by_offset_init_list(const struct weir_aggregate_call *call, struct weir_value *state);
/* State STRUCT<VALUE T, SEEN BOOLEAN>, so that a first NULL that counts is remembered. */
bool weir_by_offset_types(struct weir_arena *arena, const struct weir_type *const *args, size_t count,
	const struct weir_value *literals, size_t literal_count, const struct weir_type **ret_state,
	const struct weir_type **ret_result, struct weir_err *err);
bool weir_by_offset_list_types(struct weir_arena *arena, const struct weir_type *const *args, size_t count,
	const struct weir_value *literals, size_t literal_count, const struct weir_type **ret_state,
	const struct weir_type **ret_result, struct weir_err *err);
/* The array with a value appended; when it would have more than `limit` items the first (or, drop_last, the new one) is dropped. */
void weir_by_offset_push(struct weir_aggregate_call *call, struct weir_value *state, union weir_cell cell, bool is_null,
	int64_t limit, bool drop_new);
void weir_array_append(struct weir_arena *arena, struct weir_value *state, union weir_cell cell, bool is_null, size_t skip_first);
