/* PRINT lasts as long as its client: each has a thread of its own, at most MAX_PRINTS of them, so that no job thread is lost to it.
 * Threads: start on a job thread, the rest on the print's own. */
#include "server/print.h"

#include "base/memory.h"

#include <stdlib.h>
#include <time.h>

#define MAX_PRINTS 32
#define FULL_BYTES ((size_t)1 << 20)
#define IDLE_CALLS 10 /* calls of idle() to an empty line: about a second */

struct print {
	struct weir_print_sink sink; /* first */
	struct weir_server *server;
	struct weir_http_response *response;
	struct weir_session session;
	char *sql;
	int idle_count;
};

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){ .tv_nsec = ms * 1000000 }, NULL);
}

static bool goes_on(const struct print *self)
{
	return !weir_http_response_is_closed(self->response) && !__atomic_load_n(&self->server->is_closing, __ATOMIC_ACQUIRE);
}

static void on_begin(struct weir_print_sink *sink)
{
	struct print *self = (struct print *)sink;
	struct weir_http_header header = { .name = WEIR_SLICE("content-type"), .value = WEIR_SLICE(WEIR_JSON_TYPE) };

	weir_http_response_begin(self->response, 200, &header, sink->wants_banner ? 1 : 0);
}

static bool on_line(struct weir_print_sink *sink, struct weir_slice line)
{
	struct print *self = (struct print *)sink;
	struct weir_buf out;

	while (goes_on(self) && weir_http_response_pending_bytes(self->response) > FULL_BYTES)
		pause_ms(10);
	if (!goes_on(self))
		return false;
	weir_buf_init(&out, WEIR_BUF_NO_LIMIT);
	weir_buf_append_slice(&out, line);
	weir_buf_append_byte(&out, '\n');
	weir_http_response_write(self->response, weir_buf_slice(&out));
	weir_buf_fini(&out);
	self->idle_count = 0;
	return true;
}

static bool on_idle(struct weir_print_sink *sink)
{
	struct print *self = (struct print *)sink;

	if (sink->wants_banner && ++self->idle_count % IDLE_CALLS == 0 && goes_on(self))
		weir_http_response_write(self->response, WEIR_SLICE("\n"));
	return goes_on(self);
}

static void count_prints(struct weir_server *server, int change)
{
	pthread_mutex_lock(&server->lock);
	server->print_count += change;
	pthread_mutex_unlock(&server->lock);
}

static void finish(struct print *self, bool ok, const struct weir_err *err)
{
	struct weir_buf out;

	if (!ok && !weir_http_response_is_begun(self->response)) {
		weir_refuse_query(self->response, err, weir_slice_of(self->sql));
		return;
	}
	if (!ok) {
		weir_buf_init(&out, 65536);
		weir_write_generic_error(&out, err);
		weir_http_response_write(self->response, weir_buf_slice(&out));
		weir_buf_fini(&out);
	}
	weir_http_response_end(self->response);
}

static void *run(void *arg)
{
	struct print *self = arg;
	struct weir_server *server = self->server;
	struct weir_err err = { 0 };

	bool ok = weir_engine_print(server->engine, &self->session, weir_slice_of(self->sql), &self->sink, &err);
	finish(self, ok, &err);
	weir_http_response_unref(self->response);
	weir_session_fini(&self->session);
	free(self->sql);
	free(self);
	count_prints(server, -1);
	return NULL;
}

static bool take_place(struct weir_server *server)
{
	pthread_mutex_lock(&server->lock);
	bool free_place = server->print_count < MAX_PRINTS && !server->is_closing;
	server->print_count += free_place;
	pthread_mutex_unlock(&server->lock);
	return free_place;
}

static void copy_session(struct weir_session *to, const struct weir_session *from, struct weir_server *server)
{
	weir_session_init(to, server->engine);
	weir_settings_copy(&to->properties, &from->properties);
	for (struct weir_map_entry *e = NULL; (e = weir_map_next(&from->variables, e));)
		weir_session_define(to, e->key, weir_slice_of(e->value));
}

void weir_print_start(struct weir_server *server, struct weir_http_response *response, const struct weir_session *session,
	struct weir_slice sql, bool wants_banner)
{
	struct weir_err err = { 0 };
	pthread_t thread;

	if (!take_place(server)) {
		weir_err_set(&err, WEIR_E_LIMIT, "%d topics are being printed already, which is the limit", MAX_PRINTS);
		weir_answer_error(response, &err);
		return;
	}
	struct print *self = weir_alloc_zero(sizeof *self);
	self->sink = (struct weir_print_sink){ .begin = on_begin, .line = on_line, .idle = on_idle, .wants_banner = wants_banner };
	self->server = server;
	self->response = weir_http_response_ref(response);
	copy_session(&self->session, session, server);
	self->sql = weir_alloc_zero(sql.len + 1);
	memcpy(self->sql, sql.ptr, sql.len);
	if (pthread_create(&thread, NULL, run, self) == 0)
		pthread_detach(thread);
	else
		run(self);
}

void weir_print_stop_all(struct weir_server *server)
{
	int count;

	do {
		pthread_mutex_lock(&server->lock);
		count = server->print_count;
		pthread_mutex_unlock(&server->lock);
		if (count)
			pause_ms(10);
	} while (count);
}
