/* REGEXP_EXTRACT_ALL: all matches, or a group of each. */
#include "functions/scalar/collection/values.h"
#include "functions/scalar/regex/regexp.h"

static enum weir_result regexp_extract_all(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	int32_t group = call->arg_count > 2 ? ARG(2).i32 : 0;
	struct weir_regex *regex = weir_regex_get(call->prepared, ARG(0).str, err);
	struct weir_values matches;

	if (!regex)
		return WEIR_FAILED;
	if (group > weir_regex_group_count(regex))
		return WEIR_NULL;
	struct weir_regex_search search = { .regex = regex, .text = ARG(1).str };
	weir_values_init(&matches, call->arena, 4);
	while (weir_regex_next(&search, err)) {
		union weir_cell match = { 0 };
		if (group < 0)
			return weir_function_fail(err, "There is no group %d", group);
		bool has_group = weir_regex_group(&search, group, &match.str);
		weir_values_add(&matches, match, !has_group);
	}
	return search.failed ? WEIR_FAILED : weir_values_finish(&matches, ret);
}

const struct weir_scalar_function weir_scalar_regexp_extract_all = {
	.name = "REGEXP_EXTRACT_ALL",
	.spelling = "regexp_extract_all",
	.category = "REGULAR EXPRESSION",
	.summary = "All parts of a text that match a regular expression (the expression comes first), or a group of each.",
	.overloads = {
		{ .params = { PARAM(STRING, "pattern"), PARAM(STRING, "input") }, RETURNS_ARRAY_OF(STRING), ANY_NULL_GIVES_NULL, .prepare = weir_regexp_prepare, .eval = regexp_extract_all },
		{ .params = { PARAM(STRING, "pattern"), PARAM(STRING, "input"), PARAM(INTEGER, "group") }, RETURNS_ARRAY_OF(STRING), ANY_NULL_GIVES_NULL, .prepare = weir_regexp_prepare, .eval = regexp_extract_all },
	},
	.examples = { { "REGEXP_EXTRACT_ALL('[0-9]+', '1 and 22')", "ARRAY['1', '22']" },
		{ "REGEXP_EXTRACT_ALL('(a)(b)?', 'aba', 2)", "ARRAY['b', NULL]" } },
};
