/* AS_MAP: keys and values by position; the last of equal keys wins, missing values are NULL. */
#include "functions/scalar/collection/values.h"

static enum weir_result as_map(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	const struct weir_array *keys = ARG(0).array, *values = ARG(1).array;
	struct weir_map_builder builder;

	weir_map_builder_init(&builder, call->arena, &weir_type_string, keys->count);
	for (size_t i = 0; i < keys->count; i++) {
		bool has_value = i < values->count && !weir_null_test(values->nulls, i);
		weir_map_builder_put(&builder, keys->items[i], weir_null_test(keys->nulls, i),
			has_value ? values->items[i] : (union weir_cell){ 0 }, !has_value);
	}
	builder.table_entries = keys->count;
	return weir_map_builder_finish(&builder, ret);
}

const struct weir_scalar_function weir_scalar_as_map = {
	.name = "AS_MAP",
	.category = "MAP",
	.summary = "A map of an array of keys and an array of values.",
	.overloads = { { .params = { PARAM_ARRAY_OF(STRING, "keys"), PARAM_ARRAY('T', "values") },
		RETURNS_STRING_MAP('T'),
		ANY_NULL_GIVES_NULL,
		.eval = as_map } },
	.examples = { { "AS_MAP(ARRAY['a', 'b'], ARRAY[1, 2])", "MAP('a' := 1, 'b' := 2)" } },
};
