/* TOPK and TOPKDISTINCT: what they share. Lists from the greatest value down; literals[0] is k. */
#pragma once

#include "functions/aggregate/state.h"

/* Inserts `item` behind all that are not smaller and cuts the list at k. `value_of` gives what is compared. */
void weir_topk_insert(struct weir_aggregate_call *call, struct weir_value *state, const struct weir_type *type,
	union weir_cell item, bool item_is_record);
/* Two lists to one, the left first among equals; `drops_equal`: equal values once. */
void weir_topk_merge(struct weir_aggregate_call *call, struct weir_value *state, const struct weir_array *other,
	const struct weir_type *type, bool items_are_records, bool drops_equal);
bool weir_topk_check(const struct weir_value *literals, struct weir_err *err);
