/* Buckets of a Java hash map: ascending, and within a bucket in the order of insertion. */
#include "types/map_order.h"

#include "types/utf16.h"

#include <stdlib.h>

static uint32_t fold(uint64_t bits)
{
	return (uint32_t)(bits ^ bits >> 32);
}

/* 31-polynomial over UTF-16 units. */
static uint32_t hash_text(struct weir_slice text)
{
	uint32_t hash = 0;

	for (size_t i = 0, len; i < text.len; i += len) {
		uint32_t code = weir_utf8_decode(weir_slice_make(text.ptr + i, text.len - i), &len);
		if (code >= 0x10000) {
			hash = hash * 31 + (0xD7C0 + (code >> 10));
			code = 0xDC00 + (code & 0x3FF);
		}
		hash = hash * 31 + code;
	}
	return hash;
}

static uint32_t hash_of(const struct weir_type *type, union weir_cell cell)
{
	switch (type->kind) {
	case WEIR_KIND_STRING:
		return hash_text(cell.str);
	case WEIR_KIND_BOOLEAN:
		return cell.boolean ? 1231 : 1237;
	case WEIR_KIND_INTEGER:
		return (uint32_t)cell.i32;
	case WEIR_KIND_BIGINT:
	case WEIR_KIND_DOUBLE:
		return fold((uint64_t)cell.i64);
	default:
		return 0; /* no order is promised */
	}
}

static size_t bucket_count(const struct weir_map_value *map)
{
	size_t count = map->table_entries ? 1 : 16;

	while (count < map->table_entries)
		count *= 2;
	while (map->count * 4 > count * 3)
		count *= 2;
	return count;
}

static int by_bucket(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

void weir_map_walk_order(const struct weir_type *key, const struct weir_map_value *map, uint64_t *ret_order)
{
	size_t mask = bucket_count(map) - 1;
	bool sorted = true;

	for (size_t i = 0; i < map->count; i++) {
		uint32_t hash = weir_null_test(map->key_nulls, i) ? 0 : hash_of(key, map->keys[i]);
		ret_order[i] = ((hash ^ hash >> 16) & mask) << 32 | i;
		sorted = sorted && (i == 0 || ret_order[i - 1] < ret_order[i]);
	}
	if (!sorted)
		qsort(ret_order, map->count, sizeof *ret_order, by_bucket);
}
