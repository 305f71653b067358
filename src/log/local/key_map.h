/* The latest offset of each key, for one pass of compaction.
 *
 * Holds: memory is bounded; keys are known by 128 bits of two unrelated hashes.
 */
#pragma once

#include "base/slice.h"

#define LOCAL_KEY_MAP_KEYS ((size_t)500000) /* 24 MB of slots at most; what does not fit waits for the next pass */

struct local_key_map {
	struct local_key_slot *slots;
	size_t slot_count, key_count;
};

void local_key_map_init(struct local_key_map *map);
void local_key_map_fini(struct local_key_map *map);
bool local_key_map_is_full(const struct local_key_map *map);
/* Offsets come in ascending order. */
void local_key_map_put(struct local_key_map *map, struct weir_slice key, int64_t offset);
/* -1: the key is not there. */
int64_t local_key_map_get(const struct local_key_map *map, struct weir_slice key);
