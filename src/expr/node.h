/* Inside expr/: the compiled form. Each node is a function pointer with the little it needs, so that evaluating is one indirect
 * call a node and nothing is decided twice.
 *
 * Holds: nodes are immutable after compilation and live in the evaluator's arena; a node whose errors must be contained
 * (semantics §3.3) stands under a containing node made by weir_node_contain().
 */
#pragma once

#include "expr/evaluator.h"

struct weir_node;

typedef enum weir_result weir_node_eval(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err);

struct weir_node {
	weir_node_eval *eval;
	const struct weir_expr *expr;
	const struct weir_node **children;
	size_t child_count;
	int index; /* column, field, lambda slot */
	int op;
	union weir_cell literal;
	void *extra; /* per kind */
};

struct weir_evaluator {
	const struct weir_node *root;
	size_t lambda_slot_count;
};

/* Compilation of one tree. */
struct weir_compiler {
	struct weir_arena *arena;
	size_t lambda_slot_count;
	struct weir_err *err;
};

static inline enum weir_result weir_node_run(const struct weir_node *node, struct weir_eval_context *context,
	const struct weir_row *row, union weir_cell *ret, struct weir_err *err)
{
	return node->eval(node, context, row, ret, err);
}

/* NULL on failure, with the compiler's err set. */
const struct weir_node *weir_node_compile(struct weir_compiler *compiler, const struct weir_expr *expr);
/* A node with its children compiled; eval still to be set. NULL on failure. */
struct weir_node *weir_node_new(struct weir_compiler *compiler, const struct weir_expr *expr);
const struct weir_node *weir_node_contain(struct weir_compiler *compiler, const struct weir_node *node);
static inline bool weir_node_is_literal(const struct weir_node *node)
{
	return node->expr->kind == WEIR_EXPR_LITERAL;
}

/* One per kind of expression: sets node->eval (children are compiled already). false: err set. */
bool weir_compile_leaf(struct weir_compiler *compiler, struct weir_node *node);
bool weir_compile_access(struct weir_compiler *compiler, struct weir_node *node);
bool weir_compile_logic(struct weir_compiler *compiler, struct weir_node *node);
bool weir_compile_case(struct weir_compiler *compiler, struct weir_node *node);
bool weir_compile_compare(struct weir_compiler *compiler, struct weir_node *node);
bool weir_compile_membership(struct weir_compiler *compiler, struct weir_node *node);
bool weir_compile_like(struct weir_compiler *compiler, struct weir_node *node);
bool weir_compile_arithmetic(struct weir_compiler *compiler, struct weir_node *node);
bool weir_compile_cast(struct weir_compiler *compiler, struct weir_node *node);
bool weir_compile_constructor(struct weir_compiler *compiler, struct weir_node *node);
bool weir_compile_call(struct weir_compiler *compiler, struct weir_node *node);
bool weir_compile_lambda(struct weir_compiler *compiler, struct weir_node *node);
