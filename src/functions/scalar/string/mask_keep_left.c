/* MASK_KEEP_LEFT */
#include "functions/scalar/string/mask.h"

static enum weir_result mask_keep_left(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_masks masks;
	size_t length, count;

	if (!weir_masks_of(call, 2, &masks, err))
		return WEIR_FAILED;
	enum weir_result result = weir_mask_count(call, &length, &count, err);
	return result == WEIR_VALUE ? weir_mask_units(call, &masks, ARG(0).str, count, length, ret, err) : result;
}

const struct weir_scalar_function weir_scalar_mask_keep_left = {
	.name = "MASK_KEEP_LEFT",
	.spelling = "mask_keep_left",
	.category = "STRING",
	.summary = "A text masked but for its first characters, see MASK.",
	.overloads = {
		{ .params = { PARAM(STRING, "input"), PARAM_PRIMITIVE(INTEGER, "numChars") }, RETURNS(STRING), .eval = mask_keep_left },
		{ .params = { PARAM(STRING, "input"), PARAM_PRIMITIVE(INTEGER, "numChars"), WEIR_MASK_PARAMS }, RETURNS(STRING), .eval = mask_keep_left },
	},
	.examples = { { "MASK_KEEP_LEFT('Ab12', 2)", "'Abnn'" } },
};
