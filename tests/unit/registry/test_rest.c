/* The embedded registry over REST: every route by a table, replay after a restart, and the remote client against it. */
#include "http/client.h"
#include "http/server.h"
#include "registry/embedded.h"
#include "unit/http/cmocka_all.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A schema log that outlives the registry, for restarts. */
struct shared_log {
	struct weir_schema_log log; /* first */
	struct weir_schema_log *inner;
	bool fails;
};

static struct shared_log shared;
static struct weir_registry *registry;
static struct weir_http_server *server;
static struct weir_http_client *client;
static struct weir_err err;
static atomic_int requests_seen, failures_left;

static bool shared_append(struct weir_schema_log *log, const struct weir_schema_record *records, size_t count, struct weir_err *e)
{
	return shared.fails ? weir_err_set(e, WEIR_E_LOG_IO, "the disk is away")
			    : shared.inner->append(shared.inner, records, count, e);
}

static bool shared_replay(struct weir_schema_log *log,
	bool (*visit)(void *ctx, const struct weir_schema_record *record, struct weir_err *err), void *ctx, struct weir_err *e)
{
	return shared.inner->replay(shared.inner, visit, ctx, e);
}

static void shared_close(struct weir_schema_log *log)
{
}

static void handle(void *ctx, const struct weir_http_request *request, struct weir_http_response *response)
{
	atomic_fetch_add(&requests_seen, 1);
	if (atomic_load(&failures_left) > 0) {
		atomic_fetch_sub(&failures_left, 1);
		weir_http_response_send(response, 503, NULL, WEIR_SLICE("busy"));
		return;
	}
	weir_registry_rest_handle(registry, request, response);
}

static void open_registry(void)
{
	if (!weir_registry_open_embedded(&shared.log, &registry, &err))
		fail_msg("%s", err.text);
}

static int set_up(void **state)
{
	struct weir_http_listener listener = { 0 };
	struct weir_http_server_config config = { .listeners = &listener, .listener_count = 1, .handler = handle };
	struct weir_http_client_config client_config = { 0 };

	shared =
		(struct shared_log){ .log = { shared_append, shared_replay, shared_close }, .inner = weir_schema_log_new_memory() };
	open_registry();
	if (!weir_http_server_open(&config, &server, &err) || !weir_http_server_start(server, &err) ||
		!weir_http_client_new(&client_config, &client, &err))
		fail_msg("%s", err.text);
	atomic_store(&failures_left, 0);
	return 0;
}

static int tear_down(void **state)
{
	weir_http_client_free(client);
	weir_http_server_free(server);
	weir_registry_close(registry);
	shared.inner->close(shared.inner);
	return 0;
}

static uint16_t port(void)
{
	return weir_http_server_port(server, 0);
}

/* Calls, and compares status and body; '*' at the end of the expectation stands for anything. */
static void expect(const char *method, const char *path, const char *body, int status, const char *wanted)
{
	char url[512];
	struct weir_http_answer answer;

	snprintf(url, sizeof url, "http://127.0.0.1:%u%s", port(), path);
	struct weir_http_call call = { .method = method, .url = url, .body = weir_slice_of(body) };
	if (!weir_http_client_call(client, &call, &answer, &err))
		fail_msg("%s", err.text);
	const char *got = weir_buf_cstr(&answer.body);
	if (answer.status != status || !weir_slice_matches_glob(weir_slice_of(got), weir_slice_of(wanted)))
		fail_msg("%s %s: expected %d %s, got %d %s", method, path, status, wanted, answer.status, got);
	assert_string_equal(weir_buf_cstr(&answer.content_type), "application/vnd.schemaregistry.v1+json");
	weir_http_answer_fini(&answer);
}

#define R1 "{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"R\\\",\\\"fields\\\":[{\\\"name\\\":\\\"a\\\",\\\"type\\\":\\\"int\\\"}]}"
#define R2                                                                                                                         \
	"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"R\\\",\\\"fields\\\":[{\\\"name\\\":\\\"a\\\",\\\"type\\\":\\\"int\\\"},{"  \
	"\\\"name\\\":\\\"X\\\","                                                                                                  \
	"\\\"type\\\":\\\"int\\\"}]}"
#define R3                                                                                                                         \
	"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"R\\\",\\\"fields\\\":[{\\\"name\\\":\\\"a\\\",\\\"type\\\":\\\"int\\\"},{"  \
	"\\\"name\\\":\\\"b\\\","                                                                                                  \
	"\\\"type\\\":[\\\"null\\\",\\\"int\\\"],\\\"default\\\":null}]}"
#define SCHEMA(text) "{\"schema\":\"" text "\"}"

static void registering_gives_ids_and_versions(void **state)
{
	expect("GET", "/subjects", NULL, 200, "[]");
	expect("POST", "/subjects/t-value/versions", SCHEMA(R1), 200, "{\"id\":1,\"version\":1,*");
	expect("POST", "/subjects/t-value/versions", SCHEMA(" " R1), 200, "{\"id\":1,\"version\":1,*");
	expect("POST", "/subjects/other/versions", SCHEMA(R1), 200, "{\"id\":1,\"version\":1,*");
	expect("POST", "/subjects/t-value/versions", SCHEMA(R3), 200, "{\"id\":2,\"version\":2,*");
	expect("POST", "/subjects/t-key/versions", SCHEMA("\\\"int\\\""), 200, "{\"id\":3,\"version\":1,*");
	expect("GET", "/subjects", NULL, 200, "[\"other\",\"t-key\",\"t-value\"]");
	expect("GET", "/subjects?subjectPrefix=t-", NULL, 200, "[\"t-key\",\"t-value\"]");
	expect("GET", "/subjects/t-value/versions", NULL, 200, "[1,2]");
	expect("GET", "/subjects/t-key/versions/latest", NULL, 200,
		"{\"subject\":\"t-key\",\"version\":1,\"id\":3,\"guid\":\"*-*-*-*-*\",\"schema\":"
		"\"\\\"int\\\"\"}");
	expect("GET", "/subjects/t-value/versions/-1", NULL, 200, "{\"subject\":\"t-value\",\"version\":2,\"id\":2,*");
	expect("GET", "/subjects/t-key/versions/1/schema", NULL, 200, "\"int\"");
	expect("GET", "/schemas/ids/3", NULL, 200, "{\"guid\":\"*\",\"schema\":\"\\\"int\\\"\"}");
	expect("GET", "/schemas/ids/3?subject=t-key", NULL, 200, "{\"subject\":\"t-key\",\"version\":1,*");
	expect("GET", "/schemas/ids/3?fetchMaxId=true", NULL, 200, "{\"maxId\":3,*");
	expect("GET", "/schemas/ids/3/schema", NULL, 200, "\"int\"");
	expect("GET", "/schemas/ids/1/subjects", NULL, 200, "[\"other\",\"t-value\"]");
	expect("GET", "/schemas/ids/1/versions", NULL, 200,
		"[{\"subject\":\"other\",\"version\":1},{\"subject\":\"t-value\",\"version\":1}]");
	expect("GET", "/schemas/types", NULL, 200, "[\"JSON\",\"PROTOBUF\",\"AVRO\"]");
	expect("GET", "/", NULL, 200, "{}");
	expect("GET", "/contexts", NULL, 200, "[\".\"]");
	expect("POST", "/subjects/a%2Fb%20c/versions", SCHEMA("\\\"int\\\""), 200, "{\"id\":3,*");
	expect("GET", "/subjects?subjectPrefix=a%2F", NULL, 200, "[\"a/b c\"]");
}

static void errors_have_the_protocols_codes(void **state)
{
	expect("GET", "/subjects/x/versions", NULL, 404, "{\"error_code\":40401,\"message\":\"Subject 'x' not found.\"}");
	expect("GET", "/subjects/x/versions/latest", NULL, 404, "{\"error_code\":40401,*");
	expect("POST", "/subjects/x", SCHEMA(R1), 404, "{\"error_code\":40401,*");
	expect("POST", "/subjects/x/versions", SCHEMA(R1), 200, "{\"id\":1,*");
	expect("GET", "/subjects/x/versions/2", NULL, 404, "{\"error_code\":40402,*");
	expect("GET", "/subjects/x/versions/0", NULL, 422, "{\"error_code\":42202,*");
	expect("GET", "/subjects/x/versions/abc", NULL, 422, "{\"error_code\":42202,*");
	expect("POST", "/subjects/x", SCHEMA(R3), 404, "{\"error_code\":40403,*");
	expect("POST", "/subjects/x", SCHEMA(R1), 200, "{\"subject\":\"x\",\"version\":1,\"id\":1,*");
	expect("GET", "/schemas/ids/99", NULL, 404, "{\"error_code\":40403,*");
	expect("POST", "/subjects/x/versions", SCHEMA("nonsense"), 422, "{\"error_code\":42201,*");
	expect("POST", "/subjects/x/versions", "{\"schema\":\"{}\",\"schemaType\":\"XML\"}", 422, "{\"error_code\":42201,*");
	expect("POST", "/subjects/x/versions", "{", 400, "{\"error_code\":400,*");
	expect("PUT", "/config", "{\"compatibility\":\"SOMEHOW\"}", 422, "{\"error_code\":42203,*");
	expect("PUT", "/mode", "{\"mode\":\"SOMEHOW\"}", 422, "{\"error_code\":42204,*");
	expect("GET", "/config/x", NULL, 404, "{\"error_code\":40408,*");
	expect("GET", "/mode/x", NULL, 404, "{\"error_code\":40409,*");
	expect("GET", "/associations/resources/-/t?resourceType=topic", NULL, 404, "{\"error_code\":404,*");
	expect("POST", "/subjects", "{}", 405, "{\"error_code\":405,*");
	expect("DELETE", "/subjects/none", NULL, 404, "{\"error_code\":40401,*");
}

static void deleting_is_soft_first_and_then_for_good(void **state)
{
	expect("POST", "/subjects/s/versions", SCHEMA(R1), 200, "{\"id\":1,\"version\":1,*");
	expect("POST", "/subjects/s/versions", SCHEMA(R3), 200, "{\"id\":2,\"version\":2,*");
	expect("DELETE", "/subjects/s/versions/1?permanent=true", NULL, 404, "{\"error_code\":40407,*");
	expect("DELETE", "/subjects/s/versions/1", NULL, 200, "1");
	expect("DELETE", "/subjects/s/versions/1", NULL, 404, "{\"error_code\":40406,*");
	expect("GET", "/subjects/s/versions", NULL, 200, "[2]");
	expect("GET", "/subjects/s/versions?deleted=true", NULL, 200, "[1,2]");
	expect("GET", "/subjects/s/versions/1", NULL, 404, "{\"error_code\":40402,*");
	expect("GET", "/subjects/s/versions/1?deleted=true", NULL, 200, "{*\"id\":1,*");
	expect("GET", "/schemas/ids/1", NULL, 200, "*");
	expect("POST", "/subjects/s?deleted=true", SCHEMA(R1), 200, "{\"subject\":\"s\",\"version\":1,*");
	expect("POST", "/subjects/s", SCHEMA(R1), 404, "{\"error_code\":40403,*");
	expect("POST", "/subjects/s/versions", SCHEMA(R1), 200, "{\"id\":1,\"version\":3,*");
	expect("GET", "/subjects/s/versions?deleted=true", NULL, 200, "[2,3]");
	expect("DELETE", "/subjects/s?permanent=true", NULL, 404, "{\"error_code\":40405,*");
	expect("DELETE", "/subjects/s", NULL, 200, "[2,3]");
	expect("DELETE", "/subjects/s", NULL, 404, "{\"error_code\":40404,*");
	expect("GET", "/subjects", NULL, 200, "[]");
	expect("GET", "/subjects?deleted=true", NULL, 200, "[\"s\"]");
	expect("DELETE", "/subjects/s?permanent=true", NULL, 200, "[2,3]");
	expect("GET", "/subjects?deleted=true", NULL, 200, "[]");
	expect("GET", "/schemas/ids/1", NULL, 404, "{\"error_code\":40403,*");
	expect("POST", "/subjects/s/versions", SCHEMA("\\\"int\\\""), 200, "{\"id\":3,\"version\":1,*");
}

static void compatibility_is_enforced_as_configured(void **state)
{
	expect("GET", "/config", NULL, 200, "{\"compatibilityLevel\":\"BACKWARD\"}");
	expect("POST", "/subjects/c/versions", SCHEMA(R1), 200, "{\"id\":1,*");
	expect("POST", "/subjects/c/versions", SCHEMA(R2), 409,
		"{\"error_code\":40901,\"message\":\"Schema being registered is incompatible with an earlier schema for subject "
		"\\\"c\\\", details: "
		"[{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', description:'The field 'X' at path '/fields/1' in the new "
		"schema has no "
		"default value and is missing in the old schema', additionalInfo:'X'}, {oldSchemaVersion: 1}, {oldSchema: '*'}, "
		"{validateFields: 'false', compatibility: 'BACKWARD'}]\"}");
	expect("POST", "/compatibility/subjects/c/versions/latest", SCHEMA(R2), 200, "{\"is_compatible\":false}");
	expect("POST", "/compatibility/subjects/c/versions/latest?verbose=true", SCHEMA(R2), 200,
		"{\"is_compatible\":false,\"messages\":[*");
	expect("POST", "/compatibility/subjects/c/versions", SCHEMA(R3), 200, "{\"is_compatible\":true}");
	expect("POST", "/compatibility/subjects/none/versions/latest", SCHEMA(R3), 200, "{\"is_compatible\":true}");
	expect("POST", "/compatibility/subjects/c/versions/7", SCHEMA(R3), 404, "{\"error_code\":40402,*");
	expect("PUT", "/config/c", "{\"compatibility\":\"FORWARD\"}", 200, "{\"compatibility\":\"FORWARD\"}");
	expect("GET", "/config/c", NULL, 200, "{\"compatibilityLevel\":\"FORWARD\"}");
	expect("POST", "/subjects/c/versions", SCHEMA(R2), 200, "{\"id\":2,*");
	expect("PUT", "/config/c", "{\"compatibility\":\"FULL_TRANSITIVE\"}", 200, "*");
	expect("POST", "/subjects/c/versions", SCHEMA(R3), 409, "{\"error_code\":40901,*");
	expect("PUT", "/config/c", "{\"compatibility\":\"NONE\"}", 200, "*");
	expect("POST", "/subjects/c/versions", SCHEMA("\\\"string\\\""), 200, "{\"id\":3,*");
	expect("DELETE", "/config/c", NULL, 200, "{\"compatibilityLevel\":\"NONE\"}");
	expect("GET", "/config/c?defaultToGlobal=true", NULL, 200, "{\"compatibilityLevel\":\"BACKWARD\"}");
	expect("POST", "/subjects/c/versions", "{\"schema\":\"{}\",\"schemaType\":\"JSON\"}", 409, "{\"error_code\":40901,*");
}

static void a_schema_can_be_imported_with_its_id(void **state)
{
	expect("POST", "/subjects/i/versions", "{\"schema\":\"\\\"int\\\"\",\"id\":40}", 422, "{\"error_code\":42205,*");
	expect("PUT", "/mode/i?force=true", "{\"mode\":\"IMPORT\"}", 200, "{\"mode\":\"IMPORT\"}");
	expect("POST", "/subjects/i/versions", "{\"schema\":\"\\\"int\\\"\",\"id\":40,\"version\":7}", 200,
		"{\"id\":40,\"version\":7,*");
	expect("POST", "/subjects/i/versions", "{\"schema\":\"\\\"long\\\"\",\"id\":40,\"version\":8}", 422,
		"{\"error_code\":42207,*");
	expect("DELETE", "/mode/i", NULL, 200, "{\"mode\":\"IMPORT\"}");
	expect("POST", "/subjects/i/versions", SCHEMA("\\\"long\\\""), 200, "{\"id\":41,\"version\":8,*");
	expect("PUT", "/mode/i", "{\"mode\":\"READONLY\"}", 200, "*");
	expect("POST", "/subjects/i/versions", SCHEMA("\\\"double\\\""), 422, "{\"error_code\":42205,*");
	expect("PUT", "/mode/i", "{\"mode\":\"IMPORT\"}", 422, "{\"error_code\":42205,*");
}

static void schemas_refer_to_others(void **state)
{
	static const char with_reference[] = "{\"schema\":\"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"Outer\\\",\\\"fields\\\":"
					     "[{\\\"name\\\":\\\"r\\\",\\\"type\\\":\\\"R\\\"}]}\","
					     "\"references\":[{\"name\":\"R\",\"subject\":\"inner\",\"version\":1}]}";

	expect("POST", "/subjects/outer/versions", with_reference, 422, "{\"error_code\":42201,*");
	expect("POST", "/subjects/inner/versions", SCHEMA(R1), 200, "{\"id\":1,*");
	expect("POST", "/subjects/outer/versions", with_reference, 200, "{\"id\":2,*");
	expect("POST", "/subjects/outer/versions", with_reference, 200, "{\"id\":2,*");
	expect("GET", "/schemas/ids/2", NULL, 200, "*\"references\":[{\"name\":\"R\",\"subject\":\"inner\",\"version\":1}],*");
	expect("GET", "/subjects/inner/versions/1/referencedby", NULL, 200, "[2]");
	expect("DELETE", "/subjects/inner", NULL, 422, "{\"error_code\":42206,*");
	expect("DELETE", "/subjects/inner/versions/1", NULL, 422, "{\"error_code\":42206,*");
}

static void everything_is_there_again_after_a_restart(void **state)
{
	expect("POST", "/subjects/s/versions", SCHEMA(R1), 200, "{\"id\":1,*");
	expect("POST", "/subjects/s/versions", SCHEMA(R3), 200, "{\"id\":2,*");
	expect("DELETE", "/subjects/s/versions/1", NULL, 200, "1");
	expect("POST", "/subjects/gone/versions", SCHEMA("\\\"int\\\""), 200, "{\"id\":3,*");
	expect("DELETE", "/subjects/gone", NULL, 200, "[1]");
	expect("PUT", "/config/s", "{\"compatibility\":\"FULL\"}", 200, "*");
	expect("PUT", "/mode", "{\"mode\":\"READONLY\"}", 200, "*");
	weir_registry_close(registry);
	open_registry();
	expect("GET", "/subjects", NULL, 200, "[\"s\"]");
	expect("GET", "/subjects/s/versions", NULL, 200, "[2]");
	expect("GET", "/subjects/s/versions?deleted=true", NULL, 200, "[1,2]");
	expect("GET", "/subjects?deletedOnly=true", NULL, 200, "[\"gone\"]");
	expect("GET", "/config/s", NULL, 200, "{\"compatibilityLevel\":\"FULL\"}");
	expect("GET", "/mode", NULL, 200, "{\"mode\":\"READONLY\"}");
	expect("PUT", "/mode", "{\"mode\":\"READWRITE\"}", 200, "*");
	expect("POST", "/subjects/new/versions", SCHEMA("\\\"long\\\""), 200, "{\"id\":4,*");
}

static void nothing_is_answered_that_is_not_stored(void **state)
{
	shared.fails = true;
	expect("POST", "/subjects/s/versions", SCHEMA(R1), 500, "{\"error_code\":50001,*");
	shared.fails = false;
	expect("GET", "/subjects", NULL, 200, "[]");
	expect("POST", "/subjects/s/versions", SCHEMA(R1), 200, "{\"id\":1,*");
}

static bool keep_first_record(void *ctx, const struct weir_schema_record *record, struct weir_err *e)
{
	char *text = ctx;

	if (!text[0])
		snprintf(text, 512, "%.*s %.*s", WEIR_SLICE_ARG(record->key), WEIR_SLICE_ARG(record->value));
	return true;
}

static void records_have_the_topics_shape(void **state)
{
	char text[512] = "";

	expect("POST", "/subjects/t-value/versions", SCHEMA("\\\"int\\\""), 200, "*");
	assert_true(shared.inner->replay(shared.inner, keep_first_record, text, &err));
	assert_string_equal(text, "{\"keytype\":\"SCHEMA\",\"subject\":\"t-value\",\"version\":1,\"magic\":1} "
				  "{\"subject\":\"t-value\",\"version\":1,\"id\":1,\"schemaType\":\"AVRO\",\"schema\":"
				  "\"\\\"int\\\"\",\"deleted\":false}");
}

static void foreign_records_are_understood_or_ignored(void **state)
{
	static const struct weir_schema_record records[] = {
		{ WEIR_SLICE("{\"keytype\":\"NOOP\",\"magic\":0}"), { 0 }, true },
		{ WEIR_SLICE("{\"keytype\":\"CONTEXT\",\"tenant\":\"x\",\"magic\":0}"), WEIR_SLICE("{\"tenant\":\"x\"}"), false },
		{ WEIR_SLICE("{\"magic\":0,\"keytype\":\"CONFIG\",\"subject\":null}"),
			WEIR_SLICE("{\"subject\":null,\"compatibilityLevel\":\"FULL\"}"), false },
		{ WEIR_SLICE("{\"keytype\":\"SCHEMA\",\"subject\":\"old\",\"version\":1,\"magic\":0}"),
			WEIR_SLICE("{\"subject\":\"old\",\"version\":1,\"id\":9,\"schema\":\"\\\"int\\\"\",\"deleted\":false,"
				   "\"md5\":\"x\"}"),
			false },
		{ WEIR_SLICE("{\"keytype\":\"DELETE_SUBJECT\",\"subject\":\"none\",\"magic\":0}"), { 0 }, true },
	};

	assert_true(shared.inner->append(shared.inner, records, 5, &err));
	weir_registry_close(registry);
	open_registry();
	expect("GET", "/config", NULL, 200, "{\"compatibilityLevel\":\"FULL\"}");
	expect("GET", "/subjects/old/versions/1", NULL, 200, "{*\"id\":9,*");
}

/* --- the remote client --- */

static struct weir_registry *connect_to(const char *urls)
{
	struct weir_registry *remote = NULL;
	struct weir_remote_registry_config config = { .urls = urls, .backoff_ms = 10, .max_attempts = 4, .timeout_ms = 2000 };

	if (!weir_registry_open_remote(&config, &remote, &err))
		fail_msg("%s", err.text);
	return remote;
}

static const char *own_url(void)
{
	static char url[64];

	snprintf(url, sizeof url, "http://127.0.0.1:%u/", port());
	return url;
}

static void use_both_alike(struct weir_registry *any)
{
	struct weir_arena arena;
	struct weir_registered_schema found = { 0 };
	struct weir_schema_text int_schema = { .text = WEIR_SLICE("\"int\"") },
				json_schema = { .kind = WEIR_SCHEMA_JSON, .text = WEIR_SLICE("{}") };
	struct weir_schema_text string_schema = { .text = WEIR_SLICE("\"string\"") }, bad = { .text = WEIR_SLICE("{") };
	struct weir_slice *subjects;
	size_t count;
	int32_t id = 0;

	weir_arena_init(&arena, 1024);
	assert_true(weir_registry_register(any, WEIR_SLICE("a b"), &int_schema, &id, &err));
	assert_int_equal(id, 1);
	assert_true(weir_registry_register(any, WEIR_SLICE("j"), &json_schema, &id, &err));
	assert_int_equal(id, 2);
	assert_true(weir_registry_by_id(any, 2, &arena, &found, &err));
	assert_int_equal(found.schema.kind, WEIR_SCHEMA_JSON);
	assert_true(weir_slice_is(found.schema.text, "{}"));
	assert_true(weir_registry_cached(any, 2, &arena, &found));
	assert_true(weir_registry_latest(any, WEIR_SLICE("a b"), &arena, &found, &err));
	assert_true(found.id == 1 && found.version == 1 && weir_slice_is(found.schema.text, "\"int\""));
	assert_true(weir_registry_lookup(any, WEIR_SLICE("a b"), &int_schema, false, &found, &err));
	assert_true(found.id == 1 && found.version == 1);
	assert_false(weir_registry_lookup(any, WEIR_SLICE("a b"), &string_schema, true, &found, &err));
	assert_int_equal(err.code, WEIR_E_SCHEMA_NOT_FOUND);
	assert_false(weir_registry_latest(any, WEIR_SLICE("none"), &arena, &found, &err));
	assert_int_equal(err.code, WEIR_E_SCHEMA_NOT_FOUND);
	assert_non_null(strstr(err.text, "40401"));
	assert_false(weir_registry_register(any, WEIR_SLICE("a b"), &string_schema, &id, &err));
	assert_int_equal(err.code, WEIR_E_SCHEMA_INCOMPATIBLE);
	assert_non_null(strstr(err.text, "TYPE_MISMATCH"));
	assert_false(weir_registry_register(any, WEIR_SLICE("z"), &bad, &id, &err));
	assert_int_equal(err.code, WEIR_E_SCHEMA_INVALID);
	assert_true(weir_registry_list_subjects(any, WEIR_SLICE("a"), &arena, &subjects, &count, &err));
	assert_true(count == 1 && weir_slice_is(subjects[0], "a b"));
	assert_false(weir_registry_delete_subject(any, WEIR_SLICE("j"), true, &err));
	assert_true(weir_registry_delete_subject(any, WEIR_SLICE("j"), false, &err));
	assert_true(weir_registry_delete_subject(any, WEIR_SLICE("j"), false, &err));
	assert_true(weir_registry_delete_subject(any, WEIR_SLICE("j"), true, &err));
	assert_true(weir_registry_delete_subject(any, WEIR_SLICE("never"), false, &err));
	weir_arena_fini(&arena);
}

static void the_embedded_one_behaves_by_the_interface(void **state)
{
	use_both_alike(registry);
}

static void the_remote_one_behaves_alike(void **state)
{
	struct weir_registry *remote = connect_to(own_url());

	use_both_alike(remote);
	weir_registry_close(remote);
}

static void ids_are_asked_for_once(void **state)
{
	struct weir_registry *remote = connect_to(own_url());
	struct weir_arena arena;
	struct weir_registered_schema found;

	weir_arena_init(&arena, 1024);
	expect("POST", "/subjects/s/versions", SCHEMA("\\\"int\\\""), 200, "*");
	assert_false(weir_registry_cached(remote, 1, &arena, &found));
	int before = atomic_load(&requests_seen);
	for (int i = 0; i < 5; i++)
		assert_true(weir_registry_by_id(remote, 1, &arena, &found, &err));
	assert_int_equal(atomic_load(&requests_seen), before + 1);
	weir_registry_close(remote);
	weir_arena_fini(&arena);
}

static void a_registry_that_is_away_is_tried_again_and_others_instead(void **state)
{
	char urls[128];
	struct weir_arena arena;
	struct weir_registered_schema found;

	weir_arena_init(&arena, 1024);
	expect("POST", "/subjects/s/versions", SCHEMA("\\\"int\\\""), 200, "*");
	snprintf(urls, sizeof urls, "http://127.0.0.1:1, %s", own_url());
	struct weir_registry *remote = connect_to(urls);
	assert_true(weir_registry_latest(remote, WEIR_SLICE("s"), &arena, &found, &err));
	atomic_store(&failures_left, 1);
	assert_true(weir_registry_latest(remote, WEIR_SLICE("s"), &arena, &found, &err));
	atomic_store(&failures_left, 100);
	assert_false(weir_registry_latest(remote, WEIR_SLICE("s"), &arena, &found, &err));
	assert_int_equal(err.code, WEIR_E_REGISTRY_AWAY);
	atomic_store(&failures_left, 0);
	weir_registry_close(remote);
	remote = connect_to("http://user:secret@127.0.0.1:1");
	assert_false(weir_registry_latest(remote, WEIR_SLICE("s"), &arena, &found, &err));
	assert_null(strstr(err.text, "secret"));
	weir_registry_close(remote);
	weir_arena_fini(&arena);
}

struct fetched {
	atomic_int answers, schemas;
	enum weir_err_code last_code;
};

static void on_schema(void *ctx, int32_t id, const struct weir_registered_schema *schema, const struct weir_err *e)
{
	struct fetched *fetched = ctx;

	if (schema)
		atomic_fetch_add(&fetched->schemas, schema->id == id);
	else
		fetched->last_code = e->code;
	atomic_fetch_add(&fetched->answers, 1);
}

static void wait_for(struct fetched *fetched, int answers)
{
	for (int i = 0; i < 5000 && atomic_load(&fetched->answers) < answers; i++)
		usleep(1000);
	assert_int_equal(atomic_load(&fetched->answers), answers);
}

static void schemas_come_without_waiting(void **state)
{
	struct weir_registry *remote = connect_to(own_url());
	struct fetched fetched = { 0 };

	expect("POST", "/subjects/s/versions", SCHEMA("\\\"int\\\""), 200, "*");
	int before = atomic_load(&requests_seen);
	for (int i = 0; i < 10; i++)
		weir_registry_request_schema(remote, 1, on_schema, &fetched);
	wait_for(&fetched, 10);
	assert_int_equal(atomic_load(&fetched.schemas), 10);
	assert_int_equal(atomic_load(&requests_seen), before + 1);
	weir_registry_request_schema(remote, 77, on_schema, &fetched);
	wait_for(&fetched, 11);
	assert_int_equal(fetched.last_code, WEIR_E_SCHEMA_NOT_FOUND);
	weir_registry_request_schema(registry, 1, on_schema, &fetched); /* the embedded one answers at once */
	wait_for(&fetched, 12);
	assert_int_equal(atomic_load(&fetched.schemas), 11);
	weir_registry_close(remote);
	remote = connect_to("http://10.255.255.1:9"); /* nobody answers there */
	for (int i = 0; i < 3; i++)
		weir_registry_request_schema(remote, 1, on_schema, &fetched);
	weir_registry_close(remote);
	assert_int_equal(atomic_load(&fetched.answers), 15);
}

static void bad_settings_are_refused(void **state)
{
	struct weir_remote_registry_config configs[] = { { .urls = "" }, { .urls = "ftp://x" },
		{ .urls = "http://x", .basic_auth = "no-colon" } };
	struct weir_registry *remote;

	for (size_t i = 0; i < 3; i++) {
		assert_false(weir_registry_open_remote(&configs[i], &remote, &err));
		assert_int_equal(err.code, WEIR_E_USAGE);
	}
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(registering_gives_ids_and_versions),
		TEST(errors_have_the_protocols_codes),
		TEST(deleting_is_soft_first_and_then_for_good),
		TEST(compatibility_is_enforced_as_configured),
		TEST(a_schema_can_be_imported_with_its_id),
		TEST(schemas_refer_to_others),
		TEST(everything_is_there_again_after_a_restart),
		TEST(nothing_is_answered_that_is_not_stored),
		TEST(records_have_the_topics_shape),
		TEST(foreign_records_are_understood_or_ignored),
		TEST(the_embedded_one_behaves_by_the_interface),
		TEST(the_remote_one_behaves_alike),
		TEST(ids_are_asked_for_once),
		TEST(a_registry_that_is_away_is_tried_again_and_others_instead),
		TEST(schemas_come_without_waiting),
		TEST(bad_settings_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
