/* ARRAY[…], MAP(…), STRUCT(…): items whose evaluation fails become NULL (containing children), collections live in the batch
 * arena. */
#include "expr/node.h"
#include "types/compare.h"

/* Evaluates children[first], [first + step], … into cells and nulls. */
static enum weir_result fill(const struct weir_node *node, size_t first, size_t step, struct weir_eval_context *context,
	const struct weir_row *row, union weir_cell *cells, uint64_t *nulls, struct weir_err *err)
{
	size_t at = 0;

	for (size_t i = first; i < node->child_count; i += step, at++) {
		enum weir_result result = weir_node_run(node->children[i], context, row, &cells[at], err);

		if (result == WEIR_FAILED)
			return WEIR_FAILED;
		if (result == WEIR_NULL)
			weir_null_set(nulls, at);
	}
	return WEIR_VALUE;
}

static union weir_cell *new_cells(struct weir_arena *arena, size_t count)
{
	return WEIR_ARENA_ARRAY(arena, union weir_cell, count ? count : 1);
}

static uint64_t *new_nulls(struct weir_arena *arena, size_t count)
{
	return WEIR_ARENA_ARRAY(arena, uint64_t, weir_null_words(count ? count : 1));
}

static enum weir_result eval_array(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	struct weir_array *array = WEIR_ARENA_NEW(context->arena, struct weir_array);
	union weir_cell *items = new_cells(context->arena, node->child_count);
	uint64_t *nulls = new_nulls(context->arena, node->child_count);

	if (fill(node, 0, 1, context, row, items, nulls, err) == WEIR_FAILED)
		return WEIR_FAILED;
	*array = (struct weir_array){ .count = node->child_count, .items = items, .nulls = nulls };
	ret->array = array;
	return WEIR_VALUE;
}

static enum weir_result eval_struct(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	struct weir_struct_value *record = WEIR_ARENA_NEW(context->arena, struct weir_struct_value);
	union weir_cell *cells = new_cells(context->arena, node->child_count);
	uint64_t *nulls = new_nulls(context->arena, node->child_count);

	if (fill(node, 0, 1, context, row, cells, nulls, err) == WEIR_FAILED)
		return WEIR_FAILED;
	*record = (struct weir_struct_value){ .cells = cells, .nulls = nulls };
	ret->record = record;
	return WEIR_VALUE;
}

/* Keys are unique: a later entry replaces an earlier one's value. */
static size_t find_key(const struct weir_type *type, const struct weir_map_value *map, union weir_cell key, bool is_null)
{
	for (size_t i = 0; i < map->count; i++) {
		bool other_is_null = weir_null_test(map->key_nulls, i);

		if (is_null ? other_is_null : (!other_is_null && weir_cell_equals(type, map->keys[i], key)))
			return i;
	}
	return map->count;
}

static void put_entry(const struct weir_type *type, struct weir_map_value *map, union weir_cell key, bool key_is_null,
	union weir_cell value, bool value_is_null)
{
	size_t at = find_key(type, map, key, key_is_null);
	union weir_cell *keys = (union weir_cell *)map->keys, *values = (union weir_cell *)map->values;

	keys[at] = key;
	values[at] = value;
	weir_null_assign((uint64_t *)map->key_nulls, at, key_is_null);
	weir_null_assign((uint64_t *)map->value_nulls, at, value_is_null);
	if (at == map->count)
		map->count++;
}

static enum weir_result eval_map(const struct weir_node *node, struct weir_eval_context *context, const struct weir_row *row,
	union weir_cell *ret, struct weir_err *err)
{
	size_t count = node->child_count / 2;
	union weir_cell *keys = new_cells(context->arena, count), *values = new_cells(context->arena, count);
	uint64_t *key_nulls = new_nulls(context->arena, count), *value_nulls = new_nulls(context->arena, count);
	struct weir_map_value *map = WEIR_ARENA_NEW(context->arena, struct weir_map_value);

	if (fill(node, 0, 2, context, row, keys, key_nulls, err) == WEIR_FAILED ||
		fill(node, 1, 2, context, row, values, value_nulls, err) == WEIR_FAILED)
		return WEIR_FAILED;
	*map = (struct weir_map_value){
		.keys = new_cells(context->arena, count),
		.values = new_cells(context->arena, count),
		.key_nulls = new_nulls(context->arena, count),
		.value_nulls = new_nulls(context->arena, count),
		.table_entries = count,
	};
	for (size_t i = 0; i < count; i++)
		put_entry(node->expr->type->key, map, keys[i], weir_null_test(key_nulls, i), values[i],
			weir_null_test(value_nulls, i));
	ret->map = map;
	return WEIR_VALUE;
}

bool weir_compile_constructor(struct weir_compiler *compiler, struct weir_node *node)
{
	switch (node->expr->kind) {
	case WEIR_EXPR_ARRAY:
		node->eval = eval_array;
		break;
	case WEIR_EXPR_MAP:
		node->eval = eval_map;
		break;
	default:
		node->eval = eval_struct;
		break;
	}
	return true;
}
