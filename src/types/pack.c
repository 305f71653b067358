/* Packing of cells; the layout is described in pack.h. */
#include "types/pack.h"

void weir_varint_write(struct weir_buf *out, uint64_t value)
{
	unsigned char bytes[10];
	size_t len = 0;

	for (; value >= 0x80; value >>= 7)
		bytes[len++] = (unsigned char)(value | 0x80);
	bytes[len++] = (unsigned char)value;
	weir_buf_append(out, bytes, len);
}

size_t weir_varint_read(struct weir_slice bytes, uint64_t *ret_value)
{
	uint64_t value = 0;

	for (size_t i = 0; i < bytes.len && i < 10; i++) {
		value |= (uint64_t)(bytes.ptr[i] & 0x7f) << (7 * i);
		if (!(bytes.ptr[i] & 0x80)) {
			*ret_value = value;
			return i + 1;
		}
	}
	return 0;
}

/* Types of a homogeneous list without an array of them. */
struct type_list {
	const struct weir_type *const *types;
	const struct weir_type *same;
	const struct weir_field *fields;
};

static const struct weir_type *type_at(const struct type_list *list, size_t i)
{
	return list->same ? list->same : list->fields ? list->fields[i].type : list->types[i];
}

static void pack_list(struct weir_buf *out, const struct type_list *list, size_t count, const union weir_cell *cells,
	const uint64_t *nulls, size_t first_null_bit);

static void pack_cell(struct weir_buf *out, const struct weir_type *type, const union weir_cell *cell)
{
	struct type_list list = { 0 };

	switch (type->kind) {
	case WEIR_KIND_NULL:
	case WEIR_KIND_COUNT:
		break;
	case WEIR_KIND_BOOLEAN:
		weir_buf_append_byte(out, cell->boolean);
		break;
	case WEIR_KIND_INTEGER:
	case WEIR_KIND_DATE:
	case WEIR_KIND_TIME:
		weir_buf_append(out, &cell->i32, 4);
		break;
	case WEIR_KIND_BIGINT:
	case WEIR_KIND_TIMESTAMP:
	case WEIR_KIND_DOUBLE:
		weir_buf_append(out, &cell->i64, 8);
		break;
	case WEIR_KIND_DECIMAL:
		weir_buf_append(out, &cell->decimal, 16);
		break;
	case WEIR_KIND_STRING:
	case WEIR_KIND_BYTES:
		weir_varint_write(out, cell->str.len);
		weir_buf_append_slice(out, cell->str);
		break;
	case WEIR_KIND_ARRAY:
		weir_varint_write(out, cell->array->count);
		list.same = type->element;
		pack_list(out, &list, cell->array->count, cell->array->items, cell->array->nulls, 0);
		break;
	case WEIR_KIND_MAP:
		weir_varint_write(out, cell->map->count);
		list.same = type->key;
		pack_list(out, &list, cell->map->count, cell->map->keys, cell->map->key_nulls, 0);
		list.same = type->element;
		pack_list(out, &list, cell->map->count, cell->map->values, cell->map->value_nulls, 0);
		break;
	case WEIR_KIND_STRUCT:
		list.fields = type->fields;
		pack_list(out, &list, type->field_count, cell->record->cells, cell->record->nulls, 0);
		break;
	}
}

static void pack_list(struct weir_buf *out, const struct type_list *list, size_t count, const union weir_cell *cells,
	const uint64_t *nulls, size_t first_null_bit)
{
	size_t bitmap = (count + 7) / 8, start = out->len;

	if (!weir_buf_reserve(out, bitmap))
		return;
	memset(out->data + start, 0, bitmap);
	out->len += bitmap;
	for (size_t i = 0; i < count; i++) {
		if (weir_null_test(nulls, first_null_bit + i))
			out->data[start + i / 8] |= (char)(1 << (i % 8));
		else
			pack_cell(out, type_at(list, i), &cells[i]);
	}
}

void weir_pack_cells(struct weir_buf *out, const struct weir_type *const *types, size_t count, const union weir_cell *cells,
	const uint64_t *nulls, size_t first_null_bit)
{
	struct type_list list = { .types = types };

	pack_list(out, &list, count, cells, nulls, first_null_bit);
}

/* ---- Unpacking ---- */

struct reader {
	struct weir_slice rest;
	struct weir_arena *arena;
};

static bool take(struct reader *reader, void *to, size_t len)
{
	if (reader->rest.len < len)
		return false;
	memcpy(to, reader->rest.ptr, len);
	reader->rest = weir_slice_make(reader->rest.ptr + len, reader->rest.len - len);
	return true;
}

static bool take_varint(struct reader *reader, uint64_t *ret_value)
{
	size_t used = weir_varint_read(reader->rest, ret_value);

	reader->rest = weir_slice_make(reader->rest.ptr + used, reader->rest.len - used);
	return used > 0;
}

static bool unpack_list(struct reader *reader, const struct type_list *list, size_t count, union weir_cell *cells, uint64_t *nulls,
	size_t first_null_bit);

static bool unpack_new_list(
	struct reader *reader, const struct type_list *list, size_t count, union weir_cell **ret_cells, uint64_t **ret_nulls)
{
	if (count / 8 > reader->rest.len) /* not even its bitmap is there */
		return false;
	*ret_cells = weir_arena_alloc(reader->arena, count * sizeof **ret_cells);
	*ret_nulls = weir_arena_alloc_zero(reader->arena, (weir_null_words(count) + 1) * sizeof **ret_nulls);
	return unpack_list(reader, list, count, *ret_cells, *ret_nulls, 0);
}

static bool unpack_array(struct reader *reader, const struct weir_type *type, union weir_cell *cell)
{
	struct type_list list = { .same = type->element };
	struct weir_array *array = WEIR_ARENA_NEW(reader->arena, struct weir_array);
	union weir_cell *items;
	uint64_t *nulls, count;

	if (!take_varint(reader, &count) || !unpack_new_list(reader, &list, count, &items, &nulls))
		return false;
	*array = (struct weir_array){ .count = count, .items = items, .nulls = nulls };
	cell->array = array;
	return true;
}

static bool unpack_map(struct reader *reader, const struct weir_type *type, union weir_cell *cell)
{
	struct type_list key_list = { .same = type->key }, value_list = { .same = type->element };
	struct weir_map_value *map = WEIR_ARENA_NEW(reader->arena, struct weir_map_value);
	union weir_cell *keys, *values;
	uint64_t *key_nulls, *value_nulls, count;

	if (!take_varint(reader, &count) || !unpack_new_list(reader, &key_list, count, &keys, &key_nulls) ||
		!unpack_new_list(reader, &value_list, count, &values, &value_nulls))
		return false;
	*map = (struct weir_map_value){
		.count = count, .keys = keys, .values = values, .key_nulls = key_nulls, .value_nulls = value_nulls
	};
	cell->map = map;
	return true;
}

static bool unpack_struct(struct reader *reader, const struct weir_type *type, union weir_cell *cell)
{
	struct type_list list = { .fields = type->fields };
	struct weir_struct_value *record = WEIR_ARENA_NEW(reader->arena, struct weir_struct_value);
	union weir_cell *cells;
	uint64_t *nulls;

	if (!unpack_new_list(reader, &list, type->field_count, &cells, &nulls))
		return false;
	*record = (struct weir_struct_value){ .cells = cells, .nulls = nulls };
	cell->record = record;
	return true;
}

static bool unpack_cell(struct reader *reader, const struct weir_type *type, union weir_cell *cell)
{
	uint64_t len;
	char byte;

	switch (type->kind) {
	case WEIR_KIND_NULL:
	case WEIR_KIND_COUNT:
		return true;
	case WEIR_KIND_BOOLEAN:
		if (!take(reader, &byte, 1))
			return false;
		cell->boolean = byte != 0;
		return true;
	case WEIR_KIND_INTEGER:
	case WEIR_KIND_DATE:
	case WEIR_KIND_TIME:
		return take(reader, &cell->i32, 4);
	case WEIR_KIND_BIGINT:
	case WEIR_KIND_TIMESTAMP:
	case WEIR_KIND_DOUBLE:
		return take(reader, &cell->i64, 8);
	case WEIR_KIND_DECIMAL:
		return take(reader, &cell->decimal, 16);
	case WEIR_KIND_STRING:
	case WEIR_KIND_BYTES:
		if (!take_varint(reader, &len) || len > reader->rest.len)
			return false;
		cell->str = weir_slice_make(reader->rest.ptr, len);
		reader->rest = weir_slice_make(reader->rest.ptr + len, reader->rest.len - len);
		return true;
	case WEIR_KIND_ARRAY:
		return unpack_array(reader, type, cell);
	case WEIR_KIND_MAP:
		return unpack_map(reader, type, cell);
	case WEIR_KIND_STRUCT:
		return unpack_struct(reader, type, cell);
	}
	return false;
}

static bool unpack_list(struct reader *reader, const struct type_list *list, size_t count, union weir_cell *cells, uint64_t *nulls,
	size_t first_null_bit)
{
	size_t bitmap = (count + 7) / 8;
	const char *bits = reader->rest.ptr;

	if (reader->rest.len < bitmap)
		return false;
	reader->rest = weir_slice_make(reader->rest.ptr + bitmap, reader->rest.len - bitmap);
	for (size_t i = 0; i < count; i++) {
		bool is_null = bits[i / 8] >> (i % 8) & 1;
		weir_null_assign(nulls, first_null_bit + i, is_null);
		if (!is_null && !unpack_cell(reader, type_at(list, i), &cells[i]))
			return false;
	}
	return true;
}

bool weir_unpack_cells(struct weir_slice bytes, const struct weir_type *const *types, size_t count, struct weir_arena *arena,
	union weir_cell *cells, uint64_t *nulls, size_t first_null_bit, size_t *ret_used)
{
	struct reader reader = { .rest = bytes, .arena = arena };
	struct type_list list = { .types = types };

	if (!unpack_list(&reader, &list, count, cells, nulls, first_null_bit))
		return false;
	if (ret_used)
		*ret_used = bytes.len - reader.rest.len;
	return true;
}

union weir_cell weir_cell_copy(struct weir_arena *arena, const struct weir_type *type, union weir_cell cell)
{
	struct weir_buf packed;
	union weir_cell copy = cell;
	uint64_t nulls = 0;

	if (type->kind == WEIR_KIND_STRING || type->kind == WEIR_KIND_BYTES) {
		copy.str = weir_arena_copy(arena, cell.str);
		return copy;
	}
	if (type->kind < WEIR_KIND_ARRAY)
		return copy;
	weir_buf_init(&packed, WEIR_BUF_NO_LIMIT);
	weir_pack_cells(&packed, &type, 1, &cell, &nulls, 0);
	weir_unpack_cells(weir_arena_copy(arena, weir_buf_slice(&packed)), &type, 1, arena, &copy, &nulls, 0, NULL);
	weir_buf_fini(&packed);
	return copy;
}
