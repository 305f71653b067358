/* Evaluates expression lists. Plain columns are copied without an evaluator's call. */
#include "operators/projection.h"

bool weir_projection_open(struct weir_projection *projection, struct weir_op *op, struct weir_err *err)
{
	const struct weir_schema *schema = op->node->schema;
	int *columns = WEIR_ARENA_ARRAY(op->env->task_arena, int, schema->count);

	projection->count = schema->count;
	projection->key_count = schema->key_count;
	projection->evaluators = WEIR_ARENA_ARRAY(op->env->task_arena, struct weir_evaluator *, schema->count);
	for (size_t i = 0; i < schema->count; i++) {
		const struct weir_expr *expr = op->node->expressions[i];
		columns[i] = expr->kind == WEIR_EXPR_COLUMN ? expr->index : -1;
		if (!weir_evaluator_new(op->env->task_arena, expr, &projection->evaluators[i], err))
			return false;
	}
	projection->columns = columns;
	return true;
}

static bool apply_cell(
	const struct weir_projection *projection, struct weir_op *op, size_t i, const struct weir_row *in, struct weir_row *out)
{
	struct weir_err err;

	if (projection->columns[i] >= 0) {
		size_t from = (size_t)projection->columns[i];
		out->cells[i] = in->cells[from];
		weir_null_assign(out->nulls, i, weir_row_is_null(in, from));
		return true;
	}
	enum weir_result result = weir_evaluate(projection->evaluators[i], &op->env->eval, in, &out->cells[i], &err);
	weir_null_assign(out->nulls, i, result != WEIR_VALUE);
	if (result == WEIR_FAILED && op->env->on_error)
		op->env->on_error(op->env, &err);
	return result != WEIR_FAILED;
}

void weir_projection_apply(const struct weir_projection *projection, struct weir_op *op, const struct weir_row *in,
	struct weir_row *out, bool *ret_key_failed)
{
	size_t count = in->value_is_null ? projection->key_count : projection->count;
	bool key_failed = false;

	for (size_t i = 0; i < count; i++)
		if (!apply_cell(projection, op, i, in, out) && i < projection->key_count)
			key_failed = true;
	for (size_t i = count; i < projection->count; i++)
		weir_null_set(out->nulls, i);
	if (ret_key_failed)
		*ret_key_failed = key_failed;
}

struct weir_row *weir_projection_row(const struct weir_projection *projection, struct weir_op *op, const struct weir_row *in)
{
	struct weir_row *out = weir_arena_alloc(op->env->batch_arena, sizeof *out);

	*out = (struct weir_row){ 0 };
	weir_row_alloc(out, op->env->batch_arena, projection->count);
	weir_row_copy_header(out, in);
	weir_projection_apply(projection, op, in, out, NULL);
	return out;
}
