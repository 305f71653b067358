/* AST → typed expression, one function per kind of node. Children first; build.h checks and completes. */
#include "analyze/scope.h"

#include "sql/parser.h"

struct weir_place weir_place_of(struct weir_arena *arena, const struct weir_sql_expr *ast)
{
	struct weir_buf text;

	weir_buf_init(&text, WEIR_BUF_NO_LIMIT);
	weir_sql_print_expression(&text, ast);
	struct weir_place place = { ast->place.line, ast->place.column, weir_arena_copy(arena, weir_buf_slice(&text)) };
	weir_buf_fini(&text);
	return place;
}

bool weir_expr_is_aggregate(const struct weir_expr *expr)
{
	return expr->kind == WEIR_EXPR_COLUMN && expr->index < 0;
}

static struct weir_builder builder_at(const struct weir_expression_context *context, const struct weir_sql_expr *ast)
{
	return (struct weir_builder){ context->arena, weir_place_of(context->arena, ast) };
}

/* NULL on failure. */
static const struct weir_expr **analyze_children(
	struct weir_expression_context *context, const struct weir_sql_expr *ast, struct weir_err *err)
{
	const struct weir_expr **children = WEIR_ARENA_ARRAY(context->arena, const struct weir_expr *, ast->child_count + 1);

	for (size_t i = 0; i < ast->child_count; i++)
		if (!weir_analyze_expression(context, ast->children[i], &children[i], err))
			return NULL;
	return children;
}

/* ---- Literals ---- */

static bool analyze_integer(struct weir_expression_context *context, const struct weir_sql_expr *ast, const struct weir_expr **ret)
{
	struct weir_builder builder = builder_at(context, ast);
	struct weir_value value = { 0 };

	if (ast->is_bigint)
		value.cell.i64 = ast->integer;
	else
		value.cell.i32 = (int32_t)ast->integer;
	*ret = weir_build_literal(&builder, ast->is_bigint ? &weir_type_bigint : &weir_type_integer, value);
	return true;
}

static bool analyze_scalar_literal(
	struct weir_expression_context *context, const struct weir_sql_expr *ast, const struct weir_expr **ret)
{
	struct weir_builder builder = builder_at(context, ast);
	struct weir_value value = { .is_null = ast->kind == WEIR_SQL_NULL };
	const struct weir_type *type = &weir_type_null;

	if (ast->kind == WEIR_SQL_DOUBLE) {
		value.cell.f64 = ast->number;
		type = &weir_type_double;
	} else if (ast->kind == WEIR_SQL_STRING) {
		value.cell.str = ast->text;
		type = &weir_type_string;
	} else if (ast->kind == WEIR_SQL_BOOLEAN) {
		value.cell.boolean = ast->integer != 0;
		type = &weir_type_boolean;
	}
	*ret = weir_build_literal(&builder, type, value);
	return true;
}

/* ---- Operators ---- */

static bool is_time_column(const struct weir_sql_expr *ast)
{
	int pseudo = ast->kind == WEIR_SQL_COLUMN ? weir_pseudo_of(ast->name) : WEIR_NOT_PSEUDO;

	return pseudo == WEIR_PSEUDO_ROWTIME || pseudo == WEIR_PSEUDO_WINDOWSTART || pseudo == WEIR_PSEUDO_WINDOWEND;
}

/* children[0] is compared with the others. */
static bool rewrite_time_texts(const struct weir_expression_context *context, const struct weir_sql_expr *ast,
	const struct weir_expr **children, struct weir_err *err)
{
	if (!context->rewrites_time_texts)
		return true;
	for (size_t i = 1; i < ast->child_count; i++) {
		if (is_time_column(ast->children[0]) && !weir_rewrite_time_text(context->arena, children[0], &children[i], err))
			return false;
		if (i == 1 && is_time_column(ast->children[1]) &&
			!weir_rewrite_time_text(context->arena, children[1], &children[0], err))
			return false;
	}
	return true;
}

static const enum weir_compare_op compare_ops[] = {
	[WEIR_SQL_EQ] = WEIR_COMPARE_EQ,
	[WEIR_SQL_NE] = WEIR_COMPARE_NE,
	[WEIR_SQL_LT] = WEIR_COMPARE_LT,
	[WEIR_SQL_LE] = WEIR_COMPARE_LE,
	[WEIR_SQL_GT] = WEIR_COMPARE_GT,
	[WEIR_SQL_GE] = WEIR_COMPARE_GE,
	[WEIR_SQL_DISTINCT] = WEIR_COMPARE_DISTINCT,
	[WEIR_SQL_NOT_DISTINCT] = WEIR_COMPARE_NOT_DISTINCT,
};

static bool negate_if(const struct weir_builder *builder, bool negated, const struct weir_expr **ret)
{
	if (negated)
		*ret = weir_build_node(builder, WEIR_EXPR_NOT, &weir_type_boolean, ret, 1);
	return true;
}

/* The code point of ESCAPE's character (the parser has seen that it is one, of the basic plane); 0: none. */
static int like_escape(struct weir_slice text)
{
	unsigned char first = text.len ? (unsigned char)text.ptr[0] : 0;

	if (text.len == 2)
		return (first & 0x1F) << 6 | (text.ptr[1] & 0x3F);
	if (text.len == 3)
		return (first & 0x0F) << 12 | (text.ptr[1] & 0x3F) << 6 | (text.ptr[2] & 0x3F);
	return first;
}

static bool analyze_like(struct weir_expression_context *context, const struct weir_sql_expr *ast,
	const struct weir_builder *builder, const struct weir_expr **ret, struct weir_err *err)
{
	const struct weir_expr *value, *pattern;

	return weir_analyze_expression(context, ast->children[0], &value, err) &&
	       weir_analyze_expression(context, ast->children[1], &pattern, err) &&
	       weir_build_like(builder, value, pattern, like_escape(ast->text), ret, err) && negate_if(builder, ast->negated, ret);
}

static bool analyze_operator(struct weir_expression_context *context, const struct weir_sql_expr *ast, const struct weir_expr **ret,
	struct weir_err *err)
{
	const struct weir_expr **children = analyze_children(context, ast, err);
	struct weir_builder builder = builder_at(context, ast);

	if (!children)
		return false;
	switch (ast->kind) {
	case WEIR_SQL_ARITHMETIC:
		return weir_build_arithmetic(&builder, ast->op, children[0], children[1], ret, err);
	case WEIR_SQL_NEGATE:
		return weir_build_negate(&builder, children[0], ret, err);
	case WEIR_SQL_COMPARE:
		return rewrite_time_texts(context, ast, children, err) &&
		       weir_build_compare(&builder, compare_ops[ast->compare], children[0], children[1], ret, err);
	case WEIR_SQL_BETWEEN:
		return rewrite_time_texts(context, ast, children, err) &&
		       weir_build_between(&builder, children[0], children[1], children[2], ret, err) &&
		       negate_if(&builder, ast->negated, ret);
	case WEIR_SQL_IN:
		return weir_build_in(&builder, children[0], children + 1, ast->child_count - 1, ret, err) &&
		       negate_if(&builder, ast->negated, ret);
	case WEIR_SQL_IS_NULL:
		*ret = weir_build_node(
			&builder, ast->negated ? WEIR_EXPR_IS_NOT_NULL : WEIR_EXPR_IS_NULL, &weir_type_boolean, children, 1);
		return true;
	case WEIR_SQL_NOT:
		return weir_build_logic(&builder, WEIR_EXPR_NOT, children, 1, ret, err);
	default:
		return weir_build_logic(
			&builder, ast->kind == WEIR_SQL_AND ? WEIR_EXPR_AND : WEIR_EXPR_OR, children, ast->child_count, ret, err);
	}
}

/* ---- Access, constructors, CASE, CAST ---- */

static bool analyze_compound(struct weir_expression_context *context, const struct weir_sql_expr *ast, const struct weir_expr **ret,
	struct weir_err *err)
{
	const struct weir_expr **children = analyze_children(context, ast, err);
	struct weir_builder builder = builder_at(context, ast);
	const struct weir_type *type;

	if (!children)
		return false;
	switch (ast->kind) {
	case WEIR_SQL_FIELD:
		return weir_build_field(&builder, children[0], ast->name, ret, err);
	case WEIR_SQL_SUBSCRIPT:
		return weir_build_subscript(&builder, children[0], children[1], ret, err);
	case WEIR_SQL_ARRAY:
		return weir_build_array(&builder, children, ast->child_count, ret, err);
	case WEIR_SQL_MAP:
		return weir_build_map(&builder, children, ast->child_count, ret, err);
	case WEIR_SQL_STRUCT:
		return weir_build_struct(&builder, ast->names, children, ast->child_count, ret, err);
	case WEIR_SQL_CAST:
		return weir_analyze_type(context->env, context->arena, ast->type, &type, err) &&
		       weir_build_explicit_cast(&builder, children[0], type, ret, err);
	default:
		return weir_build_case(&builder, children, ast->child_count, ret, err);
	}
}

static bool not_supported(const struct weir_sql_expr *ast, const char *what, struct weir_err *err)
{
	return weir_err_set_at(err, WEIR_E_NOT_SUPPORTED, ast->place.line, ast->place.column, "%s is not supported yet.", what);
}

static bool analyze_case(struct weir_expression_context *context, const struct weir_sql_expr *ast, const struct weir_expr **ret,
	struct weir_err *err)
{
	struct weir_expression_context inner = *context;

	inner.inside_case = true;
	if (!ast->has_operand)
		return analyze_compound(&inner, ast, ret, err);
	weir_err_set_at(
		err, WEIR_E_NOT_SUPPORTED, ast->place.line, ast->place.column, "The form CASE value WHEN … is not supported.");
	return weir_err_advise(err, "Write CASE WHEN value = … THEN … END.");
}

bool weir_analyze_expression(struct weir_expression_context *context, const struct weir_sql_expr *ast, const struct weir_expr **ret,
	struct weir_err *err)
{
	switch (ast->kind) {
	case WEIR_SQL_INTEGER:
		return analyze_integer(context, ast, ret);
	case WEIR_SQL_DECIMAL:
		return weir_analyze_decimal_literal(context, ast, ret, err);
	case WEIR_SQL_DOUBLE:
	case WEIR_SQL_STRING:
	case WEIR_SQL_BOOLEAN:
	case WEIR_SQL_NULL:
		return analyze_scalar_literal(context, ast, ret);
	case WEIR_SQL_COLUMN:
		return weir_resolve_column(context, ast, ret, err);
	case WEIR_SQL_CALL:
		return weir_analyze_call(context, ast, ret, err);
	case WEIR_SQL_FIELD:
	case WEIR_SQL_SUBSCRIPT:
	case WEIR_SQL_ARRAY:
	case WEIR_SQL_MAP:
	case WEIR_SQL_STRUCT:
	case WEIR_SQL_CAST:
		return analyze_compound(context, ast, ret, err);
	case WEIR_SQL_CASE:
		return analyze_case(context, ast, ret, err);
	case WEIR_SQL_LIKE: {
		struct weir_builder builder = builder_at(context, ast);

		return analyze_like(context, ast, &builder, ret, err);
	}
	case WEIR_SQL_AT_TIME_ZONE:
		return not_supported(ast, "AT TIME ZONE", err);
	case WEIR_SQL_UNIT:
	case WEIR_SQL_LAMBDA:
		return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, ast->place.line, ast->place.column,
			"%s may only be an argument of a function.", ast->kind == WEIR_SQL_UNIT ? "A time unit" : "A lambda");
	default:
		return analyze_operator(context, ast, ret, err);
	}
}
