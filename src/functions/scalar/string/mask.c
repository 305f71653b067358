/* MASK: every character of a text replaced by one that tells its class only. */
#include "functions/scalar/string/mask.h"

#include "types/utf16.h"

#include <unictype.h>

enum class { UPPER, LOWER, DIGIT, OTHER };

static enum class class_of(uint32_t code) {
	if (code < 0x80) return code >= 'A' && code <= 'Z' ? UPPER
	: code >= 'a' && code <= 'z'                       ? LOWER
	: code >= '0' && code <= '9'                       ? DIGIT
							   : OTHER;
	if (uc_is_general_category(code, UC_UPPERCASE_LETTER)) return UPPER;
	if (uc_is_general_category(code, UC_LOWERCASE_LETTER)) return LOWER;
	return uc_is_general_category(code, UC_DECIMAL_DIGIT_NUMBER) ? DIGIT : OTHER;
}

bool weir_masks_of(const struct weir_call *call, size_t first, struct weir_masks *ret_masks, struct weir_err *err)
{
	struct weir_masks masks = { .text = { "X", "x", "n", "-" }, .len = { 1, 1, 1, 1 } };

	for (size_t i = 0; i < 4 && first < call->arg_count; i++) {
		masks.len[i] = 0;
		if (ARG_IS_NULL(first + i))
			continue;
		struct weir_slice mask = ARG(first + i).str;
		if (weir_utf16_length(mask) != 1) {
			weir_function_fail(err, "A mask must be one character, '%.*s' is not", WEIR_SLICE_ARG(mask));
			return false;
		}
		memcpy(masks.text[i], mask.ptr, mask.len);
		masks.len[i] = mask.len;
	}
	*ret_masks = masks;
	return true;
}

static void append_mask(struct weir_buf *out, const struct weir_masks *masks, enum class class, struct weir_slice unmasked)
{
	if (masks->len[class])
		weir_buf_append(out, masks->text[class], masks->len[class]);
	else
		weir_buf_append_slice(out, unmasked);
}

enum weir_result weir_mask_units(struct weir_call *call, const struct weir_masks *masks, struct weir_slice text, size_t from,
	size_t to, union weir_cell *ret, struct weir_err *err)
{
	struct weir_buf out;
	size_t unit = 0;

	weir_buf_init(&out, WEIR_MAX_STRING_BYTES);
	for (size_t i = 0, len; i < text.len; i += len) {
		uint32_t code = weir_utf8_decode(weir_slice_make(text.ptr + i, text.len - i), &len);
		struct weir_slice self = weir_slice_make(text.ptr + i, len);
		bool is_pair = code >= 0x10000, first = unit >= from && unit < to;
		bool second = is_pair && unit + 1 >= from && unit + 1 < to;
		bool first_masked = first && masks->len[class_of(code)], second_masked = second && masks->len[OTHER];
		unit += is_pair ? 2 : 1;
		if (!is_pair || (!first_masked && !second_masked)) {
			if (first)
				append_mask(&out, masks, class_of(code), self);
			else
				weir_buf_append_slice(&out, self);
			continue;
		}
		/* One half of a surrogate pair alone is no character: '?', as it is written out. */
		append_mask(&out, masks, first_masked ? class_of(code) : OTHER, WEIR_SLICE("?"));
		if (!first_masked)
			out.len -= masks->len[OTHER] ? masks->len[OTHER] : 1, weir_buf_append_byte(&out, '?');
		if (second_masked)
			append_mask(&out, masks, OTHER, WEIR_SLICE("?"));
		else
			weir_buf_append_byte(&out, '?');
	}
	return weir_text_finish(call, &out, ret, err);
}

enum weir_result weir_mask_count(const struct weir_call *call, size_t *ret_length, size_t *ret_count, struct weir_err *err)
{
	if (ARG(1).i32 < 0)
		return weir_function_fail(err, "The number of characters to mask is negative");
	if (ARG_IS_NULL(0))
		return WEIR_NULL;
	*ret_length = weir_utf16_length(ARG(0).str);
	*ret_count = (size_t)ARG(1).i32 < *ret_length ? (size_t)ARG(1).i32 : *ret_length;
	return WEIR_VALUE;
}

static enum weir_result mask(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_masks masks;

	if (!weir_masks_of(call, 1, &masks, err))
		return WEIR_FAILED;
	return ARG_IS_NULL(0) ? WEIR_NULL : weir_mask_units(call, &masks, ARG(0).str, 0, SIZE_MAX, ret, err);
}

const struct weir_scalar_function weir_scalar_mask = {
	.name = "MASK",
	.spelling = "mask",
	.category = "STRING",
	.summary = "A text with its letters, digits and other characters replaced by X, x, n and -, or by other masks; a NULL mask leaves "
		   "its class as it is.",
	.overloads = {
		{ .params = { PARAM(STRING, "input") }, RETURNS(STRING), .eval = mask },
		{ .params = { PARAM(STRING, "input"), WEIR_MASK_PARAMS }, RETURNS(STRING), .eval = mask },
	},
	.examples = { { "MASK('My Test $123')", "'Xx-Xxxx--nnn'" }, { "MASK('aB1-', 'Q', NULL, '9', NULL)", "'aQ9-'" } },
};
