/* REGEXP_REPLACE: every match replaced by a text in which $1 and ${name} stand for groups and a backslash takes a character as it
 * is. */
#include "functions/scalar/regex/regexp.h"
#include "functions/scalar/string/text.h"

static bool fail(struct weir_err *err, const char *what)
{
	return weir_err_set(err, WEIR_E_EVALUATE, "The replacement is wrong: %s", what);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Behind "${". Bytes used up to and with '}'; 0: wrong. */
static size_t named_group(const struct weir_regex *regex, struct weir_slice rest, int *ret_group, struct weir_err *err)
{
	size_t len = 0;

	while (len < rest.len && (is_letter(rest.ptr[len]) || is_digit(rest.ptr[len])))
		len++;
	if (len == 0 || is_digit(rest.ptr[0]) || len == rest.len || rest.ptr[len] != '}')
		return fail(err, "${…} must hold the name of a group");
	*ret_group = weir_regex_group_of(regex, weir_slice_make(rest.ptr, len));
	return *ret_group ? len + 1 : fail(err, "there is no group of that name");
}

/* Behind "$". As many digits as still name a group. */
static size_t numbered_group(const struct weir_regex *regex, struct weir_slice rest, int *ret_group, struct weir_err *err)
{
	int count = weir_regex_group_count(regex), group;
	size_t len = 1;

	if (!rest.len || !is_digit(rest.ptr[0]))
		return fail(err, "$ must be followed by the number or {name} of a group");
	group = rest.ptr[0] - '0';
	if (group > count)
		return fail(err, "there is no group of that number");
	for (; len < rest.len && is_digit(rest.ptr[len]) && group * 10 + (rest.ptr[len] - '0') <= count; len++)
		group = group * 10 + (rest.ptr[len] - '0');
	*ret_group = group;
	return len;
}

static bool append_replacement(
	struct weir_buf *out, const struct weir_regex_search *search, struct weir_slice replacement, struct weir_err *err)
{
	for (size_t i = 0; i < replacement.len; i++) {
		char c = replacement.ptr[i];
		int group;
		struct weir_slice text;
		if (c == '\\') {
			if (++i == replacement.len)
				return fail(err, "it ends with a backslash");
			weir_buf_append_byte(out, replacement.ptr[i]);
			continue;
		}
		if (c != '$') {
			weir_buf_append_byte(out, c);
			continue;
		}
		struct weir_slice rest = weir_slice_make(replacement.ptr + i + 1, replacement.len - i - 1);
		bool is_named = rest.len && rest.ptr[0] == '{';
		size_t used = is_named ? named_group(search->regex, weir_slice_make(rest.ptr + 1, rest.len - 1), &group, err)
				       : numbered_group(search->regex, rest, &group, err);
		if (!used)
			return false;
		i += used + is_named;
		if (weir_regex_group(search, group, &text))
			weir_buf_append_slice(out, text);
	}
	return true;
}

static enum weir_result regexp_replace(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_slice text = ARG(0).str;
	struct weir_regex *regex = weir_regex_get(call->prepared, ARG(1).str, err);
	struct weir_regexp_place from = { 0 };
	struct weir_buf out;

	if (!regex)
		return WEIR_FAILED;
	struct weir_regex_search search = { .regex = regex, .text = text };
	weir_buf_init(&out, WEIR_MAX_STRING_BYTES);
	while (weir_buf_ok(&out) && weir_regex_next(&search, err)) {
		weir_regexp_append_between(&out, text, from, (struct weir_regexp_place){ search.start, search.is_half });
		from = (struct weir_regexp_place){ search.end, search.is_half };
		search.failed = !append_replacement(&out, &search, ARG(2).str, err);
		if (search.failed)
			break;
	}
	if (search.failed) {
		weir_buf_fini(&out);
		return WEIR_FAILED;
	}
	weir_regexp_append_between(&out, text, from, (struct weir_regexp_place){ text.len, false });
	return weir_text_finish(call, &out, ret, err);
}

const struct weir_scalar_function weir_scalar_regexp_replace = {
	.name = "REGEXP_REPLACE",
	.spelling = "regexp_replace",
	.category = "REGULAR EXPRESSION",
	.summary = "A text with every match of a regular expression replaced; in the replacement $1 or ${name} is a group of the "
		   "match.",
	.overloads = { { .params = { PARAM(STRING, "str"), PARAM(STRING, "regexp"), PARAM(STRING, "newStr") },
		RETURNS(STRING),
		ANY_NULL_GIVES_NULL,
		.prepare = weir_regexp_prepare,
		.eval = regexp_replace } },
	.examples = { { "REGEXP_REPLACE('ann 7', '[0-9]', '#')", "'ann #'" },
		{ "REGEXP_REPLACE('k=v', '(\\w)=(\\w)', '$2=$1')", "'v=k'" } },
};
