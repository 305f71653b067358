/* Entrance for SELECT and PRINT. */
#include "engine/engine_int.h"

static bool begin_only(struct weir_engine *engine, struct weir_session *session, struct weir_arena *arena, struct weir_slice text,
	const struct weir_sql_statement **ret, size_t *ret_count, struct weir_err *err)
{
	int line = 1, column = 1, piece_line, piece_column;
	struct weir_slice piece;
	bool found = true;

	*ret_count = 0;
	*ret = NULL;
	while (found) {
		const struct weir_sql_statement *statement;
		if (!weir_sql_next_statement(&text, &line, &column, &piece, &piece_line, &piece_column, &found, err))
			return false;
		if (!found)
			break;
		++*ret_count;
		if (memmem(piece.ptr, piece.len, "${", 2))
			continue;
		if (!weir_sql_parse_statement(arena, piece, piece_line, piece_column, &statement, err))
			return false;
		if (!*ret)
			*ret = statement;
	}
	return true;
}

bool weir_engine_classify(struct weir_engine *engine, struct weir_session *session, struct weir_slice text,
	enum weir_text_kind *ret, size_t *ret_statements, struct weir_err *err)
{
	struct weir_arena arena;
	const struct weir_sql_statement *statement;

	weir_arena_init(&arena, 4096);
	bool ok = begin_only(engine, session, &arena, text, &statement, ret_statements, err);
	if (ok)
		*ret = !statement                           ? WEIR_TEXT_SELECT
		       : statement->kind == WEIR_SQL_SELECT ? WEIR_TEXT_SELECT
		       : statement->kind == WEIR_SQL_PRINT  ? WEIR_TEXT_PRINT
							    : WEIR_TEXT_OTHER;
	weir_arena_fini(&arena);
	return ok;
}

static bool check_one(struct weir_slice text, struct weir_slice *ret_piece, int *ret_line, int *ret_column, struct weir_err *err)
{
	int line = 1, column = 1, next_line, next_column;
	struct weir_slice next;
	bool found;

	if (!weir_sql_next_statement(&text, &line, &column, ret_piece, ret_line, ret_column, &found, err))
		return false;
	if (!found)
		return weir_err_set(err, WEIR_E_INVALID_STATEMENT, "There is no statement");
	if (!weir_sql_next_statement(&text, &line, &column, &next, &next_line, &next_column, &found, err))
		return false;
	return !found || weir_err_set(err, WEIR_E_INVALID_STATEMENT, "A query endpoint takes exactly one statement");
}

bool weir_engine_query(struct weir_engine *engine, struct weir_session *session, struct weir_slice text,
	struct weir_result_sink *sink, char ret_id[WEIR_QUERY_ID_BYTES], struct weir_err *err)
{
	struct weir_arena arena;
	struct weir_exec exec;
	struct weir_slice piece;
	int line, column;

	err->code = WEIR_E_NONE;
	if (!check_one(text, &piece, &line, &column, err))
		return false;
	weir_arena_init(&arena, 8192);
	bool ok = weir_exec_begin(&exec, engine, session, &arena, piece, line, column, NULL, err);
	if (ok && exec.bound.kind == WEIR_BOUND_PUSH_QUERY)
		ok = weir_push_start(&exec, exec.bound.push, sink, ret_id, err);
	else if (ok && exec.bound.kind == WEIR_BOUND_PULL_QUERY)
		ok = weir_pull_run(&exec, sink, ret_id, err);
	else if (ok)
		ok = weir_err_set(err, WEIR_E_INVALID_STATEMENT, "This is not a query");
	weir_exec_end(&exec);
	weir_arena_fini(&arena);
	return ok;
}
