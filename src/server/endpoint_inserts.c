/* POST /inserts-stream: rows into a stream or table, HTTP/2 only. The first line names the target, each further line is a row; each
 * row is acknowledged. The body is taken whole: acknowledgements begin when the request has ended. */
#include "server/server_int.h"

static void append_ack(struct weir_buf *out, size_t seq, bool is_array)
{
	weir_buf_printf(out, "%s{\"seq\":%zu,\"status\":\"ok\"}%s", is_array && seq ? "," : "", seq, is_array ? "" : "\n");
}

static void append_error(struct weir_buf *out, size_t seq, const struct weir_err *err, bool is_array)
{
	int code = weir_err_code_class(err->code) == WEIR_CLASS_USER || weir_err_code_class(err->code) == WEIR_CLASS_DATA
			   ? 40000
			   : weir_err_code_api_code(err->code);

	weir_buf_printf(
		out, "%s{\"@type\":\"InsertError\",\"status\":\"error\",\"seq\":%zu,\"message\":", is_array && seq ? "," : "", seq);
	weir_json_append_string(out, weir_slice_of(err->text), true);
	weir_buf_printf(out, ",\"error_code\":%d}%s", code, is_array ? "" : "\n");
}

static void send_acks(struct weir_http_response *response, size_t count, bool ok, const struct weir_err *err, bool is_array)
{
	struct weir_buf out;

	weir_buf_init(&out, WEIR_BUF_NO_LIMIT);
	weir_buf_append_text(&out, is_array ? "[" : "");
	for (size_t i = 0; i < count; i++)
		append_ack(&out, i, is_array);
	if (!ok)
		append_error(&out, count, err, is_array);
	weir_buf_append_text(&out, is_array ? "]" : "");
	weir_http_response_begin(response, 200, NULL, 0);
	weir_http_response_write(response, weir_buf_slice(&out));
	weir_http_response_end(response);
	weir_buf_fini(&out);
}

/* "[" and "]" around the acknowledgements when JSON is asked for. false: 406. */
static bool choose_array(const struct weir_http_request *request, bool *ret)
{
	struct weir_slice accept = weir_http_request_header(request, "accept");

	*ret = accept.len && memmem(accept.ptr, accept.len, "application/json", 16);
	return !accept.len || *ret || memmem(accept.ptr, accept.len, "delimited", 9) || memmem(accept.ptr, accept.len, "*/*", 3) ||
	       memmem(accept.ptr, accept.len, "application/*", 13);
}

static bool read_head(struct weir_server *server, struct weir_slice line, struct weir_arena *arena, struct weir_slice *ret_target,
	struct weir_err *err)
{
	struct weir_session session;
	struct weir_json *head;

	if (!weir_json_parse(arena, line, true, &head, err) || !weir_json_is(head, WEIR_JSON_OBJECT))
		return weir_err_set(err, WEIR_E_BAD_REQUEST, "Invalid JSON in request: the first line must be an object");
	*ret_target = weir_request_text(head, "target");
	if (!ret_target->len)
		return weir_err_set(err, WEIR_E_BAD_REQUEST, "Invalid JSON in request: \"target\" must be there");
	weir_session_init(&session, server->engine);
	bool ok = weir_request_session(&session, head, "properties", err);
	weir_session_fini(&session);
	return ok;
}

void weir_endpoint_inserts_stream(struct weir_server *server, struct weir_http_response *response)
{
	const struct weir_http_request *request = weir_http_response_request(response);
	struct weir_arena arena;
	struct weir_err err = { 0 };
	struct weir_slice target;
	bool is_array, is_started = false;
	size_t count = 0;

	if (!choose_array(request, &is_array)) {
		weir_http_response_send(response, 406, NULL, (struct weir_slice){ 0 });
		return;
	}
	if (request->version != WEIR_HTTP_2) {
		weir_err_set(&err, WEIR_E_NEEDS_HTTP2, "This endpoint needs HTTP/2");
		weir_answer_error(response, &err);
		return;
	}
	const char *end = request->body.len ? memchr(request->body.ptr, '\n', request->body.len) : NULL;
	size_t head = end ? (size_t)(end - request->body.ptr) : request->body.len, used = end ? head + 1 : head;
	weir_arena_init(&arena, 4096);
	bool ok = read_head(server, weir_slice_make(request->body.ptr, head), &arena, &target, &err) &&
		  weir_engine_insert_rows(server->engine, target,
			  weir_slice_make(request->body.ptr + used, request->body.len - used), &count, &is_started, &err);
	if (is_started)
		send_acks(response, count, ok, &err, is_array);
	else
		weir_answer_error(response, &err);
	weir_arena_fini(&arena);
}
