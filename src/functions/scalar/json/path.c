/* Parsing paths, and following them through a text without building a tree of it. */
#include "functions/scalar/json/path.h"

#include "base/vec.h"
#include "functions/scalar/json/document.h"
#include "types/utf16.h"
#include "json/json.h"

#include <unictype.h>

struct path_parser {
	struct weir_arena *arena;
	const char *p, *end;
};

static bool is_letter_or_digit(uint32_t code)
{
	if (code < 0x80)
		return (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
	return uc_is_general_category_withtable(code, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_Nd);
}

/* Letters, digits and the others given; empty when there is none. */
static struct weir_slice take_word(struct path_parser *parser, const char *others)
{
	const char *start = parser->p;

	while (parser->p < parser->end) {
		size_t len;
		uint32_t code = weir_utf8_decode(weir_slice_make(parser->p, (size_t)(parser->end - parser->p)), &len);
		if (!is_letter_or_digit(code) && !(code && code < 0x80 && strchr(others, (int)code)))
			break;
		parser->p += len;
	}
	return weir_slice_make(start, (size_t)(parser->p - start));
}

/* Behind the opening quote; takes the closing one. */
static bool take_quoted(struct path_parser *parser, struct weir_slice *ret)
{
	char *out = weir_arena_alloc(parser->arena, (size_t)(parser->end - parser->p) + 1);
	size_t len = 0;

	for (; parser->p < parser->end && *parser->p != '"'; parser->p++) {
		if (*parser->p == '\\') {
			if (parser->p + 1 == parser->end || (parser->p[1] != '"' && parser->p[1] != '\\'))
				return false;
			parser->p++;
		}
		out[len++] = *parser->p;
	}
	*ret = weir_slice_make(out, len);
	return parser->p < parser->end && *parser->p++ == '"';
}

static bool take_bracket(struct path_parser *parser, struct weir_slice *ret)
{
	if (parser->p < parser->end && *parser->p == '"') {
		parser->p++;
		if (!take_quoted(parser, ret))
			return false;
	} else {
		*ret = take_word(parser, "_");
		if (!ret->len)
			return false;
	}
	return parser->p < parser->end && *parser->p++ == ']';
}

static bool take_step(struct path_parser *parser, struct weir_slice *ret)
{
	char c = *parser->p++;

	if (c == '[')
		return take_bracket(parser, ret);
	*ret = c == '.' ? take_word(parser, "_:@") : WEIR_SLICE("");
	return ret->len > 0;
}

bool weir_json_path_parse(struct weir_arena *arena, struct weir_slice text, struct weir_json_path *ret, struct weir_err *err)
{
	struct path_parser parser = { .arena = arena, .p = text.ptr + 1, .end = text.ptr + text.len };
	WEIR_VEC(struct weir_slice) steps = { 0 };

	if (!text.len || text.ptr[0] != '$')
		return weir_err_set(err, WEIR_E_EVALUATE, "A JSON path begins with $");
	while (parser.p < parser.end) {
		struct weir_slice step;
		if (!take_step(&parser, &step))
			return weir_err_set(err, WEIR_E_EVALUATE, "The JSON path '%.*s' is wrong at byte %zu", WEIR_SLICE_ARG(text),
				(size_t)(parser.p - text.ptr));
		WEIR_VEC_PUSH_IN(arena, &steps, step);
	}
	*ret = (struct weir_json_path){ steps.items, steps.count };
	return true;
}

/* ---- Following ---- */

static bool names_equal(struct weir_arena *arena, struct weir_slice raw, bool escaped, struct weir_slice wanted)
{
	struct weir_slice name = raw;

	if (escaped && !weir_json_unescape(arena, raw, &name))
		return false;
	return weir_slice_equals(name, wanted);
}

/* Of a well-formed object. */
static bool find_member(struct weir_arena *arena, struct weir_json_scan *scan, struct weir_slice name, struct weir_slice *ret)
{
	bool found = false, escaped;
	struct weir_slice raw, value;

	weir_json_accept(scan, '{');
	if (weir_json_accept(scan, '}'))
		return false;
	do {
		if (!weir_json_string(scan, &raw, &escaped) || !weir_json_accept(scan, ':') || !weir_json_skip(scan, &value))
			return false;
		if (!names_equal(arena, raw, escaped, name))
			continue;
		*ret = value;
		found = true;
	} while (weir_json_accept(scan, ','));
	return found;
}

static bool find_item(struct weir_json_scan *scan, struct weir_slice token, struct weir_slice *ret)
{
	int64_t index;

	if (!token.len || token.ptr[0] < '0' || token.ptr[0] > '9' || !weir_slice_to_i64(token, &index))
		return false;
	weir_json_accept(scan, '[');
	if (weir_json_accept(scan, ']'))
		return false;
	for (int64_t i = 0; weir_json_skip(scan, ret); i++) {
		if (i == index)
			return true;
		if (!weir_json_accept(scan, ','))
			return false;
	}
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The first value of the text, checked. */
static bool take_value(struct weir_slice text, struct weir_slice *ret)
{
	struct weir_json_scan scan;

	weir_json_scan_init(&scan, text);
	if (!weir_json_skip(&scan, ret) || !weir_document_escapes_are_fine(*ret))
		return false;
	bool is_bare = ret->ptr[0] != '{' && ret->ptr[0] != '[' && ret->ptr[0] != '"';
	return !is_bare || scan.p == scan.end || is_blank(*scan.p);
}

enum weir_json_found weir_json_path_find(
	struct weir_arena *arena, const struct weir_json_path *path, struct weir_slice text, struct weir_slice *ret_value)
{
	struct weir_slice value;

	if (!take_value(text, &value))
		return WEIR_JSON_MALFORMED;
	for (size_t i = 0; i < path->count; i++) {
		struct weir_json_scan scan;
		weir_json_scan_init(&scan, value);
		bool found = value.ptr[0] == '{'   ? find_member(arena, &scan, path->steps[i], &value)
			     : value.ptr[0] == '[' ? find_item(&scan, path->steps[i], &value)
						   : false;
		if (!found)
			return WEIR_JSON_ABSENT;
	}
	*ret_value = value;
	return WEIR_JSON_FOUND;
}
