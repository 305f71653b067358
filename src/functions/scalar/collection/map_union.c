/* MAP_UNION: the entries of both maps; the second one's values win. */
#include "functions/scalar/collection/values.h"

static void put_all(struct weir_map_builder *builder, const struct weir_map_value *map)
{
	for (size_t i = 0; i < map->count; i++)
		weir_map_builder_put(builder, map->keys[i], weir_null_test(map->key_nulls, i), map->values[i],
			weir_null_test(map->value_nulls, i));
}

static enum weir_result map_union(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_map_builder builder;

	if (ARG_IS_NULL(0) && ARG_IS_NULL(1))
		return WEIR_NULL;
	weir_map_builder_init(&builder, call->arena, &weir_type_string, 8);
	for (size_t i = 0; i < 2; i++)
		if (!ARG_IS_NULL(i))
			put_all(&builder, ARG(i).map);
	return weir_map_builder_finish(&builder, ret);
}

const struct weir_scalar_function weir_scalar_map_union = {
	.name = "MAP_UNION",
	.spelling = "map_union",
	.category = "MAP",
	.summary = "The entries of two maps; the second one's value wins where both have a key.",
	.overloads = { { .params = { PARAM_STRING_MAP('T', "map1"), PARAM_STRING_MAP('T', "map2") },
		RETURNS_STRING_MAP('T'),
		.eval = map_union } },
	.examples = { { "MAP_UNION(MAP('a' := 1), MAP('a' := 2, 'b' := 3))", "MAP('a' := 2, 'b' := 3)" } },
};
