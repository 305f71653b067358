/* Growing arrays, sets and maps in an arena. */
#include "functions/scalar/collection/values.h"

#include "types/compare.h"

#include <assert.h>

void weir_values_init(struct weir_values *values, struct weir_arena *arena, size_t expected)
{
	size_t capacity = expected < 4 ? 4 : expected;

	*values = (struct weir_values){
		.arena = arena,
		.items = weir_arena_alloc(arena, capacity * sizeof *values->items),
		.nulls = weir_arena_alloc_zero(arena, weir_null_words(capacity) * sizeof *values->nulls),
		.capacity = capacity,
	};
}

static void grow(struct weir_values *values)
{
	struct weir_values bigger;

	weir_values_init(&bigger, values->arena, values->capacity * 2);
	memcpy(bigger.items, values->items, values->count * sizeof *values->items);
	memcpy(bigger.nulls, values->nulls, weir_null_words(values->count) * sizeof *values->nulls);
	bigger.count = values->count;
	*values = bigger;
}

void weir_values_add(struct weir_values *values, union weir_cell cell, bool is_null)
{
	if (values->count == values->capacity)
		grow(values);
	if (is_null)
		cell = (union weir_cell){ 0 };
	values->items[values->count] = cell;
	weir_null_assign(values->nulls, values->count++, is_null);
}

enum weir_result weir_values_finish(const struct weir_values *values, union weir_cell *ret)
{
	struct weir_array *array = WEIR_ARENA_NEW(values->arena, struct weir_array);

	*array = (struct weir_array){ .count = values->count, .items = values->items, .nulls = values->nulls };
	ret->array = array;
	return WEIR_VALUE;
}

/* ---- Sets ---- */

void weir_value_set_init(struct weir_value_set *set, struct weir_arena *arena, const struct weir_type *type, size_t expected)
{
	*set = (struct weir_value_set){ .type = type, .slot_count = 8 };
	weir_values_init(&set->values, arena, expected);
	while (set->slot_count < expected * 2)
		set->slot_count *= 2;
	set->slots = WEIR_ARENA_ARRAY(arena, uint32_t, set->slot_count);
}

static uint64_t hash_of(const struct weir_value_set *set, union weir_cell cell, bool is_null)
{
	uint64_t hash = is_null ? 1 : weir_cell_hash(set->type, cell);

	return hash ^ hash >> 29;
}

/* The slot where the value is, or would go. */
static uint32_t *slot_of(const struct weir_value_set *set, union weir_cell cell, bool is_null)
{
	size_t mask = set->slot_count - 1, at = hash_of(set, cell, is_null) & mask;

	for (; set->slots[at]; at = (at + 1) & mask) {
		size_t i = set->slots[at] - 1;
		bool other_is_null = weir_null_test(set->values.nulls, i);
		if (is_null == other_is_null && (is_null || weir_cell_equals(set->type, set->values.items[i], cell)))
			break;
	}
	return &set->slots[at];
}

static void rehash(struct weir_value_set *set)
{
	set->slot_count *= 2;
	set->slots = WEIR_ARENA_ARRAY(set->values.arena, uint32_t, set->slot_count);
	for (size_t i = 0; i < set->values.count; i++) {
		size_t mask = set->slot_count - 1;
		size_t at = hash_of(set, set->values.items[i], weir_null_test(set->values.nulls, i)) & mask;
		while (set->slots[at])
			at = (at + 1) & mask;
		set->slots[at] = (uint32_t)i + 1;
	}
}

size_t weir_value_set_find(const struct weir_value_set *set, union weir_cell cell, bool is_null)
{
	uint32_t slot = *slot_of(set, cell, is_null);

	return slot ? slot - 1 : SIZE_MAX;
}

size_t weir_value_set_add(struct weir_value_set *set, union weir_cell cell, bool is_null, bool *ret_is_new)
{
	uint32_t *slot = slot_of(set, cell, is_null);

	if (ret_is_new)
		*ret_is_new = !*slot;
	if (*slot)
		return *slot - 1;
	weir_values_add(&set->values, cell, is_null);
	*slot = (uint32_t)set->values.count;
	if (set->values.count * 2 > set->slot_count)
		rehash(set);
	return set->values.count - 1;
}

/* ---- Maps ---- */

void weir_map_builder_init(struct weir_map_builder *builder, struct weir_arena *arena, const struct weir_type *key, size_t expected)
{
	*builder = (struct weir_map_builder){ 0 };
	weir_value_set_init(&builder->keys, arena, key, expected);
	weir_values_init(&builder->map_values, arena, expected);
}

bool weir_map_builder_put(
	struct weir_map_builder *builder, union weir_cell key, bool key_is_null, union weir_cell value, bool value_is_null)
{
	bool is_new;
	size_t at = weir_value_set_add(&builder->keys, key, key_is_null, &is_new);

	if (is_new) {
		weir_values_add(&builder->map_values, value, value_is_null);
	} else {
		builder->map_values.items[at] = value;
		weir_null_assign(builder->map_values.nulls, at, value_is_null);
	}
	assert(builder->map_values.count == builder->keys.values.count);
	return is_new;
}

enum weir_result weir_map_builder_finish(const struct weir_map_builder *builder, union weir_cell *ret)
{
	struct weir_map_value *map = WEIR_ARENA_NEW(builder->map_values.arena, struct weir_map_value);

	*map = (struct weir_map_value){
		.count = builder->map_values.count,
		.keys = builder->keys.values.items,
		.key_nulls = builder->keys.values.nulls,
		.values = builder->map_values.items,
		.value_nulls = builder->map_values.nulls,
		.table_entries = builder->table_entries,
	};
	ret->map = map;
	return WEIR_VALUE;
}
