/* The HTTP/1 parser: a table of heads and what becomes of them, chunked bodies in every cut. */
#include "base/buf.h"
#include "http/h1_parse.h"
#include "unit/http/cmocka_all.h"

struct head_case {
	const char *name, *text;
	int status; /* 0: accepted, -1: incomplete */
};

static const struct head_case head_cases[] = {
	{ "plain", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 0 },
	{ "1.0 without host", "GET / HTTP/1.0\r\n\r\n", 0 },
	{ "absolute target", "GET http://a/b?c HTTP/1.1\r\nHost: a\r\n\r\n", 0 },
	{ "options asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 0 },
	{ "empty value", "GET / HTTP/1.1\r\nHost: a\r\nX:\r\n\r\n", 0 },
	{ "utf-8 value", "GET / HTTP/1.1\r\nHost: a\r\nX: \xC3\xA4\r\n\r\n", 0 },
	{ "length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", 0 },
	{ "chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: CHUNKED\r\n\r\n", 0 },
	{ "incomplete", "GET / HTTP/1.1\r\nHost: a\r\n", -1 },
	{ "cut in CRLF", "GET / HTTP/1.1\r\nHost: a\r\n\r", -1 },
	{ "no host", "GET / HTTP/1.1\r\n\r\n", 400 },
	{ "two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400 },
	{ "bare LF", "GET / HTTP/1.1\nHost: a\n\n", 400 },
	{ "bare LF in the middle", "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", 400 },
	{ "bare CR in value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", 400 },
	{ "bare CR in request line", "GET /\r HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
	{ "folded", "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n", 400 },
	{ "first header folded", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400 },
	{ "blank before colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400 },
	{ "no colon", "GET / HTTP/1.1\r\nHost\r\n\r\n", 400 },
	{ "empty name", "GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n", 400 },
	{ "control in value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\x01\r\n\r\n", 400 },
	{ "two blanks", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
	{ "tab in request line", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
	{ "no version", "GET /\r\nHost: a\r\n\r\n", 400 },
	{ "lower-case version", "GET / http/1.1\r\nHost: a\r\n\r\n", 400 },
	{ "version 2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505 },
	{ "version 1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505 },
	{ "bad method", "G@T / HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
	{ "fragment", "GET /#a HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
	{ "relative target", "GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
	{ "connect", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
	{ "length and encoding", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400 },
	{ "two equal lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", 400 },
	{ "list of lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\n", 400 },
	{ "signed length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n", 400 },
	{ "negative length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n", 400 },
	{ "hex length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\n", 400 },
	{ "empty length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", 400 },
	{ "endless length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", 400 },
	{ "huge length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999999999999\r\n\r\n", 413 },
	{ "two encodings", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400 },
	{ "encoding list", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501 },
	{ "encoding identity", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n", 501 },
	{ "encoding in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400 },
	{ "unknown expectation", "POST / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", 417 },
};

static int parse(const char *text, size_t len, struct weir_h1_head *head, char *copy)
{
	struct weir_h1_scan scan = { 0 };
	struct weir_h1_refusal refusal = { 0 };
	size_t head_bytes = 0;
	enum weir_h1_result result = WEIR_H1_MORE;

	memcpy(copy, text, len);
	for (size_t have = 0; have <= len && result == WEIR_H1_MORE; have++) /* byte by byte */
		result = weir_h1_scan_head(&scan, weir_slice_make(copy, have), 65536, &head_bytes, &refusal);
	if (result == WEIR_H1_DONE && !weir_h1_parse_head(copy, head_bytes, head, &refusal))
		result = WEIR_H1_REFUSED;
	return result == WEIR_H1_DONE ? 0 : result == WEIR_H1_MORE ? -1 : refusal.status;
}

static void heads_are_accepted_or_refused_as_the_table_says(void **state)
{
	for (size_t i = 0; i < sizeof head_cases / sizeof *head_cases; i++) {
		struct weir_h1_head head;
		char copy[512];
		int status = parse(head_cases[i].text, strlen(head_cases[i].text), &head, copy);
		if (status != head_cases[i].status)
			fail_msg("%s: expected %d, got %d", head_cases[i].name, head_cases[i].status, status);
	}
}

static void a_head_is_taken_apart(void **state)
{
	static const char text[] = "POST /a/b?c=d&e HTTP/1.1\r\nHost:  x:1 \r\nConnection: foo, Upgrade\r\nUpgrade: h2c\r\n"
				   "EXPECT: 100-continue\r\nContent-Length: 12\r\n\r\n";
	struct weir_h1_head head;
	char copy[512];

	assert_int_equal(parse(text, sizeof text - 1, &head, copy), 0);
	assert_true(weir_slice_is(head.method, "POST"));
	assert_true(weir_slice_is(head.path, "/a/b"));
	assert_true(weir_slice_is(head.query, "c=d&e"));
	assert_true(weir_slice_is(head.host, "x:1"));
	assert_true(weir_slice_is(head.upgrade, "h2c"));
	assert_true(weir_slice_is(head.headers[3].name, "expect"));
	assert_true(head.expects_continue && head.keep_alive && !head.is_chunked);
	assert_int_equal(head.content_length, 12);
}

static void a_head_has_a_greatest_size(void **state)
{
	struct weir_h1_scan scan = { 0 };
	struct weir_h1_refusal refusal;
	size_t head_bytes;
	char text[300];

	memset(text, 'a', sizeof text);
	assert_int_equal(weir_h1_scan_head(&scan, weir_slice_make(text, 300), 200, &head_bytes, &refusal), WEIR_H1_REFUSED);
	assert_int_equal(refusal.status, 414);
	memcpy(text, "GET / HTTP/1.1\r\n", 16);
	scan = (struct weir_h1_scan){ 0 };
	assert_int_equal(weir_h1_scan_head(&scan, weir_slice_make(text, 300), 200, &head_bytes, &refusal), WEIR_H1_REFUSED);
	assert_int_equal(refusal.status, 431);
}

/* The body, or the refusing status as text, when the input arrives `step` bytes at a time. */
static void decode(const char *text, size_t step, struct weir_buf *out)
{
	struct weir_h1_chunked chunked = { 0 };
	struct weir_h1_refusal refusal;
	struct weir_slice piece;
	size_t at = 0, have = 0, taken, len = strlen(text);

	weir_buf_reset(out);
	for (;;) {
		enum weir_h1_result result =
			weir_h1_chunked_next(&chunked, weir_slice_make(text + at, have - at), &taken, &piece, &refusal);
		if (result == WEIR_H1_REFUSED) {
			weir_buf_reset(out);
			weir_buf_append_i64(out, refusal.status);
			return;
		}
		weir_buf_append_slice(out, piece);
		at += taken;
		if (result == WEIR_H1_DONE) {
			weir_buf_append_byte(out, '.');
			return;
		}
		if (taken)
			continue;
		if (have == len)
			return;
		have = have + step < len ? have + step : len;
	}
}

static void chunked_bodies_are_decoded_in_every_cut(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{ "3\r\nabc\r\n0\r\n\r\n", "abc." },
		{ "3;x=y\r\nabc\r\n0A\r\n0123456789\r\n000\r\nTrailer: x\r\n\r\n", "abc0123456789." },
		{ "0\r\n\r\n", "." },
		{ "5\r\nabc", "abc" },
		{ "3\r\nabcd\r\n", "400" },
		{ "3\nabc\r\n", "400" },
		{ "-3\r\nabc\r\n", "400" },
		{ "0x3\r\nabc\r\n", "400" },
		{ " 3\r\nabc\r\n", "400" },
		{ "\r\n", "400" },
		{ "3 x\r\nabc\r\n", "400" },
		{ "FFFFFFFFFFFFFFFF\r\n", "400" },
		{ "3;\x01\r\n", "400" },
		{ "0\r\nbad trailer\r\n\r\n", "400" },
		{ "0\r\n folded: x\r\n\r\n", "400" },
		{ "3\r\nabc\rX", "400" },
	};
	struct weir_buf out;

	weir_buf_init(&out, 1000);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		for (size_t step = 1; step < 40; step++) {
			decode(cases[i].text, step, &out);
			assert_string_equal(weir_buf_cstr(&out), cases[i].expected);
		}
	weir_buf_fini(&out);
}

static void queries_and_paths_are_decoded(void **state)
{
	struct weir_arena arena;
	struct weir_slice value = { 0 }, segment, rest = WEIR_SLICE("//a/b%2Fc/");
	struct weir_http_request request = { .query = WEIR_SLICE("a=1&b=x%20y+z&%63=&d=%zz") };

	weir_arena_init(&arena, 256);
	assert_true(weir_http_request_query_param(&request, &arena, "b", &value));
	assert_true(weir_slice_is(value, "x y z"));
	assert_true(weir_http_request_query_param(&request, &arena, "c", &value));
	assert_int_equal(value.len, 0);
	assert_false(weir_http_request_query_param(&request, &arena, "d", &value));
	assert_false(weir_http_request_query_param(&request, &arena, "e", &value));
	assert_true(weir_http_path_next(&rest, &segment) && weir_slice_is(segment, "a"));
	assert_true(weir_http_path_next(&rest, &segment) && weir_slice_is(segment, "b%2Fc"));
	assert_false(weir_http_path_next(&rest, &segment));
	weir_arena_fini(&arena);
}

static void basic_credentials_are_decoded(void **state)
{
	struct weir_arena arena;
	struct weir_slice user = { 0 }, password = { 0 };
	struct weir_http_header header = { .name = WEIR_SLICE("authorization"), .value = WEIR_SLICE("Basic dTpwOnc= ") };
	struct weir_http_request request = { .headers = &header, .header_count = 1 };

	weir_arena_init(&arena, 256);
	assert_true(weir_http_request_basic_auth(&request, &arena, &user, &password));
	assert_true(weir_slice_is(user, "u") && weir_slice_is(password, "p:w"));
	header.value = WEIR_SLICE("Basic !!!!");
	assert_false(weir_http_request_basic_auth(&request, &arena, &user, &password));
	header.value = WEIR_SLICE("Bearer dTpw");
	assert_false(weir_http_request_basic_auth(&request, &arena, &user, &password));
	weir_arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heads_are_accepted_or_refused_as_the_table_says),
		cmocka_unit_test(a_head_is_taken_apart),
		cmocka_unit_test(a_head_has_a_greatest_size),
		cmocka_unit_test(chunked_bodies_are_decoded_in_every_cut),
		cmocka_unit_test(queries_and_paths_are_decoded),
		cmocka_unit_test(basic_credentials_are_decoded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
