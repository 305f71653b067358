/* Life of a connection: accept, find out the protocol, read, send, wait, close. */
#include "http/conn.h"

#include "base/memory.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define LINGER_US        2000000
#define READS_PER_TURN   16
#define H1_AHEAD_BYTES   ((size_t)64 << 10)
#define IN_LIMIT_BYTES   ((size_t)8 << 20)
#define ACCEPTS_PER_TURN 64

static const char h2_preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

static void format_peer(const struct sockaddr_storage *address, char *text, size_t size)
{
	char host[INET6_ADDRSTRLEN] = "";

	if (address->ss_family == AF_INET) {
		const struct sockaddr_in *v4 = (const void *)address;
		inet_ntop(AF_INET, &v4->sin_addr, host, sizeof host);
		snprintf(text, size, "%s:%u", host, ntohs(v4->sin_port));
	} else if (address->ss_family == AF_INET6) {
		const struct sockaddr_in6 *v6 = (const void *)address;
		inet_ntop(AF_INET6, &v6->sin6_addr, host, sizeof host);
		snprintf(text, size, "[%s]:%u", host, ntohs(v6->sin6_port));
	}
}

static void enter(struct weir_http_conn *conn, enum weir_http_phase phase)
{
	conn->phase = phase;
	conn->phase_since_us = conn->server->now_us;
}

static bool start_tls(struct weir_http_conn *conn, struct ssl_ctx_st *context)
{
	conn->ssl = SSL_new(context);
	return conn->ssl && SSL_set_fd(conn->ssl, conn->fd) == 1;
}

static struct weir_http_conn *conn_new(struct weir_http_server *server, int fd, size_t listener)
{
	struct weir_http_conn *conn = weir_alloc_zero(sizeof *conn);

	conn->server = server;
	conn->fd = fd;
	conn->listener = listener;
	conn->active_us = server->now_us;
	weir_buf_init(&conn->in, IN_LIMIT_BYTES);
	weir_buf_init(&conn->out, WEIR_BUF_NO_LIMIT);
	conn->next = server->conns;
	if (server->conns)
		server->conns->prev = conn;
	server->conns = conn;
	atomic_fetch_add(&server->conn_count, 1);
	atomic_fetch_add(&server->accepted_total, 1);
	return conn;
}

static void refuse_socket(struct weir_http_server *server, int fd, bool is_tls)
{
	static const char answer[] = "HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain\r\ncontent-length: 40\r\n"
				     "connection: close\r\n\r\nThe server has too many connections now\n";

	atomic_fetch_add(&server->refused_total, 1);
	if (!is_tls)
		(void)!send(fd, answer, sizeof answer - 1, MSG_NOSIGNAL);
	close(fd);
}

static void adopt_socket(struct weir_http_server *server, int fd, size_t listener, const struct sockaddr_storage *address)
{
	struct ssl_ctx_st *tls = server->bound[listener].tls;

	if (atomic_load(&server->conn_count) >= server->config.max_connections) {
		refuse_socket(server, fd, tls != NULL);
		return;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	struct weir_http_conn *conn = conn_new(server, fd, listener);
	format_peer(address, conn->peer, sizeof conn->peer);
	enter(conn, tls ? WEIR_HTTP_TLS : WEIR_HTTP_DETECT);
	conn->events = EPOLLIN;
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = conn };
	if ((tls && !start_tls(conn, tls)) || epoll_ctl(server->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0)
		weir_http_conn_kill(conn);
}

void weir_http_conn_accept(struct weir_http_server *server, size_t listener)
{
	for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
		struct sockaddr_storage address = { 0 };
		socklen_t len = sizeof address;
		int fd = accept4(server->bound[listener].fd, (struct sockaddr *)&address, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0) {
			adopt_socket(server, fd, listener, &address);
			continue;
		}
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
			server->accepts_paused = true; /* until the next tick */
		if (errno != ECONNABORTED && errno != EINTR)
			return;
	}
}

void weir_http_conn_kill(struct weir_http_conn *conn)
{
	struct weir_http_server *server = conn->server;

	if (conn->is_dead)
		return;
	conn->is_dead = true;
	while (conn->exchanges)
		weir_http_exchange_close(conn->exchanges, false);
	conn->h1.current = NULL;
	weir_http_h2_close(conn);
	weir_http_transport_close(conn);
	if (conn->prev)
		conn->prev->next = conn->next;
	else
		server->conns = conn->next;
	if (conn->next)
		conn->next->prev = conn->prev;
	conn->prev = NULL;
	conn->next = server->graveyard;
	server->graveyard = conn;
	atomic_fetch_sub(&server->conn_count, 1);
}

void weir_http_conn_bury(struct weir_http_server *server)
{
	for (struct weir_http_conn *conn; (conn = server->graveyard);) {
		server->graveyard = conn->next;
		weir_buf_fini(&conn->in);
		weir_buf_fini(&conn->out);
		free(conn);
	}
}

static bool start_h2(struct weir_http_conn *conn)
{
	enter(conn, WEIR_HTTP_H2);
	if (weir_http_h2_start(conn))
		return true;
	weir_http_conn_kill(conn);
	return false;
}

/* The first bytes decide: HTTP/2's preface, or a request line. */
static void detect(struct weir_http_conn *conn)
{
	struct weir_slice in = weir_http_conn_in(conn);
	size_t preface_len = sizeof h2_preface - 1;
	size_t common = in.len < preface_len ? in.len : preface_len;

	if (common == 0)
		return;
	if (memcmp(in.ptr, h2_preface, common) != 0)
		enter(conn, WEIR_HTTP_H1);
	else if (in.len >= preface_len)
		start_h2(conn);
}

static void compact(struct weir_http_conn *conn)
{
	if (conn->in_at == 0)
		return;
	memmove(conn->in.data, conn->in.data + conn->in_at, conn->in.len - conn->in_at);
	conn->in.len -= conn->in_at;
	conn->in_at = 0;
}

static void handle_input(struct weir_http_conn *conn)
{
	if (conn->phase == WEIR_HTTP_DETECT)
		detect(conn);
	if (conn->is_dead)
		return;
	if (conn->phase == WEIR_HTTP_H1)
		weir_http_h1_input(conn);
	else if (conn->phase == WEIR_HTTP_H2)
		weir_http_h2_input(conn);
	else if (conn->phase == WEIR_HTTP_LINGER)
		conn->in_at = conn->in.len;
	if (!conn->is_dead)
		compact(conn);
}

static bool wants_input(const struct weir_http_conn *conn)
{
	if (conn->peer_eof)
		return false;
	if (conn->phase == WEIR_HTTP_H1)
		return !conn->closes_after_flush && weir_http_h1_wants_input(conn) &&
		       conn->in.len - conn->in_at < H1_AHEAD_BYTES * 2;
	if (conn->phase == WEIR_HTTP_H2)
		return weir_http_conn_out_bytes(conn) < WEIR_HTTP_OUT_AHEAD_BYTES * 4;
	return true;
}

static bool read_once(struct weir_http_conn *conn)
{
	size_t got = 0;

	if (!weir_buf_reserve(&conn->in, WEIR_HTTP_READ_BYTES)) {
		weir_http_conn_kill(conn);
		return false;
	}
	switch (weir_http_transport_read(conn, conn->in.data + conn->in.len, WEIR_HTTP_READ_BYTES, &got)) {
	case WEIR_HTTP_IO_OK:
		conn->in.len += got;
		conn->active_us = conn->server->now_us;
		handle_input(conn);
		return !conn->is_dead;
	case WEIR_HTTP_IO_AGAIN:
		return false;
	case WEIR_HTTP_IO_EOF:
		conn->peer_eof = true;
		return false;
	case WEIR_HTTP_IO_ERROR:
		weir_http_conn_kill(conn);
		return false;
	}
	return false;
}

static void read_some(struct weir_http_conn *conn)
{
	conn->reads_again = false;
	for (int i = 0; i < READS_PER_TURN; i++) {
		if (!wants_input(conn)) {
			conn->reads_again = conn->ssl != NULL; /* OpenSSL may hold bytes that epoll does not know of */
			return;
		}
		if (!read_once(conn))
			return;
	}
	conn->reads_again = conn->ssl != NULL;
}

static void handshake(struct weir_http_conn *conn)
{
	switch (weir_http_transport_handshake(conn)) {
	case WEIR_HTTP_IO_OK:
		if (weir_http_transport_is_h2(conn))
			start_h2(conn);
		else
			enter(conn, WEIR_HTTP_DETECT);
		return;
	case WEIR_HTTP_IO_AGAIN:
		return;
	default:
		weir_http_conn_kill(conn);
	}
}

/* False when the socket takes no more now. */
static bool flush(struct weir_http_conn *conn)
{
	while (weir_http_conn_out_bytes(conn)) {
		size_t written = 0;
		enum weir_http_io io =
			weir_http_transport_write(conn, conn->out.data + conn->out_at, weir_http_conn_out_bytes(conn), &written);
		if (io == WEIR_HTTP_IO_AGAIN)
			return false;
		if (io != WEIR_HTTP_IO_OK) {
			weir_http_conn_kill(conn);
			return false;
		}
		conn->out_at += written;
		conn->active_us = conn->server->now_us;
	}
	weir_buf_reset(&conn->out);
	conn->out_at = 0;
	return true;
}

static bool pump(struct weir_http_conn *conn)
{
	if (conn->out_at > WEIR_HTTP_OUT_AHEAD_BYTES) { /* so that a slow reader's buffer does not creep upwards */
		memmove(conn->out.data, conn->out.data + conn->out_at, weir_http_conn_out_bytes(conn));
		conn->out.len -= conn->out_at;
		conn->out_at = 0;
	}
	if (conn->phase == WEIR_HTTP_H1)
		return weir_http_h1_pump(conn);
	if (conn->phase == WEIR_HTTP_H2)
		return weir_http_h2_pump(conn);
	return false;
}

/* The client has sent its last byte: what may still be answered, and what is an end? */
static void judge_eof(struct weir_http_conn *conn)
{
	if (!conn->peer_eof || conn->is_dead)
		return;
	if (conn->phase != WEIR_HTTP_H1) {
		weir_http_conn_kill(conn);
		return;
	}
	struct weir_http_response *current = conn->h1.current;
	if (!current) {
		conn->closes_after_flush = true;
		return;
	}
	struct weir_http_progress progress = weir_http_exchange_progress(current);
	if (!current->is_body_complete || (progress.status && !progress.is_ended))
		weir_http_conn_kill(conn);
}

/* All is sent: says so, and waits a little for the client's end, so that no reset overtakes the answer. */
static void begin_linger(struct weir_http_conn *conn)
{
	if (conn->peer_eof) {
		weir_http_conn_kill(conn);
		return;
	}
	weir_http_transport_shutdown(conn);
	enter(conn, WEIR_HTTP_LINGER);
	conn->closes_after_flush = false;
	conn->in_at = conn->in.len = 0;
}

static void update_events(struct weir_http_conn *conn)
{
	bool reads = wants_input(conn);
	uint32_t events = (reads ? EPOLLIN : EPOLLRDHUP);

	if (conn->peer_eof)
		events = 0;
	if (weir_http_conn_out_bytes(conn) || conn->tls_wants_write)
		events |= EPOLLOUT;
	if (events == conn->events)
		return;
	struct epoll_event event = { .events = events, .data.ptr = conn };
	conn->events = events;
	if (epoll_ctl(conn->server->epoll_fd, EPOLL_CTL_MOD, conn->fd, &event) != 0)
		weir_http_conn_kill(conn);
}

void weir_http_conn_settle(struct weir_http_conn *conn)
{
	for (;;) {
		if (conn->is_dead)
			return;
		bool did = pump(conn);
		if (conn->is_dead)
			return;
		did |= weir_http_conn_out_bytes(conn) > 0; /* what goes out makes room for more */
		if (!flush(conn))
			break;
		if (!did && conn->reads_again && wants_input(conn)) {
			read_some(conn);
			did = true;
		}
		if (!did)
			break;
	}
	judge_eof(conn);
	if (!conn->is_dead && conn->closes_after_flush && weir_http_conn_out_bytes(conn) == 0)
		begin_linger(conn);
	if (!conn->is_dead)
		update_events(conn);
}

void weir_http_conn_on_event(struct weir_http_conn *conn, uint32_t events)
{
	if (conn->is_dead)
		return;
	bool is_gone = events & (EPOLLERR | EPOLLHUP) || (events & EPOLLRDHUP && !(conn->events & EPOLLIN));
	if (is_gone && !(events & EPOLLIN)) {
		weir_http_conn_kill(conn);
		return;
	}
	conn->tls_wants_write = false;
	if (conn->phase == WEIR_HTTP_TLS)
		handshake(conn);
	if (!conn->is_dead && conn->phase != WEIR_HTTP_TLS)
		read_some(conn);
	weir_http_conn_settle(conn);
}

void weir_http_conn_tick(struct weir_http_conn *conn)
{
	struct weir_http_server_config *config = &conn->server->config;
	int64_t now = conn->server->now_us;

	switch (conn->phase) {
	case WEIR_HTTP_TLS:
	case WEIR_HTTP_DETECT:
		if (now - conn->phase_since_us > config->header_timeout_ms * 1000)
			weir_http_conn_kill(conn);
		break;
	case WEIR_HTTP_LINGER:
		if (now - conn->phase_since_us > LINGER_US)
			weir_http_conn_kill(conn);
		break;
	case WEIR_HTTP_H1:
		weir_http_h1_tick(conn);
		break;
	case WEIR_HTTP_H2:
		weir_http_h2_tick(conn);
		break;
	}
	if (!conn->is_dead && now - conn->active_us > config->idle_timeout_ms * 1000)
		weir_http_conn_kill(conn);
}

void weir_http_conn_begin_stop(struct weir_http_conn *conn)
{
	if (conn->phase == WEIR_HTTP_H2) {
		weir_http_h2_stop(conn);
		weir_http_conn_settle(conn);
	} else if (conn->phase != WEIR_HTTP_LINGER && !conn->h1.current) {
		conn->closes_after_flush = true;
		weir_http_conn_settle(conn);
	}
}
