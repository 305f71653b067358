/* CAST between all pairs of types that have one. */
#include "types/cast.h"

#include "types/datetime.h"
#include "types/decimal.h"
#include "types/text.h"
#include "types/utf16.h"

#include <math.h>
#include <stdio.h>

int weir_numeric_rank(const struct weir_type *type)
{
	switch (type->kind) {
	case WEIR_KIND_INTEGER:
		return 0;
	case WEIR_KIND_BIGINT:
		return 1;
	case WEIR_KIND_DECIMAL:
		return 2;
	case WEIR_KIND_DOUBLE:
		return 3;
	default:
		return -1;
	}
}

static bool scalar_cast_exists(enum weir_kind from, enum weir_kind to)
{
	switch (from) {
	case WEIR_KIND_BOOLEAN:
		return to == WEIR_KIND_STRING;
	case WEIR_KIND_INTEGER:
	case WEIR_KIND_BIGINT:
	case WEIR_KIND_DECIMAL:
	case WEIR_KIND_DOUBLE:
		return to == WEIR_KIND_INTEGER || to == WEIR_KIND_BIGINT || to == WEIR_KIND_DECIMAL || to == WEIR_KIND_DOUBLE ||
		       to == WEIR_KIND_STRING;
	case WEIR_KIND_STRING:
		return to <= WEIR_KIND_TIMESTAMP;
	case WEIR_KIND_TIMESTAMP:
		return to == WEIR_KIND_STRING || to == WEIR_KIND_TIME || to == WEIR_KIND_DATE;
	case WEIR_KIND_DATE:
		return to == WEIR_KIND_TIMESTAMP || to == WEIR_KIND_STRING;
	case WEIR_KIND_TIME:
	case WEIR_KIND_ARRAY:
	case WEIR_KIND_MAP:
	case WEIR_KIND_STRUCT:
		return to == WEIR_KIND_STRING;
	default:
		return false;
	}
}

static bool struct_cast_exists(const struct weir_type *from, const struct weir_type *to)
{
	for (size_t i = 0; i < to->field_count; i++) {
		int source = weir_type_field_index(from, to->fields[i].name);
		if (source >= 0 && !weir_cast_exists(from->fields[source].type, to->fields[i].type))
			return false;
	}
	return true;
}

bool weir_cast_exists(const struct weir_type *from, const struct weir_type *to)
{
	if (from->kind == WEIR_KIND_NULL || weir_type_equals(from, to))
		return true;
	if (from->kind != to->kind)
		return scalar_cast_exists(from->kind, to->kind);
	if (from->kind == WEIR_KIND_ARRAY)
		return weir_cast_exists(from->element, to->element);
	if (from->kind == WEIR_KIND_MAP)
		return weir_cast_exists(from->key, to->key) && weir_cast_exists(from->element, to->element);
	return from->kind != WEIR_KIND_STRUCT || struct_cast_exists(from, to);
}

bool weir_cast_is_implicit(const struct weir_type *from, const struct weir_type *to)
{
	if (weir_type_equals(from, to))
		return true;
	if (weir_type_is_numeric(from) && weir_type_is_numeric(to))
		return weir_numeric_rank(from) < weir_numeric_rank(to) || (from->kind == to->kind);
	if (from->kind == WEIR_KIND_STRING)
		return to->kind == WEIR_KIND_DATE || to->kind == WEIR_KIND_TIME || to->kind == WEIR_KIND_TIMESTAMP ||
		       to->kind == WEIR_KIND_BYTES;
	if (from->kind != to->kind)
		return false;
	if (from->kind == WEIR_KIND_ARRAY)
		return weir_cast_is_implicit(from->element, to->element);
	if (from->kind == WEIR_KIND_MAP)
		return weir_cast_is_implicit(from->key, to->key) && weir_cast_is_implicit(from->element, to->element);
	return false;
}

/* ---- From STRING ---- */

static enum weir_result fail_text(struct weir_slice text, const struct weir_type *to, struct weir_err *err)
{
	weir_err_set(err, WEIR_E_EVALUATE, "'%.*s' cannot be read as %s", (int)(text.len > 200 ? 200 : text.len), text.ptr,
		weir_kind_name(to->kind));
	return WEIR_FAILED;
}

static bool is_boolean_true(struct weir_slice text)
{
	static const struct weir_slice words[] = { { "true", 4 }, { "yes", 3 } };

	for (size_t i = 0; i < 2; i++)
		if (text.len && text.len <= words[i].len && weir_slice_equals_nocase(text, weir_slice_make(words[i].ptr, text.len)))
			return true;
	return false;
}

/* Decimal digits of any script: the common ones, each a run of ten from its zero. */
static int digit_of(uint32_t code)
{
	static const uint32_t zeros[] = { '0', 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66,
		0xDE6, 0xE50, 0xED0, 0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0xFF10 };

	for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++)
		if (code >= zeros[i] && code < zeros[i] + 10)
			return (int)(code - zeros[i]);
	return -1;
}

static bool parse_integer(struct weir_slice text, int64_t *ret_value)
{
	if (weir_slice_to_i64(text, ret_value))
		return true;
	bool negative = text.len && text.ptr[0] == '-';
	size_t i = text.len && (text.ptr[0] == '-' || text.ptr[0] == '+');
	int64_t value = 0;
	if (i == text.len)
		return false;
	while (i < text.len) {
		size_t len;
		int digit = digit_of(weir_utf8_decode(weir_slice_make(text.ptr + i, text.len - i), &len));
		if (digit < 0 || __builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, digit, &value))
			return false;
		i += len;
	}
	*ret_value = negative ? -value : value;
	return true;
}

static enum weir_result cast_string_to_number(
	struct weir_slice text, const struct weir_type *to, union weir_cell *ret, struct weir_err *err)
{
	int64_t integer;
	__int128 decimal;
	int scale;

	switch (to->kind) {
	case WEIR_KIND_INTEGER:
		if (!parse_integer(text, &integer) || integer > INT32_MAX || integer < INT32_MIN)
			return fail_text(text, to, err);
		ret->i32 = (int32_t)integer;
		return WEIR_VALUE;
	case WEIR_KIND_BIGINT:
		return parse_integer(text, &ret->i64) ? WEIR_VALUE : fail_text(text, to, err);
	case WEIR_KIND_DOUBLE:
		return weir_double_parse(text, false, &ret->f64) && isfinite(ret->f64) ? WEIR_VALUE : fail_text(text, to, err);
	default:
		if (!weir_decimal_parse(text, &decimal, &scale))
			return fail_text(text, to, err);
		return weir_decimal_cast(decimal, scale, to, &ret->decimal, err) ? WEIR_VALUE : WEIR_FAILED;
	}
}

static enum weir_result cast_from_string(
	const struct weir_type *to, struct weir_slice raw, struct weir_arena *arena, union weir_cell *ret, struct weir_err *err)
{
	struct weir_slice text = weir_slice_trim(raw);

	switch (to->kind) {
	case WEIR_KIND_BOOLEAN:
		ret->boolean = is_boolean_true(text);
		return WEIR_VALUE;
	case WEIR_KIND_DATE:
		return weir_date_parse(text, &ret->i32, err) ? WEIR_VALUE : WEIR_FAILED;
	case WEIR_KIND_TIME:
		return weir_time_parse(text, &ret->i32, err) ? WEIR_VALUE : WEIR_FAILED;
	case WEIR_KIND_TIMESTAMP:
		return weir_timestamp_parse(text, &ret->i64, err) ? WEIR_VALUE : WEIR_FAILED;
	case WEIR_KIND_BYTES:
		return weir_base64_parse(arena, text, true, &ret->str) ? WEIR_VALUE : fail_text(text, to, err);
	default:
		return cast_string_to_number(text, to, ret, err);
	}
}

/* ---- Numbers ---- */

static int64_t saturate(double value, int64_t low, int64_t high)
{
	if (isnan(value))
		return 0;
	if (value >= (double)high)
		return high;
	return value <= (double)low ? low : (int64_t)value;
}

/* How the last digit is cut: by the double's exact value, which is a little above or below its shortest text (9.95 is 9.9499…). */
static enum weir_rounding cut_rounding(double value, int precision)
{
	char digits[64];

	snprintf(digits, sizeof digits, "%.44e", value < 0 ? -value : value);
	return digits[precision == 0 ? 0 : precision + 1] >= '5' ? WEIR_ROUND_HALF_UP : WEIR_ROUND_DOWN;
}

static enum weir_result cast_double(double value, const struct weir_type *to, union weir_cell *ret, struct weir_err *err)
{
	__int128 decimal;
	int scale;

	switch (to->kind) {
	case WEIR_KIND_INTEGER:
		ret->i32 = (int32_t)saturate(value, INT32_MIN, INT32_MAX);
		return WEIR_VALUE;
	case WEIR_KIND_BIGINT:
		ret->i64 = saturate(value, INT64_MIN, INT64_MAX);
		return WEIR_VALUE;
	default:
		if (!weir_decimal_from_double(value, &decimal, &scale)) {
			weir_err_set(err, WEIR_E_EVALUATE, "A DOUBLE that is NaN, infinite or very large has no DECIMAL");
			return WEIR_FAILED;
		}
		for (int digits = weir_decimal_digits(decimal); digits > to->precision;
			digits--, scale--) /* cut to p significant digits */
			weir_decimal_rescale(decimal, 1, 0,
				digits - 1 == to->precision ? cut_rounding(value, to->precision) : WEIR_ROUND_DOWN, &decimal);
		return weir_decimal_cast(decimal, scale, to, &ret->decimal, err) ? WEIR_VALUE : WEIR_FAILED;
	}
}

static enum weir_result cast_integer(int64_t value, const struct weir_type *to, union weir_cell *ret, struct weir_err *err)
{
	switch (to->kind) {
	case WEIR_KIND_INTEGER:
		ret->i32 = (int32_t)value;
		return WEIR_VALUE;
	case WEIR_KIND_BIGINT:
		ret->i64 = value;
		return WEIR_VALUE;
	case WEIR_KIND_DOUBLE:
		ret->f64 = (double)value;
		return WEIR_VALUE;
	default:
		return weir_decimal_cast(value, 0, to, &ret->decimal, err) ? WEIR_VALUE : WEIR_FAILED;
	}
}

static enum weir_result cast_decimal(
	const struct weir_type *from, __int128 value, const struct weir_type *to, union weir_cell *ret, struct weir_err *err)
{
	switch (to->kind) {
	case WEIR_KIND_INTEGER:
		ret->i32 = (int32_t)weir_decimal_to_i64(value, from->scale);
		return WEIR_VALUE;
	case WEIR_KIND_BIGINT:
		ret->i64 = weir_decimal_to_i64(value, from->scale);
		return WEIR_VALUE;
	case WEIR_KIND_DOUBLE:
		ret->f64 = weir_decimal_to_double(value, from->scale);
		return WEIR_VALUE;
	default:
		return weir_decimal_cast(value, from->scale, to, &ret->decimal, err) ? WEIR_VALUE : WEIR_FAILED;
	}
}

/* ---- Containers ---- */

/* Converts `count` members; a member that fails becomes NULL in its place only if its cast is contained, which is the caller's
 * matter: here a failure is the whole cast's. */
static enum weir_result cast_members(const struct weir_type *from, const struct weir_type *to, const union weir_cell *items,
	const uint64_t *nulls, size_t count, struct weir_arena *arena, union weir_cell **ret_items, uint64_t **ret_nulls,
	struct weir_err *err)
{
	union weir_cell *out = weir_arena_alloc(arena, count * sizeof *out);
	uint64_t *out_nulls = weir_arena_alloc_zero(arena, (weir_null_words(count) + 1) * sizeof *out_nulls);

	for (size_t i = 0; i < count; i++) {
		enum weir_result result = weir_null_test(nulls, i) ? WEIR_NULL : weir_cast(from, to, items[i], arena, &out[i], err);
		if (result == WEIR_FAILED)
			return WEIR_FAILED;
		if (result == WEIR_NULL)
			weir_null_set(out_nulls, i);
	}
	*ret_items = out;
	*ret_nulls = out_nulls;
	return WEIR_VALUE;
}

static enum weir_result cast_array(const struct weir_type *from, const struct weir_type *to, const struct weir_array *in,
	struct weir_arena *arena, union weir_cell *ret, struct weir_err *err)
{
	struct weir_array *array = WEIR_ARENA_NEW(arena, struct weir_array);
	union weir_cell *items;
	uint64_t *nulls;

	if (cast_members(from->element, to->element, in->items, in->nulls, in->count, arena, &items, &nulls, err) == WEIR_FAILED)
		return WEIR_FAILED;
	*array = (struct weir_array){ .count = in->count, .items = items, .nulls = nulls };
	ret->array = array;
	return WEIR_VALUE;
}

static enum weir_result cast_map(const struct weir_type *from, const struct weir_type *to, const struct weir_map_value *in,
	struct weir_arena *arena, union weir_cell *ret, struct weir_err *err)
{
	struct weir_map_value *map = WEIR_ARENA_NEW(arena, struct weir_map_value);
	union weir_cell *keys, *values;
	uint64_t *key_nulls, *value_nulls;

	if (cast_members(from->key, to->key, in->keys, in->key_nulls, in->count, arena, &keys, &key_nulls, err) == WEIR_FAILED ||
		cast_members(from->element, to->element, in->values, in->value_nulls, in->count, arena, &values, &value_nulls,
			err) == WEIR_FAILED)
		return WEIR_FAILED;
	*map = (struct weir_map_value){
		.count = in->count, .keys = keys, .values = values, .key_nulls = key_nulls, .value_nulls = value_nulls
	};
	ret->map = map;
	return WEIR_VALUE;
}

static enum weir_result cast_struct(const struct weir_type *from, const struct weir_type *to, const struct weir_struct_value *in,
	struct weir_arena *arena, union weir_cell *ret, struct weir_err *err)
{
	struct weir_struct_value *record = WEIR_ARENA_NEW(arena, struct weir_struct_value);
	union weir_cell *cells = weir_arena_alloc(arena, to->field_count * sizeof *cells);
	uint64_t *nulls = weir_arena_alloc_zero(arena, (weir_null_words(to->field_count) + 1) * sizeof *nulls);

	for (size_t i = 0; i < to->field_count; i++) {
		int source = weir_type_field_index(from, to->fields[i].name);
		enum weir_result result = WEIR_NULL;
		if (source >= 0 && !weir_null_test(in->nulls, (size_t)source))
			result = weir_cast(from->fields[source].type, to->fields[i].type, in->cells[source], arena, &cells[i], err);
		if (result == WEIR_FAILED)
			return WEIR_FAILED;
		if (result == WEIR_NULL)
			weir_null_set(nulls, i);
	}
	*record = (struct weir_struct_value){ .cells = cells, .nulls = nulls };
	ret->record = record;
	return WEIR_VALUE;
}

static enum weir_result cast_to_string(
	const struct weir_type *from, union weir_cell cell, struct weir_arena *arena, union weir_cell *ret)
{
	struct weir_buf text;

	weir_buf_init(&text, WEIR_BUF_NO_LIMIT);
	weir_value_print(&text, from, cell);
	ret->str = weir_arena_copy(arena, weir_buf_slice(&text));
	weir_buf_fini(&text);
	return WEIR_VALUE;
}

static enum weir_result cast_temporal(
	const struct weir_type *from, const struct weir_type *to, union weir_cell cell, union weir_cell *ret)
{
	if (from->kind == WEIR_KIND_DATE)
		ret->i64 = cell.i32 * WEIR_MS_PER_DAY;
	else if (to->kind == WEIR_KIND_TIME)
		ret->i32 = (int32_t)weir_floor_mod(cell.i64, WEIR_MS_PER_DAY);
	else
		ret->i32 = (int32_t)weir_floor_div(cell.i64, WEIR_MS_PER_DAY);
	return WEIR_VALUE;
}

enum weir_result weir_cast(const struct weir_type *from, const struct weir_type *to, union weir_cell cell, struct weir_arena *arena,
	union weir_cell *ret, struct weir_err *err)
{
	if (from == to || weir_type_equals(from, to)) {
		*ret = cell;
		return WEIR_VALUE;
	}
	if (to->kind == WEIR_KIND_STRING)
		return cast_to_string(from, cell, arena, ret);
	switch (from->kind) {
	case WEIR_KIND_NULL:
		return WEIR_NULL;
	case WEIR_KIND_INTEGER:
		return cast_integer(cell.i32, to, ret, err);
	case WEIR_KIND_BIGINT:
		return cast_integer(cell.i64, to, ret, err);
	case WEIR_KIND_DECIMAL:
		return cast_decimal(from, cell.decimal, to, ret, err);
	case WEIR_KIND_DOUBLE:
		return cast_double(cell.f64, to, ret, err);
	case WEIR_KIND_STRING:
		return cast_from_string(to, cell.str, arena, ret, err);
	case WEIR_KIND_ARRAY:
		return cast_array(from, to, cell.array, arena, ret, err);
	case WEIR_KIND_MAP:
		return cast_map(from, to, cell.map, arena, ret, err);
	case WEIR_KIND_STRUCT:
		return cast_struct(from, to, cell.record, arena, ret, err);
	default:
		return cast_temporal(from, to, cell, ret);
	}
}
