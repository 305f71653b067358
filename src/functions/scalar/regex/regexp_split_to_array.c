/* REGEXP_SPLIT_TO_ARRAY: the pieces between matches. Expressions that match nothing follow Java's String.split: no empty piece in
 * front of an empty match at the start, no empty pieces at the end. */
#include "functions/scalar/collection/values.h"
#include "functions/scalar/regex/regexp.h"

static void add_piece(
	struct weir_values *pieces, struct weir_slice text, struct weir_regexp_place from, struct weir_regexp_place to)
{
	union weir_cell piece = { .str = weir_regexp_between(pieces->arena, text, from, to) };

	weir_values_add(pieces, piece, false);
}

static enum weir_result regexp_split(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_slice text = ARG(0).str;
	struct weir_regex *regex = weir_regex_get(call->prepared, ARG(1).str, err);
	struct weir_regexp_place from = { 0 }, end = { text.len, false };
	struct weir_values pieces;

	if (!regex)
		return WEIR_FAILED;
	bool java_split = weir_regex_matches_empty(regex), any = false;
	struct weir_regex_search search = { .regex = regex, .text = text };
	weir_values_init(&pieces, call->arena, 4);
	while (weir_regex_next(&search, err)) {
		bool at_start = search.end == 0 && !search.is_half;
		if (java_split && at_start)
			continue;
		add_piece(&pieces, text, from, (struct weir_regexp_place){ search.start, search.is_half });
		from = (struct weir_regexp_place){ search.end, search.is_half };
		any = true;
	}
	if (search.failed)
		return WEIR_FAILED;
	add_piece(&pieces, text, from, end);
	while (java_split && any && pieces.count && pieces.items[pieces.count - 1].str.len == 0)
		pieces.count--;
	return weir_values_finish(&pieces, ret);
}

const struct weir_scalar_function weir_scalar_regexp_split_to_array = {
	.name = "REGEXP_SPLIT_TO_ARRAY",
	.spelling = "regexp_split_to_array",
	.category = "REGULAR EXPRESSION",
	.summary = "The pieces of a text between the matches of a regular expression.",
	.overloads = { { .params = { PARAM(STRING, "string"), PARAM(STRING, "regexp") },
		RETURNS_ARRAY_OF(STRING),
		ANY_NULL_GIVES_NULL,
		.prepare = weir_regexp_prepare,
		.eval = regexp_split } },
	.examples = { { "REGEXP_SPLIT_TO_ARRAY('aabcda', '(ab|cd)')", "ARRAY['a', '', 'a']" },
		{ "REGEXP_SPLIT_TO_ARRAY('aXbXXcX', 'X*')", "ARRAY['a', '', 'b', '', 'c']" } },
};
