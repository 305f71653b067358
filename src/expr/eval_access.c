/* struct->field, array[i], map[key]: NULL in, NULL out; nothing there: NULL (semantics §3.8). */
#include "expr/node.h"
#include "types/compare.h"

static enum weir_result eval_field(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	union weir_cell record;
	enum weir_result result = weir_node_run(node->children[0], context, row, &record, err);

	if (result != WEIR_VALUE)
		return result;
	if (weir_null_test(record.record->nulls, (size_t)node->index))
		return WEIR_NULL;
	*ret = record.record->cells[node->index];
	return WEIR_VALUE;
}

/* 1-based; negative counts from the end. */
static bool array_position(int32_t index, size_t count, size_t *ret)
{
	int64_t position = index > 0 ? (int64_t)index - 1 : (int64_t)count + index;

	if (index == 0 || position < 0 || position >= (int64_t)count)
		return false;
	*ret = (size_t)position;
	return true;
}

static enum weir_result eval_subscript(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *array, union weir_cell *index, struct weir_err *err)
{
	enum weir_result result = weir_node_run(node->children[0], context, row, array, err);

	if (result == WEIR_FAILED)
		return WEIR_FAILED;
	enum weir_result index_result = weir_node_run(node->children[1], context, row, index, err);
	if (index_result == WEIR_FAILED)
		return WEIR_FAILED;
	return result == WEIR_NULL || index_result == WEIR_NULL ? WEIR_NULL : WEIR_VALUE;
}

static enum weir_result eval_array_item(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	union weir_cell array, index;
	size_t position;
	enum weir_result result = eval_subscript(node, context, row, &array, &index, err);

	if (result != WEIR_VALUE)
		return result;
	if (!array_position(index.i32, array.array->count, &position) || weir_null_test(array.array->nulls, position))
		return WEIR_NULL;
	*ret = array.array->items[position];
	return WEIR_VALUE;
}

static enum weir_result eval_map_value(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	const struct weir_type *key_type = node->expr->children[0]->type->key;
	union weir_cell map_cell, key;
	enum weir_result result = eval_subscript(node, context, row, &map_cell, &key, err);

	if (result != WEIR_VALUE)
		return result;
	const struct weir_map_value *map = map_cell.map;
	for (size_t i = 0; i < map->count; i++) {
		if (weir_null_test(map->key_nulls, i) || !weir_cell_equals(key_type, map->keys[i], key))
			continue;
		if (weir_null_test(map->value_nulls, i))
			return WEIR_NULL;
		*ret = map->values[i];
		return WEIR_VALUE;
	}
	return WEIR_NULL;
}

/* A key of another type finds nothing; both sides are still evaluated. */
static enum weir_result eval_map_mismatch(const struct weir_node *node, struct weir_eval_context *context,
	const struct weir_row *row, union weir_cell *ret, struct weir_err *err)
{
	union weir_cell map, key;

	return eval_subscript(node, context, row, &map, &key, err) == WEIR_FAILED ? WEIR_FAILED : WEIR_NULL;
}

bool weir_compile_access(struct weir_compiler *compiler, struct weir_node *node)
{
	const struct weir_expr *expr = node->expr;

	if (expr->kind == WEIR_EXPR_FIELD)
		node->eval = eval_field;
	else if (expr->children[0]->type->kind == WEIR_KIND_ARRAY)
		node->eval = eval_array_item;
	else if (weir_type_equals(expr->children[0]->type->key, expr->children[1]->type))
		node->eval = eval_map_value;
	else
		node->eval = eval_map_mismatch;
	return true;
}
