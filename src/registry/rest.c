/* The REST interface: one table of routes, and what all of them share. */
#include "registry/rest_int.h"

#include "registry/embedded.h"

#include <assert.h>

#define CONTENT_TYPE "application/vnd.schemaregistry.v1+json"

struct route {
	const char *method, *pattern; /* '*' stands for one segment */
	weir_rest_fn *handle;
};

static const struct route routes[] = {
	{ "GET", "", weir_rest_root },
	{ "GET", "subjects", weir_rest_list_subjects },
	{ "POST", "subjects/*", weir_rest_lookup },
	{ "DELETE", "subjects/*", weir_rest_delete_subject },
	{ "GET", "subjects/*/versions", weir_rest_list_versions },
	{ "POST", "subjects/*/versions", weir_rest_register },
	{ "GET", "subjects/*/versions/*", weir_rest_get_version },
	{ "DELETE", "subjects/*/versions/*", weir_rest_delete_version },
	{ "GET", "subjects/*/versions/*/schema", weir_rest_get_version_schema },
	{ "GET", "subjects/*/versions/*/referencedby", weir_rest_referenced_by },
	{ "GET", "schemas/types", weir_rest_types },
	{ "GET", "schemas/ids/*", weir_rest_schema_by_id },
	{ "GET", "schemas/ids/*/schema", weir_rest_schema_text_by_id },
	{ "GET", "schemas/ids/*/subjects", weir_rest_subjects_of_id },
	{ "GET", "schemas/ids/*/versions", weir_rest_versions_of_id },
	{ "GET", "schemas/guids/*", weir_rest_by_guid },
	{ "GET", "config", weir_rest_get_config },
	{ "PUT", "config", weir_rest_put_config },
	{ "DELETE", "config", weir_rest_delete_config },
	{ "GET", "config/*", weir_rest_get_config },
	{ "PUT", "config/*", weir_rest_put_config },
	{ "DELETE", "config/*", weir_rest_delete_config },
	{ "GET", "mode", weir_rest_get_mode },
	{ "PUT", "mode", weir_rest_put_mode },
	{ "DELETE", "mode", weir_rest_delete_mode },
	{ "GET", "mode/*", weir_rest_get_mode },
	{ "PUT", "mode/*", weir_rest_put_mode },
	{ "DELETE", "mode/*", weir_rest_delete_mode },
	{ "POST", "compatibility/subjects/*/versions", weir_rest_check_subject },
	{ "POST", "compatibility/subjects/*/versions/*", weir_rest_check_version },
	{ "GET", "contexts", weir_rest_contexts },
	{ "GET", "v1/metadata/id", weir_rest_metadata_id },
	{ "GET", "v1/metadata/version", weir_rest_metadata_version },
};

bool weir_rest_flag(struct weir_rest *rest, const char *name)
{
	struct weir_slice value = weir_rest_param(rest, name);

	return weir_slice_equals_nocase(value, WEIR_SLICE("true"));
}

struct weir_slice weir_rest_param(struct weir_rest *rest, const char *name)
{
	struct weir_slice value = { 0 };

	weir_http_request_query_param(rest->request, rest->call.arena, name, &value);
	return value;
}

bool weir_rest_version(struct weir_rest *rest, size_t at, int32_t *ret_version)
{
	struct weir_slice text = rest->segments[at];
	int64_t version = 0;

	if (weir_slice_is(text, "latest"))
		version = -1;
	else if (!weir_slice_to_i64(text, &version) || version > INT32_MAX || version < -1 || version == 0)
		return weir_registry_fail(rest->call.failure, rest->call.arena, 422, 42202,
			"The specified version '%.*s' is not a valid version id. Allowed values are between [1, 2^31-1] and the "
			"string \"latest\"",
			WEIR_SLICE_ARG(text));
	*ret_version = (int32_t)version;
	return true;
}

bool weir_rest_id(struct weir_rest *rest, size_t at, int32_t *ret_id)
{
	int64_t id;

	if (!weir_slice_to_i64(rest->segments[at], &id) || id < 0 || id > INT32_MAX)
		return weir_registry_fail(rest->call.failure, rest->call.arena, 404, 404, "HTTP 404 Not Found");
	*ret_id = (int32_t)id;
	return true;
}

bool weir_rest_read_body(struct weir_rest *rest, struct weir_json **ret_json)
{
	struct weir_err err;

	if (!weir_json_parse(rest->call.arena, rest->request->body, false, ret_json, &err))
		return weir_registry_fail(
			rest->call.failure, rest->call.arena, 400, 400, "The request's body is not valid JSON: %s", err.text);
	if ((*ret_json)->kind != WEIR_JSON_OBJECT)
		return weir_registry_fail(
			rest->call.failure, rest->call.arena, 400, 400, "The request's body must be a JSON object");
	return true;
}

bool weir_rest_read_schema(struct weir_rest *rest, struct weir_register_request *ret_request)
{
	struct weir_json *json;
	struct weir_register_request request = { 0 };

	if (!weir_rest_read_body(rest, &json))
		return false;
	struct weir_slice kind = weir_json_get_text(json, "schemaType", "");
	if (!weir_schema_kind_parse(kind, &request.schema.kind))
		return weir_registry_fail(
			rest->call.failure, rest->call.arena, 422, 42201, "Invalid schema type %.*s", WEIR_SLICE_ARG(kind));
	if (!weir_references_decode(rest->call.arena, json, &request.schema))
		return weir_registry_fail(rest->call.failure, rest->call.arena, 422, 42201,
			"Invalid schema: each reference needs a name, a subject and a version");
	request.schema.text = weir_json_get_text(json, "schema", "");
	request.id = (int32_t)weir_json_get_i64(json, "id", 0);
	request.version = (int32_t)weir_json_get_i64(json, "version", 0);
	if (request.id < 0)
		request.id = 0;
	*ret_request = request;
	return true;
}

void weir_rest_write_int_list(struct weir_rest *rest, const int32_t *items, size_t count)
{
	weir_json_begin_array(&rest->writer);
	for (size_t i = 0; i < count; i++)
		weir_json_write_i64(&rest->writer, items[i]);
	weir_json_end_array(&rest->writer);
}

void weir_rest_write_text_list(struct weir_rest *rest, const struct weir_slice *items, size_t count)
{
	weir_json_begin_array(&rest->writer);
	for (size_t i = 0; i < count; i++)
		weir_json_write_string(&rest->writer, items[i]);
	weir_json_end_array(&rest->writer);
}

void weir_rest_write_schema(struct weir_rest *rest, const struct weir_registered_schema *schema, bool with_id)
{
	struct weir_json_writer *writer = &rest->writer;

	weir_json_begin_object(writer);
	if (schema->subject.len) {
		weir_json_key(writer, "subject");
		weir_json_write_string(writer, schema->subject);
		weir_json_key(writer, "version");
		weir_json_write_i64(writer, schema->version);
	}
	if (with_id) {
		weir_json_key(writer, "id");
		weir_json_write_i64(writer, schema->id);
	}
	weir_json_key(writer, "guid");
	weir_json_write_string(writer, weir_schema_guid(rest->call.arena, &schema->schema));
	if (schema->schema.kind != WEIR_SCHEMA_AVRO) {
		weir_json_key(writer, "schemaType");
		weir_json_write_text(writer, weir_schema_kind_name(schema->schema.kind));
	}
	weir_references_encode(writer, &schema->schema);
	weir_json_key(writer, "schema");
	weir_json_write_string(writer, schema->schema.text);
	weir_json_end_object(writer);
}

static bool split_path(struct weir_rest *rest)
{
	struct weir_slice path = rest->request->path, segment;

	while (weir_http_path_next(&path, &segment)) {
		if (rest->segment_count == WEIR_REST_MAX_SEGMENTS)
			return false;
		if (!weir_http_percent_decode(rest->call.arena, segment, false, &rest->segments[rest->segment_count++]))
			return false;
	}
	return true;
}

static bool matches(const struct weir_rest *rest, const char *pattern)
{
	struct weir_slice rest_of_pattern = weir_slice_of(pattern), word;
	size_t at = 0;

	for (; weir_http_path_next(&rest_of_pattern, &word); at++)
		if (at == rest->segment_count || (!weir_slice_is(word, "*") && !weir_slice_equals(word, rest->segments[at])))
			return false;
	return at == rest->segment_count;
}

static const struct route *find_route(const struct weir_rest *rest, bool *ret_is_known_path)
{
	*ret_is_known_path = false;
	for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
		if (!matches(rest, routes[i].pattern))
			continue;
		*ret_is_known_path = true;
		if (weir_slice_is(rest->request->method, routes[i].method))
			return &routes[i];
	}
	return NULL;
}

static bool run(struct weir_rest *rest)
{
	bool is_known_path = false;

	if (split_path(rest)) {
		const struct route *route = find_route(rest, &is_known_path);
		if (route)
			return route->handle(rest);
	}
	int status = is_known_path ? 405 : 404;
	return weir_registry_fail(rest->call.failure, rest->call.arena, status, status,
		is_known_path ? "HTTP 405 Method Not Allowed" : "HTTP 404 Not Found");
}

static void write_failure(struct weir_rest *rest)
{
	weir_buf_reset(&rest->body);
	weir_json_writer_init(&rest->writer, &rest->body);
	weir_json_begin_object(&rest->writer);
	weir_json_key(&rest->writer, "error_code");
	weir_json_write_i64(&rest->writer, rest->call.failure->code);
	weir_json_key(&rest->writer, "message");
	weir_json_write_string(&rest->writer, rest->call.failure->text);
	weir_json_end_object(&rest->writer);
}

void weir_registry_rest_handle(
	struct weir_registry *registry, const struct weir_http_request *request, struct weir_http_response *response)
{
	struct weir_arena request_arena;
	struct weir_registry_failure failure = { 0 };
	struct weir_rest rest = { .request = request };

	weir_arena_init(&request_arena, 8192);
	weir_buf_init(&rest.body, WEIR_BUF_NO_LIMIT);
	rest.call = (struct weir_embedded_call){ (struct weir_embedded_registry *)registry, &request_arena, &failure };
	weir_json_writer_init(&rest.writer, &rest.body);
	bool ok = run(&rest);
	if (!ok)
		write_failure(&rest);
	assert(ok || failure.status);
	weir_http_response_send(response, ok ? 200 : failure.status, CONTENT_TYPE, weir_buf_slice(&rest.body));
	weir_buf_fini(&rest.body);
	weir_arena_fini(&request_arena);
}
