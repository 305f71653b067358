/* Parsing Avro schemas (Avro 1.11 specification) and mapping them to SQL types (formats.md §8.3). */
#include "formats/avro/schema.h"

#include "base/vec.h"

#define MAX_DEPTH 64

struct parser {
	struct weir_arena *arena;
	WEIR_VEC(struct avro_schema *) named;
	int depth;
	struct weir_err *err;
};

static const struct avro_schema *parse(struct parser *parser, const struct weir_json *json, struct weir_slice space);

static struct avro_schema *fail(struct parser *parser, const char *what, struct weir_slice name)
{
	const char *text = name.len ? name.ptr : "";

	weir_err_set(parser->err, WEIR_E_SCHEMA_INVALID, "The Avro schema is not valid: %s%s%.*s", what, name.len ? " " : "",
		(int)name.len, text);
	return NULL;
}

static struct avro_schema *make(struct parser *parser, enum avro_kind kind, size_t min_bytes)
{
	struct avro_schema *schema = WEIR_ARENA_NEW(parser->arena, struct avro_schema);

	schema->kind = kind;
	schema->min_bytes = min_bytes;
	return schema;
}

static const struct {
	const char *name;
	enum avro_kind kind;
	size_t min_bytes;
} primitives[] = { { "null", AVRO_NULL, 0 }, { "boolean", AVRO_BOOLEAN, 1 }, { "int", AVRO_INT, 1 }, { "long", AVRO_LONG, 1 },
	{ "float", AVRO_FLOAT, 4 }, { "double", AVRO_DOUBLE, 8 }, { "bytes", AVRO_BYTES, 1 }, { "string", AVRO_STRING, 1 } };

static struct weir_slice full_name(struct parser *parser, struct weir_slice name, struct weir_slice space)
{
	if (space.len == 0 || memchr(name.ptr, '.', name.len))
		return name;
	return weir_arena_printf(parser->arena, "%.*s.%.*s", WEIR_SLICE_ARG(space), WEIR_SLICE_ARG(name));
}

static struct avro_schema *find_named(struct parser *parser, struct weir_slice name)
{
	for (size_t i = 0; i < parser->named.count; i++)
		if (weir_slice_equals(parser->named.items[i]->name, name))
			return parser->named.items[i];
	return NULL;
}

static const struct avro_schema *parse_name(struct parser *parser, struct weir_slice name, struct weir_slice space)
{
	for (size_t i = 0; i < sizeof primitives / sizeof *primitives; i++)
		if (weir_slice_is(name, primitives[i].name))
			return make(parser, primitives[i].kind, primitives[i].min_bytes);
	struct avro_schema *found = find_named(parser, full_name(parser, name, space));
	if (!found)
		found = find_named(parser, name);
	if (!found)
		return fail(parser, "there is no type called", name);
	if (found->is_open)
		return fail(parser, "recursive types are not supported:", name);
	return found;
}

static struct avro_schema *make_named(
	struct parser *parser, const struct weir_json *json, enum avro_kind kind, struct weir_slice *space)
{
	struct weir_slice name = weir_json_get_text(json, "name", ""), given = weir_json_get_text(json, "namespace", "");

	if (!name.len)
		return fail(parser, "a named type lacks its name", name);
	if (weir_json_get(json, "namespace"))
		*space = given;
	struct avro_schema *schema = make(parser, kind, kind == AVRO_ENUM);
	schema->name = full_name(parser, name, *space);
	const char *dot = memrchr(schema->name.ptr, '.', schema->name.len);
	if (dot)
		*space = weir_slice_make(schema->name.ptr, (size_t)(dot - schema->name.ptr));
	if (find_named(parser, schema->name))
		return fail(parser, "two types are called", schema->name);
	WEIR_VEC_PUSH_IN(parser->arena, &parser->named, schema);
	return schema;
}

static const struct avro_schema *parse_record(struct parser *parser, const struct weir_json *json, struct weir_slice space)
{
	const struct weir_json *fields = weir_json_get(json, "fields");
	struct avro_schema *schema = make_named(parser, json, AVRO_RECORD, &space);

	if (!schema)
		return NULL;
	if (!weir_json_is(fields, WEIR_JSON_ARRAY))
		return fail(parser, "a record lacks its fields:", schema->name);
	schema->is_open = true;
	schema->fields = WEIR_ARENA_ARRAY(parser->arena, struct avro_field, fields->count);
	for (size_t i = 0; i < fields->count; i++) {
		struct avro_field *field = &schema->fields[schema->field_count++];
		const struct weir_json *type = weir_json_get(fields->items[i], "type");
		field->name = weir_json_get_text(fields->items[i], "name", "");
		field->default_value = weir_json_get(fields->items[i], "default");
		if (!field->name.len || !type)
			return fail(parser, "a field lacks its name or type in", schema->name);
		if (!(field->schema = parse(parser, type, space)))
			return NULL;
		schema->min_bytes += field->schema->min_bytes;
	}
	schema->is_open = false;
	return schema;
}

static const struct avro_schema *parse_enum(struct parser *parser, const struct weir_json *json, struct weir_slice space)
{
	const struct weir_json *symbols = weir_json_get(json, "symbols");
	struct avro_schema *schema = make_named(parser, json, AVRO_ENUM, &space);

	if (!schema)
		return NULL;
	if (!weir_json_is(symbols, WEIR_JSON_ARRAY))
		return fail(parser, "an enum lacks its symbols:", schema->name);
	schema->symbols = WEIR_ARENA_ARRAY(parser->arena, struct weir_slice, symbols->count);
	for (size_t i = 0; i < symbols->count; i++)
		schema->symbols[schema->symbol_count++] = symbols->items[i]->text;
	return schema;
}

static bool is_entry_record(const struct avro_schema *schema, bool marked)
{
	return schema->kind == AVRO_RECORD && schema->field_count == 2 && weir_slice_is(schema->fields[0].name, "key") &&
	       weir_slice_is(schema->fields[1].name, "value") &&
	       (marked || weir_slice_is(schema->name, "io.confluent.connect.avro.MapEntry"));
}

static const struct avro_schema *parse_container(
	struct parser *parser, const struct weir_json *json, enum avro_kind kind, struct weir_slice space)
{
	const struct weir_json *items = weir_json_get(json, kind == AVRO_ARRAY ? "items" : "values");
	struct avro_schema *schema = make(parser, kind, 1);

	if (!items)
		return fail(parser, kind == AVRO_ARRAY ? "an array lacks its items" : "a map lacks its values",
			(struct weir_slice){ 0 });
	if (!(schema->element = parse(parser, items, space)))
		return NULL;
	bool marked = weir_slice_is(weir_json_get_text(items, "connect.internal.type", ""), "MapEntry");
	schema->is_map_entries = kind == AVRO_ARRAY && is_entry_record(schema->element, marked);
	return schema;
}

static const struct avro_schema *parse_union(struct parser *parser, const struct weir_json *json, struct weir_slice space)
{
	struct avro_schema *schema = make(parser, AVRO_UNION, 1);

	if (json->count == 0)
		return fail(parser, "a union is empty", (struct weir_slice){ 0 });
	schema->branches = (const struct avro_schema **)WEIR_ARENA_ARRAY(parser->arena, void *, json->count);
	for (size_t i = 0; i < json->count; i++) {
		if (!(schema->branches[schema->branch_count] = parse(parser, json->items[i], space)))
			return NULL;
		schema->branch_count++;
	}
	return schema;
}

static enum avro_logical logical_of(const struct weir_json *json, enum avro_kind kind)
{
	struct weir_slice type = weir_json_get_text(json, "logicalType", ""),
			  connect = weir_json_get_text(json, "connect.name", "");

	if (kind == AVRO_INT && (weir_slice_is(type, "date") || weir_slice_is(connect, "org.apache.kafka.connect.data.Date")))
		return AVRO_DATE;
	if (kind == AVRO_INT &&
		(weir_slice_is(type, "time-millis") || weir_slice_is(connect, "org.apache.kafka.connect.data.Time")))
		return AVRO_TIME_MS;
	if (kind == AVRO_LONG &&
		(weir_slice_is(type, "timestamp-millis") || weir_slice_is(connect, "org.apache.kafka.connect.data.Timestamp")))
		return AVRO_TIMESTAMP_MS;
	if ((kind == AVRO_BYTES || kind == AVRO_FIXED) &&
		(weir_slice_is(type, "decimal") || weir_slice_is(connect, "org.apache.kafka.connect.data.Decimal")))
		return AVRO_DECIMAL;
	return AVRO_PLAIN;
}

static const struct avro_schema *with_attributes(
	struct parser *parser, const struct avro_schema *schema, const struct weir_json *json)
{
	enum avro_logical logical = schema ? logical_of(json, schema->kind) : AVRO_PLAIN;

	if (logical == AVRO_PLAIN)
		return schema;
	struct avro_schema *copy = make(parser, schema->kind, schema->min_bytes);
	*copy = *schema;
	copy->logical = logical;
	copy->precision = (int)weir_json_get_i64(json, "precision", 64);
	copy->scale = (int)weir_json_get_i64(json, "scale", 0);
	if (copy->scale < 0 || copy->scale > 1000 || copy->precision < 1 || copy->precision > 100000)
		return fail(parser, "a decimal's precision or scale is out of range", (struct weir_slice){ 0 });
	return copy;
}

static const struct avro_schema *parse_object(struct parser *parser, const struct weir_json *json, struct weir_slice space)
{
	const struct weir_json *type = weir_json_get(json, "type");

	if (!type)
		return fail(parser, "a type is missing", (struct weir_slice){ 0 });
	if (type->kind != WEIR_JSON_STRING)
		return with_attributes(parser, parse(parser, type, space), json);
	if (weir_slice_is(type->text, "record") || weir_slice_is(type->text, "error"))
		return parse_record(parser, json, space);
	if (weir_slice_is(type->text, "enum"))
		return parse_enum(parser, json, space);
	if (weir_slice_is(type->text, "array"))
		return parse_container(parser, json, AVRO_ARRAY, space);
	if (weir_slice_is(type->text, "map"))
		return parse_container(parser, json, AVRO_MAP, space);
	if (weir_slice_is(type->text, "fixed")) {
		struct avro_schema *schema = make_named(parser, json, AVRO_FIXED, &space);
		if (!schema)
			return NULL;
		int64_t size = weir_json_get_i64(json, "size", -1);
		if (size < 0 || size > (64 << 20))
			return fail(parser, "a fixed type's size is out of range:", schema->name);
		schema->size = schema->min_bytes = (size_t)size;
		return with_attributes(parser, schema, json);
	}
	return with_attributes(parser, parse_name(parser, type->text, space), json);
}

static const struct avro_schema *parse(struct parser *parser, const struct weir_json *json, struct weir_slice space)
{
	const struct avro_schema *schema;

	if (++parser->depth > MAX_DEPTH)
		return fail(parser, "the nesting is too deep", (struct weir_slice){ 0 });
	if (json->kind == WEIR_JSON_STRING)
		schema = parse_name(parser, json->text, space);
	else if (json->kind == WEIR_JSON_ARRAY)
		schema = parse_union(parser, json, space);
	else if (json->kind == WEIR_JSON_OBJECT)
		schema = parse_object(parser, json, space);
	else
		schema = fail(parser, "a type is neither a name, an object nor a list", (struct weir_slice){ 0 });
	parser->depth--;
	return schema;
}

bool avro_schema_parse(struct weir_arena *arena, struct weir_slice text, const struct avro_schema **ret, struct weir_err *err)
{
	struct parser parser = { .arena = arena, .err = err };
	struct weir_json *json;

	/* The text outlives the schema in the arena. A bare word like string is a schema too. */
	text = weir_arena_copy(arena, text);
	if (!weir_json_parse(arena, text, false, &json, err)) {
		json = WEIR_ARENA_NEW(arena, struct weir_json);
		*json = (struct weir_json){ .kind = WEIR_JSON_STRING, .text = weir_slice_trim(text) };
	}
	const struct avro_schema *schema = parse(&parser, json, (struct weir_slice){ 0 });
	if (!schema)
		return false;
	*ret = schema;
	return true;
}

const struct avro_schema *avro_schema_unwrap(const struct avro_schema *schema, int *ret_null_branch)
{
	*ret_null_branch = -1;
	if (schema->kind != AVRO_UNION)
		return schema;
	if (schema->branch_count == 1)
		return schema->branches[0];
	if (schema->branch_count != 2)
		return NULL;
	for (int i = 0; i < 2; i++) {
		if (schema->branches[i]->kind != AVRO_NULL)
			continue;
		*ret_null_branch = i;
		return schema->branches[1 - i];
	}
	return NULL;
}

struct weir_slice avro_upper(struct weir_arena *arena, struct weir_slice name)
{
	struct weir_slice copy = weir_arena_copy(arena, name);
	char *text = (char *)copy.ptr;

	for (size_t i = 0; i < copy.len; i++)
		if (text[i] >= 'a' && text[i] <= 'z')
			text[i] = (char)(text[i] - 32);
	return copy;
}

struct weir_slice avro_branch_name(const struct avro_schema *branch)
{
	static const char *const names[] = { "null", "boolean", "int", "long", "float", "double", "bytes", "string", "record",
		"enum", "array", "map", "union", "fixed" };

	if (!branch->name.len)
		return weir_slice_of(names[branch->kind]);
	const char *dot = memrchr(branch->name.ptr, '.', branch->name.len);
	size_t start = dot ? (size_t)(dot + 1 - branch->name.ptr) : 0;
	return weir_slice_make(branch->name.ptr + start, branch->name.len - start);
}

/* ---- SQL types ---- */

static const struct weir_type *fields_type(struct weir_arena *arena, const struct avro_schema *schema, bool upper)
{
	bool is_union = schema->kind == AVRO_UNION;
	size_t count = is_union ? schema->branch_count : schema->field_count, used = 0;
	struct weir_field *fields = WEIR_ARENA_ARRAY(arena, struct weir_field, count);

	for (size_t i = 0; i < count; i++) {
		const struct avro_schema *member = is_union ? schema->branches[i] : schema->fields[i].schema;
		struct weir_slice name = is_union ? avro_branch_name(member) : schema->fields[i].name;
		const struct weir_type *type = member->kind == AVRO_NULL ? NULL : avro_schema_type(arena, member, upper);
		if (type)
			fields[used++] = (struct weir_field){ .name = upper ? avro_upper(arena, name) : name, .type = type };
	}
	return used ? weir_type_struct(arena, fields, used) : NULL;
}

const struct weir_type *avro_schema_type(struct weir_arena *arena, const struct avro_schema *schema, bool upper)
{
	int null_branch;
	const struct avro_schema *inner = avro_schema_unwrap(schema, &null_branch);

	if (!inner)
		return fields_type(arena, schema, upper);
	const struct weir_type *element;
	switch (inner->kind) {
	case AVRO_BOOLEAN:
		return &weir_type_boolean;
	case AVRO_INT:
		return inner->logical == AVRO_DATE      ? &weir_type_date
		       : inner->logical == AVRO_TIME_MS ? &weir_type_time
							: &weir_type_integer;
	case AVRO_LONG:
		return inner->logical == AVRO_TIMESTAMP_MS ? &weir_type_timestamp : &weir_type_bigint;
	case AVRO_FLOAT:
	case AVRO_DOUBLE:
		return &weir_type_double;
	case AVRO_STRING:
	case AVRO_ENUM:
		return &weir_type_string;
	case AVRO_BYTES:
	case AVRO_FIXED:
		return inner->logical == AVRO_DECIMAL ? weir_type_decimal(arena, inner->precision, inner->scale) : &weir_type_bytes;
	case AVRO_ARRAY:
		if (inner->is_map_entries) {
			element = avro_schema_type(arena, inner->element->fields[1].schema, upper);
			return element ? weir_type_map(arena, &weir_type_string, element) : NULL;
		}
		element = avro_schema_type(arena, inner->element, upper);
		return element ? weir_type_array(arena, element) : NULL;
	case AVRO_MAP:
		element = avro_schema_type(arena, inner->element, upper);
		return element ? weir_type_map(arena, &weir_type_string, element) : NULL;
	case AVRO_RECORD:
		return fields_type(arena, inner, upper);
	default:
		return NULL;
	}
}
