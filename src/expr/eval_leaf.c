/* Literals, columns and the fields of a row's header. */
#include "expr/node.h"

static enum weir_result eval_literal(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	*ret = node->literal;
	return WEIR_VALUE;
}

static enum weir_result eval_null(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	return WEIR_NULL;
}

static enum weir_result eval_column(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	if (weir_row_is_null(row, (size_t)node->index))
		return WEIR_NULL;
	*ret = row->cells[node->index];
	return WEIR_VALUE;
}

static enum weir_result eval_rowtime(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	ret->i64 = row->timestamp_ms;
	return WEIR_VALUE;
}

static enum weir_result eval_rowpartition(const struct weir_node *node, struct weir_eval_context *context,
	const struct weir_row *row, union weir_cell *ret, struct weir_err *err)
{
	ret->i32 = row->partition;
	return WEIR_VALUE;
}

static enum weir_result eval_rowoffset(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	ret->i64 = row->offset;
	return WEIR_VALUE;
}

static enum weir_result eval_windowstart(const struct weir_node *node, struct weir_eval_context *context,
	const struct weir_row *row, union weir_cell *ret, struct weir_err *err)
{
	if (!row->has_window)
		return WEIR_NULL;
	ret->i64 = row->window.start_ms;
	return WEIR_VALUE;
}

static enum weir_result eval_windowend(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	if (!row->has_window)
		return WEIR_NULL;
	ret->i64 = row->window.end_ms;
	return WEIR_VALUE;
}

static enum weir_result eval_variable(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	const struct weir_value *slot = &context->lambda_slots[node->index];

	if (slot->is_null)
		return WEIR_NULL;
	*ret = slot->cell;
	return WEIR_VALUE;
}

static weir_node_eval *const pseudo_evals[] = {
	[WEIR_PSEUDO_ROWTIME] = eval_rowtime,
	[WEIR_PSEUDO_ROWPARTITION] = eval_rowpartition,
	[WEIR_PSEUDO_ROWOFFSET] = eval_rowoffset,
	[WEIR_PSEUDO_WINDOWSTART] = eval_windowstart,
	[WEIR_PSEUDO_WINDOWEND] = eval_windowend,
};

bool weir_compile_leaf(struct weir_compiler *compiler, struct weir_node *node)
{
	const struct weir_expr *expr = node->expr;

	switch (expr->kind) {
	case WEIR_EXPR_LITERAL:
		node->literal = expr->literal.cell;
		node->eval = expr->literal.is_null ? eval_null : eval_literal;
		break;
	case WEIR_EXPR_COLUMN:
		node->eval = eval_column;
		break;
	case WEIR_EXPR_PSEUDO:
		node->eval = pseudo_evals[expr->pseudo];
		break;
	default:
		if ((size_t)expr->index + 1 > compiler->lambda_slot_count)
			compiler->lambda_slot_count = (size_t)expr->index + 1;
		node->eval = eval_variable;
		break;
	}
	return true;
}
