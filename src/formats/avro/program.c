/* Decoding: one function per step, chosen when the program is compiled; what nobody wants is skipped.
 *
 * Holds: no read passes the end; block counts are checked against the bytes that are left before memory is taken for them.
 */
#include "formats/avro/program.h"

#include "types/cast.h"
#include "types/decimal.h"
#include "types/text.h"

struct target {
	const struct avro_program *program;
	int cell;                        /* -1: skipped */
	struct weir_value default_value; /* what a null means when the field has a default */
	bool has_default;
};

struct avro_program {
	enum weir_result (*run)(const struct avro_program *self, struct avro_input *input, union weir_cell *ret);
	const struct avro_schema *schema;
	const struct weir_type *type; /* NULL: skip */
	const struct avro_program *child, *child2;
	struct target *targets; /* records: one per field; unions: one per branch */
	size_t target_count;
	int null_branch;
};

static enum weir_result fail(struct avro_input *input, const char *what)
{
	weir_err_set(input->err, WEIR_E_DESERIALIZE, "The Avro record is damaged: %s", what);
	return WEIR_FAILED;
}

/* ---- Pieces ---- */

static bool take_long(struct avro_input *input, int64_t *ret)
{
	uint64_t value = 0;

	for (int shift = 0; shift < 70 && input->p < input->end; shift += 7) {
		unsigned char byte = *input->p++;
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80)) {
			*ret = (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
			return true;
		}
	}
	fail(input, "a number has no end");
	return false;
}

static bool take_bytes(struct avro_input *input, struct weir_slice *ret)
{
	int64_t len;

	if (!take_long(input, &len))
		return false;
	if (len < 0 || len > input->end - input->p) {
		fail(input, "a text or bytes run past the end");
		return false;
	}
	*ret = weir_slice_make(input->p, (size_t)len);
	input->p += len;
	return true;
}

static bool take_fixed(struct avro_input *input, size_t len, struct weir_slice *ret)
{
	if (len > (size_t)(input->end - input->p)) {
		fail(input, "it ends too early");
		return false;
	}
	*ret = weir_slice_make(input->p, len);
	input->p += len;
	return true;
}

/* ---- Scalars ---- */

static enum weir_result run_null(const struct avro_program *self, struct avro_input *input, union weir_cell *ret)
{
	return WEIR_NULL;
}

static enum weir_result run_boolean(const struct avro_program *self, struct avro_input *input, union weir_cell *ret)
{
	struct weir_slice byte;

	if (!take_fixed(input, 1, &byte))
		return WEIR_FAILED;
	ret->boolean = byte.ptr[0] != 0;
	return WEIR_VALUE;
}

static enum weir_result run_int(const struct avro_program *self, struct avro_input *input, union weir_cell *ret)
{
	int64_t value;

	if (!take_long(input, &value))
		return WEIR_FAILED;
	if (value > INT32_MAX || value < INT32_MIN)
		return fail(input, "an int is out of range");
	ret->i32 = (int32_t)value;
	return WEIR_VALUE;
}

static enum weir_result run_long(const struct avro_program *self, struct avro_input *input, union weir_cell *ret)
{
	return take_long(input, &ret->i64) ? WEIR_VALUE : WEIR_FAILED;
}

static enum weir_result run_float(const struct avro_program *self, struct avro_input *input, union weir_cell *ret)
{
	struct weir_slice bytes;
	float value;

	if (!take_fixed(input, 4, &bytes))
		return WEIR_FAILED;
	memcpy(&value, bytes.ptr, 4);
	ret->f64 = value;
	return WEIR_VALUE;
}

static enum weir_result run_double(const struct avro_program *self, struct avro_input *input, union weir_cell *ret)
{
	struct weir_slice bytes;

	if (!take_fixed(input, 8, &bytes))
		return WEIR_FAILED;
	memcpy(&ret->f64, bytes.ptr, 8);
	return WEIR_VALUE;
}

static enum weir_result run_text(const struct avro_program *self, struct avro_input *input, union weir_cell *ret)
{
	return take_bytes(input, &ret->str) ? WEIR_VALUE : WEIR_FAILED;
}

static enum weir_result run_fixed(const struct avro_program *self, struct avro_input *input, union weir_cell *ret)
{
	return take_fixed(input, self->schema->size, &ret->str) ? WEIR_VALUE : WEIR_FAILED;
}

static enum weir_result run_enum(const struct avro_program *self, struct avro_input *input, union weir_cell *ret)
{
	int64_t index;

	if (!take_long(input, &index))
		return WEIR_FAILED;
	if (index < 0 || (size_t)index >= self->schema->symbol_count)
		return fail(input, "an enum has no such symbol");
	ret->str = self->schema->symbols[index];
	return WEIR_VALUE;
}

static enum weir_result to_decimal(
	const struct avro_program *self, struct avro_input *input, struct weir_slice bytes, union weir_cell *ret)
{
	__int128 value;

	if (!weir_decimal_from_bytes(bytes, &value))
		return fail(input, "a decimal has more than 38 digits");
	if (!weir_decimal_fit(value, self->schema->scale, self->type, &ret->decimal, input->err)) {
		input->err->code = WEIR_E_DESERIALIZE;
		return WEIR_FAILED;
	}
	return WEIR_VALUE;
}

static enum weir_result run_decimal(const struct avro_program *self, struct avro_input *input, union weir_cell *ret)
{
	struct weir_slice bytes;
	bool ok = self->schema->kind == AVRO_FIXED ? take_fixed(input, self->schema->size, &bytes) : take_bytes(input, &bytes);

	return ok ? to_decimal(self, input, bytes, ret) : WEIR_FAILED;
}

/* A scalar of another kind read as STRING. */
static enum weir_result run_as_string(const struct avro_program *self, struct avro_input *input, union weir_cell *ret)
{
	union weir_cell value;
	struct weir_buf text;

	if (self->child->run(self->child, input, &value) != WEIR_VALUE)
		return WEIR_FAILED;
	weir_buf_init(&text, 128);
	weir_value_print(&text, self->child->type, value);
	ret->str = weir_arena_copy(input->arena, weir_buf_slice(&text));
	weir_buf_fini(&text);
	return WEIR_VALUE;
}

static enum weir_result run_int_as_long(const struct avro_program *self, struct avro_input *input, union weir_cell *ret)
{
	union weir_cell value;

	if (run_int(self, input, &value) != WEIR_VALUE)
		return WEIR_FAILED;
	ret->i64 = value.i32;
	return WEIR_VALUE;
}

/* ---- Containers ---- */

/* *ret_count 0 at the end. A negative count is followed by the block's size. */
static bool take_block(struct avro_input *input, size_t min_bytes, int64_t *ret_count)
{
	int64_t size;

	if (!take_long(input, ret_count))
		return false;
	if (*ret_count < 0) {
		if (*ret_count == INT64_MIN || !take_long(input, &size))
			return false;
		*ret_count = -*ret_count;
	}
	size_t least = min_bytes ? min_bytes : 1;
	if (*ret_count > 0 && (uint64_t)*ret_count > (uint64_t)(input->end - input->p) / least + (min_bytes ? 0 : 1000000)) {
		fail(input, "a list has more items than bytes");
		return false;
	}
	return true;
}

struct items {
	union weir_cell *cells;
	uint64_t *nulls;
	size_t count, capacity;
};

static void items_reserve(struct avro_input *input, struct items *items, size_t more)
{
	if (items->count + more <= items->capacity)
		return;
	size_t capacity = items->count + more > items->capacity * 2 ? items->count + more : items->capacity * 2;
	union weir_cell *cells = weir_arena_alloc(input->arena, capacity * sizeof *cells);
	uint64_t *nulls = weir_arena_alloc_zero(input->arena, weir_null_words(capacity) * sizeof *nulls);
	if (items->count) {
		memcpy(cells, items->cells, items->count * sizeof *cells);
		memcpy(nulls, items->nulls, weir_null_words(items->count) * sizeof *nulls);
	}
	items->cells = cells;
	items->nulls = nulls;
	items->capacity = capacity;
}

static bool items_take(struct avro_input *input, struct items *items, const struct avro_program *program)
{
	enum weir_result result = program->run(program, input, &items->cells[items->count]);

	if (result == WEIR_FAILED)
		return false;
	if (result == WEIR_NULL)
		weir_null_set(items->nulls, items->count);
	items->count++;
	return true;
}

static enum weir_result run_array(const struct avro_program *self, struct avro_input *input, union weir_cell *ret)
{
	struct items items = { 0 };
	int64_t count;

	do {
		if (!take_block(input, self->schema->element->min_bytes, &count))
			return WEIR_FAILED;
		items_reserve(input, &items, (size_t)count);
		for (int64_t i = 0; i < count; i++)
			if (!items_take(input, &items, self->child))
				return WEIR_FAILED;
	} while (count);
	struct weir_array *array = WEIR_ARENA_NEW(input->arena, struct weir_array);
	*array = (struct weir_array){ .count = items.count, .items = items.cells, .nulls = items.nulls };
	ret->array = array;
	return WEIR_VALUE;
}

/* Maps, and arrays of key-value records that stand for maps. */
static enum weir_result run_map(const struct avro_program *self, struct avro_input *input, union weir_cell *ret)
{
	struct items keys = { 0 }, values = { 0 };
	int64_t count;

	do {
		if (!take_block(input, 1, &count))
			return WEIR_FAILED;
		items_reserve(input, &keys, (size_t)count);
		items_reserve(input, &values, (size_t)count);
		for (int64_t i = 0; i < count; i++)
			if (!items_take(input, &keys, self->child) || !items_take(input, &values, self->child2))
				return WEIR_FAILED;
	} while (count);
	struct weir_map_value *map = WEIR_ARENA_NEW(input->arena, struct weir_map_value);
	*map = (struct weir_map_value){ .count = keys.count,
		.keys = keys.cells,
		.values = values.cells,
		.key_nulls = keys.nulls,
		.value_nulls = values.nulls };
	ret->map = map;
	return WEIR_VALUE;
}

static enum weir_result run_target(const struct target *target, struct avro_input *input, union weir_cell *ret)
{
	enum weir_result result = target->program->run(target->program, input, ret);

	if (result != WEIR_NULL || !target->has_default)
		return result;
	*ret = target->default_value.cell;
	return WEIR_VALUE;
}

static bool run_targets(
	const struct avro_program *self, struct avro_input *input, union weir_cell *cells, uint64_t *nulls, size_t first_null_bit)
{
	for (size_t i = 0; i < self->target_count; i++) {
		const struct target *target = &self->targets[i];
		union weir_cell unused;
		enum weir_result result = run_target(target, input, target->cell >= 0 ? &cells[target->cell] : &unused);
		if (result == WEIR_FAILED)
			return weir_err_prefix(input->err, "%.*s", WEIR_SLICE_ARG(self->schema->fields[i].name));
		if (target->cell >= 0)
			weir_null_assign(nulls, first_null_bit + (size_t)target->cell, result == WEIR_NULL);
	}
	return true;
}

bool avro_run_columns(
	const struct avro_program *self, struct avro_input *input, union weir_cell *cells, uint64_t *nulls, size_t first_null_bit)
{
	return run_targets(self, input, cells, nulls, first_null_bit);
}

static uint64_t *all_null(struct avro_input *input, size_t count)
{
	uint64_t *nulls = weir_arena_alloc(input->arena, (weir_null_words(count) + 1) * sizeof *nulls);

	memset(nulls, 0xff, (weir_null_words(count) + 1) * sizeof *nulls);
	return nulls;
}

static enum weir_result run_record(const struct avro_program *self, struct avro_input *input, union weir_cell *ret)
{
	size_t width = self->type ? self->type->field_count : 0;

	if (!self->type) { /* skipped */
		union weir_cell unused;
		for (size_t i = 0; i < self->target_count; i++)
			if (self->targets[i].program->run(self->targets[i].program, input, &unused) == WEIR_FAILED)
				return WEIR_FAILED;
		return WEIR_VALUE;
	}
	struct weir_struct_value *record = WEIR_ARENA_NEW(input->arena, struct weir_struct_value);
	union weir_cell *cells = weir_arena_alloc(input->arena, width * sizeof *cells);
	uint64_t *nulls = all_null(input, width);
	if (!run_targets(self, input, cells, nulls, 0))
		return WEIR_FAILED;
	*record = (struct weir_struct_value){ .cells = cells, .nulls = nulls };
	ret->record = record;
	return WEIR_VALUE;
}

static bool take_branch(const struct avro_program *self, struct avro_input *input, int64_t *ret_branch)
{
	if (!take_long(input, ret_branch))
		return false;
	if (*ret_branch >= 0 && (size_t)*ret_branch < self->schema->branch_count)
		return true;
	fail(input, "a union has no such branch");
	return false;
}

static enum weir_result run_nullable(const struct avro_program *self, struct avro_input *input, union weir_cell *ret)
{
	int64_t branch;

	if (!take_branch(self, input, &branch))
		return WEIR_FAILED;
	return branch == self->null_branch ? WEIR_NULL : self->child->run(self->child, input, ret);
}

/* Another union: a STRUCT in which exactly the matching member is not NULL. */
static enum weir_result run_union(const struct avro_program *self, struct avro_input *input, union weir_cell *ret)
{
	int64_t branch;

	if (!take_branch(self, input, &branch))
		return WEIR_FAILED;
	const struct target *target = &self->targets[branch];
	if (self->schema->branches[branch]->kind == AVRO_NULL)
		return WEIR_NULL;
	union weir_cell value;
	enum weir_result result = target->program->run(target->program, input, &value);
	if (result == WEIR_FAILED || !self->type)
		return result;
	struct weir_struct_value *record = WEIR_ARENA_NEW(input->arena, struct weir_struct_value);
	union weir_cell *cells = weir_arena_alloc(input->arena, self->type->field_count * sizeof *cells);
	uint64_t *nulls = all_null(input, self->type->field_count);
	if (target->cell >= 0 && result == WEIR_VALUE) {
		cells[target->cell] = value;
		weir_null_clear(nulls, (size_t)target->cell);
	}
	*record = (struct weir_struct_value){ .cells = cells, .nulls = nulls };
	ret->record = record;
	return WEIR_VALUE;
}

/* ---- Skipping ---- */

static enum weir_result skip_list(const struct avro_program *self, struct avro_input *input, union weir_cell *ret)
{
	union weir_cell unused;
	int64_t count;

	do {
		if (!take_block(input, self->schema->element->min_bytes, &count))
			return WEIR_FAILED;
		for (int64_t i = 0; i < count; i++) {
			if (self->child2 && self->child2->run(self->child2, input, &unused) == WEIR_FAILED)
				return WEIR_FAILED;
			if (self->child->run(self->child, input, &unused) == WEIR_FAILED)
				return WEIR_FAILED;
		}
	} while (count);
	return WEIR_VALUE;
}

static const struct avro_program text_program = { .run = run_text };

/* ---- Compiling ---- */

struct compiler {
	struct weir_arena *arena;
	struct weir_err *err;
};

static const struct avro_program *compile(
	struct compiler *compiler, const struct avro_schema *schema, const struct weir_type *type);

static struct avro_program *make(struct compiler *compiler, const struct avro_schema *schema, const struct weir_type *type,
	enum weir_result (*run)(const struct avro_program *, struct avro_input *, union weir_cell *))
{
	struct avro_program *program = WEIR_ARENA_NEW(compiler->arena, struct avro_program);

	program->schema = schema;
	program->type = type;
	program->run = run;
	return program;
}

static const struct avro_program *mismatch(
	struct compiler *compiler, const struct avro_schema *schema, const struct weir_type *type)
{
	weir_err_set(compiler->err, WEIR_E_DESERIALIZE, "The writer's Avro type %.*s cannot be read as %s",
		WEIR_SLICE_ARG(avro_branch_name(schema)), weir_kind_name(type->kind));
	return NULL;
}

static bool default_scalar(
	struct weir_arena *arena, const struct weir_json *json, const struct weir_type *type, union weir_cell *ret)
{
	struct weir_err ignored;
	union weir_cell text;

	switch (type->kind) {
	case WEIR_KIND_BOOLEAN:
		ret->boolean = json->boolean;
		return json->kind == WEIR_JSON_BOOLEAN;
	case WEIR_KIND_STRING:
		ret->str = json->text;
		return json->kind == WEIR_JSON_STRING;
	case WEIR_KIND_INTEGER:
	case WEIR_KIND_BIGINT:
	case WEIR_KIND_DOUBLE:
		text.str = json->text;
		return json->kind == WEIR_JSON_NUMBER &&
		       weir_cast(&weir_type_string, type, text, arena, ret, &ignored) == WEIR_VALUE;
	case WEIR_KIND_DATE:
	case WEIR_KIND_TIME:
		text.str = json->text;
		return json->kind == WEIR_JSON_NUMBER &&
		       weir_cast(&weir_type_string, &weir_type_integer, text, arena, ret, &ignored) == WEIR_VALUE;
	case WEIR_KIND_TIMESTAMP:
		text.str = json->text;
		return json->kind == WEIR_JSON_NUMBER &&
		       weir_cast(&weir_type_string, &weir_type_bigint, text, arena, ret, &ignored) == WEIR_VALUE;
	default:
		return false;
	}
}

static void set_default(
	struct compiler *compiler, const struct avro_field *field, const struct weir_type *type, struct target *target)
{
	if (!field->default_value || field->default_value->kind == WEIR_JSON_NULL || !type)
		return;
	target->has_default = default_scalar(compiler->arena, field->default_value, type, &target->default_value.cell);
}

/* Which member of the wanted names a source field fills: exact, else upper-cased; -1 none. */
static int match_name(struct weir_arena *arena, struct weir_slice name, const struct weir_field *fields,
	const struct weir_column *columns, size_t count)
{
	struct weir_slice upper = avro_upper(arena, name);
	int found = -1;

	for (size_t i = 0; i < count; i++) {
		struct weir_slice wanted = fields ? fields[i].name : columns[i].name;
		if (weir_slice_equals(wanted, name))
			return (int)i;
		if (weir_slice_equals(wanted, upper))
			found = (int)i;
	}
	return found;
}

static const struct avro_program *compile_fields(struct compiler *compiler, const struct avro_schema *schema,
	const struct weir_type *type, const struct weir_column *columns, const bool *wanted, size_t count)
{
	struct avro_program *program = make(compiler, schema, type, run_record);

	program->target_count = schema->field_count;
	program->targets = WEIR_ARENA_ARRAY(compiler->arena, struct target, schema->field_count);
	for (size_t i = 0; i < schema->field_count; i++) {
		struct target *target = &program->targets[i];
		target->cell = match_name(compiler->arena, schema->fields[i].name, type ? type->fields : NULL, columns, count);
		if (target->cell >= 0 && wanted && !wanted[target->cell])
			target->cell = -1;
		const struct weir_type *member = target->cell < 0 ? NULL
						 : type           ? type->fields[target->cell].type
								  : columns[target->cell].type;
		if (!(target->program = compile(compiler, schema->fields[i].schema, member)))
			return weir_err_prefix(compiler->err, "%.*s", WEIR_SLICE_ARG(schema->fields[i].name)), NULL;
		set_default(compiler, &schema->fields[i], member, target);
	}
	return program;
}

static const struct avro_program *compile_union(
	struct compiler *compiler, const struct avro_schema *schema, const struct weir_type *type)
{
	struct avro_program *program = make(compiler, schema, type, run_union);

	if (type && type->kind != WEIR_KIND_STRUCT)
		return mismatch(compiler, schema, type);
	program->target_count = schema->branch_count;
	program->targets = WEIR_ARENA_ARRAY(compiler->arena, struct target, schema->branch_count);
	for (size_t i = 0; i < schema->branch_count; i++) {
		struct target *target = &program->targets[i];
		target->cell = type ? match_name(compiler->arena, avro_branch_name(schema->branches[i]), type->fields, NULL,
					      type->field_count)
				    : -1;
		if (!(target->program = compile(
			      compiler, schema->branches[i], target->cell >= 0 ? type->fields[target->cell].type : NULL)))
			return NULL;
	}
	return program;
}

static const struct avro_program *compile_list(
	struct compiler *compiler, const struct avro_schema *schema, const struct weir_type *type)
{
	bool is_map = schema->kind == AVRO_MAP || schema->is_map_entries;
	struct avro_program *program = make(compiler, schema, type,
		!type                                   ? skip_list
		: is_map && type->kind == WEIR_KIND_MAP ? run_map
							: run_array);

	if (type && type->kind == WEIR_KIND_MAP && is_map) {
		const struct avro_schema *key = schema->is_map_entries ? schema->element->fields[0].schema : NULL;
		const struct avro_schema *value = schema->is_map_entries ? schema->element->fields[1].schema : schema->element;
		program->child = key ? compile(compiler, key, type->key) : &text_program;
		program->child2 = compile(compiler, value, type->element);
		return program->child && program->child2 ? program : NULL;
	}
	if (type && (type->kind != WEIR_KIND_ARRAY || schema->kind == AVRO_MAP))
		return mismatch(compiler, schema, type);
	if (!type && schema->kind == AVRO_MAP)
		program->child2 = &text_program; /* the key, in front of the value */
	program->child = compile(compiler, schema->element, type ? type->element : NULL);
	return program->child ? program : NULL;
}

static const struct avro_program *as_string(
	struct compiler *compiler, const struct avro_schema *schema, const struct weir_type *plain)
{
	struct avro_program *program = make(compiler, schema, &weir_type_string, run_as_string);

	program->child = compile(compiler, schema, plain);
	return program->child ? program : NULL;
}

static const struct avro_program *compile_number(
	struct compiler *compiler, const struct avro_schema *schema, const struct weir_type *type)
{
	enum weir_kind wanted = type ? type->kind : WEIR_KIND_NULL;

	switch (schema->kind) {
	case AVRO_INT:
		if (!type || wanted == WEIR_KIND_INTEGER || wanted == WEIR_KIND_DATE || wanted == WEIR_KIND_TIME)
			return make(compiler, schema, type, run_int);
		if (wanted == WEIR_KIND_BIGINT || wanted == WEIR_KIND_TIMESTAMP)
			return make(compiler, schema, type, run_int_as_long);
		return wanted == WEIR_KIND_STRING ? as_string(compiler, schema, &weir_type_integer)
						  : mismatch(compiler, schema, type);
	case AVRO_LONG:
		if (!type || wanted == WEIR_KIND_BIGINT || wanted == WEIR_KIND_TIMESTAMP)
			return make(compiler, schema, type, run_long);
		return wanted == WEIR_KIND_STRING ? as_string(compiler, schema, &weir_type_bigint)
						  : mismatch(compiler, schema, type);
	case AVRO_BOOLEAN:
		if (!type || wanted == WEIR_KIND_BOOLEAN)
			return make(compiler, schema, type, run_boolean);
		return wanted == WEIR_KIND_STRING ? as_string(compiler, schema, &weir_type_boolean)
						  : mismatch(compiler, schema, type);
	default:
		if (!type || wanted == WEIR_KIND_DOUBLE)
			return make(compiler, schema, type, schema->kind == AVRO_FLOAT ? run_float : run_double);
		return wanted == WEIR_KIND_STRING ? as_string(compiler, schema, &weir_type_double)
						  : mismatch(compiler, schema, type);
	}
}

static const struct avro_program *compile_bytes(
	struct compiler *compiler, const struct avro_schema *schema, const struct weir_type *type)
{
	bool is_decimal = schema->logical == AVRO_DECIMAL;

	if (!type || (type->kind == WEIR_KIND_BYTES && !is_decimal))
		return make(compiler, schema, type, schema->kind == AVRO_FIXED ? run_fixed : run_text);
	if (type->kind == WEIR_KIND_DECIMAL && is_decimal)
		return make(compiler, schema, type, run_decimal);
	return mismatch(compiler, schema, type);
}

static const struct avro_program *compile(struct compiler *compiler, const struct avro_schema *schema, const struct weir_type *type)
{
	struct avro_program *program;

	switch (schema->kind) {
	case AVRO_NULL:
		return make(compiler, schema, type, run_null);
	case AVRO_STRING:
	case AVRO_ENUM:
		if (type && type->kind != WEIR_KIND_STRING)
			return mismatch(compiler, schema, type);
		return make(compiler, schema, type, schema->kind == AVRO_ENUM ? run_enum : run_text);
	case AVRO_BYTES:
	case AVRO_FIXED:
		return compile_bytes(compiler, schema, type);
	case AVRO_ARRAY:
	case AVRO_MAP:
		return compile_list(compiler, schema, type);
	case AVRO_RECORD:
		if (type && type->kind != WEIR_KIND_STRUCT)
			return mismatch(compiler, schema, type);
		return compile_fields(compiler, schema, type, NULL, NULL, type ? type->field_count : 0);
	case AVRO_UNION:
		program = make(compiler, schema, type, run_nullable);
		const struct avro_schema *inner = avro_schema_unwrap(schema, &program->null_branch);
		if (!inner)
			return compile_union(compiler, schema, type);
		program->child = compile(compiler, inner, type);
		return program->child ? program : NULL;
	default:
		return compile_number(compiler, schema, type);
	}
}

const struct avro_program *avro_compile(
	struct weir_arena *arena, const struct avro_schema *schema, const struct weir_type *type, struct weir_err *err)
{
	struct compiler compiler = { .arena = arena, .err = err };

	return compile(&compiler, schema, type);
}

const struct avro_program *avro_compile_columns(struct weir_arena *arena, const struct avro_schema *record,
	const struct weir_column *columns, const bool *wanted, size_t count, struct weir_err *err)
{
	struct compiler compiler = { .arena = arena, .err = err };

	return compile_fields(&compiler, record, NULL, columns, wanted, count);
}

enum weir_result avro_run(const struct avro_program *program, struct avro_input *input, union weir_cell *ret)
{
	return program->run(program, input, ret);
}

bool avro_is_raw(const struct avro_schema *schema)
{
	return schema->kind == AVRO_BYTES;
}

enum weir_result avro_run_raw(
	const struct avro_program *program, struct weir_slice bytes, struct avro_input *input, union weir_cell *ret)
{
	if (program->run == run_decimal)
		return to_decimal(program, input, bytes, ret);
	ret->str = bytes;
	return WEIR_VALUE;
}
