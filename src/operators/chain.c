/* Builds chains from plan nodes. */
#include "operators/list.h"

static const struct weir_op_type *type_of(const struct weir_plan_node *node)
{
	switch (node->kind) {
	case WEIR_NODE_FILTER:
		return &weir_op_filter;
	case WEIR_NODE_TABLE_FILTER:
		return &weir_op_table_filter;
	case WEIR_NODE_PROJECT:
		return &weir_op_project;
	case WEIR_NODE_TABLE_PROJECT:
		return &weir_op_table_project;
	case WEIR_NODE_REKEY:
		return &weir_op_rekey;
	case WEIR_NODE_TABLE_FUNCTIONS:
		return &weir_op_table_functions;
	case WEIR_NODE_GROUP_KEY:
		return &weir_op_group_key;
	case WEIR_NODE_TABLE_GROUP_KEY:
		return &weir_op_table_group_key;
	case WEIR_NODE_AGGREGATE:
		return node->window.type == WEIR_WINDOW_NONE      ? &weir_op_aggregate
		       : node->window.type == WEIR_WINDOW_SESSION ? &weir_op_session_aggregate
								  : &weir_op_window_aggregate;
	case WEIR_NODE_TABLE_AGGREGATE:
		return &weir_op_aggregate;
	case WEIR_NODE_STREAM_TABLE_JOIN:
		return &weir_op_stream_table_join;
	case WEIR_NODE_MATERIALIZE:
		return &weir_op_materialize;
	default:
		return NULL;
	}
}

struct builder {
	struct weir_op_env *env;
	struct weir_chain *chain;
	struct weir_op **last;
	struct weir_err *err;
};

static struct weir_op *new_op(
	struct builder *builder, const struct weir_op_type *type, const struct weir_plan_node *node, struct weir_op *down, int port)
{
	struct weir_op *op = weir_arena_alloc_zero(builder->env->task_arena, type->size);

	op->type = type;
	op->node = node;
	op->env = builder->env;
	op->down = down;
	op->down_port = port;
	*builder->last = op;
	builder->last = &op->next;
	return op;
}

static bool build(struct builder *builder, const struct weir_plan_node *node, struct weir_op *down, int port)
{
	if (node->kind == WEIR_NODE_SOURCE) {
		builder->chain->inputs[node->input] = down;
		builder->chain->input_ports[node->input] = port;
		return true;
	}
	const struct weir_op_type *type = type_of(node);
	if (!type)
		return weir_err_set(builder->err, WEIR_E_NOT_SUPPORTED, "An operator of this query's plan is not supported yet");
	struct weir_op *op = new_op(builder, type, node, down, port);
	if (type->open && !type->open(op, builder->err))
		return false;
	for (int i = 0; i < 2; i++)
		if (node->children[i] && !build(builder, node->children[i], op, i))
			return false;
	return true;
}

bool weir_chain_new(struct weir_op_env *env, const struct weir_plan_node *root, size_t input_count, struct weir_op *output,
	struct weir_chain *ret, struct weir_err *err)
{
	*ret = (struct weir_chain){
		.inputs = WEIR_ARENA_ARRAY(env->task_arena, struct weir_op *, input_count),
		.input_ports = WEIR_ARENA_ARRAY(env->task_arena, int, input_count),
		.input_count = input_count,
		.output = output,
	};
	struct builder builder = { .env = env, .chain = ret, .last = &ret->first, .err = err };
	return build(&builder, root, output, 0);
}

/* The path from root to node, built from the top. */
static bool build_path(struct builder *builder, const struct weir_plan_node *at, const struct weir_plan_node *node,
	struct weir_op *down, struct weir_op **ret_entry)
{
	if (at == node) {
		*ret_entry = down;
		return true;
	}
	const struct weir_op_type *type = type_of(at);
	if (!type || !at->children[0] || at->children[1])
		return weir_err_set(builder->err, WEIR_E_INTERNAL, "A stored row cannot pass this operator");
	struct weir_op *op = new_op(builder, type, at, down, 0);
	return (!type->open || type->open(op, builder->err)) && build_path(builder, at->children[0], node, op, ret_entry);
}

bool weir_chain_above(struct weir_op_env *env, const struct weir_plan_node *root, const struct weir_plan_node *node,
	struct weir_op *output, struct weir_chain *ret_chain, struct weir_op **ret_entry, struct weir_err *err)
{
	*ret_chain = (struct weir_chain){ .output = output };
	struct builder builder = { .env = env, .chain = ret_chain, .last = &ret_chain->first, .err = err };

	return build_path(&builder, root, node, output, ret_entry);
}

void weir_chain_close(struct weir_chain *chain)
{
	for (struct weir_op *op = chain->first; op; op = op->next)
		if (op != chain->output && op->type->close)
			op->type->close(op);
	chain->first = NULL;
}

/* The list goes from the output upwards; flushing must go from the sources down. */
static bool flush_from(struct weir_op *op, struct weir_err *err)
{
	if (!op)
		return true;
	if (!flush_from(op->next, err))
		return false;
	return !op->type->flush || op->type->flush(op, err);
}

bool weir_chain_flush(const struct weir_chain *chain, struct weir_err *err)
{
	return flush_from(chain->first, err);
}

bool weir_op_emit_rows(struct weir_op *op, const struct weir_batch *batch, struct weir_err *err)
{
	if (batch->count == 0)
		return true;
	op->rows_out += batch->count;
	op->down->rows_in += batch->count;
	return op->down->type->rows(op->down, op->down_port, batch, err);
}

bool weir_op_emit_changes(struct weir_op *op, const struct weir_change_batch *batch, struct weir_err *err)
{
	if (batch->count == 0)
		return true;
	op->rows_out += batch->count;
	op->down->rows_in += batch->count;
	return op->down->type->changes(op->down, op->down_port, batch, err);
}

void weir_op_drop(struct weir_op *op, enum weir_drop_reason reason, const struct weir_err *err)
{
	op->env->dropped[reason]++;
	if (err && op->env->on_error)
		op->env->on_error(op->env, err);
}

const char *weir_drop_reason_name(enum weir_drop_reason reason)
{
	static const char *const names[WEIR_DROP_COUNT] = {
		[WEIR_DROP_FILTERED] = "filtered",
		[WEIR_DROP_NULL_KEY] = "null key",
		[WEIR_DROP_NULL_VALUE] = "null value",
		[WEIR_DROP_BAD_RECORD] = "bad record",
		[WEIR_DROP_BAD_TIMESTAMP] = "bad timestamp",
		[WEIR_DROP_EVALUATION] = "evaluation error",
		[WEIR_DROP_LATE] = "late",
		[WEIR_DROP_UNWRITABLE] = "unwritable",
	};

	return names[reason];
}
