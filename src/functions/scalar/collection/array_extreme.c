/* The greatest or smallest item; NULL items are left out. */
#include "functions/scalar/collection/array_extreme.h"

#include "functions/scalar/collection/values.h"

enum weir_result weir_array_extreme(struct weir_call *call, int sign, union weir_cell *ret, struct weir_err *err)
{
	const struct weir_array *array = ARG(0).array;
	const struct weir_type *type = call->arg_types[0]->element;
	bool found = false;

	if (!weir_has_natural_order(type))
		return weir_function_fail(err, "%s values have no order", weir_kind_name(type->kind));
	for (size_t i = 0; i < array->count; i++) {
		if (weir_null_test(array->nulls, i))
			continue;
		if (!found || weir_natural_order(type, array->items[i], *ret) * sign > 0)
			*ret = array->items[i];
		found = true;
	}
	return found ? WEIR_VALUE : WEIR_NULL;
}
