/* + - * / % and unary minus. Operands have the type of the operation already (analysis casts them), except DECIMALs, which keep
 * their own precision. Integers wrap, integer and decimal division by zero is an error, doubles follow IEEE (semantics §3.2).
 * A NULL operand fails the whole expression; STRING + STRING spells it "null". */
#include "expr/node.h"
#include "types/decimal.h"

#include <math.h>

static enum weir_result fail_null(struct weir_err *err)
{
	weir_err_set(err, WEIR_E_EVALUATE, "An operand of arithmetic is NULL.");
	return WEIR_FAILED;
}

static enum weir_result fail_zero(struct weir_err *err)
{
	weir_err_set(err, WEIR_E_EVALUATE, "Division by zero.");
	return WEIR_FAILED;
}

static enum weir_result eval_operands(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *operands, struct weir_err *err)
{
	for (size_t i = 0; i < node->child_count; i++) {
		enum weir_result result = weir_node_run(node->children[i], context, row, &operands[i], err);

		if (result == WEIR_FAILED)
			return WEIR_FAILED;
		if (result == WEIR_NULL)
			return fail_null(err);
	}
	return WEIR_VALUE;
}

static enum weir_result eval_integer(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	union weir_cell operands[2];

	if (eval_operands(node, context, row, operands, err) != WEIR_VALUE)
		return WEIR_FAILED;
	uint32_t a = (uint32_t)operands[0].i32, b = (uint32_t)operands[1].i32;
	switch (node->op) {
	case '+':
		ret->i32 = (int32_t)(a + b);
		return WEIR_VALUE;
	case '-':
		ret->i32 = (int32_t)(a - b);
		return WEIR_VALUE;
	case '*':
		ret->i32 = (int32_t)(a * b);
		return WEIR_VALUE;
	}
	if (b == 0)
		return fail_zero(err);
	/* In 64 bits, so that INT_MIN / -1 wraps. */
	int64_t wide_a = operands[0].i32, wide_b = operands[1].i32;
	ret->i32 = (int32_t)(node->op == '/' ? wide_a / wide_b : wide_a % wide_b);
	return WEIR_VALUE;
}

static enum weir_result eval_bigint(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	union weir_cell operands[2];

	if (eval_operands(node, context, row, operands, err) != WEIR_VALUE)
		return WEIR_FAILED;
	uint64_t a = (uint64_t)operands[0].i64, b = (uint64_t)operands[1].i64;
	switch (node->op) {
	case '+':
		ret->i64 = (int64_t)(a + b);
		return WEIR_VALUE;
	case '-':
		ret->i64 = (int64_t)(a - b);
		return WEIR_VALUE;
	case '*':
		ret->i64 = (int64_t)(a * b);
		return WEIR_VALUE;
	}
	if (b == 0)
		return fail_zero(err);
	if (operands[1].i64 == -1)
		ret->i64 = node->op == '/' ? (int64_t)(0 - a) : 0;
	else
		ret->i64 = node->op == '/' ? operands[0].i64 / operands[1].i64 : operands[0].i64 % operands[1].i64;
	return WEIR_VALUE;
}

static enum weir_result eval_double(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	union weir_cell operands[2];

	if (eval_operands(node, context, row, operands, err) != WEIR_VALUE)
		return WEIR_FAILED;
	double a = operands[0].f64, b = operands[1].f64;
	switch (node->op) {
	case '+':
		ret->f64 = a + b;
		break;
	case '-':
		ret->f64 = a - b;
		break;
	case '*':
		ret->f64 = a * b;
		break;
	case '/':
		ret->f64 = a / b;
		break;
	default:
		ret->f64 = fmod(a, b);
		break;
	}
	return WEIR_VALUE;
}

static enum weir_result eval_concat(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	struct weir_slice parts[2];

	for (size_t i = 0; i < 2; i++) {
		union weir_cell cell;
		enum weir_result result = weir_node_run(node->children[i], context, row, &cell, err);

		if (result == WEIR_FAILED)
			return WEIR_FAILED;
		parts[i] = result == WEIR_NULL ? WEIR_SLICE("null") : cell.str;
	}
	size_t len = parts[0].len + parts[1].len;
	if (len > WEIR_MAX_STRING_BYTES) {
		weir_err_set(err, WEIR_E_VALUE_TOO_LARGE, "The text of a concatenation is longer than %zu bytes.",
			WEIR_MAX_STRING_BYTES);
		return WEIR_FAILED;
	}
	char *text = weir_arena_alloc(context->arena, len + 1);
	for (size_t i = 0, at = 0; i < 2; at += parts[i++].len)
		if (parts[i].len)
			memcpy(text + at, parts[i].ptr, parts[i].len);
	ret->str = weir_slice_make(text, len);
	return WEIR_VALUE;
}

static enum weir_result eval_decimal(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	union weir_cell operands[2];

	if (eval_operands(node, context, row, operands, err) != WEIR_VALUE)
		return WEIR_FAILED;
	bool ok = weir_decimal_arithmetic((char)node->op, operands[0].decimal, node->children[0]->expr->type->scale,
		operands[1].decimal, node->children[1]->expr->type->scale, node->expr->type, &ret->decimal, err);
	return ok ? WEIR_VALUE : WEIR_FAILED;
}

static enum weir_result eval_negate(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	union weir_cell operand;

	if (eval_operands(node, context, row, &operand, err) != WEIR_VALUE)
		return WEIR_FAILED;
	switch (node->expr->type->kind) {
	case WEIR_KIND_INTEGER:
		ret->i32 = (int32_t)(0 - (uint32_t)operand.i32);
		break;
	case WEIR_KIND_BIGINT:
		ret->i64 = (int64_t)(0 - (uint64_t)operand.i64);
		break;
	case WEIR_KIND_DOUBLE:
		ret->f64 = -operand.f64;
		break;
	default:
		ret->decimal = -operand.decimal;
		break;
	}
	return WEIR_VALUE;
}

bool weir_compile_arithmetic(struct weir_compiler *compiler, struct weir_node *node)
{
	static weir_node_eval *const evals[WEIR_KIND_COUNT] = {
		[WEIR_KIND_INTEGER] = eval_integer,
		[WEIR_KIND_BIGINT] = eval_bigint,
		[WEIR_KIND_DOUBLE] = eval_double,
		[WEIR_KIND_DECIMAL] = eval_decimal,
		[WEIR_KIND_STRING] = eval_concat,
	};

	node->eval = node->expr->kind == WEIR_EXPR_NEGATE ? eval_negate : evals[node->expr->type->kind];
	return node->eval != NULL || weir_err_set(compiler->err, WEIR_E_INTERNAL, "Arithmetic of a type that has none.");
}
