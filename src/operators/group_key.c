/* The step before an aggregation: the group becomes the key. Rows with a null value, a NULL group part, or one that cannot be
 * evaluated belong to no group. (semantics §5.4) On a table a change becomes the subtraction of the old row from its group, then
 * the addition of the new one to its group. */
#include "operators/list.h"
#include "operators/projection.h"
#include "types/compare.h"

struct group_key {
	struct weir_op op; /* first */
	struct weir_projection projection;
};

static bool group_key_open(struct weir_op *op, struct weir_err *err)
{
	return weir_projection_open(&((struct group_key *)op)->projection, op, err);
}

/* false: the row belongs to no group; the batch is as before. */
static bool append_row(struct weir_op *op, struct weir_batch *out, const struct weir_row *in)
{
	const struct group_key *self = (const struct group_key *)op;
	bool failed;

	if (in->value_is_null) {
		weir_op_drop(op, WEIR_DROP_NULL_VALUE, NULL);
		return false;
	}
	struct weir_row *row = weir_batch_append(out);
	weir_row_copy_header(row, in);
	weir_projection_apply(&self->projection, op, in, row, &failed);
	row->key_is_null = false;
	bool has_null = false;
	for (size_t k = 0; k < self->projection.key_count; k++)
		has_null = has_null || weir_row_is_null(row, k);
	if (!has_null)
		return true;
	weir_op_drop(op, failed ? WEIR_DROP_EVALUATION : WEIR_DROP_NULL_KEY, NULL);
	out->count--;
	return false;
}

static bool group_key_rows(struct weir_op *op, int port, const struct weir_batch *in, struct weir_err *err)
{
	struct weir_batch out;

	weir_batch_init(&out, in->arena, op->node->schema->count);
	for (size_t i = 0; i < in->count; i++)
		append_row(op, &out, &in->rows[i]);
	return weir_op_emit_rows(op, &out, err);
}

const struct weir_op_type weir_op_group_key = {
	.name = "group key",
	.size = sizeof(struct group_key),
	.open = group_key_open,
	.rows = group_key_rows,
};

static bool same_group(const struct weir_op *op, const struct weir_row *a, const struct weir_row *b)
{
	for (size_t k = 0; k < op->node->schema->key_count; k++)
		if (!weir_cell_equals(op->node->schema->columns[k].type, a->cells[k], b->cells[k]))
			return false;
	return true;
}

static bool table_group_key_changes(struct weir_op *op, int port, const struct weir_change_batch *in, struct weir_err *err)
{
	struct weir_batch out;

	weir_batch_init(&out, in->arena, op->node->schema->count);
	for (size_t i = 0; i < in->count; i++) {
		const struct weir_change *change = &in->changes[i];
		size_t first = out.count;
		if (change->before && append_row(op, &out, change->before)) {
			struct weir_row *row = &out.rows[out.count - 1];
			row->is_subtraction = true;
			row->timestamp_ms = change->key_row->timestamp_ms;
		}
		bool has_subtraction = out.count > first;
		if (change->after && append_row(op, &out, change->after) && has_subtraction)
			out.rows[first].is_followed = same_group(op, &out.rows[first], &out.rows[first + 1]);
	}
	return weir_op_emit_rows(op, &out, err);
}

const struct weir_op_type weir_op_table_group_key = {
	.name = "table group key",
	.size = sizeof(struct group_key),
	.open = group_key_open,
	.changes = table_group_key_changes,
};
