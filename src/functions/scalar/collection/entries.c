/* ENTRIES: a map as an array of key and value. */
#include "functions/scalar/collection/walk.h"
#include "types/compare.h"

#include <stdlib.h>

static int by_key(const void *a, const void *b, void *ctx)
{
	const struct weir_map_value *map = ctx;

	return weir_string_compare(
		map->keys[(uint32_t) * (const uint64_t *)a].str, map->keys[(uint32_t) * (const uint64_t *)b].str);
}

static bool has_null_key(const struct weir_map_value *map)
{
	for (size_t i = 0; i < map->count; i++)
		if (weir_null_test(map->key_nulls, i))
			return true;
	return false;
}

static union weir_cell entry(struct weir_arena *arena, const struct weir_map_value *map, size_t i)
{
	struct weir_struct_value *record = WEIR_ARENA_NEW(arena, struct weir_struct_value);
	union weir_cell *cells = WEIR_ARENA_ARRAY(arena, union weir_cell, 2);
	uint64_t *nulls = WEIR_ARENA_NEW(arena, uint64_t);

	cells[0] = map->keys[i];
	cells[1] = map->values[i];
	weir_null_assign(nulls, 0, weir_null_test(map->key_nulls, i));
	weir_null_assign(nulls, 1, weir_null_test(map->value_nulls, i));
	*record = (struct weir_struct_value){ .cells = cells, .nulls = nulls };
	return (union weir_cell){ .record = record };
}

static enum weir_result entries(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_values result;

	if (ARG_IS_NULL(0))
		return WEIR_NULL;
	const struct weir_map_value *map = ARG(0).map;
	uint64_t *order = (uint64_t *)weir_map_walk(call->arena, call->arg_types[0]->key, map);
	if (ARG(1).boolean && map->count > 1) {
		if (has_null_key(map))
			return weir_function_fail(err, "A NULL key has no place in sorted entries");
		qsort_r(order, map->count, sizeof *order, by_key, (void *)map);
	}
	weir_values_init(&result, call->arena, map->count);
	for (size_t i = 0; i < map->count; i++)
		weir_values_add(&result, entry(call->arena, map, (uint32_t)order[i]), false);
	return weir_values_finish(&result, ret);
}

#define ENTRY_TYPE(name_, value_)                                                                                                  \
	static const struct weir_field name_##_fields[] = {                                                                        \
		{ { "K", 1 }, &weir_type_string },                                                                                 \
		{ { "V", 1 }, &weir_type_##value_ },                                                                               \
	};                                                                                                                         \
	static const struct weir_type name_##_entry = { .kind = WEIR_KIND_STRUCT, .fields = name_##_fields, .field_count = 2 };    \
	static const struct weir_pattern name_##_pattern = { .kind = WEIR_PATTERN_STRUCT, .type = &name_##_entry }

ENTRY_TYPE(integer, integer);
ENTRY_TYPE(bigint, bigint);
ENTRY_TYPE(double, double);
ENTRY_TYPE(boolean, boolean);
ENTRY_TYPE(string, string);

#define OVERLOAD(kind_, name_)                                                                                                     \
	{                                                                                                                          \
		.params = { PARAM_STRING_MAP_OF(kind_, "map"), PARAM_PRIMITIVE(BOOLEAN, "sorted") },                               \
		.returns = { .kind = WEIR_PATTERN_ARRAY, .element = &name_##_pattern }, .eval = entries                            \
	}

const struct weir_scalar_function weir_scalar_entries = {
	.name = "ENTRIES",
	.category = "MAP",
	.summary = "A map's entries as an array of STRUCT<K, V>, sorted by key when asked for.",
	.overloads = { OVERLOAD(INTEGER, integer), OVERLOAD(BIGINT, bigint), OVERLOAD(DOUBLE, double), OVERLOAD(BOOLEAN, boolean),
		OVERLOAD(STRING, string) },
	.examples = { { "ENTRIES(MAP('b' := 1, 'a' := 2), TRUE)", "ARRAY[STRUCT(K := 'a', V := 2), STRUCT(K := 'b', V := 1)]" } },
};
