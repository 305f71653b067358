#include "store/order.h"

#include <string.h>

void weir_order_init(struct weir_order *order)
{
	memset(order, 0, sizeof *order);
	weir_arena_init(&order->arena, 16384);
	order->random = 0x9E3779B97F4A7C15u;
}

void weir_order_fini(struct weir_order *order)
{
	weir_arena_fini(&order->arena);
}

void weir_order_clear(struct weir_order *order)
{
	weir_arena_reset(&order->arena);
	memset(order->head, 0, sizeof order->head);
	memset(order->free, 0, sizeof order->free);
	order->last_found = NULL;
}

/* One level more with a probability of a quarter. */
static int choose_levels(struct weir_order *order)
{
	order->random ^= order->random << 13;
	order->random ^= order->random >> 7;
	order->random ^= order->random << 17;
	uint64_t bits = order->random >> 16;
	int levels = 1;

	while (levels < WEIR_ORDER_LEVELS && (bits & 3) == 0) {
		levels++;
		bits >>= 2;
	}
	return levels;
}

static struct weir_order_node *take_node(struct weir_order *order, int levels)
{
	struct weir_order_node *node = order->free[levels - 1];

	if (node)
		order->free[levels - 1] = node->next[0];
	else
		node = weir_arena_alloc(&order->arena, sizeof *node + (size_t)levels * sizeof *node->next);
	node->levels = levels;
	return node;
}

/* links[l]: where level l points to the first key >= key (> key when after). */
static void find_links(struct weir_order *order, struct weir_slice key, bool after, struct weir_order_node ***links)
{
	struct weir_order_node **nexts = order->head;

	for (int level = WEIR_ORDER_LEVELS; level-- > 0;) {
		struct weir_order_node *node;
		while ((node = nexts[level])) {
			int comparison = weir_slice_compare(node->key, key);
			if (comparison > 0 || (comparison == 0 && !after))
				break;
			nexts = node->next;
		}
		links[level] = &nexts[level];
	}
}

void weir_order_put(struct weir_order *order, struct weir_slice key, void *item)
{
	struct weir_order_node **links[WEIR_ORDER_LEVELS];

	find_links(order, key, false, links);
	struct weir_order_node *node = *links[0];
	if (!node || !weir_slice_equals(node->key, key)) {
		node = take_node(order, choose_levels(order));
		for (int level = 0; level < node->levels; level++) {
			node->next[level] = *links[level];
			*links[level] = node;
		}
	}
	node->key = key;
	node->item = item;
}

void weir_order_remove(struct weir_order *order, struct weir_slice key)
{
	struct weir_order_node **links[WEIR_ORDER_LEVELS];

	find_links(order, key, false, links);
	struct weir_order_node *node = *links[0];
	if (!node || !weir_slice_equals(node->key, key))
		return;
	for (int level = 0; level < node->levels; level++)
		*links[level] = node->next[level];
	if (order->last_found == node)
		order->last_found = NULL;
	node->next[0] = order->free[node->levels - 1];
	order->free[node->levels - 1] = node;
}

void *weir_order_seek(struct weir_order *order, struct weir_slice from, bool after)
{
	struct weir_order_node **links[WEIR_ORDER_LEVELS];
	struct weir_order_node *node = order->last_found;

	if (node && after && weir_slice_equals(node->key, from)) {
		node = node->next[0];
	} else {
		find_links(order, from, after, links);
		node = *links[0];
	}
	order->last_found = node;
	return node ? node->item : NULL;
}
