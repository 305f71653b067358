/* DELIMITED: one CSV record, by Apache commons-csv's rules. formats.md §2. */
#include "base/memory.h"
#include "formats/list.h"
#include "types/datetime.h"
#include "types/decimal.h"
#include "types/text.h"

#include <stdlib.h>

struct delimited {
	union {
		struct weir_reader reader; /* first */
		struct weir_writer writer;
	};
	struct weir_arena arena;
	const struct weir_type **types;
	bool *wanted;
	size_t column_count;
	char delimiter;
	struct weir_buf field; /* of the row being written */
};

static bool delimited_check(const struct weir_format_spec *spec, struct weir_err *err)
{
	for (size_t i = 0; i < spec->column_count; i++) {
		enum weir_kind kind = spec->columns[i].type->kind;
		if (kind != WEIR_KIND_ARRAY && kind != WEIR_KIND_MAP && kind != WEIR_KIND_STRUCT)
			continue;
		weir_err_set(err, WEIR_E_INVALID_STATEMENT, "The format DELIMITED cannot carry %.*s, a %s",
			WEIR_SLICE_ARG(spec->columns[i].name), weir_kind_name(kind));
		return weir_err_advise(err, "Choose JSON or AVRO.");
	}
	return true;
}

static struct delimited *make(const struct weir_format_spec *spec, const bool *wanted)
{
	struct delimited *self = weir_alloc_zero(sizeof *self);

	weir_arena_init(&self->arena, 512);
	weir_buf_init(&self->field, WEIR_BUF_NO_LIMIT);
	self->column_count = spec->column_count;
	self->delimiter = spec->delimiter ? spec->delimiter : ',';
	self->types = (const struct weir_type **)weir_arena_alloc(&self->arena, spec->column_count * sizeof *self->types);
	self->wanted = weir_arena_alloc(&self->arena, spec->column_count);
	for (size_t i = 0; i < spec->column_count; i++) {
		self->types[i] = weir_type_copy(&self->arena, spec->columns[i].type);
		self->wanted[i] = !wanted || wanted[i];
	}
	return self;
}

static void destroy(struct delimited *self)
{
	if (!self)
		return;
	weir_buf_fini(&self->field);
	weir_arena_fini(&self->arena);
	free(self);
}

/* ---- Reading ---- */

struct tokens {
	struct weir_slice rest;
	char delimiter;
	bool is_done;
};

static bool is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

static bool take_quoted(struct tokens *tokens, struct weir_arena *arena, struct weir_slice *ret, struct weir_err *err)
{
	struct weir_slice in = tokens->rest;
	char *out = weir_arena_alloc(arena, in.len);
	size_t len = 0, i = 1;

	for (;; i++) {
		if (i >= in.len)
			return weir_err_set(err, WEIR_E_DESERIALIZE, "A quoted field has no closing quote");
		if (in.ptr[i] == '"') {
			if (i + 1 < in.len && in.ptr[i + 1] == '"')
				i++;
			else
				break;
		}
		out[len++] = in.ptr[i];
	}
	for (i++; i < in.len && in.ptr[i] != tokens->delimiter && !is_line_end(in.ptr[i]); i++)
		if (in.ptr[i] != ' ' && in.ptr[i] != '\t')
			return weir_err_set(err, WEIR_E_DESERIALIZE, "Something stands between a quoted field and the delimiter");
	*ret = weir_slice_make(out, len);
	tokens->is_done = i >= in.len || is_line_end(in.ptr[i]);
	tokens->rest = tokens->is_done ? (struct weir_slice){ 0 } : weir_slice_make(in.ptr + i + 1, in.len - i - 1);
	return true;
}

static bool take_field(struct tokens *tokens, struct weir_arena *arena, struct weir_slice *ret, struct weir_err *err)
{
	struct weir_slice in = tokens->rest;
	size_t i = 0;

	if (in.len && in.ptr[0] == '"')
		return take_quoted(tokens, arena, ret, err);
	while (i < in.len && in.ptr[i] != tokens->delimiter && !is_line_end(in.ptr[i]))
		i++;
	*ret = weir_slice_make(in.ptr, i);
	tokens->is_done = i >= in.len || is_line_end(in.ptr[i]);
	tokens->rest = tokens->is_done ? (struct weir_slice){ 0 } : weir_slice_make(in.ptr + i + 1, in.len - i - 1);
	return true;
}

static bool parse_i32(struct weir_slice text, int32_t *ret)
{
	int64_t value;

	if (!weir_slice_to_i64(text, &value) || value > INT32_MAX || value < INT32_MIN)
		return false;
	*ret = (int32_t)value;
	return true;
}

static bool parse_decimal(const struct weir_type *type, struct weir_slice text, union weir_cell *ret)
{
	struct weir_err ignored;
	__int128 value;
	int scale;

	return weir_decimal_parse(text, &value, &scale) && weir_decimal_fit(value, scale, type, &ret->decimal, &ignored);
}

static bool parse_field(const struct weir_type *type, struct weir_slice text, struct weir_arena *arena, union weir_cell *ret)
{
	switch (type->kind) {
	case WEIR_KIND_BOOLEAN:
		ret->boolean = weir_slice_equals_nocase(text, WEIR_SLICE("true"));
		return true;
	case WEIR_KIND_INTEGER:
	case WEIR_KIND_DATE:
		return parse_i32(text, &ret->i32);
	case WEIR_KIND_TIME:
		return parse_i32(text, &ret->i32) && ret->i32 >= 0 && ret->i32 <= WEIR_MS_PER_DAY;
	case WEIR_KIND_BIGINT:
	case WEIR_KIND_TIMESTAMP:
		return weir_slice_to_i64(text, &ret->i64);
	case WEIR_KIND_DOUBLE:
		return weir_double_parse(text, true, &ret->f64);
	case WEIR_KIND_DECIMAL:
		return parse_decimal(type, text, ret);
	case WEIR_KIND_BYTES:
		return weir_base64_parse(arena, text, false, &ret->str);
	default:
		ret->str = text;
		return true;
	}
}

static bool delimited_reader_new(const struct weir_format_spec *spec, const bool *wanted, struct weir_schema_source *schemas,
	struct weir_reader **ret, struct weir_err *err)
{
	struct delimited *self = make(spec, wanted);

	self->reader.format = &weir_format_delimited;
	*ret = &self->reader;
	return true;
}

static bool read_column(const struct delimited *self, size_t i, struct weir_slice text, struct weir_arena *arena,
	union weir_cell *cells, uint64_t *nulls, size_t first_null_bit, struct weir_err *err)
{
	weir_null_assign(nulls, first_null_bit + i, text.len == 0 || !self->wanted[i]);
	if (text.len == 0 || !self->wanted[i] || parse_field(self->types[i], text, arena, &cells[i]))
		return true;
	return weir_err_set(err, WEIR_E_DESERIALIZE, "Field %zu, '%.*s', cannot be read as %s", i + 1,
		(int)(text.len > 60 ? 60 : text.len), text.ptr, weir_kind_name(self->types[i]->kind));
}

static enum weir_read_result delimited_read(struct weir_reader *reader, struct weir_slice bytes, struct weir_arena *arena,
	union weir_cell *cells, uint64_t *nulls, size_t first_null_bit, struct weir_err *err)
{
	const struct delimited *self = (const struct delimited *)reader;
	size_t count = 0;

	while (bytes.len && is_line_end(bytes.ptr[0]))
		bytes = weir_slice_make(bytes.ptr + 1, bytes.len - 1);
	struct tokens tokens = { .rest = bytes, .delimiter = self->delimiter };
	if (bytes.len == 0) {
		weir_err_set(err, WEIR_E_DESERIALIZE, "There are no fields");
		return WEIR_READ_BAD;
	}
	for (; !tokens.is_done; count++) {
		struct weir_slice text = { 0 };
		if (!take_field(&tokens, arena, &text, err))
			return WEIR_READ_BAD;
		if (count < self->column_count && !read_column(self, count, text, arena, cells, nulls, first_null_bit, err))
			return WEIR_READ_BAD;
	}
	if (count == self->column_count)
		return WEIR_READ_ROW;
	weir_err_set(err, WEIR_E_DESERIALIZE, "%zu fields were expected, here are %zu", self->column_count, count);
	return WEIR_READ_BAD;
}

static void delimited_reader_free(struct weir_reader *reader)
{
	destroy((struct delimited *)reader);
}

/* ---- Writing ---- */

static bool delimited_writer_new(const struct weir_format_spec *spec, int32_t id, struct weir_writer **ret, struct weir_err *err)
{
	struct delimited *self = make(spec, NULL);

	self->writer.format = &weir_format_delimited;
	*ret = &self->writer;
	return true;
}

static bool is_alphanumeric(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool needs_quotes(struct weir_slice text, bool is_first, char delimiter)
{
	if (text.len == 0)
		return is_first;
	if (is_first && !is_alphanumeric(text.ptr[0]))
		return true;
	if ((unsigned char)text.ptr[0] <= '#' || (unsigned char)text.ptr[text.len - 1] <= ' ')
		return true;
	for (size_t i = 0; i < text.len; i++)
		if (is_line_end(text.ptr[i]) || text.ptr[i] == '"' || text.ptr[i] == delimiter)
			return true;
	return false;
}

static void append_field(struct weir_buf *out, struct weir_slice text, bool is_first, char delimiter)
{
	if (!needs_quotes(text, is_first, delimiter)) {
		weir_buf_append_slice(out, text);
		return;
	}
	weir_buf_append_byte(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"')
			weir_buf_append_byte(out, '"');
		weir_buf_append_byte(out, text.ptr[i]);
	}
	weir_buf_append_byte(out, '"');
}

static void print_field(struct weir_buf *field, const struct weir_type *type, union weir_cell cell)
{
	switch (type->kind) {
	case WEIR_KIND_DATE:
	case WEIR_KIND_TIME:
		weir_buf_append_i64(field, cell.i32);
		break;
	case WEIR_KIND_TIMESTAMP:
		weir_buf_append_i64(field, cell.i64);
		break;
	default:
		weir_value_print(field, type, cell);
	}
}

static bool delimited_write(struct weir_writer *writer, const union weir_cell *cells, const uint64_t *nulls, size_t first_null_bit,
	struct weir_buf *out, bool *ret_is_null, struct weir_err *err)
{
	struct delimited *self = (struct delimited *)writer;

	*ret_is_null = false;
	for (size_t i = 0; i < self->column_count; i++) {
		if (i)
			weir_buf_append_byte(out, self->delimiter);
		if (weir_null_test(nulls, first_null_bit + i))
			continue;
		weir_buf_reset(&self->field);
		print_field(&self->field, self->types[i], cells[i]);
		append_field(out, weir_buf_slice(&self->field), i == 0, self->delimiter);
	}
	return weir_buf_ok(out) || weir_err_set(err, WEIR_E_SERIALIZE, "The row is larger than %zu bytes", out->limit);
}

static void delimited_writer_free(struct weir_writer *writer)
{
	destroy((struct delimited *)writer);
}

const struct weir_format weir_format_delimited = {
	.name = "DELIMITED",
	.supports_unwrapping = true,
	.supports_multiple_columns = true,
	.check = delimited_check,
	.reader_new = delimited_reader_new,
	.read = delimited_read,
	.reader_free = delimited_reader_free,
	.writer_new = delimited_writer_new,
	.write = delimited_write,
	.writer_free = delimited_writer_free,
};
