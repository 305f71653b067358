/* Reading Avro schemas, with every rule of the specification that a registry must not let pass. */
#include "base/vec.h"
#include "registry/avro_schema.h"

#include <stdarg.h>
#include <stdio.h>

struct parser {
	struct weir_arena *arena;
	struct weir_map *names;
	struct weir_err *err;
	struct weir_slice space; /* enclosing namespace */
	int depth;
};

static const struct weir_avro_schema *parse_schema(struct parser *parser, const struct weir_json *json);

static const char *const kind_names[] = {
	[AVRO_NULL] = "null",
	[AVRO_BOOLEAN] = "boolean",
	[AVRO_INT] = "int",
	[AVRO_LONG] = "long",
	[AVRO_FLOAT] = "float",
	[AVRO_DOUBLE] = "double",
	[AVRO_BYTES] = "bytes",
	[AVRO_STRING] = "string",
	[AVRO_RECORD] = "record",
	[AVRO_ENUM] = "enum",
	[AVRO_ARRAY] = "array",
	[AVRO_MAP] = "map",
	[AVRO_FIXED] = "fixed",
	[AVRO_UNION] = "union",
};

const char *weir_avro_kind_name(enum weir_avro_kind kind)
{
	return kind_names[kind];
}

bool weir_avro_kind_is_primitive(enum weir_avro_kind kind)
{
	return kind <= AVRO_STRING;
}

/* NULL, so that `return invalid(…)` reads well. */
__attribute__((format(printf, 2, 3))) static void *invalid(struct parser *parser, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	weir_err_set(parser->err, WEIR_E_SCHEMA_INVALID, "the Avro schema is not valid: %s", text);
	return NULL;
}

static bool is_name(struct weir_slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
		if (!is_letter && !(i > 0 && c >= '0' && c <= '9'))
			return false;
	}
	return text.len > 0;
}

static bool is_dotted_name(struct weir_slice text)
{
	while (text.len) {
		const char *dot = memchr(text.ptr, '.', text.len);
		size_t len = dot ? (size_t)(dot - text.ptr) : text.len;
		if (!is_name(weir_slice_make(text.ptr, len)))
			return false;
		if (!dot)
			return true;
		text = weir_slice_make(dot + 1, text.len - len - 1);
	}
	return false;
}

static struct weir_slice join(struct weir_arena *arena, struct weir_slice space, struct weir_slice name)
{
	if (space.len == 0)
		return name;
	return weir_arena_printf(arena, "%.*s.%.*s", WEIR_SLICE_ARG(space), WEIR_SLICE_ARG(name));
}

/* Splits at the last dot; a name without dots takes `space`. */
static void split_name(struct weir_slice text, struct weir_slice *space, struct weir_slice *ret_name)
{
	const char *dot = text.len ? memrchr(text.ptr, '.', text.len) : NULL;

	*ret_name = text;
	if (!dot)
		return;
	*space = weir_slice_make(text.ptr, (size_t)(dot - text.ptr));
	*ret_name = weir_slice_make(dot + 1, text.len - space->len - 1);
}

static bool read_names(struct parser *parser, const struct weir_json *list, struct weir_slice space, const struct weir_slice **ret,
	size_t *ret_count)
{
	if (!list)
		return true;
	if (!weir_json_is(list, WEIR_JSON_ARRAY))
		return invalid(parser, "\"aliases\" is not a list");
	struct weir_slice *names = WEIR_ARENA_ARRAY(parser->arena, struct weir_slice, list->count + 1);
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i]->kind != WEIR_JSON_STRING)
			return invalid(parser, "an alias is not a string");
		struct weir_slice name, own_space = space;
		split_name(list->items[i]->text, &own_space, &name);
		names[i] = join(parser->arena, own_space, name);
	}
	*ret = names;
	*ret_count = list->count;
	return true;
}

static bool read_name(struct parser *parser, const struct weir_json *json, struct weir_avro_schema *schema)
{
	struct weir_slice text = weir_json_get_text(json, "name", "");
	const struct weir_json *space = weir_json_get(json, "namespace");

	schema->space = space && space->kind == WEIR_JSON_STRING ? space->text : parser->space;
	split_name(text, &schema->space, &schema->name);
	if (!is_name(schema->name))
		return invalid(parser, "\"%.*s\" is not a name for a %s", WEIR_SLICE_ARG(text), kind_names[schema->kind]);
	if (schema->space.len && !is_dotted_name(schema->space))
		return invalid(parser, "\"%.*s\" is not a namespace", WEIR_SLICE_ARG(schema->space));
	schema->full_name = join(parser->arena, schema->space, schema->name);
	if (weir_map_get(parser->names, schema->full_name))
		return invalid(parser, "\"%.*s\" is defined twice", WEIR_SLICE_ARG(schema->full_name));
	weir_map_put(parser->names, schema->full_name, schema);
	return read_names(parser, weir_json_get(json, "aliases"), schema->space, &schema->aliases, &schema->alias_count);
}

static bool parse_field(struct parser *parser, const struct weir_json *json, struct weir_avro_field *field)
{
	*field = (struct weir_avro_field){ .source = json, .name = weir_json_get_text(json, "name", "") };
	if (!is_name(field->name))
		return invalid(parser, "\"%.*s\" is not a name for a field", WEIR_SLICE_ARG(field->name));
	const struct weir_json *type = weir_json_get(json, "type");
	if (!type)
		return invalid(parser, "field \"%.*s\" has no type", WEIR_SLICE_ARG(field->name));
	field->type = parse_schema(parser, type);
	if (!field->type)
		return false;
	field->default_value = weir_json_get(json, "default");
	return read_names(parser, weir_json_get(json, "aliases"), (struct weir_slice){ 0 }, &field->aliases, &field->alias_count);
}

static bool has_twice(const struct weir_avro_schema *schema, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (weir_slice_equals(schema->fields[i].name, schema->fields[at].name))
			return true;
	return false;
}

static bool parse_fields(struct parser *parser, const struct weir_json *list, struct weir_avro_schema *record)
{
	if (!weir_json_is(list, WEIR_JSON_ARRAY))
		return invalid(parser, "record \"%.*s\" has no list of fields", WEIR_SLICE_ARG(record->name));
	record->fields = WEIR_ARENA_ARRAY(parser->arena, struct weir_avro_field, list->count + 1);
	for (size_t i = 0; i < list->count; i++) {
		if (!parse_field(parser, list->items[i], &record->fields[i]))
			return false;
		if (has_twice(record, i))
			return invalid(parser, "record \"%.*s\" has two fields \"%.*s\"", WEIR_SLICE_ARG(record->name),
				WEIR_SLICE_ARG(record->fields[i].name));
	}
	record->count = list->count;
	return true;
}

static bool check_defaults(struct parser *parser, const struct weir_avro_schema *record)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct weir_avro_field *field = &record->fields[i];
		if (field->default_value && !weir_avro_is_default(field->type, field->default_value))
			return invalid(parser, "the default of field \"%.*s\" does not fit its type", WEIR_SLICE_ARG(field->name));
	}
	return true;
}

static bool parse_record(struct parser *parser, const struct weir_json *json, struct weir_avro_schema *record)
{
	struct weir_slice outer = parser->space;

	if (!read_name(parser, json, record))
		return false;
	parser->space = record->space;
	bool ok = parse_fields(parser, weir_json_get(json, "fields"), record) && check_defaults(parser, record);
	parser->space = outer;
	return ok;
}

static bool has_symbol(const struct weir_slice *symbols, size_t count, struct weir_slice symbol)
{
	for (size_t i = 0; i < count; i++)
		if (weir_slice_equals(symbols[i], symbol))
			return true;
	return false;
}

static bool parse_enum(struct parser *parser, const struct weir_json *json, struct weir_avro_schema *schema)
{
	const struct weir_json *list = weir_json_get(json, "symbols");

	if (!read_name(parser, json, schema))
		return false;
	if (!weir_json_is(list, WEIR_JSON_ARRAY))
		return invalid(parser, "enum \"%.*s\" has no list of symbols", WEIR_SLICE_ARG(schema->name));
	struct weir_slice *symbols = WEIR_ARENA_ARRAY(parser->arena, struct weir_slice, list->count + 1);
	for (size_t i = 0; i < list->count; i++) {
		symbols[i] = list->items[i]->text;
		if (list->items[i]->kind != WEIR_JSON_STRING || !is_name(symbols[i]) || has_symbol(symbols, i, symbols[i]))
			return invalid(
				parser, "enum \"%.*s\" has a symbol that is no name, or one twice", WEIR_SLICE_ARG(schema->name));
	}
	schema->symbols = symbols;
	schema->count = list->count;
	schema->enum_default = weir_json_get(json, "default");
	if (schema->enum_default && !has_symbol(symbols, list->count, schema->enum_default->text))
		return invalid(parser, "the default of enum \"%.*s\" is none of its symbols", WEIR_SLICE_ARG(schema->name));
	return true;
}

static bool parse_fixed(struct parser *parser, const struct weir_json *json, struct weir_avro_schema *schema)
{
	if (!read_name(parser, json, schema))
		return false;
	schema->size = weir_json_get_i64(json, "size", -1);
	return schema->size >= 0 || invalid(parser, "fixed \"%.*s\" has no size", WEIR_SLICE_ARG(schema->name));
}

static bool parse_container(struct parser *parser, const struct weir_json *json, struct weir_avro_schema *schema)
{
	const char *member = schema->kind == AVRO_ARRAY ? "items" : "values";
	const struct weir_json *element = weir_json_get(json, member);

	if (!element)
		return invalid(parser, "the %s has no \"%s\"", kind_names[schema->kind], member);
	schema->branches = WEIR_ARENA_ARRAY(parser->arena, const struct weir_avro_schema *, 1);
	schema->count = 1;
	schema->branches[0] = parse_schema(parser, element);
	return schema->branches[0] != NULL;
}

static bool is_same_branch(const struct weir_avro_schema *a, const struct weir_avro_schema *b)
{
	return a->kind == b->kind && weir_slice_equals(a->full_name, b->full_name);
}

static struct weir_avro_schema *new_schema(struct parser *parser, enum weir_avro_kind kind, const struct weir_json *source)
{
	struct weir_avro_schema *schema = WEIR_ARENA_NEW(parser->arena, struct weir_avro_schema);

	schema->kind = kind;
	schema->source = source;
	return schema;
}

static const struct weir_avro_schema *parse_union(struct parser *parser, const struct weir_json *json)
{
	struct weir_avro_schema *schema = new_schema(parser, AVRO_UNION, NULL);

	schema->branches = WEIR_ARENA_ARRAY(parser->arena, const struct weir_avro_schema *, json->count + 1);
	for (size_t i = 0; i < json->count; i++) {
		const struct weir_avro_schema *branch = parse_schema(parser, json->items[i]);
		if (!branch)
			return NULL;
		if (branch->kind == AVRO_UNION)
			return invalid(parser, "a union stands directly in a union");
		for (size_t j = 0; j < i; j++)
			if (is_same_branch(schema->branches[j], branch))
				return invalid(parser, "a union holds %s twice", kind_names[branch->kind]);
		schema->branches[i] = branch;
	}
	schema->count = json->count;
	return schema;
}

static bool find_kind(struct weir_slice name, enum weir_avro_kind *ret_kind)
{
	for (int kind = AVRO_NULL; kind < AVRO_UNION; kind++)
		if (weir_slice_is(name, kind_names[kind])) {
			*ret_kind = (enum weir_avro_kind)kind;
			return true;
		}
	if (weir_slice_is(name, "error")) {
		*ret_kind = AVRO_RECORD;
		return true;
	}
	return false;
}

static const struct weir_avro_schema *find_named(struct parser *parser, struct weir_slice text)
{
	struct weir_slice space = parser->space, name;

	split_name(text, &space, &name);
	const struct weir_avro_schema *found = weir_map_get(parser->names, join(parser->arena, space, name));
	if (!found)
		found = weir_map_get(parser->names, text);
	return found ? found : invalid(parser, "there is no type \"%.*s\"", WEIR_SLICE_ARG(text));
}

static const struct weir_avro_schema *parse_object(struct parser *parser, const struct weir_json *json)
{
	const struct weir_json *type = weir_json_get(json, "type");
	enum weir_avro_kind kind;

	if (!type)
		return invalid(parser, "a schema has no \"type\"");
	if (type->kind != WEIR_JSON_STRING)
		return parse_schema(parser, type);
	if (!find_kind(type->text, &kind))
		return find_named(parser, type->text);
	struct weir_avro_schema *schema = new_schema(parser, kind, json);
	bool ok = true;
	if (kind == AVRO_RECORD)
		ok = parse_record(parser, json, schema);
	else if (kind == AVRO_ENUM)
		ok = parse_enum(parser, json, schema);
	else if (kind == AVRO_FIXED)
		ok = parse_fixed(parser, json, schema);
	else if (kind == AVRO_ARRAY || kind == AVRO_MAP)
		ok = parse_container(parser, json, schema);
	return ok ? schema : NULL;
}

static const struct weir_avro_schema *parse_name(struct parser *parser, struct weir_slice name)
{
	enum weir_avro_kind kind;

	if (find_kind(name, &kind) && weir_avro_kind_is_primitive(kind))
		return new_schema(parser, kind, NULL);
	return find_named(parser, name);
}

static const struct weir_avro_schema *parse_schema(struct parser *parser, const struct weir_json *json)
{
	const struct weir_avro_schema *schema;

	if (parser->depth == WEIR_AVRO_MAX_DEPTH)
		return invalid(parser, "it is nested more than %d deep", WEIR_AVRO_MAX_DEPTH);
	parser->depth++;
	if (json->kind == WEIR_JSON_STRING)
		schema = parse_name(parser, json->text);
	else if (json->kind == WEIR_JSON_ARRAY)
		schema = parse_union(parser, json);
	else if (json->kind == WEIR_JSON_OBJECT)
		schema = parse_object(parser, json);
	else
		schema = invalid(parser, "a type is neither a name, an object nor a list");
	parser->depth--;
	return schema;
}

bool weir_avro_parse(struct weir_arena *arena, struct weir_slice text, struct weir_map *names,
	const struct weir_avro_schema **ret_schema, struct weir_err *err)
{
	struct parser parser = { .arena = arena, .names = names, .err = err };
	struct weir_json *json;
	struct weir_err json_err;

	/* a bare name may come without quotes */
	if (is_dotted_name(text)) {
		const struct weir_avro_schema *schema = parse_name(&parser, text);
		if (schema)
			*ret_schema = schema;
		return schema != NULL;
	}
	if (!weir_json_parse(arena, text, false, &json, &json_err))
		return weir_err_set(err, WEIR_E_SCHEMA_INVALID, "the Avro schema is not valid JSON: %s", json_err.text);
	const struct weir_avro_schema *schema = parse_schema(&parser, json);
	if (schema)
		*ret_schema = schema;
	return schema != NULL;
}
