/* ARRAY_CONCAT: one array behind the other; a NULL one counts as empty unless both are NULL. */
#include "functions/scalar/collection/values.h"

static enum weir_result array_concat(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_values values;
	size_t total = 0;

	if (ARG_IS_NULL(0) && ARG_IS_NULL(1))
		return WEIR_NULL;
	for (size_t a = 0; a < 2; a++)
		total += ARG_IS_NULL(a) ? 0 : ARG(a).array->count;
	weir_values_init(&values, call->arena, total);
	for (size_t a = 0; a < 2; a++)
		for (size_t i = 0; !ARG_IS_NULL(a) && i < ARG(a).array->count; i++)
			weir_values_add_from(&values, ARG(a).array, i);
	return weir_values_finish(&values, ret);
}

const struct weir_scalar_function weir_scalar_array_concat = {
	.name = "ARRAY_CONCAT",
	.spelling = "array_concat",
	.category = "ARRAY",
	.summary = "Two arrays, one behind the other.",
	.overloads = { { .params = { PARAM_ARRAY('T', "left"), PARAM_ARRAY('T', "right") },
		RETURNS_ARRAY('T'),
		.eval = array_concat } },
	.examples = { { "ARRAY_CONCAT(ARRAY[1, 2], ARRAY[2])", "ARRAY[1, 2, 2]" } },
};
