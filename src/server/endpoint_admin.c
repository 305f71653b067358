/* /info, /healthcheck, /metrics, /status and the other small ones. */
#include "server/server_int.h"

static const char *service_id(const struct weir_server *server)
{
	return weir_settings_text(server->options.settings, "ksql.service.id");
}

void weir_endpoint_root(struct weir_server *server, struct weir_http_response *response)
{
	struct weir_http_header location = { .name = WEIR_SLICE("location"), .value = WEIR_SLICE("/info") };

	weir_http_response_send_headers(response, 307, &location, 1, (struct weir_slice){ 0 });
}

void weir_endpoint_info(struct weir_server *server, struct weir_http_response *response)
{
	struct weir_buf out;

	weir_buf_init(&out, 4096);
	weir_buf_printf(&out,
		"{\"KsqlServerInfo\":{\"version\":\"8.5.0\",\"kafkaClusterId\":\"weir-%s\",\"ksqlServiceId\":\"%s\","
		"\"serverStatus\":\"%s\"}}",
		server->log->vtable->backend, service_id(server), weir_engine_health(server->engine, NULL));
	weir_answer_json(response, 200, weir_buf_slice(&out));
	weir_buf_fini(&out);
}

void weir_endpoint_healthcheck(struct weir_server *server, struct weir_http_response *response)
{
	bool healthy = weir_slice_is(weir_slice_of(weir_engine_health(server->engine, NULL)), "RUNNING");
	struct weir_buf out;

	weir_buf_init(&out, 4096);
	weir_buf_printf(&out,
		"{\"isHealthy\":%s,\"details\":{\"metastore\":{\"isHealthy\":true},\"kafka\":{\"isHealthy\":%s},\"commandRunner\":{"
		"\"isHealthy\":true}},"
		"\"serverState\":\"READY\"}",
		healthy ? "true" : "false", healthy ? "true" : "false");
	weir_answer_json(response, 200, weir_buf_slice(&out));
	weir_buf_fini(&out);
}

void weir_endpoint_probe(struct weir_server *server, struct weir_http_response *response)
{
	weir_answer_json(response, 200, WEIR_SLICE("{}"));
}

void weir_endpoint_metrics(struct weir_server *server, struct weir_http_response *response)
{
	struct weir_buf out;

	weir_buf_init(&out, WEIR_BUF_NO_LIMIT);
	weir_engine_metrics(server->engine, &out);
	weir_http_response_send(response, 200, "text/plain; version=0.0.4; charset=utf-8", weir_buf_slice(&out));
	weir_buf_fini(&out);
}

static void write_cluster(struct weir_server *server, struct weir_buf *out)
{
	weir_buf_printf(out,
		"{\"scope\":{\"path\":[],\"clusters\":{\"kafka-cluster\":\"weir-%s\",\"ksql-cluster\":\"%s\"}},\"id\":\"\"}",
		server->log->vtable->backend, service_id(server));
}

void weir_endpoint_metadata(struct weir_server *server, struct weir_http_response *response)
{
	struct weir_buf out;

	weir_buf_init(&out, 4096);
	weir_buf_append_text(&out, "{\"version\":\"8.5.0\",\"clusterId\":");
	write_cluster(server, &out);
	weir_buf_append_byte(&out, '}');
	weir_answer_json(response, 200, weir_buf_slice(&out));
	weir_buf_fini(&out);
}

void weir_endpoint_metadata_id(struct weir_server *server, struct weir_http_response *response)
{
	struct weir_buf out;

	weir_buf_init(&out, 4096);
	write_cluster(server, &out);
	weir_answer_json(response, 200, weir_buf_slice(&out));
	weir_buf_fini(&out);
}

void weir_endpoint_is_valid_property(struct weir_server *server, struct weir_http_response *response)
{
	struct weir_slice path = weir_http_response_request(response)->path, name;
	struct weir_arena arena;
	struct weir_err err = { 0 };

	weir_arena_init(&arena, 512);
	static const struct weir_slice prefix = WEIR_SLICE("/is_valid_property/");
	struct weir_slice encoded = weir_slice_make(path.ptr + prefix.len, path.len - prefix.len);
	if (!weir_http_percent_decode(&arena, encoded, false, &name))
		name = encoded;
	const struct weir_setting_info *info = weir_setting_find(name);
	if ((info && info->scope == WEIR_SETTING_QUERY) || (!info && weir_setting_is_client_setting(name))) {
		weir_answer_json(response, 200, WEIR_SLICE("true"));
	} else {
		weir_err_set(&err, WEIR_E_BAD_REQUEST,
			info ? "'%.*s' can only be set in the server's configuration" : "There is no setting called '%.*s'",
			WEIR_SLICE_ARG(name));
		weir_answer_error(response, &err);
	}
	weir_arena_fini(&arena);
}

void weir_endpoint_status(struct weir_server *server, struct weir_http_response *response)
{
	struct weir_slice path = weir_http_response_request(response)->path, id = { 0 };
	struct weir_arena arena;
	struct weir_err err = { 0 };
	struct weir_buf out;

	weir_arena_init(&arena, 512);
	weir_buf_init(&out, WEIR_BUF_NO_LIMIT);
	if (path.len > 8 && !weir_http_percent_decode(&arena, weir_slice_make(path.ptr + 8, path.len - 8), false, &id))
		id = weir_slice_make(path.ptr + 8, path.len - 8);
	if (weir_engine_command_status(server->engine, id, &out)) {
		weir_answer_json(response, 200, weir_buf_slice(&out));
	} else {
		weir_err_set(&err, WEIR_E_NOT_FOUND, "Command not found");
		weir_answer_error(response, &err);
	}
	weir_buf_fini(&out);
	weir_arena_fini(&arena);
}

void weir_endpoint_cluster_status(struct weir_server *server, struct weir_http_response *response)
{
	weir_answer_json(response, 404, (struct weir_slice){ 0 });
}

void weir_endpoint_node_message(struct weir_server *server, struct weir_http_response *response)
{
	struct weir_arena arena;
	struct weir_json *body;
	struct weir_err err = { 0 };

	weir_arena_init(&arena, 1024);
	if (weir_request_json(response, &arena, &body)) {
		const char *host = weir_slice_is(weir_http_response_request(response)->path, "/lag") ? "ksqlHost" : "hostInfo";
		if (weir_json_is(weir_json_get(body, host), WEIR_JSON_STRING)) {
			weir_answer_json(response, 200, WEIR_SLICE("{\"isOk\":true}"));
		} else {
			weir_err_set(&err, WEIR_E_BAD_REQUEST, "Invalid JSON in request: \"%s\" must be the text host:port", host);
			weir_answer_error(response, &err);
		}
	}
	weir_arena_fini(&arena);
}
