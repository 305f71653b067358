/* EARLIEST_BY_OFFSET and LATEST_BY_OFFSET: what they share. Values are kept with the number of their row (call->sequence), so that
 * sessions that merge know whose came first: STRUCT<SEQ BIGINT, VAL T>, or a list of them for several values. */
#pragma once

#include "functions/aggregate/state.h"

bool weir_by_offset_types(struct weir_arena *arena, const struct weir_type *const *args, size_t count,
	const struct weir_value *literals, size_t literal_count, const struct weir_type **ret_state,
	const struct weir_type **ret_result, struct weir_err *err);
/* literals[0]: how many values. */
bool weir_by_offset_list_types(struct weir_arena *arena, const struct weir_type *const *args, size_t count,
	const struct weir_value *literals, size_t literal_count, const struct weir_type **ret_state,
	const struct weir_type **ret_result, struct weir_err *err);

/* Does the i-th literal say to leave NULLs out? They are when it is not given. */
static inline bool weir_by_offset_ignores_nulls(const struct weir_aggregate_call *call, size_t i)
{
	return call->literal_count <= i || call->literals[i].cell.boolean;
}

/* The row's value with its number. */
const struct weir_struct_value *weir_by_offset_entry(struct weir_aggregate_call *call);
static inline int64_t weir_by_offset_sequence(const struct weir_struct_value *entry)
{
	return entry->cells[0].i64;
}
/* The list with the row's value at its end, without its first item when drops_first. */
void weir_by_offset_append(struct weir_aggregate_call *call, struct weir_value *state, bool drops_first);

enum weir_result weir_by_offset_finish(
	const struct weir_aggregate_call *call, const struct weir_value *state, struct weir_value *ret, struct weir_err *err);
enum weir_result weir_by_offset_finish_list(
	const struct weir_aggregate_call *call, const struct weir_value *state, struct weir_value *ret, struct weir_err *err);
/* Both lists by number, cut to the first of them: the oldest, for LATEST_BY_OFFSET too (functions.md §3.3). */
enum weir_result weir_by_offset_merge_list(
	struct weir_aggregate_call *call, struct weir_value *state, const struct weir_value *other, struct weir_err *err);
