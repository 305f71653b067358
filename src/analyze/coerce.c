/* The common type of the items of ARRAY[…], MAP(…) and IN (…), found from left to right, and bringing the items to it
 * (semantics §3.7). Literals convert more freely than other expressions; items of nested constructors count one by one. */
#include "analyze/build.h"
#include "types/decimal.h"

static int max_int(int a, int b)
{
	return a > b ? a : b;
}

const struct weir_type *weir_type_as_decimal(struct weir_arena *arena, const struct weir_type *type)
{
	if (type->kind == WEIR_KIND_INTEGER)
		return weir_type_decimal(arena, 10, 0);
	if (type->kind == WEIR_KIND_BIGINT)
		return weir_type_decimal(arena, 19, 0);
	return type;
}

const struct weir_type *weir_widen_numeric(struct weir_arena *arena, const struct weir_type *a, const struct weir_type *b)
{
	if (!weir_type_is_numeric(a) || !weir_type_is_numeric(b))
		return NULL;
	if (a->kind == WEIR_KIND_DOUBLE || b->kind == WEIR_KIND_DOUBLE)
		return &weir_type_double;
	if (a->kind != WEIR_KIND_DECIMAL && b->kind != WEIR_KIND_DECIMAL)
		return a->kind == WEIR_KIND_BIGINT ? a : b;
	a = weir_type_as_decimal(arena, a);
	b = weir_type_as_decimal(arena, b);
	int scale = max_int(a->scale, b->scale);
	int whole = max_int(a->precision - a->scale, b->precision - b->scale);
	return weir_type_decimal(arena, whole + scale, scale);
}

static bool is_string_literal(const struct weir_expr *expr)
{
	return expr->kind == WEIR_EXPR_LITERAL && expr->type->kind == WEIR_KIND_STRING;
}

/* ---- Types of texts ---- */

/* The type that a literal of that number would have, exponents included. NULL: not a number. */
static const struct weir_type *number_text_type(struct weir_arena *arena, struct weir_slice text)
{
	__int128 unscaled;
	int64_t value;
	int scale;

	text = weir_slice_trim(text);
	if (weir_slice_to_i64(text, &value))
		return value >= INT32_MIN && value <= INT32_MAX ? &weir_type_integer : &weir_type_bigint;
	if (!weir_decimal_parse(text, &unscaled, &scale))
		return NULL;
	int digits = weir_decimal_digits(unscaled);
	if (scale < 0)
		return weir_type_decimal(arena, digits - scale, 0);
	return weir_type_decimal(arena, digits > scale ? digits : scale + 1, scale);
}

static bool is_boolean_text(struct weir_slice text)
{
	static const char *const words[] = { "true", "yes", "false", "no" };

	for (size_t i = 0; text.len && i < sizeof words / sizeof words[0]; i++)
		if (text.len <= strlen(words[i]) && weir_slice_equals_nocase(text, weir_slice_make(words[i], text.len)))
			return true;
	return false;
}

static bool bad_literal(const struct weir_expr *item, const struct weir_type *type, struct weir_err *err)
{
	weir_err_set_at(err, WEIR_E_TYPE, item->line, item->column, "The text %.*s is not a valid %s.", WEIR_SLICE_ARG(item->text),
		weir_kind_name(type->kind));
	return weir_err_advise(
		err, "All items of a list must have one type; the items before this one are %s.", weir_kind_name(type->kind));
}

/* ---- The running common type ---- */

static bool widen(
	const struct weir_builder *builder, const struct weir_expr *item, const struct weir_type **type, struct weir_err *err);

static bool no_common_type(const struct weir_expr *item, const struct weir_type *type, struct weir_err *err)
{
	struct weir_buf text;

	weir_buf_init(&text, WEIR_ERR_TEXT_BYTES / 2);
	weir_type_print(&text, type);
	weir_buf_append_text(&text, " and ");
	weir_type_print(&text, item->type);
	weir_err_set_at(err, WEIR_E_TYPE, item->line, item->column,
		"%.*s does not fit the items before it: %s have no common type.", WEIR_SLICE_ARG(item->text), weir_buf_cstr(&text));
	weir_buf_fini(&text);
	return weir_err_advise(err, "Add an explicit CAST.");
}

static bool widen_with_text(
	const struct weir_builder *builder, const struct weir_expr *item, const struct weir_type **type, struct weir_err *err)
{
	if ((*type)->kind == WEIR_KIND_BOOLEAN)
		return is_boolean_text(item->literal.cell.str) || bad_literal(item, *type, err);
	if ((*type)->kind == WEIR_KIND_BYTES)
		return true;
	const struct weir_type *number = number_text_type(builder->arena, item->literal.cell.str);
	if (!number)
		return bad_literal(item, *type, err);
	*type = weir_widen_numeric(builder->arena, *type, number);
	return true;
}

/* A stand-in for parts of an item that is no constructor: only its type counts. */
static const struct weir_expr *part_of(
	const struct weir_builder *builder, const struct weir_expr *item, const struct weir_type *type)
{
	struct weir_builder at = { builder->arena, { item->line, item->column, item->text } };

	return weir_build_node(&at, WEIR_EXPR_FIELD, type, &item, 1);
}

static bool widen_elements(
	const struct weir_builder *builder, const struct weir_expr *item, const struct weir_type **type, struct weir_err *err)
{
	const struct weir_type *element = (*type)->element, *key = (*type)->key;
	bool is_map = (*type)->kind == WEIR_KIND_MAP;

	if (item->kind != WEIR_EXPR_ARRAY && item->kind != WEIR_EXPR_MAP) {
		if (!widen(builder, part_of(builder, item, item->type->element), &element, err) ||
			(is_map && !widen(builder, part_of(builder, item, item->type->key), &key, err)))
			return false;
	}
	for (size_t i = 0; (item->kind == WEIR_EXPR_ARRAY || item->kind == WEIR_EXPR_MAP) && i < item->child_count; i++)
		if (!widen(builder, item->children[i], is_map && i % 2 == 0 ? &key : &element, err))
			return false;
	*type = is_map ? weir_type_map(builder->arena, key, element) : weir_type_array(builder->arena, element);
	return true;
}

/* The union of the fields, the later item's first. */
static bool widen_struct(
	const struct weir_builder *builder, const struct weir_expr *item, const struct weir_type **type, struct weir_err *err)
{
	size_t limit = (*type)->field_count + item->type->field_count, count = 0;
	struct weir_field *fields = WEIR_ARENA_ARRAY(builder->arena, struct weir_field, limit + 1);

	for (size_t i = 0; i < item->type->field_count; i++) {
		const struct weir_expr *part =
			item->kind == WEIR_EXPR_STRUCT ? item->children[i] : part_of(builder, item, item->type->fields[i].type);
		int known = weir_type_field_index(*type, item->type->fields[i].name);

		fields[count] = known >= 0 ? (*type)->fields[known] : item->type->fields[i];
		if (known >= 0 && !widen(builder, part, &fields[count].type, err))
			return false;
		count++;
	}
	for (size_t i = 0; i < (*type)->field_count; i++)
		if (weir_type_field_index(item->type, (*type)->fields[i].name) < 0)
			fields[count++] = (*type)->fields[i];
	*type = weir_type_struct(builder->arena, fields, count);
	return true;
}

static bool widen(
	const struct weir_builder *builder, const struct weir_expr *item, const struct weir_type **type, struct weir_err *err)
{
	if (weir_expr_is_null_literal(item))
		return true;
	if (!*type || (*type)->kind == WEIR_KIND_NULL) {
		*type = item->type;
		return true;
	}
	if (weir_type_equals(*type, item->type))
		return true;
	const struct weir_type *number = weir_widen_numeric(builder->arena, *type, item->type);
	if (number) {
		*type = number;
		return true;
	}
	bool takes_text = weir_type_is_numeric(*type) || (*type)->kind == WEIR_KIND_BOOLEAN || (*type)->kind == WEIR_KIND_BYTES;
	if (is_string_literal(item) && takes_text)
		return widen_with_text(builder, item, type, err);
	if ((*type)->kind == WEIR_KIND_STRING && item->kind == WEIR_EXPR_LITERAL)
		return true;
	if ((*type)->kind != item->type->kind)
		return no_common_type(item, *type, err);
	if ((*type)->kind == WEIR_KIND_STRUCT)
		return widen_struct(builder, item, type, err);
	if ((*type)->kind == WEIR_KIND_ARRAY || (*type)->kind == WEIR_KIND_MAP)
		return widen_elements(builder, item, type, err);
	return no_common_type(item, *type, err);
}

/* ---- Conversion ---- */

static const struct weir_expr *convert(
	const struct weir_builder *builder, const struct weir_expr *item, const struct weir_type *type);

static const struct weir_expr *rebuild(
	const struct weir_builder *builder, const struct weir_expr *item, const struct weir_type *type)
{
	struct weir_builder at = { builder->arena, { item->line, item->column, item->text } };
	const struct weir_expr **children =
		WEIR_ARENA_ARRAY(builder->arena, const struct weir_expr *, item->child_count + type->field_count + 1);

	if (item->kind != WEIR_EXPR_STRUCT) {
		for (size_t i = 0; i < item->child_count; i++)
			children[i] = convert(
				builder, item->children[i], item->kind == WEIR_EXPR_MAP && i % 2 == 0 ? type->key : type->element);
		return weir_build_node(&at, item->kind, type, children, item->child_count);
	}
	for (size_t i = 0; i < type->field_count; i++) {
		int from = weir_type_field_index(item->type, type->fields[i].name);

		children[i] = from >= 0 ? convert(builder, item->children[from], type->fields[i].type)
					: weir_build_literal(&at, type->fields[i].type, (struct weir_value){ .is_null = true });
	}
	return weir_build_node(&at, item->kind, type, children, type->field_count);
}

static const struct weir_expr *convert(
	const struct weir_builder *builder, const struct weir_expr *item, const struct weir_type *type)
{
	if (weir_type_equals(item->type, type))
		return item;
	if (item->kind == WEIR_EXPR_ARRAY || item->kind == WEIR_EXPR_MAP || item->kind == WEIR_EXPR_STRUCT)
		return rebuild(builder, item, type);
	return weir_build_cast(builder->arena, item, type, WEIR_CAST_WRITTEN);
}

bool weir_coerce_list(const struct weir_builder *builder, const struct weir_expr **items, size_t count,
	const struct weir_type **ret_type, struct weir_err *err)
{
	const struct weir_type *type = NULL;

	for (size_t i = 0; i < count; i++)
		if (!widen(builder, items[i], &type, err))
			return false;
	for (size_t i = 0; type && i < count; i++)
		items[i] = convert(builder, items[i], type);
	*ret_type = type;
	return true;
}
