/* Writing Avro schemas: the canonical text by which the registry knows a schema again; and what a default value may be.
 *
 * Holds: the order is that of the Java library's printer, so that both sides' texts are equal: type, name, namespace, doc, fields
 * (symbols, size, items, values), default, other properties as they stand, aliases. A type is written out at its first place and
 * by name afterwards; names of the enclosing namespace are short.
 */
#include "registry/avro_schema.h"

#include <string.h>

struct writer {
	struct weir_buf *out;
	struct weir_map written; /* full names */
};

static void write_schema(struct writer *writer, const struct weir_avro_schema *schema, struct weir_slice space);

static void append_items(struct weir_buf *out, const struct weir_json *json)
{
	weir_buf_append_byte(out, '[');
	for (size_t i = 0; i < json->count; i++) {
		if (i)
			weir_buf_append_byte(out, ',');
		weir_json_append_compact(out, json->items[i]);
	}
	weir_buf_append_byte(out, ']');
}

static void append_members(struct weir_buf *out, const struct weir_json *json)
{
	weir_buf_append_byte(out, '{');
	for (size_t i = 0; i < json->count; i++) {
		if (i)
			weir_buf_append_byte(out, ',');
		weir_json_append_string(out, json->members[i].name, false);
		weir_buf_append_byte(out, ':');
		weir_json_append_compact(out, json->members[i].value);
	}
	weir_buf_append_byte(out, '}');
}

void weir_json_append_compact(struct weir_buf *out, const struct weir_json *json)
{
	switch (json->kind) {
	case WEIR_JSON_NULL:
		weir_buf_append_text(out, "null");
		break;
	case WEIR_JSON_BOOLEAN:
		weir_buf_append_text(out, json->boolean ? "true" : "false");
		break;
	case WEIR_JSON_NUMBER:
		weir_buf_append_slice(out, json->text);
		break;
	case WEIR_JSON_STRING:
		weir_json_append_string(out, json->text, false);
		break;
	case WEIR_JSON_ARRAY:
		append_items(out, json);
		break;
	case WEIR_JSON_OBJECT:
		append_members(out, json);
		break;
	}
}

static void write_key(struct writer *writer, const char *key)
{
	weir_buf_append_byte(writer->out, ',');
	weir_json_append_string(writer->out, weir_slice_of(key), false);
	weir_buf_append_byte(writer->out, ':');
}

static void write_text(struct writer *writer, const char *key, struct weir_slice text)
{
	write_key(writer, key);
	weir_json_append_string(writer->out, text, false);
}

static void write_member(struct writer *writer, const struct weir_json *source, const char *key)
{
	const struct weir_json *value = weir_json_get(source, key);

	if (!value)
		return;
	write_key(writer, key);
	weir_json_append_compact(writer->out, value);
}

static bool is_listed(const char *const *list, struct weir_slice name)
{
	for (; *list; list++)
		if (weir_slice_is(name, *list))
			return true;
	return false;
}

/* Members that the schema language does not know. */
static void write_properties(struct writer *writer, const struct weir_json *source, const char *const *known)
{
	for (size_t i = 0; source && i < source->count; i++) {
		struct weir_json_member *member = &source->members[i];
		if (is_listed(known, member->name))
			continue;
		weir_buf_append_byte(writer->out, ',');
		weir_json_append_string(writer->out, member->name, false);
		weir_buf_append_byte(writer->out, ':');
		weir_json_append_compact(writer->out, member->value);
	}
}

static const char *const schema_words[] = { "type", "name", "namespace", "doc", "fields", "symbols", "size", "items", "values",
	"aliases", "default", NULL };
static const char *const container_words[] = { "type", "items", "values", NULL };
static const char *const primitive_words[] = { "type", NULL };
static const char *const field_words[] = { "name", "type", "doc", "default", "order", "aliases", NULL };

/* Without the namespace where it is the enclosing one. */
static struct weir_slice shorten(struct weir_slice full_name, struct weir_slice space)
{
	bool is_inside = full_name.len > space.len + 1 && full_name.ptr[space.len] == '.' &&
			 weir_slice_starts_with(full_name, space) &&
			 !memchr(full_name.ptr + space.len + 1, '.', full_name.len - space.len - 1);

	return is_inside && space.len ? weir_slice_make(full_name.ptr + space.len + 1, full_name.len - space.len - 1) : full_name;
}

static void write_aliases(struct writer *writer, const struct weir_slice *aliases, size_t count, struct weir_slice space)
{
	if (count == 0)
		return;
	write_key(writer, "aliases");
	for (size_t i = 0; i < count; i++) {
		weir_buf_append_byte(writer->out, i ? ',' : '[');
		weir_json_append_string(writer->out, shorten(aliases[i], space), false);
	}
	weir_buf_append_byte(writer->out, ']');
}

static void write_field(struct writer *writer, const struct weir_avro_field *field, struct weir_slice space)
{
	weir_buf_append_text(writer->out, "{\"name\":");
	weir_json_append_string(writer->out, field->name, false);
	write_key(writer, "type");
	write_schema(writer, field->type, space);
	write_member(writer, field->source, "doc");
	write_member(writer, field->source, "default");
	if (!weir_slice_is(weir_json_get_text(field->source, "order", "ascending"), "ascending"))
		write_member(writer, field->source, "order");
	write_aliases(writer, field->aliases, field->alias_count, (struct weir_slice){ 0 });
	write_properties(writer, field->source, field_words);
	weir_buf_append_byte(writer->out, '}');
}

static void write_fields(struct writer *writer, const struct weir_avro_schema *record)
{
	write_key(writer, "fields");
	weir_buf_append_byte(writer->out, '[');
	for (size_t i = 0; i < record->count; i++) {
		if (i)
			weir_buf_append_byte(writer->out, ',');
		write_field(writer, &record->fields[i], record->space);
	}
	weir_buf_append_byte(writer->out, ']');
}

static void write_named(struct writer *writer, const struct weir_avro_schema *schema, struct weir_slice space)
{
	if (weir_map_get(&writer->written, schema->full_name)) {
		weir_json_append_string(writer->out, shorten(schema->full_name, space), false);
		return;
	}
	weir_map_put(&writer->written, schema->full_name, (void *)schema);
	weir_buf_append_text(writer->out, "{\"type\":");
	weir_json_append_string(writer->out, weir_json_get_text(schema->source, "type", ""), false);
	write_text(writer, "name", schema->name);
	if (!weir_slice_equals(schema->space, space))
		write_text(writer, "namespace", schema->space);
	write_member(writer, schema->source, "doc");
	if (schema->kind == AVRO_RECORD)
		write_fields(writer, schema);
	else if (schema->kind == AVRO_ENUM)
		write_member(writer, schema->source, "symbols"), write_member(writer, schema->source, "default");
	else
		write_member(writer, schema->source, "size");
	write_properties(writer, schema->source, schema_words);
	write_aliases(writer, schema->aliases, schema->alias_count, schema->space);
	weir_buf_append_byte(writer->out, '}');
}

static void write_container(struct writer *writer, const struct weir_avro_schema *schema, struct weir_slice space)
{
	weir_buf_printf(writer->out, "{\"type\":\"%s\"", weir_avro_kind_name(schema->kind));
	write_key(writer, schema->kind == AVRO_ARRAY ? "items" : "values");
	write_schema(writer, schema->branches[0], space);
	write_properties(writer, schema->source, container_words);
	weir_buf_append_byte(writer->out, '}');
}

static void write_union(struct writer *writer, const struct weir_avro_schema *schema, struct weir_slice space)
{
	weir_buf_append_byte(writer->out, '[');
	for (size_t i = 0; i < schema->count; i++) {
		if (i)
			weir_buf_append_byte(writer->out, ',');
		write_schema(writer, schema->branches[i], space);
	}
	weir_buf_append_byte(writer->out, ']');
}

static void write_primitive(struct writer *writer, const struct weir_avro_schema *schema)
{
	bool is_bare = !schema->source || schema->source->count == 1;

	weir_buf_printf(writer->out, is_bare ? "\"%s\"" : "{\"type\":\"%s\"", weir_avro_kind_name(schema->kind));
	if (is_bare)
		return;
	write_properties(writer, schema->source, primitive_words);
	weir_buf_append_byte(writer->out, '}');
}

static void write_schema(struct writer *writer, const struct weir_avro_schema *schema, struct weir_slice space)
{
	switch (schema->kind) {
	case AVRO_RECORD:
	case AVRO_ENUM:
	case AVRO_FIXED:
		write_named(writer, schema, space);
		break;
	case AVRO_ARRAY:
	case AVRO_MAP:
		write_container(writer, schema, space);
		break;
	case AVRO_UNION:
		write_union(writer, schema, space);
		break;
	default:
		write_primitive(writer, schema);
	}
}

void weir_avro_write_canonical(const struct weir_avro_schema *schema, struct weir_buf *out)
{
	struct writer writer = { .out = out };

	weir_map_init(&writer.written);
	write_schema(&writer, schema, (struct weir_slice){ 0 });
	weir_map_fini(&writer.written);
}

static bool is_whole_number(const struct weir_json *value, int64_t low, int64_t high)
{
	int64_t number;

	return value->kind == WEIR_JSON_NUMBER && weir_slice_to_i64(value->text, &number) && number >= low && number <= high;
}

static bool is_record_default(const struct weir_avro_schema *record, const struct weir_json *value)
{
	if (value->kind != WEIR_JSON_OBJECT)
		return false;
	for (size_t i = 0; i < record->count; i++) {
		const struct weir_json *member = NULL;
		for (size_t j = 0; j < value->count; j++)
			if (weir_slice_equals(value->members[j].name, record->fields[i].name))
				member = value->members[j].value;
		if (member ? !weir_avro_is_default(record->fields[i].type, member) : !record->fields[i].default_value)
			return false; /* a default that steps in was checked with its own field */
	}
	return true;
}

static bool are_element_defaults(const struct weir_avro_schema *schema, const struct weir_json *value)
{
	bool is_map = schema->kind == AVRO_MAP;

	if (value->kind != (is_map ? WEIR_JSON_OBJECT : WEIR_JSON_ARRAY))
		return false;
	for (size_t i = 0; i < value->count; i++)
		if (!weir_avro_is_default(schema->branches[0], is_map ? value->members[i].value : value->items[i]))
			return false;
	return true;
}

bool weir_avro_is_default(const struct weir_avro_schema *schema, const struct weir_json *value)
{
	switch (schema->kind) {
	case AVRO_NULL:
		return value->kind == WEIR_JSON_NULL;
	case AVRO_BOOLEAN:
		return value->kind == WEIR_JSON_BOOLEAN;
	case AVRO_INT:
		return is_whole_number(value, INT32_MIN, INT32_MAX);
	case AVRO_LONG:
		return is_whole_number(value, INT64_MIN, INT64_MAX);
	case AVRO_FLOAT:
	case AVRO_DOUBLE:
		return value->kind == WEIR_JSON_NUMBER;
	case AVRO_BYTES:
	case AVRO_STRING:
	case AVRO_FIXED:
	case AVRO_ENUM:
		return value->kind == WEIR_JSON_STRING;
	case AVRO_RECORD:
		return is_record_default(schema, value);
	case AVRO_ARRAY:
	case AVRO_MAP:
		return are_element_defaults(schema, value);
	case AVRO_UNION:
		for (size_t i = 0; i < schema->count; i++) /* the specification says the first; its library takes any */
			if (weir_avro_is_default(schema->branches[i], value))
				return true;
		return false;
	}
	return false;
}
