/* JSON text straight into cells: names are matched, unwanted values skipped, nothing is built that no column holds.
 *
 * Holds: coercions are those of formats.md §5; one bad field fails the record; the error names the path's last part.
 */
#include "formats/json/reader.h"

#include "base/vec.h"
#include "types/cast.h"
#include "types/datetime.h"
#include "types/decimal.h"
#include "types/text.h"

#include <math.h>

static enum weir_result fail(struct json_read *read, const char *what)
{
	weir_err_set(read->err, WEIR_E_DESERIALIZE, "%s", read->scan.error ? read->scan.error : what);
	return WEIR_FAILED;
}

static enum weir_result fail_type(struct json_read *read, const struct weir_type *type)
{
	if (read->scan.error)
		return fail(read, "");
	struct weir_slice text = { 0 };
	struct weir_json_scan copy = read->scan;
	weir_json_skip(&copy, &text);
	weir_err_set(read->err, WEIR_E_DESERIALIZE, "%.*s cannot be read as %s", (int)(text.len > 60 ? 60 : text.len), text.ptr,
		weir_kind_name(type->kind));
	return WEIR_FAILED;
}

/* ---- Numbers ---- */

static bool parse_short_integer(struct weir_slice text, int64_t *ret_value)
{
	bool negative = text.ptr[0] == '-';
	int64_t value = 0;

	if (text.len > 18)
		return weir_slice_to_i64(text, ret_value);
	for (size_t i = negative; i < text.len; i++)
		value = value * 10 + (text.ptr[i] - '0');
	*ret_value = negative ? -value : value;
	return true;
}

/* Any number as an integer: the fraction is cut off, what is too large wraps. */
static bool number_to_i64(struct weir_slice text, bool is_integer, int64_t *ret_value)
{
	__int128 value;
	int scale;

	if (is_integer && parse_short_integer(text, ret_value))
		return true;
	if (weir_decimal_parse(text, &value, &scale)) {
		*ret_value = weir_decimal_to_i64(value, scale);
		return true;
	}
	double number;
	if (!weir_double_parse(text, false, &number))
		return false;
	double rest = isfinite(number) ? fmod(trunc(number), 18446744073709551616.0) : 0;
	*ret_value = (int64_t)(rest < 0 ? -(uint64_t)-rest : (uint64_t)rest); /* the low 64 bits, as Java's */
	return true;
}

/* Up to 15 digits and a short exponent are exact in two doubles; the rest is strtod's. */
static bool number_to_double(struct weir_slice text, double *ret_value)
{
	static const double powers[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
	bool negative = text.ptr[0] == '-', point = false;
	uint64_t digits = 0;
	size_t fraction = 0, count = 0;

	for (size_t i = negative; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '.') {
			point = true;
			continue;
		}
		if (c < '0' || c > '9' || ++count > 15)
			return weir_double_parse(text, false, ret_value);
		digits = digits * 10 + (uint64_t)(c - '0');
		fraction += point;
	}
	double value = (double)digits / powers[fraction];
	*ret_value = negative ? -value : value;
	return true;
}

static enum weir_result store_integer(struct json_read *read, const struct weir_type *type, int64_t value, union weir_cell *ret)
{
	switch (type->kind) {
	case WEIR_KIND_TIME:
		if (value < 0 || value > WEIR_MS_PER_DAY)
			return fail(read, "a TIME lies between 0 and 86400000 milliseconds");
		ret->i32 = (int32_t)value;
		return WEIR_VALUE;
	case WEIR_KIND_INTEGER:
	case WEIR_KIND_DATE:
		ret->i32 = (int32_t)value;
		return WEIR_VALUE;
	default:
		ret->i64 = value;
		return WEIR_VALUE;
	}
}

static enum weir_result store_decimal(
	struct json_read *read, const struct weir_type *type, struct weir_slice text, union weir_cell *ret)
{
	__int128 value;
	int scale;

	if (!weir_decimal_parse(text, &value, &scale))
		return fail(read, "a number has more digits than a DECIMAL holds, or is none");
	if (weir_decimal_fit(value, scale, type, &ret->decimal, read->err))
		return WEIR_VALUE;
	read->err->code = WEIR_E_DESERIALIZE;
	return WEIR_FAILED;
}

static enum weir_result read_number(struct json_read *read, const struct weir_type *type, union weir_cell *ret)
{
	struct weir_slice text;
	bool is_integer;
	int64_t value;

	if (!weir_json_number(&read->scan, &text, &is_integer))
		return fail_type(read, type);
	if (type->kind == WEIR_KIND_DOUBLE)
		return number_to_double(text, &ret->f64) ? WEIR_VALUE : fail(read, "a number is no DOUBLE");
	if (type->kind == WEIR_KIND_DECIMAL)
		return store_decimal(read, type, text, ret);
	if (!number_to_i64(text, is_integer, &value))
		return fail(read, "a number is too large");
	return store_integer(read, type, value, ret);
}

/* A number, date or time written as a string. */
static enum weir_result read_quoted_number(struct json_read *read, const struct weir_type *type, union weir_cell *ret)
{
	struct weir_slice text;
	bool escaped;
	int64_t value;

	struct weir_json_scan before = read->scan;
	if (!weir_json_string(&read->scan, &text, &escaped))
		return fail(read, "");
	if (type->kind == WEIR_KIND_DOUBLE && weir_double_parse(text, true, &ret->f64))
		return WEIR_VALUE;
	if (type->kind == WEIR_KIND_DECIMAL)
		return store_decimal(read, type, text, ret);
	bool fits = type->kind != WEIR_KIND_DOUBLE && weir_slice_to_i64(text, &value) &&
		    (type->kind != WEIR_KIND_INTEGER || (value >= INT32_MIN && value <= INT32_MAX));
	if (fits)
		return store_integer(read, type, value, ret);
	read->scan = before;
	return fail_type(read, type);
}

/* ---- Strings ---- */

static bool read_text(struct json_read *read, struct weir_slice *ret_text)
{
	bool escaped;

	if (!weir_json_string(&read->scan, ret_text, &escaped))
		return false;
	if (!escaped || weir_json_unescape(read->arena, *ret_text, ret_text))
		return true;
	read->scan.error = "a string holds a bad escape";
	return false;
}

static bool append_as_string(struct json_read *read, struct weir_buf *out);

static bool append_array_as_string(struct json_read *read, struct weir_buf *out)
{
	weir_json_accept(&read->scan, '[');
	weir_buf_append_byte(out, '[');
	if (!weir_json_accept(&read->scan, ']')) {
		for (bool first = true; first || weir_json_accept(&read->scan, ','); first = false) {
			if (!first)
				weir_buf_append_text(out, ", ");
			if (!append_as_string(read, out))
				return false;
		}
		if (!weir_json_accept(&read->scan, ']'))
			return false;
	}
	weir_buf_append_byte(out, ']');
	return true;
}

/* Removes blanks outside of strings: "compact JSON text, order kept". */
static void append_compact(struct weir_buf *out, struct weir_slice json)
{
	bool in_string = false;

	for (size_t i = 0; i < json.len; i++) {
		char c = json.ptr[i];
		if (!in_string && (c == ' ' || c == '\n' || c == '\t' || c == '\r'))
			continue;
		weir_buf_append_byte(out, c);
		if (in_string && c == '\\' && i + 1 < json.len)
			weir_buf_append_byte(out, json.ptr[++i]);
		else if (c == '"')
			in_string = !in_string;
	}
}

static bool append_as_string(struct json_read *read, struct weir_buf *out)
{
	struct weir_slice text;
	bool is_integer;
	__int128 value;
	int scale;
	char c = weir_json_peek(&read->scan);

	if (c == '"') {
		if (!read_text(read, &text))
			return false;
		weir_buf_append_slice(out, text);
		return true;
	}
	if (c == '[') {
		if (++read->depth > WEIR_JSON_MAX_DEPTH)
			return false;
		bool ok = append_array_as_string(read, out);
		read->depth--;
		return ok;
	}
	if (c == '{') {
		if (!weir_json_skip(&read->scan, &text))
			return false;
		append_compact(out, text);
		return true;
	}
	char word = weir_json_word(&read->scan);
	if (word) {
		weir_buf_append_text(out, word == 't' ? "true" : word == 'f' ? "false" : "null");
		return true;
	}
	if (!weir_json_number(&read->scan, &text, &is_integer))
		return false;
	if (!is_integer && weir_decimal_parse(text, &value, &scale))
		weir_decimal_print(out, value, scale);
	else
		weir_buf_append_slice(out, weir_slice_is(text, "-0") ? WEIR_SLICE("0") : text);
	return true;
}

static enum weir_result read_string(struct json_read *read, union weir_cell *ret)
{
	if (weir_json_peek(&read->scan) == '"')
		return read_text(read, &ret->str) ? WEIR_VALUE : fail(read, "");
	struct weir_buf out;
	weir_buf_init(&out, WEIR_BUF_NO_LIMIT);
	bool ok = append_as_string(read, &out);
	if (ok)
		ret->str = weir_arena_copy(read->arena, weir_buf_slice(&out));
	weir_buf_fini(&out);
	return ok ? WEIR_VALUE : fail(read, "expected a value");
}

static enum weir_result read_bytes(struct json_read *read, const struct weir_type *type, union weir_cell *ret)
{
	struct weir_slice text;

	if (weir_json_peek(&read->scan) != '"')
		return fail_type(read, type);
	if (!read_text(read, &text))
		return fail(read, "");
	if (!weir_base64_parse(read->arena, text, false, &ret->str))
		return fail(read, "BYTES are written as base64 with padding");
	return WEIR_VALUE;
}

/* ---- Collections ---- */

struct cell_list {
	WEIR_VEC(union weir_cell) cells;
	WEIR_VEC(uint64_t) nulls;
};

static void push(struct json_read *read, struct cell_list *list, enum weir_result result, union weir_cell cell)
{
	size_t i = list->cells.count;

	if (i % 64 == 0)
		WEIR_VEC_PUSH_IN(read->arena, &list->nulls, 0);
	WEIR_VEC_PUSH_IN(read->arena, &list->cells, cell);
	if (result == WEIR_NULL)
		weir_null_set(list->nulls.items, i);
}

static enum weir_result read_array(struct json_read *read, const struct weir_type *type, union weir_cell *ret)
{
	struct cell_list list = { 0 };
	struct weir_array *array = WEIR_ARENA_NEW(read->arena, struct weir_array);

	if (!weir_json_accept(&read->scan, '['))
		return fail_type(read, type);
	if (!weir_json_accept(&read->scan, ']')) {
		do {
			union weir_cell item = { 0 };
			enum weir_result result = json_read_value(read, type->element, &item);
			if (result == WEIR_FAILED)
				return WEIR_FAILED;
			push(read, &list, result, item);
		} while (weir_json_accept(&read->scan, ','));
		if (!weir_json_accept(&read->scan, ']'))
			return fail(read, "expected ',' or ']'");
	}
	*array = (struct weir_array){ .count = list.cells.count, .items = list.cells.items, .nulls = list.nulls.items };
	ret->array = array;
	return WEIR_VALUE;
}

static enum weir_result read_map(struct json_read *read, const struct weir_type *type, union weir_cell *ret)
{
	struct cell_list keys = { 0 }, values = { 0 };
	struct weir_map_value *map = WEIR_ARENA_NEW(read->arena, struct weir_map_value);

	if (!weir_json_accept(&read->scan, '{'))
		return fail_type(read, type);
	if (!weir_json_accept(&read->scan, '}')) {
		do {
			union weir_cell key = { 0 }, value = { 0 };
			if (!read_text(read, &key.str) || !weir_json_accept(&read->scan, ':'))
				return fail(read, "expected a name and ':'");
			enum weir_result result = json_read_value(read, type->element, &value);
			if (result == WEIR_FAILED)
				return WEIR_FAILED;
			size_t same = 0;
			while (same < keys.cells.count && !weir_slice_equals(keys.cells.items[same].str, key.str))
				same++;
			if (same < keys.cells.count) { /* the last one counts */
				values.cells.items[same] = value;
				weir_null_assign(values.nulls.items, same, result == WEIR_NULL);
				continue;
			}
			push(read, &keys, WEIR_VALUE, key);
			push(read, &values, result, value);
		} while (weir_json_accept(&read->scan, ','));
		if (!weir_json_accept(&read->scan, '}'))
			return fail(read, "expected ',' or '}'");
	}
	*map = (struct weir_map_value){
		.count = keys.cells.count, .keys = keys.cells.items, .values = values.cells.items, .value_nulls = values.nulls.items
	};
	ret->map = map;
	return WEIR_VALUE;
}

static enum weir_result read_struct(struct json_read *read, const struct weir_type *type, union weir_cell *ret)
{
	struct weir_struct_value *record = WEIR_ARENA_NEW(read->arena, struct weir_struct_value);
	union weir_cell *cells = weir_arena_alloc(read->arena, type->field_count * sizeof *cells);
	uint64_t *nulls = weir_arena_alloc(read->arena, (weir_null_words(type->field_count) + 1) * sizeof *nulls);
	/* struct weir_field and struct json_field differ only in `is_wanted`; small structs are described on the fly. */
	struct json_field *fields = weir_arena_alloc(read->arena, type->field_count * sizeof *fields);

	if (weir_json_peek(&read->scan) != '{')
		return fail_type(read, type);
	for (size_t i = 0; i < type->field_count; i++)
		fields[i] = (struct json_field){ .name = type->fields[i].name, .type = type->fields[i].type, .is_wanted = true };
	struct json_level level = { .fields = fields, .count = type->field_count };
	if (!json_read_object(read, &level, cells, nulls, 0))
		return WEIR_FAILED;
	*record = (struct weir_struct_value){ .cells = cells, .nulls = nulls };
	ret->record = record;
	return WEIR_VALUE;
}

enum weir_result json_read_value(struct json_read *read, const struct weir_type *type, union weir_cell *ret)
{
	char c = weir_json_peek(&read->scan);
	enum weir_result result;

	if (c == 'n')
		return weir_json_word(&read->scan) == 'n' ? WEIR_NULL : fail(read, "expected a value");
	switch (type->kind) {
	case WEIR_KIND_BOOLEAN: {
		char word = c == 't' || c == 'f' ? weir_json_word(&read->scan) : '\0';
		if (!word)
			return fail_type(read, type);
		ret->boolean = word == 't';
		return WEIR_VALUE;
	}
	case WEIR_KIND_STRING:
		return read_string(read, ret);
	case WEIR_KIND_BYTES:
		return read_bytes(read, type, ret);
	case WEIR_KIND_ARRAY:
	case WEIR_KIND_MAP:
	case WEIR_KIND_STRUCT:
		if (++read->depth > WEIR_JSON_MAX_DEPTH)
			return fail(read, "the nesting is too deep");
		result = type->kind == WEIR_KIND_ARRAY ? read_array(read, type, ret)
			 : type->kind == WEIR_KIND_MAP ? read_map(read, type, ret)
						       : read_struct(read, type, ret);
		read->depth--;
		return result;
	default:
		return c == '"' ? read_quoted_number(read, type, ret) : read_number(read, type, ret);
	}
}

/* ---- Objects ---- */

static bool equals_upper(struct weir_slice column, struct weir_slice name)
{
	if (column.len != name.len)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		if (column.ptr[i] != (char)(c >= 'a' && c <= 'z' ? c - 32 : c))
			return false;
	}
	return true;
}

/* The field of that name, searched from `hint` on since documents repeat their order; exact names before upper-cased ones. */
static size_t find_field(const struct json_level *level, struct weir_slice name, size_t hint, bool *ret_exact)
{
	size_t loose = SIZE_MAX;

	for (size_t k = 0, i = hint; k < level->count; k++, i++) {
		if (i >= level->count)
			i = 0;
		if (level->fields[i].name.len != name.len)
			continue;
		if (memcmp(level->fields[i].name.ptr, name.ptr, name.len) == 0) {
			*ret_exact = true;
			return i;
		}
		if (loose == SIZE_MAX && equals_upper(level->fields[i].name, name)) {
			loose = i;
			if (i == hint) /* as good as certain: two columns that differ only in case are refused elsewhere or found
					  exactly */
				break;
		}
	}
	*ret_exact = false;
	return loose;
}

static bool read_member(
	struct json_read *read, const struct json_level *level, size_t i, union weir_cell *cells, uint64_t *nulls, size_t bit)
{
	enum weir_result result = json_read_value(read, level->fields[i].type, &cells[i]);

	if (result == WEIR_FAILED) {
		weir_err_prefix(read->err, "%.*s", WEIR_SLICE_ARG(level->fields[i].name));
		return false;
	}
	weir_null_assign(nulls, bit + i, result == WEIR_NULL);
	return true;
}

static bool fail_syntax(struct json_read *read, const char *what)
{
	fail(read, what);
	return false;
}

bool json_read_object(
	struct json_read *read, const struct json_level *level, union weir_cell *cells, uint64_t *nulls, size_t first_null_bit)
{
	uint64_t exactly = 0; /* fields found by their exact name; beyond 64 the order decides */
	size_t hint = 0;

	for (size_t i = 0; i < level->count; i++)
		weir_null_set(nulls, first_null_bit + i);
	if (!weir_json_accept(&read->scan, '{'))
		return fail_syntax(read, "expected an object");
	if (weir_json_accept(&read->scan, '}'))
		return true;
	do {
		struct weir_slice name;
		bool escaped, exact;
		if (!weir_json_string(&read->scan, &name, &escaped) || (escaped && !weir_json_unescape(read->arena, name, &name)) ||
			!weir_json_accept(&read->scan, ':'))
			return fail_syntax(read, "expected a name and ':'");
		size_t i = find_field(level, name, hint, &exact);
		bool shadowed = i != SIZE_MAX && !exact && i < 64 && (exactly >> i & 1);
		if (i == SIZE_MAX || !level->fields[i].is_wanted || shadowed) {
			if (!weir_json_skip(&read->scan, NULL))
				return fail_syntax(read, "expected a value");
		} else if (!read_member(read, level, i, cells, nulls, first_null_bit)) {
			return false;
		}
		if (i != SIZE_MAX) {
			hint = i + 1 < level->count ? i + 1 : 0;
			if (exact && i < 64)
				exactly |= UINT64_C(1) << i;
		}
	} while (weir_json_accept(&read->scan, ','));
	return weir_json_accept(&read->scan, '}') || fail_syntax(read, "expected ',' or '}'");
}
