/* Arithmetic and comparisons: which operands go together, and the type of the result (semantics §3.2, §3.4, §3.5). */
#include "analyze/build.h"

static int max_int(int a, int b)
{
	return a > b ? a : b;
}

static int min_int(int a, int b)
{
	return a < b ? a : b;
}

/* ---- Arithmetic ---- */

static bool bad_arithmetic(const struct weir_builder *builder, char op, const struct weir_expr *left, const struct weir_expr *right,
	struct weir_err *err)
{
	struct weir_slice left_type = weir_type_text(builder->arena, left->type);
	struct weir_slice right_type = weir_type_text(builder->arena, right->type);

	return weir_err_set_at(err, WEIR_E_TYPE, builder->place.line, builder->place.column,
		"'%c' cannot be applied to %.*s (%.*s) and %.*s (%.*s).", op, WEIR_SLICE_ARG(left->text), WEIR_SLICE_ARG(left_type),
		WEIR_SLICE_ARG(right->text), WEIR_SLICE_ARG(right_type));
}

static const struct weir_type *decimal_result(
	struct weir_arena *arena, char op, const struct weir_type *a, const struct weir_type *b)
{
	int precision, scale;

	switch (op) {
	case '*':
		scale = a->scale + b->scale;
		precision = a->precision + b->precision + 1;
		break;
	case '/':
		scale = max_int(6, a->scale + b->precision + 1);
		precision = a->precision - a->scale + b->scale + scale;
		break;
	case '%':
		scale = max_int(a->scale, b->scale);
		precision = min_int(a->precision - a->scale, b->precision - b->scale) + scale;
		break;
	default:
		scale = max_int(a->scale, b->scale);
		precision = max_int(a->precision - a->scale, b->precision - b->scale) + scale + 1;
		break;
	}
	return weir_type_decimal(arena, precision, scale);
}

bool weir_build_arithmetic(const struct weir_builder *builder, char op, const struct weir_expr *left, const struct weir_expr *right,
	const struct weir_expr **ret, struct weir_err *err)
{
	const struct weir_expr *operands[] = { left, right };
	bool both_strings = left->type->kind == WEIR_KIND_STRING && right->type->kind == WEIR_KIND_STRING;
	const struct weir_type *type = weir_widen_numeric(builder->arena, left->type, right->type);

	if (both_strings && op == '+')
		type = &weir_type_string;
	if (!type)
		return bad_arithmetic(builder, op, left, right, err);
	for (size_t i = 0; i < 2 && !both_strings; i++) {
		const struct weir_type *wanted =
			type->kind == WEIR_KIND_DECIMAL ? weir_type_as_decimal(builder->arena, operands[i]->type) : type;

		operands[i] = weir_build_cast(builder->arena, operands[i], wanted, WEIR_CAST_STRICT);
	}
	if (type->kind == WEIR_KIND_DECIMAL)
		type = decimal_result(builder->arena, op, operands[0]->type, operands[1]->type);
	struct weir_expr *expr = weir_build_node(builder, WEIR_EXPR_ARITHMETIC, type, operands, 2);
	expr->op = op;
	*ret = expr;
	return true;
}

bool weir_build_negate(
	const struct weir_builder *builder, const struct weir_expr *operand, const struct weir_expr **ret, struct weir_err *err)
{
	if (!weir_type_is_numeric(operand->type))
		return weir_err_set_at(err, WEIR_E_TYPE, builder->place.line, builder->place.column,
			"A sign needs a number, but %.*s is %s.", WEIR_SLICE_ARG(operand->text),
			weir_kind_name(operand->type->kind));
	*ret = weir_build_node(builder, WEIR_EXPR_NEGATE, operand->type, &operand, 1);
	return true;
}

/* ---- Comparison ---- */

static const char *const operator_texts[] = {
	[WEIR_COMPARE_EQ] = "=",
	[WEIR_COMPARE_NE] = "<>",
	[WEIR_COMPARE_LT] = "<",
	[WEIR_COMPARE_LE] = "<=",
	[WEIR_COMPARE_GT] = ">",
	[WEIR_COMPARE_GE] = ">=",
	[WEIR_COMPARE_DISTINCT] = "IS DISTINCT FROM",
	[WEIR_COMPARE_NOT_DISTINCT] = "IS NOT DISTINCT FROM",
};

static bool bad_comparison(const struct weir_builder *builder, enum weir_compare_op op, const struct weir_expr *left,
	const struct weir_expr *right, struct weir_err *err)
{
	struct weir_slice left_type = weir_type_text(builder->arena, left->type);
	struct weir_slice right_type = weir_type_text(builder->arena, right->type);

	weir_err_set_at(err, WEIR_E_TYPE, builder->place.line, builder->place.column,
		"%.*s (%.*s) cannot be compared with %.*s (%.*s) by '%s'.", WEIR_SLICE_ARG(left->text), WEIR_SLICE_ARG(left_type),
		WEIR_SLICE_ARG(right->text), WEIR_SLICE_ARG(right_type), operator_texts[op]);
	return weir_err_advise(err, "Cast one side to the type of the other.");
}

static bool is_date_like(enum weir_kind kind)
{
	return kind == WEIR_KIND_DATE || kind == WEIR_KIND_TIMESTAMP;
}

static bool is_time_like(enum weir_kind kind)
{
	return is_date_like(kind) || kind == WEIR_KIND_TIME;
}

static bool only_equality(enum weir_kind kind)
{
	return kind == WEIR_KIND_BOOLEAN || kind == WEIR_KIND_ARRAY || kind == WEIR_KIND_MAP || kind == WEIR_KIND_STRUCT;
}

static bool is_equality(enum weir_compare_op op)
{
	return op == WEIR_COMPARE_EQ || op == WEIR_COMPARE_NE || op >= WEIR_COMPARE_DISTINCT;
}

/* Brings dates, times and texts to one type; false when the kinds do not go together. */
static bool align(struct weir_arena *arena, const struct weir_expr **left, const struct weir_expr **right)
{
	enum weir_kind a = (*left)->type->kind, b = (*right)->type->kind;

	if (a == b || (weir_type_is_numeric((*left)->type) && weir_type_is_numeric((*right)->type)))
		return true;
	if (is_date_like(a) && is_date_like(b)) {
		*left = weir_build_cast(arena, *left, &weir_type_timestamp, WEIR_CAST_STRICT);
		*right = weir_build_cast(arena, *right, &weir_type_timestamp, WEIR_CAST_STRICT);
		return true;
	}
	if (is_time_like(a) && b == WEIR_KIND_STRING) {
		*right = weir_build_cast(arena, *right, (*left)->type, WEIR_CAST_STRICT);
		return true;
	}
	if (a == WEIR_KIND_STRING && is_time_like(b)) {
		*left = weir_build_cast(arena, *left, (*right)->type, WEIR_CAST_STRICT);
		return true;
	}
	return false;
}

static bool null_comparison(const struct weir_builder *builder, struct weir_err *err)
{
	weir_err_set_at(err, WEIR_E_TYPE, builder->place.line, builder->place.column, "A comparison with NULL is never true: %.*s.",
		WEIR_SLICE_ARG(builder->place.text));
	return weir_err_advise(err, "Use IS NULL or IS NOT NULL.");
}

bool weir_build_compare(const struct weir_builder *builder, enum weir_compare_op op, const struct weir_expr *left,
	const struct weir_expr *right, const struct weir_expr **ret, struct weir_err *err)
{
	const struct weir_expr *operands[] = { left, right };

	if (weir_expr_is_null_literal(left) || weir_expr_is_null_literal(right))
		return null_comparison(builder, err);
	if (!align(builder->arena, &operands[0], &operands[1]) || (only_equality(left->type->kind) && !is_equality(op)))
		return bad_comparison(builder, op, left, right, err);
	struct weir_expr *expr = weir_build_node(builder, WEIR_EXPR_COMPARE, &weir_type_boolean, operands, 2);
	expr->op = op;
	*ret = expr;
	return true;
}

/* ---- BETWEEN ---- */

/* One end of a BETWEEN. Laxer than a comparison: DECIMAL reads texts for each row, and a STRING may stand beside numbers, with
 * which it never compares. */
static bool build_bound(const struct weir_builder *builder, enum weir_compare_op op, const struct weir_expr *value,
	const struct weir_expr *bound, const struct weir_expr **ret, struct weir_err *err)
{
	const struct weir_expr *operands[] = { value, bound };

	if (value->type->kind == WEIR_KIND_DECIMAL && bound->type->kind == WEIR_KIND_STRING)
		bound = weir_build_cast(builder->arena, bound, weir_type_decimal(builder->arena, 38, 18), WEIR_CAST_STRICT);
	if (value->type->kind != WEIR_KIND_STRING || !weir_type_is_numeric(bound->type))
		return weir_build_compare(builder, op, value, bound, ret, err);
	struct weir_expr *expr = weir_build_node(builder, WEIR_EXPR_COMPARE, &weir_type_boolean, operands, 2);
	expr->op = op;
	*ret = expr;
	return true;
}

bool weir_build_between(const struct weir_builder *builder, const struct weir_expr *value, const struct weir_expr *low,
	const struct weir_expr *high, const struct weir_expr **ret, struct weir_err *err)
{
	const struct weir_expr *bounds[2];

	if (!build_bound(builder, WEIR_COMPARE_GE, value, low, &bounds[0], err) ||
		!build_bound(builder, WEIR_COMPARE_LE, value, high, &bounds[1], err))
		return false;
	*ret = weir_build_node(builder, WEIR_EXPR_AND, &weir_type_boolean, bounds, 2);
	return true;
}
