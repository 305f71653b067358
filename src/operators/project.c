/* SELECT on a stream: new value cells; the key stays what it is. A null value passes on as a null value. */
#include "operators/list.h"
#include "operators/projection.h"

struct project {
	struct weir_op op; /* first */
	struct weir_projection projection;
};

static bool project_open(struct weir_op *op, struct weir_err *err)
{
	return weir_projection_open(&((struct project *)op)->projection, op, err);
}

static bool project_rows(struct weir_op *op, int port, const struct weir_batch *in, struct weir_err *err)
{
	const struct project *self = (const struct project *)op;
	struct weir_batch out;

	weir_batch_init(&out, in->arena, self->projection.count);
	for (size_t i = 0; i < in->count; i++) {
		struct weir_row *row = weir_batch_append(&out);
		weir_row_copy_header(row, &in->rows[i]);
		weir_projection_apply(&self->projection, op, &in->rows[i], row, NULL);
	}
	return weir_op_emit_rows(op, &out, err);
}

const struct weir_op_type weir_op_project = {
	.name = "project", .size = sizeof(struct project), .open = project_open, .rows = project_rows
};

/* ---- The same on a table: both versions of a changed row ---- */

static bool table_project_changes(struct weir_op *op, int port, const struct weir_change_batch *in, struct weir_err *err)
{
	const struct project *self = (const struct project *)op;
	struct weir_change_batch out;

	weir_change_batch_init(&out, in->arena, self->projection.count);
	for (size_t i = 0; i < in->count; i++) {
		const struct weir_change *from = &in->changes[i];
		struct weir_change *to = weir_change_batch_append(&out);
		if (from->before)
			to->before = weir_projection_row(&self->projection, op, from->before);
		if (from->after)
			to->after = weir_projection_row(&self->projection, op, from->after);
		to->key_row = to->after ? to->after : weir_projection_row(&self->projection, op, from->key_row);
	}
	return weir_op_emit_changes(op, &out, err);
}

const struct weir_op_type weir_op_table_project = {
	.name = "table project",
	.size = sizeof(struct project),
	.open = project_open,
	.changes = table_project_changes,
};
