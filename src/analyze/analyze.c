/* The list of statements: each is one line here and one function in a file of its name. */
#include "analyze/statements.h"

struct statement_entry {
	weir_analyze_statement *analyze; /* NULL: nothing to bind */
	const char *refused;             /* not supported yet, under this name */
};

static const struct statement_entry statements[] = {
	[WEIR_SQL_CREATE_SOURCE] = { weir_analyze_create_source },
	[WEIR_SQL_CREATE_AS] = { weir_analyze_create_as },
	[WEIR_SQL_INSERT_SELECT] = { weir_analyze_insert_select },
	[WEIR_SQL_INSERT_VALUES] = { weir_analyze_insert_values },
	[WEIR_SQL_SELECT] = { weir_analyze_select_statement },
	[WEIR_SQL_DROP_SOURCE] = { weir_analyze_drop_source },
	[WEIR_SQL_ALTER_SOURCE] = { weir_analyze_alter },
	[WEIR_SQL_CREATE_TYPE] = { weir_analyze_create_type },
	[WEIR_SQL_DROP_TYPE] = { weir_analyze_drop_type },
	[WEIR_SQL_ALTER_SYSTEM] = { NULL, "ALTER SYSTEM" },
	[WEIR_SQL_TERMINATE] = { weir_analyze_query_ids },
	[WEIR_SQL_PAUSE] = { weir_analyze_query_ids },
	[WEIR_SQL_RESUME] = { weir_analyze_query_ids },
	[WEIR_SQL_EXPLAIN] = { weir_analyze_explain },
	[WEIR_SQL_DESCRIBE] = { weir_analyze_describe },
	[WEIR_SQL_DESCRIBE_CONNECTOR] = { NULL, "DESCRIBE CONNECTOR" },
	[WEIR_SQL_SHOW_CONNECTORS] = { NULL, "SHOW CONNECTORS" },
	[WEIR_SQL_SHOW_CONNECTOR_PLUGINS] = { NULL, "SHOW CONNECTOR PLUGINS" },
	[WEIR_SQL_CREATE_CONNECTOR] = { NULL, "CREATE CONNECTOR" },
	[WEIR_SQL_DROP_CONNECTOR] = { NULL, "DROP CONNECTOR" },
	[WEIR_SQL_ASSERT_VALUES] = { NULL, "ASSERT VALUES" },
	[WEIR_SQL_ASSERT_NULL_VALUES] = { NULL, "ASSERT NULL VALUES" },
	[WEIR_SQL_ASSERT_STREAM] = { NULL, "ASSERT STREAM and ASSERT TABLE" },
};

bool weir_refuse_statement(const struct weir_sql_statement *ast, const char *what, struct weir_err *err)
{
	return weir_err_set_at(err, WEIR_E_NOT_SUPPORTED, ast->place.line, ast->place.column, "%s is not supported yet.", what);
}

/* What formats and the registry refuse knows no place: the statement's name, or its beginning. */
static bool place_error(const struct weir_sql_statement *ast, struct weir_err *err)
{
	const struct weir_sql_place *place = ast->name_place.line ? &ast->name_place : &ast->place;

	if (err && err->line == 0) {
		err->line = place->line;
		err->column = place->column;
	}
	return false;
}

bool weir_analyze(const struct weir_analyze_env *env, struct weir_arena *arena, const struct weir_sql_statement *ast,
	struct weir_bound_statement *ret, struct weir_err *err)
{
	struct weir_bound_statement bound = { .kind = WEIR_BOUND_OTHER, .ast = ast };

	if ((size_t)ast->kind < sizeof statements / sizeof statements[0]) {
		const struct statement_entry *entry = &statements[ast->kind];

		if (entry->refused)
			return weir_refuse_statement(ast, entry->refused, err);
		if (entry->analyze && !entry->analyze(env, arena, ast, &bound, err))
			return place_error(ast, err);
	}
	*ret = bound;
	return true;
}
