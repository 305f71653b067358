/* One WebSocket, one query: fields, rows, then {"error":"done"} and close 1000; what goes wrong is told likewise before closing.
 *
 * Holds: two references, the query's and the connection's; whoever comes last frees.
 */
#include "server/websocket.h"

#include "base/memory.h"
#include "http/websocket.h"
#include "server/result.h"
#include "types/utf16.h"

#include <stdlib.h>

#define FULL_BYTES    ((size_t)1 << 20)
#define DRAINED_BYTES ((size_t)1 << 16)
#define CLOSE_DONE    1000
#define CLOSE_REQUEST 1003
#define CLOSE_FAILED  1011

struct weir_ws {
	struct weir_result_sink sink; /* first */
	struct weir_server *server;
	struct weir_websocket *websocket;
	struct weir_arena arena;
	const struct weir_type **types;
	struct weir_buf out;
	struct weir_slice request; /* the parameter, decoded */
	bool has_request;
	char id[WEIR_QUERY_ID_BYTES];
	int refs;
};

static void unref(struct weir_ws *self)
{
	if (__atomic_sub_fetch(&self->refs, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	weir_websocket_unref(self->websocket);
	weir_arena_fini(&self->arena);
	weir_buf_fini(&self->out);
	free(self);
}

static bool is_closed(const struct weir_ws *self)
{
	return weir_http_response_is_closed(weir_websocket_response(self->websocket)) ||
	       __atomic_load_n(&self->server->is_closing, __ATOMIC_ACQUIRE);
}

static void send_out(struct weir_ws *self)
{
	weir_websocket_send(self->websocket, weir_buf_slice(&self->out));
	weir_buf_reset(&self->out);
}

static void finish(struct weir_ws *self, const char *text, uint16_t code)
{
	weir_buf_reset(&self->out);
	weir_buf_append_text(&self->out, "{\"error\":");
	weir_json_append_string(&self->out, weir_slice_of(text), false);
	weir_buf_append_byte(&self->out, '}');
	send_out(self);
	weir_websocket_close(self->websocket, code, weir_slice_of(text));
}

static void refuse(struct weir_ws *self, const char *what, const struct weir_err *err)
{
	struct weir_buf text;

	weir_buf_init(&text, 8192);
	weir_buf_printf(&text, "%s: %s", what, err->text);
	finish(self, weir_buf_cstr(&text), CLOSE_REQUEST);
	weir_buf_fini(&text);
}

/* ---- Queries ---- */

static void on_header(struct weir_result_sink *sink, struct weir_slice id, enum weir_query_type type,
	const struct weir_result_column *columns, size_t count)
{
	struct weir_ws *self = (struct weir_ws *)sink;
	struct weir_json_writer json;

	snprintf(self->id, sizeof self->id, "%.*s", WEIR_SLICE_ARG(id));
	self->types = WEIR_ARENA_ARRAY(&self->arena, const struct weir_type *, count + 1);
	weir_json_writer_init(&json, &self->out);
	weir_json_begin_array(&json);
	for (size_t i = 0; i < count; i++) {
		self->types[i] = weir_type_copy(&self->arena, columns[i].type);
		weir_json_begin_object(&json);
		weir_json_key(&json, "name");
		weir_json_write_string(&json, columns[i].name);
		weir_json_key(&json, "schema");
		weir_write_type(&json, columns[i].type);
		if (columns[i].is_key) {
			weir_json_key(&json, "type");
			weir_json_write_text(&json, "KEY");
		}
		weir_json_end_object(&json);
	}
	weir_json_end_array(&json);
	send_out(self);
}

static unsigned hex_of(const char *text)
{
	unsigned value = 0;

	for (int i = 0; i < 4; i++) {
		char c = text[i];
		value = value << 4 | (unsigned)(c >= '0' && c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
	}
	return value;
}

/* Values come with characters beyond the first plane escaped as pairs; here they are sent as they are (interfaces.md §1.2). */
static void plain_pairs(struct weir_buf *text)
{
	size_t to = 0;

	for (size_t from = 0; from < text->len;) {
		const char *at = text->data + from;
		bool is_pair = text->len - from >= 12 && at[0] == '\\' && at[1] == 'u' && at[6] == '\\' && at[7] == 'u';
		unsigned high = is_pair ? hex_of(at + 2) : 0, low = is_pair ? hex_of(at + 8) : 0;
		if (high >= 0xD800 && high < 0xDC00 && low >= 0xDC00 && low < 0xE000) {
			char utf8[4];
			size_t len = weir_utf8_encode(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00), utf8);
			memcpy(text->data + to, utf8, len);
			to += len;
			from += 12;
			continue;
		}
		size_t len = at[0] == '\\' && text->len - from > 1 ? 2 : 1; /* an escape is copied whole */
		memmove(text->data + to, at, len);
		to += len;
		from += len;
	}
	text->len = to;
}

static bool on_row(struct weir_result_sink *sink, const struct weir_value *values, size_t count, bool is_tombstone)
{
	struct weir_ws *self = (struct weir_ws *)sink;

	if (is_closed(self))
		return false;
	if (is_tombstone)
		return true;
	weir_buf_append_text(&self->out, "{\"row\":{\"columns\":[");
	for (size_t i = 0; i < count; i++) {
		weir_buf_append_text(&self->out, i ? "," : "");
		weir_result_write_value(&self->out, self->types[i], values[i].cell, values[i].is_null);
	}
	weir_buf_append_text(&self->out, "]}}");
	plain_pairs(&self->out);
	send_out(self);
	return true;
}

static void on_end(struct weir_result_sink *sink, enum weir_end_reason reason, const struct weir_err *err)
{
	struct weir_ws *self = (struct weir_ws *)sink;

	if (reason == WEIR_END_FAILED)
		finish(self, err->text, CLOSE_FAILED);
	else
		finish(self, "done", CLOSE_DONE);
	unref(self);
}

static bool is_full(struct weir_result_sink *sink)
{
	return weir_http_response_pending_bytes(weir_websocket_response(((struct weir_ws *)sink)->websocket)) > FULL_BYTES;
}

static void on_drain(void *ctx, struct weir_http_response *response)
{
	struct weir_ws *self = ctx;

	weir_engine_resume_query(self->server->engine, weir_slice_of(self->id));
}

static void on_close(void *ctx, struct weir_websocket *websocket)
{
	struct weir_ws *self = ctx;

	weir_engine_resume_query(self->server->engine, weir_slice_of(self->id));
	unref(self);
}

/* ---- Requests ---- */

struct weir_ws *weir_ws_accept(struct weir_server *server, struct weir_http_response *response)
{
	const struct weir_http_request *request = weir_http_response_request(response);
	const char *reason;

	if (!weir_websocket_is_asked(request, &reason)) {
		weir_http_response_send(response, 400, "text/plain", weir_slice_of(reason));
		return NULL;
	}
	struct weir_ws *self = weir_alloc_zero(sizeof *self);
	self->sink = (struct weir_result_sink){ .header = on_header, .row = on_row, .end = on_end, .is_full = is_full };
	self->server = server;
	self->refs = 2;
	weir_arena_init(&self->arena, 2048);
	weir_buf_init(&self->out, WEIR_BUF_NO_LIMIT);
	self->has_request = weir_http_request_query_param(request, &self->arena, "request", &self->request);
	self->websocket = weir_websocket_accept(response, (struct weir_websocket_callbacks){ .on_close = on_close, .ctx = self });
	return self;
}

static bool read_request(struct weir_ws *self, struct weir_session *session, struct weir_slice *ret_sql, struct weir_err *err)
{
	struct weir_json *body;

	if (!self->has_request)
		return weir_err_set(err, WEIR_E_BAD_REQUEST, "missing request parameter");
	if (!weir_json_parse(&self->arena, self->request, true, &body, err) ||
		!weir_request_session(session, body, "streamsProperties", err))
		return false;
	*ret_sql = weir_request_text(body, "ksql");
	return weir_slice_trim(*ret_sql).len != 0 ||
	       weir_err_set(err, WEIR_E_BAD_REQUEST, "\"ksql\" field of \"request\" must be populated");
}

/* Runs the query; false: refused, and the query's reference still held. */
static bool start(struct weir_ws *self, struct weir_session *session, struct weir_slice sql)
{
	char id[WEIR_QUERY_ID_BYTES];
	struct weir_err err = { 0 };
	enum weir_text_kind kind;
	size_t count;

	if (weir_engine_classify(self->server->engine, session, sql, &kind, &count, &err) && kind == WEIR_TEXT_PRINT) {
		weir_err_set(&err, WEIR_E_NOT_SUPPORTED, "PRINT over a WebSocket is not supported yet; use /query");
		refuse(self, "Error parsing query", &err);
		return false;
	}
	err.code = WEIR_E_NONE;
	weir_http_response_on_drain(weir_websocket_response(self->websocket), DRAINED_BYTES, on_drain, self);
	if (weir_engine_query(self->server->engine, session, sql, &self->sink, id, &err))
		return true;
	refuse(self, "Error parsing query", &err);
	return false;
}

void weir_ws_run(struct weir_ws *self)
{
	struct weir_session session;
	struct weir_slice sql;
	struct weir_err err = { 0 };

	weir_session_init(&session, self->server->engine);
	bool ok = read_request(self, &session, &sql, &err);
	if (!ok)
		refuse(self, "Error parsing request", &err);
	if (!ok || !start(self, &session, sql))
		unref(self);
	weir_session_fini(&session);
}
