/* POST /query and /query-stream: SELECT; POST /close-query. */
#include "server/result.h"

static void answer_query(struct weir_server *server, struct weir_http_response *response, bool stream)
{
	struct weir_arena arena;
	struct weir_session session;
	struct weir_json *body;
	struct weir_err err = { 0 };
	enum weir_dialect dialect;

	weir_arena_init(&arena, 4096);
	if (weir_request_json(response, &arena, &body) && weir_result_negotiate(response, stream, &dialect)) {
		struct weir_slice sql = weir_json_get_text(body, stream ? "sql" : "ksql", "");
		weir_session_init(&session, server->engine);
		if (weir_slice_trim(sql).len == 0) {
			weir_err_set(&err, WEIR_E_BAD_REQUEST, "\"%s\" field must be populated", stream ? "sql" : "ksql");
			weir_answer_error(response, &err);
		} else if (!weir_request_session(&session, body, stream ? "properties" : "streamsProperties", &err)) {
			weir_answer_error(response, &err);
		} else {
			weir_result_start(server, response, &session, sql, dialect);
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
