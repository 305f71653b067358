/* The I/O thread's side of a response: receiving the request, taking what was written, ending. */
#include "base/memory.h"
#include "http/conn.h"

#include <assert.h>

struct weir_http_response *weir_http_exchange_new(struct weir_http_conn *conn)
{
	struct weir_http_response *response = weir_alloc_zero(sizeof *response);

	response->mailbox = weir_http_mailbox_ref(conn->server->mailbox);
	atomic_init(&response->refs, 1);
	pthread_mutex_init(&response->lock, NULL);
	weir_arena_init(&response->arena, 2048);
	weir_arena_init(&response->head_arena, 512);
	weir_buf_init(&response->incoming, WEIR_BUF_NO_LIMIT);
	weir_buf_init(&response->sending, WEIR_BUF_NO_LIMIT);
	weir_buf_init(&response->body, conn->server->config.max_body_bytes);
	response->content_length = -1;
	response->conn = conn;
	response->body_seen_us = conn->server->now_us;
	response->request.peer = weir_arena_copy(&response->arena, weir_slice_of(conn->peer));
	response->request.sni = weir_arena_copy(&response->arena, weir_slice_of(conn->sni));
	response->request.tls_subject = weir_arena_copy(&response->arena, weir_slice_of(conn->subject));
	response->request.listener = conn->listener;
	response->request.is_tls = conn->ssl != NULL;
	response->next = conn->exchanges;
	if (conn->exchanges)
		conn->exchanges->prev = response;
	conn->exchanges = response;
	conn->exchange_count++;
	atomic_fetch_add(&conn->server->exchange_count, 1);
	atomic_fetch_add(&conn->server->requests_total, 1);
	return response;
}

bool weir_http_exchange_wants_stream(struct weir_http_response *response)
{
	struct weir_http_server_config *config = &response->conn->server->config;

	response->is_body_streamed =
		config->choose_body && config->choose_body(config->ctx, &response->request) == WEIR_HTTP_BODY_STREAM;
	return response->is_body_streamed;
}

void weir_http_exchange_dispatch(struct weir_http_response *response)
{
	struct weir_http_server_config *config = &response->conn->server->config;

	assert(!response->is_dispatched);
	response->is_dispatched = true;
	atomic_store(&response->user_refs, 1);
	atomic_fetch_add(&response->refs, 1);
	config->handler(config->ctx, &response->request, response);
	weir_http_response_unref(response);
}

static void deliver(struct weir_http_response *response, struct weir_slice bytes, bool is_end)
{
	response->body_untaken_bytes += bytes.len;
	if (response->on_body)
		response->on_body(response->body_ctx, response, bytes, is_end);
	else
		weir_http_response_body_taken(response, bytes.len);
}

bool weir_http_exchange_body_bytes(struct weir_http_response *response, struct weir_slice bytes)
{
	response->body_seen_us = response->conn->server->now_us;
	if (response->is_body_streamed) {
		if (bytes.len)
			deliver(response, bytes, false);
		return true;
	}
	weir_buf_append_slice(&response->body, bytes);
	return weir_buf_ok(&response->body);
}

void weir_http_exchange_body_end(struct weir_http_response *response)
{
	assert(!response->is_body_complete);
	response->is_body_complete = true;
	if (response->is_body_streamed) {
		deliver(response, (struct weir_slice){ 0 }, true);
		return;
	}
	response->request.body = weir_buf_slice(&response->body);
	weir_http_exchange_dispatch(response);
}

struct weir_http_progress weir_http_exchange_progress(struct weir_http_response *response)
{
	pthread_mutex_lock(&response->lock);
	struct weir_http_progress progress = {
		.status = response->status,
		.is_ended = response->is_ended,
		.is_aborted = response->is_aborted,
		.content_length = response->content_length,
	};
	pthread_mutex_unlock(&response->lock);
	return progress;
}

/* The records that writers have left become the ones being sent. */
static bool take_incoming(struct weir_http_response *response)
{
	assert(response->sending_at == response->sending.len);
	weir_buf_reset(&response->sending);
	response->sending_at = response->record_done = 0;
	pthread_mutex_lock(&response->lock);
	struct weir_buf taken = response->incoming;
	response->incoming = response->sending;
	pthread_mutex_unlock(&response->lock);
	response->sending = taken;
	return taken.len > 0;
}

bool weir_http_exchange_peek(struct weir_http_response *response, struct weir_slice *ret_rest, bool *ret_is_record_start)
{
	uint32_t len;

	if (response->sending_at == response->sending.len && !take_incoming(response))
		return false;
	memcpy(&len, response->sending.data + response->sending_at, sizeof len);
	assert(response->record_done < len);
	*ret_rest = weir_slice_make(
		response->sending.data + response->sending_at + sizeof len + response->record_done, len - response->record_done);
	*ret_is_record_start = response->record_done == 0;
	return true;
}

/* Tells the writer once that there is room again. */
static void check_drained(struct weir_http_response *response, size_t pending)
{
	weir_http_drain_fn *on_drain = NULL;
	void *ctx = NULL;

	pthread_mutex_lock(&response->lock);
	if (response->is_above_low && pending <= response->low_bytes) {
		response->is_above_low = false;
		on_drain = response->on_drain;
		ctx = response->drain_ctx;
	}
	pthread_mutex_unlock(&response->lock);
	if (on_drain)
		on_drain(ctx, response);
}

void weir_http_exchange_sent(struct weir_http_response *response, size_t bytes)
{
	uint32_t len;

	memcpy(&len, response->sending.data + response->sending_at, sizeof len);
	response->record_done += bytes;
	assert(response->record_done <= len);
	if (response->record_done == len) {
		response->sending_at += sizeof len + len;
		response->record_done = 0;
	}
	check_drained(response, atomic_fetch_sub(&response->pending_bytes, bytes) - bytes);
}

bool weir_http_exchange_is_done(struct weir_http_response *response)
{
	if (response->sending_at < response->sending.len)
		return false;
	pthread_mutex_lock(&response->lock);
	bool is_done = response->is_ended && response->incoming.len == 0;
	pthread_mutex_unlock(&response->lock);
	return is_done;
}

size_t weir_http_exchange_take_returned(struct weir_http_response *response)
{
	pthread_mutex_lock(&response->lock);
	size_t taken = response->body_taken_bytes;
	response->body_taken_bytes = 0;
	pthread_mutex_unlock(&response->lock);
	assert(taken <= response->body_untaken_bytes);
	response->body_untaken_bytes -= taken;
	return taken;
}

static void leave(struct weir_http_response *response)
{
	struct weir_http_conn *conn = response->conn;

	if (response->prev)
		response->prev->next = response->next;
	else
		conn->exchanges = response->next;
	if (response->next)
		response->next->prev = response->prev;
	response->prev = response->next = NULL;
	response->conn = NULL;
	conn->exchange_count--;
	atomic_fetch_sub(&conn->server->exchange_count, 1);
}

void weir_http_exchange_close(struct weir_http_response *response, bool is_complete)
{
	leave(response);
	pthread_mutex_lock(&response->lock);
	atomic_store(&response->is_closed, true);
	response->is_complete = is_complete;
	weir_http_close_fn *on_close = response->on_close;
	void *ctx = response->close_ctx;
	response->on_close = NULL;
	atomic_store(&response->pending_bytes, 0);
	pthread_mutex_unlock(&response->lock);
	if (on_close)
		on_close(ctx, response, is_complete);
	weir_http_exchange_unref(response);
}
