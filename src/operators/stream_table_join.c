/* Stream–table join: each stream row meets the table's current row of its key; table changes only update the store.
 *
 * Holds: a row with a NULL key never joins: INNER drops it, LEFT passes it on with NULLs; rows with a null value are dropped;
 * output order is input order and the output's timestamp is the stream row's. (semantics §8.5)
 */
#include "operators/list.h"
#include "types/pack.h"

struct stream_table_join {
	struct weir_op op; /* first */
	struct weir_store *table;
	struct weir_row_codec codec; /* of the table's rows */
	struct weir_evaluator *key;
	size_t left_width, right_width;
	struct weir_buf key_bytes;
};

static bool join_open(struct weir_op *op, struct weir_err *err)
{
	struct stream_table_join *self = (struct stream_table_join *)op;

	self->left_width = op->node->children[0]->schema->count;
	self->right_width = op->node->children[1]->schema->count;
	weir_row_codec_init(&self->codec, op->env->task_arena, op->node->children[1]->schema);
	weir_buf_init(&self->key_bytes, WEIR_BUF_NO_LIMIT);
	return weir_evaluator_new(op->env->task_arena, op->node->join_key, &self->key, err) &&
	       op->env->store(op->env, op->node->store, &self->table, err);
}

static void set_all_null(struct weir_row *row, size_t first, size_t count)
{
	for (size_t i = 0; i < count; i++)
		weir_null_set(row->nulls, first + i);
}

static void copy_left(const struct stream_table_join *self, const struct weir_row *left, struct weir_row *out)
{
	for (size_t i = 0; i < self->left_width; i++) {
		out->cells[1 + i] = left->cells[i];
		weir_null_assign(out->nulls, 1 + i, weir_row_is_null(left, i));
	}
}

/* Fills the right cells. *ret_found false: the table has no such row. */
static bool look_up(
	struct stream_table_join *self, union weir_cell key, struct weir_row *out, bool *ret_found, struct weir_err *err)
{
	struct weir_arena *arena = self->op.env->batch_arena;
	uint64_t no_nulls = 0;
	struct weir_slice value;

	weir_buf_reset(&self->key_bytes);
	weir_pack_cells(&self->key_bytes, self->codec.types, 1, &key, &no_nulls, 0);
	if (!weir_store_get(self->table, weir_buf_slice(&self->key_bytes), &value, ret_found, err) || !*ret_found)
		return err->code == WEIR_E_NONE;
	struct weir_row right = { .cells = out->cells + 1 + self->left_width };
	right.nulls = weir_arena_alloc_zero(arena, weir_null_words(self->right_width) * sizeof *right.nulls);
	/* Copied once: the store may move the bytes at the next call. */
	struct weir_slice copy = weir_arena_copy(arena, value);
	if (!weir_row_codec_read(&self->codec, (struct weir_slice){ 0 }, copy, arena, &right, err))
		return false;
	right.cells[0] = key;
	for (size_t i = 0; i < self->right_width; i++)
		weir_null_assign(out->nulls, 1 + self->left_width + i, weir_row_is_null(&right, i));
	return true;
}

static bool join_row(struct stream_table_join *self, const struct weir_row *left, struct weir_batch *out, struct weir_err *err)
{
	struct weir_op *op = &self->op;
	struct weir_err row_err;
	union weir_cell key;
	bool found = false;

	if (left->value_is_null) {
		weir_op_drop(op, WEIR_DROP_NULL_VALUE, NULL);
		return true;
	}
	enum weir_result result = weir_evaluate(self->key, &op->env->eval, left, &key, &row_err);
	if (result != WEIR_VALUE && op->node->join_type == WEIR_JOIN_INNER) {
		weir_op_drop(op, result == WEIR_FAILED ? WEIR_DROP_EVALUATION : WEIR_DROP_NULL_KEY,
			result == WEIR_FAILED ? &row_err : NULL);
		return true;
	}
	struct weir_row *row = weir_batch_append(out);
	weir_row_copy_header(row, left);
	row->cells[0] = key;
	weir_null_assign(row->nulls, 0, result != WEIR_VALUE);
	row->key_is_null = result != WEIR_VALUE;
	copy_left(self, left, row);
	if (result == WEIR_VALUE && !look_up(self, key, row, &found, err))
		return false;
	if (!found && op->node->join_type == WEIR_JOIN_INNER)
		out->count--;
	else if (!found)
		set_all_null(row, 1 + self->left_width, self->right_width);
	return true;
}

static bool join_rows(struct weir_op *op, int port, const struct weir_batch *in, struct weir_err *err)
{
	struct stream_table_join *self = (struct stream_table_join *)op;
	struct weir_batch out;

	err->code = WEIR_E_NONE;
	weir_batch_init(&out, in->arena, op->node->schema->count);
	for (size_t i = 0; i < in->count; i++)
		if (!join_row(self, &in->rows[i], &out, err))
			return false;
	return weir_op_emit_rows(op, &out, err);
}

static bool join_changes(struct weir_op *op, int port, const struct weir_change_batch *in, struct weir_err *err)
{
	struct stream_table_join *self = (struct stream_table_join *)op;

	for (size_t i = 0; i < in->count; i++) {
		const struct weir_change *change = &in->changes[i];
		struct weir_slice key = weir_row_codec_key(&self->codec, change->key_row);
		bool ok = change->after ? weir_store_put(self->table, key, weir_row_codec_value(&self->codec, change->after), err)
					: weir_store_delete(self->table, key, err);
		if (!ok)
			return false;
	}
	return true;
}

static void join_close(struct weir_op *op)
{
	struct stream_table_join *self = (struct stream_table_join *)op;

	weir_row_codec_fini(&self->codec);
	weir_buf_fini(&self->key_bytes);
}

const struct weir_op_type weir_op_stream_table_join = {
	.name = "stream-table join",
	.size = sizeof(struct stream_table_join),
	.open = join_open,
	.rows = join_rows,
	.changes = join_changes,
	.close = join_close,
};
