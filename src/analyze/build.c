/* Plain nodes, logic, access and CASE. */
#include "analyze/build.h"

#include <assert.h>

struct weir_expr *weir_build_node(const struct weir_builder *builder, enum weir_expr_kind kind, const struct weir_type *type,
	const struct weir_expr *const *children, size_t count)
{
	struct weir_expr *expr = WEIR_ARENA_NEW(builder->arena, struct weir_expr);
	const struct weir_expr **copy = WEIR_ARENA_ARRAY(builder->arena, const struct weir_expr *, count + 1);

	for (size_t i = 0; i < count; i++)
		copy[i] = children[i];
	*expr = (struct weir_expr){
		.kind = kind,
		.type = type,
		.line = builder->place.line,
		.column = builder->place.column,
		.text = builder->place.text,
		.children = copy,
		.child_count = count,
	};
	return expr;
}

const struct weir_expr *weir_build_literal(
	const struct weir_builder *builder, const struct weir_type *type, struct weir_value value)
{
	struct weir_expr *expr = weir_build_node(builder, WEIR_EXPR_LITERAL, type, NULL, 0);

	expr->literal = value;
	return expr;
}

const struct weir_expr *weir_build_column(const struct weir_builder *builder, int index, const struct weir_type *type)
{
	struct weir_expr *expr = weir_build_node(builder, WEIR_EXPR_COLUMN, type, NULL, 0);

	expr->index = index;
	return expr;
}

const struct weir_expr *weir_build_cast(
	struct weir_arena *arena, const struct weir_expr *operand, const struct weir_type *type, enum weir_cast_kind kind)
{
	if (weir_type_equals(operand->type, type))
		return operand;
	struct weir_builder builder = { arena, { operand->line, operand->column, operand->text } };
	if (weir_expr_is_null_literal(operand))
		return weir_build_literal(&builder, type, (struct weir_value){ .is_null = true });
	struct weir_expr *expr = weir_build_node(&builder, WEIR_EXPR_CAST, type, &operand, 1);
	expr->op = kind;
	return expr;
}

static bool require_boolean(const struct weir_expr *operand, const char *what, struct weir_err *err)
{
	if (operand->type->kind == WEIR_KIND_BOOLEAN)
		return true;
	return weir_err_set_at(err, WEIR_E_TYPE, operand->line, operand->column, "%s needs a BOOLEAN, but %.*s is %s.", what,
		WEIR_SLICE_ARG(operand->text), weir_kind_name(operand->type->kind));
}

static size_t flattened_count(enum weir_expr_kind kind, const struct weir_expr *const *children, size_t count)
{
	size_t total = 0;

	for (size_t i = 0; i < count; i++)
		total += children[i]->kind == kind ? children[i]->child_count : 1;
	return total;
}

static const struct weir_expr **flatten(
	struct weir_arena *arena, enum weir_expr_kind kind, const struct weir_expr *const *children, size_t count)
{
	const struct weir_expr **flat =
		WEIR_ARENA_ARRAY(arena, const struct weir_expr *, flattened_count(kind, children, count) + 1);
	size_t at = 0;

	for (size_t i = 0; i < count; i++) {
		if (children[i]->kind != kind) {
			flat[at++] = children[i];
			continue;
		}
		for (size_t j = 0; j < children[i]->child_count; j++)
			flat[at++] = children[i]->children[j];
	}
	return flat;
}

bool weir_build_logic(const struct weir_builder *builder, enum weir_expr_kind kind, const struct weir_expr *const *children,
	size_t count, const struct weir_expr **ret, struct weir_err *err)
{
	const char *what = kind == WEIR_EXPR_AND ? "AND" : kind == WEIR_EXPR_OR ? "OR" : "NOT";

	for (size_t i = 0; i < count; i++)
		if (!require_boolean(children[i], what, err))
			return false;
	if (kind == WEIR_EXPR_NOT)
		*ret = weir_build_node(builder, kind, &weir_type_boolean, children, count);
	else
		*ret = weir_build_node(builder, kind, &weir_type_boolean, flatten(builder->arena, kind, children, count),
			flattened_count(kind, children, count));
	return true;
}

bool weir_build_like(const struct weir_builder *builder, const struct weir_expr *value, const struct weir_expr *pattern, int escape,
	const struct weir_expr **ret, struct weir_err *err)
{
	const struct weir_expr *children[] = { value, pattern };

	for (size_t i = 0; i < 2; i++) {
		if (weir_expr_is_null_literal(children[i]))
			children[i] = weir_build_cast(builder->arena, children[i], &weir_type_string, WEIR_CAST_STRICT);
		if (children[i]->type->kind != WEIR_KIND_STRING)
			return weir_err_set_at(err, WEIR_E_TYPE, children[i]->line, children[i]->column,
				"LIKE compares STRINGs, but %.*s is %s.", WEIR_SLICE_ARG(children[i]->text),
				weir_kind_name(children[i]->type->kind));
	}
	struct weir_expr *expr = weir_build_node(builder, WEIR_EXPR_LIKE, &weir_type_boolean, children, 2);
	expr->op = escape;
	*ret = expr;
	return true;
}

/* ---- CASE ---- */

static bool case_type(const struct weir_expr *const *children, size_t count, const struct weir_type **ret, struct weir_err *err)
{
	const struct weir_type *type = NULL;

	for (size_t i = 1; i <= count; i += 2) {
		const struct weir_expr *branch = i < count ? children[i] : children[count - 1];

		if ((i == count && count % 2 == 0) || weir_expr_is_null_literal(branch))
			continue;
		if (!type)
			type = branch->type;
		else if (!weir_type_equals(type, branch->type))
			return weir_err_set_at(err, WEIR_E_TYPE, branch->line, branch->column,
				"All results of a CASE must have the same type, but %.*s is %s where an earlier one is %s.",
				WEIR_SLICE_ARG(branch->text), weir_kind_name(branch->type->kind), weir_kind_name(type->kind));
	}
	if (!type)
		return weir_err_set_at(err, WEIR_E_TYPE, children[0]->line, children[0]->column,
			"A CASE whose results are all NULL has no type. Cast one, for example CAST(NULL AS STRING).");
	*ret = type;
	return true;
}

bool weir_build_case(const struct weir_builder *builder, const struct weir_expr *const *children, size_t count,
	const struct weir_expr **ret, struct weir_err *err)
{
	const struct weir_expr **typed = WEIR_ARENA_ARRAY(builder->arena, const struct weir_expr *, count);
	const struct weir_type *type = NULL;

	if (!case_type(children, count, &type, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		bool is_condition = i % 2 == 0 && i + 1 < count;

		if (is_condition && !require_boolean(children[i], "WHEN", err))
			return false;
		typed[i] = is_condition ? children[i] : weir_build_cast(builder->arena, children[i], type, WEIR_CAST_WRITTEN);
	}
	*ret = weir_build_node(builder, WEIR_EXPR_CASE, type, typed, count);
	return true;
}

/* ---- Access ---- */

static void list_fields(struct weir_buf *out, const struct weir_type *type)
{
	for (size_t i = 0; i < type->field_count; i++) {
		if (i)
			weir_buf_append_text(out, ", ");
		weir_buf_append_slice(out, type->fields[i].name);
	}
}

static bool unknown_field(
	const struct weir_builder *builder, const struct weir_expr *record, struct weir_slice field, struct weir_err *err)
{
	struct weir_buf names;

	weir_buf_init(&names, WEIR_ERR_TEXT_BYTES / 2);
	list_fields(&names, record->type);
	weir_err_set_at(err, WEIR_E_UNKNOWN_NAME, builder->place.line, builder->place.column,
		"%.*s has no field '%.*s'. Its fields are: %s.", WEIR_SLICE_ARG(record->text), WEIR_SLICE_ARG(field),
		weir_buf_cstr(&names));
	weir_buf_fini(&names);
	return false;
}

bool weir_build_field(const struct weir_builder *builder, const struct weir_expr *record, struct weir_slice field,
	const struct weir_expr **ret, struct weir_err *err)
{
	if (record->type->kind != WEIR_KIND_STRUCT)
		return weir_err_set_at(err, WEIR_E_TYPE, builder->place.line, builder->place.column,
			"'->' reads a field of a STRUCT, but %.*s is %s.", WEIR_SLICE_ARG(record->text),
			weir_kind_name(record->type->kind));
	int index = weir_type_field_index(record->type, field);
	if (index < 0)
		return unknown_field(builder, record, field, err);
	struct weir_expr *expr = weir_build_node(builder, WEIR_EXPR_FIELD, record->type->fields[index].type, &record, 1);
	expr->index = index;
	*ret = expr;
	return true;
}

/* INTEGER; literals of BIGINT (low 32 bits) and DOUBLE (truncated) pass too. */
static bool array_index(const struct weir_builder *builder, const struct weir_expr **index, struct weir_err *err)
{
	const struct weir_expr *given = *index;
	bool is_literal = given->kind == WEIR_EXPR_LITERAL;
	struct weir_builder at = { builder->arena, { given->line, given->column, given->text } };
	struct weir_value value = { 0 };

	if (given->type->kind == WEIR_KIND_INTEGER)
		return true;
	if (is_literal && given->type->kind == WEIR_KIND_BIGINT) {
		value.cell.i32 = (int32_t)(uint64_t)given->literal.cell.i64;
	} else if (is_literal && given->type->kind == WEIR_KIND_DOUBLE) {
		double d = given->literal.cell.f64;
		value.cell.i32 = d >= INT32_MAX ? INT32_MAX : d <= INT32_MIN ? INT32_MIN : (int32_t)d;
	} else {
		return weir_err_set_at(err, WEIR_E_TYPE, given->line, given->column,
			"The index of an ARRAY must be an INTEGER, but %.*s is %s.", WEIR_SLICE_ARG(given->text),
			weir_kind_name(given->type->kind));
	}
	*index = weir_build_literal(&at, &weir_type_integer, value);
	return true;
}

bool weir_build_subscript(const struct weir_builder *builder, const struct weir_expr *collection, const struct weir_expr *index,
	const struct weir_expr **ret, struct weir_err *err)
{
	const struct weir_expr *children[] = { collection, index };

	if (collection->type->kind == WEIR_KIND_ARRAY) {
		if (!array_index(builder, &children[1], err))
			return false;
	} else if (collection->type->kind != WEIR_KIND_MAP) {
		return weir_err_set_at(err, WEIR_E_TYPE, builder->place.line, builder->place.column,
			"'[…]' reads an item of an ARRAY or a MAP, but %.*s is %s.%s", WEIR_SLICE_ARG(collection->text),
			weir_kind_name(collection->type->kind),
			collection->type->kind == WEIR_KIND_STRUCT ? " Use -> to read a field of a STRUCT." : "");
	} else if (weir_expr_is_null_literal(index)) {
		return weir_err_set_at(
			err, WEIR_E_TYPE, index->line, index->column, "The key of a MAP look-up cannot be an untyped NULL.");
	}
	*ret = weir_build_node(builder, WEIR_EXPR_SUBSCRIPT, collection->type->element, children, 2);
	return true;
}
