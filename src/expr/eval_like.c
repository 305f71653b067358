/* LIKE: % any run, _ one code point, neither matches a line terminator; the whole text must match (semantics §3.9). */
#include "expr/node.h"

/* One code point off the front; 0 at the end. Bytes that are no UTF-8 count singly. */
static uint32_t next_char(struct weir_slice *text)
{
	unsigned char first;
	size_t len = 1;
	uint32_t code;

	if (!text->len)
		return 0;
	first = (unsigned char)text->ptr[0];
	code = first;
	if (first >= 0xF0)
		len = 4;
	else if (first >= 0xE0)
		len = 3;
	else if (first >= 0xC0)
		len = 2;
	if (len > text->len)
		len = 1;
	if (len > 1) {
		code = first & (0xFFu >> (len + 1));
		for (size_t i = 1; i < len; i++)
			code = code << 6 | ((unsigned char)text->ptr[i] & 0x3Fu);
	}
	*text = weir_slice_make(text->ptr + len, text->len - len);
	return code;
}

static bool is_line_end(uint32_t code)
{
	return code == '\n' || code == '\r' || code == 0x85 || code == 0x2028 || code == 0x2029;
}

enum match { NO_MATCH, MATCH, BAD_PATTERN };

/* Where to go on when the text does not fit: one character further behind the last %. */
struct retry {
	struct weir_slice pattern, text;
	bool is_set;
};

static bool retry_from(struct retry *retry, struct weir_slice *pattern, struct weir_slice *text)
{
	if (!retry->is_set || !retry->text.len || is_line_end(next_char(&retry->text)))
		return false;
	*pattern = retry->pattern;
	*text = retry->text;
	return true;
}

static bool fits(uint32_t wanted, bool is_literal, uint32_t there)
{
	return !is_literal && wanted == '_' ? !is_line_end(there) : wanted == there;
}

static enum match match_like(struct weir_slice text, struct weir_slice pattern, uint32_t escape)
{
	struct retry retry = { .is_set = false };

	for (;;) {
		struct weir_slice rest = pattern;
		bool is_literal = false;

		if (!pattern.len) {
			if (!text.len)
				return MATCH;
			if (!retry_from(&retry, &pattern, &text))
				return NO_MATCH;
			continue;
		}
		uint32_t wanted = next_char(&rest);
		if (escape && wanted == escape) {
			if (!rest.len)
				return BAD_PATTERN;
			wanted = next_char(&rest);
			is_literal = true;
		}
		if (wanted == '%' && !is_literal) {
			retry = (struct retry){ rest, text, true };
			pattern = rest;
			continue;
		}
		struct weir_slice text_rest = text;
		if (text.len && fits(wanted, is_literal, next_char(&text_rest))) {
			text = text_rest;
			pattern = rest;
		} else if (!retry_from(&retry, &pattern, &text)) {
			return NO_MATCH;
		}
	}
}

static bool ends_in_escape(struct weir_slice pattern, uint32_t escape)
{
	while (pattern.len)
		if (next_char(&pattern) == escape && next_char(&pattern) == 0 && !pattern.len)
			return true;
	return false;
}

static enum weir_result eval_like(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	union weir_cell operands[2];

	for (size_t i = 0; i < 2; i++) {
		enum weir_result result = weir_node_run(node->children[i], context, row, &operands[i], err);

		if (result == WEIR_VALUE)
			continue;
		if (result == WEIR_NULL)
			weir_err_set(err, WEIR_E_EVALUATE, "An operand of LIKE is NULL.");
		return WEIR_FAILED;
	}
	if (node->op && ends_in_escape(operands[1].str, (uint32_t)node->op)) {
		weir_err_set(err, WEIR_E_EVALUATE, "The pattern of LIKE ends in its escape character.");
		return WEIR_FAILED;
	}
	ret->boolean = match_like(operands[0].str, operands[1].str, (uint32_t)node->op) == MATCH;
	return WEIR_VALUE;
}

bool weir_compile_like(struct weir_compiler *compiler, struct weir_node *node)
{
	node->eval = eval_like;
	return true;
}
