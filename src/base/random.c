/* Pools of random bytes. */
#include "base/random.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static void refill(struct weir_random *random)
{
	size_t have = 0;

	while (have < sizeof random->pool) {
		ssize_t got = getrandom(random->pool + have, sizeof random->pool - have, 0);
		if (got > 0)
			have += (size_t)got;
		else if (errno != EINTR)
			abort();
	}
	random->left = sizeof random->pool;
}

void weir_random_fill(struct weir_random *random, void *ret_bytes, size_t len)
{
	unsigned char *out = ret_bytes;

	while (len > 0) {
		if (random->left == 0)
			refill(random);
		size_t part = len < random->left ? len : random->left;
		unsigned char *from = random->pool + sizeof random->pool - random->left;
		memcpy(out, from, part);
		memset(from, 0, part);
		random->left -= part;
		out += part;
		len -= part;
	}
}
