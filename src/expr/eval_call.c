/* Calls of scalar functions, and lambdas handed to them. Nested arguments contain their errors (compile.c puts the containing
 * nodes); NULL rules of the overload are applied here, so that functions need not. */
#include "expr/node.h"

#include <assert.h>

#define INLINE_ARGS 8

struct call_site {
	const struct weir_overload *overload;
	const struct weir_type *const *arg_types;
	const struct weir_type *return_type;
	const char *name;
	bool *arg_is_primitive;
	bool *arg_is_lambda;
	bool has_lambda;
	void *prepared;
};

struct bound_lambda {
	struct weir_lambda lambda; /* first */
	const struct weir_node *node;
	struct weir_eval_context *context;
	const struct weir_row *row;
};

static enum weir_result call_lambda(
	const struct weir_lambda *self, const struct weir_value *args, size_t count, union weir_cell *ret, struct weir_err *err)
{
	const struct bound_lambda *bound = (const struct bound_lambda *)self;

	assert(count == self->param_count);
	for (size_t i = 0; i < count; i++)
		bound->context->lambda_slots[(size_t)bound->node->index + i] = args[i];
	return weir_node_run(bound->node->children[0], bound->context, bound->row, ret, err);
}

static enum weir_result eval_args(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *args, bool *is_null, struct weir_err *err)
{
	const struct call_site *site = node->extra;
	bool any_null = false;

	for (size_t i = 0; i < node->child_count; i++) {
		is_null[i] = false;
		if (site->arg_is_lambda[i])
			continue;
		enum weir_result result = weir_node_run(node->children[i], context, row, &args[i], err);
		if (result == WEIR_FAILED)
			return WEIR_FAILED;
		if (result == WEIR_VALUE)
			continue;
		if (site->arg_is_primitive[i]) {
			weir_err_set(err, WEIR_E_EVALUATE, "Argument %zu of %s is NULL.", i + 1, site->name);
			return WEIR_FAILED;
		}
		is_null[i] = any_null = true;
	}
	return any_null && site->overload->nulls == WEIR_NULL_IF_ANY_NULL ? WEIR_NULL : WEIR_VALUE;
}

static const struct weir_lambda *const *bind_lambdas(
	const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row)
{
	const struct call_site *site = node->extra;
	const struct weir_lambda **lambdas = WEIR_ARENA_ARRAY(context->arena, const struct weir_lambda *, node->child_count);

	for (size_t i = 0; i < node->child_count; i++) {
		if (!site->arg_is_lambda[i])
			continue;
		struct bound_lambda *bound = WEIR_ARENA_NEW(context->arena, struct bound_lambda);
		*bound = (struct bound_lambda){
			.lambda = { .call = call_lambda,
				.param_count = (size_t)node->children[i]->op,
				.result_type = node->children[i]->children[0]->expr->type },
			.node = node->children[i],
			.context = context,
			.row = row,
		};
		lambdas[i] = &bound->lambda;
	}
	return lambdas;
}

static enum weir_result eval_call_with(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *args, bool *is_null, union weir_cell *ret, struct weir_err *err)
{
	const struct call_site *site = node->extra;
	enum weir_result result = eval_args(node, context, row, args, is_null, err);

	if (result != WEIR_VALUE)
		return result;
	struct weir_call call = {
		.args = args,
		.arg_is_null = is_null,
		.arg_types = site->arg_types,
		.arg_count = node->child_count,
		.lambdas = site->has_lambda ? bind_lambdas(node, context, row) : NULL,
		.return_type = site->return_type,
		.arena = context->arena,
		.clock = context->clock,
		.prepared = site->prepared,
	};
	return site->overload->eval(&call, ret, err);
}

static enum weir_result eval_call(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	union weir_cell args[INLINE_ARGS];
	bool is_null[INLINE_ARGS];

	return eval_call_with(node, context, row, args, is_null, ret, err);
}

static enum weir_result eval_wide_call(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	union weir_cell *args = WEIR_ARENA_ARRAY(context->arena, union weir_cell, node->child_count);
	bool *is_null = WEIR_ARENA_ARRAY(context->arena, bool, node->child_count);

	return eval_call_with(node, context, row, args, is_null, ret, err);
}

/* functions.md §1.6: a call whose only argument is an untyped NULL; a parameter of any type takes it as an ordinary one. */
static enum weir_result eval_bare_null(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	weir_err_set(err, WEIR_E_EVALUATE, "The only argument of %s is NULL.", ((struct call_site *)node->extra)->name);
	return WEIR_FAILED;
}

/* A unit of time (DAYS) where something else is wanted: accepted by resolution, refused by each row. */
static enum weir_result eval_misplaced_unit(const struct weir_node *node, struct weir_eval_context *context,
	const struct weir_row *row, union weir_cell *ret, struct weir_err *err)
{
	weir_err_set(err, WEIR_E_EVALUATE, "%s does not take a unit of time there.", ((struct call_site *)node->extra)->name);
	return WEIR_FAILED;
}

/* The parameter that argument i of `count` fills. */
static const struct weir_param *param_of(const struct weir_overload *overload, size_t i, size_t count)
{
	size_t params = 0, variadic = WEIR_FN_MAX_PARAMS;

	while (params < WEIR_FN_MAX_PARAMS && overload->params[params].pattern.kind != WEIR_PATTERN_NONE) {
		if (overload->params[params].is_variadic)
			variadic = params;
		params++;
	}
	if (i < variadic || variadic == WEIR_FN_MAX_PARAMS)
		return i < params ? &overload->params[i] : NULL;
	size_t after = params - variadic - 1;
	if (count - i <= after)
		return &overload->params[params - (count - i)];
	return &overload->params[variadic];
}

static void *prepare(struct weir_arena *arena, const struct weir_node *node, const struct weir_overload *overload)
{
	if (!overload->prepare)
		return NULL;
	const struct weir_value **constants = WEIR_ARENA_ARRAY(arena, const struct weir_value *, node->child_count + 1);
	for (size_t i = 0; i < node->child_count; i++)
		if (weir_node_is_literal(node->children[i]))
			constants[i] = &node->children[i]->expr->literal;
	return overload->prepare(arena, constants, node->child_count);
}

bool weir_compile_call(struct weir_compiler *compiler, struct weir_node *node)
{
	const struct weir_expr *expr = node->expr;
	struct call_site *site = WEIR_ARENA_NEW(compiler->arena, struct call_site);

	assert(expr->binding && expr->binding->overload->eval);
	*site = (struct call_site){
		.overload = expr->binding->overload,
		.arg_types = expr->binding->arg_types,
		.return_type = expr->type,
		.name = expr->function->name,
		.arg_is_primitive = WEIR_ARENA_ARRAY(compiler->arena, bool, node->child_count + 1),
		.arg_is_lambda = WEIR_ARENA_ARRAY(compiler->arena, bool, node->child_count + 1),
		.prepared = prepare(compiler->arena, node, expr->binding->overload),
	};
	for (size_t i = 0; i < node->child_count; i++) {
		const struct weir_param *param = param_of(site->overload, i, node->child_count);

		site->arg_is_primitive[i] = param && param->is_primitive;
		site->arg_is_lambda[i] = node->children[i]->expr->kind == WEIR_EXPR_LAMBDA;
		site->has_lambda |= site->arg_is_lambda[i];
	}
	bool has_misplaced_unit = false;
	for (size_t i = 0; i < node->child_count; i++) {
		const struct weir_param *param = param_of(site->overload, i, node->child_count);
		bool is_unit = !site->arg_types[i] && !site->arg_is_lambda[i];
		has_misplaced_unit |= is_unit && (!param || param->pattern.kind != WEIR_PATTERN_INTERVAL_UNIT);
	}
	node->extra = site;
	node->eval = node->child_count > INLINE_ARGS ? eval_wide_call : eval_call;
	if (node->child_count == 1 && node->children[0]->expr->type && node->children[0]->expr->type->kind == WEIR_KIND_NULL &&
		site->overload->params[0].pattern.kind != WEIR_PATTERN_GENERIC)
		node->eval = eval_bare_null;
	if (has_misplaced_unit)
		node->eval = eval_misplaced_unit;
	return true;
}

bool weir_compile_lambda(struct weir_compiler *compiler, struct weir_node *node)
{
	size_t end = (size_t)node->expr->index + (size_t)node->expr->op;

	if (end > compiler->lambda_slot_count)
		compiler->lambda_slot_count = end;
	return true;
}
