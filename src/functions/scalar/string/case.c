/* Case mapping: ASCII quickly, the rest by libunistring. */
#include "functions/scalar/string/case.h"

#include <stdlib.h>
#include <unicase.h>

static bool is_ascii(struct weir_slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] >= 0x80)
			return false;
	return true;
}

enum weir_result weir_text_map_case(struct weir_call *call, bool upper, union weir_cell *ret, struct weir_err *err)
{
	struct weir_slice text = ARG(0).str;

	if (is_ascii(text)) {
		char *out = weir_arena_alloc(call->arena, text.len);
		for (size_t i = 0; i < text.len; i++) {
			char c = text.ptr[i];
			bool change = upper ? c >= 'a' && c <= 'z' : c >= 'A' && c <= 'Z';
			out[i] = (char)(change ? c ^ 32 : c);
		}
		return weir_text_slice(ret, weir_slice_make(out, text.len));
	}
	size_t len;
	uint8_t *mapped = (upper ? u8_toupper : u8_tolower)((const uint8_t *)text.ptr, text.len, NULL, NULL, NULL, &len);
	if (!mapped)
		return weir_function_fail(err, "The text is not UTF-8");
	ret->str = weir_arena_copy(call->arena, weir_slice_make(mapped, len));
	free(mapped);
	return WEIR_VALUE;
}
