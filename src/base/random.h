/* Random bytes from the kernel, fetched in pools so that most calls make no system call.
 *
 * Holds: every byte is given out once; zero-initialised is a valid, empty pool. Not shared between threads.
 */
#pragma once

#include <stddef.h>

struct weir_random {
	unsigned char pool[1024];
	size_t left; /* bytes at the pool's end that were not given out yet */
};

/* Cryptographic quality. Never fails: waits for the kernel's first seed, aborts where the kernel has no random numbers. */
void weir_random_fill(struct weir_random *random, void *ret_bytes, size_t len);
