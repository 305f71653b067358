/* Typed tree → nodes. Constants are folded on the way up; children whose errors are contained get a containing node. */
#include "expr/node.h"

#include <assert.h>

typedef bool compile_fn(struct weir_compiler *compiler, struct weir_node *node);

static compile_fn *const compilers[] = {
	[WEIR_EXPR_LITERAL] = weir_compile_leaf,
	[WEIR_EXPR_COLUMN] = weir_compile_leaf,
	[WEIR_EXPR_PSEUDO] = weir_compile_leaf,
	[WEIR_EXPR_LAMBDA_VARIABLE] = weir_compile_leaf,
	[WEIR_EXPR_FIELD] = weir_compile_access,
	[WEIR_EXPR_SUBSCRIPT] = weir_compile_access,
	[WEIR_EXPR_CALL] = weir_compile_call,
	[WEIR_EXPR_CAST] = weir_compile_cast,
	[WEIR_EXPR_ARITHMETIC] = weir_compile_arithmetic,
	[WEIR_EXPR_NEGATE] = weir_compile_arithmetic,
	[WEIR_EXPR_COMPARE] = weir_compile_compare,
	[WEIR_EXPR_AND] = weir_compile_logic,
	[WEIR_EXPR_OR] = weir_compile_logic,
	[WEIR_EXPR_NOT] = weir_compile_logic,
	[WEIR_EXPR_IS_NULL] = weir_compile_logic,
	[WEIR_EXPR_IS_NOT_NULL] = weir_compile_logic,
	[WEIR_EXPR_LIKE] = weir_compile_like,
	[WEIR_EXPR_IN] = weir_compile_membership,
	[WEIR_EXPR_CASE] = weir_compile_case,
	[WEIR_EXPR_ARRAY] = weir_compile_constructor,
	[WEIR_EXPR_MAP] = weir_compile_constructor,
	[WEIR_EXPR_STRUCT] = weir_compile_constructor,
	[WEIR_EXPR_LAMBDA] = weir_compile_lambda,
};

/* ---- Containing nodes ---- */

static enum weir_result eval_contained(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	enum weir_result result = weir_node_run(node->children[0], context, row, ret, err);

	if (result != WEIR_FAILED || context->is_predicate)
		return result;
	if (context->on_error && err)
		context->on_error(context->on_error_ctx, err);
	if (err)
		weir_err_reset(err);
	return WEIR_NULL;
}

static bool can_fail(const struct weir_expr *expr)
{
	switch (expr->kind) {
	case WEIR_EXPR_LITERAL:
	case WEIR_EXPR_COLUMN:
	case WEIR_EXPR_PSEUDO:
	case WEIR_EXPR_LAMBDA_VARIABLE:
	case WEIR_EXPR_LAMBDA:
		return false;
	default:
		return true;
	}
}

const struct weir_node *weir_node_contain(struct weir_compiler *compiler, const struct weir_node *inner)
{
	if (!can_fail(inner->expr) || inner->eval == eval_contained)
		return inner;
	struct weir_node *node = WEIR_ARENA_NEW(compiler->arena, struct weir_node);
	node->eval = eval_contained;
	node->expr = inner->expr;
	node->children = WEIR_ARENA_ARRAY(compiler->arena, const struct weir_node *, 1);
	node->children[0] = inner;
	node->child_count = 1;
	return node;
}

/* Semantics §3.3: items of constructors, and arguments that are calls or dereferences. CAST contains itself. */
static bool contains_child(const struct weir_expr *parent, const struct weir_expr *child)
{
	switch (parent->kind) {
	case WEIR_EXPR_ARRAY:
	case WEIR_EXPR_MAP:
	case WEIR_EXPR_STRUCT:
		return true;
	case WEIR_EXPR_CALL:
		return child->kind == WEIR_EXPR_CALL || child->kind == WEIR_EXPR_FIELD;
	default:
		return false;
	}
}

/* ---- Folding ---- */

static bool is_foldable(const struct weir_node *node)
{
	const struct weir_expr *expr = node->expr;

	if (!can_fail(expr) || (expr->kind == WEIR_EXPR_CALL && expr->function->is_volatile) || node->child_count == 0)
		return false;
	for (size_t i = 0; i < node->child_count; i++)
		if (!weir_node_is_literal(node->children[i]))
			return false;
	return true;
}

/* A node that always fails is left as it is: it fails for each row, and is told each time. */
static void fold(struct weir_compiler *compiler, struct weir_node *node)
{
	struct weir_eval_context context = { .arena = compiler->arena };
	struct weir_row row = { 0 };
	union weir_cell cell;
	enum weir_result result = weir_node_run(node, &context, &row, &cell, NULL);

	if (result == WEIR_FAILED)
		return;
	struct weir_expr *literal = WEIR_ARENA_NEW(compiler->arena, struct weir_expr);
	*literal = (struct weir_expr){
		.kind = WEIR_EXPR_LITERAL,
		.type = node->expr->type,
		.line = node->expr->line,
		.column = node->expr->column,
		.text = node->expr->text,
		.literal = { .cell = cell, .is_null = result == WEIR_NULL },
	};
	*node = (struct weir_node){ .expr = literal };
	weir_compile_leaf(compiler, node);
}

/* ---- The walk ---- */

struct weir_node *weir_node_new(struct weir_compiler *compiler, const struct weir_expr *expr)
{
	struct weir_node *node = WEIR_ARENA_NEW(compiler->arena, struct weir_node);

	node->expr = expr;
	node->index = expr->index;
	node->op = expr->op;
	node->child_count = expr->child_count;
	node->children = WEIR_ARENA_ARRAY(compiler->arena, const struct weir_node *, expr->child_count + 1);
	for (size_t i = 0; i < expr->child_count; i++) {
		const struct weir_node *child = weir_node_compile(compiler, expr->children[i]);

		if (!child)
			return NULL;
		node->children[i] = contains_child(expr, expr->children[i]) ? weir_node_contain(compiler, child) : child;
	}
	return node;
}

const struct weir_node *weir_node_compile(struct weir_compiler *compiler, const struct weir_expr *expr)
{
	struct weir_node *node = weir_node_new(compiler, expr);

	assert((size_t)expr->kind < sizeof compilers / sizeof compilers[0]);
	if (!node || !compilers[expr->kind](compiler, node))
		return NULL;
	if (is_foldable(node))
		fold(compiler, node);
	/* A written CAST contains its errors; one that a comparison put in does not. */
	return expr->kind == WEIR_EXPR_CAST && expr->op != WEIR_CAST_STRICT ? weir_node_contain(compiler, node) : node;
}

bool weir_evaluator_new(struct weir_arena *arena, const struct weir_expr *expr, struct weir_evaluator **ret, struct weir_err *err)
{
	struct weir_compiler compiler = { .arena = arena, .err = err };
	const struct weir_node *root = weir_node_compile(&compiler, expr);

	if (!root)
		return false;
	struct weir_evaluator *evaluator = WEIR_ARENA_NEW(arena, struct weir_evaluator);
	evaluator->root = root;
	evaluator->lambda_slot_count = compiler.lambda_slot_count;
	*ret = evaluator;
	return true;
}
