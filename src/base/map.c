/* Open addressing over an insertion-ordered entry array. */
#include "base/map.h"

#include "base/memory.h"

#include <stdlib.h>

void weir_map_init(struct weir_map *map)
{
	*map = (struct weir_map){ 0 };
}

void weir_map_fini(struct weir_map *map)
{
	for (size_t i = 0; i < map->entry_count; i++)
		free((char *)map->entries[i].key.ptr);
	free(map->entries);
	free(map->slots);
	*map = (struct weir_map){ 0 };
}

/* The slot of the key, or of the empty slot where it would go. */
static size_t find_slot(const struct weir_map *map, struct weir_slice key, uint64_t hash)
{
	size_t mask = map->slot_count - 1;

	for (size_t slot = hash & mask;; slot = (slot + 1) & mask) {
		uint32_t index = map->slots[slot];
		if (!index)
			return slot;
		const struct weir_map_entry *entry = &map->entries[index - 1];
		if (entry->key.ptr && entry->hash == hash && weir_slice_equals(entry->key, key))
			return slot;
	}
}

static struct weir_map_entry *find(const struct weir_map *map, struct weir_slice key)
{
	if (!map->slot_count)
		return NULL;
	uint32_t index = map->slots[find_slot(map, key, weir_slice_hash(key))];
	return index ? &map->entries[index - 1] : NULL;
}

void *weir_map_get(const struct weir_map *map, struct weir_slice key)
{
	struct weir_map_entry *entry = find(map, key);

	return entry ? entry->value : NULL;
}

bool weir_map_has(const struct weir_map *map, struct weir_slice key)
{
	return find(map, key) != NULL;
}

/* Drops holes and doubles the slots when they are more than half full. */
static void rebuild(struct weir_map *map)
{
	size_t live = 0;

	for (size_t i = 0; i < map->entry_count; i++)
		if (map->entries[i].key.ptr)
			map->entries[live++] = map->entries[i];
	map->entry_count = live;
	map->slot_count = 16;
	while (map->slot_count < live * 4)
		map->slot_count *= 2;
	free(map->slots);
	map->slots = weir_alloc_zero(map->slot_count * sizeof *map->slots);
	map->entry_capacity = map->slot_count / 2;
	map->entries = weir_realloc(map->entries, map->entry_capacity * sizeof *map->entries);
	for (size_t i = 0; i < live; i++)
		map->slots[find_slot(map, map->entries[i].key, map->entries[i].hash)] = (uint32_t)i + 1;
}

static struct weir_slice copy_key(struct weir_slice key)
{
	char *copy = weir_alloc(key.len + 1);

	if (key.len)
		memcpy(copy, key.ptr, key.len);
	copy[key.len] = '\0';
	return weir_slice_make(copy, key.len);
}

void *weir_map_put(struct weir_map *map, struct weir_slice key, void *value)
{
	struct weir_map_entry *entry = find(map, key);

	if (entry) {
		void *old = entry->value;
		entry->value = value;
		return old;
	}
	if (map->entry_count == map->entry_capacity)
		rebuild(map);
	uint64_t hash = weir_slice_hash(key);
	size_t slot = find_slot(map, key, hash);
	map->entries[map->entry_count] = (struct weir_map_entry){ .key = copy_key(key), .hash = hash, .value = value };
	map->slots[slot] = (uint32_t)++map->entry_count;
	map->count++;
	return NULL;
}

void *weir_map_remove(struct weir_map *map, struct weir_slice key)
{
	struct weir_map_entry *entry = find(map, key);

	if (!entry)
		return NULL;
	void *old = entry->value;
	free((char *)entry->key.ptr);
	*entry = (struct weir_map_entry){ .hash = entry->hash };
	map->count--;
	return old;
}

struct weir_map_entry *weir_map_next(const struct weir_map *map, struct weir_map_entry *previous)
{
	size_t i = previous ? (size_t)(previous - map->entries) + 1 : 0;

	for (; i < map->entry_count; i++)
		if (map->entries[i].key.ptr)
			return &map->entries[i];
	return NULL;
}
