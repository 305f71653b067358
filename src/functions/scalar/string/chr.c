/* CHR: the character of a code point, or of a text like \\u004b, which is then unescaped as a whole as Java would. */
#include "functions/scalar/string/text.h"
#include "functions/scalar/string/units.h"
#include "types/utf16.h"

static enum weir_result chr_of_code(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	int32_t code = ARG(0).i32;
	char *text = weir_arena_alloc(call->arena, 4);

	if (code < 0 || code > 0x10FFFF)
		return WEIR_NULL;
	if (code >= 0xD800 && code < 0xE000) /* half of a surrogate pair */
		return weir_text_slice(ret, WEIR_SLICE("?"));
	return weir_text_slice(ret, weir_slice_make(text, weir_utf8_encode((uint32_t)code, text)));
}

/* ---- Java escapes ---- */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Behind \\: u… with any number of u, an optional +, four digits. Bytes used, 0: malformed. */
static size_t read_unicode(struct weir_slice rest, uint16_t *ret_unit)
{
	size_t i = 0;
	unsigned unit = 0;

	while (i < rest.len && rest.ptr[i] == 'u')
		i++;
	if (i < rest.len && rest.ptr[i] == '+')
		i++;
	if (rest.len - i < 4)
		return 0;
	for (size_t end = i + 4; i < end; i++) {
		int digit = hex_digit(rest.ptr[i]);
		if (digit < 0)
			return 0;
		unit = unit << 4 | (unsigned)digit;
	}
	*ret_unit = (uint16_t)unit;
	return i;
}

/* One to three octal digits, up to 377. */
static size_t read_octal(struct weir_slice rest, uint16_t *ret_unit)
{
	size_t most = rest.ptr[0] <= '3' ? 3 : 2, i = 0;
	unsigned unit = 0;

	for (; i < most && i < rest.len && rest.ptr[i] >= '0' && rest.ptr[i] <= '7'; i++)
		unit = unit * 8 + (unsigned)(rest.ptr[i] - '0');
	*ret_unit = (uint16_t)unit;
	return i;
}

/* The escape behind a backslash. Bytes used; SIZE_MAX: malformed. An unknown one is just the backslash, which vanishes. */
static size_t unescape(struct weir_slice rest, struct weir_units *out)
{
	static const char letters[] = "bfnrt\"'\\", values[] = "\b\f\n\r\t\"'\\";
	uint16_t unit;
	size_t used;

	if (!rest.len)
		return 0;
	const char *letter = rest.ptr[0] ? strchr(letters, rest.ptr[0]) : NULL;
	if (letter) {
		weir_units_append(out, (uint16_t)values[letter - letters]);
		return 1;
	}
	if (rest.ptr[0] == 'u')
		used = read_unicode(rest, &unit);
	else if (rest.ptr[0] >= '0' && rest.ptr[0] <= '7')
		used = read_octal(rest, &unit);
	else
		return 0;
	if (!used)
		return SIZE_MAX;
	weir_units_append(out, unit);
	return used;
}

static void append_character(struct weir_units *units, uint32_t code)
{
	if (code >= 0x10000) {
		weir_units_append(units, (uint16_t)(0xD7C0 + (code >> 10)));
		code = 0xDC00 + (code & 0x3FF);
	}
	weir_units_append(units, (uint16_t)code);
}

static enum weir_result chr_of_text(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_slice text = ARG(0).str;
	struct weir_buf out;
	struct weir_units units = { .out = &out };

	if (weir_utf16_length(text) < 6 || !weir_slice_starts_with(text, WEIR_SLICE("\\u")))
		return WEIR_NULL;
	weir_buf_init(&out, WEIR_MAX_STRING_BYTES);
	for (size_t i = 0; i < text.len;) {
		size_t used;
		if (text.ptr[i] != '\\') {
			append_character(&units, weir_utf8_decode(weir_slice_make(text.ptr + i, text.len - i), &used));
			i += used;
			continue;
		}
		used = unescape(weir_slice_make(text.ptr + i + 1, text.len - i - 1), &units);
		if (used == SIZE_MAX) {
			weir_buf_fini(&out);
			return weir_function_fail(err, "\\u needs four hexadecimal digits behind it");
		}
		i += used + 1;
	}
	weir_units_finish(&units);
	return weir_text_finish(call, &out, ret, err);
}

const struct weir_scalar_function weir_scalar_chr = {
	.name = "CHR",
	.spelling = "Chr",
	.category = "STRING",
	.summary = "The character of a Unicode code point, given as a number or as a text of the form \\uXXXX.",
	.overloads = {
		{ .params = { PARAM(INTEGER, "decimalCode") }, RETURNS(STRING), ANY_NULL_GIVES_NULL, .eval = chr_of_code },
		{ .params = { PARAM(STRING, "utf16Code") }, RETURNS(STRING), ANY_NULL_GIVES_NULL, .eval = chr_of_text },
	},
	.examples = { { "CHR(75)", "'K'" }, { "CHR('\\u004b')", "'K'" } },
};
