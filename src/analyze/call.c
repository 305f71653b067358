/* Function calls: overload resolution with implicit casts, lambdas, aggregates (semantics §3.7, §3.10, functions.md §1). */
#include "analyze/scope.h"
#include "analyze/source_parts.h"

#include <assert.h>

/* One call being analysed. */
struct call {
	struct weir_expression_context *context;
	const struct weir_sql_expr *ast;
	struct weir_builder builder;
	size_t count;
	struct weir_argument *arguments;
	const struct weir_expr **args; /* NULL where the argument is a lambda */
};

/* A lambda argument while its body waits for its parameters' types. */
struct lambda_job {
	struct weir_expression_context *context;
	const struct weir_sql_expr *ast;
	int first_slot;
	const struct weir_expr *body;
	struct weir_err err;
};

/* ---- Lambdas ---- */

static bool check_lambda_names(const struct weir_expression_context *context, const struct weir_sql_expr *ast, struct weir_err *err)
{
	for (size_t i = 0; i < ast->name_count; i++) {
		if (context->scope && weir_scope_count_sources_with(context->scope, ast->names[i]))
			return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, ast->place.line, ast->place.column,
				"A lambda's parameter cannot be called like a column: %.*s.", WEIR_SLICE_ARG(ast->names[i]));
		for (const struct weir_lambda_frame *frame = context->lambda; frame; frame = frame->outer)
			for (size_t j = 0; j < frame->count; j++)
				if (weir_slice_equals(frame->names[j], ast->names[i]))
					return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, ast->place.line, ast->place.column,
						"A nested lambda cannot use the outer one's parameter name: %.*s.",
						WEIR_SLICE_ARG(ast->names[i]));
		for (size_t j = 0; j < i; j++)
			if (weir_slice_equals(ast->names[i], ast->names[j]))
				return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, ast->place.line, ast->place.column,
					"A lambda's parameters need different names: %.*s.", WEIR_SLICE_ARG(ast->names[i]));
	}
	return true;
}

/* Called by overload resolution. */
static const struct weir_type *lambda_type(void *ctx, const struct weir_type *const *params, size_t count, struct weir_err *err)
{
	struct lambda_job *job = ctx;
	struct weir_expression_context inner = *job->context;
	const struct weir_type **types = WEIR_ARENA_ARRAY(inner.arena, const struct weir_type *, count + 1);

	assert(count == job->ast->name_count);
	for (size_t i = 0; i < count; i++)
		types[i] = params[i];
	struct weir_lambda_frame frame = {
		.outer = job->context->lambda,
		.names = job->ast->names,
		.types = types,
		.count = count,
		.first_slot = job->first_slot,
	};
	inner.lambda = &frame;
	if (!weir_analyze_expression(&inner, job->ast->children[0], &job->body, err))
		return NULL;
	return job->body->type;
}

static const struct weir_expr *build_lambda(const struct call *call, const struct lambda_job *job)
{
	struct weir_builder at = { call->context->arena, weir_place_of(call->context->arena, job->ast) };
	struct weir_expr *expr = weir_build_node(&at, WEIR_EXPR_LAMBDA, NULL, &job->body, 1);

	expr->index = job->first_slot;
	expr->op = (int)job->ast->name_count;
	return expr;
}

/* ---- Arguments ---- */

static bool analyze_unit(struct call *call, size_t i, const struct weir_sql_expr *ast)
{
	struct weir_builder at = { call->context->arena, weir_place_of(call->context->arena, ast) };

	call->args[i] = weir_build_literal(&at, &weir_type_string, (struct weir_value){ .cell.str = ast->name });
	call->arguments[i].is_interval_unit = true;
	return true;
}

static bool analyze_lambda(struct call *call, size_t i, const struct weir_sql_expr *ast, struct weir_err *err)
{
	static const size_t max_params = 3;
	struct lambda_job *job = WEIR_ARENA_NEW(call->context->arena, struct lambda_job);

	if (!check_lambda_names(call->context, ast, err))
		return false;
	if (ast->name_count > max_params)
		return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, ast->place.line, ast->place.column,
			"A lambda has at most %zu parameters.", max_params);
	*job = (struct lambda_job){ .context = call->context, .ast = ast, .first_slot = *call->context->next_slot };
	*call->context->next_slot += (int)ast->name_count;
	call->arguments[i].lambda_params = ast->name_count;
	call->arguments[i].lambda_type = lambda_type;
	call->arguments[i].lambda_ctx = job;
	return true;
}

static bool analyze_arguments(struct call *call, struct weir_err *err)
{
	struct weir_arena *arena = call->context->arena;

	call->count = call->ast->has_star ? 0 : call->ast->child_count;
	call->arguments = WEIR_ARENA_ARRAY(arena, struct weir_argument, call->count + 1);
	call->args = WEIR_ARENA_ARRAY(arena, const struct weir_expr *, call->count + 1);
	for (size_t i = 0; i < call->count; i++) {
		const struct weir_sql_expr *ast = call->ast->children[i];
		bool ok;

		if (ast->kind == WEIR_SQL_UNIT)
			ok = analyze_unit(call, i, ast);
		else if (ast->kind == WEIR_SQL_LAMBDA)
			ok = analyze_lambda(call, i, ast, err);
		else
			ok = weir_analyze_expression(call->context, ast, &call->args[i], err);
		if (!ok)
			return false;
		if (call->args[i] && ast->kind != WEIR_SQL_UNIT)
			call->arguments[i].type = call->args[i]->type;
	}
	return true;
}

/* Resolution knows no place: the call's. */
static bool place_error(const struct call *call, struct weir_err *err)
{
	if (err && err->line == 0) {
		err->line = call->ast->place.line;
		err->column = call->ast->place.column;
		err->span = call->ast->place.len;
	}
	return false;
}

/* ---- Scalar functions ---- */

/* Scalar or table function: the same rules. */
static bool analyze_call_of(
	struct call *call, const struct weir_scalar_function *function, const struct weir_expr **ret, struct weir_err *err)
{
	struct weir_arena *arena = call->context->arena;
	struct weir_binding *binding = WEIR_ARENA_NEW(arena, struct weir_binding);

	if (!analyze_arguments(call, err))
		return false;
	if (!weir_scalar_resolve(arena, function, call->arguments, call->count, binding, err))
		return place_error(call, err);
	for (size_t i = 0; i < call->count; i++) {
		if (call->arguments[i].lambda_type)
			call->args[i] = build_lambda(call, call->arguments[i].lambda_ctx);
		else if (binding->arg_types[i] && binding->arg_types[i]->kind != WEIR_KIND_NULL &&
			 !call->arguments[i].is_interval_unit && !(call->count == 1 && weir_expr_is_null_literal(call->args[0])))
			call->args[i] = weir_build_cast(arena, call->args[i], binding->arg_types[i], WEIR_CAST_WRITTEN);
	}
	struct weir_expr *expr = weir_build_node(&call->builder, WEIR_EXPR_CALL, binding->return_type, call->args, call->count);
	expr->function = function;
	expr->binding = binding;
	*ret = expr;
	return true;
}

/* ---- Aggregates ---- */

static bool check_aggregate_place(const struct call *call, struct weir_err *err)
{
	const struct weir_expression_context *context = call->context;
	const struct weir_sql_place *place = &call->ast->place;

	if (context->inside_aggregate)
		return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, place->line, place->column,
			"Aggregate functions cannot be nested: %.*s.", WEIR_SLICE_ARG(call->builder.place.text));
	if (!context->aggregates || context->lambda)
		return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, place->line, place->column,
			"%s cannot contain an aggregate function: %.*s.", context->lambda ? "A lambda" : context->clause,
			WEIR_SLICE_ARG(call->builder.place.text));
	return true;
}

/* COUNT(*), COUNT(): the row's time stands in for the missing argument. */
static void add_implicit_argument(struct call *call)
{
	struct weir_expr *rowtime = weir_build_node(&call->builder, WEIR_EXPR_PSEUDO, &weir_type_bigint, NULL, 0);

	rowtime->pseudo = WEIR_PSEUDO_ROWTIME;
	rowtime->text = WEIR_SLICE("ROWTIME");
	call->args[0] = rowtime;
	call->arguments[0].type = &weir_type_bigint;
	call->count = 1;
}

static bool same_aggregate(const struct weir_bound_aggregate *a, const struct weir_bound_aggregate *b)
{
	return a->function == b->function && weir_slice_equals(a->text, b->text);
}

/* The place in the list of an equal aggregate, or of the new one. */
static int add_aggregate(struct weir_expression_context *context, const struct weir_bound_aggregate *aggregate)
{
	for (size_t i = 0; i < context->aggregates->items.count; i++)
		if (same_aggregate(&context->aggregates->items.items[i], aggregate))
			return (int)i;
	WEIR_VEC_PUSH_IN(context->arena, &context->aggregates->items, *aggregate);
	return (int)context->aggregates->items.count - 1;
}

/* The greatest number of values that COLLECT_LIST and COLLECT_SET keep is a setting; it travels as their literal. */
static void limit_collection(struct call *call, struct weir_bound_aggregate *aggregate)
{
	const struct weir_expression_context *context = call->context;
	bool is_list = strcmp(aggregate->function->name, "COLLECT_LIST") == 0;
	struct weir_value literal = { 0 };

	if (!is_list && strcmp(aggregate->function->name, "COLLECT_SET") != 0)
		return;
	struct weir_slice setting =
		weir_env_property(context->env, is_list ? "ksql.functions.collect_list.limit" : "ksql.functions.collect_set.limit");
	if (!weir_slice_to_i64(setting, &literal.cell.i64) || literal.cell.i64 < 0 || literal.cell.i64 >= INT32_MAX)
		return;
	const struct weir_expr **args = WEIR_ARENA_ARRAY(context->arena, const struct weir_expr *, 2);
	struct weir_value *literals = WEIR_ARENA_NEW(context->arena, struct weir_value);
	*literals = literal;
	args[0] = aggregate->args[0];
	args[1] = weir_build_literal(&call->builder, &weir_type_bigint, literal);
	aggregate->args = args;
	aggregate->binding.literals = literals;
	aggregate->binding.literal_count = 1;
}

static bool analyze_aggregate(
	struct call *call, const struct weir_aggregate_function *function, const struct weir_expr **ret, struct weir_err *err)
{
	struct weir_expression_context inner = *call->context, *outer = call->context;
	struct weir_bound_aggregate aggregate = { .function = function, .text = call->builder.place.text };

	if (!check_aggregate_place(call, err))
		return false;
	inner.inside_aggregate = true;
	inner.allows_window_bounds = false;
	inner.clause = "An aggregate function";
	call->context = &inner;
	if (!analyze_arguments(call, err))
		return false;
	call->context = outer;
	if (call->count == 0)
		add_implicit_argument(call);
	const struct weir_value **constants = WEIR_ARENA_ARRAY(outer->arena, const struct weir_value *, call->count + 1);
	for (size_t i = 0; i < call->count; i++)
		if (call->args[i] && call->args[i]->kind == WEIR_EXPR_LITERAL)
			constants[i] = &call->args[i]->literal;
	if (!weir_aggregate_resolve(outer->arena, function, call->arguments, constants, call->count, &aggregate.binding, err))
		return place_error(call, err);
	aggregate.args = call->args;
	limit_collection(call, &aggregate);
	struct weir_expr *expr = weir_build_node(&call->builder, WEIR_EXPR_COLUMN, aggregate.binding.return_type, NULL, 0);
	expr->index = -1 - add_aggregate(outer, &aggregate);
	*ret = expr;
	return true;
}

/* ---- Table functions ---- */

static bool check_table_function_place(const struct call *call, struct weir_err *err)
{
	const struct weir_expression_context *context = call->context;
	const struct weir_sql_place *place = &call->ast->place;
	struct weir_slice text = call->builder.place.text;

	if (context->inside_table_function)
		return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, place->line, place->column,
			"Table functions cannot be nested: %.*s.", WEIR_SLICE_ARG(text));
	if (context->inside_case)
		return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, place->line, place->column,
			"A table function cannot be inside CASE: %.*s.", WEIR_SLICE_ARG(text));
	if (!context->table_calls || context->lambda)
		return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, place->line, place->column,
			"%s cannot contain a table function: %.*s.",
			context->lambda                          ? "A lambda"
			: strcmp(context->clause, "SELECT") == 0 ? "A query on a table"
								 : context->clause,
			WEIR_SLICE_ARG(text));
	return true;
}

/* The call is listed, a column behind the from row stands for its rows. */
static bool analyze_table_call(
	struct call *call, const struct weir_scalar_function *function, const struct weir_expr **ret, struct weir_err *err)
{
	struct weir_expression_context inner = *call->context, *outer = call->context;
	const struct weir_expr *rows;

	if (!check_table_function_place(call, err))
		return false;
	inner.inside_table_function = true;
	inner.aggregates = NULL;
	inner.clause = "A table function";
	call->context = &inner;
	if (!analyze_call_of(call, function, &rows, err))
		return false;
	call->context = outer;
	*ret = weir_build_column(
		&call->builder, outer->table_calls->first_cell + (int)outer->table_calls->items.count, rows->type->element);
	WEIR_VEC_PUSH_IN(outer->arena, &outer->table_calls->items, rows);
	return true;
}

/* ---- Dispatch ---- */

static bool unknown_function(const struct call *call, struct weir_err *err)
{
	const char *near = weir_function_suggest(call->ast->name);

	weir_err_set_at(err, WEIR_E_UNKNOWN_NAME, call->ast->place.line, call->ast->place.column, "There is no function '%.*s'.",
		WEIR_SLICE_ARG(call->ast->name));
	return near ? weir_err_advise(err, "Did you mean %s?", near) : false;
}

bool weir_analyze_call(struct weir_expression_context *context, const struct weir_sql_expr *ast, const struct weir_expr **ret,
	struct weir_err *err)
{
	struct call call = {
		.context = context,
		.ast = ast,
		.builder = { context->arena, weir_place_of(context->arena, ast) },
	};
	struct weir_function_ref function = weir_function_find(ast->name);

	switch (function.kind) {
	case WEIR_FUNCTION_SCALAR:
		return analyze_call_of(&call, function.scalar, ret, err);
	case WEIR_FUNCTION_AGGREGATE:
		return analyze_aggregate(&call, function.aggregate, ret, err);
	case WEIR_FUNCTION_TABLE:
		return analyze_table_call(&call, function.table, ret, err);
	case WEIR_FUNCTION_NONE:
		break;
	}
	return unknown_function(&call, err);
}
