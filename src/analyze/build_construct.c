/* ARRAY[…], MAP(…), STRUCT(…), IN (…) and CAST. */
#include "analyze/build.h"

static const struct weir_expr **copy_items(struct weir_arena *arena, const struct weir_expr *const *items, size_t count)
{
	const struct weir_expr **copy = WEIR_ARENA_ARRAY(arena, const struct weir_expr *, count + 1);

	for (size_t i = 0; i < count; i++)
		copy[i] = items[i];
	return copy;
}

bool weir_build_array(const struct weir_builder *builder, const struct weir_expr *const *items, size_t count,
	const struct weir_expr **ret, struct weir_err *err)
{
	const struct weir_expr **typed = copy_items(builder->arena, items, count);
	const struct weir_type *type = NULL;

	if (!weir_coerce_list(builder, typed, count, &type, err))
		return false;
	if (!type) {
		weir_err_set_at(err, WEIR_E_TYPE, builder->place.line, builder->place.column,
			count ? "An ARRAY of nothing but NULLs has no type." : "An empty ARRAY has no type.");
		return weir_err_advise(err, "Cast an item, for example ARRAY[CAST(NULL AS INT)].");
	}
	*ret = weir_build_node(builder, WEIR_EXPR_ARRAY, weir_type_array(builder->arena, type), typed, count);
	return true;
}

static bool unique_literal_keys(const struct weir_expr *const *keys, size_t count, struct weir_err *err)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (weir_expr_equals(keys[i], keys[j]))
				return weir_err_set_at(err, WEIR_E_DUPLICATE_NAME, keys[i]->line, keys[i]->column,
					"The key %.*s stands twice in the MAP.", WEIR_SLICE_ARG(keys[i]->text));
	return true;
}

bool weir_build_map(const struct weir_builder *builder, const struct weir_expr *const *entries, size_t count,
	const struct weir_expr **ret, struct weir_err *err)
{
	size_t pairs = count / 2;
	const struct weir_expr **keys = WEIR_ARENA_ARRAY(builder->arena, const struct weir_expr *, pairs + 1);
	const struct weir_expr **values = WEIR_ARENA_ARRAY(builder->arena, const struct weir_expr *, pairs + 1);
	const struct weir_expr **typed = WEIR_ARENA_ARRAY(builder->arena, const struct weir_expr *, count + 1);
	const struct weir_type *key_type = NULL, *value_type = NULL;

	for (size_t i = 0; i < pairs; i++) {
		keys[i] = entries[2 * i];
		values[i] = entries[2 * i + 1];
	}
	if (!unique_literal_keys(keys, pairs, err) || !weir_coerce_list(builder, keys, pairs, &key_type, err) ||
		!weir_coerce_list(builder, values, pairs, &value_type, err))
		return false;
	if (!key_type || !value_type) {
		weir_err_set_at(err, WEIR_E_TYPE, builder->place.line, builder->place.column,
			pairs ? "A MAP whose keys or values are all NULL has no type." : "An empty MAP has no type.");
		return weir_err_advise(err, "Cast a key or a value, for example CAST(NULL AS INT).");
	}
	for (size_t i = 0; i < pairs; i++) {
		typed[2 * i] = keys[i];
		typed[2 * i + 1] = values[i];
	}
	*ret = weir_build_node(builder, WEIR_EXPR_MAP, weir_type_map(builder->arena, key_type, value_type), typed, count);
	return true;
}

bool weir_build_struct(const struct weir_builder *builder, const struct weir_slice *names, const struct weir_expr *const *values,
	size_t count, const struct weir_expr **ret, struct weir_err *err)
{
	struct weir_field *fields = WEIR_ARENA_ARRAY(builder->arena, struct weir_field, count + 1);

	for (size_t i = 0; i < count; i++) {
		if (weir_expr_is_null_literal(values[i]))
			return weir_err_set_at(err, WEIR_E_TYPE, values[i]->line, values[i]->column,
				"The field %.*s is an untyped NULL. Cast it, for example CAST(NULL AS STRING).",
				WEIR_SLICE_ARG(names[i]));
		for (size_t j = 0; j < i; j++)
			if (weir_slice_equals(names[i], names[j]))
				return weir_err_set_at(err, WEIR_E_DUPLICATE_NAME, values[i]->line, values[i]->column,
					"The field %.*s stands twice in the STRUCT.", WEIR_SLICE_ARG(names[i]));
		fields[i] = (struct weir_field){ names[i], values[i]->type };
	}
	*ret = weir_build_node(builder, WEIR_EXPR_STRUCT, weir_type_struct(builder->arena, fields, count), values, count);
	return true;
}

/* ---- IN ---- */

/* Texts beside a DATE never match; they are left out (semantics §3.7). */
static size_t drop_texts(const struct weir_expr *value, const struct weir_expr **members, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		bool is_text = members[i]->kind == WEIR_EXPR_LITERAL && members[i]->type->kind == WEIR_KIND_STRING;

		if (value->type->kind != WEIR_KIND_DATE || !is_text)
			members[kept++] = members[i];
	}
	return kept;
}

static size_t drop_nulls(const struct weir_expr **members, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (!weir_expr_is_null_literal(members[i]))
			members[kept++] = members[i];
	return kept;
}

bool weir_build_in(const struct weir_builder *builder, const struct weir_expr *value, const struct weir_expr *const *given,
	size_t count, const struct weir_expr **ret, struct weir_err *err)
{
	const struct weir_expr **items = WEIR_ARENA_ARRAY(builder->arena, const struct weir_expr *, count + 1);
	const struct weir_type *type = NULL;

	items[0] = value;
	for (size_t i = 0; i < count; i++)
		items[i + 1] = given[i];
	size_t members = drop_nulls(items + 1, count);
	if (members == 0)
		return weir_err_set_at(err, WEIR_E_TYPE, builder->place.line, builder->place.column,
			"IN needs at least one value that is not NULL.");
	members = drop_texts(value, items + 1, members);
	if (!weir_coerce_list(builder, items, members + 1, &type, err))
		return false;
	*ret = weir_build_node(builder, WEIR_EXPR_IN, &weir_type_boolean, items, members + 1);
	return true;
}

/* ---- CAST ---- */

static bool scalar_castable(enum weir_kind from, enum weir_kind to)
{
	static const unsigned targets[WEIR_KIND_COUNT] = {
		[WEIR_KIND_BOOLEAN] = 1u << WEIR_KIND_STRING,
		[WEIR_KIND_INTEGER] =
			1u << WEIR_KIND_BIGINT | 1u << WEIR_KIND_DECIMAL | 1u << WEIR_KIND_DOUBLE | 1u << WEIR_KIND_STRING,
		[WEIR_KIND_BIGINT] =
			1u << WEIR_KIND_INTEGER | 1u << WEIR_KIND_DECIMAL | 1u << WEIR_KIND_DOUBLE | 1u << WEIR_KIND_STRING,
		[WEIR_KIND_DECIMAL] = 1u << WEIR_KIND_INTEGER | 1u << WEIR_KIND_BIGINT | 1u << WEIR_KIND_DECIMAL |
				      1u << WEIR_KIND_DOUBLE | 1u << WEIR_KIND_STRING,
		[WEIR_KIND_DOUBLE] =
			1u << WEIR_KIND_INTEGER | 1u << WEIR_KIND_BIGINT | 1u << WEIR_KIND_DECIMAL | 1u << WEIR_KIND_STRING,
		[WEIR_KIND_STRING] = 1u << WEIR_KIND_BOOLEAN | 1u << WEIR_KIND_INTEGER | 1u << WEIR_KIND_BIGINT |
				     1u << WEIR_KIND_DECIMAL | 1u << WEIR_KIND_DOUBLE | 1u << WEIR_KIND_TIMESTAMP |
				     1u << WEIR_KIND_TIME | 1u << WEIR_KIND_DATE | 1u << WEIR_KIND_BYTES,
		[WEIR_KIND_TIMESTAMP] = 1u << WEIR_KIND_STRING | 1u << WEIR_KIND_TIME | 1u << WEIR_KIND_DATE,
		[WEIR_KIND_DATE] = 1u << WEIR_KIND_TIMESTAMP | 1u << WEIR_KIND_STRING,
		[WEIR_KIND_TIME] = 1u << WEIR_KIND_STRING,
		[WEIR_KIND_ARRAY] = 1u << WEIR_KIND_STRING,
		[WEIR_KIND_MAP] = 1u << WEIR_KIND_STRING,
		[WEIR_KIND_STRUCT] = 1u << WEIR_KIND_STRING,
	};

	return from == WEIR_KIND_NULL || (targets[from] >> to & 1);
}

static bool castable(const struct weir_type *from, const struct weir_type *to)
{
	if (weir_type_equals(from, to) || scalar_castable(from->kind, to->kind))
		return true;
	if (from->kind != to->kind)
		return false;
	switch (from->kind) {
	case WEIR_KIND_ARRAY:
		return castable(from->element, to->element);
	case WEIR_KIND_MAP:
		return castable(from->key, to->key) && castable(from->element, to->element);
	case WEIR_KIND_STRUCT:
		for (size_t i = 0; i < to->field_count; i++) {
			int at = weir_type_field_index(from, to->fields[i].name);

			if (at >= 0 && !castable(from->fields[at].type, to->fields[i].type))
				return false;
		}
		return true;
	default:
		return false;
	}
}

bool weir_build_explicit_cast(const struct weir_builder *builder, const struct weir_expr *operand, const struct weir_type *type,
	const struct weir_expr **ret, struct weir_err *err)
{
	if (!castable(operand->type, type)) {
		struct weir_slice from = weir_type_text(builder->arena, operand->type), to = weir_type_text(builder->arena, type);

		return weir_err_set_at(err, WEIR_E_TYPE, builder->place.line, builder->place.column,
			"%.*s (%.*s) cannot be cast to %.*s.", WEIR_SLICE_ARG(operand->text), WEIR_SLICE_ARG(from),
			WEIR_SLICE_ARG(to));
	}
	/* Kept even when the types are equal, and for NULL: a CAST is no column and no literal any more. */
	struct weir_expr *expr = weir_build_node(builder, WEIR_EXPR_CAST, type, &operand, 1);
	expr->op = WEIR_CAST_WRITTEN;
	*ret = expr;
	return true;
}
