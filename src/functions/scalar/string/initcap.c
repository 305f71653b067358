/* INITCAP: words begin with a capital, the rest is lower case; words are separated by white space, which is dropped in front. */
#include "functions/scalar/string/case.h"
#include "types/utf16.h"

#include <stdlib.h>
#include <unicase.h>

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* One character of the basic plane in upper case, which may be several; others have two units and stay as they are. */
static void append_capital(struct weir_buf *out, struct weir_slice letter)
{
	size_t len;
	uint8_t *upper = letter.len < 4 ? u8_toupper((const uint8_t *)letter.ptr, letter.len, NULL, NULL, NULL, &len) : NULL;

	if (upper)
		weir_buf_append(out, upper, len);
	else
		weir_buf_append_slice(out, letter);
	free(upper);
}

static enum weir_result initcap(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	union weir_cell lower;
	struct weir_buf out;
	bool starts = true;
	size_t i = 0;

	if (weir_text_map_case(call, false, &lower, err) != WEIR_VALUE)
		return WEIR_FAILED;
	struct weir_slice text = lower.str;
	weir_buf_init(&out, WEIR_MAX_STRING_BYTES);
	while (i < text.len && is_blank(text.ptr[i]))
		i++;
	for (size_t len; i < text.len; i += len) {
		struct weir_slice letter = { text.ptr + i, text.len - i };
		len = letter.len = weir_utf8_length(letter);
		if (!starts || is_blank(text.ptr[i]))
			weir_buf_append_slice(&out, letter);
		else if (text.ptr[i] >= 'a' && text.ptr[i] <= 'z')
			weir_buf_append_byte(&out, (char)(text.ptr[i] - 32));
		else
			append_capital(&out, letter);
		starts = is_blank(text.ptr[i]);
	}
	return weir_text_finish(call, &out, ret, err);
}

const struct weir_scalar_function weir_scalar_initcap = {
	.name = "INITCAP",
	.spelling = "initcap",
	.category = "STRING",
	.summary = "Each word with a capital first letter, the rest in lower case.",
	.overloads = { { .params = { PARAM(STRING, "str") }, RETURNS(STRING), ANY_NULL_GIVES_NULL, .eval = initcap } },
	.examples = { { "INITCAP('the   Quick br0wn fOx')", "'The   Quick Br0wn Fox'" } },
};
