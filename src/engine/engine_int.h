/* Inside engine/: the engine's parts and how statements are executed.
 *
 * Threads: `control` is held while a statement that changes something runs; `lock` guards the pointers that readers take (catalog,
 * push queries, command results) and is held for moments only.
 */
#pragma once

#include "analyze/analyze.h"
#include "engine/engine.h"
#include "plan/planner.h"
#include "runtime/runtime.h"
#include "sql/parser.h"
#include "json/json.h"

#include <pthread.h>
#include <stdio.h>

/* A persistent query that runs (or is paused) here. */
struct weir_active_query {
	char *id;
	struct weir_running *running;
	bool is_paused;
	struct weir_active_query *next;
};

struct weir_push_query;
struct weir_processing_log;

struct weir_engine {
	struct weir_engine_options options;
	struct weir_runtime *runtime;
	struct weir_schema_source *schemas;
	pthread_mutex_t control, lock;
	const struct weir_catalog *catalog;
	struct weir_active_query *queries;
	struct weir_push_query *push_queries;
	struct weir_log_writer *writer; /* commands, INSERT VALUES, processing log; under control */
	char *command_topic;
	int64_t next_command;            /* offset of the next command */
	struct weir_map command_results; /* command id -> JSON text */
	uint64_t push_count;
	bool is_closing;
	struct weir_processing_log *processing_log; /* NULL: errors go to the server's log alone */
};

/* Answers of the outside that an analysis used; see docs/decisions/001. */
struct weir_facts {
	struct weir_arena *arena;
	const struct weir_json *recorded;      /* replay: only these count */
	struct weir_map topics, subjects, ids; /* name -> struct weir_fact * */
};

/* One statement being executed. */
struct weir_exec {
	struct weir_engine *engine;
	struct weir_session *session;
	struct weir_arena *arena;
	const struct weir_sql_statement *ast;
	struct weir_slice text; /* as the user sent it, after substitution */
	struct weir_facts facts;
	struct weir_analyze_env env;
	struct weir_bound_statement bound;
	const struct weir_catalog *catalog; /* a reference, for as long as bound lives */
	struct weir_json_writer *json;      /* entities; NULL on replay */
	const struct weir_json *command;    /* replay: the recorded command */
	struct weir_sandbox *sandbox;       /* tried only: changes go to the sandbox; NULL: the real thing */
	int64_t command_offset;             /* of this command, or the one that it will get */
};

/* environment.c */
void weir_facts_init(struct weir_facts *facts, struct weir_arena *arena, const struct weir_json *recorded);
void weir_facts_fini(struct weir_facts *facts);
void weir_facts_write(const struct weir_facts *facts, struct weir_json_writer *json);
void weir_environment_init(struct weir_analyze_env *env, struct weir_exec *exec);

/* command_log.c */
bool weir_command_log_open(struct weir_engine *engine, struct weir_err *err);
bool weir_command_log_append(struct weir_exec *exec, int32_t key_schema_id, int32_t value_schema_id, struct weir_err *err);
bool weir_command_log_replay(struct weir_engine *engine, struct weir_err *err);

/* sandbox.c: the catalog, topics and schemas as they would be if the statements so far had been executed. */
bool weir_sandbox_try(struct weir_engine *engine, const struct weir_session *session, struct weir_slice text,
	struct weir_slice *ret_failed, struct weir_err *err);
const struct weir_catalog *weir_sandbox_catalog(const struct weir_sandbox *sandbox); /* a reference of the caller's */
int64_t weir_sandbox_next_command(const struct weir_sandbox *sandbox);
void weir_sandbox_count_command(struct weir_sandbox *sandbox);
void weir_sandbox_publish(struct weir_sandbox *sandbox, struct weir_catalog *edit);
void weir_sandbox_put_topic(struct weir_sandbox *sandbox, const struct weir_bound_topic *topic);
void weir_sandbox_drop_topic(struct weir_sandbox *sandbox, struct weir_slice name);
void weir_sandbox_put_schema(
	struct weir_sandbox *sandbox, struct weir_slice subject, struct weir_slice text, struct weir_slice kind);
/* true: the sandbox knows; *ret_exists. */
bool weir_sandbox_topic(const struct weir_sandbox *sandbox, struct weir_slice name, bool *ret_exists, struct weir_topic_facts *ret);
bool weir_sandbox_schema(const struct weir_sandbox *sandbox, struct weir_slice subject, struct weir_schema_facts *ret);

/* execute.c */
bool weir_exec_begin(struct weir_exec *exec, struct weir_engine *engine, struct weir_session *session, struct weir_arena *arena,
	struct weir_slice text, int line, int column, const struct weir_json *recorded, struct weir_err *err);
void weir_exec_end(struct weir_exec *exec);
bool weir_exec_dispatch(struct weir_exec *exec, struct weir_err *err);
/* "@type" and "statementText" of an entity; the object stays open. */
void weir_entity_begin(struct weir_exec *exec, const char *type);
void weir_entity_end(struct weir_exec *exec);
/* The entity of a statement that the command log keeps. */
void weir_entity_status(struct weir_exec *exec, const char *command_id, const char *message, struct weir_slice query_id);
void weir_entity_warning(struct weir_exec *exec, struct weir_slice message);

/* exec_*.c: one per kind of statement; on replay nothing is created outside, only applied. */
bool weir_exec_create_source(struct weir_exec *exec, struct weir_err *err);
bool weir_exec_create_as(struct weir_exec *exec, struct weir_err *err);
bool weir_exec_insert_select(struct weir_exec *exec, struct weir_err *err);
bool weir_exec_insert_values(struct weir_exec *exec, struct weir_err *err);
bool weir_exec_drop(struct weir_exec *exec, struct weir_err *err);
bool weir_exec_alter(struct weir_exec *exec, struct weir_err *err);
bool weir_exec_type(struct weir_exec *exec, struct weir_err *err);
bool weir_exec_query_ids(struct weir_exec *exec, struct weir_err *err);
bool weir_exec_describe(struct weir_exec *exec, struct weir_err *err);
bool weir_exec_explain(struct weir_exec *exec, struct weir_err *err);
bool weir_exec_other(struct weir_exec *exec, struct weir_err *err);
bool weir_exec_show(struct weir_exec *exec, struct weir_err *err);
bool weir_exec_assert(struct weir_exec *exec, struct weir_err *err);
bool weir_exec_describe_function(struct weir_exec *exec, struct weir_err *err);
/* DESCRIBE STREAMS/TABLES, SHOW STREAMS/TABLES EXTENDED. */
void weir_exec_describe_all(struct weir_exec *exec, bool tables);
/* One query as SHOW QUERIES lists it. */
void weir_write_query(struct weir_exec *exec, const struct weir_query *query);

/* exec_insert_values.c: writes rows of one source; lives in the arena of `exec`, under control. Rows are visible after commit. */
struct weir_insert_writer;
bool weir_insert_writer_open(
	struct weir_exec *exec, const struct weir_source *source, struct weir_insert_writer **ret, struct weir_err *err);
bool weir_insert_writer_add(
	struct weir_insert_writer *writer, const struct weir_value *values, int64_t timestamp_ms, struct weir_err *err);
bool weir_insert_writer_commit(struct weir_insert_writer *writer, struct weir_err *err);
void weir_insert_writer_close(struct weir_insert_writer *writer); /* accepts NULL */

/* topics_schemas.c */
bool weir_create_topic(struct weir_exec *exec, const struct weir_bound_topic *topic, struct weir_err *err);
/* Registers the sides of the source's schema as wanted, or takes the recorded ids; writes them into source->key/value. */
bool weir_register_schemas(
	struct weir_exec *exec, struct weir_source *source, bool key, bool value, bool only_if_missing, struct weir_err *err);

/* queries.c */
struct weir_active_query *weir_active_find(struct weir_engine *engine, struct weir_slice id);
bool weir_query_launch(struct weir_exec *exec, struct weir_query *query, struct weir_err *err);
void weir_query_terminate(struct weir_engine *engine, struct weir_slice id, bool forget);
/* The catalog to change, and making the change known: the engine's, or the sandbox's. */
struct weir_catalog *weir_exec_edit(struct weir_exec *exec);
void weir_exec_publish(struct weir_exec *exec, struct weir_catalog *edit);
enum weir_reset weir_reset_of(const struct weir_settings *properties);
void weir_catalog_publish(struct weir_engine *engine, struct weir_catalog *edit);
const struct weir_catalog *weir_catalog_take(struct weir_engine *engine);
struct weir_slice weir_service_id(const struct weir_engine *engine);

/* schema_source.c */
struct weir_schema_source *weir_schema_source_new(struct weir_registry *registry);
void weir_schema_source_free(struct weir_schema_source *source);

/* query_push.c, query_pull.c */
bool weir_push_start(struct weir_exec *exec, const struct weir_bound_query *query, struct weir_result_sink *sink, char *ret_id,
	struct weir_err *err);
bool weir_pull_run(struct weir_exec *exec, struct weir_result_sink *sink, char *ret_id, struct weir_err *err);
void weir_push_stop_all(struct weir_engine *engine);
void weir_push_reap(struct weir_engine *engine);

/* processing_log.c. Opened before queries run; its stream is made once the command log is replayed. */
bool weir_processing_log_open(struct weir_engine *engine, struct weir_err *err);
void weir_processing_log_create_stream(struct weir_engine *engine);
void weir_processing_log_close(struct weir_engine *engine); /* after the runtime */
void weir_processing_log_record(void *ctx, const struct weir_bad_record *record);
