/* TO_JSON_STRING: any value as JSON; keys of objects are sorted. */
#include "functions/scalar/string/text.h"
#include "types/compare.h"
#include "types/datetime.h"
#include "types/decimal.h"
#include "types/text.h"
#include "json/json.h"

#include <math.h>
#include <stdlib.h>

/* One member of an object to be. */
struct member {
	struct weir_slice name;
	const struct weir_type *type;
	union weir_cell cell;
	bool is_null;
};

static bool print(struct weir_call *call, struct weir_buf *out, const struct weir_type *type, union weir_cell cell, bool is_null,
	struct weir_err *err);

static int by_name(const void *a, const void *b)
{
	return weir_string_compare(((const struct member *)a)->name, ((const struct member *)b)->name);
}

static bool print_members(struct weir_call *call, struct weir_buf *out, struct member *members, size_t count, struct weir_err *err)
{
	qsort(members, count, sizeof *members, by_name);
	weir_buf_append_byte(out, '{');
	for (size_t i = 0; i < count; i++) {
		if (i)
			weir_buf_append_byte(out, ',');
		weir_json_append_string(out, members[i].name, false);
		weir_buf_append_byte(out, ':');
		if (!print(call, out, members[i].type, members[i].cell, members[i].is_null, err))
			return false;
	}
	weir_buf_append_byte(out, '}');
	return true;
}

static bool print_struct(struct weir_call *call, struct weir_buf *out, const struct weir_type *type,
	const struct weir_struct_value *record, struct weir_err *err)
{
	struct member *members = WEIR_ARENA_ARRAY(call->arena, struct member, type->field_count + 1);

	for (size_t i = 0; i < type->field_count; i++)
		members[i] = (struct member){ type->fields[i].name, type->fields[i].type, record->cells[i],
			weir_null_test(record->nulls, i) };
	return print_members(call, out, members, type->field_count, err);
}

static struct weir_slice key_text(struct weir_arena *arena, const struct weir_type *type, union weir_cell key)
{
	struct weir_buf text;

	if (type->kind == WEIR_KIND_STRING)
		return key.str;
	weir_buf_init(&text, WEIR_MAX_STRING_BYTES);
	weir_value_print(&text, type, key);
	struct weir_slice copy = weir_arena_copy(arena, weir_buf_slice(&text));
	weir_buf_fini(&text);
	return copy;
}

static bool print_map(struct weir_call *call, struct weir_buf *out, const struct weir_type *type, const struct weir_map_value *map,
	struct weir_err *err)
{
	struct member *members = WEIR_ARENA_ARRAY(call->arena, struct member, map->count + 1);

	for (size_t i = 0; i < map->count; i++) {
		if (weir_null_test(map->key_nulls, i))
			return weir_err_set(err, WEIR_E_EVALUATE, "A NULL key of a map has no place in JSON");
		members[i] = (struct member){ key_text(call->arena, type->key, map->keys[i]), type->element, map->values[i],
			weir_null_test(map->value_nulls, i) };
	}
	return print_members(call, out, members, map->count, err);
}

static bool print_array(struct weir_call *call, struct weir_buf *out, const struct weir_type *type, const struct weir_array *array,
	struct weir_err *err)
{
	weir_buf_append_byte(out, '[');
	for (size_t i = 0; i < array->count; i++) {
		if (i)
			weir_buf_append_byte(out, ',');
		if (!print(call, out, type->element, array->items[i], weir_null_test(array->nulls, i), err))
			return false;
	}
	weir_buf_append_byte(out, ']');
	return true;
}

/* Dates, times, BYTES, and numbers that are none in JSON: their texts in quotes. */
static void print_quoted(struct weir_buf *out, const struct weir_type *type, union weir_cell cell)
{
	weir_buf_append_byte(out, '"');
	if (type->kind == WEIR_KIND_TIME)
		weir_time_print(out, cell.i32 / 1000 * 1000);
	else
		weir_value_print(out, type, cell);
	weir_buf_append_byte(out, '"');
}

static bool print(struct weir_call *call, struct weir_buf *out, const struct weir_type *type, union weir_cell cell, bool is_null,
	struct weir_err *err)
{
	if (is_null) {
		weir_buf_append_text(out, "null");
		return true;
	}
	switch (type->kind) {
	case WEIR_KIND_STRING:
		weir_json_append_string(out, cell.str, false);
		return true;
	case WEIR_KIND_ARRAY:
		return print_array(call, out, type, cell.array, err);
	case WEIR_KIND_MAP:
		return print_map(call, out, type, cell.map, err);
	case WEIR_KIND_STRUCT:
		return print_struct(call, out, type, cell.record, err);
	case WEIR_KIND_DATE:
	case WEIR_KIND_TIME:
	case WEIR_KIND_TIMESTAMP:
	case WEIR_KIND_BYTES:
		print_quoted(out, type, cell);
		return true;
	case WEIR_KIND_DOUBLE:
		if (!isfinite(cell.f64)) {
			print_quoted(out, type, cell);
			return true;
		}
		break;
	default:
		break;
	}
	weir_value_print(out, type, cell);
	return true;
}

static enum weir_result to_json_string(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	struct weir_buf out;

	weir_buf_init(&out, WEIR_MAX_STRING_BYTES);
	if (!print(call, &out, call->arg_types[0], ARG(0), ARG_IS_NULL(0), err)) {
		weir_buf_fini(&out);
		return WEIR_FAILED;
	}
	return weir_text_finish(call, &out, ret, err);
}

const struct weir_scalar_function weir_scalar_to_json_string = {
	.name = "TO_JSON_STRING",
	.category = "JSON",
	.summary = "Any value as JSON; the keys of structs and maps are sorted, NULL is null.",
	.overloads = { { .params = { PARAM_GENERIC('T', "input") }, RETURNS(STRING), .eval = to_json_string } },
	.examples = { { "TO_JSON_STRING(STRUCT(b := 1, a := ARRAY['x']))", "'{\"A\":[\"x\"],\"B\":1}'" } },
};
