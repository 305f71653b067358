/* Parsing and printing JSON for functions. */
#include "functions/scalar/json/document.h"

#include "functions/scalar/collection/values.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

enum weir_result weir_document_parse(struct weir_arena *arena, struct weir_slice text, struct weir_json **ret, struct weir_err *err)
{
	size_t at = 0;

	while (at < text.len && is_blank(text.ptr[at]))
		at++;
	if (at == text.len)
		return WEIR_NULL;
	if (weir_slice_starts_with(text, WEIR_SLICE("\xEF\xBB\xBF")))
		return weir_function_fail(err, "JSON must not begin with a byte order mark");
	if (!weir_json_parse(arena, text, true, ret, err))
		return WEIR_FAILED;
	const char *behind = (*ret)->raw.ptr + (*ret)->raw.len, *end = text.ptr + text.len;
	bool is_bare = (*ret)->kind == WEIR_JSON_NULL || (*ret)->kind == WEIR_JSON_BOOLEAN || (*ret)->kind == WEIR_JSON_NUMBER;
	if (is_bare && behind < end && !is_blank(*behind))
		return weir_function_fail(err, "This is not JSON: '%c' follows the value", *behind);
	return WEIR_VALUE;
}

struct weir_document_members weir_document_members(struct weir_arena *arena, const struct weir_json *object)
{
	struct weir_json_member *members = weir_arena_alloc(arena, (object->count + 1) * sizeof *members);
	struct weir_value_set names;
	size_t count = 0;

	weir_value_set_init(&names, arena, &weir_type_string, object->count);
	for (size_t i = 0; i < object->count; i++) {
		bool is_new;
		size_t at = weir_value_set_add(&names, (union weir_cell){ .str = object->members[i].name }, false, &is_new);
		members[at] = object->members[i];
		count += is_new;
	}
	return (struct weir_document_members){ members, count };
}

/* ---- Numbers ---- */

/* A number's sign, its digits without leading zeros, and where the point is. */
struct number {
	bool is_negative, is_integer;
	struct weir_slice before, behind; /* the point */
	int64_t scale;
};

static bool read_number(struct weir_slice text, struct number *ret)
{
	struct number number = { .is_integer = true };
	size_t i = 0, start;
	int64_t exponent = 0;

	if (i < text.len && text.ptr[i] == '-') {
		number.is_negative = true;
		i++;
	}
	for (start = i; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++)
		;
	number.before = weir_slice_make(text.ptr + start, i - start);
	number.behind = weir_slice_make(text.ptr + i, 0);
	if (i < text.len && text.ptr[i] == '.') {
		number.is_integer = false;
		for (start = ++i; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++)
			;
		number.behind = weir_slice_make(text.ptr + start, i - start);
	}
	if (i < text.len) {
		number.is_integer = false;
		if (!weir_slice_to_i64(weir_slice_make(text.ptr + i + 1, text.len - i - 1), &exponent) || exponent > INT32_MAX ||
			exponent < -INT32_MAX)
			return false;
	}
	number.scale = (int64_t)number.behind.len - exponent;
	*ret = number;
	return true;
}

/* The digits of both parts, leading zeros dropped; "0" when there is nothing else. */
static void append_digits(struct weir_buf *digits, const struct number *number)
{
	weir_buf_append_slice(digits, number->before);
	weir_buf_append_slice(digits, number->behind);
	size_t zeros = 0;
	while (zeros + 1 < digits->len && digits->data[zeros] == '0')
		zeros++;
	memmove(digits->data, digits->data + zeros, digits->len - zeros);
	digits->len -= zeros;
}

static void append_zeros(struct weir_buf *out, int64_t count)
{
	if (count > (int64_t)WEIR_MAX_STRING_BYTES)
		out->overflow = true;
	while (count-- > 0 && weir_buf_ok(out))
		weir_buf_append_byte(out, '0');
}

static void print_plain(struct weir_buf *out, struct weir_slice digits, int64_t scale)
{
	int64_t whole = (int64_t)digits.len - scale;

	if (scale <= 0) {
		weir_buf_append_slice(out, digits);
		append_zeros(out, digits.ptr[0] == '0' ? 0 : -scale);
	} else if (whole > 0) {
		weir_buf_append(out, digits.ptr, (size_t)whole);
		weir_buf_append_byte(out, '.');
		weir_buf_append(out, digits.ptr + whole, digits.len - (size_t)whole);
	} else {
		weir_buf_append(out, "0.", 2);
		append_zeros(out, -whole);
		weir_buf_append_slice(out, digits);
	}
}

static void print_scientific(struct weir_buf *out, struct weir_slice digits, int64_t exponent)
{
	weir_buf_append_byte(out, digits.ptr[0]);
	if (digits.len > 1) {
		weir_buf_append_byte(out, '.');
		weir_buf_append(out, digits.ptr + 1, digits.len - 1);
	}
	weir_buf_append_text(out, exponent < 0 ? "E" : "E+");
	weir_buf_append_i64(out, exponent);
}

bool weir_document_print_number(struct weir_buf *out, struct weir_slice text, enum weir_document_numbers numbers)
{
	struct number number;
	struct weir_buf buf;

	if (!read_number(text, &number))
		return false;
	weir_buf_init(&buf, WEIR_MAX_STRING_BYTES);
	append_digits(&buf, &number);
	struct weir_slice digits = weir_buf_slice(&buf);
	if (number.is_negative && !weir_slice_is(digits, "0"))
		weir_buf_append_byte(out, '-');
	int64_t exponent = (int64_t)digits.len - 1 - number.scale;
	bool is_plain = numbers == WEIR_NUMBERS_PLAIN || (number.scale >= 0 && exponent >= -6);
	if (number.is_integer)
		weir_buf_append_slice(out, digits);
	else if (is_plain)
		print_plain(out, digits, number.scale);
	else
		print_scientific(out, digits, exponent);
	weir_buf_fini(&buf);
	return weir_buf_ok(out);
}

/* ---- Values ---- */

static bool print_array(
	struct weir_arena *arena, struct weir_buf *out, const struct weir_json *json, enum weir_document_numbers numbers)
{
	weir_buf_append_byte(out, '[');
	for (size_t i = 0; i < json->count; i++) {
		if (i)
			weir_buf_append_byte(out, ',');
		if (!weir_document_print(arena, out, json->items[i], numbers))
			return false;
	}
	weir_buf_append_byte(out, ']');
	return weir_buf_ok(out);
}

static bool print_object(
	struct weir_arena *arena, struct weir_buf *out, const struct weir_json *json, enum weir_document_numbers numbers)
{
	struct weir_document_members members = weir_document_members(arena, json);

	weir_buf_append_byte(out, '{');
	for (size_t i = 0; i < members.count; i++) {
		if (i)
			weir_buf_append_byte(out, ',');
		weir_json_append_string(out, members.items[i].name, false);
		weir_buf_append_byte(out, ':');
		if (!weir_document_print(arena, out, members.items[i].value, numbers))
			return false;
	}
	weir_buf_append_byte(out, '}');
	return weir_buf_ok(out);
}

bool weir_document_print(
	struct weir_arena *arena, struct weir_buf *out, const struct weir_json *json, enum weir_document_numbers numbers)
{
	switch (json->kind) {
	case WEIR_JSON_NULL:
		weir_buf_append_text(out, "null");
		break;
	case WEIR_JSON_BOOLEAN:
		weir_buf_append_text(out, json->boolean ? "true" : "false");
		break;
	case WEIR_JSON_NUMBER:
		return weir_document_print_number(out, json->text, numbers);
	case WEIR_JSON_STRING:
		weir_json_append_string(out, json->text, false);
		break;
	case WEIR_JSON_ARRAY:
		return print_array(arena, out, json, numbers);
	case WEIR_JSON_OBJECT:
		return print_object(arena, out, json, numbers);
	}
	return weir_buf_ok(out);
}

bool weir_document_print_text(struct weir_arena *arena, struct weir_buf *out, const struct weir_json *json)
{
	if (json->kind != WEIR_JSON_STRING)
		return weir_document_print(arena, out, json, WEIR_NUMBERS_SCIENTIFIC);
	weir_buf_append_slice(out, json->text);
	return weir_buf_ok(out);
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool weir_document_escapes_are_fine(struct weir_slice text)
{
	const char *p = text.ptr, *end = text.ptr + text.len;

	while (p < end && (p = memchr(p, '\\', (size_t)(end - p)))) {
		char c = p + 1 < end ? p[1] : '\0';
		if (!c || !strchr("\"\\/bfnrtu", c))
			return false;
		for (int i = 2; c == 'u' && i < 6; i++)
			if (p + i >= end || !is_hex(p[i]))
				return false;
		p += c == 'u' ? 6 : 2;
	}
	return true;
}
