/* = <> < <= > >= IS [NOT] DISTINCT FROM. Two-valued: a NULL side makes a comparison false (semantics §3.4, §3.5). Comparisons of a
 * column with a constant, the bulk of all filters, read both without further calls. */
#include "expr/node.h"
#include "types/compare.h"

static bool holds(int op, enum weir_order order)
{
	switch (op) {
	case WEIR_COMPARE_EQ:
	case WEIR_COMPARE_NOT_DISTINCT:
		return order == WEIR_EQUAL;
	case WEIR_COMPARE_NE:
	case WEIR_COMPARE_DISTINCT:
		return order == WEIR_LESS || order == WEIR_GREATER;
	case WEIR_COMPARE_LT:
		return order == WEIR_LESS;
	case WEIR_COMPARE_LE:
		return order == WEIR_LESS || order == WEIR_EQUAL;
	case WEIR_COMPARE_GT:
		return order == WEIR_GREATER;
	default:
		return order == WEIR_GREATER || order == WEIR_EQUAL;
	}
}

static enum weir_order order_i64(int64_t a, int64_t b)
{
	return a < b ? WEIR_LESS : a > b ? WEIR_GREATER : WEIR_EQUAL;
}

/* The answer when a side is NULL. */
static bool holds_with_null(int op, bool left_is_null, bool right_is_null)
{
	if (op == WEIR_COMPARE_DISTINCT)
		return left_is_null != right_is_null;
	return op == WEIR_COMPARE_NOT_DISTINCT && left_is_null && right_is_null;
}

/* A text that is to be read as a date or time is only looked at when the other side is not NULL. */
static bool is_reading(const struct weir_node *node)
{
	return node->expr->kind == WEIR_EXPR_CAST && node->expr->op == WEIR_CAST_STRICT;
}

/* VALUE: both operands are there. NULL: *ret is the answer already. */
static enum weir_result eval_operands(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell operands[2], union weir_cell *ret, struct weir_err *err)
{
	enum weir_result left = weir_node_run(node->children[0], context, row, &operands[0], err);
	if (left == WEIR_FAILED && !is_reading(node->children[0]))
		return WEIR_FAILED;
	enum weir_result right = weir_node_run(node->children[1], context, row, &operands[1], err);
	if (right == WEIR_FAILED && !is_reading(node->children[1]))
		return WEIR_FAILED;
	if (left == WEIR_VALUE && right == WEIR_VALUE)
		return WEIR_VALUE;
	if (left != WEIR_NULL && right != WEIR_NULL)
		return WEIR_FAILED;
	ret->boolean = holds_with_null(node->op, left == WEIR_NULL, right == WEIR_NULL);
	return WEIR_NULL;
}

static enum weir_result eval_any(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	union weir_cell operands[2];
	enum weir_order order;
	enum weir_result result = eval_operands(node, context, row, operands, ret, err);

	if (result != WEIR_VALUE)
		return result == WEIR_NULL ? WEIR_VALUE : WEIR_FAILED;
	result = weir_compare(node->children[0]->expr->type, operands[0], node->children[1]->expr->type, operands[1], &order, err);
	if (result != WEIR_VALUE)
		return WEIR_FAILED;
	ret->boolean = holds(node->op, order);
	return WEIR_VALUE;
}

/* Collections of different types are never equal. */
static enum weir_result eval_unlike(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	union weir_cell operands[2];
	enum weir_result result = eval_operands(node, context, row, operands, ret, err);

	if (result == WEIR_VALUE)
		ret->boolean = node->op == WEIR_COMPARE_NE || node->op == WEIR_COMPARE_DISTINCT;
	return result == WEIR_FAILED ? WEIR_FAILED : WEIR_VALUE;
}

/* BETWEEN lets a text stand beside numbers; no pair of them compares (semantics §3.4). */
static enum weir_result eval_incomparable(const struct weir_node *node, struct weir_eval_context *context,
	const struct weir_row *row, union weir_cell *ret, struct weir_err *err)
{
	union weir_cell operands[2];

	if (eval_operands(node, context, row, operands, ret, err) == WEIR_NULL)
		return WEIR_VALUE;
	weir_err_set(err, WEIR_E_EVALUATE, "A STRING cannot be compared with a number.");
	return WEIR_FAILED;
}

static enum weir_result eval_i64(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	union weir_cell operands[2];
	enum weir_result result = eval_operands(node, context, row, operands, ret, err);

	if (result == WEIR_VALUE)
		ret->boolean = holds(node->op, order_i64(operands[0].i64, operands[1].i64));
	return result == WEIR_FAILED ? WEIR_FAILED : WEIR_VALUE;
}

static enum weir_result eval_i32(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	union weir_cell operands[2];
	enum weir_result result = eval_operands(node, context, row, operands, ret, err);

	if (result == WEIR_VALUE)
		ret->boolean = holds(node->op, order_i64(operands[0].i32, operands[1].i32));
	return result == WEIR_FAILED ? WEIR_FAILED : WEIR_VALUE;
}

static enum weir_result eval_string_equal(const struct weir_node *node, struct weir_eval_context *context,
	const struct weir_row *row, union weir_cell *ret, struct weir_err *err)
{
	union weir_cell operands[2];
	enum weir_result result = eval_operands(node, context, row, operands, ret, err);

	if (result == WEIR_VALUE)
		ret->boolean = weir_slice_equals(operands[0].str, operands[1].str) == (node->op == WEIR_COMPARE_EQ);
	return result == WEIR_FAILED ? WEIR_FAILED : WEIR_VALUE;
}

/* ---- Column against constant; node->index, node->literal ---- */

static enum weir_result eval_column_string_equal(const struct weir_node *node, struct weir_eval_context *context,
	const struct weir_row *row, union weir_cell *ret, struct weir_err *err)
{
	size_t column = (size_t)node->index;

	ret->boolean = !weir_row_is_null(row, column) &&
		       weir_slice_equals(row->cells[column].str, node->literal.str) == (node->op == WEIR_COMPARE_EQ);
	return WEIR_VALUE;
}

static enum weir_result eval_column_i64(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	size_t column = (size_t)node->index;

	ret->boolean = !weir_row_is_null(row, column) && holds(node->op, order_i64(row->cells[column].i64, node->literal.i64));
	return WEIR_VALUE;
}

static enum weir_result eval_column_i32(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	size_t column = (size_t)node->index;

	ret->boolean = !weir_row_is_null(row, column) && holds(node->op, order_i64(row->cells[column].i32, node->literal.i32));
	return WEIR_VALUE;
}

/* ---- Choice ---- */

static bool is_equality(int op)
{
	return op == WEIR_COMPARE_EQ || op == WEIR_COMPARE_NE;
}

static weir_node_eval *choose(const struct weir_node *node)
{
	const struct weir_type *left = node->children[0]->expr->type, *right = node->children[1]->expr->type;

	if (left->kind == right->kind &&
		(left->kind == WEIR_KIND_ARRAY || left->kind == WEIR_KIND_MAP || left->kind == WEIR_KIND_STRUCT))
		return weir_type_equals(left, right) ? eval_any : eval_unlike;
	if (!weir_comparable(left, right, false))
		return eval_incomparable;
	if (left->kind != right->kind)
		return eval_any;
	switch (left->kind) {
	case WEIR_KIND_BIGINT:
	case WEIR_KIND_TIMESTAMP:
		return eval_i64;
	case WEIR_KIND_INTEGER:
	case WEIR_KIND_DATE:
	case WEIR_KIND_TIME:
		return eval_i32;
	case WEIR_KIND_STRING:
		return is_equality(node->op) ? eval_string_equal : eval_any;
	default:
		return eval_any;
	}
}

static weir_node_eval *choose_for_constant(weir_node_eval *general)
{
	if (general == eval_i64)
		return eval_column_i64;
	if (general == eval_i32)
		return eval_column_i32;
	return general == eval_string_equal ? eval_column_string_equal : NULL;
}

/* INTEGER beside BIGINT: the constant is brought to the column's type where it fits. */
static bool narrow_constant(const struct weir_type *column, const struct weir_node *constant, union weir_cell *ret)
{
	enum weir_kind kind = constant->expr->type->kind;

	*ret = constant->literal;
	if (kind == column->kind)
		return true;
	if (kind == WEIR_KIND_INTEGER && column->kind == WEIR_KIND_BIGINT) {
		ret->i64 = constant->literal.i32;
		return true;
	}
	return false;
}

static void try_constant(struct weir_node *node)
{
	const struct weir_node *column = node->children[0], *constant = node->children[1];
	weir_node_eval *fast;
	union weir_cell literal;

	if (column->expr->kind != WEIR_EXPR_COLUMN || !weir_node_is_literal(constant) || constant->expr->literal.is_null)
		return;
	if (node->op >= WEIR_COMPARE_DISTINCT || !narrow_constant(column->expr->type, constant, &literal))
		return;
	fast = column->expr->type->kind == WEIR_KIND_BIGINT ? eval_column_i64 : choose_for_constant(node->eval);
	if (!fast)
		return;
	node->eval = fast;
	node->index = column->index;
	node->literal = literal;
}

bool weir_compile_compare(struct weir_compiler *compiler, struct weir_node *node)
{
	node->eval = choose(node);
	try_constant(node);
	return true;
}

/* ---- IN ---- */

static enum weir_result eval_in(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	const struct weir_type *type = node->children[0]->expr->type;
	union weir_cell value, member;
	enum weir_result result = weir_node_run(node->children[0], context, row, &value, err);

	if (result == WEIR_FAILED)
		return WEIR_FAILED;
	ret->boolean = false;
	for (size_t i = 1; result == WEIR_VALUE && i < node->child_count; i++) {
		enum weir_order order;
		enum weir_result there = weir_node_run(node->children[i], context, row, &member, err);

		if (there == WEIR_FAILED)
			return WEIR_FAILED;
		if (there == WEIR_NULL)
			continue;
		if (weir_compare(type, value, type, member, &order, err) != WEIR_VALUE)
			return WEIR_FAILED;
		ret->boolean = order == WEIR_EQUAL;
		if (ret->boolean)
			break;
	}
	return WEIR_VALUE;
}

bool weir_compile_membership(struct weir_compiler *compiler, struct weir_node *node)
{
	node->eval = eval_in;
	return true;
}
