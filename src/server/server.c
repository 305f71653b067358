/* Opens the parts in order, hands requests to a few threads that may block, closes in reverse order.
 *
 * Threads: the HTTP threads only take requests and send bytes; job threads run endpoints.
 */
#include "server/server.h"

#include "base/memory.h"
#include "base/vec.h"
#include "server/print.h"
#include "server/websocket.h"

#include <stdlib.h>

struct weir_job {
	const struct weir_endpoint *endpoint; /* NULL: the registry's */
	struct weir_http_response *response;
	struct weir_ws *ws; /* instead of both */
	struct weir_job *next;
};

/* ---- Jobs ---- */

static void *run_jobs(void *arg)
{
	struct weir_server *server = arg;

	for (;;) {
		pthread_mutex_lock(&server->lock);
		while (!server->first_job && !server->is_closing)
			pthread_cond_wait(&server->has_jobs, &server->lock);
		struct weir_job *job = server->first_job;
		if (job) {
			server->first_job = job->next;
			if (!server->first_job)
				server->last_job = &server->first_job;
		}
		pthread_mutex_unlock(&server->lock);
		if (!job)
			return NULL;
		if (job->ws)
			weir_ws_run(job->ws);
		else if (job->endpoint)
			job->endpoint->run(server, job->response);
		else
			weir_registry_rest_handle(server->registry, weir_http_response_request(job->response), job->response);
		weir_http_response_unref(job->response);
		free(job);
	}
}

static void push_job(struct weir_server *server, struct weir_job *job)
{
	pthread_mutex_lock(&server->lock);
	*server->last_job = job;
	server->last_job = &job->next;
	pthread_cond_signal(&server->has_jobs);
	pthread_mutex_unlock(&server->lock);
}

static void add_job(struct weir_server *server, const struct weir_endpoint *endpoint, struct weir_http_response *response)
{
	struct weir_job *job = weir_alloc_zero(sizeof *job);

	job->endpoint = endpoint;
	job->response = weir_http_response_ref(response);
	push_job(server, job);
}

static void add_websocket(struct weir_server *server, struct weir_http_response *response)
{
	struct weir_ws *ws = weir_ws_accept(server, response);

	if (!ws)
		return;
	struct weir_job *job = weir_alloc_zero(sizeof *job);
	job->ws = ws;
	job->response = weir_http_response_ref(response);
	push_job(server, job);
}

/* ---- Routing ---- */

static struct weir_slice clean_path(struct weir_slice path)
{
	while (path.len > 1 && path.ptr[0] == '/' && path.ptr[1] == '/')
		path = weir_slice_make(path.ptr + 1, path.len - 1);
	while (path.len > 1 && path.ptr[path.len - 1] == '/')
		path.len--;
	return path;
}

/* A `*` stands for one segment that is not empty; at the end, for all that is left. */
static bool path_matches(struct weir_slice path, const char *pattern)
{
	size_t at = 0;

	for (; *pattern; pattern++) {
		size_t start = at;
		if (*pattern != '*') {
			if (at == path.len || path.ptr[at++] != *pattern)
				return false;
			continue;
		}
		while (at < path.len && (path.ptr[at] != '/' || !pattern[1]))
			at++;
		if (at == start)
			return false;
	}
	return at == path.len;
}

static bool accepts_json(const struct weir_http_request *request)
{
	static const char *const types[] = { "application/json", "application/vnd.ksql.v1+json", "application/*", "*/*" };
	struct weir_slice accept = weir_http_request_header(request, "accept");

	if (!accept.ptr || accept.len == 0)
		return true;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (memmem(accept.ptr, accept.len, types[i], strlen(types[i])))
			return true;
	return false;
}

static void route(void *ctx, const struct weir_http_request *request, struct weir_http_response *response)
{
	struct weir_server *server = ctx;
	struct weir_slice path = clean_path(request->path);
	const struct weir_endpoint *endpoint;
	const char *other_method = NULL;

	if (weir_slice_is(path, "/ws/query") && weir_slice_is(request->method, "GET")) {
		add_websocket(server, response);
		return;
	}
	for (size_t i = 0; (endpoint = weir_endpoint_at(i)); i++) {
		if (!path_matches(path, endpoint->path))
			continue;
		if (weir_slice_is(request->method, endpoint->method)) {
			if (!endpoint->chooses_type && !accepts_json(request)) {
				weir_http_response_send(response, 406, NULL, (struct weir_slice){ 0 });
				return;
			}
			add_job(server, endpoint, response);
			return;
		}
		other_method = endpoint->method;
	}
	if (other_method)
		weir_http_response_send_not_allowed(response, other_method);
	else
		weir_http_response_send(response, 404, "text/html; charset=utf-8",
			WEIR_SLICE("<html><body><h1>Resource not found</h1></body></html>"));
}

static void route_registry(void *ctx, const struct weir_http_request *request, struct weir_http_response *response)
{
	add_job(ctx, NULL, response);
}

/* ---- Opening ---- */

/* Whatever the user set that is none of weir's own goes to the Kafka clients. */
static bool open_kafka(struct weir_server *server, struct weir_err *err)
{
	const struct weir_settings *settings = server->options.settings;
	WEIR_VEC(struct weir_kafka_setting) passed = { 0 };

	for (struct weir_map_entry *e = NULL; (e = weir_map_next(&settings->values, e));) {
		struct weir_kafka_setting setting = { .name = e->key.ptr, .value = e->value };
		if (weir_slice_is(e->key, "bootstrap.servers") ||
			(!weir_setting_find(e->key) && !weir_slice_starts_with(e->key, WEIR_SLICE("ksql."))))
			WEIR_VEC_PUSH(&passed, setting);
	}
	struct weir_kafka_options options = {
		.settings = passed.items,
		.setting_count = passed.count,
		.service_id = weir_settings_text(settings, "ksql.service.id"),
		.clock = &weir_system_clock,
		.logger = server->options.logger,
	};
	bool ok = weir_log_open_kafka(&options, &server->log, err);
	WEIR_VEC_FREE(&passed);
	return ok;
}

static bool open_log(struct weir_server *server, struct weir_err *err)
{
	const struct weir_settings *settings = server->options.settings;

	if (weir_settings_text(settings, "bootstrap.servers"))
		return open_kafka(server, err);
	struct weir_local_options options = {
		.path = weir_settings_text(settings, "weir.data.dir"),
		.max_bytes = (uint64_t)weir_settings_int(settings, "weir.data.max.bytes"),
		.clock = &weir_system_clock,
	};
	return weir_log_open_local(&options, &server->log, err);
}

static bool open_registry(struct weir_server *server, struct weir_err *err)
{
	const struct weir_settings *settings = server->options.settings;
	const char *url = weir_settings_text(settings, "ksql.schema.registry.url");
	struct weir_schema_log *schema_log;

	if (url) {
		struct weir_remote_registry_config config = {
			.urls = url,
			.basic_auth = weir_settings_text(settings, "ksql.schema.registry.basic.auth.user.info"),
			.ca_file = weir_settings_text(settings, "ksql.schema.registry.ssl.ca.location"),
		};
		return weir_registry_open_remote(&config, &server->registry, err);
	}
	server->registry_is_embedded = true;
	return weir_schema_log_open_topic(server->log, &weir_system_clock, &schema_log, err) &&
	       weir_registry_open_embedded(schema_log, &server->registry, err);
}

/* "http://host:port" or "host:port" */
static bool parse_listener(const char *text, char *host, size_t size, uint16_t *ret_port, struct weir_err *err)
{
	struct weir_slice rest = weir_slice_of(text);
	static const struct weir_slice scheme = WEIR_SLICE("http://");
	int64_t port;

	if (weir_slice_starts_with(rest, scheme))
		rest = weir_slice_make(rest.ptr + scheme.len, rest.len - scheme.len);
	const char *colon = memrchr(rest.ptr, ':', rest.len);
	if (!colon || !weir_slice_to_i64(weir_slice_make(colon + 1, rest.len - (size_t)(colon + 1 - rest.ptr)), &port) ||
		port < 0 || port > 65535) {
		weir_err_set(err, WEIR_E_USAGE, "'%s' is no address to listen on", text);
		return weir_err_advise(err, "Write HOST:PORT, such as 127.0.0.1:8088.");
	}
	snprintf(host, size, "%.*s", (int)(colon - rest.ptr), rest.ptr);
	*ret_port = (uint16_t)port;
	return true;
}

static bool listen_on(struct weir_server *server, const char *address, weir_http_handler_fn *handler, struct weir_http_server **ret,
	struct weir_err *err)
{
	char host[256];
	struct weir_http_listener listener = { .host = host };
	struct weir_http_server_config config = { .listeners = &listener, .listener_count = 1, .handler = handler, .ctx = server };

	return parse_listener(address, host, sizeof host, &listener.port, err) && weir_http_server_open(&config, ret, err) &&
	       weir_http_server_start(*ret, err);
}

static bool start_listening(struct weir_server *server, struct weir_err *err)
{
	const char *registry = weir_settings_text(server->options.settings, "weir.registry.listener");

	if (server->registry_is_embedded && registry && strcmp(registry, "off") != 0 &&
		!listen_on(server, registry, route_registry, &server->registry_http, err))
		return weir_err_prefix(err, "The Schema Registry's listener");
	return listen_on(server, weir_settings_text(server->options.settings, "listeners"), route, &server->http, err) ||
	       weir_err_prefix(err, "The listener");
}

static bool open_engine(struct weir_server *server, struct weir_err *err)
{
	struct weir_engine_options options = {
		.log = server->log,
		.registry = server->registry,
		.settings = server->options.settings,
		.clock = &weir_system_clock,
		.logger = server->options.logger,
	};

	return weir_engine_open(&options, &server->engine, err);
}

bool weir_server_open(const struct weir_server_options *options, struct weir_server **ret, struct weir_err *err)
{
	struct weir_server *server = weir_alloc_zero(sizeof *server);

	server->options = *options;
	server->last_job = &server->first_job;
	pthread_mutex_init(&server->lock, NULL);
	pthread_mutex_init(&server->topic_lock, NULL);
	pthread_cond_init(&server->has_jobs, NULL);
	bool ok = open_log(server, err) && open_registry(server, err) && open_engine(server, err);
	for (size_t i = 0; ok && i < sizeof server->threads / sizeof *server->threads; i++)
		if (pthread_create(&server->threads[i], NULL, run_jobs, server) == 0)
			server->thread_count++;
	ok = ok && start_listening(server, err);
	if (!ok) {
		weir_server_close(server);
		return false;
	}
	*ret = server;
	return true;
}

void weir_server_close(struct weir_server *server)
{
	if (!server)
		return;
	if (server->http)
		weir_http_server_stop(server->http, 500);
	if (server->registry_http)
		weir_http_server_stop(server->registry_http, 500);
	pthread_mutex_lock(&server->lock);
	server->is_closing = true;
	pthread_cond_broadcast(&server->has_jobs);
	pthread_mutex_unlock(&server->lock);
	for (size_t i = 0; i < server->thread_count; i++)
		pthread_join(server->threads[i], NULL);
	weir_print_stop_all(server);
	weir_engine_close(server->engine);
	weir_http_server_free(server->http);
	weir_http_server_free(server->registry_http);
	weir_registry_close(server->registry);
	if (server->log) {
		server->log->vtable->writer_close(server->topic_writer);
		server->log->vtable->close(server->log);
	}
	pthread_mutex_destroy(&server->topic_lock);
	pthread_mutex_destroy(&server->lock);
	pthread_cond_destroy(&server->has_jobs);
	free(server);
}

int weir_server_port(const struct weir_server *server)
{
	return weir_http_server_port(server->http, 0);
}

int weir_server_registry_port(const struct weir_server *server)
{
	return server->registry_http ? weir_http_server_port(server->registry_http, 0) : 0;
}
