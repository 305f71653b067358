/* Escapes that stand for a character or a set of characters; the same inside and outside of classes. */
#include "functions/regex/java_pattern_int.h"

#include <uniname.h>

static int hex_digit(uint32_t c)
{
	if (c >= '0' && c <= '9')
		return (int)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (int)(c - 'a') + 10;
	return c >= 'A' && c <= 'F' ? (int)(c - 'A') + 10 : -1;
}

static bool fixed_hex(struct weir_java_parser *parser, int digits, uint32_t *ret)
{
	uint32_t code = 0;

	while (digits-- > 0) {
		int digit = hex_digit(weir_java_next(parser));
		if (digit < 0)
			return weir_java_fail(parser, "hexadecimal digits are missing");
		code = code << 4 | (uint32_t)digit;
	}
	*ret = code;
	return true;
}

/* Behind \x: two digits, or any number of them in braces. */
static bool parse_hex(struct weir_java_parser *parser, uint32_t *ret)
{
	uint32_t code = 0;
	int digit, digits = 0;

	if (!weir_java_accept(parser, '{'))
		return fixed_hex(parser, 2, ret);
	for (; (digit = hex_digit(weir_java_peek_raw(parser))) >= 0; digits++) {
		code = code << 4 | (uint32_t)digit;
		weir_java_next(parser);
		if (code > 0x10FFFF)
			return weir_java_fail(parser, "there is no such code point");
	}
	*ret = code;
	return (digits > 0 && weir_java_accept(parser, '}')) || weir_java_fail(parser, "\\x{…} holds hexadecimal digits");
}

/* Behind \u: four digits; two surrogates in a row are one character. */
static bool parse_unit(struct weir_java_parser *parser, uint32_t *ret)
{
	const char *behind;
	uint32_t low = 0;

	if (!fixed_hex(parser, 4, ret))
		return false;
	behind = parser->p;
	if (*ret < 0xD800 || *ret >= 0xDC00 || !weir_java_accept(parser, '\\') || !weir_java_accept(parser, 'u') ||
		parser->end - parser->p < 4) {
		parser->p = behind;
		return true;
	}
	if (!fixed_hex(parser, 4, &low))
		return false;
	if (low >= 0xDC00 && low < 0xE000)
		*ret = 0x10000 + ((*ret - 0xD800) << 10) + (low - 0xDC00);
	else
		parser->p = behind;
	return true;
}

/* Behind \0: one to three digits, up to 377. */
static bool parse_octal(struct weir_java_parser *parser, uint32_t *ret)
{
	uint32_t code = 0;
	int digits = 0;

	for (; digits < 3; digits++) {
		uint32_t c = weir_java_peek_raw(parser);
		if (c < '0' || c > '7' || code * 8 + (c - '0') > 0377)
			break;
		code = code * 8 + (c - '0');
		weir_java_next(parser);
	}
	*ret = code;
	return digits > 0 || weir_java_fail(parser, "\\0 is followed by octal digits");
}

static bool parse_named(struct weir_java_parser *parser, uint32_t *ret)
{
	char name[128];
	size_t len = 0;

	if (!weir_java_accept(parser, '{'))
		return weir_java_fail(parser, "\\N is followed by a name in {}");
	while (parser->p < parser->end && *parser->p != '}' && len < sizeof name - 1)
		name[len++] = *parser->p++;
	name[len] = '\0';
	ucs4_t code = unicode_name_character(name);
	if (!weir_java_accept(parser, '}') || code == UNINAME_INVALID)
		return weir_java_fail(parser, "there is no character of that name");
	*ret = code;
	return true;
}

static bool parse_control(struct weir_java_parser *parser, uint32_t *ret)
{
	uint32_t c = weir_java_next(parser);

	*ret = c ^ 64;
	return c != WEIR_JAVA_END || weir_java_fail(parser, "\\c is followed by a character");
}

bool weir_java_escaped_char(struct weir_java_parser *parser, uint32_t *ret_char, bool *ret_known)
{
	static const char letters[] = "tnrfae", values[] = "\t\n\r\f\a\x1B";
	uint32_t c = weir_java_peek_raw(parser);
	const char *letter = c && c < 0x80 ? strchr(letters, (int)c) : NULL;
	bool is_alphanumeric = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

	*ret_known = true;
	if (c == WEIR_JAVA_END)
		return weir_java_fail(parser, "it ends with a backslash");
	if (letter || !is_alphanumeric) {
		weir_java_next(parser);
		*ret_char = letter ? (uint32_t)values[letter - letters] : c;
		return true;
	}
	*ret_known = strchr("0xucN", (int)c) != NULL;
	if (!*ret_known)
		return true;
	weir_java_next(parser);
	switch (c) {
	case '0':
		return parse_octal(parser, ret_char);
	case 'x':
		return parse_hex(parser, ret_char);
	case 'u':
		return parse_unit(parser, ret_char);
	case 'c':
		return parse_control(parser, ret_char);
	default:
		return parse_named(parser, ret_char);
	}
}

/* ---- Sets ---- */

/* The sets of \d \h \s \v \w; under (?U) some are Unicode's. */
static const char *items_of(char letter, bool unicode)
{
	switch (letter) {
	case 'd':
		return unicode ? "\\p{Nd}" : "0-9";
	case 'h':
		return "\\h";
	case 's':
		return unicode ? "\\x{9}-\\x{d}\\x{85}\\p{Z}" : " \\x{9}-\\x{d}";
	case 'v':
		return "\\x{a}-\\x{d}\\x{85}\\x{2028}\\x{2029}";
	default:
		return unicode ? "\\p{L}\\p{M}\\p{Nd}\\p{Nl}\\p{Pc}" : "0-9A-Z_a-z";
	}
}

bool weir_java_escaped_set(struct weir_java_parser *parser, struct weir_java_charset *ret, bool *ret_known)
{
	uint32_t c = weir_java_peek_raw(parser);

	*ret_known = c && c < 0x80 && strchr("dhsvwpDHSVWP", (int)c);
	if (!*ret_known)
		return true;
	weir_java_next(parser);
	if ((c | 32) == 'p') {
		if (!weir_java_property(parser, ret))
			return false;
	} else {
		const char *items = items_of((char)(c | 32), parser->flags & WEIR_JAVA_UCLASS);
		*ret = (struct weir_java_charset){ .items = weir_slice_of(items) };
	}
	if (c < 'a')
		ret->is_negated = !ret->is_negated;
	return true;
}
