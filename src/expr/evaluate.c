/* Running compiled expressions on rows. */
#include "expr/node.h"

#include <assert.h>

enum weir_result weir_evaluate(const struct weir_evaluator *evaluator, struct weir_eval_context *context,
	const struct weir_row *row, union weir_cell *ret, struct weir_err *err)
{
	if (!evaluator->lambda_slot_count)
		return weir_node_run(evaluator->root, context, row, ret, err);

	struct weir_value *outer = context->lambda_slots;
	context->lambda_slots = WEIR_ARENA_ARRAY(context->arena, struct weir_value, evaluator->lambda_slot_count);
	enum weir_result result = weir_node_run(evaluator->root, context, row, ret, err);
	context->lambda_slots = outer;
	return result;
}

bool weir_evaluate_predicate(const struct weir_evaluator *evaluator, struct weir_eval_context *context, const struct weir_row *row,
	bool *ret_failed, struct weir_err *err)
{
	union weir_cell cell;

	context->is_predicate = true;
	enum weir_result result = weir_evaluate(evaluator, context, row, &cell, err);
	context->is_predicate = false;
	*ret_failed = result == WEIR_FAILED;
	return result == WEIR_VALUE && cell.boolean;
}

static void keep_first_error(void *ctx, const struct weir_err *err)
{
	struct weir_err *first = ctx;

	if (first->code == WEIR_E_NONE)
		weir_err_copy(first, err);
}

enum weir_result weir_evaluate_constant(struct weir_arena *arena, const struct weir_clock *clock, const struct weir_expr *expr,
	union weir_cell *ret, struct weir_err *err)
{
	struct weir_err contained = { 0 };
	struct weir_eval_context context = {
		.arena = arena, .clock = clock, .on_error = keep_first_error, .on_error_ctx = &contained
	};
	struct weir_evaluator *evaluator;
	struct weir_row row = { 0 };

	if (!weir_evaluator_new(arena, expr, &evaluator, err))
		return WEIR_FAILED;
	enum weir_result result = weir_evaluate(evaluator, &context, &row, ret, err);
	if (result != WEIR_FAILED && contained.code != WEIR_E_NONE) {
		weir_err_copy(err, &contained);
		return WEIR_FAILED;
	}
	return result;
}
