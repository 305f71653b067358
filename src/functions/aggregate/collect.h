/* COLLECT_LIST and COLLECT_SET: what they share. */
#pragma once

#include "functions/aggregate/state.h"

void weir_list_add_all(struct weir_values *list, const struct weir_array *from);
/* The last item equal to the value (NULL equals NULL), or SIZE_MAX. */
/* Does the setting that bounds collections (the call's only literal; none: no bound) forbid a further value? */
bool weir_list_is_full(const struct weir_aggregate_call *call, size_t count);
size_t weir_list_find_last(const struct weir_type *type, const struct weir_array *array, union weir_cell cell, bool is_null);
