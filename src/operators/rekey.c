/* PARTITION BY: a new key. A null value is passed on; key parts that read more than the old key are then NULL; parts that cannot be
 * evaluated are NULL. A single NULL part is a null key, several are a key of NULLs. (semantics §5.3) */
#include "operators/list.h"
#include "operators/projection.h"

struct rekey {
	struct weir_op op; /* first */
	struct weir_projection projection;
	bool *reads_only_keys; /* per new key cell */
};

static bool rekey_open(struct weir_op *op, struct weir_err *err)
{
	struct rekey *self = (struct rekey *)op;
	size_t old_keys = op->node->children[0]->schema->key_count;

	if (!weir_projection_open(&self->projection, op, err))
		return false;
	self->reads_only_keys = WEIR_ARENA_ARRAY(op->env->task_arena, bool, self->projection.key_count);
	for (size_t i = 0; i < self->projection.key_count; i++)
		self->reads_only_keys[i] = weir_expr_reads_only_keys(op->node->expressions[i], old_keys);
	return true;
}

static bool rekey_rows(struct weir_op *op, int port, const struct weir_batch *in, struct weir_err *err)
{
	const struct rekey *self = (const struct rekey *)op;
	size_t keys = self->projection.key_count;
	struct weir_batch out;

	weir_batch_init(&out, in->arena, self->projection.count);
	for (size_t i = 0; i < in->count; i++) {
		struct weir_row *row = weir_batch_append(&out);
		weir_row_copy_header(row, &in->rows[i]);
		weir_projection_apply(&self->projection, op, &in->rows[i], row, NULL);
		for (size_t k = 0; row->value_is_null && k < keys; k++)
			if (!self->reads_only_keys[k])
				weir_null_set(row->nulls, k);
		row->key_is_null = keys == 0 || (keys == 1 && weir_row_is_null(row, 0));
	}
	return weir_op_emit_rows(op, &out, err);
}

const struct weir_op_type weir_op_rekey = { .name = "rekey", .size = sizeof(struct rekey), .open = rekey_open, .rows = rekey_rows };
