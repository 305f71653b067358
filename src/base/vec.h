/* Typed growing arrays: `WEIR_VEC(struct weir_column) columns;` is a struct {items, count, capacity}; zero-initialise it.
 *
 * Two homes: WEIR_VEC_PUSH grows on the heap (WEIR_VEC_FREE releases), WEIR_VEC_PUSH_IN grows inside an arena and is never freed.
 */
#pragma once

#include "base/arena.h"
#include "base/memory.h"

#include <stdlib.h>

#define WEIR_VEC(type)                                                                                                             \
	struct {                                                                                                                   \
		type *items;                                                                                                       \
		size_t count, capacity;                                                                                            \
	}

#define WEIR_VEC_PUSH(vec, item)                                                                                                   \
	do {                                                                                                                       \
		if ((vec)->count == (vec)->capacity) {                                                                             \
			(vec)->capacity = (vec)->capacity ? (vec)->capacity * 2 : 8;                                               \
			(vec)->items = weir_realloc((vec)->items, (vec)->capacity * sizeof *(vec)->items);                         \
		}                                                                                                                  \
		(vec)->items[(vec)->count++] = (item);                                                                             \
	} while (0)

#define WEIR_VEC_PUSH_IN(arena, vec, item)                                                                                         \
	do {                                                                                                                       \
		if ((vec)->count == (vec)->capacity) {                                                                             \
			size_t weir_vec_capacity = (vec)->capacity ? (vec)->capacity * 2 : 4;                                      \
			void *weir_vec_items = weir_arena_alloc((arena), weir_vec_capacity * sizeof *(vec)->items);                \
			if ((vec)->count)                                                                                          \
				memcpy(weir_vec_items, (vec)->items, (vec)->count * sizeof *(vec)->items);                         \
			(vec)->items = weir_vec_items;                                                                             \
			(vec)->capacity = weir_vec_capacity;                                                                       \
		}                                                                                                                  \
		(vec)->items[(vec)->count++] = (item);                                                                             \
	} while (0)

#define WEIR_VEC_FREE(vec)                                                                                                         \
	do {                                                                                                                       \
		free((vec)->items);                                                                                                \
		(vec)->items = NULL;                                                                                               \
		(vec)->count = (vec)->capacity = 0;                                                                                \
	} while (0)
