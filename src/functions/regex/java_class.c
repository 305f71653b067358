/* Character classes: Java's nest, unite and intersect. What PCRE2's brackets cannot hold becomes alternatives and look-aheads of
 * one character each.
 *
 *   [a-d[m-p]]     →  [a-dm-p]
 *   [a-z[^x]]      →  (?:[a-z]|[^x])
 *   [a-z&&[^b]]    →  (?:(?=[a-z])[^b])
 *   [^a-z&&[^b]]   →  (?:(?!(?:(?=[a-z])[^b])).)
 */
#include "functions/regex/java_pattern_int.h"

enum { MAX_DEPTH = 200 };

/* One operand of &&: items between brackets, and further expressions that match one character. */
struct operand {
	struct weir_buf items, others;
};

static void operand_init(struct operand *operand)
{
	weir_buf_init(&operand->items, (size_t)1 << 20);
	weir_buf_init(&operand->others, (size_t)1 << 20);
}

static void operand_fini(struct operand *operand)
{
	weir_buf_fini(&operand->items);
	weir_buf_fini(&operand->others);
}

static bool operand_is_empty(const struct operand *operand)
{
	return operand->items.len == 0 && operand->others.len == 0;
}

static void add_other(struct operand *operand, struct weir_slice expression)
{
	if (operand->others.len)
		weir_buf_append_byte(&operand->others, '|');
	weir_buf_append_slice(&operand->others, expression);
}

/* An expression for the operand; one pair of brackets where that is enough. */
static void append_operand(struct weir_buf *out, const struct operand *operand)
{
	if (operand->others.len)
		weir_buf_append_text(out, "(?:");
	if (operand->items.len)
		weir_buf_printf(out, "[%.*s]", WEIR_SLICE_ARG(weir_buf_slice(&operand->items)));
	if (operand->items.len && operand->others.len)
		weir_buf_append_byte(out, '|');
	weir_buf_append_slice(out, weir_buf_slice(&operand->others));
	if (operand->others.len)
		weir_buf_append_byte(out, ')');
}

static void add_charset(struct operand *operand, struct weir_java_charset set)
{
	struct weir_buf text;

	if (!set.is_negated) {
		weir_buf_append_slice(&operand->items, set.items);
		return;
	}
	weir_buf_init(&text, (size_t)1 << 20);
	weir_buf_printf(&text, "[^%.*s]", WEIR_SLICE_ARG(set.items));
	add_other(operand, weir_buf_slice(&text));
	weir_buf_fini(&text);
}

static void add_range(struct operand *operand, uint32_t from, uint32_t to)
{
	/* Halves of surrogate pairs are in no text. */
	if (from >= 0xD800 && to < 0xE000) {
		add_other(operand, WEIR_SLICE("(?!)"));
		return;
	}
	if (weir_java_is_half(from))
		from = 0xE000;
	if (weir_java_is_half(to))
		to = 0xD7FF;
	weir_java_append_char(&operand->items, from);
	if (to == from)
		return;
	weir_buf_append_byte(&operand->items, '-');
	weir_java_append_char(&operand->items, to);
}

/* The letters of [first, last] that the range holds, in the other case. */
static void add_other_case(struct operand *operand, uint32_t from, uint32_t to, uint32_t first, uint32_t last)
{
	uint32_t low = from > first ? from : first, high = to < last ? to : last;

	if (low <= high)
		add_range(operand, low ^ 32, high ^ 32);
}

static void add_characters(struct weir_java_parser *parser, struct operand *operand, uint32_t from, uint32_t to)
{
	add_range(operand, from, to);
	if (!(parser->flags & WEIR_JAVA_CASELESS))
		return;
	add_other_case(operand, from, to, 'a', 'z');
	add_other_case(operand, from, to, 'A', 'Z');
}

/* A character, or the escape of one. *ret_is_set: a set was read and added instead. */
static bool parse_character(struct weir_java_parser *parser, struct operand *operand, uint32_t *ret, bool *ret_is_set)
{
	struct weir_java_charset set;
	bool known;

	*ret_is_set = false;
	*ret = weir_java_next(parser);
	if (*ret != '\\')
		return true;
	if (!weir_java_escaped_set(parser, &set, ret_is_set))
		return false;
	if (*ret_is_set) {
		add_charset(operand, set);
		return true;
	}
	if (!weir_java_escaped_char(parser, ret, &known))
		return false;
	return known || weir_java_fail(parser, "this escape does not exist in a class");
}

static bool parse_range(struct weir_java_parser *parser, struct operand *operand)
{
	uint32_t from, to;
	bool is_set;

	if (!parse_character(parser, operand, &from, &is_set) || is_set)
		return is_set;
	to = from;
	if (weir_java_peek(parser) == '-') {
		const char *dash = parser->p;
		weir_java_next(parser);
		uint32_t behind = weir_java_peek(parser);
		if (behind == ']' || behind == '[' || behind == WEIR_JAVA_END) {
			parser->p = dash; /* a plain '-', taken next */
		} else {
			if (!parse_character(parser, operand, &to, &is_set))
				return false;
			if (is_set || to < from)
				return weir_java_fail(parser, "a range of characters ends before it begins");
		}
	}
	add_characters(parser, operand, from, to);
	return true;
}

/* \Q…\E in a class: its characters. */
static void parse_quoted(struct weir_java_parser *parser, struct operand *operand)
{
	while (parser->p < parser->end) {
		if (parser->end - parser->p >= 2 && parser->p[0] == '\\' && parser->p[1] == 'E') {
			parser->p += 2;
			return;
		}
		uint32_t c = weir_java_next(parser);
		add_characters(parser, operand, c, c);
	}
}

static bool parse_nested(struct weir_java_parser *parser, struct operand *operand)
{
	struct weir_buf text;

	weir_buf_init(&text, (size_t)1 << 20);
	bool ok = weir_java_class(parser, &text);
	struct weir_slice inner = weir_buf_slice(&text);
	if (ok && inner.len > 2 && inner.ptr[0] == '[' && inner.ptr[1] != '^')
		weir_buf_append(&operand->items, inner.ptr + 1, inner.len - 2);
	else if (ok)
		add_other(operand, inner);
	weir_buf_fini(&text);
	return ok;
}

static bool at_intersection(struct weir_java_parser *parser)
{
	return weir_java_peek(parser) == '&' && parser->end - parser->p >= 2 && parser->p[1] == '&';
}

/* Up to ']' or '&&'. */
static bool parse_operand(struct weir_java_parser *parser, struct operand *operand, bool is_first)
{
	for (bool takes_bracket = is_first;; takes_bracket = false) {
		uint32_t c = weir_java_peek(parser);
		bool ok = true;

		if (c == WEIR_JAVA_END)
			return weir_java_fail(parser, "a class is not closed");
		if ((c == ']' && !takes_bracket) || at_intersection(parser))
			return true;
		if (c == '[') {
			weir_java_next(parser);
			ok = parse_nested(parser, operand);
		} else if (c == '\\' && parser->end - parser->p >= 2 && parser->p[1] == 'Q') {
			parser->p += 2;
			parse_quoted(parser, operand);
		} else {
			ok = parse_range(parser, operand);
		}
		if (!ok)
			return false;
	}
}

/* Everything but the negation, into `out`; *ret_is_simple: one pair of brackets. */
static bool parse_operands(struct weir_java_parser *parser, struct weir_buf *out, bool *ret_is_simple)
{
	struct weir_buf heads;
	bool ok = true, more = true, is_first = true;

	weir_buf_init(&heads, (size_t)1 << 20);
	while (ok && more) {
		struct operand operand;
		operand_init(&operand);
		ok = parse_operand(parser, &operand, is_first);
		if (ok && operand_is_empty(&operand))
			ok = weir_java_fail(parser, "a class has nothing on one side of &&");
		more = ok && at_intersection(parser);
		if (more) {
			weir_java_next(parser);
			weir_java_next(parser);
			while (at_intersection(parser)) { /* a&&&&b */
				weir_java_next(parser);
				weir_java_next(parser);
			}
			weir_buf_append_text(&heads, "(?=");
			append_operand(&heads, &operand);
			weir_buf_append_byte(&heads, ')');
			more = weir_java_peek(parser) != ']';
			if (!more)
				ok = weir_java_fail(parser, "a class has nothing on one side of &&");
		} else if (ok) {
			*ret_is_simple = is_first && !operand.others.len;
			if (heads.len)
				weir_buf_printf(out, "(?:%.*s", WEIR_SLICE_ARG(weir_buf_slice(&heads)));
			append_operand(out, &operand);
			if (heads.len)
				weir_buf_append_byte(out, ')');
		}
		is_first = false;
		operand_fini(&operand);
	}
	weir_buf_fini(&heads);
	return ok && (weir_java_accept(parser, ']') || weir_java_fail(parser, "a class is not closed"));
}

bool weir_java_class(struct weir_java_parser *parser, struct weir_buf *out)
{
	bool caseless = (parser->flags & WEIR_JAVA_CASELESS) && (parser->flags & (WEIR_JAVA_UCASE | WEIR_JAVA_UCLASS));
	bool negated = weir_java_accept(parser, '^'), is_simple = false;
	struct weir_buf text;

	if (++parser->depth > MAX_DEPTH)
		return weir_java_fail(parser, "the nesting is too deep");
	weir_buf_init(&text, (size_t)1 << 20);
	bool ok = parse_operands(parser, &text, &is_simple);
	struct weir_slice class = weir_buf_slice(&text);
	if (ok && caseless)
		weir_buf_append_text(out, "(?i:");
	if (ok && negated && is_simple)
		weir_buf_printf(out, "[^%.*s", (int)class.len - 1, class.ptr + 1);
	else if (ok && negated)
		weir_buf_printf(out, "(?:(?!%.*s).)", WEIR_SLICE_ARG(class));
	else if (ok)
		weir_buf_append_slice(out, class);
	if (ok && caseless)
		weir_buf_append_byte(out, ')');
	ok = ok && (weir_buf_ok(&text) || weir_java_fail(parser, "it is too long"));
	weir_buf_fini(&text);
	parser->depth--;
	return ok;
}
