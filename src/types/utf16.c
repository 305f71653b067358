/* Counting UTF-16 units in UTF-8 text. */
#include "types/utf16.h"

size_t weir_utf8_length(struct weir_slice text)
{
	size_t len;

	weir_utf8_decode(text, &len);
	return len;
}

uint32_t weir_utf8_decode(struct weir_slice text, size_t *ret_len)
{
	const unsigned char *p = (const unsigned char *)text.ptr;
	size_t need = p[0] < 0x80                   ? 1
		      : p[0] >= 0xF0 && p[0] < 0xF5 ? 4
		      : p[0] >= 0xE0 && p[0] < 0xF0 ? 3
		      : p[0] >= 0xC2 && p[0] < 0xE0 ? 2
						    : 0;

	*ret_len = 1;
	if (need == 1)
		return p[0];
	if (need == 0 || need > text.len)
		return 0xFFFD;
	uint32_t code = p[0] & (0xFF >> (need + 1));
	for (size_t i = 1; i < need; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 0xFFFD;
		code = code << 6 | (p[i] & 0x3F);
	}
	if ((need == 3 && (code < 0x800 || (code >= 0xD800 && code < 0xE000))) ||
		(need == 4 && (code < 0x10000 || code > 0x10FFFF)))
		return 0xFFFD;
	*ret_len = need;
	return code;
}

bool weir_utf8_is_valid(struct weir_slice text)
{
	for (size_t i = 0; i < text.len;) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c < 0x80) {
			i++;
			continue;
		}
		size_t len;
		uint32_t code = weir_utf8_decode(weir_slice_make(text.ptr + i, text.len - i), &len);
		if (len == 1 || (code == 0xFFFD && len != 3))
			return false;
		i += len;
	}
	return true;
}

size_t weir_utf8_encode(uint32_t code, char out[4])
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xC0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3F));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xE0 | code >> 12);
		out[1] = (char)(0x80 | (code >> 6 & 0x3F));
		out[2] = (char)(0x80 | (code & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | code >> 18);
	out[1] = (char)(0x80 | (code >> 12 & 0x3F));
	out[2] = (char)(0x80 | (code >> 6 & 0x3F));
	out[3] = (char)(0x80 | (code & 0x3F));
	return 4;
}

size_t weir_utf16_length(struct weir_slice text)
{
	size_t units = 0;

	for (size_t i = 0; i < text.len;) {
		size_t len = weir_utf8_length(weir_slice_make(text.ptr + i, text.len - i));
		units += len == 4 ? 2 : 1;
		i += len;
	}
	return units;
}

size_t weir_utf16_offset(struct weir_slice text, size_t units, bool *ret_split)
{
	size_t i = 0;

	*ret_split = false;
	while (units > 0 && i < text.len) {
		size_t len = weir_utf8_length(weir_slice_make(text.ptr + i, text.len - i));
		if (len == 4 && units == 1) {
			*ret_split = true;
			return i;
		}
		units -= len == 4 ? 2 : 1;
		i += len;
	}
	return i;
}
