/* AND, OR, NOT, IS NULL: two-valued logic with short circuit; a NULL operand is an error (semantics §3.4). */
#include "expr/node.h"

static enum weir_result fail_null_operand(struct weir_err *err, const char *operator_name)
{
	weir_err_set(err, WEIR_E_EVALUATE, "An operand of %s is NULL.", operator_name);
	return WEIR_FAILED;
}

static enum weir_result eval_and(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	for (size_t i = 0; i < node->child_count; i++) {
		enum weir_result result = weir_node_run(node->children[i], context, row, ret, err);

		if (result == WEIR_FAILED)
			return WEIR_FAILED;
		if (result == WEIR_NULL)
			return fail_null_operand(err, "AND");
		if (!ret->boolean)
			return WEIR_VALUE;
	}
	return WEIR_VALUE;
}

static enum weir_result eval_or(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	for (size_t i = 0; i < node->child_count; i++) {
		enum weir_result result = weir_node_run(node->children[i], context, row, ret, err);

		if (result == WEIR_FAILED)
			return WEIR_FAILED;
		if (result == WEIR_NULL)
			return fail_null_operand(err, "OR");
		if (ret->boolean)
			return WEIR_VALUE;
	}
	return WEIR_VALUE;
}

static enum weir_result eval_not(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	enum weir_result result = weir_node_run(node->children[0], context, row, ret, err);

	if (result == WEIR_NULL)
		return fail_null_operand(err, "NOT");
	if (result == WEIR_VALUE)
		ret->boolean = !ret->boolean;
	return result;
}

static enum weir_result eval_is_null(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	enum weir_result result = weir_node_run(node->children[0], context, row, ret, err);

	if (result == WEIR_FAILED)
		return WEIR_FAILED;
	ret->boolean = result == WEIR_NULL;
	return WEIR_VALUE;
}

static enum weir_result eval_is_not_null(const struct weir_node *node, struct weir_eval_context *context,
	const struct weir_row *row, union weir_cell *ret, struct weir_err *err)
{
	enum weir_result result = weir_node_run(node->children[0], context, row, ret, err);

	if (result == WEIR_FAILED)
		return WEIR_FAILED;
	ret->boolean = result == WEIR_VALUE;
	return WEIR_VALUE;
}

/* column OR TRUE, column AND FALSE: known without looking at the column, even when it is NULL. */
static enum weir_result eval_known(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	ret->boolean = node->expr->kind == WEIR_EXPR_OR;
	return WEIR_VALUE;
}

static bool is_known(const struct weir_node *node)
{
	bool wanted = node->expr->kind == WEIR_EXPR_OR, decided = false;

	for (size_t i = 0; i < node->child_count; i++) {
		const struct weir_expr *child = node->children[i]->expr;

		if (child->kind == WEIR_EXPR_LITERAL)
			decided = decided || (!child->literal.is_null && child->literal.cell.boolean == wanted);
		else if (child->kind != WEIR_EXPR_COLUMN)
			return false;
	}
	return decided;
}

bool weir_compile_logic(struct weir_compiler *compiler, struct weir_node *node)
{
	switch (node->expr->kind) {
	case WEIR_EXPR_AND:
		node->eval = is_known(node) ? eval_known : eval_and;
		break;
	case WEIR_EXPR_OR:
		node->eval = is_known(node) ? eval_known : eval_or;
		break;
	case WEIR_EXPR_NOT:
		node->eval = eval_not;
		break;
	case WEIR_EXPR_IS_NULL:
		node->eval = eval_is_null;
		break;
	default:
		node->eval = eval_is_not_null;
		break;
	}
	return true;
}

static enum weir_result eval_case(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	for (size_t i = 0; i + 1 < node->child_count; i += 2) {
		enum weir_result result = weir_node_run(node->children[i], context, row, ret, err);

		if (result == WEIR_FAILED)
			return WEIR_FAILED;
		if (result == WEIR_NULL)
			return fail_null_operand(err, "WHEN");
		if (ret->boolean)
			return weir_node_run(node->children[i + 1], context, row, ret, err);
	}
	if (node->child_count % 2)
		return weir_node_run(node->children[node->child_count - 1], context, row, ret, err);
	return WEIR_NULL;
}

bool weir_compile_case(struct weir_compiler *compiler, struct weir_node *node)
{
	node->eval = eval_case;
	return true;
}
