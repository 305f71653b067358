/* The program's side of a response: what any thread may call. Everything is left under the lock and posted to the I/O thread. */
#include "http/response.h"

#include "base/memory.h"
#include "http/conn.h"

#include <assert.h>
#include <stdlib.h>

void weir_http_exchange_unref(struct weir_http_response *response)
{
	if (atomic_fetch_sub(&response->refs, 1) > 1)
		return;
	assert(!response->conn);
	weir_http_mailbox_unref(response->mailbox);
	weir_arena_fini(&response->arena);
	weir_arena_fini(&response->head_arena);
	weir_buf_fini(&response->incoming);
	weir_buf_fini(&response->sending);
	weir_buf_fini(&response->body);
	WEIR_VEC_FREE(&response->headers_in);
	pthread_mutex_destroy(&response->lock);
	free(response);
}

struct weir_http_response *weir_http_response_ref(struct weir_http_response *response)
{
	assert(atomic_load(&response->user_refs) > 0);
	atomic_fetch_add(&response->user_refs, 1);
	atomic_fetch_add(&response->refs, 1);
	return response;
}

void weir_http_response_unref(struct weir_http_response *response)
{
	if (!response)
		return;
	if (atomic_fetch_sub(&response->user_refs, 1) == 1 && !atomic_load(&response->is_closed))
		weir_http_mailbox_post(response->mailbox, response);
	weir_http_exchange_unref(response);
}

const struct weir_http_request *weir_http_response_request(const struct weir_http_response *response)
{
	return &response->request;
}

bool weir_http_header_is_framing(struct weir_slice name)
{
	static const char *const names[] = { "connection", "content-length", "transfer-encoding", "keep-alive", "proxy-connection",
		"upgrade" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (weir_slice_equals_nocase(name, weir_slice_of(names[i])))
			return true;
	return false;
}

/* Lower-case (HTTP/2 demands it) and without line breaks (nobody may inject a header through a value). */
static struct weir_slice clean_copy(struct weir_arena *arena, struct weir_slice text, bool lowers)
{
	struct weir_slice copy = weir_arena_copy(arena, text);
	char *bytes = (char *)copy.ptr;

	for (size_t i = 0; i < copy.len; i++) {
		if ((unsigned char)bytes[i] < ' ' && bytes[i] != '\t')
			bytes[i] = ' ';
		else if (lowers && bytes[i] >= 'A' && bytes[i] <= 'Z')
			bytes[i] = (char)(bytes[i] | 0x20);
	}
	return copy;
}

/* Under the lock. */
static bool begin_locked(struct weir_http_response *response, int status, const struct weir_http_header *headers,
	size_t header_count, int64_t content_length)
{
	if (response->status)
		return false;
	response->headers = WEIR_ARENA_ARRAY(&response->head_arena, struct weir_http_header, header_count + 1);
	for (size_t i = 0; i < header_count; i++) {
		if (status != 101 && weir_http_header_is_framing(headers[i].name))
			continue;
		response->headers[response->header_count++] = (struct weir_http_header){
			.name = clean_copy(&response->head_arena, headers[i].name, true),
			.value = clean_copy(&response->head_arena, headers[i].value, false),
		};
	}
	response->status = status;
	response->content_length = content_length;
	return true;
}

/* Under the lock. One record: its length, its bytes. */
static void append_locked(struct weir_http_response *response, struct weir_slice bytes)
{
	uint32_t len = (uint32_t)bytes.len;

	assert(bytes.len <= UINT32_MAX);
	weir_buf_append(&response->incoming, &len, sizeof len);
	weir_buf_append_slice(&response->incoming, bytes);
	size_t pending = atomic_fetch_add(&response->pending_bytes, bytes.len) + bytes.len;
	if (pending > response->low_bytes)
		response->is_above_low = true;
}

static bool is_over(const struct weir_http_response *response)
{
	return atomic_load(&response->is_closed);
}

bool weir_http_response_begin(
	struct weir_http_response *response, int status, const struct weir_http_header *headers, size_t header_count)
{
	assert(status >= 101 && status <= 599);
	pthread_mutex_lock(&response->lock);
	bool began = begin_locked(response, status, headers, header_count, -1);
	pthread_mutex_unlock(&response->lock);
	if (began)
		weir_http_mailbox_post(response->mailbox, response);
	return began;
}

void weir_http_response_write(struct weir_http_response *response, struct weir_slice bytes)
{
	pthread_mutex_lock(&response->lock);
	bool is_wanted = bytes.len > 0 && !is_over(response);
	if (is_wanted) {
		assert(response->status && !response->is_ended);
		append_locked(response, bytes);
	}
	pthread_mutex_unlock(&response->lock);
	if (is_wanted)
		weir_http_mailbox_post(response->mailbox, response);
}

void weir_http_response_end(struct weir_http_response *response)
{
	pthread_mutex_lock(&response->lock);
	assert(response->status);
	response->is_ended = true;
	pthread_mutex_unlock(&response->lock);
	weir_http_mailbox_post(response->mailbox, response);
}

void weir_http_response_abort(struct weir_http_response *response)
{
	pthread_mutex_lock(&response->lock);
	response->is_aborted = true;
	pthread_mutex_unlock(&response->lock);
	weir_http_mailbox_post(response->mailbox, response);
}

void weir_http_response_send_headers(struct weir_http_response *response, int status, const struct weir_http_header *headers,
	size_t header_count, struct weir_slice body)
{
	pthread_mutex_lock(&response->lock);
	if (begin_locked(response, status, headers, header_count, (int64_t)body.len)) {
		if (body.len)
			append_locked(response, body);
		response->is_ended = true;
	}
	pthread_mutex_unlock(&response->lock);
	weir_http_mailbox_post(response->mailbox, response);
}

void weir_http_response_send(struct weir_http_response *response, int status, const char *content_type, struct weir_slice body)
{
	struct weir_http_header type = { .name = WEIR_SLICE("content-type"), .value = weir_slice_of(content_type) };

	weir_http_response_send_headers(response, status, &type, content_type ? 1 : 0, body);
}

void weir_http_response_send_not_found(struct weir_http_response *response)
{
	weir_http_response_send(response, 404, "text/plain; charset=utf-8", WEIR_SLICE("There is nothing at this address.\n"));
}

void weir_http_response_send_not_allowed(struct weir_http_response *response, const char *allow)
{
	struct weir_http_header header = { .name = WEIR_SLICE("allow"), .value = weir_slice_of(allow) };

	weir_http_response_send_headers(response, 405, &header, 1, (struct weir_slice){ 0 });
}

bool weir_http_response_is_begun(const struct weir_http_response *response)
{
	struct weir_http_response *self = (struct weir_http_response *)response;

	pthread_mutex_lock(&self->lock);
	bool is_begun = self->status != 0;
	pthread_mutex_unlock(&self->lock);
	return is_begun;
}

bool weir_http_response_is_closed(const struct weir_http_response *response)
{
	return is_over(response);
}

size_t weir_http_response_pending_bytes(const struct weir_http_response *response)
{
	return atomic_load(&response->pending_bytes);
}

void weir_http_response_on_close(struct weir_http_response *response, weir_http_close_fn *on_close, void *ctx)
{
	pthread_mutex_lock(&response->lock);
	assert(!response->on_close);
	bool is_closed = is_over(response), is_complete = response->is_complete;
	if (!is_closed) {
		response->on_close = on_close;
		response->close_ctx = ctx;
	}
	pthread_mutex_unlock(&response->lock);
	if (is_closed)
		on_close(ctx, response, is_complete);
}

void weir_http_response_on_drain(struct weir_http_response *response, size_t low_bytes, weir_http_drain_fn *on_drain, void *ctx)
{
	pthread_mutex_lock(&response->lock);
	response->on_drain = on_drain;
	response->drain_ctx = ctx;
	response->low_bytes = low_bytes;
	response->is_above_low = atomic_load(&response->pending_bytes) > low_bytes;
	pthread_mutex_unlock(&response->lock);
}

void weir_http_response_on_body(struct weir_http_response *response, weir_http_body_fn *on_body, void *ctx)
{
	response->on_body = on_body;
	response->body_ctx = ctx;
}

void weir_http_response_body_taken(struct weir_http_response *response, size_t bytes)
{
	if (bytes == 0 || is_over(response))
		return;
	pthread_mutex_lock(&response->lock);
	response->body_taken_bytes += bytes;
	pthread_mutex_unlock(&response->lock);
	weir_http_mailbox_post(response->mailbox, response);
}
