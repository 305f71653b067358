/* SET, UNSET, DEFINE, UNDEFINE, and the refusal of what the language has and weir does not yet. */
#include "engine/engine_int.h"

#include <stdlib.h>

static bool undefine(struct weir_exec *exec)
{
	char *old = weir_map_remove(&exec->session->variables, exec->ast->name);

	if (!old)
		weir_entity_warning(exec, weir_arena_printf(exec->arena, "Cannot undefine variable '%.*s' which was never defined",
						  WEIR_SLICE_ARG(exec->ast->name)));
	free(old);
	return true;
}

static bool refuse(struct weir_exec *exec, const char *what, struct weir_err *err)
{
	return weir_err_set_at(
		err, WEIR_E_NOT_SUPPORTED, exec->ast->place.line, exec->ast->place.column, "%s is not supported yet", what);
}

bool weir_exec_other(struct weir_exec *exec, struct weir_err *err)
{
	switch (exec->ast->kind) {
	case WEIR_SQL_SET:
		return weir_settings_set(&exec->session->properties, exec->ast->name, exec->ast->name2, false, err);
	case WEIR_SQL_UNSET:
		return weir_settings_unset(&exec->session->properties, exec->ast->name, NULL, err);
	case WEIR_SQL_DEFINE:
		weir_session_define(exec->session, exec->ast->name, exec->ast->name2);
		return true;
	case WEIR_SQL_UNDEFINE:
		return undefine(exec);
	case WEIR_SQL_PRINT:
		weir_err_set(err, WEIR_E_QUERY_ON_KSQL, "PRINT is no statement for this endpoint");
		return weir_err_advise(err, "Send SELECT and PRINT to /query or /query-stream.");
	case WEIR_SQL_RUN_SCRIPT:
		weir_err_set(err, WEIR_E_INVALID_STATEMENT, "RUN SCRIPT is for the terminal client");
		return weir_err_advise(err, "Use `weir sql -f FILE`.");
	case WEIR_SQL_ASSERT_VALUES:
	case WEIR_SQL_ASSERT_NULL_VALUES:
	case WEIR_SQL_ASSERT_STREAM:
		weir_err_set(err, WEIR_E_INVALID_STATEMENT, "ASSERT VALUES, NULL VALUES, STREAM and TABLE are for test files");
		return weir_err_advise(err, "Run them with `weir test`.");
	case WEIR_SQL_ASSERT_TOPIC:
	case WEIR_SQL_ASSERT_SCHEMA:
		return weir_exec_assert(exec, err);
	case WEIR_SQL_ALTER_SYSTEM:
		return refuse(exec, "ALTER SYSTEM", err);
	case WEIR_SQL_CREATE_CONNECTOR:
	case WEIR_SQL_DROP_CONNECTOR:
	case WEIR_SQL_SHOW_CONNECTORS:
	case WEIR_SQL_SHOW_CONNECTOR_PLUGINS:
	case WEIR_SQL_DESCRIBE_CONNECTOR:
		return refuse(exec, "Managing connectors", err);
	default:
		return weir_exec_show(exec, err);
	}
}
