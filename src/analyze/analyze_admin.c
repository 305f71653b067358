/* Statements about what exists: DROP, types, TERMINATE, PAUSE, RESUME, DESCRIBE, EXPLAIN. */
#include "analyze/statements.h"

static bool at_name(const struct weir_sql_statement *ast, enum weir_err_code code, struct weir_err *err, struct weir_slice text)
{
	return weir_err_set_at(err, code, ast->name_place.line, ast->name_place.column, "%.*s", WEIR_SLICE_ARG(text));
}

const struct weir_source *weir_require_source(
	const struct weir_analyze_env *env, const struct weir_sql_statement *ast, struct weir_err *err)
{
	const struct weir_source *source = weir_catalog_source(env->catalog, ast->name);

	if (source)
		return source;
	struct weir_slice near = weir_catalog_suggest_source(env->catalog, ast->name);
	weir_err_set_at(err, WEIR_E_UNKNOWN_NAME, ast->name_place.line, ast->name_place.column,
		"There is no stream or table '%.*s'.", WEIR_SLICE_ARG(ast->name));
	if (err)
		err->span = ast->name_place.len;
	if (near.len)
		weir_err_advise(err, "Did you mean %.*s?", WEIR_SLICE_ARG(near));
	return NULL;
}

/* ---- DROP ---- */

static bool check_delete_topic(const struct weir_analyze_env *env, const struct weir_sql_statement *ast,
	const struct weir_source *source, struct weir_err *err)
{
	const struct weir_source *other;

	if (!ast->deletes_topic)
		return true;
	if (source->is_read_only)
		return weir_err_set_at(err, WEIR_E_READ_ONLY, ast->name_place.line, ast->name_place.column,
			"The topic of %.*s cannot be deleted: a SOURCE stream or table is read-only.",
			WEIR_SLICE_ARG(source->name));
	other = weir_catalog_other_source_of_topic(env->catalog, source->topic, source->name);
	return !other || weir_err_set_at(err, WEIR_E_IN_USE, ast->name_place.line, ast->name_place.column,
				 "The topic %.*s cannot be deleted: %.*s uses it too.", WEIR_SLICE_ARG(source->topic),
				 WEIR_SLICE_ARG(other->name));
}

bool weir_analyze_drop_source(const struct weir_analyze_env *env, struct weir_arena *arena, const struct weir_sql_statement *ast,
	struct weir_bound_statement *ret, struct weir_err *err)
{
	const struct weir_source *source = weir_catalog_source(env->catalog, ast->name);

	ret->kind = WEIR_BOUND_DROP_SOURCE;
	ret->drop = (struct weir_bound_drop_source){ source, ast->deletes_topic };
	if (!source && ast->if_exists) {
		ret->note = weir_arena_printf(arena, "Source `%.*s` does not exist.", WEIR_SLICE_ARG(ast->name));
		return true;
	}
	source = weir_require_source(env, ast, err);
	if (!source)
		return false;
	if (source->is_table != ast->is_table)
		return at_name(ast, WEIR_E_INVALID_STATEMENT, err,
			weir_arena_printf(arena, "%.*s is a %s: use DROP %s.", WEIR_SLICE_ARG(source->name),
				source->is_table ? "table" : "stream", weir_source_kind_name(source)));
	if (!weir_catalog_check_drop(env->catalog, source, err)) {
		err->line = ast->name_place.line;
		err->column = ast->name_place.column;
		return false;
	}
	return check_delete_topic(env, ast, source, err);
}

/* ---- Types ---- */

bool weir_analyze_create_type(const struct weir_analyze_env *env, struct weir_arena *arena, const struct weir_sql_statement *ast,
	struct weir_bound_statement *ret, struct weir_err *err)
{
	const struct weir_type_entry *old = weir_catalog_type(env->catalog, ast->name);
	struct weir_bound_type bound = { .name = ast->name };

	if (!weir_analyze_type(env, arena, ast->type, &bound.type, err))
		return false;
	if (old) {
		struct weir_slice type = weir_type_text(arena, old->type);

		if (!ast->if_not_exists)
			return at_name(ast, WEIR_E_DUPLICATE_NAME, err,
				weir_arena_printf(arena, "The type %.*s exists already; it is %.*s.", WEIR_SLICE_ARG(ast->name),
					WEIR_SLICE_ARG(type)));
		bound.does_nothing = true;
		ret->note = weir_arena_printf(
			arena, "%.*s is already registered with type %.*s", WEIR_SLICE_ARG(ast->name), WEIR_SLICE_ARG(type));
	}
	ret->kind = WEIR_BOUND_CREATE_TYPE;
	ret->type = bound;
	return true;
}

bool weir_analyze_drop_type(const struct weir_analyze_env *env, struct weir_arena *arena, const struct weir_sql_statement *ast,
	struct weir_bound_statement *ret, struct weir_err *err)
{
	bool exists = weir_catalog_type(env->catalog, ast->name) != NULL;
	struct weir_slice missing = weir_arena_printf(arena, "Type '%.*s' does not exist", WEIR_SLICE_ARG(ast->name));

	if (!exists && !ast->if_exists)
		return at_name(ast, WEIR_E_UNKNOWN_NAME, err, missing);
	ret->kind = WEIR_BOUND_DROP_TYPE;
	ret->type = (struct weir_bound_type){ .name = ast->name, .does_nothing = !exists };
	if (!exists)
		ret->note = missing;
	return true;
}

/* ---- TERMINATE, PAUSE, RESUME ---- */

static bool unknown_query(const struct weir_analyze_env *env, const struct weir_sql_statement *ast, struct weir_err *err)
{
	struct weir_slice names[256];
	size_t count = 0;

	for (; count < 256 && weir_catalog_query_at(env->catalog, count); count++)
		names[count] = weir_catalog_query_at(env->catalog, count)->id;
	struct weir_slice near = weir_nearest_name(ast->name, names, count);
	weir_err_set_at(err, WEIR_E_UNKNOWN_NAME, ast->name_place.line, ast->name_place.column,
		"There is no query with the id %.*s.", WEIR_SLICE_ARG(ast->name));
	return near.len ? weir_err_advise(err, "Did you mean %.*s?", WEIR_SLICE_ARG(near))
			: weir_err_advise(err, "SHOW QUERIES lists them.");
}

bool weir_analyze_query_ids(const struct weir_analyze_env *env, struct weir_arena *arena, const struct weir_sql_statement *ast,
	struct weir_bound_statement *ret, struct weir_err *err)
{
	const struct weir_query *query = ast->is_all ? NULL : weir_catalog_query(env->catalog, ast->name);
	bool is_terminate = ast->kind == WEIR_SQL_TERMINATE;

	if (!ast->is_all && !query && !is_terminate)
		return unknown_query(env, ast, err);
	if (query && query->kind == WEIR_QUERY_SOURCE_TABLE)
		return at_name(ast, WEIR_E_INVALID_STATEMENT, err,
			weir_arena_printf(arena, "The query %.*s belongs to the source table %.*s and lives as long as it.",
				WEIR_SLICE_ARG(query->id), WEIR_SLICE_ARG(query->sink_name)));
	ret->kind = is_terminate ? WEIR_BOUND_TERMINATE : ast->kind == WEIR_SQL_PAUSE ? WEIR_BOUND_PAUSE : WEIR_BOUND_RESUME;
	ret->queries = (struct weir_bound_query_ids){
		.query = query,
		.unknown_id = !ast->is_all && !query ? ast->name : (struct weir_slice){ 0 },
	};
	return true;
}

/* ---- DESCRIBE, EXPLAIN ---- */

bool weir_analyze_describe(const struct weir_analyze_env *env, struct weir_arena *arena, const struct weir_sql_statement *ast,
	struct weir_bound_statement *ret, struct weir_err *err)
{
	ret->kind = WEIR_BOUND_DESCRIBE;
	ret->describe = weir_require_source(env, ast, err);
	return ret->describe != NULL;
}

static bool is_query(enum weir_sql_statement_kind kind)
{
	return kind == WEIR_SQL_SELECT || kind == WEIR_SQL_CREATE_AS || kind == WEIR_SQL_INSERT_SELECT;
}

bool weir_analyze_explain(const struct weir_analyze_env *env, struct weir_arena *arena, const struct weir_sql_statement *ast,
	struct weir_bound_statement *ret, struct weir_err *err)
{
	struct weir_bound_statement *explained = NULL;
	const struct weir_query *query = NULL;

	if (ast->is_analyze)
		return weir_refuse_statement(ast, "EXPLAIN ANALYZE", err);
	if (ast->explained) {
		if (!is_query(ast->explained->kind))
			return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, ast->explained->place.line,
				ast->explained->place.column, "EXPLAIN takes the id of a query, or a statement that runs one.");
		explained = WEIR_ARENA_NEW(arena, struct weir_bound_statement);
		if (!weir_analyze(env, arena, ast->explained, explained, err))
			return false;
	} else {
		query = weir_catalog_query(env->catalog, ast->name);
		if (!query)
			return unknown_query(env, ast, err);
	}
	ret->kind = WEIR_BOUND_EXPLAIN;
	ret->explain.query = query;
	ret->explain.statement = explained;
	return true;
}
