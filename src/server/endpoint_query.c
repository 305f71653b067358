/* POST /query and /query-stream: SELECT and PRINT; POST /close-query. */
#include "server/print.h"
#include "server/result.h"

/* PRINT on /query-stream has one dialect, and no banner (interfaces.md §1.9). */
static void start_print(struct weir_server *server, struct weir_http_response *response, const struct weir_session *session,
	struct weir_slice sql, enum weir_dialect dialect, bool stream)
{
	if (!stream && weir_http_response_request(response)->version == WEIR_HTTP_2)
		weir_http_response_send(response, 405, NULL, (struct weir_slice){ 0 });
	else if (stream && dialect != WEIR_DIALECT_DELIMITED)
		weir_http_response_send(response, 406, NULL, (struct weir_slice){ 0 });
	else
		weir_print_start(server, response, session, sql, !stream && dialect != WEIR_DIALECT_DELIMITED);
}

static void start(struct weir_server *server, struct weir_http_response *response, struct weir_session *session,
	struct weir_slice sql, enum weir_dialect dialect, bool stream)
{
	enum weir_text_kind kind;
	struct weir_err ignored = { 0 };
	size_t count;

	if (weir_engine_classify(server->engine, session, sql, &kind, &count, &ignored) && kind == WEIR_TEXT_PRINT && count == 1)
		start_print(server, response, session, sql, dialect, stream);
	else
		weir_result_start(server, response, session, sql, dialect);
}

static void answer_query(struct weir_server *server, struct weir_http_response *response, bool stream)
{
	struct weir_arena arena;
	struct weir_session session;
	struct weir_json *body;
	struct weir_err err = { 0 };
	enum weir_dialect dialect;

	if (weir_http_response_request(response)->version == WEIR_HTTP_1_0) {
		weir_err_set(&err, WEIR_E_BAD_REQUEST, "Answers are streamed here: use HTTP/1.1 or HTTP/2");
		weir_answer_error(response, &err);
		return;
	}
	weir_arena_init(&arena, 4096);
	if (weir_request_json(response, &arena, &body) && weir_result_negotiate(response, stream, &dialect)) {
		struct weir_slice sql = weir_request_text(body, stream ? "sql" : "ksql");
		weir_session_init(&session, server->engine);
		if (weir_slice_trim(sql).len == 0) {
			weir_err_set(&err, WEIR_E_BAD_REQUEST, "\"%s\" field must be populated", stream ? "sql" : "ksql");
			weir_answer_error(response, &err);
		} else if (!weir_request_session(&session, body, stream ? "properties" : "streamsProperties", &err)) {
			weir_answer_error(response, &err);
		} else {
			start(server, response, &session, sql, dialect, stream);
		}
		weir_session_fini(&session);
	}
	weir_arena_fini(&arena);
}

void weir_endpoint_query(struct weir_server *server, struct weir_http_response *response)
{
	answer_query(server, response, false);
}

void weir_endpoint_query_stream(struct weir_server *server, struct weir_http_response *response)
{
	answer_query(server, response, true);
}

void weir_endpoint_close_query(struct weir_server *server, struct weir_http_response *response)
{
	struct weir_arena arena;
	struct weir_json *body;
	struct weir_err err = { 0 };

	weir_arena_init(&arena, 1024);
	if (weir_request_json(response, &arena, &body)) {
		struct weir_slice id = weir_json_get_text(body, "queryId", "");
		if (weir_engine_cancel(server->engine, id)) {
			weir_http_response_send(response, 200, NULL, (struct weir_slice){ 0 });
		} else {
			weir_err_set(&err, WEIR_E_BAD_REQUEST, "No query with id %.*s", WEIR_SLICE_ARG(id));
			weir_answer_error(response, &err);
		}
	}
	weir_arena_fini(&arena);
}
