/* Making, comparing and spelling types. */
#include "types/type.h"

const struct weir_type weir_type_null = { .kind = WEIR_KIND_NULL }, weir_type_boolean = { .kind = WEIR_KIND_BOOLEAN },
		       weir_type_integer = { .kind = WEIR_KIND_INTEGER }, weir_type_bigint = { .kind = WEIR_KIND_BIGINT },
		       weir_type_double = { .kind = WEIR_KIND_DOUBLE }, weir_type_string = { .kind = WEIR_KIND_STRING },
		       weir_type_bytes = { .kind = WEIR_KIND_BYTES }, weir_type_date = { .kind = WEIR_KIND_DATE },
		       weir_type_time = { .kind = WEIR_KIND_TIME }, weir_type_timestamp = { .kind = WEIR_KIND_TIMESTAMP };

static const char *const kind_names[WEIR_KIND_COUNT] = {
	[WEIR_KIND_NULL] = "NULL",
	[WEIR_KIND_BOOLEAN] = "BOOLEAN",
	[WEIR_KIND_INTEGER] = "INTEGER",
	[WEIR_KIND_BIGINT] = "BIGINT",
	[WEIR_KIND_DECIMAL] = "DECIMAL",
	[WEIR_KIND_DOUBLE] = "DOUBLE",
	[WEIR_KIND_STRING] = "STRING",
	[WEIR_KIND_BYTES] = "BYTES",
	[WEIR_KIND_DATE] = "DATE",
	[WEIR_KIND_TIME] = "TIME",
	[WEIR_KIND_TIMESTAMP] = "TIMESTAMP",
	[WEIR_KIND_ARRAY] = "ARRAY",
	[WEIR_KIND_MAP] = "MAP",
	[WEIR_KIND_STRUCT] = "STRUCT",
};

const char *weir_kind_name(enum weir_kind kind)
{
	return kind_names[kind];
}

static struct weir_type *make(struct weir_arena *arena, enum weir_kind kind)
{
	struct weir_type *type = WEIR_ARENA_NEW(arena, struct weir_type);

	type->kind = kind;
	return type;
}

const struct weir_type *weir_type_decimal(struct weir_arena *arena, int precision, int scale)
{
	struct weir_type *type = make(arena, WEIR_KIND_DECIMAL);

	type->precision = precision;
	type->scale = scale;
	return type;
}

const struct weir_type *weir_type_array(struct weir_arena *arena, const struct weir_type *element)
{
	struct weir_type *type = make(arena, WEIR_KIND_ARRAY);

	type->element = element;
	return type;
}

const struct weir_type *weir_type_map(struct weir_arena *arena, const struct weir_type *key, const struct weir_type *value)
{
	struct weir_type *type = make(arena, WEIR_KIND_MAP);

	type->key = key;
	type->element = value;
	return type;
}

const struct weir_type *weir_type_struct(struct weir_arena *arena, const struct weir_field *fields, size_t count)
{
	struct weir_type *type = make(arena, WEIR_KIND_STRUCT);

	type->fields = fields;
	type->field_count = count;
	return type;
}

const struct weir_type *weir_type_copy(struct weir_arena *arena, const struct weir_type *type)
{
	struct weir_type *copy = make(arena, type->kind);
	struct weir_field *fields = type->field_count ? WEIR_ARENA_ARRAY(arena, struct weir_field, type->field_count) : NULL;

	*copy = *type;
	if (type->key)
		copy->key = weir_type_copy(arena, type->key);
	if (type->element)
		copy->element = weir_type_copy(arena, type->element);
	for (size_t i = 0; i < type->field_count; i++)
		fields[i] = (struct weir_field){ .name = weir_arena_copy(arena, type->fields[i].name),
			.type = weir_type_copy(arena, type->fields[i].type) };
	copy->fields = fields;
	return copy;
}

static bool fields_equal(const struct weir_type *a, const struct weir_type *b)
{
	if (a->field_count != b->field_count)
		return false;
	for (size_t i = 0; i < a->field_count; i++)
		if (!weir_slice_equals(a->fields[i].name, b->fields[i].name) ||
			!weir_type_equals(a->fields[i].type, b->fields[i].type))
			return false;
	return true;
}

bool weir_type_equals(const struct weir_type *a, const struct weir_type *b)
{
	if (a == b)
		return true;
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case WEIR_KIND_DECIMAL:
		return a->precision == b->precision && a->scale == b->scale;
	case WEIR_KIND_ARRAY:
		return weir_type_equals(a->element, b->element);
	case WEIR_KIND_MAP:
		return weir_type_equals(a->key, b->key) && weir_type_equals(a->element, b->element);
	case WEIR_KIND_STRUCT:
		return fields_equal(a, b);
	default:
		return true;
	}
}

bool weir_type_is_numeric(const struct weir_type *type)
{
	return type->kind == WEIR_KIND_INTEGER || type->kind == WEIR_KIND_BIGINT || type->kind == WEIR_KIND_DECIMAL ||
	       type->kind == WEIR_KIND_DOUBLE;
}

bool weir_type_contains_map(const struct weir_type *type)
{
	if (type->kind == WEIR_KIND_MAP)
		return true;
	if (type->kind == WEIR_KIND_ARRAY)
		return weir_type_contains_map(type->element);
	for (size_t i = 0; i < type->field_count; i++)
		if (weir_type_contains_map(type->fields[i].type))
			return true;
	return false;
}

int weir_type_field_index(const struct weir_type *type, struct weir_slice name)
{
	for (size_t i = 0; i < type->field_count; i++)
		if (weir_slice_equals(type->fields[i].name, name))
			return (int)i;
	return -1;
}

static void print_quoted(struct weir_buf *out, struct weir_slice name)
{
	weir_buf_append_byte(out, '`');
	for (size_t i = 0; i < name.len; i++) {
		if (name.ptr[i] == '`')
			weir_buf_append_byte(out, '`');
		weir_buf_append_byte(out, name.ptr[i]);
	}
	weir_buf_append_byte(out, '`');
}

static void print_fields(struct weir_buf *out, const struct weir_type *type)
{
	weir_buf_append_text(out, "STRUCT<");
	for (size_t i = 0; i < type->field_count; i++) {
		if (i)
			weir_buf_append_text(out, ", ");
		print_quoted(out, type->fields[i].name);
		weir_buf_append_byte(out, ' ');
		weir_type_print(out, type->fields[i].type);
	}
	weir_buf_append_byte(out, '>');
}

void weir_type_print(struct weir_buf *out, const struct weir_type *type)
{
	switch (type->kind) {
	case WEIR_KIND_DECIMAL:
		weir_buf_printf(out, "DECIMAL(%d, %d)", type->precision, type->scale);
		break;
	case WEIR_KIND_ARRAY:
		weir_buf_append_text(out, "ARRAY<");
		weir_type_print(out, type->element);
		weir_buf_append_byte(out, '>');
		break;
	case WEIR_KIND_MAP:
		weir_buf_append_text(out, "MAP<");
		weir_type_print(out, type->key);
		weir_buf_append_text(out, ", ");
		weir_type_print(out, type->element);
		weir_buf_append_byte(out, '>');
		break;
	case WEIR_KIND_STRUCT:
		print_fields(out, type);
		break;
	default:
		weir_buf_append_text(out, weir_kind_name(type->kind));
	}
}

struct weir_slice weir_type_text(struct weir_arena *arena, const struct weir_type *type)
{
	struct weir_buf out;

	weir_buf_init(&out, WEIR_BUF_NO_LIMIT);
	weir_type_print(&out, type);
	struct weir_slice text = weir_arena_copy(arena, weir_buf_slice(&out));
	weir_buf_fini(&out);
	return text;
}
