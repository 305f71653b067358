/* ALTER STREAM/TABLE … ADD COLUMN: value columns behind those that are there (semantics §2.8). */
#include "analyze/scope.h"
#include "analyze/statements.h"

static bool at_column(const struct weir_sql_column_def *def, enum weir_err_code code, const char *why, struct weir_err *err)
{
	return weir_err_set_at(err, code, def->place.line, def->place.column, "The column %.*s cannot be added: %s.",
		WEIR_SLICE_ARG(def->name), why);
}

static bool check_source(const struct weir_sql_statement *ast, const struct weir_source *source, struct weir_err *err)
{
	int line = ast->name_place.line, column = ast->name_place.column;

	if (source->is_table != ast->is_table)
		return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, line, column, "%.*s is a %s: use ALTER %s.",
			WEIR_SLICE_ARG(source->name), source->is_table ? "table" : "stream", weir_source_kind_name(source));
	if (source->created_by.len && !source->is_read_only) {
		weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, line, column,
			"%.*s is made by a query: its columns are that query's.", WEIR_SLICE_ARG(source->name));
		return weir_err_advise(err, "Use CREATE OR REPLACE … AS SELECT.");
	}
	if (source->is_read_only)
		return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, line, column, "%.*s is a SOURCE, which cannot be altered.",
			WEIR_SLICE_ARG(source->name));
	return true;
}

static bool has_column(const struct weir_column *columns, size_t count, struct weir_slice name)
{
	for (size_t i = 0; i < count; i++)
		if (weir_slice_equals(columns[i].name, name))
			return true;
	return false;
}

static bool add_columns(const struct weir_analyze_env *env, struct weir_arena *arena, const struct weir_sql_statement *ast,
	struct weir_source *source, struct weir_err *err)
{
	const struct weir_schema *old = source->schema;
	struct weir_column *columns = WEIR_ARENA_ARRAY(arena, struct weir_column, old->count + ast->column_count);
	struct weir_schema *schema = WEIR_ARENA_NEW(arena, struct weir_schema);
	size_t count = old->count;

	memcpy(columns, old->columns, old->count * sizeof *columns);
	for (size_t i = 0; i < ast->column_count; i++) {
		const struct weir_sql_column_def *def = &ast->columns[i];

		if (weir_is_reserved_column(def->name))
			return at_column(def, WEIR_E_INVALID_STATEMENT, "the name is reserved", err);
		if (has_column(columns, count, def->name))
			return at_column(def, WEIR_E_DUPLICATE_NAME, "there is one of that name already", err);
		columns[count] = (struct weir_column){ .name = def->name, .role = WEIR_COLUMN_VALUE };
		if (!weir_analyze_type(env, arena, def->type, &columns[count].type, err))
			return false;
		count++;
	}
	*schema = *old;
	schema->columns = columns;
	schema->count = count;
	source->schema = schema;
	return true;
}

bool weir_analyze_alter(const struct weir_analyze_env *env, struct weir_arena *arena, const struct weir_sql_statement *ast,
	struct weir_bound_statement *ret, struct weir_err *err)
{
	const struct weir_source *old = weir_require_source(env, ast, err);

	if (!old || !check_source(ast, old, err))
		return false;
	struct weir_source *source = weir_source_copy(arena, old);
	if (!add_columns(env, arena, ast, source, err))
		return false;
	if (source->value.is_unwrapped)
		return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, ast->name_place.line, ast->name_place.column,
			"%.*s has a value that is a single column without a name: it cannot get more.",
			WEIR_SLICE_ARG(source->name));
	ret->kind = WEIR_BOUND_ALTER;
	ret->alter = source;
	return true;
}
