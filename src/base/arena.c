/* Chunked bump allocation. */
#include "base/arena.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define POISON(ptr, len)   ASAN_POISON_MEMORY_REGION(ptr, len)
#define UNPOISON(ptr, len) ASAN_UNPOISON_MEMORY_REGION(ptr, len)
#else
#define POISON(ptr, len)   ((void)(ptr))
#define UNPOISON(ptr, len) ((void)(ptr))
#endif

#define MAX_CHUNK_BYTES ((size_t)1 << 20)

struct weir_arena_chunk {
	struct weir_arena_chunk *older;
	size_t bytes;
	_Alignas(16) char data[];
};

void weir_arena_init(struct weir_arena *arena, size_t first_chunk_bytes)
{
	*arena = (struct weir_arena){ .chunk_bytes = first_chunk_bytes < 256 ? 256 : first_chunk_bytes };
}

struct weir_arena_release {
	struct weir_arena_release *next;
	void (*release)(void *);
	void *object;
};

void weir_arena_on_release(struct weir_arena *arena, void (*release)(void *), void *object)
{
	struct weir_arena_release *entry = WEIR_ARENA_NEW(arena, struct weir_arena_release);

	*entry = (struct weir_arena_release){ .next = arena->releases, .release = release, .object = object };
	arena->releases = entry;
}

static void release_all(struct weir_arena *arena)
{
	while (arena->releases) {
		struct weir_arena_release *entry = arena->releases;
		arena->releases = entry->next;
		entry->release(entry->object);
	}
}

static void free_chunk(struct weir_arena_chunk *chunk)
{
	UNPOISON(chunk->data, chunk->bytes);
	free(chunk);
}

void weir_arena_fini(struct weir_arena *arena)
{
	release_all(arena);
	for (struct weir_arena_chunk *chunk = arena->chunk, *older; chunk; chunk = older) {
		older = chunk->older;
		free_chunk(chunk);
	}
	*arena = (struct weir_arena){ .chunk_bytes = arena->chunk_bytes };
}

/* Keeps the newest chunk only: chunks grow, so it is the largest ordinary one. */
void weir_arena_reset(struct weir_arena *arena)
{
	release_all(arena);
	struct weir_arena_chunk *keep = arena->chunk;

	if (!keep)
		return;
	for (struct weir_arena_chunk *chunk = keep->older, *older; chunk; chunk = older) {
		older = chunk->older;
		free_chunk(chunk);
	}
	keep->older = NULL;
	arena->next = keep->data;
	arena->end = keep->data + keep->bytes;
	arena->used_bytes = 0;
	if (keep->bytes > 4 * MAX_CHUNK_BYTES) { /* one huge value must not stay for ever */
		free_chunk(keep);
		arena->chunk = NULL;
		arena->next = arena->end = NULL;
		return;
	}
	POISON(keep->data, 0);
}

size_t weir_arena_used_bytes(const struct weir_arena *arena)
{
	return arena->used_bytes + (arena->chunk ? (size_t)(arena->next - arena->chunk->data) : 0);
}

void *weir_arena_alloc_slow(struct weir_arena *arena, size_t bytes)
{
	size_t chunk_bytes = arena->chunk_bytes > bytes ? arena->chunk_bytes : bytes;
	struct weir_arena_chunk *chunk = weir_alloc(sizeof *chunk + chunk_bytes);

	if (arena->chunk)
		arena->used_bytes += (size_t)(arena->next - arena->chunk->data);
	*chunk = (struct weir_arena_chunk){ .older = arena->chunk, .bytes = chunk_bytes };
	arena->chunk = chunk;
	arena->next = chunk->data + bytes;
	arena->end = chunk->data + chunk_bytes;
	if (arena->chunk_bytes < MAX_CHUNK_BYTES)
		arena->chunk_bytes *= 2;
	return chunk->data;
}

void *weir_arena_alloc_zero(struct weir_arena *arena, size_t bytes)
{
	return memset(weir_arena_alloc(arena, bytes ? bytes : 1), 0, bytes); /* an empty array has an address, too */
}

struct weir_slice weir_arena_copy(struct weir_arena *arena, struct weir_slice slice)
{
	char *copy = weir_arena_alloc(arena, slice.len + 1);

	if (slice.len)
		memcpy(copy, slice.ptr, slice.len);
	copy[slice.len] = '\0';
	return weir_slice_make(copy, slice.len);
}

char *weir_arena_strdup(struct weir_arena *arena, const char *text)
{
	return (char *)weir_arena_copy(arena, weir_slice_of(text)).ptr;
}

struct weir_slice weir_arena_printf(struct weir_arena *arena, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	char *text = weir_arena_alloc(arena, (size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, format, again);
	va_end(again);
	return weir_slice_make(text, (size_t)len);
}
