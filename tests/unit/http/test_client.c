/* The client against our own server: methods, errors, streams, cancelling; and TLS both ways with certificates made here. */
#include "http/client.h"
#include "unit/http/fixture.h"

static struct fixture fixture;
static struct weir_err err;

static int set_up(void **state)
{
	fixture_start(&fixture, (struct weir_http_server_config){ 0 });
	return 0;
}

static int tear_down(void **state)
{
	fixture_stop(&fixture);
	return 0;
}

static struct weir_http_client *client_new(struct weir_http_client_config config)
{
	struct weir_http_client *client = NULL;

	assert_true(weir_http_client_new(&config, &client, &err));
	return client;
}

static const char *url_of(const char *scheme, uint16_t port, const char *path)
{
	static char url[128];

	snprintf(url, sizeof url, "%s://localhost:%u%s", scheme, port, path);
	return url;
}

static const char *url(const char *path)
{
	return url_of("http", fixture.port, path);
}

/* The status; 0 on an error. */
static int call(struct weir_http_client *client, struct weir_http_call request, char *body, size_t size)
{
	struct weir_http_answer answer;

	if (!weir_http_client_call(client, &request, &answer, &err)) {
		print_message("%s\n", err.text);
		return 0;
	}
	snprintf(body, size, "%s", weir_buf_cstr(&answer.body));
	weir_http_answer_fini(&answer);
	return answer.status;
}

static void every_method_and_both_versions_work(void **state)
{
	char body[256];
	for (int h2 = 0; h2 < 2; h2++) {
		struct weir_http_client *client = client_new((struct weir_http_client_config){ .http2_prior_knowledge = h2 });
		assert_int_equal(call(client, (struct weir_http_call){ .url = url("/hello") }, body, sizeof body), 200);
		assert_string_equal(body, "hello");
		assert_int_equal(
			call(client, (struct weir_http_call){ .url = url("/echo"), .body = WEIR_SLICE("x=1") }, body, 256), 200);
		assert_string_equal(body, "POST x=1");
		assert_int_equal(
			call(client, (struct weir_http_call){ .url = url("/echo"), .method = "PUT", .body = WEIR_SLICE("x") }, body,
				256),
			200);
		assert_string_equal(body, "PUT x");
		assert_int_equal(call(client, (struct weir_http_call){ .url = url("/echo"), .method = "DELETE" }, body, 256), 200);
		assert_string_equal(body, "DELETE ");
		assert_int_equal(call(client, (struct weir_http_call){ .url = url("/hello"), .method = "HEAD" }, body, 256), 200);
		assert_int_equal(call(client, (struct weir_http_call){ .url = url("/nowhere") }, body, sizeof body), 404);
		weir_http_client_free(client);
	}
}

static void failures_of_transport_have_their_own_codes(void **state)
{
	char body[64];
	struct weir_http_client *client = client_new((struct weir_http_client_config){ .timeout_ms = 300, .max_body_bytes = 10 });

	assert_int_equal(call(client, (struct weir_http_call){ .url = "http://127.0.0.1:1/" }, body, 64), 0);
	assert_int_equal(err.code, WEIR_E_IO);
	assert_int_equal(call(client, (struct weir_http_call){ .url = "gopher://x/" }, body, 64), 0);
	assert_int_equal(err.code, WEIR_E_USAGE);
	assert_int_equal(call(client, (struct weir_http_call){ .url = url("/keep") }, body, 64), 0);
	assert_int_equal(err.code, WEIR_E_TIMEOUT);
	weir_http_response_unref(fixture_kept(&fixture));
	assert_int_equal(call(client, (struct weir_http_call){ .url = url("/stream") }, body, 64), 0);
	assert_int_equal(err.code, WEIR_E_LIMIT);
	weir_http_client_free(client);
}

struct collector {
	struct weir_http_client *client;
	struct weir_buf got;
	bool stops;
};

static bool collect(void *ctx, int status, struct weir_slice bytes)
{
	struct collector *collector = ctx;

	weir_buf_append_slice(&collector->got, bytes);
	return !collector->stops;
}

static void *cancel_soon(void *arg)
{
	usleep(100000);
	weir_http_client_cancel(arg);
	return NULL;
}

static void a_stream_is_received_piece_by_piece_and_can_be_cancelled(void **state)
{
	struct weir_http_client *client = client_new((struct weir_http_client_config){ .timeout_ms = -1 });
	struct collector collector = { .client = client };
	pthread_t canceller;
	char body[64];

	weir_buf_init(&collector.got, 1000);
	struct weir_http_call request = { .url = url("/stream"), .on_data = collect, .ctx = &collector };
	assert_int_equal(call(client, request, body, sizeof body), 200);
	assert_string_equal(weir_buf_cstr(&collector.got), "row 0\nrow 1\nrow 2\n");
	collector.stops = true;
	assert_int_equal(call(client, request, body, sizeof body), 0);
	assert_int_equal(err.code, WEIR_E_CANCELLED);
	request.url = url("/keep");
	pthread_create(&canceller, NULL, cancel_soon, client);
	assert_int_equal(call(client, request, body, sizeof body), 0);
	assert_int_equal(err.code, WEIR_E_CANCELLED);
	pthread_join(canceller, NULL);
	struct weir_http_response *response = fixture_kept(&fixture);
	weir_http_response_begin(response, 200, NULL, 0);
	EVENTUALLY(weir_http_response_is_closed(response));
	weir_http_response_unref(response);
	assert_int_equal(call(client, (struct weir_http_call){ .url = url("/hello") }, body, sizeof body), 200);
	weir_buf_fini(&collector.got);
	weir_http_client_free(client);
}

/* --- TLS --- */

static char folder[] = "/tmp/weir-http-XXXXXX";

static const char *file(const char *name)
{
	static char paths[8][64];
	static int next;
	char *path = paths[next++ % 8];

	snprintf(path, 64, "%s/%s", folder, name);
	return path;
}

static int make_certificates(void **state)
{
	char command[1024];

	assert_non_null(mkdtemp(folder));
	snprintf(command, sizeof command,
		"cd %s && exec 2>/dev/null && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout "
		"key.pem "
		"-out cert.pem -subj /CN=localhost -addext subjectAltName=DNS:localhost && openssl pkcs12 -export -inkey key.pem "
		"-in "
		"cert.pem -out store.p12 -passout pass:secret && printf '\\376\\355\\376\\355xx' > store.jks",
		folder);
	return system(command) == 0 ? 0 : -1;
}

static int remove_certificates(void **state)
{
	char command[128];

	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command);
}

static void talk_tls(const struct weir_http_tls_config *tls, struct weir_http_client_config config, int expected_status)
{
	struct fixture secure;
	struct weir_http_listener listener = { .tls = tls };
	char body[64] = "";

	fixture_start(&secure, (struct weir_http_server_config){ .listeners = &listener });
	struct weir_http_client *client = client_new(config);
	for (int i = 0; i < 2; i++) {
		int status =
			call(client, (struct weir_http_call){ .url = url_of("https", secure.port, "/stream") }, body, sizeof body);
		if (status != expected_status)
			fail_msg("status %d: %s", status, err.text);
	}
	if (expected_status)
		assert_string_equal(body, "row 0\nrow 1\nrow 2\n");
	weir_http_client_free(client);
	fixture_stop(&secure);
}

static void tls_with_pem_and_pkcs12_is_served_and_verified(void **state)
{
	struct weir_http_tls_config pem = { .cert_file = file("cert.pem"), .key_file = file("key.pem") };
	struct weir_http_tls_config pkcs12 = { .cert_file = file("store.p12"), .key_password = "secret" };

	talk_tls(&pem, (struct weir_http_client_config){ .ca_file = file("cert.pem") }, 200);
	talk_tls(&pkcs12, (struct weir_http_client_config){ .skip_verify = true }, 200);
	talk_tls(&pem, (struct weir_http_client_config){ 0 }, 0);
	assert_int_equal(err.code, WEIR_E_IO);
}

static void a_client_certificate_can_be_demanded(void **state)
{
	struct weir_http_tls_config tls = { .cert_file = file("cert.pem"),
		.key_file = file("key.pem"),
		.ca_file = file("cert.pem"),
		.client_cert = WEIR_HTTP_CLIENT_CERT_REQUIRED };

	talk_tls(&tls, (struct weir_http_client_config){ .ca_file = file("cert.pem") }, 0);
	talk_tls(&tls,
		(struct weir_http_client_config){
			.ca_file = file("cert.pem"), .cert_file = file("cert.pem"), .key_file = file("key.pem") },
		200);
}

static void alpn_offers_h2_first_and_http_1_1_too(void **state)
{
	struct fixture secure;
	struct weir_http_tls_config tls = { .cert_file = file("cert.pem"), .key_file = file("key.pem") };
	struct weir_http_listener listener = { .tls = &tls };
	static const char *const flags[] = { "--http2", "--http1.1" }, *const wanted[] = { "2 hello", "1.1 hello" };
	char command[512], answer[64] = "";

	fixture_start(&secure, (struct weir_http_server_config){ .listeners = &listener });
	for (int i = 0; i < 2; i++) {
		snprintf(command, sizeof command, "curl -s %s --cacert %s https://localhost:%u/hello -w '\\n%%{http_version}'",
			flags[i], file("cert.pem"), secure.port);
		FILE *pipe = popen(command, "r");
		char body[32] = "", version[32] = "";
		assert_int_equal(fscanf(pipe, "%31s %31s", body, version), 2);
		pclose(pipe);
		snprintf(answer, sizeof answer, "%s %s", version, body);
		assert_string_equal(answer, wanted[i]);
	}
	fixture_stop(&secure);
}

static void unusable_key_stores_are_refused_by_name(void **state)
{
	struct weir_http_tls_config tls = { .cert_file = file("store.jks") };
	struct weir_http_listener listener = { .tls = &tls };
	struct weir_http_server_config config = { .listeners = &listener, .listener_count = 1, .handler = fixture_handle };
	struct weir_http_server *server;

	assert_false(weir_http_server_open(&config, &server, &err));
	assert_int_equal(err.code, WEIR_E_NOT_SUPPORTED);
	tls.cert_file = file("none.pem");
	assert_false(weir_http_server_open(&config, &server, &err));
	assert_int_equal(err.code, WEIR_E_IO);
	tls = (struct weir_http_tls_config){ .cert_file = file("store.p12"), .key_password = "wrong" };
	assert_false(weir_http_server_open(&config, &server, &err));
	assert_int_equal(err.code, WEIR_E_IO);
}

static void a_port_in_use_is_an_error_with_advice(void **state)
{
	struct weir_http_listener listener = { .port = fixture.port };
	struct weir_http_server_config config = { .listeners = &listener, .listener_count = 1, .handler = fixture_handle };
	struct weir_http_server *server;

	assert_false(weir_http_server_open(&config, &server, &err));
	assert_int_equal(err.code, WEIR_E_IO);
	assert_true(err.advice[0] != '\0');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_method_and_both_versions_work),
		cmocka_unit_test(failures_of_transport_have_their_own_codes),
		cmocka_unit_test(a_stream_is_received_piece_by_piece_and_can_be_cancelled),
		cmocka_unit_test(a_port_in_use_is_an_error_with_advice),
	};
	const struct CMUnitTest tls_tests[] = {
		cmocka_unit_test(tls_with_pem_and_pkcs12_is_served_and_verified),
		cmocka_unit_test(a_client_certificate_can_be_demanded),
		cmocka_unit_test(alpn_offers_h2_first_and_http_1_1_too),
		cmocka_unit_test(unusable_key_stores_are_refused_by_name),
	};

	int failed = cmocka_run_group_tests(tests, set_up, tear_down);
	return failed + cmocka_run_group_tests(tls_tests, make_certificates, remove_certificates);
}
