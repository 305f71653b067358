/* The server: listening sockets, the I/O thread's loop, orderly stop. */
#include "http/server.h"

#include "base/memory.h"
#include "http/conn.h"
#include "http/listen.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#define EVENTS_PER_TURN 256
#define POSTS_PER_TURN  1024
/* Smallest addresses of epoll's data: listener indexes and the mailbox; connections are real pointers. */
#define MAX_LISTENERS 64

int64_t weir_http_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void set_default_i64(int64_t *value, int64_t fallback)
{
	if (*value <= 0)
		*value = fallback;
}

static void set_default_size(size_t *value, size_t fallback)
{
	if (*value == 0)
		*value = fallback;
}

static void set_defaults(struct weir_http_server_config *config)
{
	set_default_i64(&config->idle_timeout_ms, 86400000);
	set_default_i64(&config->header_timeout_ms, 10000);
	set_default_i64(&config->body_timeout_ms, 30000);
	set_default_size(&config->max_header_bytes, (size_t)64 << 10);
	set_default_size(&config->max_body_bytes, (size_t)32 << 20);
	set_default_size(&config->max_connections, 4096);
	if (config->max_streams == 0)
		config->max_streams = 256;
}

static bool watch(struct weir_http_server *server, int fd, uintptr_t tag)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u64 = tag };

	return epoll_ctl(server->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

static bool bind_listener(
	struct weir_http_server *server, const struct weir_http_listener *listener, size_t index, struct weir_err *err)
{
	struct weir_http_bound *bound = &server->bound[index];

	if (listener->tls && !(bound->tls = weir_http_tls_context_new(listener->tls, err)))
		return false;
	if (!weir_http_listen(listener->host, listener->port, &bound->fd, &bound->port, err))
		return false;
	bound->is_polled = watch(server, bound->fd, index + 1);
	return bound->is_polled || weir_err_set_errno(err, WEIR_E_IO, errno, "cannot watch a listening socket");
}

static bool open_all(struct weir_http_server *server, const struct weir_http_server_config *config, struct weir_err *err)
{
	server->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	server->mailbox = weir_http_mailbox_new();
	if (server->epoll_fd < 0 || !server->mailbox)
		return weir_err_set_errno(err, WEIR_E_IO, errno, "cannot create the HTTP server's event queue");
	if (!watch(server, server->mailbox->event_fd, 0))
		return weir_err_set_errno(err, WEIR_E_IO, errno, "cannot watch the HTTP server's mailbox");
	for (size_t i = 0; i < config->listener_count; i++)
		if (!bind_listener(server, &config->listeners[i], i, err))
			return false;
	return true;
}

bool weir_http_server_open(const struct weir_http_server_config *config, struct weir_http_server **ret_server, struct weir_err *err)
{
	assert(config->handler);
	if (config->listener_count == 0 || config->listener_count > MAX_LISTENERS)
		return weir_err_set(err, WEIR_E_USAGE, "the HTTP server needs 1 to %d listeners", MAX_LISTENERS);
	struct weir_http_server *server = weir_alloc_zero(sizeof *server);
	server->config = *config;
	server->config.listeners = NULL;
	set_defaults(&server->config);
	server->bound = weir_alloc_zero(config->listener_count * sizeof *server->bound);
	server->bound_count = config->listener_count;
	for (size_t i = 0; i < server->bound_count; i++)
		server->bound[i].fd = -1;
	server->epoll_fd = -1;
	server->now_us = weir_http_now_us();
	if (!open_all(server, config, err)) {
		weir_http_server_free(server);
		return false;
	}
	*ret_server = server;
	return true;
}

static void stop_listening(struct weir_http_server *server)
{
	for (size_t i = 0; i < server->bound_count; i++) {
		if (server->bound[i].fd >= 0)
			close(server->bound[i].fd);
		server->bound[i].fd = -1;
	}
}

/* While descriptors are short, listening sockets would wake the loop for nothing. */
static void pause_accepting(struct weir_http_server *server, bool paused)
{
	for (size_t i = 0; i < server->bound_count; i++) {
		struct weir_http_bound *bound = &server->bound[i];
		if (bound->fd < 0 || bound->is_polled != paused)
			continue;
		if (paused)
			epoll_ctl(server->epoll_fd, EPOLL_CTL_DEL, bound->fd, NULL);
		else
			watch(server, bound->fd, i + 1);
		bound->is_polled = !paused;
	}
}

/* Some at a time: writers who never pause must not keep the thread from its sockets. */
static void read_mailbox(struct weir_http_server *server)
{
	struct weir_http_response *response;

	for (int i = 0; i < POSTS_PER_TURN && (response = weir_http_mailbox_next(server->mailbox)); i++) {
		struct weir_http_conn *conn = response->conn;
		if (conn && conn->phase == WEIR_HTTP_H2)
			weir_http_h2_response_ready(conn, response);
		if (conn)
			weir_http_conn_settle(conn);
		weir_http_exchange_unref(response);
	}
}

static void handle_event(struct weir_http_server *server, const struct epoll_event *event)
{
	uint64_t tag = event->data.u64;

	if (tag == 0)
		return; /* the mailbox: read at the turn's end anyhow */
	if (tag <= server->bound_count) {
		if (server->bound[tag - 1].fd >= 0)
			weir_http_conn_accept(server, (size_t)tag - 1);
		return;
	}
	weir_http_conn_on_event(event->data.ptr, event->events);
}

static void tick(struct weir_http_server *server)
{
	server->ticked_us = server->now_us;
	if (server->accepts_paused) {
		server->accepts_paused = false;
		pause_accepting(server, false);
	}
	for (struct weir_http_conn *conn = server->conns, *next; conn; conn = next) {
		next = conn->next;
		weir_http_conn_tick(conn);
	}
}

static void begin_stop(struct weir_http_server *server)
{
	server->stop_deadline_us = server->now_us + atomic_load(&server->grace_ms) * 1000 + 1;
	stop_listening(server);
	for (struct weir_http_conn *conn = server->conns, *next; conn; conn = next) {
		next = conn->next;
		weir_http_conn_begin_stop(conn);
	}
}

/* Connections that only wait for the client's goodbye do not hold up a stop. */
static bool has_work(const struct weir_http_server *server)
{
	for (const struct weir_http_conn *conn = server->conns; conn; conn = conn->next)
		if (conn->phase != WEIR_HTTP_LINGER)
			return true;
	return false;
}

static bool is_stopped(const struct weir_http_server *server)
{
	return server->stop_deadline_us && (!has_work(server) || server->now_us >= server->stop_deadline_us);
}

static int sleep_ms(struct weir_http_server *server)
{
	if (!weir_http_mailbox_may_sleep(server->mailbox))
		return 0;
	bool needs_ticks = server->conns || server->accepts_paused || server->stop_deadline_us;
	return needs_ticks ? WEIR_HTTP_TICK_MS : -1;
}

static void run_turn(struct weir_http_server *server)
{
	struct epoll_event events[EVENTS_PER_TURN];
	int count = epoll_wait(server->epoll_fd, events, EVENTS_PER_TURN, sleep_ms(server));

	weir_http_mailbox_woke(server->mailbox);
	server->now_us = weir_http_now_us();
	for (int i = 0; i < count; i++)
		handle_event(server, &events[i]);
	if (server->accepts_paused)
		pause_accepting(server, true);
	read_mailbox(server);
	if (atomic_load(&server->is_stopping) && !server->stop_deadline_us)
		begin_stop(server);
	if (server->now_us - server->ticked_us >= WEIR_HTTP_TICK_MS * 1000)
		tick(server);
	weir_http_conn_bury(server);
}

static void *io_thread(void *arg)
{
	struct weir_http_server *server = arg;

	while (!is_stopped(server))
		run_turn(server);
	while (server->conns)
		weir_http_conn_kill(server->conns);
	weir_http_mailbox_close(server->mailbox);
	weir_http_conn_bury(server);
	return NULL;
}

bool weir_http_server_start(struct weir_http_server *server, struct weir_err *err)
{
	sigset_t all, old;

	assert(!server->is_started);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old); /* signals are the main thread's */
	int rc = pthread_create(&server->thread, NULL, io_thread, server);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (rc != 0)
		return weir_err_set_errno(err, WEIR_E_IO, rc, "cannot start the HTTP thread");
	pthread_setname_np(server->thread, "weir-http");
	server->is_started = true;
	return true;
}

uint16_t weir_http_server_port(const struct weir_http_server *server, size_t index)
{
	assert(index < server->bound_count);
	return server->bound[index].port;
}

void weir_http_server_stop(struct weir_http_server *server, int64_t grace_ms)
{
	if (!server->is_started)
		return;
	atomic_store(&server->grace_ms, grace_ms);
	atomic_store(&server->is_stopping, true);
	weir_http_mailbox_wake(server->mailbox);
	pthread_join(server->thread, NULL);
	server->is_started = false;
}

void weir_http_server_free(struct weir_http_server *server)
{
	if (!server)
		return;
	weir_http_server_stop(server, 0);
	stop_listening(server);
	for (size_t i = 0; i < server->bound_count; i++)
		weir_http_tls_context_free(server->bound[i].tls);
	if (server->epoll_fd >= 0)
		close(server->epoll_fd);
	weir_http_mailbox_unref(server->mailbox);
	free(server->bound);
	free(server);
}

struct weir_http_server_stats weir_http_server_stats(const struct weir_http_server *server)
{
	struct weir_http_server *self = (struct weir_http_server *)server;

	return (struct weir_http_server_stats){
		.connections = atomic_load(&self->conn_count),
		.exchanges = atomic_load(&self->exchange_count),
		.accepted_total = atomic_load(&self->accepted_total),
		.requests_total = atomic_load(&self->requests_total),
		.refused_total = atomic_load(&self->refused_total),
	};
}
