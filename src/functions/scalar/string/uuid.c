/* UUID: a random one (version 4), or sixteen bytes spelled as one. */
#include "base/random.h"
#include "functions/scalar/string/text.h"

static void *prepare(struct weir_arena *arena, const struct weir_value *const *constants, size_t count)
{
	return WEIR_ARENA_NEW(arena, struct weir_random);
}

static enum weir_result spell(struct weir_call *call, const unsigned char bytes[16], union weir_cell *ret)
{
	static const char digits[] = "0123456789abcdef";
	char *text = weir_arena_alloc(call->arena, 36);
	size_t at = 0;

	for (size_t i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			text[at++] = '-';
		text[at++] = digits[bytes[i] >> 4];
		text[at++] = digits[bytes[i] & 15];
	}
	return weir_text_slice(ret, weir_slice_make(text, at));
}

static enum weir_result uuid(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	unsigned char bytes[16];

	weir_random_fill(call->prepared, bytes, sizeof bytes);
	bytes[6] = (unsigned char)(0x40 | (bytes[6] & 0x0F));
	bytes[8] = (unsigned char)(0x80 | (bytes[8] & 0x3F));
	return spell(call, bytes, ret);
}

static enum weir_result uuid_of_bytes(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	return ARG(0).str.len == 16 ? spell(call, (const unsigned char *)ARG(0).str.ptr, ret) : WEIR_NULL;
}

const struct weir_scalar_function weir_scalar_uuid = {
	.name = "UUID",
	.category = "STRING",
	.summary = "A new random UUID for every row, or the UUID that sixteen bytes are.",
	.is_volatile = true,
	.overloads = {
		{ RETURNS(STRING), .prepare = prepare, .eval = uuid },
		{ .params = { PARAM(BYTES, "bytes") }, RETURNS(STRING), ANY_NULL_GIVES_NULL, .eval = uuid_of_bytes },
	},
	.examples = { { "LEN(UUID())", "36" }, { "UUID(TO_BYTES('00112233445566778899AABBCCDDEEFF', 'hex'))", "'00112233-4455-6677-8899-aabbccddeeff'" } },
};
