/* Moving expressions into a plan: into its memory, and onto the rows that its nodes have. */
#include "expr/expr.h"
#include "types/pack.h"

#include <assert.h>

static const struct weir_type *copy_type(struct weir_arena *arena, const struct weir_type *type)
{
	return type ? weir_type_copy(arena, type) : NULL;
}

static const struct weir_type *const *copy_types(struct weir_arena *arena, const struct weir_type *const *types, size_t count)
{
	const struct weir_type **copy = WEIR_ARENA_ARRAY(arena, const struct weir_type *, count + 1);

	for (size_t i = 0; i < count; i++)
		copy[i] = copy_type(arena, types[i]);
	return copy;
}

static size_t lambda_param_count(const struct weir_expr *call, size_t i)
{
	return call->children[i]->kind == WEIR_EXPR_LAMBDA ? (size_t)call->children[i]->op : 0;
}

static const struct weir_binding *copy_binding(struct weir_arena *arena, const struct weir_expr *call)
{
	const struct weir_binding *from = call->binding;
	struct weir_binding *copy = WEIR_ARENA_NEW(arena, struct weir_binding);
	size_t count = call->child_count;

	copy->overload = from->overload;
	copy->return_type = copy_type(arena, from->return_type);
	copy->arg_types = (const struct weir_type **)copy_types(arena, from->arg_types, count);
	copy->lambda_param_types = WEIR_ARENA_ARRAY(arena, const struct weir_type *const *, count + 1);
	for (size_t i = 0; from->lambda_param_types && i < count; i++)
		if (from->lambda_param_types[i])
			copy->lambda_param_types[i] = copy_types(arena, from->lambda_param_types[i], lambda_param_count(call, i));
	return copy;
}

static int move_column(int index, int shift, const int *map)
{
	index += shift;
	assert(index >= 0);
	if (map)
		index = map[index];
	assert(index >= 0); /* the plan forgot to carry a column */
	return index;
}

const struct weir_expr *weir_expr_copy(struct weir_arena *arena, const struct weir_expr *expr, int shift, const int *map)
{
	struct weir_expr *copy = WEIR_ARENA_NEW(arena, struct weir_expr);
	const struct weir_expr **children = WEIR_ARENA_ARRAY(arena, const struct weir_expr *, expr->child_count + 1);

	*copy = *expr;
	copy->type = copy_type(arena, expr->type);
	copy->text = weir_arena_copy(arena, expr->text);
	copy->children = children;
	for (size_t i = 0; i < expr->child_count; i++)
		children[i] = weir_expr_copy(arena, expr->children[i], shift, map);
	if (expr->kind == WEIR_EXPR_COLUMN)
		copy->index = move_column(expr->index, shift, map);
	if (expr->kind == WEIR_EXPR_LITERAL && !expr->literal.is_null)
		copy->literal.cell = weir_cell_copy(arena, copy->type, expr->literal.cell);
	if (expr->kind == WEIR_EXPR_CALL)
		copy->binding = copy_binding(arena, expr);
	return copy;
}
