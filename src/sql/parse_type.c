/* Types: INT, VARCHAR(255), DECIMAL(4, 2), ARRAY<T>, MAP<K, V>, STRUCT<a T, …>, `T ARRAY`, custom names. semantics.md §1.6. */
#include "sql/parse_int.h"

static bool parse_decimal(struct weir_parser *parser, struct weir_sql_type *type)
{
	int64_t precision, scale = 0;

	type->kind = WEIR_SQL_TYPE_DECIMAL;
	struct weir_sql_place place = weir_parser_take(parser)->place;
	if (!weir_parser_expect_symbol(parser, "(") || !weir_parse_integer(parser, "the precision", &precision))
		return false;
	if (weir_parser_accept_symbol(parser, ",") && !weir_parse_integer(parser, "the scale", &scale))
		return false;
	if (precision < 1 || precision > 1000000 || scale < 0 || scale > precision) {
		weir_parser_fail_at(parser, place, "DECIMAL(%lld, %lld) is not a type", (long long)precision, (long long)scale);
		return weir_err_advise(parser->err, "The precision is at least 1, the scale between 0 and the precision.");
	}
	type->precision = (int)precision;
	type->scale = (int)scale;
	return weir_parser_expect_symbol(parser, ")");
}

static bool parse_array(struct weir_parser *parser, struct weir_sql_type *type)
{
	type->kind = WEIR_SQL_TYPE_ARRAY;
	parser->at += 2;
	return weir_parse_type(parser, &type->element) && weir_parser_expect_symbol(parser, ">");
}

static bool parse_map(struct weir_parser *parser, struct weir_sql_type *type)
{
	type->kind = WEIR_SQL_TYPE_MAP;
	parser->at += 2;
	return weir_parse_type(parser, &type->key) && weir_parser_expect_symbol(parser, ",") &&
	       weir_parse_type(parser, &type->element) && weir_parser_expect_symbol(parser, ">");
}

static bool has_field(const struct weir_sql_field *fields, size_t count, struct weir_slice name)
{
	for (size_t i = 0; i < count; i++)
		if (weir_slice_equals(fields[i].name, name))
			return true;
	return false;
}

static bool parse_struct(struct weir_parser *parser, struct weir_sql_type *type)
{
	WEIR_VEC(struct weir_sql_field) fields = { 0 };

	type->kind = WEIR_SQL_TYPE_STRUCT;
	weir_parser_take(parser);
	if (weir_parser_accept_symbol(parser, "<>"))
		return true;
	if (!weir_parser_expect_symbol(parser, "<"))
		return false;
	do {
		struct weir_sql_field field;
		if (!weir_parse_name(parser, "a field's name", &field.name, &field.place) || !weir_parse_type(parser, &field.type))
			return false;
		if (has_field(fields.items, fields.count, field.name))
			return weir_parser_fail_at(
				parser, field.place, "The STRUCT has two fields called '%.*s'", WEIR_SLICE_ARG(field.name));
		WEIR_VEC_PUSH_IN(parser->arena, &fields, field);
	} while (weir_parser_accept_symbol(parser, ","));
	type->fields = fields.items;
	type->field_count = fields.count;
	return weir_parser_expect_symbol(parser, ">");
}

static bool parse_named(struct weir_parser *parser, struct weir_sql_type *type)
{
	if (!weir_parse_name(parser, "a type", &type->name, NULL))
		return false;
	if (!weir_parser_accept_symbol(parser, "("))
		return true;
	do { /* VARCHAR(255), VARCHAR(STRING): accepted, without meaning */
		if (weir_parser_peek(parser, 0)->kind != WEIR_TOKEN_INTEGER && !weir_parser_is_word(parser, 0, "STRING"))
			return weir_parser_fail(parser, "a type's parameter");
		weir_parser_take(parser);
	} while (weir_parser_accept_symbol(parser, ","));
	return weir_parser_expect_symbol(parser, ")");
}

static bool parse_base(struct weir_parser *parser, struct weir_sql_type *type)
{
	if (weir_parser_is_word(parser, 0, "DECIMAL"))
		return parse_decimal(parser, type);
	if (weir_parser_is_word(parser, 0, "ARRAY") && weir_parser_is_symbol(parser, 1, "<"))
		return parse_array(parser, type);
	if (weir_parser_is_word(parser, 0, "MAP") && weir_parser_is_symbol(parser, 1, "<"))
		return parse_map(parser, type);
	if (weir_parser_is_word(parser, 0, "STRUCT"))
		return parse_struct(parser, type);
	return parse_named(parser, type);
}

bool weir_parse_type(struct weir_parser *parser, const struct weir_sql_type **ret)
{
	struct weir_sql_type *type = WEIR_ARENA_NEW(parser->arena, struct weir_sql_type);

	type->place = weir_parser_peek(parser, 0)->place;
	if (++parser->depth > WEIR_SQL_MAX_DEPTH)
		return weir_parser_fail_at(parser, type->place, "The type is nested more than %d levels deep", WEIR_SQL_MAX_DEPTH);
	if (!parse_base(parser, type))
		return false;
	parser->depth--;
	type->place = weir_parser_place_since(parser, type->place);
	while (weir_parser_accept(parser, "ARRAY")) { /* postfix form */
		struct weir_sql_type *array = WEIR_ARENA_NEW(parser->arena, struct weir_sql_type);
		*array = (struct weir_sql_type){ .kind = WEIR_SQL_TYPE_ARRAY, .place = type->place, .element = type };
		type = array;
	}
	*ret = type;
	return true;
}
