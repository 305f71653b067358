/* Building arrays and maps in the batch arena: growing lists of values, sets of values, maps with unique keys.
 *
 * Holds: everything lives in the arena given at the start; sets and maps find a value in constant time on average.
 */
#pragma once

#include "functions/define.h"

/* ---- Arrays ---- */

struct weir_values {
	struct weir_arena *arena;
	union weir_cell *items;
	uint64_t *nulls;
	size_t count, capacity;
};

void weir_values_init(struct weir_values *values, struct weir_arena *arena, size_t expected);
void weir_values_add(struct weir_values *values, union weir_cell cell, bool is_null);
static inline void weir_values_add_from(struct weir_values *values, const struct weir_array *array, size_t i)
{
	weir_values_add(values, array->items[i], weir_null_test(array->nulls, i));
}
/* The array as a function's result. */
enum weir_result weir_values_finish(const struct weir_values *values, union weir_cell *ret);

/* ---- Sets: equality of functions.md §2.5 ---- */

struct weir_value_set {
	struct weir_values values; /* distinct, in the order they came */
	const struct weir_type *type;
	uint32_t *slots; /* index + 1; 0: empty */
	size_t slot_count;
};

void weir_value_set_init(struct weir_value_set *set, struct weir_arena *arena, const struct weir_type *type, size_t expected);
/* Its index, or SIZE_MAX. */
size_t weir_value_set_find(const struct weir_value_set *set, union weir_cell cell, bool is_null);
/* Its index; *ret_is_new (may be NULL): it was not there. */
size_t weir_value_set_add(struct weir_value_set *set, union weir_cell cell, bool is_null, bool *ret_is_new);

/* ---- Maps: the last value of a key wins, its first place stays ---- */

struct weir_map_builder {
	struct weir_value_set keys;
	struct weir_values map_values;
	size_t table_entries; /* the map walks like a Java table made for that many entries; 0: like an ordinary one */
};

void weir_map_builder_init(
	struct weir_map_builder *builder, struct weir_arena *arena, const struct weir_type *key, size_t expected);
/* false: the key was there already (its value is replaced). */
bool weir_map_builder_put(
	struct weir_map_builder *builder, union weir_cell key, bool key_is_null, union weir_cell value, bool value_is_null);
enum weir_result weir_map_builder_finish(const struct weir_map_builder *builder, union weir_cell *ret);

/* ---- Order ---- */

/* The natural order of functions.md §2.1, GREATEST: as Java's compareTo, so that NaN is the greatest and -0.0 below 0.0. Both of
 * the type, not NULL; not for ARRAY, MAP, STRUCT. */
int weir_natural_order(const struct weir_type *type, union weir_cell a, union weir_cell b);
bool weir_has_natural_order(const struct weir_type *type);
