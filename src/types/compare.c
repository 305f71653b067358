/* Three-way comparison across types, deep equality, hashing. */
#include "types/compare.h"

#include "types/cast.h"
#include "types/datetime.h"
#include "types/decimal.h"
#include "types/utf16.h"

#include <math.h>

static bool is_date_like(const struct weir_type *type)
{
	return type->kind == WEIR_KIND_DATE || type->kind == WEIR_KIND_TIMESTAMP;
}

static bool is_collection(const struct weir_type *type)
{
	return type->kind == WEIR_KIND_ARRAY || type->kind == WEIR_KIND_MAP || type->kind == WEIR_KIND_STRUCT;
}

bool weir_comparable(const struct weir_type *a, const struct weir_type *b, bool ordered)
{
	if (weir_type_is_numeric(a) && weir_type_is_numeric(b))
		return true;
	if (a->kind == WEIR_KIND_BOOLEAN || is_collection(a))
		return !ordered && a->kind == b->kind;
	bool a_string = a->kind == WEIR_KIND_STRING, b_string = b->kind == WEIR_KIND_STRING;
	if ((is_date_like(a) || a_string) && (is_date_like(b) || b_string))
		return true;
	if ((a->kind == WEIR_KIND_TIME || a_string) && (b->kind == WEIR_KIND_TIME || b_string))
		return true;
	return a->kind == b->kind && a->kind != WEIR_KIND_NULL;
}

int weir_string_compare(struct weir_slice a, struct weir_slice b)
{
	size_t common = a.len < b.len ? a.len : b.len, i = 0;

	while (i < common && a.ptr[i] == b.ptr[i])
		i++;
	if (i == common)
		return (a.len > b.len) - (a.len < b.len);
	unsigned char x = (unsigned char)a.ptr[i], y = (unsigned char)b.ptr[i];
	/* UTF-8 order is code point order; UTF-16 puts surrogates (lead byte F0…) below U+E000 (lead bytes EE, EF). */
	if (x >= 0xEE && y >= 0xEE && (x >= 0xF0) != (y >= 0xF0))
		return x >= 0xF0 ? -1 : 1;
	return x < y ? -1 : 1;
}

static int compare_signed_bytes(struct weir_slice a, struct weir_slice b)
{
	size_t common = a.len < b.len ? a.len : b.len;

	for (size_t i = 0; i < common; i++)
		if (a.ptr[i] != b.ptr[i])
			return (signed char)a.ptr[i] < (signed char)b.ptr[i] ? -1 : 1;
	return (a.len > b.len) - (a.len < b.len);
}

static double as_double(const struct weir_type *type, union weir_cell cell)
{
	switch (type->kind) {
	case WEIR_KIND_INTEGER:
		return cell.i32;
	case WEIR_KIND_BIGINT:
		return (double)cell.i64;
	default:
		return cell.f64;
	}
}

static bool as_decimal(const struct weir_type *type, union weir_cell cell, __int128 *ret_value, int *ret_scale)
{
	*ret_scale = 0;
	switch (type->kind) {
	case WEIR_KIND_INTEGER:
		*ret_value = cell.i32;
		return true;
	case WEIR_KIND_BIGINT:
		*ret_value = cell.i64;
		return true;
	case WEIR_KIND_DECIMAL:
		*ret_value = cell.decimal;
		*ret_scale = type->scale;
		return true;
	default:
		return weir_decimal_from_double(cell.f64, ret_value, ret_scale);
	}
}

static enum weir_result compare_numbers(const struct weir_type *type_a, union weir_cell a, const struct weir_type *type_b,
	union weir_cell b, enum weir_order *ret_order, struct weir_err *err)
{
	if (type_a->kind == WEIR_KIND_DECIMAL || type_b->kind == WEIR_KIND_DECIMAL) {
		__int128 x, y;
		int scale_x, scale_y;
		if (!as_decimal(type_a, a, &x, &scale_x) || !as_decimal(type_b, b, &y, &scale_y)) {
			weir_err_set(err, WEIR_E_EVALUATE, "NaN, infinite or very large DOUBLEs cannot be compared with a DECIMAL");
			return WEIR_FAILED;
		}
		*ret_order = (enum weir_order)weir_decimal_compare(x, scale_x, y, scale_y);
		return WEIR_VALUE;
	}
	if (type_a->kind == WEIR_KIND_DOUBLE || type_b->kind == WEIR_KIND_DOUBLE) {
		double x = as_double(type_a, a), y = as_double(type_b, b);
		*ret_order = isnan(x) || isnan(y) ? WEIR_UNORDERED : x < y ? WEIR_LESS : x > y ? WEIR_GREATER : WEIR_EQUAL;
		return WEIR_VALUE;
	}
	int64_t x = type_a->kind == WEIR_KIND_INTEGER ? a.i32 : a.i64, y = type_b->kind == WEIR_KIND_INTEGER ? b.i32 : b.i64;
	*ret_order = (enum weir_order)((x > y) - (x < y));
	return WEIR_VALUE;
}

/* Milliseconds of a DATE, TIMESTAMP, TIME or the text of one. */
static bool as_ms(const struct weir_type *type, union weir_cell cell, bool is_time, int64_t *ret_ms, struct weir_err *err)
{
	int32_t ms;

	switch (type->kind) {
	case WEIR_KIND_DATE:
		*ret_ms = cell.i32 * WEIR_MS_PER_DAY;
		return true;
	case WEIR_KIND_TIME:
		*ret_ms = cell.i32;
		return true;
	case WEIR_KIND_TIMESTAMP:
		*ret_ms = cell.i64;
		return true;
	default:
		if (!is_time)
			return weir_timestamp_parse(cell.str, ret_ms, err);
		if (!weir_time_parse(cell.str, &ms, err))
			return false;
		*ret_ms = ms;
		return true;
	}
}

static enum weir_result compare_times(const struct weir_type *type_a, union weir_cell a, const struct weir_type *type_b,
	union weir_cell b, enum weir_order *ret_order, struct weir_err *err)
{
	bool is_time = type_a->kind == WEIR_KIND_TIME || type_b->kind == WEIR_KIND_TIME;
	int64_t x, y;

	if (!as_ms(type_a, a, is_time, &x, err) || !as_ms(type_b, b, is_time, &y, err))
		return WEIR_FAILED;
	*ret_order = (enum weir_order)((x > y) - (x < y));
	return WEIR_VALUE;
}

static enum weir_order order_of(int sign)
{
	return sign < 0 ? WEIR_LESS : sign > 0 ? WEIR_GREATER : WEIR_EQUAL;
}

/* Deep equality that lets numbers and dates of different types meet. */
static enum weir_result compare_members(const struct weir_type *type_a, const union weir_cell *a, const uint64_t *nulls_a,
	const struct weir_type *type_b, const union weir_cell *b, const uint64_t *nulls_b, size_t count, enum weir_order *ret_order,
	struct weir_err *err)
{
	*ret_order = WEIR_EQUAL;
	for (size_t i = 0; i < count; i++) {
		bool null_a = weir_null_test(nulls_a, i), null_b = weir_null_test(nulls_b, i);
		if (null_a && null_b)
			continue;
		*ret_order = WEIR_LESS;
		if (null_a != null_b || !weir_comparable(type_a, type_b, false))
			return WEIR_VALUE;
		enum weir_result result = weir_compare(type_a, a[i], type_b, b[i], ret_order, err);
		if (result != WEIR_VALUE || *ret_order != WEIR_EQUAL)
			return result;
	}
	return WEIR_VALUE;
}

static const struct weir_value *find_entry(const struct weir_type *type, const struct weir_map_value *map, union weir_cell key,
	bool key_is_null, struct weir_value *storage)
{
	for (size_t i = 0; i < map->count; i++) {
		bool is_null = weir_null_test(map->key_nulls, i);
		if (is_null != key_is_null || (!is_null && !weir_cell_equals(type->key, map->keys[i], key)))
			continue;
		*storage = (struct weir_value){ .cell = map->values[i], .is_null = weir_null_test(map->value_nulls, i) };
		return storage;
	}
	return NULL;
}

static bool maps_equal(const struct weir_type *type, const struct weir_map_value *a, const struct weir_map_value *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		struct weir_value storage;
		bool is_null = weir_null_test(a->value_nulls, i);
		const struct weir_value *other = find_entry(type, b, a->keys[i], weir_null_test(a->key_nulls, i), &storage);
		if (!other || other->is_null != is_null ||
			(!is_null && !weir_cell_equals(type->element, a->values[i], other->cell)))
			return false;
	}
	return true;
}

static enum weir_result compare_collections(const struct weir_type *type_a, union weir_cell a, const struct weir_type *type_b,
	union weir_cell b, enum weir_order *ret_order, struct weir_err *err)
{
	*ret_order = WEIR_LESS;
	if (type_a->kind == WEIR_KIND_ARRAY) {
		if (a.array->count != b.array->count)
			return WEIR_VALUE;
		return compare_members(type_a->element, a.array->items, a.array->nulls, type_b->element, b.array->items,
			b.array->nulls, a.array->count, ret_order, err);
	}
	if (type_a->kind == WEIR_KIND_MAP) {
		if (weir_type_equals(type_a, type_b))
			*ret_order = maps_equal(type_a, a.map, b.map) ? WEIR_EQUAL : WEIR_LESS;
		return WEIR_VALUE;
	}
	if (weir_type_equals(type_a, type_b))
		*ret_order = weir_cell_equals(type_a, a, b) ? WEIR_EQUAL : WEIR_LESS;
	return WEIR_VALUE;
}

enum weir_result weir_compare(const struct weir_type *type_a, union weir_cell a, const struct weir_type *type_b, union weir_cell b,
	enum weir_order *ret_order, struct weir_err *err)
{
	if (weir_type_is_numeric(type_a))
		return compare_numbers(type_a, a, type_b, b, ret_order, err);
	if (type_a->kind == WEIR_KIND_STRING && type_b->kind == WEIR_KIND_STRING) {
		*ret_order = order_of(weir_string_compare(a.str, b.str));
		return WEIR_VALUE;
	}
	if (type_a->kind == WEIR_KIND_BYTES) {
		*ret_order = order_of(compare_signed_bytes(a.str, b.str));
		return WEIR_VALUE;
	}
	if (type_a->kind == WEIR_KIND_BOOLEAN) {
		*ret_order = order_of(a.boolean - b.boolean);
		return WEIR_VALUE;
	}
	if (is_collection(type_a))
		return compare_collections(type_a, a, type_b, b, ret_order, err);
	return compare_times(type_a, a, type_b, b, ret_order, err);
}

static bool members_equal(const struct weir_type *type, const union weir_cell *a, const uint64_t *nulls_a, const union weir_cell *b,
	const uint64_t *nulls_b, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool is_null = weir_null_test(nulls_a, i);
		if (is_null != weir_null_test(nulls_b, i) || (!is_null && !weir_cell_equals(type, a[i], b[i])))
			return false;
	}
	return true;
}

static bool structs_equal(const struct weir_type *type, const struct weir_struct_value *a, const struct weir_struct_value *b)
{
	for (size_t i = 0; i < type->field_count; i++) {
		bool is_null = weir_null_test(a->nulls, i);
		if (is_null != weir_null_test(b->nulls, i) ||
			(!is_null && !weir_cell_equals(type->fields[i].type, a->cells[i], b->cells[i])))
			return false;
	}
	return true;
}

bool weir_cell_equals(const struct weir_type *type, union weir_cell a, union weir_cell b)
{
	switch (type->kind) {
	case WEIR_KIND_NULL:
	case WEIR_KIND_COUNT:
		return true;
	case WEIR_KIND_BOOLEAN:
		return a.boolean == b.boolean;
	case WEIR_KIND_INTEGER:
	case WEIR_KIND_DATE:
	case WEIR_KIND_TIME:
		return a.i32 == b.i32;
	case WEIR_KIND_BIGINT:
	case WEIR_KIND_TIMESTAMP:
		return a.i64 == b.i64;
	case WEIR_KIND_DOUBLE:
		return memcmp(&a.f64, &b.f64, sizeof a.f64) == 0 || (isnan(a.f64) && isnan(b.f64));
	case WEIR_KIND_DECIMAL:
		return a.decimal == b.decimal;
	case WEIR_KIND_STRING:
	case WEIR_KIND_BYTES:
		return weir_slice_equals(a.str, b.str);
	case WEIR_KIND_ARRAY:
		return a.array->count == b.array->count &&
		       members_equal(type->element, a.array->items, a.array->nulls, b.array->items, b.array->nulls, a.array->count);
	case WEIR_KIND_MAP:
		return maps_equal(type, a.map, b.map);
	case WEIR_KIND_STRUCT:
		return structs_equal(type, a.record, b.record);
	}
	return false;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash ^= value + 0x9e3779b97f4a7c15u + (hash << 6) + (hash >> 2);
	return hash * 0xff51afd7ed558ccdu;
}

uint64_t weir_cell_hash(const struct weir_type *type, union weir_cell cell)
{
	uint64_t hash = 17;

	switch (type->kind) {
	case WEIR_KIND_STRING:
	case WEIR_KIND_BYTES:
		return weir_slice_hash(cell.str);
	case WEIR_KIND_BOOLEAN:
		return mix(hash, cell.boolean);
	case WEIR_KIND_INTEGER:
	case WEIR_KIND_DATE:
	case WEIR_KIND_TIME:
		return mix(hash, (uint32_t)cell.i32);
	case WEIR_KIND_DOUBLE:
		return isnan(cell.f64) ? 1 : mix(hash, (uint64_t)cell.i64);
	case WEIR_KIND_DECIMAL:
		return mix(mix(hash, (uint64_t)cell.decimal), (uint64_t)(cell.decimal >> 64));
	case WEIR_KIND_ARRAY:
		for (size_t i = 0; i < cell.array->count; i++)
			hash = mix(hash,
				weir_null_test(cell.array->nulls, i) ? 3 : weir_cell_hash(type->element, cell.array->items[i]));
		return hash;
	case WEIR_KIND_MAP:
		return mix(hash, cell.map->count);
	case WEIR_KIND_STRUCT:
		for (size_t i = 0; i < type->field_count; i++)
			hash = mix(hash, weir_null_test(cell.record->nulls, i)
						 ? 3
						 : weir_cell_hash(type->fields[i].type, cell.record->cells[i]));
		return hash;
	default:
		return mix(hash, (uint64_t)cell.i64);
	}
}
