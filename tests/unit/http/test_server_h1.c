/* The server over HTTP/1, with raw sockets. */
#include "unit/http/fixture.h"

static struct fixture fixture;

static int set_up(void **state)
{
	fixture_start(&fixture, (struct weir_http_server_config){ .max_header_bytes = 4096, .max_body_bytes = 100000 });
	return 0;
}

static int tear_down(void **state)
{
	fixture_stop(&fixture);
	return 0;
}

/* Sends, and returns all of the answer until the server closes. */
static void talk(const char *request, char *answer, size_t size)
{
	int fd = dial(fixture.port);

	say(fd, request);
	hear_all(fd, answer, size);
	close(fd);
}

static void a_get_is_answered_and_the_connection_kept(void **state)
{
	char answer[4096];
	int fd = dial(fixture.port);

	for (int i = 0; i < 3; i++) {
		say(fd, "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
		hear_until(fd, answer, sizeof answer, "hello");
		assert_string_equal(answer, "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 5\r\n\r\nhello");
	}
	close(fd);
}

static void http_1_0_closes_unless_asked_not_to(void **state)
{
	char answer[4096];

	talk("GET /hello HTTP/1.0\r\n\r\n", answer, sizeof answer);
	assert_non_null(strstr(answer, "connection: close"));
	talk("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", answer, sizeof answer);
	assert_non_null(strstr(answer, "\r\n\r\nrow 0\nrow 1\nrow 2\n"));
	int fd = dial(fixture.port);
	say(fd, "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
	hear_until(fd, answer, sizeof answer, "hello");
	assert_non_null(strstr(answer, "connection: keep-alive"));
	close(fd);
}

static void one_write_is_one_chunk(void **state)
{
	char answer[4096];

	talk("GET /stream HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", answer, sizeof answer);
	assert_non_null(strstr(answer, "transfer-encoding: chunked\r\n"));
	assert_non_null(strstr(answer, "\r\n\r\n6\r\nrow 0\n\r\n6\r\nrow 1\n\r\n6\r\nrow 2\n\r\n0\r\n\r\n"));
}

static void pipelined_requests_are_answered_in_order(void **state)
{
	char answer[16384];
	struct weir_buf all;

	weir_buf_init(&all, WEIR_BUF_NO_LIMIT);
	for (int i = 0; i < 20; i++)
		weir_buf_printf(&all, "%s /%s HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n%s\r\n%03d", "POST",
			i % 3 ? "echo" : "stream", i == 19 ? "Connection: close\r\n" : "", i);
	talk(weir_buf_cstr(&all), answer, sizeof answer);
	const char *at = answer;
	for (int i = 0; i < 20; i++) {
		char wanted[16];
		snprintf(wanted, sizeof wanted, i % 3 ? "POST %03d" : "row 2", i);
		at = strstr(at, wanted);
		if (!at)
			fail_msg("answer %d is missing or out of order: %s", i, answer);
	}
	weir_buf_fini(&all);
}

static void a_chunked_body_is_put_together(void **state)
{
	char answer[4096];

	talk("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
	     "3\r\nabc\r\n4;e=1\r\ndefg\r\n0\r\nT: x\r\n\r\n",
		answer, sizeof answer);
	assert_non_null(strstr(answer, "POST abcdefg"));
}

static void a_body_may_come_byte_by_byte(void **state)
{
	static const char request[] = "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
	char answer[4096];
	int fd = dial(fixture.port);

	for (size_t i = 0; i + 1 < sizeof request; i++)
		assert_int_equal(send(fd, request + i, 1, MSG_NOSIGNAL), 1);
	hear_until(fd, answer, sizeof answer, "POST abc");
	close(fd);
}

static void expect_100_continue_is_answered_first(void **state)
{
	char answer[4096];
	int fd = dial(fixture.port);

	say(fd, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
	hear_until(fd, answer, sizeof answer, "HTTP/1.1 100 Continue\r\n\r\n");
	say(fd, "ok");
	hear_until(fd, answer, sizeof answer, "POST ok");
	close(fd);
}

static void malformed_requests_are_refused_and_the_connection_closed(void **state)
{
	static const struct {
		const char *request, *status;
	} cases[] = {
		{ "GET / HTTP/1.1\r\n\r\n", " 400 " },
		{ "GET / HTTP/1.1\nHost: x\n\n", " 400 " },
		{ "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", " 400 " },
		{ "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx", " 400 " },
		{ "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", " 400 " },
		{ "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100001\r\n\r\n", " 413 " },
		{ "GET / HTTP/3.0\r\nHost: x\r\n\r\n", " 505 " },
		{ "\x16\x03\x01\x02\x01\r\n", " 400 " },
		{ "PRI * HTTP/1.1\r\nHost: x\r\n\r\n", " 400 " },
	};
	char answer[4096];

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		talk(cases[i].request, answer, sizeof answer);
		if (strncmp(answer, "HTTP/1.1", 8) != 0 || strncmp(answer + 8, cases[i].status, 5) != 0)
			fail_msg("case %zu: \"%s\"", i, answer);
		assert_non_null(strstr(answer, "connection: close"));
	}
}

static void too_large_heads_and_bodies_are_refused(void **state)
{
	char answer[4096];
	struct weir_buf request;

	weir_buf_init(&request, WEIR_BUF_NO_LIMIT);
	weir_buf_append_text(&request, "GET / HTTP/1.1\r\nHost: x\r\nX: ");
	for (int i = 0; i < 5000; i++)
		weir_buf_append_byte(&request, 'a');
	weir_buf_append_text(&request, "\r\n\r\n");
	talk(weir_buf_cstr(&request), answer, sizeof answer);
	assert_non_null(strstr(answer, "HTTP/1.1 431 "));
	weir_buf_reset(&request);
	weir_buf_append_text(&request, "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n18700\r\n");
	for (int i = 0; i < 100096; i++)
		weir_buf_append_byte(&request, 'a');
	talk(weir_buf_cstr(&request), answer, sizeof answer);
	assert_non_null(strstr(answer, "HTTP/1.1 413 "));
	weir_buf_fini(&request);
}

static void head_requests_get_no_body(void **state)
{
	char answer[4096];

	talk("HEAD /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", answer, sizeof answer);
	assert_non_null(strstr(answer, "content-length: 5\r\n"));
	assert_null(strstr(answer, "\r\n\r\nhello"));
	talk("HEAD /stream HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", answer, sizeof answer);
	assert_null(strstr(answer, "row"));
}

static void unknown_paths_and_methods_have_ready_answers(void **state)
{
	char answer[4096];

	talk("GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", answer, sizeof answer);
	assert_non_null(strstr(answer, "HTTP/1.1 404 Not Found"));
	talk("GET /post-only HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", answer, sizeof answer);
	assert_non_null(strstr(answer, "HTTP/1.1 405 "));
	assert_non_null(strstr(answer, "allow: POST\r\n"));
}

static void a_handler_that_forgets_to_answer_gives_a_500(void **state)
{
	char answer[4096];

	talk("GET /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", answer, sizeof answer);
	assert_non_null(strstr(answer, "HTTP/1.1 500 "));
}

static void an_aborted_answer_is_visibly_incomplete(void **state)
{
	char answer[4096];

	talk("GET /abort HTTP/1.1\r\nHost: x\r\n\r\n", answer, sizeof answer);
	assert_null(strstr(answer, "0\r\n\r\n"));
}

static void a_kept_handle_notices_that_the_client_has_gone(void **state)
{
	int fd = dial(fixture.port);
	char answer[4096];

	atomic_store(&fixture.closed_count, 0);
	atomic_store(&fixture.complete_count, 0);
	say(fd, "GET /keep HTTP/1.1\r\nHost: x\r\n\r\n");
	struct weir_http_response *response = fixture_kept(&fixture);
	assert_false(weir_http_response_is_begun(response));
	weir_http_response_begin(response, 200, NULL, 0);
	weir_http_response_write(response, WEIR_SLICE("first"));
	hear_until(fd, answer, sizeof answer, "first");
	assert_false(weir_http_response_is_closed(response));
	close(fd);
	EVENTUALLY(weir_http_response_is_closed(response));
	EVENTUALLY(atomic_load(&fixture.closed_count) == 1);
	assert_int_equal(atomic_load(&fixture.complete_count), 0);
	weir_http_response_write(response, WEIR_SLICE("into the void"));
	assert_true(weir_slice_is(weir_http_response_request(response)->path, "/keep"));
	weir_http_response_unref(response);
}

static void letting_go_of_a_begun_answer_cuts_the_connection(void **state)
{
	int fd = dial(fixture.port);
	char answer[4096];

	say(fd, "GET /keep HTTP/1.1\r\nHost: x\r\n\r\n");
	struct weir_http_response *response = fixture_kept(&fixture);
	weir_http_response_begin(response, 200, NULL, 0);
	weir_http_response_unref(response);
	hear_all(fd, answer, sizeof answer);
	assert_null(strstr(answer, "0\r\n\r\n"));
	close(fd);
}

static void a_slow_reader_makes_its_own_bytes_pile_up_and_drain(void **state)
{
	static char row[10000], sink[65536];
	int fd = dial(fixture.port);

	atomic_store(&fixture.drained_count, 0);
	memset(row, 'r', sizeof row);
	say(fd, "GET /keep HTTP/1.1\r\nHost: x\r\n\r\n");
	struct weir_http_response *response = fixture_kept(&fixture);
	weir_http_response_begin(response, 200, NULL, 0);
	size_t written = 0;
	while (weir_http_response_pending_bytes(response) < 2000000 && written < 200000000) {
		weir_http_response_write(response, weir_slice_make(row, sizeof row));
		written += sizeof row;
		if (written % 1000000 == 0)
			usleep(5000);
	}
	usleep(200000);
	assert_true(weir_http_response_pending_bytes(response) > 1000000);
	/* another client is served meanwhile */
	char answer[4096];
	talk("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", answer, sizeof answer);
	assert_non_null(strstr(answer, "hello"));
	assert_true(weir_http_response_pending_bytes(response) > 1000000);
	weir_http_response_end(response);
	weir_http_response_unref(response);
	size_t got = 0;
	for (ssize_t n; (n = recv(fd, sink, sizeof sink, 0)) > 0;) {
		got += (size_t)n;
		if (n >= 5 && memcmp(sink + n - 5, "0\r\n\r\n", 5) == 0)
			break;
	}
	assert_true(got > written);
	assert_true(atomic_load(&fixture.drained_count) >= 1);
	close(fd);
}

static void a_streamed_body_and_its_answer_flow_at_the_same_time(void **state)
{
	int fd = dial(fixture.port);
	char answer[4096];

	say(fd, "POST /duplex HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
	hear_until(fd, answer, sizeof answer, "5\r\nfirst\r\n");
	say(fd, "6\r\nsecond\r\n");
	hear_until(fd, answer, sizeof answer, "6\r\nsecond\r\n");
	say(fd, "0\r\n\r\n");
	hear_until(fd, answer, sizeof answer, "3\r\nbye\r\n0\r\n\r\n");
	close(fd);
}

static void an_untaken_streamed_body_slows_the_client(void **state)
{
	static char piece[65536];
	int fd = dial(fixture.port);

	atomic_store(&fixture.holds_body, true);
	atomic_store(&fixture.body_bytes, 0);
	say(fd, "POST /duplex HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n");
	size_t sent = 0;
	for (;;) {
		ssize_t n = send(fd, piece, sizeof piece, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n > 0) {
			sent += (size_t)n;
			continue;
		}
		struct pollfd poll_fd = { .fd = fd, .events = POLLOUT };
		if (poll(&poll_fd, 1, 300) == 0)
			break;
	}
	assert_true(sent < 50000000);
	assert_in_range(atomic_load(&fixture.body_bytes), 256 << 10, 400 << 10);
	atomic_store(&fixture.holds_body, false);
	close(fd);
}

static void many_connections_are_served_at_once(void **state)
{
	enum { COUNT = 400 };
	int fds[COUNT];
	char answer[4096];

	for (int i = 0; i < COUNT; i++) {
		fds[i] = dial(fixture.port);
		say(fds[i], "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
	}
	for (int i = 0; i < COUNT; i++)
		hear_until(fds[i], answer, sizeof answer, "0\r\n\r\n");
	assert_true(weir_http_server_stats(fixture.server).connections >= COUNT);
	for (int i = 0; i < COUNT; i++)
		close(fds[i]);
	EVENTUALLY(weir_http_server_stats(fixture.server).connections < 10);
	assert_int_equal(weir_http_server_stats(fixture.server).exchanges, 0);
}

static void a_half_closed_client_still_gets_its_answer(void **state)
{
	char answer[4096];
	int fd = dial(fixture.port);

	say(fd, "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
	shutdown(fd, SHUT_WR);
	hear_all(fd, answer, sizeof answer);
	assert_non_null(strstr(answer, "hello"));
	close(fd);
}

static void slow_headers_idle_connections_and_too_many_of_them_are_cut(void **state)
{
	struct fixture strict;
	char answer[4096];

	fixture_start(
		&strict, (struct weir_http_server_config){
				 .header_timeout_ms = 200, .body_timeout_ms = 200, .idle_timeout_ms = 600, .max_connections = 3 });
	int silent = dial(strict.port), slow = dial(strict.port), idle = dial(strict.port);
	EVENTUALLY(weir_http_server_stats(strict.server).connections == 3);
	int fourth = dial(strict.port);
	hear_all(fourth, answer, sizeof answer);
	assert_non_null(strstr(answer, " 503 "));
	say(slow, "GET / HTT");
	say(idle, "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
	hear_until(idle, answer, sizeof answer, "hello");
	assert_true(is_closed_by_peer(silent));
	hear_all(slow, answer, sizeof answer);
	assert_non_null(strstr(answer, " 408 "));
	int body = dial(strict.port);
	say(body, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab");
	hear_all(body, answer, sizeof answer);
	assert_non_null(strstr(answer, " 408 "));
	assert_true(is_closed_by_peer(idle));
	close(silent), close(slow), close(idle), close(fourth), close(body);
	fixture_stop(&strict);
}

static void *stop_with_grace(void *arg)
{
	weir_http_server_stop(((struct fixture *)arg)->server, 5000);
	return NULL;
}

static void a_graceful_stop_lets_answers_finish(void **state)
{
	struct fixture other;
	char answer[4096];
	pthread_t stopper;

	fixture_start(&other, (struct weir_http_server_config){ 0 });
	int busy = dial(other.port), idle = dial(other.port);
	say(idle, "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
	hear_until(idle, answer, sizeof answer, "hello");
	say(busy, "GET /keep HTTP/1.1\r\nHost: x\r\n\r\n");
	struct weir_http_response *response = fixture_kept(&other);
	pthread_create(&stopper, NULL, stop_with_grace, &other);
	assert_true(is_closed_by_peer(idle));
	weir_http_response_send(response, 200, NULL, WEIR_SLICE("at last"));
	hear_all(busy, answer, sizeof answer);
	assert_non_null(strstr(answer, "at last"));
	assert_non_null(strstr(answer, "connection: close"));
	pthread_join(stopper, NULL);
	fixture_stop(&other);
	assert_int_equal(atomic_load(&other.complete_count), 1);
	assert_true(weir_http_response_is_closed(response));
	weir_http_response_unref(response);
	close(busy), close(idle);
}

static void a_101_answer_opens_a_tunnel(void **state)
{
	int fd = dial(fixture.port);
	char answer[4096];
	struct weir_http_header headers[] = { { WEIR_SLICE("Connection"), WEIR_SLICE("Upgrade") },
		{ WEIR_SLICE("Upgrade"), WEIR_SLICE("websocket") } };

	atomic_store(&fixture.body_bytes, 0);
	say(fd, "GET /keep HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
	struct weir_http_response *response = fixture_kept(&fixture);
	weir_http_response_on_body(response, fixture_on_body, &fixture);
	weir_http_response_begin(response, 101, headers, 2);
	hear_until(fd, answer, sizeof answer, "upgrade: websocket\r\n\r\n");
	say(fd, "ping");
	hear_until(fd, answer, sizeof answer, "ping");
	weir_http_response_end(response);
	assert_true(is_closed_by_peer(fd));
	weir_http_response_unref(response);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_get_is_answered_and_the_connection_kept),
		cmocka_unit_test(http_1_0_closes_unless_asked_not_to),
		cmocka_unit_test(one_write_is_one_chunk),
		cmocka_unit_test(pipelined_requests_are_answered_in_order),
		cmocka_unit_test(a_chunked_body_is_put_together),
		cmocka_unit_test(a_body_may_come_byte_by_byte),
		cmocka_unit_test(expect_100_continue_is_answered_first),
		cmocka_unit_test(malformed_requests_are_refused_and_the_connection_closed),
		cmocka_unit_test(too_large_heads_and_bodies_are_refused),
		cmocka_unit_test(head_requests_get_no_body),
		cmocka_unit_test(unknown_paths_and_methods_have_ready_answers),
		cmocka_unit_test(a_handler_that_forgets_to_answer_gives_a_500),
		cmocka_unit_test(an_aborted_answer_is_visibly_incomplete),
		cmocka_unit_test(a_kept_handle_notices_that_the_client_has_gone),
		cmocka_unit_test(letting_go_of_a_begun_answer_cuts_the_connection),
		cmocka_unit_test(a_slow_reader_makes_its_own_bytes_pile_up_and_drain),
		cmocka_unit_test(a_streamed_body_and_its_answer_flow_at_the_same_time),
		cmocka_unit_test(an_untaken_streamed_body_slows_the_client),
		cmocka_unit_test(many_connections_are_served_at_once),
		cmocka_unit_test(a_half_closed_client_still_gets_its_answer),
		cmocka_unit_test(slow_headers_idle_connections_and_too_many_of_them_are_cut),
		cmocka_unit_test(a_graceful_stop_lets_answers_finish),
		cmocka_unit_test(a_101_answer_opens_a_tunnel),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
