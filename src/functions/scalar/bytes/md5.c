/* MD5 (RFC 1321) of a text's UTF-8 bytes. For fingerprints, not for security. */
#include "functions/scalar/bytes/encoding.h"

#include <math.h>

struct md5 {
	uint32_t a, b, c, d;
};

static uint32_t rotate(uint32_t word, unsigned bits)
{
	return word << bits | word >> (32 - bits);
}

/* The table of RFC 1321 §3.4: the whole part of 2^32 |sin(i + 1)|. */
static uint32_t sine(unsigned i)
{
	return (uint32_t)(int64_t)floor(fabs(sin((double)i + 1)) * 4294967296.0);
}

static void add_block(struct md5 *state, const unsigned char block[64], const uint32_t sines[64])
{
	static const unsigned char shifts[4][4] = { { 7, 12, 17, 22 }, { 5, 9, 14, 20 }, { 4, 11, 16, 23 }, { 6, 10, 15, 21 } };
	static const unsigned char steps[4] = { 1, 5, 3, 7 }, starts[4] = { 0, 1, 5, 0 };
	uint32_t words[16], a = state->a, b = state->b, c = state->c, d = state->d;

	for (size_t i = 0; i < 16; i++)
		words[i] = (uint32_t)block[4 * i] | (uint32_t)block[4 * i + 1] << 8 | (uint32_t)block[4 * i + 2] << 16 |
			   (uint32_t)block[4 * i + 3] << 24;
	for (unsigned i = 0; i < 64; i++) {
		unsigned round = i / 16;
		uint32_t mixed = round == 0   ? (b & c) | (~b & d)
				 : round == 1 ? (d & b) | (~d & c)
				 : round == 2 ? b ^ c ^ d
					      : c ^ (b | ~d);
		mixed += a + sines[i] + words[(starts[round] + steps[round] * i) % 16];
		a = d;
		d = c;
		c = b;
		b += rotate(mixed, shifts[round][i % 4]);
	}
	state->a += a;
	state->b += b;
	state->c += c;
	state->d += d;
}

static void *prepare(struct weir_arena *arena, const struct weir_value *const *constants, size_t count)
{
	uint32_t *sines = weir_arena_alloc(arena, 64 * sizeof *sines);

	for (unsigned i = 0; i < 64; i++)
		sines[i] = sine(i);
	return sines;
}

static void write_word(unsigned char *out, uint32_t word)
{
	for (int i = 0; i < 4; i++)
		out[i] = (unsigned char)(word >> (8 * i));
}

static enum weir_result md5(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct md5 state = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 };
	struct weir_slice text = ARG(0).str;
	unsigned char last[128] = { 0 }, digest[16];
	size_t whole = text.len / 64 * 64, rest = text.len - whole, end = rest < 56 ? 64 : 128;
	struct weir_buf out;

	for (size_t i = 0; i < whole; i += 64)
		add_block(&state, (const unsigned char *)text.ptr + i, call->prepared);
	if (rest)
		memcpy(last, text.ptr + whole, rest);
	last[rest] = 0x80;
	write_word(last + end - 8, (uint32_t)(text.len * 8));
	write_word(last + end - 4, (uint32_t)((uint64_t)text.len >> 29));
	for (size_t i = 0; i < end; i += 64)
		add_block(&state, last + i, call->prepared);
	write_word(digest, state.a);
	write_word(digest + 4, state.b);
	write_word(digest + 8, state.c);
	write_word(digest + 12, state.d);
	weir_buf_init(&out, 64);
	weir_hex_print(&out, weir_slice_make(digest, sizeof digest), false);
	return weir_text_finish(call, &out, ret, err);
}

const struct weir_scalar_function weir_scalar_md5 = {
	.name = "MD5",
	.spelling = "md5",
	.category = "STRING",
	.summary = "The MD5 digest of a text's UTF-8 bytes, in lower-case hexadecimal.",
	.overloads = { { .params = { PARAM(STRING, "s") },
		RETURNS(STRING),
		ANY_NULL_GIVES_NULL,
		.prepare = prepare,
		.eval = md5 } },
	.examples = { { "MD5('r1')", "'7c92cf1eee8d99cc85f8355a3d6e4b86'" }, { "MD5('')", "'d41d8cd98f00b204e9800998ecf8427e'" } },
};
