/* The keys of a store's cached entries in byte order: a skip list.
 *
 * Holds: keys are borrowed from the entries and must stay valid while listed; a key is listed at most once; nodes come from an
 * arena that clearing resets. Walking on from the key found last costs one step. Thread: the store's.
 */
#pragma once

#include "base/arena.h"

enum { WEIR_ORDER_LEVELS = 16 };

struct weir_order_node {
	struct weir_slice key;
	void *item;
	int levels;
	struct weir_order_node *next[];
};

struct weir_order {
	struct weir_arena arena;
	struct weir_order_node *head[WEIR_ORDER_LEVELS];
	struct weir_order_node *free[WEIR_ORDER_LEVELS]; /* removed ones by height, linked by next[0] */
	struct weir_order_node *last_found;
	uint64_t random;
};

void weir_order_init(struct weir_order *order);
void weir_order_fini(struct weir_order *order);
void weir_order_clear(struct weir_order *order);
/* A key that is listed already gets the new item and the new copy of its bytes. */
void weir_order_put(struct weir_order *order, struct weir_slice key, void *item);
/* Nothing happens when it is not listed. */
void weir_order_remove(struct weir_order *order, struct weir_slice key);
/* The item of the smallest key >= from (> from when after), or NULL. */
void *weir_order_seek(struct weir_order *order, struct weir_slice from, bool after);
