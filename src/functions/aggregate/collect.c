/* Lists of values. */
#include "functions/aggregate/collect.h"

#include "types/compare.h"

void weir_list_add_all(struct weir_values *list, const struct weir_array *from)
{
	for (size_t i = 0; i < from->count; i++)
		weir_values_add_from(list, from, i);
}

bool weir_list_is_full(const struct weir_aggregate_call *call, size_t count)
{
	return call->literal_count == 1 && (int64_t)count >= call->literals[0].cell.i64;
}

size_t weir_list_find_last(const struct weir_type *type, const struct weir_array *array, union weir_cell cell, bool is_null)
{
	for (size_t i = array->count; i-- > 0;) {
		bool item_is_null = weir_null_test(array->nulls, i);
		if (item_is_null == is_null && (is_null || weir_cell_equals(type, array->items[i], cell)))
			return i;
	}
	return SIZE_MAX;
}
