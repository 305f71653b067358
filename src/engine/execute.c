/* From text to executed statements: cutting, substituting, parsing, analysing, dispatching, and the entities' frames. */
#include "engine/engine_int.h"

#include "base/memory.h"

#include <stdlib.h>

/* ---- Sessions ---- */

void weir_session_init(struct weir_session *session, const struct weir_engine *engine)
{
	weir_settings_init(&session->properties, engine->options.settings);
	weir_map_init(&session->variables);
	session->sandbox = NULL;
}

void weir_session_fini(struct weir_session *session)
{
	weir_settings_fini(&session->properties);
	for (struct weir_map_entry *e = NULL; (e = weir_map_next(&session->variables, e));)
		free(e->value);
	weir_map_fini(&session->variables);
}

void weir_session_define(struct weir_session *session, struct weir_slice name, struct weir_slice value)
{
	char *text = weir_alloc(value.len + 1);

	if (value.len)
		memcpy(text, value.ptr, value.len);
	text[value.len] = '\0';
	free(weir_map_put(&session->variables, name, text));
}

static struct weir_slice look_up_variable(void *ctx, struct weir_slice name)
{
	const struct weir_session *session = ctx;
	const char *value = weir_map_get(&session->variables, name);

	for (struct weir_map_entry *e = NULL; !value && (e = weir_map_next(&session->variables, e));)
		if (weir_slice_equals_nocase(e->key, name))
			value = e->value;
	return value ? weir_slice_of(value) : (struct weir_slice){ 0 };
}

/* ---- One statement ---- */

bool weir_exec_begin(struct weir_exec *exec, struct weir_engine *engine, struct weir_session *session, struct weir_arena *arena,
	struct weir_slice text, int line, int column, const struct weir_json *command, struct weir_err *err)
{
	*exec = (struct weir_exec){
		.engine = engine,
		.session = session,
		.arena = arena,
		.command = command,
		.command_offset = session->sandbox ? weir_sandbox_next_command(session->sandbox) : engine->next_command,
		.catalog = session->sandbox ? weir_sandbox_catalog(session->sandbox) : weir_catalog_take(engine),
		.sandbox = session->sandbox,
	};
	weir_facts_init(&exec->facts, arena, weir_json_get(command, "facts"));
	weir_environment_init(&exec->env, exec);
	if (weir_settings_bool(&session->properties, "ksql.variable.substitution.enable") &&
		!weir_sql_substitute(arena, text, look_up_variable, session, &text, err))
		return false;
	exec->text = weir_slice_trim(text);
	return weir_sql_parse_statement(arena, text, line, column, &exec->ast, err) &&
	       weir_analyze(&exec->env, arena, exec->ast, &exec->bound, err);
}

void weir_exec_end(struct weir_exec *exec)
{
	weir_facts_fini(&exec->facts);
	weir_catalog_unref(exec->catalog);
}

bool weir_exec_dispatch(struct weir_exec *exec, struct weir_err *err)
{
	switch (exec->bound.kind) {
	case WEIR_BOUND_CREATE_SOURCE:
		return weir_exec_create_source(exec, err);
	case WEIR_BOUND_CREATE_AS:
		return weir_exec_create_as(exec, err);
	case WEIR_BOUND_INSERT_SELECT:
		return weir_exec_insert_select(exec, err);
	case WEIR_BOUND_INSERT_VALUES:
		return weir_exec_insert_values(exec, err);
	case WEIR_BOUND_DROP_SOURCE:
		return weir_exec_drop(exec, err);
	case WEIR_BOUND_ALTER:
		return weir_exec_alter(exec, err);
	case WEIR_BOUND_CREATE_TYPE:
	case WEIR_BOUND_DROP_TYPE:
		return weir_exec_type(exec, err);
	case WEIR_BOUND_TERMINATE:
	case WEIR_BOUND_PAUSE:
	case WEIR_BOUND_RESUME:
		return weir_exec_query_ids(exec, err);
	case WEIR_BOUND_DESCRIBE:
		return weir_exec_describe(exec, err);
	case WEIR_BOUND_EXPLAIN:
		return weir_exec_explain(exec, err);
	case WEIR_BOUND_OTHER:
		return weir_exec_other(exec, err);
	case WEIR_BOUND_PUSH_QUERY:
	case WEIR_BOUND_PULL_QUERY:
		weir_err_set(err, WEIR_E_QUERY_ON_KSQL, "A query is no statement for this endpoint");
		return weir_err_advise(err, "Send SELECT and PRINT to /query or /query-stream.");
	}
	return weir_err_set(err, WEIR_E_INTERNAL, "A statement of an unknown kind");
}

/* ---- Entities ---- */

void weir_entity_begin(struct weir_exec *exec, const char *type)
{
	weir_json_begin_object(exec->json);
	weir_json_key(exec->json, "@type");
	weir_json_write_text(exec->json, type);
	weir_json_key(exec->json, "statementText");
	weir_json_write_string(exec->json, exec->text);
}

void weir_entity_end(struct weir_exec *exec)
{
	weir_json_key(exec->json, "warnings");
	weir_json_begin_array(exec->json);
	weir_json_end_array(exec->json);
	weir_json_end_object(exec->json);
}

void weir_entity_warning(struct weir_exec *exec, struct weir_slice message)
{
	if (!exec->json)
		return;
	weir_entity_begin(exec, "warning_entity");
	weir_json_key(exec->json, "message");
	weir_json_write_string(exec->json, message);
	weir_entity_end(exec);
}

static void remember_result(struct weir_engine *engine, const char *command_id, struct weir_slice json)
{
	char *text = weir_alloc(json.len + 1);

	memcpy(text, json.ptr, json.len);
	text[json.len] = '\0';
	pthread_mutex_lock(&engine->lock);
	free(weir_map_put(&engine->command_results, weir_slice_of(command_id), text));
	pthread_mutex_unlock(&engine->lock);
}

static void write_status(struct weir_json_writer *json, const char *message, struct weir_slice query_id)
{
	weir_json_begin_object(json);
	weir_json_key(json, "status");
	weir_json_write_text(json, "SUCCESS");
	weir_json_key(json, "message");
	weir_json_write_text(json, message);
	weir_json_key(json, "queryId");
	if (query_id.len)
		weir_json_write_string(json, query_id);
	else
		weir_json_write_null(json);
	weir_json_end_object(json);
}

void weir_entity_status(struct weir_exec *exec, const char *command_id, const char *message, struct weir_slice query_id)
{
	struct weir_buf status;
	struct weir_json_writer json;

	if (exec->sandbox)
		return;
	weir_buf_init(&status, 65536);
	weir_json_writer_init(&json, &status);
	write_status(&json, message, query_id);
	remember_result(exec->engine, command_id, weir_buf_slice(&status));
	if (exec->json) {
		weir_entity_begin(exec, "currentStatus");
		weir_json_key(exec->json, "commandId");
		weir_json_write_text(exec->json, command_id);
		weir_json_key(exec->json, "commandStatus");
		weir_json_write_raw(exec->json, weir_buf_slice(&status));
		weir_json_key(exec->json, "commandSequenceNumber");
		weir_json_write_i64(exec->json, exec->command_offset);
		weir_entity_end(exec);
	}
	weir_buf_fini(&status);
}

/* ---- Texts of several statements ---- */

static bool is_read_only(const struct weir_bound_statement *bound)
{
	return bound->kind == WEIR_BOUND_DESCRIBE || bound->kind == WEIR_BOUND_EXPLAIN || bound->kind == WEIR_BOUND_OTHER;
}

static bool execute_one(struct weir_engine *engine, struct weir_session *session, struct weir_slice text, int line, int column,
	struct weir_json_writer *json, struct weir_err *err)
{
	struct weir_arena arena;
	struct weir_exec exec;

	weir_arena_init(&arena, 8192);
	pthread_mutex_lock(&engine->control);
	bool ok = weir_exec_begin(&exec, engine, session, &arena, text, line, column, NULL, err);
	exec.json = json;
	if (ok && is_read_only(&exec.bound)) {
		pthread_mutex_unlock(&engine->control);
		ok = weir_exec_dispatch(&exec, err);
	} else {
		ok = ok && weir_exec_dispatch(&exec, err);
		pthread_mutex_unlock(&engine->control);
	}
	weir_exec_end(&exec);
	weir_arena_fini(&arena);
	return ok;
}

/* A syntax error anywhere means that nothing is executed. Undefined variables are found later, in their statement's turn. */
static bool check_syntax(struct weir_slice text, struct weir_slice *ret_failed, size_t *ret_count, struct weir_err *err)
{
	struct weir_arena arena;
	int line = 1, column = 1, piece_line, piece_column;
	struct weir_slice rest = text, piece = { 0 };
	bool found = true, ok = true;

	*ret_count = 0;
	weir_arena_init(&arena, 8192);
	while (ok && found) {
		const struct weir_sql_statement *statement;
		ok = weir_sql_next_statement(&rest, &line, &column, &piece, &piece_line, &piece_column, &found, err);
		*ret_count += ok && found;
		if (!ok || !found || memmem(piece.ptr, piece.len, "${", 2))
			continue;
		ok = weir_sql_parse_statement(&arena, piece, piece_line, piece_column, &statement, err);
	}
	if (!ok && ret_failed)
		*ret_failed = piece;
	weir_arena_fini(&arena);
	return ok;
}

static bool check_beginning(struct weir_slice text, struct weir_slice *ret_failed, struct weir_err *err)
{
	struct weir_slice rest = weir_slice_trim(text);

	if (rest.len == 0 || rest.ptr[0] != ';')
		return true;
	if (ret_failed)
		*ret_failed = text;
	return weir_err_set_at(err, WEIR_E_SYNTAX, 1, 1, "There is no statement before the ';'");
}

bool weir_engine_execute(struct weir_engine *engine, struct weir_session *session, struct weir_slice text,
	struct weir_buf *entities, struct weir_slice *ret_failed_text, struct weir_err *err)
{
	int line = 1, column = 1, piece_line, piece_column;
	struct weir_json_writer json;
	size_t count;
	bool found = true;

	err->code = WEIR_E_NONE;
	weir_json_writer_init(&json, entities);
	weir_json_begin_array(&json);
	bool ok = check_beginning(text, ret_failed_text, err) && check_syntax(text, ret_failed_text, &count, err) &&
		  (count < 2 || weir_sandbox_try(engine, session, text, ret_failed_text, err));
	while (ok && found) {
		struct weir_slice piece;
		ok = weir_sql_next_statement(&text, &line, &column, &piece, &piece_line, &piece_column, &found, err);
		if (!ok || !found)
			break;
		size_t before = entities->len;
		bool comma = json.needs_comma;
		ok = execute_one(engine, session, piece, piece_line, piece_column, &json, err);
		if (!ok) { /* half an entity is none */
			entities->len = before;
			json.needs_comma = comma;
			if (ret_failed_text)
				*ret_failed_text = piece;
		}
	}
	weir_json_end_array(&json);
	return ok;
}
