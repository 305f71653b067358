/* JSON as a tree in an arena: for requests, schemas and configuration, not for rows. */
#include "base/vec.h"
#include "json/json.h"

struct parser {
	struct weir_arena *arena;
	struct weir_json_scan scan;
	int depth;
};

static struct weir_json *parse_value(struct parser *parser);

static bool parse_text(struct parser *parser, struct weir_slice *ret_text)
{
	bool escaped;

	if (!weir_json_string(&parser->scan, ret_text, &escaped))
		return false;
	if (!escaped || weir_json_unescape(parser->arena, *ret_text, ret_text))
		return true;
	parser->scan.error = "a string holds a bad escape";
	return false;
}

static bool parse_object(struct parser *parser, struct weir_json *json)
{
	WEIR_VEC(struct weir_json_member) members = { 0 };

	json->kind = WEIR_JSON_OBJECT;
	if (weir_json_accept(&parser->scan, '}'))
		return true;
	do {
		struct weir_json_member member;
		if (!parse_text(parser, &member.name))
			return false;
		if (!weir_json_accept(&parser->scan, ':')) {
			parser->scan.error = "expected ':'";
			return false;
		}
		if (!(member.value = parse_value(parser)))
			return false;
		WEIR_VEC_PUSH_IN(parser->arena, &members, member);
	} while (weir_json_accept(&parser->scan, ','));
	json->members = members.items;
	json->count = members.count;
	if (weir_json_accept(&parser->scan, '}'))
		return true;
	parser->scan.error = "expected ',' or '}'";
	return false;
}

static bool parse_array(struct parser *parser, struct weir_json *json)
{
	WEIR_VEC(struct weir_json *) items = { 0 };

	json->kind = WEIR_JSON_ARRAY;
	if (weir_json_accept(&parser->scan, ']'))
		return true;
	do {
		struct weir_json *item = parse_value(parser);
		if (!item)
			return false;
		WEIR_VEC_PUSH_IN(parser->arena, &items, item);
	} while (weir_json_accept(&parser->scan, ','));
	json->items = items.items;
	json->count = items.count;
	if (weir_json_accept(&parser->scan, ']'))
		return true;
	parser->scan.error = "expected ',' or ']'";
	return false;
}

static bool parse_scalar(struct parser *parser, struct weir_json *json, char c)
{
	bool is_integer;

	if (c == '"') {
		json->kind = WEIR_JSON_STRING;
		return parse_text(parser, &json->text);
	}
	char word = weir_json_word(&parser->scan);
	if (word) {
		json->kind = word == 'n' ? WEIR_JSON_NULL : WEIR_JSON_BOOLEAN;
		json->boolean = word == 't';
		return true;
	}
	json->kind = WEIR_JSON_NUMBER;
	return weir_json_number(&parser->scan, &json->text, &is_integer);
}

static struct weir_json *parse_value(struct parser *parser)
{
	struct weir_json *json = WEIR_ARENA_NEW(parser->arena, struct weir_json);
	char c = weir_json_peek(&parser->scan);
	const char *start = parser->scan.p;
	bool ok;

	if (++parser->depth > WEIR_JSON_MAX_DEPTH) {
		parser->scan.error = "the nesting is too deep";
		return NULL;
	}
	if (c == '{' || c == '[') {
		parser->scan.p++;
		ok = c == '{' ? parse_object(parser, json) : parse_array(parser, json);
	} else {
		ok = parse_scalar(parser, json, c);
	}
	parser->depth--;
	json->raw = weir_slice_make(start, (size_t)(parser->scan.p - start));
	return ok ? json : NULL;
}

static bool fail_at(const struct weir_json_scan *scan, const char *what, struct weir_err *err)
{
	int line = 1, column = 1;

	for (const char *p = scan->start; p < scan->p; p++) {
		line += *p == '\n';
		column = *p == '\n' ? 1 : column + (((unsigned char)*p & 0xC0) != 0x80);
	}
	return weir_err_set(err, WEIR_E_BAD_REQUEST, "This is not JSON: %s at line %d, column %d", what, line, column);
}

bool weir_json_parse(struct weir_arena *arena, struct weir_slice text, bool trailing, struct weir_json **ret, struct weir_err *err)
{
	struct parser parser = { .arena = arena };

	if (weir_slice_starts_with(text, WEIR_SLICE("\xEF\xBB\xBF")))
		text = weir_slice_make(text.ptr + 3, text.len - 3);
	weir_json_scan_init(&parser.scan, text);
	struct weir_json *json = parse_value(&parser);
	if (!json)
		return fail_at(&parser.scan, parser.scan.error ? parser.scan.error : "expected a value", err);
	if (!trailing && !weir_json_at_end(&parser.scan))
		return fail_at(&parser.scan, "something follows the value", err);
	*ret = json;
	return true;
}

const struct weir_json *weir_json_get(const struct weir_json *json, const char *name)
{
	if (!weir_json_is(json, WEIR_JSON_OBJECT))
		return NULL;
	for (size_t i = json->count; i-- > 0;)
		if (weir_slice_is(json->members[i].name, name))
			return json->members[i].value;
	return NULL;
}

struct weir_slice weir_json_get_text(const struct weir_json *json, const char *name, const char *fallback)
{
	const struct weir_json *member = weir_json_get(json, name);

	return weir_json_is(member, WEIR_JSON_STRING) ? member->text : weir_slice_of(fallback);
}

int64_t weir_json_get_i64(const struct weir_json *json, const char *name, int64_t fallback)
{
	const struct weir_json *member = weir_json_get(json, name);
	int64_t value;

	return weir_json_is(member, WEIR_JSON_NUMBER) && weir_slice_to_i64(member->text, &value) ? value : fallback;
}

bool weir_json_get_bool(const struct weir_json *json, const char *name, bool fallback)
{
	const struct weir_json *member = weir_json_get(json, name);

	return weir_json_is(member, WEIR_JSON_BOOLEAN) ? member->boolean : fallback;
}

bool weir_json_is(const struct weir_json *json, enum weir_json_kind kind)
{
	return json && json->kind == kind;
}
