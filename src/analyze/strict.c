/* Numbers only upwards, texts only to times and BYTES, decimals without rounding, containers item by item, STRUCTs by name. */
#include "analyze/strict.h"

#include "expr/evaluator.h"
#include "types/cast.h"
#include "types/decimal.h"

static bool convert(struct weir_arena *arena, const struct weir_type *from, const struct weir_type *to, union weir_cell cell,
	union weir_cell *ret, struct weir_err *err);

static bool is_allowed(enum weir_kind from, enum weir_kind to)
{
	static const unsigned targets[WEIR_KIND_COUNT] = {
		[WEIR_KIND_INTEGER] = 1u << WEIR_KIND_BIGINT | 1u << WEIR_KIND_DECIMAL | 1u << WEIR_KIND_DOUBLE,
		[WEIR_KIND_BIGINT] = 1u << WEIR_KIND_DECIMAL | 1u << WEIR_KIND_DOUBLE,
		[WEIR_KIND_DECIMAL] = 1u << WEIR_KIND_DOUBLE,
		[WEIR_KIND_STRING] =
			1u << WEIR_KIND_TIMESTAMP | 1u << WEIR_KIND_TIME | 1u << WEIR_KIND_DATE | 1u << WEIR_KIND_BYTES,
	};

	return targets[from] >> to & 1;
}

static bool convert_items(struct weir_arena *arena, const struct weir_type *from, const struct weir_type *to,
	const union weir_cell *items, const uint64_t *nulls, size_t count, const union weir_cell **ret, struct weir_err *err)
{
	union weir_cell *cells = WEIR_ARENA_ARRAY(arena, union weir_cell, count + 1);

	for (size_t i = 0; i < count; i++)
		if (!weir_null_test(nulls, i) && !convert(arena, from, to, items[i], &cells[i], err))
			return false;
	*ret = cells;
	return true;
}

static bool convert_struct(struct weir_arena *arena, const struct weir_type *from, const struct weir_type *to,
	const struct weir_struct_value *value, union weir_cell *ret, struct weir_err *err)
{
	union weir_cell *cells = WEIR_ARENA_ARRAY(arena, union weir_cell, to->field_count + 1);
	uint64_t *nulls = WEIR_ARENA_ARRAY(arena, uint64_t, weir_null_words(to->field_count + 1));
	struct weir_struct_value *copy = WEIR_ARENA_NEW(arena, struct weir_struct_value);

	for (size_t i = 0; i < to->field_count; i++) {
		int at = weir_type_field_index(from, to->fields[i].name);

		if (at < 0 || weir_null_test(value->nulls, (size_t)at))
			weir_null_set(nulls, i);
		else if (!convert(arena, from->fields[at].type, to->fields[i].type, value->cells[at], &cells[i], err))
			return false;
	}
	*copy = (struct weir_struct_value){ .cells = cells, .nulls = nulls };
	ret->record = copy;
	return true;
}

static bool convert_container(struct weir_arena *arena, const struct weir_type *from, const struct weir_type *to,
	union weir_cell cell, union weir_cell *ret, struct weir_err *err)
{
	if (to->kind == WEIR_KIND_STRUCT)
		return convert_struct(arena, from, to, cell.record, ret, err);
	if (to->kind == WEIR_KIND_ARRAY) {
		struct weir_array *array = WEIR_ARENA_NEW(arena, struct weir_array);

		*array = *cell.array;
		ret->array = array;
		return convert_items(
			arena, from->element, to->element, cell.array->items, array->nulls, array->count, &array->items, err);
	}
	struct weir_map_value *map = WEIR_ARENA_NEW(arena, struct weir_map_value);
	*map = *cell.map;
	ret->map = map;
	return convert_items(arena, from->key, to->key, cell.map->keys, map->key_nulls, map->count, &map->keys, err) &&
	       convert_items(arena, from->element, to->element, cell.map->values, map->value_nulls, map->count, &map->values, err);
}

static bool convert(struct weir_arena *arena, const struct weir_type *from, const struct weir_type *to, union weir_cell cell,
	union weir_cell *ret, struct weir_err *err)
{
	if (weir_type_equals(from, to)) {
		*ret = cell;
		return true;
	}
	if (from->kind == WEIR_KIND_DECIMAL && to->kind == WEIR_KIND_DECIMAL)
		return weir_decimal_fit(cell.decimal, from->scale, to, &ret->decimal, err);
	if (is_allowed(from->kind, to->kind))
		return weir_cast(from, to, cell, arena, ret, err) == WEIR_VALUE;
	if (from->kind == to->kind && to->kind >= WEIR_KIND_ARRAY)
		return convert_container(arena, from, to, cell, ret, err);
	return weir_err_set(
		err, WEIR_E_TYPE, "%s does not become %s by itself", weir_kind_name(from->kind), weir_kind_name(to->kind));
}

bool weir_strict_value(struct weir_arena *arena, const struct weir_clock *clock, const struct weir_expr *expr,
	const struct weir_type *type, struct weir_slice what, struct weir_value *ret, struct weir_err *err)
{
	struct weir_slice wanted = weir_type_text(arena, type), given = weir_type_text(arena, expr->type);
	struct weir_err why = { 0 };
	union weir_cell cell;
	struct weir_value value = { 0 };
	enum weir_result result = weir_evaluate_constant(arena, clock, expr, &cell, &why);

	if (result == WEIR_FAILED)
		return weir_err_set_at(err, WEIR_E_EVALUATE, expr->line, expr->column,
			"The value %.*s for %.*s cannot be evaluated: %s", WEIR_SLICE_ARG(expr->text), WEIR_SLICE_ARG(what),
			why.text);
	value.is_null = result == WEIR_NULL || expr->type->kind == WEIR_KIND_NULL;
	if (value.is_null || convert(arena, expr->type, type, cell, &value.cell, &why)) {
		*ret = value;
		return true;
	}
	return weir_err_set_at(err, WEIR_E_TYPE, expr->line, expr->column, "%.*s needs %.*s, but %.*s is %.*s: %s",
		WEIR_SLICE_ARG(what), WEIR_SLICE_ARG(wanted), WEIR_SLICE_ARG(expr->text), WEIR_SLICE_ARG(given), why.text);
}
