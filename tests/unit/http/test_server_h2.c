/* The server over HTTP/2: prior knowledge and upgrade, frames, windows, duplex bodies. */
#include "unit/http/h2_client.h"

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

static bool body_is(struct h2_stream *stream, const char *text)
{
	return weir_slice_is(weir_buf_slice(&stream->body), text);
}

static void prior_knowledge_is_understood_on_the_same_port(void **state)
{
	struct h2_client client;
	static struct h2_stream hello, echo, missing, none;

	h2_open(&client, fixture.port, false);
	h2_request(&client, &hello, "/hello", NULL, false);
	h2_request(&client, &echo, "/echo", "some body", true);
	h2_request(&client, &missing, "/nowhere", NULL, false);
	h2_request(&client, &none, "/none", NULL, false);
	H2_UNTIL(&client, hello.is_closed && echo.is_closed && missing.is_closed && none.is_closed);
	assert_int_equal(hello.status, 200);
	assert_true(body_is(&hello, "hello"));
	assert_true(body_is(&echo, "POST some body"));
	assert_int_equal(missing.status, 404);
	assert_int_equal(none.status, 500);
	weir_buf_fini(&hello.body), weir_buf_fini(&echo.body), weir_buf_fini(&missing.body), weir_buf_fini(&none.body);
	h2_close(&client);
}

static void one_write_is_one_data_frame(void **state)
{
	struct h2_client client;
	static struct h2_stream stream;
	static char big[40000];

	h2_open(&client, fixture.port, false);
	h2_request(&client, &stream, "/keep", NULL, false);
	struct weir_http_response *response = fixture_kept(&fixture);
	memset(big, 'b', sizeof big);
	weir_http_response_begin(response, 200, NULL, 0);
	for (size_t i = 1; i <= 100; i++)
		weir_http_response_write(response, weir_slice_make(big, i));
	weir_http_response_write(response, weir_slice_make(big, sizeof big));
	weir_http_response_write(response, weir_slice_make(big, 7));
	weir_http_response_end(response);
	weir_http_response_unref(response);
	H2_UNTIL(&client, stream.is_closed);
	assert_int_equal(stream.frame_count, 104);
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(stream.frame_sizes[i], i + 1);
	assert_int_equal(stream.frame_sizes[100], 16384);
	assert_int_equal(stream.frame_sizes[102], sizeof big - 2 * 16384);
	assert_int_equal(stream.frame_sizes[103], 7);
	weir_buf_fini(&stream.body);
	h2_close(&client);
}

static void a_short_window_delays_a_frame_but_does_not_split_it(void **state)
{
	struct h2_client client;
	static struct h2_stream stream;
	static char row[5000];

	h2_open(&client, fixture.port, true);
	h2_request(&client, &stream, "/keep", NULL, false);
	struct weir_http_response *response = fixture_kept(&fixture);
	weir_http_response_begin(response, 200, NULL, 0);
	for (int i = 0; i < 14; i++)
		weir_http_response_write(response, weir_slice_make(row, sizeof row));
	H2_UNTIL(&client, stream.frame_count == 13);
	nghttp2_session_consume(client.session, stream.id, 65000);
	h2_flush(&client);
	H2_UNTIL(&client, stream.frame_count == 14);
	assert_int_equal(stream.frame_sizes[13], 5000);
	weir_http_response_end(response);
	weir_http_response_unref(response);
	H2_UNTIL(&client, stream.is_closed);
	weir_buf_fini(&stream.body);
	h2_close(&client);
}

static void a_client_that_opens_its_window_only_when_it_is_used_up_is_not_stuck(void **state)
{
	struct h2_client client;
	static struct h2_stream stream;
	static char row[5000];

	h2_open(&client, fixture.port, true);
	h2_request(&client, &stream, "/keep", NULL, false);
	struct weir_http_response *response = fixture_kept(&fixture);
	weir_http_response_begin(response, 200, NULL, 0);
	for (int i = 0; i < 14; i++)
		weir_http_response_write(response, weir_slice_make(row, sizeof row));
	weir_http_response_end(response);
	weir_http_response_unref(response);
	H2_UNTIL(&client, stream.body.len == 65535);
	nghttp2_session_consume(client.session, stream.id, 65535);
	h2_flush(&client);
	H2_UNTIL(&client, stream.is_closed);
	assert_int_equal(stream.body.len, 70000);
	weir_buf_fini(&stream.body);
	h2_close(&client);
}

static void a_slow_stream_does_not_hold_up_another(void **state)
{
	struct h2_client client;
	static struct h2_stream slow, other;
	static char row[10000];

	h2_open(&client, fixture.port, true);
	/* connection window wide, stream windows narrow */
	nghttp2_session_set_local_window_size(client.session, 0, 0, 10000000);
	h2_flush(&client);
	h2_request(&client, &slow, "/keep", NULL, false);
	struct weir_http_response *response = fixture_kept(&fixture);
	weir_http_response_begin(response, 200, NULL, 0);
	for (int i = 0; i < 100; i++)
		weir_http_response_write(response, weir_slice_make(row, sizeof row));
	H2_UNTIL(&client, slow.body.len >= 60000);
	assert_true(weir_http_response_pending_bytes(response) > 900000);
	int drained = atomic_load(&fixture.drained_count); /* the first rows may have gone out at once */
	h2_request(&client, &other, "/hello", NULL, false);
	H2_UNTIL(&client, other.is_closed);
	assert_int_equal(atomic_load(&fixture.drained_count), drained);
	weir_http_response_end(response);
	for (size_t given = 0; !slow.is_closed;) {
		nghttp2_session_consume(client.session, slow.id, slow.body.len - given);
		given = slow.body.len;
		h2_flush(&client);
		assert_true(h2_step(&client, 10000));
	}
	assert_int_equal(slow.body.len, 1000000);
	assert_int_equal(atomic_load(&fixture.drained_count), drained + 1);
	weir_http_response_unref(response);
	weir_buf_fini(&slow.body), weir_buf_fini(&other.body);
	h2_close(&client);
}

static void bodies_flow_both_ways_at_once(void **state)
{
	struct h2_client client;
	static struct h2_stream stream;

	h2_open(&client, fixture.port, false);
	h2_request(&client, &stream, "/duplex", "first", false);
	H2_UNTIL(&client, body_is(&stream, "first"));
	h2_upload(&client, &stream, "second", false);
	H2_UNTIL(&client, body_is(&stream, "firstsecond"));
	h2_upload(&client, &stream, "third", true);
	H2_UNTIL(&client, stream.is_closed);
	assert_true(body_is(&stream, "firstsecondthirdbye"));
	weir_buf_fini(&stream.body);
	h2_close(&client);
}

static void an_untaken_body_closes_the_window(void **state)
{
	struct h2_client client;
	static struct h2_stream stream;
	struct weir_buf big;

	weir_buf_init(&big, WEIR_BUF_NO_LIMIT);
	for (int i = 0; i < 1000000; i++)
		weir_buf_append_byte(&big, 'u');
	atomic_store(&fixture.holds_body, true);
	atomic_store(&fixture.body_bytes, 0);
	h2_open(&client, fixture.port, false);
	h2_request(&client, &stream, "/duplex", weir_buf_cstr(&big), true);
	while (h2_step(&client, 300)) {
	}
	assert_int_equal(atomic_load(&fixture.body_bytes), 256 << 10);
	atomic_store(&fixture.holds_body, false);
	weir_buf_fini(&stream.body);
	weir_buf_fini(&big);
	h2_close(&client);
}

static void a_reset_stream_is_a_client_that_has_gone(void **state)
{
	struct h2_client client;
	static struct h2_stream stream, other;

	atomic_store(&fixture.closed_count, 0);
	h2_open(&client, fixture.port, false);
	h2_request(&client, &stream, "/keep", NULL, false);
	struct weir_http_response *response = fixture_kept(&fixture);
	weir_http_response_begin(response, 200, NULL, 0);
	nghttp2_submit_rst_stream(client.session, 0, stream.id, NGHTTP2_CANCEL);
	h2_flush(&client);
	EVENTUALLY(weir_http_response_is_closed(response));
	EVENTUALLY(atomic_load(&fixture.closed_count) == 1);
	weir_http_response_write(response, WEIR_SLICE("x"));
	weir_http_response_unref(response);
	h2_request(&client, &other, "/hello", NULL, false); /* the connection lives on */
	H2_UNTIL(&client, other.is_closed);
	weir_buf_fini(&stream.body), weir_buf_fini(&other.body);
	h2_close(&client);
}

static void aborts_and_oversize_are_told_apart(void **state)
{
	struct h2_client client;
	static struct h2_stream aborted, large;
	struct weir_buf big;

	weir_buf_init(&big, WEIR_BUF_NO_LIMIT);
	for (int i = 0; i < 150000; i++)
		weir_buf_append_byte(&big, 'u');
	h2_open(&client, fixture.port, false);
	h2_request(&client, &aborted, "/abort", NULL, false);
	H2_UNTIL(&client, aborted.is_closed);
	assert_int_equal(aborted.close_code, NGHTTP2_INTERNAL_ERROR);
	h2_request(&client, &large, "/echo", weir_buf_cstr(&big), true);
	H2_UNTIL(&client, large.is_closed);
	assert_int_equal(large.status, 413);
	weir_buf_fini(&big), weir_buf_fini(&aborted.body), weir_buf_fini(&large.body);
	h2_close(&client);
}

static void a_hundred_streams_share_a_connection(void **state)
{
	enum { COUNT = 100 };
	struct h2_client client;
	static struct h2_stream streams[COUNT];

	h2_open(&client, fixture.port, false);
	for (int i = 0; i < COUNT; i++)
		h2_request(&client, &streams[i], "/stream", NULL, false);
	for (int i = 0; i < COUNT; i++) {
		H2_UNTIL(&client, streams[i].is_closed);
		assert_int_equal(streams[i].frame_count, 3);
		assert_true(body_is(&streams[i], "row 0\nrow 1\nrow 2\n"));
		weir_buf_fini(&streams[i].body);
	}
	h2_close(&client);
}

static void upgrade_h2c_answers_on_stream_1(void **state)
{
	int fd = dial(fixture.port);
	char bytes[4096];
	size_t len = 0;

	say(fd, "POST /echo HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
		"HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\nContent-Length: 3\r\n\r\nabc");
	say(fd, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
	send(fd, "\0\0\0\4\0\0\0\0\0", 9, MSG_NOSIGNAL); /* empty SETTINGS */
	while (!memmem(bytes, len, "POST abc", 8)) {
		ssize_t n = recv(fd, bytes + len, sizeof bytes - len, 0);
		assert_true(n > 0);
		len += (size_t)n;
	}
	assert_int_equal(strncmp(bytes, "HTTP/1.1 101 ", 13), 0);
	close(fd);
}

static void garbage_after_the_preface_ends_the_connection(void **state)
{
	int fd = dial(fixture.port);
	char bytes[4096];

	say(fd, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nthis is not a frame at all, is it?");
	hear_all(fd, bytes, sizeof bytes);
	close(fd);
	EVENTUALLY(weir_http_server_stats(fixture.server).exchanges == 0);
}

static void *stop_with_grace(void *arg)
{
	weir_http_server_stop(((struct fixture *)arg)->server, 5000);
	return NULL;
}

static void a_graceful_stop_says_goaway_and_finishes_streams(void **state)
{
	struct fixture other;
	struct h2_client client;
	static struct h2_stream stream;
	pthread_t stopper;

	fixture_start(&other, (struct weir_http_server_config){ 0 });
	h2_open(&client, other.port, false);
	h2_request(&client, &stream, "/keep", NULL, false);
	struct weir_http_response *response = fixture_kept(&other);
	pthread_create(&stopper, NULL, stop_with_grace, &other);
	H2_UNTIL(&client, client.got_goaway);
	weir_http_response_send(response, 200, NULL, WEIR_SLICE("at last"));
	weir_http_response_unref(response);
	H2_UNTIL(&client, stream.is_closed);
	assert_true(body_is(&stream, "at last"));
	pthread_join(stopper, NULL);
	fixture_stop(&other);
	weir_buf_fini(&stream.body);
	h2_close(&client);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prior_knowledge_is_understood_on_the_same_port),
		cmocka_unit_test(one_write_is_one_data_frame),
		cmocka_unit_test(a_short_window_delays_a_frame_but_does_not_split_it),
		cmocka_unit_test(a_client_that_opens_its_window_only_when_it_is_used_up_is_not_stuck),
		cmocka_unit_test(a_slow_stream_does_not_hold_up_another),
		cmocka_unit_test(bodies_flow_both_ways_at_once),
		cmocka_unit_test(an_untaken_body_closes_the_window),
		cmocka_unit_test(a_reset_stream_is_a_client_that_has_gone),
		cmocka_unit_test(aborts_and_oversize_are_told_apart),
		cmocka_unit_test(a_hundred_streams_share_a_connection),
		cmocka_unit_test(upgrade_h2c_answers_on_stream_1),
		cmocka_unit_test(garbage_after_the_preface_ends_the_connection),
		cmocka_unit_test(a_graceful_stop_says_goaway_and_finishes_streams),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
