/* \p{…}: POSIX classes, general categories, scripts, blocks, binary properties and the java… methods. */
#include "functions/regex/java_pattern_int.h"

struct property {
	const char *name, *items;
	const char *unicode; /* under (?U), where it differs */
};

/* Compared exactly. */
static const struct property posix[] = {
	{ "Lower", "a-z", "\\p{Ll}" },
	{ "Upper", "A-Z", "\\p{Lu}" },
	{ "ASCII", "\\x{0}-\\x{7f}", NULL },
	{ "Alpha", "a-zA-Z", "\\p{L}\\p{Nl}" },
	{ "Digit", "0-9", "\\p{Nd}" },
	{ "Alnum", "a-zA-Z0-9", "\\p{L}\\p{Nl}\\p{Nd}" },
	{ "Punct", "!-/:-@\\[-`{-~", "\\p{P}" },
	{ "Graph", "!-~", NULL },
	{ "Print", " -~", NULL },
	{ "Blank", " \\t", "\\p{Zs}\\t" },
	{ "Cntrl", "\\x{0}-\\x{1f}\\x{7f}", "\\p{Cc}" },
	{ "XDigit", "0-9a-fA-F", "\\p{Nd}a-fA-F" },
	{ "Space", " \\x{9}-\\x{d}", "\\x{9}-\\x{d}\\x{85}\\p{Z}" },
	{ "L1", "\\x{0}-\\x{ff}", NULL },
	{ "LD", "\\p{L}\\p{Nd}", NULL },
	{ "LC", "\\p{Lu}\\p{Ll}\\p{Lt}", NULL },
	{ "all", "\\x{0}-\\x{10ffff}", NULL },
	{ "javaLowerCase", "\\p{Ll}\\x{aa}\\x{ba}", NULL },
	{ "javaUpperCase", "\\p{Lu}\\x{2160}-\\x{216f}\\x{24b6}-\\x{24cf}", NULL },
	{ "javaTitleCase", "\\p{Lt}", NULL },
	{ "javaAlphabetic", "\\p{L}\\p{Nl}", NULL },
	{ "javaIdeographic", "\\p{Han}", NULL },
	{ "javaDigit", "\\p{Nd}", NULL },
	{ "javaDefined", "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Z}\\p{Cc}\\p{Cf}\\p{Co}", NULL },
	{ "javaLetter", "\\p{L}", NULL },
	{ "javaLetterOrDigit", "\\p{L}\\p{Nd}", NULL },
	{ "javaSpaceChar", "\\p{Z}", NULL },
	{ "javaWhitespace",
		"\\x{9}-\\x{d}\\x{1c}-\\x{1f} \\x{1680}\\x{2000}-\\x{2006}\\x{2008}-\\x{200a}\\x{2028}\\x{2029}\\x{205f}\\x{3000}",
		NULL },
	{ "javaISOControl", "\\p{Cc}", NULL },
};

/* Binary properties behind Is; compared without case. */
static const struct property binary[] = {
	{ "Alphabetic", "\\p{L}\\p{Nl}", NULL },
	{ "Letter", "\\p{L}", NULL },
	{ "Ideographic", "\\p{Han}", NULL },
	{ "Lowercase", "\\p{Ll}\\x{aa}\\x{ba}", NULL },
	{ "Uppercase", "\\p{Lu}\\x{2160}-\\x{216f}\\x{24b6}-\\x{24cf}", NULL },
	{ "Titlecase", "\\p{Lt}", NULL },
	{ "Punctuation", "\\p{P}", NULL },
	{ "Control", "\\p{Cc}", NULL },
	{ "White_Space", "\\x{9}-\\x{d}\\x{85}\\p{Z}", NULL },
	{ "WhiteSpace", "\\x{9}-\\x{d}\\x{85}\\p{Z}", NULL },
	{ "Digit", "\\p{Nd}", NULL },
	{ "Hex_Digit", "\\p{Nd}a-fA-F\\x{ff21}-\\x{ff26}\\x{ff41}-\\x{ff46}", NULL },
	{ "Assigned", "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Z}\\p{Cc}\\p{Cf}\\p{Co}", NULL },
};

/* The blocks that patterns name; compared without case, spaces, hyphens and underscores. */
static const struct property blocks[] = {
	{ "BasicLatin", "\\x{0}-\\x{7f}", NULL },
	{ "Latin1Supplement", "\\x{80}-\\x{ff}", NULL },
	{ "LatinExtendedA", "\\x{100}-\\x{17f}", NULL },
	{ "LatinExtendedB", "\\x{180}-\\x{24f}", NULL },
	{ "IPAExtensions", "\\x{250}-\\x{2af}", NULL },
	{ "CombiningDiacriticalMarks", "\\x{300}-\\x{36f}", NULL },
	{ "Greek", "\\x{370}-\\x{3ff}", NULL },
	{ "GreekAndCoptic", "\\x{370}-\\x{3ff}", NULL },
	{ "Cyrillic", "\\x{400}-\\x{4ff}", NULL },
	{ "Armenian", "\\x{530}-\\x{58f}", NULL },
	{ "Hebrew", "\\x{590}-\\x{5ff}", NULL },
	{ "Arabic", "\\x{600}-\\x{6ff}", NULL },
	{ "Devanagari", "\\x{900}-\\x{97f}", NULL },
	{ "Thai", "\\x{e00}-\\x{e7f}", NULL },
	{ "Georgian", "\\x{10a0}-\\x{10ff}", NULL },
	{ "HangulJamo", "\\x{1100}-\\x{11ff}", NULL },
	{ "GeneralPunctuation", "\\x{2000}-\\x{206f}", NULL },
	{ "CurrencySymbols", "\\x{20a0}-\\x{20cf}", NULL },
	{ "Arrows", "\\x{2190}-\\x{21ff}", NULL },
	{ "MathematicalOperators", "\\x{2200}-\\x{22ff}", NULL },
	{ "BoxDrawing", "\\x{2500}-\\x{257f}", NULL },
	{ "Dingbats", "\\x{2700}-\\x{27bf}", NULL },
	{ "CJKSymbolsAndPunctuation", "\\x{3000}-\\x{303f}", NULL },
	{ "Hiragana", "\\x{3040}-\\x{309f}", NULL },
	{ "Katakana", "\\x{30a0}-\\x{30ff}", NULL },
	{ "CJKUnifiedIdeographs", "\\x{4e00}-\\x{9fff}", NULL },
	{ "HangulSyllables", "\\x{ac00}-\\x{d7af}", NULL },
	{ "PrivateUseArea", "\\x{e000}-\\x{f8ff}", NULL },
	{ "HalfwidthAndFullwidthForms", "\\x{ff00}-\\x{ffef}", NULL },
	{ "Emoticons", "\\x{1f600}-\\x{1f64f}", NULL },
};

static const char *const categories[] = { "C", "Cc", "Cf", "Cn", "Co", "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn",
	"N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm", "So", "Z", "Zl", "Zp", "Zs" };

static const char *const scripts[] = { "Arabic", "Armenian", "Bengali", "Bopomofo", "Braille", "Cherokee", "Common", "Coptic",
	"Cyrillic", "Devanagari", "Ethiopic", "Georgian", "Greek", "Gujarati", "Gurmukhi", "Han", "Hangul", "Hebrew", "Hiragana",
	"Inherited", "Kannada", "Katakana", "Khmer", "Lao", "Latin", "Malayalam", "Mongolian", "Myanmar", "Ogham", "Oriya", "Runic",
	"Sinhala", "Syriac", "Tamil", "Telugu", "Thaana", "Thai", "Tibetan" };

#define COUNT(list) (sizeof list / sizeof list[0])

static bool find_in(const struct property *list, size_t count, struct weir_slice name, bool unicode, struct weir_java_charset *ret)
{
	for (size_t i = 0; i < count; i++) {
		if (!weir_slice_equals_nocase(name, weir_slice_of(list[i].name)))
			continue;
		*ret = (struct weir_java_charset){ weir_slice_of(unicode && list[i].unicode ? list[i].unicode : list[i].items),
			false };
		return true;
	}
	return false;
}

static bool find_posix(struct weir_java_parser *parser, struct weir_slice name, struct weir_java_charset *ret)
{
	for (size_t i = 0; i < COUNT(posix); i++)
		if (weir_slice_is(name, posix[i].name))
			return find_in(&posix[i], 1, name, parser->flags & WEIR_JAVA_UCLASS, ret);
	return false;
}

static bool find_category(struct weir_java_parser *parser, struct weir_slice name, struct weir_java_charset *ret)
{
	for (size_t i = 0; i < COUNT(categories); i++) {
		if (!weir_slice_is(name, categories[i]))
			continue;
		*ret = (struct weir_java_charset){ weir_arena_printf(parser->arena, "\\p{%s}", categories[i]), false };
		return true;
	}
	return false;
}

static bool find_script(struct weir_java_parser *parser, struct weir_slice name, struct weir_java_charset *ret)
{
	for (size_t i = 0; i < COUNT(scripts); i++) {
		if (!weir_slice_equals_nocase(name, weir_slice_of(scripts[i])))
			continue;
		*ret = (struct weir_java_charset){ weir_arena_printf(parser->arena, "\\p{%s}", scripts[i]), false };
		return true;
	}
	return false;
}

static bool find_block(struct weir_java_parser *parser, struct weir_slice name, struct weir_java_charset *ret)
{
	char *plain = weir_arena_alloc(parser->arena, name.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < name.len; i++)
		if (name.ptr[i] != ' ' && name.ptr[i] != '_' && name.ptr[i] != '-')
			plain[len++] = name.ptr[i];
	return find_in(blocks, COUNT(blocks), weir_slice_make(plain, len), false, ret);
}

/* \p{script=Greek} */
static bool find_keyed(
	struct weir_java_parser *parser, struct weir_slice key, struct weir_slice value, struct weir_java_charset *ret)
{
	if (weir_slice_equals_nocase(key, WEIR_SLICE("script")) || weir_slice_equals_nocase(key, WEIR_SLICE("sc")))
		return find_script(parser, value, ret);
	if (weir_slice_equals_nocase(key, WEIR_SLICE("block")) || weir_slice_equals_nocase(key, WEIR_SLICE("blk")))
		return find_block(parser, value, ret);
	if (weir_slice_equals_nocase(key, WEIR_SLICE("general_category")) || weir_slice_equals_nocase(key, WEIR_SLICE("gc")))
		return find_category(parser, value, ret);
	return false;
}

static bool find(struct weir_java_parser *parser, struct weir_slice name, struct weir_java_charset *ret)
{
	const char *equals = memchr(name.ptr, '=', name.len);

	if (equals) {
		size_t at = (size_t)(equals - name.ptr);
		return find_keyed(parser, weir_slice_make(name.ptr, at), weir_slice_make(equals + 1, name.len - at - 1), ret);
	}
	if (weir_slice_starts_with(name, WEIR_SLICE("In")))
		return find_block(parser, weir_slice_make(name.ptr + 2, name.len - 2), ret);
	if (weir_slice_starts_with(name, WEIR_SLICE("Is"))) {
		struct weir_slice rest = weir_slice_make(name.ptr + 2, name.len - 2);
		return find_in(binary, COUNT(binary), rest, false, ret) || find_category(parser, rest, ret) ||
		       find_script(parser, rest, ret);
	}
	return find_posix(parser, name, ret) || find_category(parser, name, ret);
}

bool weir_java_property(struct weir_java_parser *parser, struct weir_java_charset *ret)
{
	const char *start = parser->p;

	if (weir_java_next(parser) == '{') {
		const char *close = memchr(parser->p, '}', (size_t)(parser->end - parser->p));
		if (!close)
			return weir_java_fail(parser, "the name of a property ends with '}'");
		start = parser->p;
		parser->p = close + 1;
		return find(parser, weir_slice_make(start, (size_t)(close - start)), ret) ||
		       weir_java_fail(parser, "there is no such property of characters, or it is not supported");
	}
	return find(parser, weir_slice_make(start, (size_t)(parser->p - start)), ret) ||
	       weir_java_fail(parser, "there is no such property of characters");
}
