/* INITCAP: words begin with a capital, the rest is lower case; words are separated by white space. */
#include "functions/scalar/string/case.h"

static enum weir_result initcap(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	union weir_cell lower;

	if (weir_text_map_case(call, false, &lower, err) != WEIR_VALUE)
		return WEIR_FAILED;
	struct weir_slice text = weir_arena_copy(call->arena, lower.str);
	char *out = (char *)text.ptr;
	bool starts = true;
	for (size_t i = 0; i < text.len; i++) {
		bool is_blank = out[i] == ' ' || (out[i] >= '\t' && out[i] <= '\r');
		if (starts && out[i] >= 'a' && out[i] <= 'z')
			out[i] = (char)(out[i] - 32);
		starts = is_blank;
	}
	return weir_text_slice(ret, text);
}

const struct weir_scalar_function weir_scalar_initcap = {
	.name = "INITCAP",
	.category = "STRING",
	.summary = "Each word with a capital first letter, the rest in lower case.",
	.overloads = { { .params = { PARAM(STRING, "str") }, RETURNS(STRING), ANY_NULL_GIVES_NULL, .eval = initcap } },
	.examples = { { "INITCAP('the QUICK fox')", "'The Quick Fox'" } },
};
