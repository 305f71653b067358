/* The order in which ksqlDB walks a map: that of a Java hash map (functions.md appendix B). Whatever shows an order to the user
 * (texts, MAP_KEYS, REDUCE, …) walks in it; storing and comparing do not need it. */
#pragma once

#include "types/cell.h"

/* Fills ret_order[0 .. map->count): the low 32 bits of the i-th are the index of the entry that comes i-th. */
void weir_map_walk_order(const struct weir_type *key, const struct weir_map_value *map, uint64_t *ret_order);
