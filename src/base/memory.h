/* Heap allocation that never returns NULL.
 *
 * Memory is bounded by limits on inputs, caches and queues, not by handling malloc's failure at every call:
 * when the system has none left, the process says so and aborts; state and log are crash-safe, so nothing acknowledged is lost.
 */
#pragma once

#include <stddef.h>

void *weir_alloc(size_t bytes) __attribute__((malloc, returns_nonnull));
void *weir_alloc_zero(size_t bytes) __attribute__((malloc, returns_nonnull));
void *weir_realloc(void *old, size_t bytes) __attribute__((returns_nonnull));
char *weir_strdup(const char *text) __attribute__((malloc, returns_nonnull));
