/* Walking a map in the order that users see (types/map_order.h). */
#pragma once

#include "functions/scalar/collection/values.h"
#include "types/map_order.h"

/* The low 32 bits of the i-th: the index of the entry that comes i-th. */
static inline const uint64_t *weir_map_walk(struct weir_arena *arena, const struct weir_type *key, const struct weir_map_value *map)
{
	uint64_t *order = weir_arena_alloc(arena, (map->count + 1) * sizeof *order);

	weir_map_walk_order(key, map, order);
	return order;
}
