/* A request of several statements is tried as a whole before any of it runs (interfaces.md §1.5): each statement is analysed and
 * planned against what the earlier ones would leave behind, and nothing outside is touched.
 *
 * Holds: a sandbox lives for one request, on one thread; its texts live in its arena.
 */
#include "engine/engine_int.h"

struct weir_sandbox {
	const struct weir_catalog *catalog;
	int64_t next_command;
	struct weir_arena arena;
	struct weir_map topics;  /* name -> struct sandbox_topic * */
	struct weir_map schemas; /* subject -> struct weir_schema_facts * */
};

struct sandbox_topic {
	bool exists;
	struct weir_topic_facts facts;
};

/* ---- What statements ask and change ---- */

const struct weir_catalog *weir_sandbox_catalog(const struct weir_sandbox *sandbox)
{
	return weir_catalog_ref(sandbox->catalog);
}

int64_t weir_sandbox_next_command(const struct weir_sandbox *sandbox)
{
	return sandbox->next_command;
}

void weir_sandbox_count_command(struct weir_sandbox *sandbox)
{
	sandbox->next_command++;
}

void weir_sandbox_publish(struct weir_sandbox *sandbox, struct weir_catalog *edit)
{
	weir_catalog_unref(sandbox->catalog);
	sandbox->catalog = edit;
}

static struct sandbox_topic *new_topic(struct weir_sandbox *sandbox, struct weir_slice name)
{
	struct sandbox_topic *topic = WEIR_ARENA_NEW(&sandbox->arena, struct sandbox_topic);

	weir_map_put(&sandbox->topics, name, topic);
	return topic;
}

void weir_sandbox_put_topic(struct weir_sandbox *sandbox, const struct weir_bound_topic *topic)
{
	struct sandbox_topic *entry = new_topic(sandbox, topic->name);

	entry->exists = true;
	entry->facts = (struct weir_topic_facts){
		.partitions = topic->partitions > 0 ? topic->partitions : 1,
		.replicas = topic->replicas > 0 ? topic->replicas : 1,
		.retention_ms = topic->retention_ms ? topic->retention_ms : -1,
	};
}

void weir_sandbox_drop_topic(struct weir_sandbox *sandbox, struct weir_slice name)
{
	new_topic(sandbox, name);
}

void weir_sandbox_put_schema(
	struct weir_sandbox *sandbox, struct weir_slice subject, struct weir_slice text, struct weir_slice kind)
{
	struct weir_schema_facts *facts = WEIR_ARENA_NEW(&sandbox->arena, struct weir_schema_facts);

	*facts = (struct weir_schema_facts){ .text = weir_arena_copy(&sandbox->arena, text),
		.kind = weir_arena_copy(&sandbox->arena, kind) };
	weir_map_put(&sandbox->schemas, subject, facts);
}

bool weir_sandbox_topic(const struct weir_sandbox *sandbox, struct weir_slice name, bool *ret_exists, struct weir_topic_facts *ret)
{
	const struct sandbox_topic *topic = weir_map_get(&sandbox->topics, name);

	if (!topic)
		return false;
	*ret_exists = topic->exists;
	*ret = topic->facts;
	return true;
}

bool weir_sandbox_schema(const struct weir_sandbox *sandbox, struct weir_slice subject, struct weir_schema_facts *ret)
{
	const struct weir_schema_facts *facts = weir_map_get(&sandbox->schemas, subject);

	if (facts)
		*ret = *facts;
	return facts != NULL;
}

/* ---- Trying ---- */

/* Of the statements that change nothing, only those that later ones depend on, or that this endpoint refuses, are carried out. */
static bool is_tried(const struct weir_exec *exec)
{
	switch (exec->bound.kind) {
	case WEIR_BOUND_DESCRIBE:
	case WEIR_BOUND_EXPLAIN:
		return false;
	case WEIR_BOUND_OTHER:
		return exec->ast->kind == WEIR_SQL_SET || exec->ast->kind == WEIR_SQL_UNSET || exec->ast->kind == WEIR_SQL_DEFINE ||
		       exec->ast->kind == WEIR_SQL_UNDEFINE || exec->ast->kind == WEIR_SQL_PRINT ||
		       exec->ast->kind == WEIR_SQL_RUN_SCRIPT;
	default:
		return true;
	}
}

static bool try_one(struct weir_engine *engine, struct weir_session *session, struct weir_slice piece, int line, int column,
	struct weir_err *err)
{
	struct weir_arena arena;
	struct weir_exec exec;

	weir_arena_init(&arena, 8192);
	bool ok = weir_exec_begin(&exec, engine, session, &arena, piece, line, column, NULL, err) &&
		  (!is_tried(&exec) || weir_exec_dispatch(&exec, err));
	weir_exec_end(&exec);
	weir_arena_fini(&arena);
	return ok;
}

static bool try_all(struct weir_engine *engine, struct weir_session *session, struct weir_slice text, struct weir_slice *ret_failed,
	struct weir_err *err)
{
	int line = 1, column = 1, piece_line, piece_column;
	struct weir_slice piece = { 0 };
	bool found = true, ok = true;

	while (ok) {
		ok = weir_sql_next_statement(&text, &line, &column, &piece, &piece_line, &piece_column, &found, err);
		if (!ok || !found)
			break;
		ok = try_one(engine, session, piece, piece_line, piece_column, err);
	}
	if (!ok && ret_failed)
		*ret_failed = piece;
	return ok;
}

bool weir_sandbox_try(struct weir_engine *engine, const struct weir_session *session, struct weir_slice text,
	struct weir_slice *ret_failed, struct weir_err *err)
{
	struct weir_sandbox sandbox = { 0 };
	struct weir_session copy;

	weir_arena_init(&sandbox.arena, 4096);
	weir_map_init(&sandbox.topics);
	weir_map_init(&sandbox.schemas);
	weir_session_init(&copy, engine);
	weir_settings_copy(&copy.properties, &session->properties);
	for (struct weir_map_entry *e = NULL; (e = weir_map_next(&session->variables, e));)
		weir_session_define(&copy, e->key, weir_slice_of(e->value));
	copy.sandbox = &sandbox;
	pthread_mutex_lock(&engine->control);
	sandbox.catalog = weir_catalog_take(engine);
	sandbox.next_command = engine->next_command;
	bool ok = try_all(engine, &copy, text, ret_failed, err);
	pthread_mutex_unlock(&engine->control);
	weir_catalog_unref(sandbox.catalog);
	weir_session_fini(&copy);
	weir_map_fini(&sandbox.schemas);
	weir_map_fini(&sandbox.topics);
	weir_arena_fini(&sandbox.arena);
	return ok;
}
