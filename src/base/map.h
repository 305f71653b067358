/* Hash map from byte strings to pointers, insertion-ordered when walked.
 *
 * Holds: keys are copied into the map, values are borrowed; a removed entry leaves a hole until the next growth.
 * For catalogs, settings and caches of small size; keyed state of queries lives in store/. Not shared between threads.
 */
#pragma once

#include "base/slice.h"

struct weir_map_entry {
	struct weir_slice key; /* owned by the map, NUL-terminated; ptr NULL: removed */
	uint64_t hash;
	void *value;
};

struct weir_map {
	struct weir_map_entry *entries; /* in insertion order, with holes */
	size_t entry_count, entry_capacity;
	uint32_t *slots; /* index + 1 into entries; 0 empty */
	size_t slot_count;
	size_t count; /* live entries */
};

void weir_map_init(struct weir_map *map);
void weir_map_fini(struct weir_map *map);
/* NULL when absent. */
void *weir_map_get(const struct weir_map *map, struct weir_slice key);
bool weir_map_has(const struct weir_map *map, struct weir_slice key);
/* Returns the value that was there before, or NULL. */
void *weir_map_put(struct weir_map *map, struct weir_slice key, void *value);
/* Returns the value removed, or NULL. */
void *weir_map_remove(struct weir_map *map, struct weir_slice key);
/* Walks live entries: `for (struct weir_map_entry *e = NULL; (e = weir_map_next(&map, e));)`. No put during a walk; remove is fine.
 */
struct weir_map_entry *weir_map_next(const struct weir_map *map, struct weir_map_entry *previous);
