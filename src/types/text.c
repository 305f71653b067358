/* Java's spelling of doubles and values, and base64. */
#include "types/text.h"

#include "base/memory.h"
#include "types/datetime.h"
#include "types/decimal.h"
#include "types/map_order.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- Doubles ---- */

static bool print_small_integer(struct weir_buf *out, double value)
{
	if (!(value > -1e7 && value < 1e7) || value != (double)(int64_t)value || (value == 0 && signbit(value)))
		return false;
	weir_buf_append_i64(out, (int64_t)value);
	weir_buf_append(out, ".0", 2);
	return true;
}

/* Two to four decimals, as prices have: found without trying all precisions. */
static bool print_short_fraction(struct weir_buf *out, double value)
{
	double size = fabs(value), scaled = size * 1e4;

	if (size >= 1e7 || size < 1e-3 || scaled != floor(scaled) || (double)(int64_t)scaled / 1e4 != size)
		return false;
	int64_t units = (int64_t)scaled;
	char text[8];
	int count = 4;
	int64_t fraction = units % 10000;
	for (int i = 3; i >= 0; i--, fraction /= 10)
		text[i] = (char)('0' + fraction % 10);
	while (count > 1 && text[count - 1] == '0')
		count--;
	if (value < 0)
		weir_buf_append_byte(out, '-');
	weir_buf_append_i64(out, units / 10000);
	weir_buf_append_byte(out, '.');
	weir_buf_append(out, text, (size_t)count);
	return true;
}

static void print_plain(struct weir_buf *out, const char *digits, int count, int exponent)
{
	if (exponent <= 0) {
		weir_buf_append_text(out, "0.");
		for (int i = exponent; i < 0; i++)
			weir_buf_append_byte(out, '0');
		weir_buf_append(out, digits, (size_t)count);
		return;
	}
	for (int i = 0; i < exponent; i++)
		weir_buf_append_byte(out, i < count ? digits[i] : '0');
	weir_buf_append_byte(out, '.');
	if (count > exponent)
		weir_buf_append(out, digits + exponent, (size_t)(count - exponent));
	else
		weir_buf_append_byte(out, '0');
}

void weir_double_print(struct weir_buf *out, double value)
{
	char digits[20];
	int exponent;

	if (isnan(value)) {
		weir_buf_append_text(out, "NaN");
		return;
	}
	if (isinf(value)) {
		weir_buf_append_text(out, value < 0 ? "-Infinity" : "Infinity");
		return;
	}
	if (print_small_integer(out, value) || print_short_fraction(out, value))
		return;
	if (signbit(value))
		weir_buf_append_byte(out, '-');
	if (value == 0) {
		weir_buf_append_text(out, "0.0");
		return;
	}
	int count = weir_double_shortest(fabs(value), digits, &exponent);
	if (exponent > -3 && exponent <= 7) {
		print_plain(out, digits, count, exponent);
		return;
	}
	weir_buf_append_byte(out, digits[0]);
	weir_buf_append_byte(out, '.');
	if (count > 1)
		weir_buf_append(out, digits + 1, (size_t)count - 1);
	else
		weir_buf_append_byte(out, '0');
	weir_buf_append_byte(out, 'E');
	weir_buf_append_i64(out, exponent - 1);
}

static bool is_special(struct weir_slice text, double *ret_value)
{
	bool negative = text.len && text.ptr[0] == '-';
	struct weir_slice rest = text;

	if (text.len && (text.ptr[0] == '-' || text.ptr[0] == '+'))
		rest = weir_slice_make(text.ptr + 1, text.len - 1);
	if (weir_slice_is(rest, "NaN"))
		*ret_value = NAN;
	else if (weir_slice_is(rest, "Infinity"))
		*ret_value = negative ? -INFINITY : INFINITY;
	else
		return false;
	return true;
}

bool weir_double_parse(struct weir_slice raw, bool allow_special, double *ret_value)
{
	struct weir_slice text = weir_slice_trim(raw);
	char copy[512];
	char *end;

	if (is_special(text, ret_value))
		return allow_special;
	if (text.len == 0 || text.len >= sizeof copy)
		return false;
	for (size_t i = 0; i < text.len; i++) /* strtod would take inf, nan, and locale things */
		if (!strchr("0123456789+-.eEfFdDxXpPabcABC", text.ptr[i]))
			return false;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	bool is_hex = memchr(copy, 'x', text.len) || memchr(copy, 'X', text.len);
	if (is_hex && !memchr(copy, 'p', text.len) && !memchr(copy, 'P', text.len))
		return false;
	double value = strtod(copy, &end);
	if (end == copy)
		return false;
	if (*end && strchr("dDfF", *end))
		end++;
	if (*end)
		return false;
	*ret_value = value;
	return true;
}

/* ---- Values ---- */

static void print_member(struct weir_buf *out, const struct weir_type *type, union weir_cell cell);

static void print_array(struct weir_buf *out, const struct weir_type *type, const struct weir_array *array)
{
	weir_buf_append_byte(out, '[');
	for (size_t i = 0; i < array->count; i++) {
		if (i)
			weir_buf_append_text(out, ", ");
		if (weir_null_test(array->nulls, i))
			weir_buf_append_text(out, "null");
		else
			print_member(out, type->element, array->items[i]);
	}
	weir_buf_append_byte(out, ']');
}

static void print_map(struct weir_buf *out, const struct weir_type *type, const struct weir_map_value *map)
{
	uint64_t few[64], *order = map->count <= 64 ? few : weir_alloc(map->count * sizeof *order);

	weir_map_walk_order(type->key, map, order);
	weir_buf_append_byte(out, '{');
	for (size_t at = 0; at < map->count; at++) {
		size_t i = (uint32_t)order[at];

		if (at)
			weir_buf_append_text(out, ", ");
		if (weir_null_test(map->key_nulls, i))
			weir_buf_append_text(out, "null");
		else
			print_member(out, type->key, map->keys[i]);
		weir_buf_append_byte(out, '=');
		if (weir_null_test(map->value_nulls, i))
			weir_buf_append_text(out, "null");
		else
			print_member(out, type->element, map->values[i]);
	}
	weir_buf_append_byte(out, '}');
	if (order != few)
		free(order);
}

static void print_struct(struct weir_buf *out, const struct weir_type *type, const struct weir_struct_value *record)
{
	bool first = true;

	weir_buf_append_text(out, "Struct{");
	for (size_t i = 0; i < type->field_count; i++) {
		if (weir_null_test(record->nulls, i))
			continue;
		if (!first)
			weir_buf_append_byte(out, ',');
		first = false;
		weir_buf_append_slice(out, type->fields[i].name);
		weir_buf_append_byte(out, '=');
		print_member(out, type->fields[i].type, record->cells[i]);
	}
	weir_buf_append_byte(out, '}');
}

/* java.sql.Timestamp.toString: one to nine fraction digits. */
static void print_sql_timestamp(struct weir_buf *out, int64_t ms)
{
	size_t start = out->len;

	weir_timestamp_print(out, ms);
	char *text = out->data + start;
	char *mark = memchr(text, 'T', out->len - start);
	if (mark)
		*mark = ' ';
	while (out->len && out->data[out->len - 1] == '0' && out->data[out->len - 2] != '.')
		out->len--;
}

static void print_sql_time(struct weir_buf *out, int32_t ms)
{
	int seconds = ms / 1000;

	weir_buf_printf(out, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

/* Inside a collection dates and times look otherwise than at the top. */
static void print_member(struct weir_buf *out, const struct weir_type *type, union weir_cell cell)
{
	switch (type->kind) {
	case WEIR_KIND_TIMESTAMP:
		print_sql_timestamp(out, cell.i64);
		break;
	case WEIR_KIND_TIME:
		print_sql_time(out, cell.i32);
		break;
	default:
		weir_value_print(out, type, cell);
	}
}

void weir_value_print(struct weir_buf *out, const struct weir_type *type, union weir_cell cell)
{
	switch (type->kind) {
	case WEIR_KIND_NULL:
	case WEIR_KIND_COUNT:
		weir_buf_append_text(out, "null");
		break;
	case WEIR_KIND_BOOLEAN:
		weir_buf_append_text(out, cell.boolean ? "true" : "false");
		break;
	case WEIR_KIND_INTEGER:
		weir_buf_append_i64(out, cell.i32);
		break;
	case WEIR_KIND_BIGINT:
		weir_buf_append_i64(out, cell.i64);
		break;
	case WEIR_KIND_DECIMAL:
		weir_decimal_print_plain(out, cell.decimal, type->scale);
		break;
	case WEIR_KIND_DOUBLE:
		weir_double_print(out, cell.f64);
		break;
	case WEIR_KIND_STRING:
		weir_buf_append_slice(out, cell.str);
		break;
	case WEIR_KIND_BYTES:
		weir_base64_print(out, cell.str);
		break;
	case WEIR_KIND_DATE:
		weir_date_print(out, cell.i32);
		break;
	case WEIR_KIND_TIME:
		weir_time_print(out, cell.i32);
		break;
	case WEIR_KIND_TIMESTAMP:
		weir_timestamp_print(out, cell.i64);
		break;
	case WEIR_KIND_ARRAY:
		print_array(out, type, cell.array);
		break;
	case WEIR_KIND_MAP:
		print_map(out, type, cell.map);
		break;
	case WEIR_KIND_STRUCT:
		print_struct(out, type, cell.record);
		break;
	}
}

/* ---- Base64 ---- */

void weir_base64_print(struct weir_buf *out, struct weir_slice bytes)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *p = (const unsigned char *)bytes.ptr;

	if (!weir_buf_reserve(out, (bytes.len + 2) / 3 * 4))
		return;
	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t left = bytes.len - i;
		unsigned word = (unsigned)p[i] << 16 | (left > 1 ? (unsigned)p[i + 1] << 8 : 0) | (left > 2 ? p[i + 2] : 0);
		char four[4] = { alphabet[word >> 18], alphabet[word >> 12 & 63], left > 1 ? alphabet[word >> 6 & 63] : '=',
			left > 2 ? alphabet[word & 63] : '=' };
		weir_buf_append(out, four, 4);
	}
}

static int base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool weir_base64_parse(struct weir_arena *arena, struct weir_slice text, bool padding_optional, struct weir_slice *ret_bytes)
{
	size_t digits = text.len;

	while (digits && text.len - digits < 2 && text.ptr[digits - 1] == '=')
		digits--;
	if (digits % 4 == 1 || (text.len % 4 != 0 && !(padding_optional && digits == text.len)))
		return false;
	unsigned char *out = weir_arena_alloc(arena, digits / 4 * 3 + 3);
	size_t len = 0;
	unsigned word = 0;
	for (size_t i = 0; i < digits; i++) {
		int digit = base64_digit(text.ptr[i]);
		if (digit < 0)
			return false;
		word = word << 6 | (unsigned)digit;
		if (i % 4 == 0)
			continue;
		static const int shifts[] = { 0, 4, 2, 0 };
		out[len++] = (unsigned char)(word >> shifts[i % 4]);
	}
	*ret_bytes = weir_slice_make(out, len);
	return true;
}
