/* Display width by libunistring's tables. */
#include "cli/width.h"

#include <unistr.h>
#include <uniwidth.h>

/* Decodes one character; bytes that are not UTF-8 stand for themselves. */
static size_t next_character(struct weir_slice text, size_t at, size_t *ret_width)
{
	ucs4_t character;
	int len = u8_mbtoucr(&character, (const uint8_t *)text.ptr + at, text.len - at);

	if (len <= 0) {
		*ret_width = 1;
		return 1;
	}
	int width = uc_width(character, "UTF-8");
	if (character >= 0x1F300 && character <= 0x1FAFF) /* emoji that older tables count as one */
		width = 2;
	*ret_width = width > 0 ? (size_t)width : 0;
	return (size_t)len;
}

size_t weir_width_of(struct weir_slice text)
{
	size_t columns = 0;

	for (size_t at = 0; at < text.len;) {
		size_t width;
		at += next_character(text, at, &width);
		columns += width;
	}
	return columns;
}

size_t weir_width_prefix(struct weir_slice text, size_t columns, size_t *ret_columns)
{
	size_t at = 0, used = 0;

	while (at < text.len && columns > 0) {
		size_t width, len = next_character(text, at, &width);
		if (used + width > columns && at > 0)
			break;
		at += len;
		used += width;
		if (used >= columns && (at >= text.len || (next_character(text, at, &width), width > 0)))
			break;
	}
	*ret_columns = used;
	return at;
}
