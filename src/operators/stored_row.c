/* What a queryable store keeps, as the rows its node emits. */
#include "operators/list.h"
#include "operators/window.h"
#include "types/pack.h"

static bool is_aggregate(const struct weir_plan_node *node)
{
	return node->kind == WEIR_NODE_AGGREGATE || node->kind == WEIR_NODE_TABLE_AGGREGATE;
}

/* Takes the window out of a windowed store's key; see window_aggregate.c and session_aggregate.c. */
static bool take_window(
	const struct weir_window_spec *window, struct weir_slice *key, struct weir_window *ret, struct weir_err *err)
{
	bool is_session = window->type == WEIR_WINDOW_SESSION;
	size_t tail = is_session ? WEIR_SEGMENT_TAIL : 0;

	if (key->len < WEIR_SEGMENT_BYTES + tail)
		return weir_err_set(err, WEIR_E_STORE_CORRUPT, "A stored window's key is damaged");
	if (is_session) {
		ret->end_ms = weir_key_get_i64(key->ptr + key->len - 16);
		ret->start_ms = weir_key_get_i64(key->ptr + key->len - 8);
	} else {
		ret->start_ms = weir_key_get_i64(key->ptr);
		ret->end_ms = ret->start_ms + window->size_ms;
	}
	*key = weir_slice_make(key->ptr + WEIR_SEGMENT_BYTES, key->len - WEIR_SEGMENT_BYTES - tail);
	return true;
}

static bool windowed_row(const struct weir_plan_node *node, struct weir_arena *arena, struct weir_slice key,
	struct weir_slice value, struct weir_row *ret_row, struct weir_err *err)
{
	struct weir_window window;

	if (!take_window(&node->window, &key, &window, err) || !weir_group_row_read(node, arena, key, value, ret_row, err))
		return false;
	ret_row->has_window = true;
	ret_row->window = window;
	return true;
}

bool weir_stored_row(const struct weir_plan_node *node, struct weir_arena *arena, struct weir_slice key, struct weir_slice value,
	struct weir_row *ret_row, struct weir_err *err)
{
	struct weir_row_codec codec;

	*ret_row = (struct weir_row){ 0 };
	if (is_aggregate(node) && node->window.type != WEIR_WINDOW_NONE)
		return windowed_row(node, arena, key, value, ret_row, err);
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
