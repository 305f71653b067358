/* Java's patterns on PCRE2: every construct that the two read differently. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "functions/regex/java_pattern.h"
#include "functions/regex/regex.h"

struct expected {
	const char *pattern, *text, *matches; /* joined by '|'; NULL: the pattern is refused */
};

static void join_matches(struct weir_regex *regex, struct weir_slice text, struct weir_buf *out)
{
	struct weir_regex_search search = { .regex = regex, .text = text };
	struct weir_err err = { 0 };
	bool first = true;

	while (weir_regex_next(&search, &err)) {
		struct weir_slice match;
		assert_true(weir_regex_group(&search, 0, &match));
		if (!first)
			weir_buf_append_byte(out, '|');
		first = false;
		weir_buf_append_slice(out, match);
	}
	assert_false(search.failed);
}

static void check_all(const struct expected *cases, size_t count)
{
	struct weir_arena arena;
	struct weir_buf matches;

	weir_arena_init(&arena, 4096);
	weir_buf_init(&matches, WEIR_BUF_NO_LIMIT);
	struct weir_regex_cache *cache = weir_regex_cache_new(&arena);
	for (size_t i = 0; i < count; i++) {
		struct weir_err err = { 0 };
		struct weir_regex *regex = weir_regex_get(cache, weir_slice_of(cases[i].pattern), &err);
		weir_buf_reset(&matches);
		if (regex)
			join_matches(regex, weir_slice_of(cases[i].text), &matches);
		if (!regex != !cases[i].matches || (regex && strcmp(weir_buf_cstr(&matches), cases[i].matches) != 0))
			fail_msg("%s on '%s' gives %s, expected %s", cases[i].pattern, cases[i].text,
				regex ? weir_buf_cstr(&matches) : err.text, cases[i].matches ? cases[i].matches : "an error");
		weir_err_reset(&err);
	}
	weir_buf_fini(&matches);
	weir_arena_fini(&arena);
}

#define CHECK(...)                                                                                                                 \
	do {                                                                                                                       \
		static const struct expected cases[] = { __VA_ARGS__ };                                                            \
		check_all(cases, sizeof cases / sizeof cases[0]);                                                                  \
	} while (0)

static void test_line_ends(void **state)
{
	CHECK({ "a.c", "a\rc a\u2028c abc", "abc" }, { "(?s)a.c", "a\rc", "a\rc" }, { "(?d)a.c", "a\rc a\nc", "a\rc" },
		{ "a$", "a\na\n", "a" }, { "a$", "a\r\n", "a" }, { "(?m)^\\w+$", "ab\r\ncd\n", "ab|cd" }, { "a\\z", "a\n", "" },
		{ "a\\Z", "a\n", "a" }, { "\\R", "\r\n", "\r\n" });
}

static void test_case(void **state)
{
	CHECK({ "(?i)É", "é", "" }, { "(?iu)É", "é", "é" }, { "(?i)[a-c]+", "aBCd", "aBC" }, { "(?i)k", "\u212A", "" },
		{ "(?i:a)b", "Ab AB", "Ab" }, { "(?i)a(?-i)b", "Ab AB", "Ab" }, { "(?i)(a)\\1", "aA", "aA" },
		{ "(?iu)[^é]", "Éx", "x" }, { "(a(?i)b)c", "aBc aBC", "aBc" });
}

static void test_classes(void **state)
{
	CHECK({ "[a-d[m-p]]+", "abxmp", "ab|mp" }, { "[a-z&&[^aeiou]]+", "hello", "h|ll" }, { "[a-z&&[def]&&[ef]]+", "defg", "ef" },
		{ "[^a-z&&[^x]]+", "abxY", "xY" }, { "[[:alpha:]]+", "ab:", "a|:" }, { "[]a]+", "a]b", "a]" },
		{ "[a-]+", "-a-b", "-a-" }, { "[\\]\\\\]+", "]\\x", "]\\" }, { "[\\w-]+", "a-b c", "a-b|c" },
		{ "[^\\W\\d]+", "a1b", "a|b" }, { "[a&&&&b]", "a", "" }, { "[z-a]", "", NULL }, { "[a", "", NULL },
		{ "[a&&]", "", NULL }, { "[]", "", NULL }, { "[\\Q^]\\E]+", "^]", "^]" }, { "(?x)[a b]+", "a b", "a|b" });
}

static void test_sets_are_ascii(void **state)
{
	CHECK({ "\\w+", "aé1", "a|1" }, { "(?U)\\w+", "aé1", "aé1" }, { "\\d+", "1\u0661", "1" },
		{ "(?U)\\d+", "1\u0661", "1\u0661" }, { "\\s", "\u00A0\v", "\v" }, { "\\h", "\u00A0", "\u00A0" },
		{ "\\p{Alpha}+", "aé", "a" }, { "\\p{L}+", "aé", "aé" }, { "\\pL+", "aé1", "aé" }, { "\\P{L}+", "a12", "12" },
		{ "\\p{IsGreek}", "aλ", "λ" }, { "\\p{InGreek}", "aλ", "λ" }, { "\\p{script=Han}", "a漢", "漢" },
		{ "\\p{Nothing}", "", NULL }, { "\\p{javaLowerCase}+", "abC", "ab" });
}

static void test_groups(void **state)
{
	CHECK({ "(?<n>a)\\k<n>", "aa", "aa" }, { "(a)\\2", "aa", "" }, { "(a)\\11", "aa1", "aa1" }, { "(?=a)*b", "b", "b" },
		{ "(?<x>a)(?<x>b)", "", NULL }, { "\\k<no>", "", NULL }, { "(?|a)", "", NULL }, { "(?R)", "", NULL },
		{ "(?#c)", "", NULL }, { "(?P<n>a)", "", NULL }, { "(a", "", NULL }, { "a)", "", NULL }, { "(?<=a)b", "ab", "b" });
}

static void test_quantifiers(void **state)
{
	CHECK({ "a{2}", "aaa", "aa" }, { "a{2,}?", "aaa", "aa" }, { "a{,2}", "", NULL }, { "a{2", "", NULL }, { "*a", "", NULL },
		{ "a**", "", NULL }, { "a{2,1}", "", NULL }, { "a}", "a}", "a}" }, { "a++a", "aaa", "" }, { "X*", "aX", "|X|" });
}

static void test_escapes(void **state)
{
	CHECK({ "\\x41\\u0042\\x{43}\\0104", "ABCD", "ABCD" }, { "\\uD83D\\uDC4D", "👍", "👍" }, { "\\Qa.b\\E+", "a.bb", "a.bb" },
		{ "\\e\\a\\t\\cA", "\x1B\a\t\x01", "\x1B\a\t\x01" }, { "\\N{LATIN SMALL LETTER A}", "a", "a" }, { "\\y", "", NULL },
		{ "\\", "", NULL }, { "\\K", "", NULL }, { "\\C", "", NULL }, { "\\-\\/", "-/", "-/" }, { "#", "#", "#" });
}

static void test_steps_are_limited(void **state)
{
	struct weir_arena arena;
	struct weir_err err = { 0 };
	struct weir_regex_search search = { .text = WEIR_SLICE("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac") };

	weir_arena_init(&arena, 4096);
	search.regex = weir_regex_get(weir_regex_cache_new(&arena), WEIR_SLICE("(?:(a+)+)+b|x"), &err);
	assert_non_null(search.regex);
	if (!weir_regex_next(&search, &err) && search.failed)
		assert_int_equal(err.code, WEIR_E_EVALUATE);
	weir_err_reset(&err);
	weir_arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line_ends),
		cmocka_unit_test(test_case),
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_sets_are_ascii),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_quantifiers),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_steps_are_limited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
