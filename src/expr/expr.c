/* Comparing and walking expression trees. */
#include "expr/expr.h"

static bool literals_equal(const struct weir_expr *a, const struct weir_expr *b)
{
	/* Canonical text tells literals apart; it spells the type (1, 1.0, '1'). */
	return a->literal.is_null == b->literal.is_null && weir_slice_equals(a->text, b->text);
}

static bool shapes_equal(const struct weir_expr *a, const struct weir_expr *b)
{
	if (a->kind != b->kind || a->index != b->index || a->op != b->op || a->child_count != b->child_count)
		return false;
	switch (a->kind) {
	case WEIR_EXPR_LITERAL:
		return literals_equal(a, b);
	case WEIR_EXPR_PSEUDO:
		return a->pseudo == b->pseudo;
	case WEIR_EXPR_CALL:
		return a->function == b->function;
	default:
		return true;
	}
}

bool weir_expr_equals(const struct weir_expr *a, const struct weir_expr *b)
{
	if (!shapes_equal(a, b) || (a->type && b->type && !weir_type_equals(a->type, b->type)))
		return false;
	for (size_t i = 0; i < a->child_count; i++)
		if (!weir_expr_equals(a->children[i], b->children[i]))
			return false;
	return true;
}

void weir_expr_collect_columns(const struct weir_expr *expr, bool *used)
{
	if (expr->kind == WEIR_EXPR_COLUMN)
		used[expr->index] = true;
	for (size_t i = 0; i < expr->child_count; i++)
		weir_expr_collect_columns(expr->children[i], used);
}

bool weir_expr_reads_only_keys(const struct weir_expr *expr, size_t key_count)
{
	if (expr->kind == WEIR_EXPR_PSEUDO)
		return false;
	if (expr->kind == WEIR_EXPR_COLUMN && (size_t)expr->index >= key_count)
		return false;
	for (size_t i = 0; i < expr->child_count; i++)
		if (!weir_expr_reads_only_keys(expr->children[i], key_count))
			return false;
	return true;
}

void weir_expr_print(struct weir_buf *out, const struct weir_expr *expr)
{
	if (expr->text.len) {
		weir_buf_append_slice(out, expr->text);
	} else if (expr->kind == WEIR_EXPR_COLUMN) {
		weir_buf_printf(out, "#%d", expr->index);
	} else {
		for (size_t i = 0; i < expr->child_count; i++) {
			if (i)
				weir_buf_append_text(out, ", ");
			weir_expr_print(out, expr->children[i]);
		}
	}
}
