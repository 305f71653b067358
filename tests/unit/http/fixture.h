/* A server for tests, with a handler that answers by path, and raw sockets to talk to it.
 *
 *   /hello           "hello"                          /echo      method, blank, body
 *   /stream          three writes from another thread /none      no answer at all
 *   /keep            the handle is kept in `kept`     /abort     begins, writes, aborts
 *   /duplex          streamed body: every piece is written back, at the end "bye"
 */
#pragma once

#include "base/buf.h"
#include "http/server.h"

#include "unit/http/cmocka_all.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct fixture {
	struct weir_http_server *server;
	uint16_t port;
	struct weir_http_response *_Atomic kept;
	atomic_int closed_count, complete_count, drained_count;
	atomic_size_t body_bytes;
	atomic_bool holds_body; /* /duplex does not give bytes back */
};

static inline void fixture_on_close(void *ctx, struct weir_http_response *response, bool complete)
{
	struct fixture *fixture = ctx;

	if (complete)
		atomic_fetch_add(&fixture->complete_count, 1);
	atomic_fetch_add(&fixture->closed_count, 1);
}

static inline void fixture_on_drain(void *ctx, struct weir_http_response *response)
{
	atomic_fetch_add(&((struct fixture *)ctx)->drained_count, 1);
}

static inline void *fixture_write_three(void *arg)
{
	struct weir_http_response *response = arg;
	struct weir_http_header header = { WEIR_SLICE("Content-Type"), WEIR_SLICE("text/plain") };

	weir_http_response_begin(response, 200, &header, 1);
	for (int i = 0; i < 3; i++) {
		char text[16];
		snprintf(text, sizeof text, "row %d\n", i);
		weir_http_response_write(response, weir_slice_of(text));
	}
	weir_http_response_end(response);
	weir_http_response_unref(response);
	return NULL;
}

static inline void fixture_on_body(void *ctx, struct weir_http_response *response, struct weir_slice piece, bool is_end)
{
	struct fixture *fixture = ctx;

	atomic_fetch_add(&fixture->body_bytes, piece.len);
	weir_http_response_write(response, piece);
	if (!atomic_load(&fixture->holds_body))
		weir_http_response_body_taken(response, piece.len);
	if (!is_end)
		return;
	weir_http_response_write(response, WEIR_SLICE("bye"));
	weir_http_response_end(response);
}

static inline void fixture_let_go(void *ctx, struct weir_http_response *response, bool complete)
{
	weir_http_response_unref(response);
}

static inline void fixture_echo(const struct weir_http_request *request, struct weir_http_response *response)
{
	struct weir_buf body;

	weir_buf_init(&body, WEIR_BUF_NO_LIMIT);
	weir_buf_append_slice(&body, request->method);
	weir_buf_append_byte(&body, ' ');
	weir_buf_append_slice(&body, request->body);
	weir_http_response_send(response, 200, "text/plain", weir_buf_slice(&body));
	weir_buf_fini(&body);
}

static inline void fixture_handle(void *ctx, const struct weir_http_request *request, struct weir_http_response *response)
{
	struct fixture *fixture = ctx;
	pthread_t thread;

	if (weir_slice_is(request->path, "/hello")) {
		weir_http_response_send(response, 200, "text/plain", WEIR_SLICE("hello"));
	} else if (weir_slice_is(request->path, "/echo")) {
		fixture_echo(request, response);
	} else if (weir_slice_is(request->path, "/stream")) {
		pthread_create(&thread, NULL, fixture_write_three, weir_http_response_ref(response));
		pthread_detach(thread);
	} else if (weir_slice_is(request->path, "/keep")) {
		weir_http_response_on_close(response, fixture_on_close, fixture);
		weir_http_response_on_drain(response, 1000, fixture_on_drain, fixture);
		atomic_store(&fixture->kept, weir_http_response_ref(response));
	} else if (weir_slice_is(request->path, "/abort")) {
		weir_http_response_begin(response, 200, NULL, 0);
		weir_http_response_write(response, WEIR_SLICE("half"));
		weir_http_response_abort(response);
	} else if (weir_slice_is(request->path, "/duplex")) {
		weir_http_response_on_close(weir_http_response_ref(response), fixture_let_go, NULL);
		weir_http_response_on_body(response, fixture_on_body, fixture);
		weir_http_response_begin(response, 200, NULL, 0);
	} else if (weir_slice_is(request->path, "/post-only")) {
		weir_http_response_send_not_allowed(response, "POST");
	} else if (!weir_slice_is(request->path, "/none")) {
		weir_http_response_send_not_found(response);
	}
}

static inline enum weir_http_body_mode fixture_choose_body(void *ctx, const struct weir_http_request *request)
{
	return weir_slice_is(request->path, "/duplex") ? WEIR_HTTP_BODY_STREAM : WEIR_HTTP_BODY_WHOLE;
}

static inline void fixture_start(struct fixture *fixture, struct weir_http_server_config config)
{
	struct weir_http_listener listener = { .tls = config.listeners ? config.listeners->tls : NULL };
	struct weir_err err;

	*fixture = (struct fixture){ 0 };
	config.listeners = &listener;
	config.listener_count = 1;
	config.handler = fixture_handle;
	config.choose_body = fixture_choose_body;
	config.ctx = fixture;
	if (!weir_http_server_open(&config, &fixture->server, &err) || !weir_http_server_start(fixture->server, &err))
		fail_msg("%s", err.text);
	fixture->port = weir_http_server_port(fixture->server, 0);
}

static inline void fixture_stop(struct fixture *fixture)
{
	weir_http_server_free(fixture->server);
}

/* Waits until the condition holds, at most 10 s. */
#define EVENTUALLY(condition)                                                                                                      \
	do {                                                                                                                       \
		for (int tries_ = 0; !(condition) && tries_ < 10000; tries_++)                                                     \
			usleep(1000);                                                                                              \
		assert_true(condition);                                                                                            \
	} while (0)

static inline struct weir_http_response *fixture_kept(struct fixture *fixture)
{
	EVENTUALLY(atomic_load(&fixture->kept));
	return atomic_exchange(&fixture->kept, NULL);
}

static inline int dial(uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){ .tv_sec = 10 }, sizeof(struct timeval));
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
	return fd;
}

static inline void say(int fd, const char *text)
{
	size_t len = strlen(text);

	assert_int_equal(send(fd, text, len, MSG_NOSIGNAL), (ssize_t)len);
}

/* Everything until the other side closes. */
static inline void hear_all(int fd, char *text, size_t size)
{
	size_t len = 0;
	ssize_t n;

	while (len + 1 < size && (n = recv(fd, text + len, size - 1 - len, 0)) > 0)
		len += (size_t)n;
	text[len] = '\0';
}

/* Until the text has come. */
static inline void hear_until(int fd, char *text, size_t size, const char *wanted)
{
	size_t len = 0;

	text[0] = '\0';
	while (!strstr(text, wanted)) {
		ssize_t n = recv(fd, text + len, size - 1 - len, 0);
		if (n <= 0)
			fail_msg("the server closed before \"%s\": got \"%s\"", wanted, text);
		len += (size_t)n;
		text[len] = '\0';
	}
}

static inline bool is_closed_by_peer(int fd)
{
	char byte;

	return recv(fd, &byte, 1, 0) <= 0;
}
