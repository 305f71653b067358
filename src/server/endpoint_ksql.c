/* POST /ksql: statements that are not queries. */
#include "server/server_int.h"

static void answer(struct weir_http_response *response, bool ok, const struct weir_err *err, struct weir_slice failed,
	const struct weir_buf *entities)
{
	if (ok)
		weir_answer_json(response, 200, weir_buf_slice(entities));
	else if (weir_err_code_class(err->code) == WEIR_CLASS_USER && weir_err_code_api_code(err->code) != 40000 &&
		 err->code != WEIR_E_ASSERTION)
		weir_answer_statement_error(response, err, failed, weir_buf_slice(entities));
	else
		weir_answer_error(response, err);
}

static bool read_sequence(const struct weir_json *body, int64_t *ret, struct weir_err *err)
{
	struct weir_slice text = weir_request_text(body, "commandSequenceNumber");

	*ret = -1;
	return text.len == 0 || weir_slice_to_i64(text, ret) ||
	       weir_err_set(err, WEIR_E_BAD_REQUEST, "Invalid JSON in request: \"commandSequenceNumber\" must be a number");
}

void weir_endpoint_ksql(struct weir_server *server, struct weir_http_response *response)
{
	struct weir_arena arena;
	struct weir_session session;
	struct weir_json *body;
	struct weir_buf entities;
	struct weir_slice failed = { 0 };
	struct weir_err err = { 0 };

	weir_arena_init(&arena, 4096);
	if (!weir_request_json(response, &arena, &body)) {
		weir_arena_fini(&arena);
		return;
	}
	weir_session_init(&session, server->engine);
	weir_buf_init(&entities, WEIR_BUF_NO_LIMIT);
	int64_t sequence;
	bool ok = read_sequence(body, &sequence, &err) &&
		  (sequence < 0 || weir_engine_wait_for_command(server->engine, sequence, 5000, &err)) &&
		  weir_request_session(&session, body, "streamsProperties", &err) &&
		  weir_engine_execute(server->engine, &session, weir_request_text(body, "ksql"), &entities, &failed, &err);
	answer(response, ok, &err, failed, &entities);
	weir_buf_fini(&entities);
	weir_session_fini(&session);
	weir_arena_fini(&arena);
}
