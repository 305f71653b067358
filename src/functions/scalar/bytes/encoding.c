/* Encodings of bytes. */
#include "functions/scalar/bytes/encoding.h"

#include "types/utf16.h"

static const char replacement[] = "\xEF\xBF\xBD";

bool weir_encoding_of(struct weir_slice name, enum weir_encoding *ret, struct weir_err *err)
{
	static const char *const names[] = { "hex", "utf8", "ascii", "base64" };

	for (size_t i = 0; i < WEIR_ENCODING_COUNT; i++) {
		if (!weir_slice_equals_nocase(name, weir_slice_of(names[i])))
			continue;
		*ret = (enum weir_encoding)i;
		return true;
	}
	weir_function_fail(err, "'%.*s' is no encoding; hex, utf8, ascii and base64 are", WEIR_SLICE_ARG(name));
	return false;
}

/* ---- Hex ---- */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool weir_hex_parse(struct weir_arena *arena, struct weir_slice text, struct weir_slice *ret_bytes)
{
	char *out = weir_arena_alloc(arena, text.len / 2 + 1);

	if (text.len % 2)
		return false;
	for (size_t i = 0; i < text.len; i += 2) {
		int high = hex_digit(text.ptr[i]), low = hex_digit(text.ptr[i + 1]);
		if (high < 0 || low < 0)
			return false;
		out[i / 2] = (char)(high << 4 | low);
	}
	*ret_bytes = weir_slice_make(out, text.len / 2);
	return true;
}

void weir_hex_print(struct weir_buf *out, struct weir_slice bytes, bool upper)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";

	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char byte = (unsigned char)bytes.ptr[i];
		char two[2] = { digits[byte >> 4], digits[byte & 15] };
		weir_buf_append(out, two, 2);
	}
}

/* ---- ASCII ---- */

struct weir_slice weir_ascii_encode(struct weir_arena *arena, struct weir_slice text)
{
	char *out = weir_arena_alloc(arena, text.len + 1);
	size_t count = 0;

	for (size_t i = 0; i < text.len;) {
		size_t len = weir_utf8_length(weir_slice_make(text.ptr + i, text.len - i));
		out[count++] = (unsigned char)text.ptr[i] < 0x80 ? text.ptr[i] : '?';
		i += len;
	}
	return weir_slice_make(out, count);
}

void weir_ascii_decode(struct weir_buf *out, struct weir_slice bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		if ((unsigned char)bytes.ptr[i] < 0x80)
			weir_buf_append_byte(out, bytes.ptr[i]);
		else
			weir_buf_append_text(out, replacement);
	}
}

/* ---- UTF-8 ---- */

/* The bounds of a sequence's second byte; they rule out what is too long or beyond U+10FFFF. Surrogates are whole sequences here.
 */
static bool second_is_fine(unsigned char lead, unsigned char second)
{
	if (lead == 0xE0)
		return second >= 0xA0 && second < 0xC0;
	if (lead == 0xF0)
		return second >= 0x90 && second < 0xC0;
	if (lead == 0xF4)
		return second >= 0x80 && second < 0x90;
	return (second & 0xC0) == 0x80;
}

static size_t wanted_length(unsigned char lead)
{
	if (lead >= 0xC2 && lead < 0xE0)
		return 2;
	if (lead >= 0xE0 && lead < 0xF0)
		return 3;
	return lead >= 0xF0 && lead < 0xF5 ? 4 : 1;
}

/* Bytes of the longest start of a sequence at the front: they become one replacement. */
static size_t malformed_length(struct weir_slice rest)
{
	const unsigned char *p = (const unsigned char *)rest.ptr;
	size_t want = wanted_length(p[0]), have = 1;

	while (have < want && have < rest.len && (have == 1 ? second_is_fine(p[0], p[1]) : (p[have] & 0xC0) == 0x80))
		have++;
	return have;
}

void weir_utf8_clean(struct weir_buf *out, struct weir_slice bytes)
{
	for (size_t i = 0; i < bytes.len;) {
		struct weir_slice rest = weir_slice_make(bytes.ptr + i, bytes.len - i);
		size_t len;
		uint32_t code = weir_utf8_decode(rest, &len);
		if (len > 1 || code < 0x80) {
			weir_buf_append(out, rest.ptr, len);
			i += len;
		} else {
			weir_buf_append_text(out, replacement);
			i += malformed_length(rest);
		}
	}
}
