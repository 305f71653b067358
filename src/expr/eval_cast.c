/* CAST. Widening integers, the most common implicit casts, are done in place. */
#include "expr/node.h"
#include "types/cast.h"

static enum weir_result eval_cast(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	union weir_cell cell;
	enum weir_result result = weir_node_run(node->children[0], context, row, &cell, err);

	if (result != WEIR_VALUE)
		return result;
	return weir_cast(node->children[0]->expr->type, node->expr->type, cell, context->arena, ret, err);
}

/* A text beside a date or time in a comparison: unlike CAST it is not trimmed. */
static enum weir_result eval_read_time(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	union weir_cell cell;
	enum weir_result result = weir_node_run(node->children[0], context, row, &cell, err);

	if (result != WEIR_VALUE)
		return result;
	if (weir_slice_trim(cell.str).len != cell.str.len) {
		weir_err_set(err, WEIR_E_EVALUATE, "The text '%.*s' is not a %s.", WEIR_SLICE_ARG(cell.str),
			weir_kind_name(node->expr->type->kind));
		return WEIR_FAILED;
	}
	return weir_cast(&weir_type_string, node->expr->type, cell, context->arena, ret, err);
}

static enum weir_result eval_int_to_bigint(const struct weir_node *node, struct weir_eval_context *context,
	const struct weir_row *row, union weir_cell *ret, struct weir_err *err)
{
	union weir_cell cell;
	enum weir_result result = weir_node_run(node->children[0], context, row, &cell, err);

	if (result == WEIR_VALUE)
		ret->i64 = cell.i32;
	return result;
}

static enum weir_result eval_int_to_double(const struct weir_node *node, struct weir_eval_context *context,
	const struct weir_row *row, union weir_cell *ret, struct weir_err *err)
{
	union weir_cell cell;
	enum weir_result result = weir_node_run(node->children[0], context, row, &cell, err);

	if (result == WEIR_VALUE)
		ret->f64 = cell.i32;
	return result;
}

static enum weir_result eval_same(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	return weir_node_run(node->children[0], context, row, ret, err);
}

bool weir_compile_cast(struct weir_compiler *compiler, struct weir_node *node)
{
	const struct weir_type *from = node->children[0]->expr->type, *to = node->expr->type;

	node->eval = eval_cast;
	if (weir_type_equals(from, to))
		node->eval = eval_same;
	else if (node->op == WEIR_CAST_STRICT && from->kind == WEIR_KIND_STRING)
		node->eval = eval_read_time;
	else if (from->kind == WEIR_KIND_INTEGER && to->kind == WEIR_KIND_BIGINT)
		node->eval = eval_int_to_bigint;
	else if (from->kind == WEIR_KIND_INTEGER && to->kind == WEIR_KIND_DOUBLE)
		node->eval = eval_int_to_double;
	return true;
}
