/* MD5 (RFC 1321). */
#include "registry/md5.h"

#include <math.h>
#include <string.h>

static const uint8_t shifts[4][4] = { { 7, 12, 17, 22 }, { 5, 9, 14, 20 }, { 4, 11, 16, 23 }, { 6, 10, 15, 21 } };

void weir_md5_init(struct weir_md5 *md5)
{
	*md5 = (struct weir_md5){ .state = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 } };
}

static uint32_t rotate(uint32_t value, int bits)
{
	return value << bits | value >> (32 - bits);
}

/* The i-th constant is 2^32 times the sine of i + 1. */
static uint32_t sine(int i)
{
	return (uint32_t)(fabs(sin(i + 1.0)) * 4294967296.0);
}

static uint32_t mix(int round, uint32_t b, uint32_t c, uint32_t d)
{
	switch (round) {
	case 0:
		return (b & c) | (~b & d);
	case 1:
		return (d & b) | (~d & c);
	case 2:
		return b ^ c ^ d;
	default:
		return c ^ (b | ~d);
	}
}

static int word_index(int round, int i)
{
	static const int factor[] = { 1, 5, 3, 7 }, offset[] = { 0, 1, 5, 0 };

	return (factor[round] * i + offset[round]) % 16;
}

static void transform(struct weir_md5 *md5)
{
	uint32_t words[16], a = md5->state[0], b = md5->state[1], c = md5->state[2], d = md5->state[3];

	memcpy(words, md5->block, sizeof words); /* little-endian machines only, as everywhere in weir */
	for (int i = 0; i < 64; i++) {
		uint32_t sum = a + mix(i / 16, b, c, d) + sine(i) + words[word_index(i / 16, i)];
		a = d;
		d = c;
		c = b;
		b += rotate(sum, shifts[i / 16][i % 4]);
	}
	md5->state[0] += a;
	md5->state[1] += b;
	md5->state[2] += c;
	md5->state[3] += d;
}

void weir_md5_update(struct weir_md5 *md5, const void *bytes, size_t len)
{
	const uint8_t *from = bytes;

	for (size_t i = 0; i < len; i++) {
		md5->block[md5->len++ % 64] = from[i];
		if (md5->len % 64 == 0)
			transform(md5);
	}
}

void weir_md5_finish(struct weir_md5 *md5, uint8_t ret_digest[16])
{
	uint64_t bits = md5->len * 8;

	weir_md5_update(md5, "\x80", 1);
	while (md5->len % 64 != 56)
		weir_md5_update(md5, "", 1);
	weir_md5_update(md5, &bits, sizeof bits);
	memcpy(ret_digest, md5->state, 16);
}
