/* WebSockets: handshake, frames in every cut, pings, closing from both sides. */
#include "http/websocket.h"
#include "http/websocket_frame.h"
#include "unit/http/fixture.h"

#define HANDSHAKE                                                                                                                  \
	"GET /ws HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Version: 13\r\n"    \
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

struct state {
	struct weir_http_server *server;
	struct weir_websocket *_Atomic websocket;
	atomic_int closed;
};

static struct state shared;

static void echo(void *ctx, struct weir_websocket *websocket, struct weir_slice text)
{
	weir_websocket_send(websocket, text);
}

static void count_close(void *ctx, struct weir_websocket *websocket)
{
	atomic_fetch_add(&shared.closed, 1);
}

static void handle(void *ctx, const struct weir_http_request *request, struct weir_http_response *response)
{
	const char *reason;

	if (weir_websocket_is_asked(request, &reason))
		atomic_store(&shared.websocket,
			weir_websocket_accept(response, (struct weir_websocket_callbacks){ echo, count_close, NULL }));
	else
		weir_http_response_send(response, 400, "text/plain", weir_slice_of(reason));
}

static int set_up(void **state)
{
	struct weir_http_listener listener = { 0 };
	struct weir_http_server_config config = { .listeners = &listener, .listener_count = 1, .handler = handle };
	struct weir_err err;

	atomic_store(&shared.closed, 0);
	assert_true(weir_http_server_open(&config, &shared.server, &err) && weir_http_server_start(shared.server, &err));
	return 0;
}

static int tear_down(void **state)
{
	weir_http_server_free(shared.server);
	weir_websocket_unref(atomic_exchange(&shared.websocket, NULL));
	return 0;
}

static int connect_websocket(void)
{
	char answer[1024];
	int fd = dial(weir_http_server_port(shared.server, 0));

	say(fd, HANDSHAKE);
	hear_until(fd, answer, sizeof answer, "\r\n\r\n");
	assert_non_null(strstr(answer, "HTTP/1.1 101 "));
	assert_non_null(strstr(answer, "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
	EVENTUALLY(atomic_load(&shared.websocket));
	return fd;
}

/* A masked frame. */
static size_t make_frame(char *out, int first_byte, const char *text, size_t len)
{
	static const char mask[4] = { 1, 2, 3, 4 };
	size_t head = 2;

	out[0] = (char)first_byte;
	out[1] = (char)(0x80 | (len > 125 ? 126 : len));
	if (len > 125) {
		out[2] = (char)(len >> 8);
		out[3] = (char)len;
		head = 4;
	}
	memcpy(out + head, mask, 4);
	for (size_t i = 0; i < len; i++)
		out[head + 4 + i] = (char)(text[i] ^ mask[i % 4]);
	return head + 4 + len;
}

static void expect_bytes(int fd, const char *wanted, size_t len)
{
	char got[1024];
	size_t have = 0;

	while (have < len) {
		ssize_t n = recv(fd, got + have, len - have, 0);
		assert_true(n > 0);
		have += (size_t)n;
	}
	assert_memory_equal(got, wanted, len);
}

static void messages_come_and_go_in_any_cut(void **state)
{
	char frames[2048];
	int fd = connect_websocket();
	size_t len = make_frame(frames, 0x81, "hello", 5);

	len += make_frame(frames + len, 0x01, "he", 2);   /* a message in two frames … */
	len += make_frame(frames + len, 0x89, "ping", 4); /* … and a ping between */
	len += make_frame(frames + len, 0x80, "llo", 3);
	for (size_t i = 0; i < len; i++)
		assert_int_equal(send(fd, frames + i, 1, MSG_NOSIGNAL), 1);
	expect_bytes(fd, "\x81\x05hello\x8a\x04ping\x81\x05hello", 20);
	char big[300];
	memset(big, 'b', sizeof big);
	len = make_frame(frames, 0x81, big, sizeof big);
	assert_int_equal(send(fd, frames, len, MSG_NOSIGNAL), len);
	expect_bytes(fd,
		"\x81\x7e\x01\x2c"
		"bbbb",
		8);
	close(fd);
	EVENTUALLY(atomic_load(&shared.closed) == 1);
	weir_websocket_send(shared.websocket, WEIR_SLICE("into the void"));
}

static void the_server_closes_with_a_reason(void **state)
{
	int fd = connect_websocket();
	char reason[300];

	memset(reason, 'r', sizeof reason);
	weir_websocket_send(shared.websocket, WEIR_SLICE("x"));
	weir_websocket_close(shared.websocket, 1011, weir_slice_make(reason, sizeof reason));
	weir_websocket_close(shared.websocket, 1000, WEIR_SLICE("again"));
	weir_websocket_send(shared.websocket, WEIR_SLICE("late"));
	expect_bytes(fd, "\x81\x01x\x88\x7d\x03\xf3rrr", 10);
	char rest[256];
	hear_all(fd, rest, sizeof rest);
	assert_int_equal(strlen(rest), 120);
	assert_string_equal(rest + 117, "...");
	close(fd);
	EVENTUALLY(atomic_load(&shared.closed) == 1);
}

static void the_client_closes(void **state)
{
	int fd = connect_websocket();
	char frame[64];
	size_t len = make_frame(frame, 0x88, "\x03\xe8", 2);

	assert_int_equal(send(fd, frame, len, MSG_NOSIGNAL), len);
	expect_bytes(fd, "\x88\x02\x03\xe8", 4);
	assert_true(is_closed_by_peer(fd));
	close(fd);
	EVENTUALLY(atomic_load(&shared.closed) == 1);
}

static void bad_frames_end_the_connection(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *code;
	} cases[] = {
		{ "\x81\x05hello", 7, "\x03\xea" },                       /* not masked */
		{ "\xc1\x80\0\0\0\0", 6, "\x03\xea" },                    /* reserved bit */
		{ "\x83\x80\0\0\0\0", 6, "\x03\xea" },                    /* unknown opcode */
		{ "\x09\x80\0\0\0\0", 6, "\x03\xea" },                    /* a ping in pieces */
		{ "\x89\xfe\0\0\0\0\0\0", 8, "\x03\xea" },                /* a long ping */
		{ "\x81\xff\x7f\0\0\0\0\0\0\0\0\0\0\0", 14, "\x03\xf1" }, /* enormous */
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int fd = connect_websocket();
		char answer[256];
		assert_int_equal(send(fd, cases[i].bytes, cases[i].len, MSG_NOSIGNAL), cases[i].len);
		expect_bytes(fd, "\x88", 1);
		hear_all(fd, answer, sizeof answer);
		assert_memory_equal(answer + 1, cases[i].code, 2);
		close(fd);
		EVENTUALLY(atomic_load(&shared.closed) == (int)i + 1);
		weir_websocket_unref(atomic_exchange(&shared.websocket, NULL));
	}
}

static void a_plain_get_is_told_what_is_missing(void **state)
{
	char answer[1024];
	int fd = dial(weir_http_server_port(shared.server, 0));

	say(fd, "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
	hear_all(fd, answer, sizeof answer);
	assert_non_null(strstr(answer, "\"Connection\" header must be \"Upgrade\"."));
	close(fd);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(messages_come_and_go_in_any_cut),
		TEST(the_server_closes_with_a_reason),
		TEST(the_client_closes),
		TEST(bad_frames_end_the_connection),
		TEST(a_plain_get_is_told_what_is_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
