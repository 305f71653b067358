/* Heap allocation that aborts when the system has no memory left. */
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *checked(void *memory, size_t bytes)
{
	if (memory)
		return memory;
	fprintf(stderr, "weir: out of memory (asked for %zu bytes)\n", bytes);
	abort();
}

void *weir_alloc(size_t bytes)
{
	return checked(malloc(bytes ? bytes : 1), bytes);
}

void *weir_alloc_zero(size_t bytes)
{
	return checked(calloc(1, bytes ? bytes : 1), bytes);
}

void *weir_realloc(void *old, size_t bytes)
{
	return checked(realloc(old, bytes ? bytes : 1), bytes);
}

char *weir_strdup(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(weir_alloc(size), text, size);
}
