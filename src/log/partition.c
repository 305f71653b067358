/* Kafka's default partitioner: murmur2 with its seed, over the serialised key. */
#include "log/log.h"

static uint32_t murmur2(struct weir_slice data)
{
	const uint32_t m = 0x5bd1e995;
	uint32_t hash = 0x9747b28cu ^ (uint32_t)data.len;
	const unsigned char *p = (const unsigned char *)data.ptr;
	size_t words = data.len / 4;

	for (size_t i = 0; i < words; i++, p += 4) {
		uint32_t k = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
		k *= m;
		k ^= k >> 24;
		k *= m;
		hash = hash * m ^ k;
	}
	switch (data.len % 4) {
	case 3:
		hash ^= (uint32_t)p[2] << 16;
		/* fall through */
	case 2:
		hash ^= (uint32_t)p[1] << 8;
		/* fall through */
	case 1:
		hash ^= p[0];
		hash *= m;
	}
	hash ^= hash >> 13;
	hash *= m;
	return hash ^ hash >> 15;
}

int32_t weir_log_partition_of(struct weir_slice key, int32_t partitions)
{
	return (int32_t)((murmur2(key) & 0x7fffffff) % (uint32_t)partitions);
}
