/* WHERE on a stream: rows for which the predicate is TRUE go on. A predicate that cannot be evaluated drops the row and is told. */
#include "operators/list.h"

struct filter {
	struct weir_op op; /* first */
	struct weir_evaluator *predicate;
};

static bool filter_open(struct weir_op *op, struct weir_err *err)
{
	struct filter *self = (struct filter *)op;

	return weir_evaluator_new(op->env->task_arena, op->node->predicate, &self->predicate, err);
}

static bool filter_rows(struct weir_op *op, int port, const struct weir_batch *in, struct weir_err *err)
{
	struct filter *self = (struct filter *)op;
	struct weir_batch out = *in;
	struct weir_err row_err;

	out.rows = weir_arena_alloc(in->arena, in->count * sizeof *out.rows);
	out.count = 0;
	for (size_t i = 0; i < in->count; i++) {
		const struct weir_row *row = &in->rows[i];
		bool failed = false;
		if (row->value_is_null)
			weir_op_drop(op, WEIR_DROP_NULL_VALUE, NULL);
		else if (weir_evaluate_predicate(self->predicate, &op->env->eval, row, &failed, &row_err))
			out.rows[out.count++] = *row;
		else
			weir_op_drop(op, failed ? WEIR_DROP_EVALUATION : WEIR_DROP_FILTERED, failed ? &row_err : NULL);
	}
	return weir_op_emit_rows(op, &out, err);
}

const struct weir_op_type weir_op_filter = {
	.name = "filter", .size = sizeof(struct filter), .open = filter_open, .rows = filter_rows
};
