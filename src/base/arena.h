/* Memory by lifetime: many allocations, one release.
 *
 * Holds: allocations never fail (see base/memory.h) and are 16-byte aligned; reset keeps the first chunk, so that a batch arena
 * stops calling malloc once it has seen its largest batch. Not shared between threads. Name arenas for their lifetime:
 * stmt_arena, plan_arena, batch_arena.
 */
#pragma once

#include "base/slice.h"

struct weir_arena_chunk;
struct weir_arena_release;

struct weir_arena {
	struct weir_arena_chunk *chunk; /* the one being filled; older ones hang behind it */
	char *next, *end;
	size_t chunk_bytes; /* size of the next ordinary chunk */
	size_t used_bytes;  /* in full chunks; see weir_arena_used_bytes() */
	struct weir_arena_release *releases;
};

void weir_arena_init(struct weir_arena *arena, size_t first_chunk_bytes);
void weir_arena_fini(struct weir_arena *arena);
/* Everything allocated so far becomes invalid. */
void weir_arena_reset(struct weir_arena *arena);
size_t weir_arena_used_bytes(const struct weir_arena *arena);

/* For the few things in an arena that hold more than memory of it: called once, when the arena is next reset or finished, the last
 * registered first, while its memory still stands. */
void weir_arena_on_release(struct weir_arena *arena, void (*release)(void *), void *object);

void *weir_arena_alloc_slow(struct weir_arena *arena, size_t bytes) __attribute__((returns_nonnull));

static inline void *weir_arena_alloc(struct weir_arena *arena, size_t bytes)
{
	size_t rounded = (bytes + 15) & ~(size_t)15;

	if ((size_t)(arena->end - arena->next) < rounded)
		return weir_arena_alloc_slow(arena, rounded);
	void *memory = arena->next;
	arena->next += rounded;
	return memory;
}

void *weir_arena_alloc_zero(struct weir_arena *arena, size_t bytes) __attribute__((returns_nonnull));
/* Both copies are NUL-terminated, the slice's length does not count it. */
char *weir_arena_strdup(struct weir_arena *arena, const char *text);
struct weir_slice weir_arena_copy(struct weir_arena *arena, struct weir_slice slice);
struct weir_slice weir_arena_printf(struct weir_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define WEIR_ARENA_NEW(arena, type)          ((type *)weir_arena_alloc_zero((arena), sizeof(type)))
#define WEIR_ARENA_ARRAY(arena, type, count) ((type *)weir_arena_alloc_zero((arena), sizeof(type) * (count)))
