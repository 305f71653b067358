/* Rows as bytes in stores. */
#include "operators/op.h"
#include "types/pack.h"

void weir_row_codec_init(struct weir_row_codec *codec, struct weir_arena *arena, const struct weir_schema *schema)
{
	codec->types = WEIR_ARENA_ARRAY(arena, const struct weir_type *, schema->count);
	codec->count = schema->count;
	codec->key_count = schema->key_count;
	for (size_t i = 0; i < schema->count; i++)
		codec->types[i] = schema->columns[i].type;
	weir_buf_init(&codec->key, WEIR_BUF_NO_LIMIT);
	weir_buf_init(&codec->value, WEIR_BUF_NO_LIMIT);
}

void weir_row_codec_fini(struct weir_row_codec *codec)
{
	weir_buf_fini(&codec->key);
	weir_buf_fini(&codec->value);
}

struct weir_slice weir_row_codec_key(struct weir_row_codec *codec, const struct weir_row *row)
{
	weir_buf_reset(&codec->key);
	weir_pack_cells(&codec->key, codec->types, codec->key_count, row->cells, row->nulls, 0);
	return weir_buf_slice(&codec->key);
}

struct weir_slice weir_row_codec_value(struct weir_row_codec *codec, const struct weir_row *row)
{
	weir_buf_reset(&codec->value);
	weir_buf_append(&codec->value, &row->timestamp_ms, 8);
	weir_pack_cells(&codec->value, codec->types + codec->key_count, codec->count - codec->key_count,
		row->cells + codec->key_count, row->nulls, codec->key_count);
	return weir_buf_slice(&codec->value);
}

bool weir_row_codec_read(const struct weir_row_codec *codec, struct weir_slice key, struct weir_slice value,
	struct weir_arena *arena, struct weir_row *row, struct weir_err *err)
{
	if (key.ptr && !weir_unpack_cells(key, codec->types, codec->key_count, arena, row->cells, row->nulls, 0, NULL))
		return weir_err_set(err, WEIR_E_STORE_CORRUPT, "A stored key is damaged");
	if (!value.ptr)
		return true;
	if (value.len < 8 ||
		!weir_unpack_cells(weir_slice_make(value.ptr + 8, value.len - 8), codec->types + codec->key_count,
			codec->count - codec->key_count, arena, row->cells + codec->key_count, row->nulls, codec->key_count, NULL))
		return weir_err_set(err, WEIR_E_STORE_CORRUPT, "A stored row is damaged");
	memcpy(&row->timestamp_ms, value.ptr, 8);
	return true;
}
