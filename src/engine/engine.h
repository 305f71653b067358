/* The engine: executes statements, runs queries, answers pull and push queries. What server/, cli/ and testing/ stand on.
 *
 * Holds:
 *  - the command log is the catalog's only source of truth: a statement is checked completely, then appended, then applied; opening
 *    the engine replays it, and replay cannot fail on a statement that was accepted;
 *  - statements that change something run one at a time; readers work on immutable catalog snapshots;
 *  - every answer of a statement is an entity as the HTTP API spells it (spec interfaces.md §1.6), written as JSON.
 * Thread: any, except where said.
 */
#pragma once

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "engine/settings.h"
#include "log/log.h"
#include "registry/registry.h"
#include "types/cell.h"

struct weir_engine;
struct weir_catalog;

struct weir_engine_options {
	struct weir_log *log;                 /* borrowed */
	struct weir_registry *registry;       /* borrowed; NULL: none */
	const struct weir_settings *settings; /* the server's layer; borrowed */
	const struct weir_clock *clock;
	const struct weir_logger *logger;
	bool is_stepped; /* no threads: whoever opened it calls weir_engine_step(); virtual time; every update is emitted */
};

bool weir_engine_open(const struct weir_engine_options *options, struct weir_engine **ret, struct weir_err *err);
/* Commits what runs, stops it, and frees. Accepts NULL. */
void weir_engine_close(struct weir_engine *engine);

/* What SET and DEFINE changed; one per request or per terminal. */
struct weir_session {
	struct weir_settings properties; /* parent: the server's layer */
	struct weir_map variables;       /* name -> NUL-terminated text, owned */
	struct weir_sandbox *sandbox;    /* the engine's own: statements are tried, nothing happens; NULL otherwise */
};

void weir_session_init(struct weir_session *session, const struct weir_engine *engine);
void weir_session_fini(struct weir_session *session);
void weir_session_define(struct weir_session *session, struct weir_slice name, struct weir_slice value);

/* Executes a text of statements that are not queries. `entities` receives a JSON array, "[]" when there are none, always
 * well-formed. On failure it holds the entities of the statements before the failing one, and ret_failed_text (may be NULL) the
 * text of that statement, valid as long as `text`. */
bool weir_engine_execute(struct weir_engine *engine, struct weir_session *session, struct weir_slice text,
	struct weir_buf *entities, struct weir_slice *ret_failed_text, struct weir_err *err);

/* Writes rows, one JSON object a line, to a stream or table by name (quoted with ` or ": exact, else upper-cased). *ret_count: how
 * many were written, durable on return; on failure the row after them is to blame. *ret_is_started false: the target is. */
bool weir_engine_insert_rows(struct weir_engine *engine, struct weir_slice target, struct weir_slice lines, size_t *ret_count,
	bool *ret_is_started, struct weir_err *err);

/* ---- Queries ---- */

struct weir_result_column {
	struct weir_slice name;
	const struct weir_type *type;
	bool is_key; /* shown as KEY (pull queries) */
};

enum weir_query_type { WEIR_QUERY_TYPE_PUSH, WEIR_QUERY_TYPE_PULL, WEIR_QUERY_TYPE_STREAM_PULL };

enum weir_end_reason { WEIR_END_COMPLETED, WEIR_END_LIMIT, WEIR_END_TERMINATED, WEIR_END_FAILED };

/* Where a query's result goes. header comes first and once, then rows, then end once; each on whichever thread produces it, never
 * two at a time. A callback must not call back into the engine except weir_engine_cancel(). */
struct weir_result_sink {
	void (*header)(struct weir_result_sink *self, struct weir_slice query_id, enum weir_query_type type,
		const struct weir_result_column *columns, size_t count);
	/* values: one per column, valid during the call. false: the client is gone; the query ends. */
	bool (*row)(struct weir_result_sink *self, const struct weir_value *values, size_t count, bool is_tombstone);
	/* err: FAILED only. Nothing is called afterwards; the sink may free itself. */
	void (*end)(struct weir_result_sink *self, enum weir_end_reason reason, const struct weir_err *err);
	/* true: do not send more rows now; weir_engine_resume_query() tells when it may go on. May be NULL. */
	bool (*is_full)(struct weir_result_sink *self);
};

/* Starts one SELECT. Returns false (and calls no callback) when it is refused. The sink is used until end. The id (NUL-terminated,
 * caller's storage) serves cancel. */
#define WEIR_QUERY_ID_BYTES 128
bool weir_engine_query(struct weir_engine *engine, struct weir_session *session, struct weir_slice text,
	struct weir_result_sink *sink, char ret_id[WEIR_QUERY_ID_BYTES], struct weir_err *err);
/* Ends a running push query; end(TERMINATED) follows on another thread or before this returns. false: no such query. */
bool weir_engine_cancel(struct weir_engine *engine, struct weir_slice query_id);
/* The sink has room again. */
void weir_engine_resume_query(struct weir_engine *engine, struct weir_slice query_id);

/* {"type":"ARRAY","fields":null,"memberSchema":{…}}: a type as the API's schemas spell it. */
struct weir_json_writer;
void weir_write_type(struct weir_json_writer *json, const struct weir_type *type);

/* ---- PRINT ---- */
struct weir_print_sink {
	bool wants_banner; /* lines that tell the guessed formats */
	/* The topic is there: lines will come. */
	void (*begin)(struct weir_print_sink *self);
	/* One line without its end. false: stop. */
	bool (*line)(struct weir_print_sink *self, struct weir_slice line);
	/* Called about ten times a second while nothing comes. false: stop. */
	bool (*idle)(struct weir_print_sink *self);
};
/* Is this text one PRINT statement (or one SELECT)? For the query endpoints. Errors: the syntax error. */
enum weir_text_kind { WEIR_TEXT_SELECT, WEIR_TEXT_PRINT, WEIR_TEXT_OTHER };
bool weir_engine_classify(struct weir_engine *engine, struct weir_session *session, struct weir_slice text,
	enum weir_text_kind *ret, size_t *ret_statements, struct weir_err *err);
/* Runs on the caller's thread until LIMIT, or the sink says stop, or the engine closes. */
bool weir_engine_print(struct weir_engine *engine, struct weir_session *session, struct weir_slice text,
	struct weir_print_sink *sink, struct weir_err *err);

/* ---- State ---- */

const struct weir_settings *weir_engine_settings(const struct weir_engine *engine);
struct weir_log *weir_engine_log(const struct weir_engine *engine);
/* A reference of the caller's: weir_catalog_unref(). */
const struct weir_catalog *weir_engine_catalog(struct weir_engine *engine);
/* Command ids and their state, newest last, for /status: JSON object text. command_id "" : all. false: unknown. */
bool weir_engine_command_status(struct weir_engine *engine, struct weir_slice command_id, struct weir_buf *out);
/* Waits until the command of that sequence number was applied here. Errors: TIMEOUT. */
bool weir_engine_wait_for_command(struct weir_engine *engine, int64_t sequence_number, int timeout_ms, struct weir_err *err);
/* Prometheus text. */
void weir_engine_metrics(struct weir_engine *engine, struct weir_buf *out);
/* RUNNING, DEGRADED or ERROR; *ret_reason (may be NULL) says why it is not RUNNING. */
const char *weir_engine_health(struct weir_engine *engine, struct weir_err *ret_reason);

/* ---- Stepped mode ---- */

/* Runs everything that can run until nothing changes. */
bool weir_engine_step(struct weir_engine *engine, struct weir_err *err);
