/* Table functions: a row becomes as many as the longest of the functions' arrays has items; shorter ones end in NULLs, the other
 * cells repeat. No items: no rows. A function that fails or gives NULL counts as empty. (semantics §9)
 */
#include "operators/list.h"

struct table_functions {
	struct weir_op op; /* first */
	struct weir_evaluator **functions;
	const struct weir_array **arrays; /* of the row at hand */
	size_t count, child_width;
};

static bool table_functions_open(struct weir_op *op, struct weir_err *err)
{
	struct table_functions *self = (struct table_functions *)op;
	struct weir_arena *arena = op->env->task_arena;

	self->child_width = op->node->children[0]->schema->count;
	self->count = op->node->schema->count - self->child_width;
	self->functions = WEIR_ARENA_ARRAY(arena, struct weir_evaluator *, self->count);
	self->arrays = WEIR_ARENA_ARRAY(arena, const struct weir_array *, self->count);
	for (size_t i = 0; i < self->count; i++)
		if (!weir_evaluator_new(arena, op->node->expressions[i], &self->functions[i], err))
			return false;
	return true;
}

/* The greatest number of items. */
static size_t evaluate_arrays(struct table_functions *self, const struct weir_row *row)
{
	static const struct weir_array empty;
	size_t most = 0;

	for (size_t i = 0; i < self->count; i++) {
		union weir_cell cell;
		struct weir_err err;
		enum weir_result result = weir_evaluate(self->functions[i], &self->op.env->eval, row, &cell, &err);
		if (result == WEIR_FAILED && self->op.env->on_error)
			self->op.env->on_error(self->op.env, &err);
		self->arrays[i] = result == WEIR_VALUE ? cell.array : &empty;
		if (self->arrays[i]->count > most)
			most = self->arrays[i]->count;
	}
	return most;
}

static void add_row(const struct table_functions *self, const struct weir_row *in, size_t item, struct weir_batch *out)
{
	struct weir_row *row = weir_batch_append(out);

	weir_row_copy_header(row, in);
	memcpy(row->cells, in->cells, self->child_width * sizeof *row->cells);
	memcpy(row->nulls, in->nulls, weir_null_words(self->child_width) * sizeof *row->nulls);
	for (size_t i = 0; i < self->count; i++) {
		const struct weir_array *array = self->arrays[i];
		size_t cell = self->child_width + i;
		bool is_null = item >= array->count || weir_null_test(array->nulls, item);
		weir_null_assign(row->nulls, cell, is_null);
		if (!is_null)
			row->cells[cell] = array->items[item];
	}
}

static bool table_functions_rows(struct weir_op *op, int port, const struct weir_batch *in, struct weir_err *err)
{
	struct table_functions *self = (struct table_functions *)op;
	struct weir_batch out;

	weir_batch_init(&out, in->arena, op->node->schema->count);
	for (size_t i = 0; i < in->count; i++) {
		if (in->rows[i].value_is_null) {
			weir_op_drop(op, WEIR_DROP_NULL_VALUE, NULL);
			continue;
		}
		size_t items = evaluate_arrays(self, &in->rows[i]);
		for (size_t k = 0; k < items; k++)
			add_row(self, &in->rows[i], k, &out);
	}
	return weir_op_emit_rows(op, &out, err);
}

const struct weir_op_type weir_op_table_functions = {
	.name = "table functions",
	.size = sizeof(struct table_functions),
	.open = table_functions_open,
	.rows = table_functions_rows,
};
