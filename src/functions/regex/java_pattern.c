/* The translator: sequences, groups, quantifiers, anchors. */
#include "functions/regex/java_pattern_int.h"

#include "types/utf16.h"

#include <limits.h>

enum { MAX_DEPTH = 200, MAX_REPEAT = 65535 };

#define MAX_TEXT_BYTES ((size_t)1 << 20)

#define LINE_ENDS "\\n\\r\\x{85}\\x{2028}\\x{2029}"

static bool parse_alternatives(struct weir_java_parser *parser);

bool weir_java_fail(struct weir_java_parser *parser, const char *what)
{
	return weir_err_set(parser->err, WEIR_E_EVALUATE, "The regular expression is wrong at character %zu: %s",
		weir_utf16_length(weir_slice_make(parser->start, (size_t)(parser->p - parser->start))) + 1, what);
}

/* ---- Characters ---- */

uint32_t weir_java_peek_raw(const struct weir_java_parser *parser)
{
	size_t len;

	return parser->p < parser->end ? weir_utf8_decode(weir_slice_make(parser->p, (size_t)(parser->end - parser->p)), &len)
				       : WEIR_JAVA_END;
}

static void skip_comments(struct weir_java_parser *parser)
{
	while (parser->p < parser->end) {
		char c = *parser->p;
		if (c == '#')
			while (parser->p < parser->end && *parser->p != '\n' && *parser->p != '\r')
				parser->p++;
		else if (c == ' ' || (c >= '\t' && c <= '\r'))
			parser->p++;
		else
			return;
	}
}

uint32_t weir_java_peek(struct weir_java_parser *parser)
{
	if (parser->flags & WEIR_JAVA_COMMENTS)
		skip_comments(parser);
	return weir_java_peek_raw(parser);
}

uint32_t weir_java_next(struct weir_java_parser *parser)
{
	uint32_t c = weir_java_peek_raw(parser);

	if (c != WEIR_JAVA_END)
		parser->p += weir_utf8_length(weir_slice_make(parser->p, (size_t)(parser->end - parser->p)));
	return c;
}

bool weir_java_accept(struct weir_java_parser *parser, uint32_t c)
{
	if (weir_java_peek_raw(parser) != c)
		return false;
	weir_java_next(parser);
	return true;
}

static bool accept_text(struct weir_java_parser *parser, const char *text)
{
	size_t len = strlen(text);

	if ((size_t)(parser->end - parser->p) < len || memcmp(parser->p, text, len) != 0)
		return false;
	parser->p += len;
	return true;
}

void weir_java_append_char(struct weir_buf *out, uint32_t c)
{
	if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
		weir_buf_append_byte(out, (char)c);
	else
		weir_buf_printf(out, "\\x{%x}", c);
}

static void append_literal(struct weir_java_parser *parser, uint32_t c)
{
	bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

	if (weir_java_is_half(c)) {
		weir_buf_append_text(parser->out, "(?!)");
	} else if ((parser->flags & WEIR_JAVA_CASELESS) && (parser->flags & (WEIR_JAVA_UCASE | WEIR_JAVA_UCLASS))) {
		weir_buf_append_text(parser->out, "(?i:");
		weir_java_append_char(parser->out, c);
		weir_buf_append_byte(parser->out, ')');
	} else if ((parser->flags & WEIR_JAVA_CASELESS) && is_letter) {
		weir_buf_printf(parser->out, "[%c%c]", (char)(c & ~32u), (char)(c | 32u));
	} else {
		weir_java_append_char(parser->out, c);
	}
}

/* ---- Anchors ---- */

static void append_line_start(struct weir_java_parser *parser)
{
	if (!(parser->flags & WEIR_JAVA_MULTILINE))
		weir_buf_append_text(parser->out, "(?:\\A)");
	else if (parser->flags & WEIR_JAVA_UNIX)
		weir_buf_append_text(parser->out, "(?:\\A|(?<=\\n)(?!\\z))");
	else
		weir_buf_append_text(parser->out, "(?:\\A|(?<=[\\n\\x{85}\\x{2028}\\x{2029}])(?!\\z)|(?<=\\r)(?!\\n)(?!\\z))");
}

/* $ without (?m), and \Z */
static void append_text_end(struct weir_java_parser *parser)
{
	if (parser->flags & WEIR_JAVA_UNIX)
		weir_buf_append_text(parser->out, "(?:(?=\\n?\\z))");
	else
		weir_buf_append_text(parser->out, "(?:(?!(?<=\\r)\\n)(?=(?:\\r\\n|[" LINE_ENDS "])?\\z))");
}

static void append_line_end(struct weir_java_parser *parser)
{
	if (!(parser->flags & WEIR_JAVA_MULTILINE))
		append_text_end(parser);
	else if (parser->flags & WEIR_JAVA_UNIX)
		weir_buf_append_text(parser->out, "(?:(?=\\n|\\z))");
	else
		weir_buf_append_text(parser->out, "(?:(?!(?<=\\r)\\n)(?=[" LINE_ENDS "]|\\z))");
}

static void append_any(struct weir_java_parser *parser)
{
	if (parser->flags & WEIR_JAVA_DOTALL)
		weir_buf_append_byte(parser->out, '.');
	else
		weir_buf_append_text(parser->out, parser->flags & WEIR_JAVA_UNIX ? "[^\\n]" : "[^" LINE_ENDS "]");
}

static void append_word_bound(struct weir_java_parser *parser, bool negated)
{
	static const char *const unicode[] = {
		"(?:(?<=[\\p{L}\\p{M}\\p{N}\\p{Pc}])(?![\\p{L}\\p{M}\\p{N}\\p{Pc}])|(?<![\\p{L}\\p{M}\\p{N}\\p{Pc}])(?=[\\p{L}\\p{"
		"M}\\p{N}\\p{Pc}]))",
		"(?:(?<=[\\p{L}\\p{M}\\p{N}\\p{Pc}])(?=[\\p{L}\\p{M}\\p{N}\\p{Pc}])|(?<![\\p{L}\\p{M}\\p{N}\\p{Pc}])(?![\\p{L}\\p{"
		"M}\\p{N}\\p{Pc}]))",
	};

	if (parser->flags & WEIR_JAVA_UCLASS)
		weir_buf_append_text(parser->out, unicode[negated]);
	else
		weir_buf_append_text(parser->out, negated ? "(?:\\B)" : "(?:\\b)");
}

/* ---- Back-references ---- */

static void append_reference(struct weir_java_parser *parser, int group)
{
	const char *open = parser->flags & WEIR_JAVA_CASELESS ? "(?i:" : "(?:";

	if (group > parser->total_groups)
		weir_buf_append_text(parser->out, "(?!)"); /* it never matches */
	else
		weir_buf_printf(parser->out, "%s\\g{%d})", open, group);
}

/* Behind a backslash: as many digits as still name a group that is there. */
static void parse_reference(struct weir_java_parser *parser)
{
	int group = (int)weir_java_next(parser) - '0';

	for (;;) {
		uint32_t c = weir_java_peek_raw(parser);
		if (c < '0' || c > '9' || group * 10 + (int)(c - '0') > parser->group_count)
			break;
		group = group * 10 + (int)(c - '0');
		weir_java_next(parser);
	}
	append_reference(parser, group);
}

static bool parse_name(struct weir_java_parser *parser, struct weir_slice *ret)
{
	const char *start = parser->p;

	for (;; parser->p++) {
		char c = parser->p < parser->end ? *parser->p : '\0';
		bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!is_letter && !(parser->p > start && c >= '0' && c <= '9'))
			break;
	}
	*ret = weir_slice_make(start, (size_t)(parser->p - start));
	if (!ret->len)
		return weir_java_fail(parser, "a group's name must start with a letter of the alphabet");
	return weir_java_accept(parser, '>') || weir_java_fail(parser, "the name of a group ends with '>'");
}

static int find_name(const struct weir_java_parser *parser, struct weir_slice name)
{
	for (size_t i = 0; i < parser->names.count; i++)
		if (weir_slice_equals(parser->names.items[i].name, name))
			return parser->names.items[i].group;
	return 0;
}

static bool parse_named_reference(struct weir_java_parser *parser)
{
	struct weir_slice name;

	if (!weir_java_accept(parser, '<'))
		return weir_java_fail(parser, "\\k is followed by a name in <>");
	if (!parse_name(parser, &name))
		return false;
	int group = find_name(parser, name);
	if (!group)
		return weir_java_fail(parser, "there is no group of that name before it");
	append_reference(parser, group);
	return true;
}

/* ---- Groups ---- */

static bool flag_of(uint32_t c, unsigned *ret)
{
	static const char letters[] = "idmsuxU";
	static const unsigned flags[] = { WEIR_JAVA_CASELESS, WEIR_JAVA_UNIX, WEIR_JAVA_MULTILINE, WEIR_JAVA_DOTALL,
		WEIR_JAVA_UCASE, WEIR_JAVA_COMMENTS, WEIR_JAVA_UCLASS };
	const char *at = c && c < 0x80 ? strchr(letters, (int)c) : NULL;

	if (at)
		*ret = flags[at - letters];
	return at != NULL;
}

/* (?i-s) changes the rest of the group, (?i-s:…) only what it holds. */
static bool parse_flags(struct weir_java_parser *parser, bool *ret_is_group)
{
	unsigned on = 0, off = 0, flag;
	bool negative = false;

	for (;;) {
		uint32_t c = weir_java_next(parser);
		if (c == '-' && !negative) {
			negative = true;
		} else if (flag_of(c, &flag)) {
			*(negative ? &off : &on) |= flag;
		} else if (c == ')' || c == ':') {
			parser->flags = (parser->flags | on) & ~off;
			*ret_is_group = c == ':';
			return true;
		} else {
			return weir_java_fail(parser, "this kind of group does not exist");
		}
	}
}

static bool open_capture(struct weir_java_parser *parser)
{
	weir_buf_append_byte(parser->out, '(');
	return ++parser->group_count <= WEIR_PATTERN_MAX_GROUPS || weir_java_fail(parser, "there are too many groups");
}

static bool open_named(struct weir_java_parser *parser)
{
	struct weir_java_name name;

	if (!parse_name(parser, &name.name) || !open_capture(parser))
		return false;
	if (find_name(parser, name.name))
		return weir_java_fail(parser, "two groups have the same name");
	name.group = parser->group_count;
	WEIR_VEC_PUSH_IN(parser->arena, &parser->names, name);
	return true;
}

/* Behind '(': writes what opens the group. *ret_is_group false: it was only (?i). */
static bool open_group(struct weir_java_parser *parser, bool *ret_is_group)
{
	static const char *const plain[] = { "?:", "?=", "?!", "?>", "?<=", "?<!" };

	*ret_is_group = true;
	for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
		if (!accept_text(parser, plain[i]))
			continue;
		/* In a group of its own, since PCRE2 repeats a bare assertion but once. */
		weir_buf_printf(parser->out, "(?:(%s", plain[i]);
		return true;
	}
	if (accept_text(parser, "?<"))
		return open_named(parser);
	if (!accept_text(parser, "?"))
		return open_capture(parser);
	if (!parse_flags(parser, ret_is_group))
		return false;
	if (*ret_is_group)
		weir_buf_append_text(parser->out, "(?:");
	return true;
}

static bool parse_group(struct weir_java_parser *parser, bool *ret_is_group)
{
	unsigned outer = parser->flags;
	bool is_wrapped = parser->p + 1 < parser->end && parser->p[0] == '?' &&
			  (strchr(":=!>", parser->p[1]) || (parser->p[1] == '<' && parser->p + 2 < parser->end &&
								   (parser->p[2] == '=' || parser->p[2] == '!')));

	if (++parser->depth > MAX_DEPTH)
		return weir_java_fail(parser, "the nesting is too deep");
	if (!open_group(parser, ret_is_group))
		return false;
	if (*ret_is_group) {
		if (!parse_alternatives(parser))
			return false;
		if (!weir_java_accept(parser, ')'))
			return weir_java_fail(parser, "a group is not closed");
		weir_buf_append_text(parser->out, is_wrapped ? "))" : ")");
		parser->flags = outer;
	}
	parser->depth--;
	return true;
}

/* ---- Quantifiers ---- */

static bool parse_number(struct weir_java_parser *parser, int *ret)
{
	int64_t number = 0;
	const char *start = parser->p;

	for (; parser->p < parser->end && *parser->p >= '0' && *parser->p <= '9'; parser->p++)
		if (number <= INT_MAX)
			number = number * 10 + (*parser->p - '0');
	if (parser->p == start)
		return weir_java_fail(parser, "a repetition is {n}, {n,} or {n,m}");
	if (number > MAX_REPEAT)
		return weir_java_fail(parser, "a repetition is at most 65535 times");
	*ret = (int)number;
	return true;
}

/* Behind '{' */
static bool parse_repetition(struct weir_java_parser *parser)
{
	int least, most;

	if (!parse_number(parser, &least))
		return false;
	if (weir_java_accept(parser, '}')) {
		weir_buf_printf(parser->out, "{%d}", least);
		return true;
	}
	if (!weir_java_accept(parser, ','))
		return weir_java_fail(parser, "a repetition is {n}, {n,} or {n,m}");
	if (weir_java_accept(parser, '}')) {
		weir_buf_printf(parser->out, "{%d,}", least);
		return true;
	}
	if (!parse_number(parser, &most))
		return false;
	if (most < least)
		return weir_java_fail(parser, "the second number of a repetition is less than the first");
	weir_buf_printf(parser->out, "{%d,%d}", least, most);
	return weir_java_accept(parser, '}') || weir_java_fail(parser, "a repetition is {n}, {n,} or {n,m}");
}

static bool parse_quantifier(struct weir_java_parser *parser)
{
	uint32_t c = weir_java_peek(parser);

	if (c != '*' && c != '+' && c != '?' && c != '{')
		return true;
	weir_java_next(parser);
	if (c != '{')
		weir_buf_append_byte(parser->out, (char)c);
	else if (!parse_repetition(parser))
		return false;
	c = weir_java_peek(parser);
	if (c == '?' || c == '+')
		weir_buf_append_byte(parser->out, (char)weir_java_next(parser));
	return true;
}

/* ---- Atoms ---- */

/* \Q…\E: each character for itself; a quantifier behind it is the last one's. */
static void parse_quoted(struct weir_java_parser *parser)
{
	while (parser->p < parser->end && !accept_text(parser, "\\E"))
		append_literal(parser, weir_java_next(parser));
}

static void append_set(struct weir_java_parser *parser, struct weir_java_charset set)
{
	weir_buf_printf(parser->out, "[%s%.*s]", set.is_negated ? "^" : "", WEIR_SLICE_ARG(set.items));
}

/* Escapes that are no character and no set. *ret_known false: none of them. */
static bool parse_special_escape(struct weir_java_parser *parser, bool *ret_known)
{
	uint32_t c = weir_java_peek_raw(parser);

	*ret_known = true;
	if (c >= '1' && c <= '9') {
		parse_reference(parser);
		return true;
	}
	switch (c) {
	case 'k':
		weir_java_next(parser);
		return parse_named_reference(parser);
	case 'Q':
		weir_java_next(parser);
		parse_quoted(parser);
		return true;
	case 'b':
	case 'B':
		weir_java_next(parser);
		if (weir_java_peek_raw(parser) == '{')
			return weir_java_fail(parser, "\\b{…} is not supported");
		append_word_bound(parser, c == 'B');
		return true;
	case 'Z':
		weir_java_next(parser);
		append_text_end(parser);
		return true;
	case 'A':
	case 'G':
	case 'z':
		weir_buf_printf(parser->out, "(?:\\%c)", (char)weir_java_next(parser));
		return true;
	case 'R':
	case 'X':
		weir_buf_printf(parser->out, "\\%c", (char)weir_java_next(parser));
		return true;
	}
	*ret_known = false;
	return true;
}

static bool parse_escape(struct weir_java_parser *parser)
{
	struct weir_java_charset set;
	uint32_t c;
	bool known;

	if (!parse_special_escape(parser, &known))
		return false;
	if (known)
		return true;
	if (!weir_java_escaped_set(parser, &set, &known))
		return false;
	if (known) {
		append_set(parser, set);
		return true;
	}
	if (!weir_java_escaped_char(parser, &c, &known))
		return false;
	if (!known)
		return weir_java_fail(parser, "this escape does not exist");
	append_literal(parser, c);
	return true;
}

/* One atom; *ret_repeatable false: what was read cannot be repeated ((?i), nothing). */
static bool parse_atom(struct weir_java_parser *parser, bool *ret_repeatable)
{
	uint32_t c = weir_java_next(parser);

	*ret_repeatable = true;
	switch (c) {
	case '(':
		return parse_group(parser, ret_repeatable);
	case '[':
		return weir_java_class(parser, parser->out);
	case '\\':
		return parse_escape(parser);
	case '.':
		append_any(parser);
		return true;
	case '^':
		append_line_start(parser);
		return true;
	case '$':
		append_line_end(parser);
		return true;
	case '*':
	case '+':
	case '?':
		return weir_java_fail(parser, "a quantifier stands behind nothing");
	case '{': /* Java repeats the nothing before it */
		parser->p--;
		weir_buf_append_text(parser->out, "(?:)");
		return true;
	default:
		append_literal(parser, c);
		return true;
	}
}

static bool parse_alternatives(struct weir_java_parser *parser)
{
	for (;;) {
		uint32_t c = weir_java_peek(parser);
		bool repeatable;

		if (c == WEIR_JAVA_END || c == ')')
			return true;
		if (c == '|') {
			weir_java_next(parser);
			weir_buf_append_byte(parser->out, '|');
			continue;
		}
		if (!weir_buf_ok(parser->out))
			return weir_java_fail(parser, "it is too long");
		if (!parse_atom(parser, &repeatable) || (repeatable && !parse_quantifier(parser)))
			return false;
	}
}

static bool translate(struct weir_java_parser *parser)
{
	if (!parse_alternatives(parser))
		return false;
	if (parser->p < parser->end)
		return weir_java_fail(parser, "')' without '('");
	return weir_buf_ok(parser->out) || weir_java_fail(parser, "it is too long");
}

bool weir_java_pattern_translate(
	struct weir_arena *arena, struct weir_slice pattern, struct weir_java_pattern *ret, struct weir_err *err)
{
	int total = INT_MAX;
	struct weir_buf out;
	bool ok = true;

	weir_buf_init(&out, MAX_TEXT_BYTES);
	/* Twice: only at the end is it known which back-references have a group. */
	for (int pass = 0; pass < 2 && ok; pass++) {
		struct weir_java_parser parser = {
			.arena = arena,
			.start = pattern.ptr,
			.p = pattern.ptr,
			.end = pattern.ptr + pattern.len,
			.out = &out,
			.total_groups = total,
			.err = err,
		};
		weir_buf_reset(&out);
		ok = translate(&parser);
		total = parser.group_count;
		if (ok)
			*ret = (struct weir_java_pattern){
				.text = weir_arena_copy(arena, weir_buf_slice(&out)),
				.group_count = total,
				.names = parser.names.items,
				.name_count = parser.names.count,
			};
	}
	weir_buf_fini(&out);
	return ok;
}
