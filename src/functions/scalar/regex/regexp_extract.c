/* REGEXP_EXTRACT: the first match, or a group of it. */
#include "functions/scalar/regex/regexp.h"

static enum weir_result regexp_extract(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	int32_t group = call->arg_count > 2 ? ARG(2).i32 : 0;
	struct weir_regex *regex = weir_regex_get(call->prepared, ARG(0).str, err);

	if (!regex)
		return WEIR_FAILED;
	struct weir_regex_search search = { .regex = regex, .text = ARG(1).str };
	if (!weir_regex_next(&search, err))
		return search.failed ? WEIR_FAILED : WEIR_NULL;
	if (group < 0)
		return weir_function_fail(err, "There is no group %d", group);
	if (group > weir_regex_group_count(regex))
		return WEIR_NULL;
	return weir_regex_group(&search, group, &ret->str) ? WEIR_VALUE : WEIR_NULL;
}

const struct weir_scalar_function weir_scalar_regexp_extract = {
	.name = "REGEXP_EXTRACT",
	.spelling = "regexp_extract",
	.category = "REGULAR EXPRESSION",
	.summary = "The first part of a text that matches a regular expression (the expression comes first), or a group of it; NULL when "
		   "nothing matches.",
	.overloads = {
		{ .params = { PARAM(STRING, "pattern"), PARAM(STRING, "input") }, RETURNS(STRING), ANY_NULL_GIVES_NULL, .prepare = weir_regexp_prepare, .eval = regexp_extract },
		{ .params = { PARAM(STRING, "pattern"), PARAM(STRING, "input"), PARAM(INTEGER, "group") }, RETURNS(STRING), ANY_NULL_GIVES_NULL, .prepare = weir_regexp_prepare, .eval = regexp_extract },
	},
	.examples = { { "REGEXP_EXTRACT('[0-9]+', 'room 101')", "'101'" }, { "REGEXP_EXTRACT('(\\w+)@(\\w+)', 'ann@home', 2)", "'home'" } },
};
