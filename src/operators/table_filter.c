/* WHERE and HAVING on a table: a row that matches goes on; one that does not is a deletion downstream only if its previous version
 * matched. (semantics §6.1) */
#include "operators/list.h"

struct table_filter {
	struct weir_op op; /* first */
	struct weir_evaluator *predicate;
};

static bool table_filter_open(struct weir_op *op, struct weir_err *err)
{
	struct table_filter *self = (struct table_filter *)op;

	return weir_evaluator_new(op->env->task_arena, op->node->predicate, &self->predicate, err);
}

static bool matches(struct table_filter *self, const struct weir_row *row)
{
	struct weir_err err;
	bool failed = false;

	if (!row)
		return false;
	bool is_true = weir_evaluate_predicate(self->predicate, &self->op.env->eval, row, &failed, &err);
	if (failed && self->op.env->on_error)
		self->op.env->on_error(self->op.env, &err);
	return is_true;
}

static bool table_filter_changes(struct weir_op *op, int port, const struct weir_change_batch *in, struct weir_err *err)
{
	struct table_filter *self = (struct table_filter *)op;
	struct weir_change_batch out;

	weir_change_batch_init(&out, in->arena, in->width);
	for (size_t i = 0; i < in->count; i++) {
		const struct weir_change *change = &in->changes[i];
		bool before = matches(self, change->before), after = matches(self, change->after);
		if (!before && !after) {
			weir_op_drop(op, WEIR_DROP_FILTERED, NULL);
			continue;
		}
		*weir_change_batch_append(&out) = (struct weir_change){
			.key_row = change->key_row,
			.before = before ? change->before : NULL,
			.after = after ? change->after : NULL,
		};
	}
	return weir_op_emit_changes(op, &out, err);
}

const struct weir_op_type weir_op_table_filter = {
	.name = "table filter",
	.size = sizeof(struct table_filter),
	.open = table_filter_open,
	.changes = table_filter_changes,
};
