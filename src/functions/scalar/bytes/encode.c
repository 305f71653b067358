/* ENCODE: from one text encoding of bytes to another. */
#include "functions/scalar/bytes/encoding.h"
#include "types/text.h"

/* 0x…, X'…', x'…' or bare digits (functions.md §2.4: with 0x a 0 is put in front when the whole has an odd length). */
static bool read_hex(struct weir_arena *arena, struct weir_slice text, struct weir_slice *ret)
{
	bool is_quoted = text.len >= 3 && (text.ptr[0] == 'X' || text.ptr[0] == 'x') && text.ptr[1] == '\'' &&
			 text.ptr[text.len - 1] == '\'';

	if (is_quoted)
		return weir_hex_parse(arena, weir_slice_make(text.ptr + 2, text.len - 3), ret);
	if (!weir_slice_starts_with(text, WEIR_SLICE("0x")))
		return weir_hex_parse(arena, text, ret);
	struct weir_slice digits = weir_slice_make(text.ptr + 2, text.len - 2);
	if (text.len % 2)
		digits = weir_arena_printf(arena, "0%.*s", WEIR_SLICE_ARG(digits));
	return weir_hex_parse(arena, digits, ret);
}

static int digit_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

/* Both alphabets; what belongs to neither is passed over; ends at the padding. */
static struct weir_slice read_base64(struct weir_arena *arena, struct weir_slice text)
{
	char *out = weir_arena_alloc(arena, text.len / 4 * 3 + 3);
	unsigned word = 0;
	size_t digits = 0, len = 0;

	for (size_t i = 0; i < text.len && text.ptr[i] != '='; i++) {
		int digit = digit_of(text.ptr[i]);
		if (digit < 0)
			continue;
		word = word << 6 | (unsigned)digit;
		if (digits++ % 4 == 0)
			continue;
		static const int shifts[] = { 0, 4, 2, 0 };
		out[len++] = (char)(word >> shifts[(digits - 1) % 4]);
	}
	return weir_slice_make(out, len);
}

static bool read(struct weir_call *call, enum weir_encoding encoding, struct weir_slice *ret, struct weir_err *err)
{
	switch (encoding) {
	case WEIR_ENCODING_HEX:
		if (read_hex(call->arena, ARG(0).str, ret))
			return true;
		weir_function_fail(err, "The text is not pairs of hexadecimal digits");
		return false;
	case WEIR_ENCODING_BASE64:
		*ret = read_base64(call->arena, ARG(0).str);
		return true;
	case WEIR_ENCODING_ASCII:
		*ret = weir_ascii_encode(call->arena, ARG(0).str);
		return true;
	default:
		*ret = ARG(0).str;
		return true;
	}
}

static enum weir_result encode(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	enum weir_encoding from, to;
	struct weir_slice bytes;
	struct weir_buf out;

	if (!weir_encoding_of(ARG(1).str, &from, err) || !weir_encoding_of(ARG(2).str, &to, err))
		return WEIR_FAILED;
	if (from == to)
		return weir_function_fail(err, "The two encodings are the same");
	if (!read(call, from, &bytes, err))
		return WEIR_FAILED;
	weir_buf_init(&out, WEIR_MAX_STRING_BYTES);
	switch (to) {
	case WEIR_ENCODING_HEX:
		weir_hex_print(&out, bytes, false);
		break;
	case WEIR_ENCODING_BASE64:
		weir_base64_print(&out, bytes);
		break;
	case WEIR_ENCODING_ASCII:
		weir_ascii_decode(&out, bytes);
		break;
	default:
		weir_utf8_clean(&out, bytes);
	}
	return weir_text_finish(call, &out, ret, err);
}

const struct weir_scalar_function weir_scalar_encode = {
	.name = "ENCODE",
	.spelling = "encode",
	.category = "STRING",
	.summary = "A text in another encoding: from one of hex, utf8, ascii and base64 to another of them.",
	.overloads = { { .params = { PARAM(STRING, "str"), PARAM(STRING, "inputEncoding"), PARAM(STRING, "outputEncoding") },
		RETURNS(STRING),
		ANY_NULL_GIVES_NULL,
		.eval = encode } },
	.examples = { { "ENCODE('4578616d706C6521', 'hex', 'ascii')", "'Example!'" },
		{ "ENCODE('0x578616d706C6521', 'hex', 'base64')", "'BXhhbXBsZSE='" } },
};
