/* Open addressing, at most three quarters full. */
#include "log/local/key_map.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>

struct local_key_slot {
	uint64_t first, second;
	int64_t next_offset; /* offset + 1; 0: the slot is free */
};

#define FIRST_SLOTS 1024

void local_key_map_init(struct local_key_map *map)
{
	*map = (struct local_key_map){ .slot_count = FIRST_SLOTS };
	map->slots = weir_alloc_zero(FIRST_SLOTS * sizeof *map->slots);
}

void local_key_map_fini(struct local_key_map *map)
{
	free(map->slots);
	*map = (struct local_key_map){ 0 };
}

bool local_key_map_is_full(const struct local_key_map *map)
{
	return map->key_count >= LOCAL_KEY_MAP_KEYS;
}

/* FNV-1a, which shares nothing with weir_slice_hash(). */
static uint64_t second_hash(struct weir_slice key)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < key.len; i++)
		hash = (hash ^ (unsigned char)key.ptr[i]) * UINT64_C(0x100000001b3);
	return hash;
}

static struct local_key_slot *find(const struct local_key_map *map, uint64_t first, uint64_t second)
{
	for (size_t i = first & (map->slot_count - 1);; i = (i + 1) & (map->slot_count - 1)) {
		struct local_key_slot *slot = &map->slots[i];
		if (slot->next_offset == 0 || (slot->first == first && slot->second == second))
			return slot;
	}
}

static void grow(struct local_key_map *map)
{
	struct local_key_map larger = { .slot_count = map->slot_count * 2, .key_count = map->key_count };

	larger.slots = weir_alloc_zero(larger.slot_count * sizeof *larger.slots);
	for (size_t i = 0; i < map->slot_count; i++)
		if (map->slots[i].next_offset != 0)
			*find(&larger, map->slots[i].first, map->slots[i].second) = map->slots[i];
	free(map->slots);
	*map = larger;
}

void local_key_map_put(struct local_key_map *map, struct weir_slice key, int64_t offset)
{
	uint64_t first = weir_slice_hash(key), second = second_hash(key);

	assert(offset >= 0);
	if (map->key_count >= map->slot_count / 4 * 3)
		grow(map);
	struct local_key_slot *slot = find(map, first, second);
	map->key_count += slot->next_offset == 0;
	*slot = (struct local_key_slot){ .first = first, .second = second, .next_offset = offset + 1 };
}

int64_t local_key_map_get(const struct local_key_map *map, struct weir_slice key)
{
	return find(map, weir_slice_hash(key), second_hash(key))->next_offset - 1;
}
