/* Streams a query's result: every element is one write, so one chunk or frame; a client that reads slowly pauses its own query
 * only. */
#include "server/result.h"

#include "base/memory.h"

#include <stdlib.h>

#define FULL_BYTES    ((size_t)1 << 20)
#define DRAINED_BYTES ((size_t)1 << 16)

struct result {
	struct weir_result_sink sink; /* first */
	struct weir_server *server;
	struct weir_http_response *response;
	enum weir_dialect dialect;
	enum weir_query_type type;
	struct weir_arena arena;
	const struct weir_type **types;
	struct weir_buf out;
	char id[WEIR_QUERY_ID_BYTES];
	bool is_first, is_buffered;
	int refs; /* the query's and the connection's */
};

static void unref(struct result *self)
{
	if (__atomic_sub_fetch(&self->refs, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	weir_http_response_unref(self->response);
	weir_arena_fini(&self->arena);
	weir_buf_fini(&self->out);
	free(self);
}

static const char *content_type(enum weir_dialect dialect)
{
	static const char *const types[] = { "application/vnd.ksql.v1+json", "application/vnd.ksqlapi.delimited.v1",
		"application/json" };

	return types[dialect];
}

/* One element of the result is in `out`; pull queries gather. */
static void send_out(struct result *self, bool force)
{
	if (self->out.len == 0 || (self->is_buffered && !force && self->out.len < 5120))
		return;
	weir_http_response_write(self->response, weir_buf_slice(&self->out));
	weir_buf_reset(&self->out);
}

static void append_types(struct result *self, const struct weir_result_column *columns, size_t count)
{
	struct weir_buf *out = &self->out;

	weir_buf_append_text(out, "\"columnNames\":[");
	for (size_t i = 0; i < count; i++) {
		weir_buf_append_text(out, i ? "," : "");
		weir_json_append_string(out, columns[i].name, true);
	}
	weir_buf_append_text(out, "],\"columnTypes\":[");
	for (size_t i = 0; i < count; i++) {
		weir_buf_append_text(out, i ? "," : "");
		weir_json_append_string(out, weir_type_text(&self->arena, columns[i].type), true);
	}
	weir_buf_append_byte(out, ']');
}

static void append_schema(struct result *self, const struct weir_result_column *columns, size_t count)
{
	struct weir_buf schema;

	weir_buf_init(&schema, WEIR_BUF_NO_LIMIT);
	for (size_t i = 0; i < count; i++) {
		weir_buf_printf(&schema, "%s`%.*s` ", i ? ", " : "", WEIR_SLICE_ARG(columns[i].name));
		weir_type_print(&schema, columns[i].type);
		weir_buf_append_text(&schema, columns[i].is_key ? " KEY" : "");
	}
	weir_json_append_string(&self->out, weir_buf_slice(&schema), true);
	weir_buf_fini(&schema);
}

static void on_header(struct weir_result_sink *sink, struct weir_slice id, enum weir_query_type type,
	const struct weir_result_column *columns, size_t count)
{
	struct result *self = (struct result *)sink;
	struct weir_http_header header = { .name = WEIR_SLICE("content-type"),
		.value = weir_slice_of(content_type(self->dialect)) };

	self->type = type;
	self->is_buffered = type == WEIR_QUERY_TYPE_PULL;
	snprintf(self->id, sizeof self->id, "%.*s", WEIR_SLICE_ARG(id));
	self->types = WEIR_ARENA_ARRAY(&self->arena, const struct weir_type *, count);
	for (size_t i = 0; i < count; i++)
		self->types[i] = weir_type_copy(&self->arena, columns[i].type);
	weir_http_response_begin(self->response, 200, &header, 1);
	if (self->dialect == WEIR_DIALECT_ARRAY) {
		weir_buf_printf(&self->out, "[{\"header\":{\"queryId\":\"%s\",\"schema\":", self->id);
		append_schema(self, columns, count);
		weir_buf_append_text(&self->out, type == WEIR_QUERY_TYPE_PULL ? "}}" : "}},\n");
	} else {
		weir_buf_printf(&self->out, "%s{\"queryId\":\"%s\",", self->dialect == WEIR_DIALECT_FLAT ? "[" : "", self->id);
		append_types(self, columns, count);
		weir_buf_append_text(&self->out, self->dialect == WEIR_DIALECT_FLAT ? "}" : "}\n");
	}
	send_out(self, false);
}

static void append_row(struct result *self, const struct weir_value *values, size_t count)
{
	weir_buf_append_byte(&self->out, '[');
	for (size_t i = 0; i < count; i++) {
		weir_buf_append_text(&self->out, i ? "," : "");
		weir_result_write_value(&self->out, self->types[i], values[i].cell, values[i].is_null);
	}
	weir_buf_append_byte(&self->out, ']');
}

static bool on_row(struct weir_result_sink *sink, const struct weir_value *values, size_t count, bool is_tombstone)
{
	struct result *self = (struct result *)sink;

	if (weir_http_response_is_closed(self->response))
		return false;
	if (self->dialect == WEIR_DIALECT_ARRAY) {
		bool pull = self->type == WEIR_QUERY_TYPE_PULL;
		weir_buf_append_text(&self->out, pull ? ",\n{\"row\":{\"columns\":" : "{\"row\":{\"columns\":");
		append_row(self, values, count);
		weir_buf_append_text(&self->out, is_tombstone ? ",\"tombstone\":true}}" : "}}");
		weir_buf_append_text(&self->out, pull ? "" : ",\n");
	} else if (!is_tombstone) {
		weir_buf_append_text(&self->out, self->dialect == WEIR_DIALECT_FLAT ? "," : "");
		append_row(self, values, count);
		weir_buf_append_text(&self->out, self->dialect == WEIR_DIALECT_FLAT ? "" : "\n");
	}
	send_out(self, false);
	return true;
}

static void append_end(struct result *self, enum weir_end_reason reason, const struct weir_err *err)
{
	struct weir_buf *out = &self->out;
	bool pull = self->type == WEIR_QUERY_TYPE_PULL;

	if (reason == WEIR_END_FAILED) {
		if (self->dialect == WEIR_DIALECT_ARRAY) {
			weir_buf_append_text(out, pull ? ",\n{\"errorMessage\":" : "{\"errorMessage\":");
			weir_write_generic_error(out, err);
			weir_buf_append_text(out, "}]");
		} else {
			weir_buf_append_text(out, self->dialect == WEIR_DIALECT_FLAT ? "," : "");
			weir_write_generic_error(out, err);
			weir_buf_append_text(out, self->dialect == WEIR_DIALECT_FLAT ? "]" : "\n");
		}
		return;
	}
	if (self->dialect == WEIR_DIALECT_ARRAY && !pull && reason != WEIR_END_TERMINATED) {
		weir_buf_printf(out, "{\"finalMessage\":\"%s\"}", reason == WEIR_END_LIMIT ? "Limit Reached" : "Query Completed");
		send_out(self, true);
	}
	if (self->dialect != WEIR_DIALECT_DELIMITED)
		weir_buf_append_byte(out, ']');
}

static void on_end(struct weir_result_sink *sink, enum weir_end_reason reason, const struct weir_err *err)
{
	struct result *self = (struct result *)sink;

	append_end(self, reason, err);
	send_out(self, true);
	weir_http_response_end(self->response);
	unref(self);
}

static bool is_full(struct weir_result_sink *sink)
{
	return weir_http_response_pending_bytes(((struct result *)sink)->response) > FULL_BYTES;
}

static void on_drain(void *ctx, struct weir_http_response *response)
{
	struct result *self = ctx;

	weir_engine_resume_query(self->server->engine, weir_slice_of(self->id));
}

/* The client is gone (or has everything): the query finds out at its next row; wake it so that it looks. */
static void on_close(void *ctx, struct weir_http_response *response, bool complete)
{
	struct result *self = ctx;

	if (!complete)
		weir_engine_resume_query(self->server->engine, weir_slice_of(self->id));
	unref(self);
}

void weir_result_start(struct weir_server *server, struct weir_http_response *response, struct weir_session *session,
	struct weir_slice sql, enum weir_dialect dialect)
{
	struct result *self = weir_alloc_zero(sizeof *self);
	struct weir_err err = { 0 };
	char id[WEIR_QUERY_ID_BYTES];

	self->sink = (struct weir_result_sink){ .header = on_header, .row = on_row, .end = on_end, .is_full = is_full };
	self->server = server;
	self->response = weir_http_response_ref(response);
	self->dialect = dialect;
	self->refs = 2;
	weir_arena_init(&self->arena, 1024);
	weir_buf_init(&self->out, WEIR_BUF_NO_LIMIT);
	weir_http_response_on_drain(response, DRAINED_BYTES, on_drain, self);
	bool ok = weir_engine_query(server->engine, session, sql, &self->sink, id, &err);
	if (!ok) {
		weir_refuse_query(response, &err, sql);
		unref(self); /* the query's */
	}
	weir_http_response_on_close(response, on_close, self);
}

/* ---- Content negotiation: the first acceptable type by weight; see spec interfaces.md §1.2 ---- */

static bool accepts(struct weir_slice accept, const char *type)
{
	return memmem(accept.ptr, accept.len, type, strlen(type)) != NULL;
}

bool weir_result_negotiate(struct weir_http_response *response, bool stream, enum weir_dialect *ret)
{
	struct weir_slice accept = weir_http_request_header(weir_http_response_request(response), "accept");

	*ret = stream ? WEIR_DIALECT_DELIMITED : WEIR_DIALECT_ARRAY;
	if (!accept.ptr)
		return true;
	if (accepts(accept, "application/vnd.ksqlapi.delimited.v1"))
		*ret = WEIR_DIALECT_DELIMITED;
	else if (accepts(accept, "application/vnd.ksql.v1+json"))
		*ret = WEIR_DIALECT_ARRAY;
	else if (accepts(accept, "application/json"))
		*ret = stream ? WEIR_DIALECT_FLAT : WEIR_DIALECT_ARRAY;
	else if (accepts(accept, "*/*") || accepts(accept, "application/*"))
		*ret = WEIR_DIALECT_DELIMITED;
	else {
		weir_http_response_send(response, 406, NULL, (struct weir_slice){ 0 });
		return false;
	}
	return true;
}
