/* Keeps a table's latest rows: changes leave it with their previous version, and pull queries read what it keeps. */
#include "operators/list.h"

struct materialize {
	struct weir_op op; /* first */
	struct weir_store *store;
	struct weir_row_codec codec;
};

static bool materialize_open(struct weir_op *op, struct weir_err *err)
{
	struct materialize *self = (struct materialize *)op;

	weir_row_codec_init(&self->codec, op->env->task_arena, op->node->schema);
	return op->env->store(op->env, op->node->store, &self->store, err);
}

/* The stored row under `key`, copied into the batch arena, or NULL. */
static bool read_before(struct materialize *self, struct weir_slice key, const struct weir_row *key_row,
	const struct weir_row **ret, struct weir_err *err)
{
	struct weir_arena *arena = self->op.env->batch_arena;
	struct weir_slice value;
	bool found;

	*ret = NULL;
	if (!weir_store_get(self->store, key, &value, &found, err))
		return false;
	if (!found)
		return true;
	struct weir_row *row = WEIR_ARENA_NEW(arena, struct weir_row);
	weir_row_alloc(row, arena, self->codec.count);
	weir_row_copy_header(row, key_row);
	row->value_is_null = false;
	*ret = row;
	return weir_row_codec_read(&self->codec, weir_arena_copy(arena, key), weir_arena_copy(arena, value), arena, row, err);
}

static bool apply(struct materialize *self, const struct weir_change *in, struct weir_change *out, struct weir_err *err)
{
	struct weir_slice key = weir_row_codec_key(&self->codec, in->key_row);

	*out = *in;
	if (!read_before(self, key, in->key_row, &out->before, err))
		return false;
	if (in->after)
		return weir_store_put(self->store, key, weir_row_codec_value(&self->codec, in->after), err);
	return !out->before || weir_store_delete(self->store, key, err);
}

static bool materialize_changes(struct weir_op *op, int port, const struct weir_change_batch *in, struct weir_err *err)
{
	struct materialize *self = (struct materialize *)op;
	struct weir_change_batch out;

	weir_change_batch_init(&out, in->arena, in->width);
	for (size_t i = 0; i < in->count; i++)
		if (!apply(self, &in->changes[i], weir_change_batch_append(&out), err))
			return false;
	return weir_op_emit_changes(op, &out, err);
}

static void materialize_close(struct weir_op *op)
{
	weir_row_codec_fini(&((struct materialize *)op)->codec);
}

const struct weir_op_type weir_op_materialize = {
	.name = "materialize",
	.size = sizeof(struct materialize),
	.open = materialize_open,
	.changes = materialize_changes,
	.close = materialize_close,
};
