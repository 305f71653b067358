/* What a queryable store keeps, as the rows its node emits. */
#include "operators/list.h"
#include "types/pack.h"

static bool is_aggregate(const struct weir_plan_node *node)
{
	return node->kind == WEIR_NODE_AGGREGATE || node->kind == WEIR_NODE_TABLE_AGGREGATE;
}

bool weir_stored_row(const struct weir_plan_node *node, struct weir_arena *arena, struct weir_slice key, struct weir_slice value,
	struct weir_row *ret_row, struct weir_err *err)
{
	struct weir_row_codec codec;

	*ret_row = (struct weir_row){ 0 };
	if (is_aggregate(node))
		return weir_group_row_read(node, arena, key, value, ret_row, err);
	weir_row_codec_init(&codec, arena, node->schema);
	weir_row_alloc(ret_row, arena, codec.count);
	return weir_row_codec_read(&codec, key, value, arena, ret_row, err);
}

void weir_stored_key(const struct weir_plan_node *node, struct weir_arena *arena, const union weir_cell *keys,
	const uint64_t *nulls, struct weir_buf *out)
{
	const struct weir_schema *schema = is_aggregate(node) ? node->children[0]->schema : node->schema;
	const struct weir_type **types = WEIR_ARENA_ARRAY(arena, const struct weir_type *, schema->key_count);

	for (size_t i = 0; i < schema->key_count; i++)
		types[i] = schema->columns[i].type;
	weir_pack_cells(out, types, schema->key_count, keys, nulls, 0);
}
