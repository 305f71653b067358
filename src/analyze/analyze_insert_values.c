/* INSERT INTO source [(columns)] VALUES (…)  (semantics §2.6). */
#include "analyze/statements.h"

#include "analyze/strict.h"
#include "expr/evaluator.h"

static bool refuse(const struct weir_sql_statement *ast, enum weir_err_code code, struct weir_err *err, const char *text)
{
	return weir_err_set_at(err, code, ast->name_place.line, ast->name_place.column, "Values cannot be inserted into %.*s: %s",
		WEIR_SLICE_ARG(ast->name), text);
}

static bool has_headers(const struct weir_schema *schema)
{
	for (size_t i = 0; i < schema->count; i++)
		if (schema->columns[i].role >= WEIR_COLUMN_HEADERS)
			return true;
	return false;
}

static bool check_target(const struct weir_analyze_env *env, const struct weir_sql_statement *ast, const struct weir_source *target,
	struct weir_err *err)
{
	if (weir_slice_equals_nocase(weir_env_property(env, "ksql.insert.into.values.enabled"), WEIR_SLICE("false")))
		return refuse(ast, WEIR_E_INVALID_STATEMENT, err, "ksql.insert.into.values.enabled is false.");
	if (target->is_read_only)
		return refuse(ast, WEIR_E_READ_ONLY, err, "it is a SOURCE stream or table, which is read-only.");
	if (target->window.type != WEIR_WINDOW_NONE)
		return refuse(ast, WEIR_E_INVALID_STATEMENT, err, "its keys are windowed.");
	if (!ast->insert_column_count && has_headers(target->schema))
		return refuse(ast, WEIR_E_INVALID_STATEMENT, err, "it has header columns; list the columns to write.");
	return true;
}

/* ---- Which value belongs to which column ---- */

enum { ROWTIME_COLUMN = -1, NO_COLUMN = -2 };

static int find_column(const struct weir_schema *schema, struct weir_slice name)
{
	int at = weir_schema_find(schema, name);

	if (at >= 0)
		return at;
	return weir_slice_is(name, "ROWTIME") ? ROWTIME_COLUMN : NO_COLUMN;
}

static bool unknown_column(
	const struct weir_sql_statement *ast, const struct weir_source *target, struct weir_slice name, struct weir_err *err)
{
	struct weir_slice names[512];
	size_t count = 0;

	for (; count < target->schema->count && count < 512; count++)
		names[count] = target->schema->columns[count].name;
	struct weir_slice near = weir_nearest_name(name, names, count);
	if (weir_is_reserved_column(name))
		return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, ast->place.line, ast->place.column,
			"The column %.*s cannot be inserted.", WEIR_SLICE_ARG(name));
	weir_err_set_at(err, WEIR_E_UNKNOWN_NAME, ast->place.line, ast->place.column, "%.*s has no column '%.*s'.",
		WEIR_SLICE_ARG(target->name), WEIR_SLICE_ARG(name));
	return near.len ? weir_err_advise(err, "Did you mean %.*s?", WEIR_SLICE_ARG(near)) : false;
}

static bool map_columns(struct weir_arena *arena, const struct weir_sql_statement *ast, const struct weir_source *target,
	const int **ret, size_t *ret_count, struct weir_err *err)
{
	size_t count = ast->insert_column_count ? ast->insert_column_count : target->schema->count;
	int *columns = WEIR_ARENA_ARRAY(arena, int, count + 1);

	for (size_t i = 0; i < count; i++) {
		columns[i] = ast->insert_column_count ? find_column(target->schema, ast->insert_columns[i]) : (int)i;
		if (columns[i] == NO_COLUMN)
			return unknown_column(ast, target, ast->insert_columns[i], err);
		if (columns[i] >= 0 && target->schema->columns[columns[i]].role >= WEIR_COLUMN_HEADERS)
			return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, ast->place.line, ast->place.column,
				"The header column %.*s cannot be inserted.", WEIR_SLICE_ARG(ast->insert_columns[i]));
		for (size_t j = 0; j < i; j++)
			if (columns[i] == columns[j])
				return weir_err_set_at(err, WEIR_E_DUPLICATE_NAME, ast->place.line, ast->place.column,
					"The column %.*s is listed twice.", WEIR_SLICE_ARG(ast->insert_columns[i]));
	}
	if (count != ast->value_count)
		return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, ast->place.line, ast->place.column,
			"There are %zu columns but %zu values.", count, ast->value_count);
	*ret = columns;
	*ret_count = count;
	return true;
}

static bool check_table_key(
	const struct weir_sql_statement *ast, const struct weir_source *target, const bool *given, struct weir_err *err)
{
	for (size_t i = 0; target->is_table && i < target->schema->key_count; i++)
		if (!given[i])
			return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, ast->place.line, ast->place.column,
				"A row of the table %.*s needs its primary key %.*s.", WEIR_SLICE_ARG(target->name),
				WEIR_SLICE_ARG(target->schema->columns[i].name));
	return true;
}

/* ---- Values ---- */

static bool evaluate_one(const struct weir_analyze_env *env, struct weir_arena *arena, const struct weir_sql_expr *ast,
	const struct weir_type *type, struct weir_slice name, struct weir_value *ret, struct weir_err *err)
{
	int next_slot = 0;
	struct weir_expression_context context = { .env = env, .arena = arena, .clause = "VALUES", .next_slot = &next_slot };
	const struct weir_expr *expr;

	return weir_analyze_expression(&context, ast, &expr, err) &&
	       weir_strict_value(arena, env->clock, expr, type, name, ret, err);
}

bool weir_analyze_insert_values(const struct weir_analyze_env *env, struct weir_arena *arena, const struct weir_sql_statement *ast,
	struct weir_bound_statement *ret, struct weir_err *err)
{
	const struct weir_source *target = weir_require_source(env, ast, err);
	struct weir_bound_insert_values bound = { .target = target };
	const int *columns = NULL;
	size_t count = 0;

	if (!target || !check_target(env, ast, target, err) || !map_columns(arena, ast, target, &columns, &count, err))
		return false;
	struct weir_value *values = WEIR_ARENA_ARRAY(arena, struct weir_value, target->schema->count + 1);
	bool *given = WEIR_ARENA_ARRAY(arena, bool, target->schema->count + 1);
	struct weir_value time = { .is_null = true };
	for (size_t i = 0; i < target->schema->count; i++)
		values[i].is_null = true;
	for (size_t i = 0; i < count; i++) {
		bool is_time = columns[i] == ROWTIME_COLUMN;
		const struct weir_column *column = is_time ? NULL : &target->schema->columns[columns[i]];

		if (!evaluate_one(env, arena, ast->values[i], is_time ? &weir_type_bigint : column->type,
			    is_time ? WEIR_SLICE("ROWTIME") : column->name, is_time ? &time : &values[columns[i]], err))
			return false;
		if (!is_time)
			given[columns[i]] = true;
	}
	if (!check_table_key(ast, target, given, err))
		return false;
	bound.values = values;
	bound.timestamp_ms = time.is_null ? weir_clock_now_ms(env->clock) : time.cell.i64;
	ret->kind = WEIR_BOUND_INSERT_VALUES;
	ret->insert_values = bound;
	return true;
}
