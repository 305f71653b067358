/* Descending lists of bounded length. An item is the value itself or a STRUCT whose first field it is. */
#include "functions/aggregate/topk.h"

static union weir_cell value_of(union weir_cell item, bool is_record)
{
	return is_record ? item.record->cells[0] : item;
}

/* Below 0: no limit. */
static size_t limit_of(const struct weir_aggregate_call *call)
{
	int32_t k = call->literals[0].cell.i32;

	return k < 0 ? SIZE_MAX : (size_t)k;
}

void weir_topk_insert(struct weir_aggregate_call *call, struct weir_value *state, const struct weir_type *type,
	union weir_cell item, bool item_is_record)
{
	const struct weir_array *old = state->cell.array;
	size_t at = old->count, limit = limit_of(call);
	struct weir_values list;

	while (at > 0 && weir_natural_order(type, value_of(item, item_is_record), value_of(old->items[at - 1], item_is_record)) > 0)
		at--;
	if (at >= limit)
		return;
	weir_values_init(&list, call->arena, old->count + 1);
	for (size_t i = 0; i < at; i++)
		weir_values_add(&list, old->items[i], false);
	weir_values_add(&list, item, false);
	for (size_t i = at; i < old->count && list.count < limit; i++)
		weir_values_add(&list, old->items[i], false);
	weir_values_finish(&list, &state->cell);
}

void weir_topk_merge(struct weir_aggregate_call *call, struct weir_value *state, const struct weir_array *b,
	const struct weir_type *type, bool items_are_records, bool drops_equal)
{
	const struct weir_array *a = state->cell.array;
	size_t limit = limit_of(call), i = 0, j = 0;
	struct weir_values list;

	weir_values_init(&list, call->arena, a->count + b->count);
	while (list.count < limit && (i < a->count || j < b->count)) {
		int order = 1;
		if (i == a->count)
			order = -1;
		else if (j < b->count)
			order = weir_natural_order(
				type, value_of(a->items[i], items_are_records), value_of(b->items[j], items_are_records));
		if (order == 0 && drops_equal)
			j++;
		weir_values_add(&list, order >= 0 ? a->items[i++] : b->items[j++], false);
	}
	weir_values_finish(&list, &state->cell);
}

bool weir_topk_check(const struct weir_value *literals, struct weir_err *err)
{
	return literals[0].cell.i32 != 0 || weir_err_set(err, WEIR_E_TYPE, "The number of values to keep cannot be 0");
}
