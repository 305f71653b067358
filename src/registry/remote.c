/* A remote Schema Registry: the interface's calls as REST calls. */
#include "base/memory.h"
#include "registry/records.h"
#include "registry/remote_int.h"
#include "json/json.h"

#include <stdlib.h>
#include <time.h>

#define DEFAULT_TIMEOUT_MS 10000
#define DEFAULT_ATTEMPTS   6
#define DEFAULT_BACKOFF_MS 100
#define MAX_ANSWER_BYTES   ((size_t)16 << 20)

static struct weir_remote_registry *self_of(struct weir_registry *registry)
{
	return (struct weir_remote_registry *)registry;
}

static bool parse_answer(
	const struct weir_remote_answer *answer, struct weir_arena *arena, struct weir_json **ret_json, struct weir_err *err)
{
	struct weir_err json_err;

	if (answer->status / 100 != 2)
		return weir_remote_fail(answer, err);
	if (!weir_json_parse(arena, answer->body, false, ret_json, &json_err))
		return weir_err_set(
			err, WEIR_E_REGISTRY_REFUSED, "the Schema Registry's answer is not valid JSON: %s", json_err.text);
	return true;
}

static bool read_schema_json(
	const struct weir_json *json, struct weir_arena *arena, struct weir_schema_text *ret_schema, struct weir_err *err)
{
	struct weir_schema_text schema = { .text = weir_json_get_text(json, "schema", "") };
	struct weir_slice kind = weir_json_get_text(json, "schemaType", "");

	if (!weir_schema_kind_parse(kind, &schema.kind))
		return weir_err_set(
			err, WEIR_E_SCHEMA_INVALID, "the Schema Registry has a schema of unknown type %.*s", WEIR_SLICE_ARG(kind));
	if (!weir_json_is(weir_json_get(json, "schema"), WEIR_JSON_STRING) || !weir_references_decode(arena, json, &schema))
		return weir_err_set(err, WEIR_E_REGISTRY_REFUSED, "the Schema Registry's answer holds no schema");
	*ret_schema = schema;
	return true;
}

bool weir_remote_read_schema(const struct weir_remote_answer *answer, struct weir_arena *arena, struct weir_schema_text *ret_schema,
	struct weir_err *err)
{
	struct weir_json *json;

	return parse_answer(answer, arena, &json, err) && read_schema_json(json, arena, ret_schema, err);
}

static struct weir_slice subject_path(struct weir_arena *arena, const char *before, struct weir_slice subject, const char *after)
{
	struct weir_buf path;

	weir_buf_init(&path, WEIR_BUF_NO_LIMIT);
	weir_buf_append_text(&path, before);
	weir_http_percent_encode(&path, subject);
	weir_buf_append_text(&path, after);
	struct weir_slice kept = weir_arena_copy(arena, weir_buf_slice(&path));
	weir_buf_fini(&path);
	return kept;
}

static struct weir_slice schema_body(struct weir_arena *arena, const struct weir_schema_text *schema)
{
	struct weir_json_writer writer;
	struct weir_buf body;

	weir_buf_init(&body, WEIR_BUF_NO_LIMIT);
	weir_json_writer_init(&writer, &body);
	weir_json_begin_object(&writer);
	weir_json_key(&writer, "schema");
	weir_json_write_string(&writer, schema->text);
	if (schema->kind != WEIR_SCHEMA_AVRO) {
		weir_json_key(&writer, "schemaType");
		weir_json_write_text(&writer, weir_schema_kind_name(schema->kind));
	}
	weir_references_encode(&writer, schema);
	weir_json_end_object(&writer);
	struct weir_slice kept = weir_arena_copy(arena, weir_buf_slice(&body));
	weir_buf_fini(&body);
	return kept;
}

/* POSTs a schema; the answer's JSON in the arena. */
static bool post_schema(struct weir_remote_registry *self, struct weir_slice path, const struct weir_schema_text *schema,
	struct weir_arena *arena, struct weir_json **ret_json, struct weir_err *err)
{
	struct weir_remote_answer answer;

	return weir_remote_call(self, &self->calls, "POST", path, schema_body(arena, schema), arena, &answer, err) &&
	       parse_answer(&answer, arena, ret_json, err);
}

static bool read_id(const struct weir_json *json, int32_t *ret_id, struct weir_err *err)
{
	int64_t id = weir_json_get_i64(json, "id", -1);

	if (id < 0 || id > INT32_MAX)
		return weir_err_set(err, WEIR_E_REGISTRY_REFUSED, "the Schema Registry's answer holds no usable id");
	*ret_id = (int32_t)id;
	return true;
}

static bool remote_register(struct weir_registry *registry, struct weir_slice subject, const struct weir_schema_text *schema,
	int32_t *ret_id, struct weir_err *err)
{
	struct weir_arena call_arena;
	struct weir_json *json;

	weir_arena_init(&call_arena, 4096);
	struct weir_slice path = subject_path(&call_arena, "/subjects/", subject, "/versions");
	bool ok = post_schema(self_of(registry), path, schema, &call_arena, &json, err) && read_id(json, ret_id, err);
	weir_arena_fini(&call_arena);
	return ok;
}

static bool remote_lookup(struct weir_registry *registry, struct weir_slice subject, const struct weir_schema_text *schema,
	bool deleted, struct weir_registered_schema *ret, struct weir_err *err)
{
	struct weir_arena call_arena;
	struct weir_json *json;
	int32_t id = 0;

	weir_arena_init(&call_arena, 4096);
	struct weir_slice path = subject_path(&call_arena, "/subjects/", subject, deleted ? "?deleted=true" : "");
	bool ok = post_schema(self_of(registry), path, schema, &call_arena, &json, err) && read_id(json, &id, err);
	if (ok)
		*ret = (struct weir_registered_schema){
			.id = id, .version = (int32_t)weir_json_get_i64(json, "version", 0), .subject = subject
		};
	weir_arena_fini(&call_arena);
	return ok;
}

static bool remote_by_id(struct weir_registry *registry, int32_t id, struct weir_arena *arena, struct weir_registered_schema *ret,
	struct weir_err *err)
{
	const struct weir_registered_schema *schema;
	struct weir_remote_registry *self = self_of(registry);

	if (!weir_remote_fetch(self, &self->calls, id, &schema, err))
		return false;
	*ret = *schema; /* the cache lives as long as the registry */
	return true;
}

static bool remote_by_version(struct weir_registry *registry, struct weir_slice subject, int32_t version, struct weir_arena *arena,
	struct weir_registered_schema *ret, struct weir_err *err)
{
	struct weir_remote_registry *self = self_of(registry);
	struct weir_remote_answer answer;
	struct weir_registered_schema found = { .subject = weir_arena_copy(arena, subject) };
	struct weir_json *json;
	struct weir_slice last = version == -1 ? WEIR_SLICE("/versions/latest") : weir_arena_printf(arena, "/versions/%d", version);
	struct weir_slice path = subject_path(arena, "/subjects/", subject, last.ptr);

	if (!weir_remote_call(self, &self->calls, "GET", path, (struct weir_slice){ 0 }, arena, &answer, err) ||
		!parse_answer(&answer, arena, &json, err) || !read_schema_json(json, arena, &found.schema, err) ||
		!read_id(json, &found.id, err))
		return false;
	found.version = (int32_t)weir_json_get_i64(json, "version", 0);
	*ret = found;
	return true;
}

static bool remote_delete_subject(struct weir_registry *registry, struct weir_slice subject, bool permanent, struct weir_err *err)
{
	struct weir_remote_registry *self = self_of(registry);
	struct weir_arena call_arena;
	struct weir_remote_answer answer;

	weir_arena_init(&call_arena, 4096);
	struct weir_slice path = subject_path(&call_arena, "/subjects/", subject, permanent ? "?permanent=true" : "");
	bool ok = weir_remote_call(self, &self->calls, "DELETE", path, (struct weir_slice){ 0 }, &call_arena, &answer, err);
	bool is_absent = ok && (answer.error_code == 40401 || answer.error_code == 40404);
	if (ok && answer.status / 100 != 2 && !is_absent)
		ok = weir_remote_fail(&answer, err);
	weir_arena_fini(&call_arena);
	return ok;
}

static int compare_slices(const void *a, const void *b)
{
	return weir_slice_compare(*(const struct weir_slice *)a, *(const struct weir_slice *)b);
}

static bool remote_list_subjects(struct weir_registry *registry, struct weir_slice prefix, struct weir_arena *arena,
	struct weir_slice **ret_subjects, size_t *ret_count, struct weir_err *err)
{
	struct weir_remote_registry *self = self_of(registry);
	struct weir_remote_answer answer;
	struct weir_json *json;
	size_t count = 0;

	if (!weir_remote_call(self, &self->calls, "GET", WEIR_SLICE("/subjects"), (struct weir_slice){ 0 }, arena, &answer, err) ||
		!parse_answer(&answer, arena, &json, err))
		return false;
	if (json->kind != WEIR_JSON_ARRAY)
		return weir_err_set(err, WEIR_E_REGISTRY_REFUSED, "the Schema Registry's answer is no list of subjects");
	struct weir_slice *subjects = WEIR_ARENA_ARRAY(arena, struct weir_slice, json->count + 1);
	for (size_t i = 0; i < json->count; i++)
		if (json->items[i]->kind == WEIR_JSON_STRING && weir_slice_starts_with(json->items[i]->text, prefix))
			subjects[count++] = json->items[i]->text;
	qsort(subjects, count, sizeof *subjects, compare_slices);
	*ret_subjects = subjects;
	*ret_count = count;
	return true;
}

static bool remote_cached(struct weir_registry *registry, int32_t id, struct weir_arena *arena, struct weir_registered_schema *ret)
{
	const struct weir_registered_schema *found = weir_remote_cache_find(self_of(registry), id);

	if (found)
		*ret = *found;
	return found != NULL;
}

static void free_all(struct weir_remote_registry *self)
{
	weir_http_client_free(self->calls.client);
	weir_http_client_free(self->fetches.client);
	pthread_mutex_destroy(&self->calls.lock);
	pthread_mutex_destroy(&self->fetches.lock);
	pthread_mutex_destroy(&self->cache_lock);
	pthread_mutex_destroy(&self->queue_lock);
	pthread_cond_destroy(&self->queue_changed);
	weir_map_fini(&self->cache);
	weir_arena_fini(&self->cache_arena);
	weir_arena_fini(&self->settings_arena);
	WEIR_VEC_FREE(&self->urls);
	free(self);
}

static void remote_close(struct weir_registry *registry)
{
	struct weir_remote_registry *self = self_of(registry);

	weir_remote_stop_fetching(self);
	free_all(self);
}

static const struct weir_registry_vtable remote_vtable = {
	.backend = "remote",
	.close = remote_close,
	.register_schema = remote_register,
	.by_id = remote_by_id,
	.by_version = remote_by_version,
	.lookup = remote_lookup,
	.delete_subject = remote_delete_subject,
	.list_subjects = remote_list_subjects,
	.cached = remote_cached,
	.request_schema = weir_remote_request_schema,
};

static void add_url(struct weir_remote_registry *self, struct weir_slice url)
{
	url = weir_slice_trim(url);
	while (url.len && url.ptr[url.len - 1] == '/')
		url.len--;
	if (url.len)
		WEIR_VEC_PUSH(&self->urls, weir_arena_copy(&self->settings_arena, url));
}

static bool read_urls(struct weir_remote_registry *self, const char *urls, struct weir_err *err)
{
	struct weir_slice rest = weir_slice_of(urls);

	while (rest.len) {
		const char *comma = memchr(rest.ptr, ',', rest.len);
		size_t len = comma ? (size_t)(comma - rest.ptr) : rest.len;
		add_url(self, weir_slice_make(rest.ptr, len));
		rest = weir_slice_make(rest.ptr + len + (comma != NULL), rest.len - len - (comma != NULL));
	}
	for (size_t i = 0; i < self->urls.count; i++)
		if (!weir_slice_starts_with(self->urls.items[i], WEIR_SLICE("http://")) &&
			!weir_slice_starts_with(self->urls.items[i], WEIR_SLICE("https://")))
			return weir_err_set(err, WEIR_E_USAGE, "\"%.*s\" is not the http or https address of a Schema Registry",
				WEIR_SLICE_ARG(self->urls.items[i]));
	return self->urls.count > 0 || weir_err_set(err, WEIR_E_USAGE, "no address of a Schema Registry is given");
}

static bool open_lines(struct weir_remote_registry *self, const struct weir_remote_registry_config *config, struct weir_err *err)
{
	struct weir_http_client_config client = { .bearer_token = config->bearer_token,
		.ca_file = config->ca_file,
		.cert_file = config->cert_file,
		.key_file = config->key_file,
		.key_password = config->key_password,
		.skip_verify = config->skip_verify,
		.max_body_bytes = MAX_ANSWER_BYTES,
		.timeout_ms = config->timeout_ms ? config->timeout_ms : DEFAULT_TIMEOUT_MS };

	if (config->basic_auth && config->basic_auth[0]) {
		char *user = weir_arena_strdup(&self->settings_arena, config->basic_auth);
		char *colon = strchr(user, ':');
		if (!colon)
			return weir_err_set(err, WEIR_E_USAGE, "basic.auth.user.info must be user:password");
		*colon = '\0';
		client.user = user;
		client.password = colon + 1;
	}
	return weir_http_client_new(&client, &self->calls.client, err) && weir_http_client_new(&client, &self->fetches.client, err);
}

bool weir_registry_open_remote(
	const struct weir_remote_registry_config *config, struct weir_registry **ret_registry, struct weir_err *err)
{
	struct weir_remote_registry *self = weir_alloc_zero(sizeof *self);
	pthread_condattr_t monotonic;

	self->registry.vtable = &remote_vtable;
	self->max_attempts = config->max_attempts ? config->max_attempts : DEFAULT_ATTEMPTS;
	self->backoff_ms = config->backoff_ms ? config->backoff_ms : DEFAULT_BACKOFF_MS;
	weir_arena_init(&self->settings_arena, 512);
	weir_arena_init(&self->cache_arena, 4096);
	weir_map_init(&self->cache);
	pthread_mutex_init(&self->calls.lock, NULL);
	pthread_mutex_init(&self->fetches.lock, NULL);
	pthread_mutex_init(&self->cache_lock, NULL);
	pthread_mutex_init(&self->queue_lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&self->queue_changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (!read_urls(self, config->urls ? config->urls : "", err) || !open_lines(self, config, err) ||
		!weir_remote_start_fetching(self, err)) {
		free_all(self);
		return false;
	}
	if ((size_t)self->max_attempts < self->urls.count)
		self->max_attempts = (int)self->urls.count;
	*ret_registry = &self->registry;
	return true;
}
