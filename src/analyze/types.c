/* Types as written → SQL types. */
#include "analyze/scope.h"

#include <string.h>

static const struct {
	const char *name;
	const struct weir_type *type;
} named_types[] = {
	{ "BOOLEAN", &weir_type_boolean },
	{ "INT", &weir_type_integer },
	{ "INTEGER", &weir_type_integer },
	{ "BIGINT", &weir_type_bigint },
	{ "DOUBLE", &weir_type_double },
	{ "STRING", &weir_type_string },
	{ "VARCHAR", &weir_type_string },
	{ "BYTES", &weir_type_bytes },
	{ "DATE", &weir_type_date },
	{ "TIME", &weir_type_time },
	{ "TIMESTAMP", &weir_type_timestamp },
};

#define NAMED_TYPE_COUNT (sizeof named_types / sizeof named_types[0])

static bool unknown_type(const struct weir_analyze_env *env, const struct weir_sql_type *ast, struct weir_err *err)
{
	struct weir_slice names[64];
	size_t count = 0;

	for (size_t i = 0; i < NAMED_TYPE_COUNT; i++)
		names[count++] = weir_slice_of(named_types[i].name);
	for (const struct weir_type_entry *entry; count < 64; names[count++] = entry->name)
		if (!(entry = weir_catalog_type_at(env->catalog, count - NAMED_TYPE_COUNT)))
			break;
	struct weir_slice near = weir_nearest_name(ast->name, names, count);
	weir_err_set_at(err, WEIR_E_UNKNOWN_NAME, ast->place.line, ast->place.column, "There is no type '%.*s'.",
		WEIR_SLICE_ARG(ast->name));
	if (near.len)
		weir_err_advise(err, "Did you mean %.*s?", WEIR_SLICE_ARG(near));
	return false;
}

static bool named_type(const struct weir_analyze_env *env, struct weir_arena *arena, const struct weir_sql_type *ast,
	const struct weir_type **ret, struct weir_err *err)
{
	for (size_t i = 0; i < NAMED_TYPE_COUNT; i++) {
		if (!weir_slice_equals_nocase(ast->name, weir_slice_of(named_types[i].name)))
			continue;
		*ret = named_types[i].type;
		return true;
	}
	const struct weir_type_entry *entry = weir_catalog_type(env->catalog, ast->name);
	if (!entry)
		return unknown_type(env, ast, err);
	*ret = weir_type_copy(arena, entry->type);
	return true;
}

static bool struct_type(const struct weir_analyze_env *env, struct weir_arena *arena, const struct weir_sql_type *ast,
	const struct weir_type **ret, struct weir_err *err)
{
	struct weir_field *fields = WEIR_ARENA_ARRAY(arena, struct weir_field, ast->field_count + 1);

	for (size_t i = 0; i < ast->field_count; i++) {
		fields[i].name = ast->fields[i].name;
		if (!weir_analyze_type(env, arena, ast->fields[i].type, &fields[i].type, err))
			return false;
		for (size_t j = 0; j < i; j++)
			if (weir_slice_equals(fields[i].name, fields[j].name))
				return weir_err_set_at(err, WEIR_E_DUPLICATE_NAME, ast->fields[i].place.line,
					ast->fields[i].place.column, "The field '%.*s' stands twice in the STRUCT.",
					WEIR_SLICE_ARG(fields[i].name));
	}
	*ret = weir_type_struct(arena, fields, ast->field_count);
	return true;
}

static bool decimal_type(
	struct weir_arena *arena, const struct weir_sql_type *ast, const struct weir_type **ret, struct weir_err *err)
{
	if (ast->precision < 1 || ast->scale < 0 || ast->scale > ast->precision)
		return weir_err_set_at(err, WEIR_E_TYPE, ast->place.line, ast->place.column,
			"DECIMAL(%d, %d) is not a type: the precision must be at least 1, the scale between 0 and the precision.",
			ast->precision, ast->scale);
	*ret = weir_type_decimal(arena, ast->precision, ast->scale);
	return true;
}

bool weir_analyze_type(const struct weir_analyze_env *env, struct weir_arena *arena, const struct weir_sql_type *ast,
	const struct weir_type **ret, struct weir_err *err)
{
	const struct weir_type *key = NULL, *element = NULL;

	switch (ast->kind) {
	case WEIR_SQL_TYPE_NAME:
		return named_type(env, arena, ast, ret, err);
	case WEIR_SQL_TYPE_DECIMAL:
		return decimal_type(arena, ast, ret, err);
	case WEIR_SQL_TYPE_STRUCT:
		return struct_type(env, arena, ast, ret, err);
	case WEIR_SQL_TYPE_MAP:
		if (!weir_analyze_type(env, arena, ast->key, &key, err))
			return false;
		/* fall through */
	case WEIR_SQL_TYPE_ARRAY:
		if (!weir_analyze_type(env, arena, ast->element, &element, err))
			return false;
		*ret = key ? weir_type_map(arena, key, element) : weir_type_array(arena, element);
		return true;
	}
	return weir_err_set(err, WEIR_E_INTERNAL, "A type of an unknown kind.");
}
