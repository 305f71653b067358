/* Inside server/: what endpoints see, and the threads that run them. */
#pragma once

#include "http/response.h"
#include "http/server.h"
#include "registry/embedded.h"
#include "server/server.h"
#include "json/json.h"

#include <pthread.h>
#include <stdio.h>

struct weir_job;

struct weir_server {
	struct weir_server_options options;
	struct weir_log *log;
	struct weir_registry *registry;
	bool registry_is_embedded;
	struct weir_engine *engine;
	struct weir_http_server *http, *registry_http;
	pthread_t threads[4];
	size_t thread_count;
	pthread_mutex_t lock;
	pthread_cond_t has_jobs;
	struct weir_job *first_job, **last_job;
	bool is_closing;
	pthread_mutex_t topic_lock;
	struct weir_log_writer *topic_writer; /* of records that come over HTTP; opened with the first, under topic_lock */
	int print_count;                      /* PRINTs that run, under lock */
};

/* One URL. `run` is called on a job thread and may block; it must end the response. */
struct weir_endpoint {
	const char *method, *path; /* a path that ends in * takes everything below */
	void (*run)(struct weir_server *server, struct weir_http_response *response);
	bool chooses_type; /* negotiates the answer's type itself; the others answer JSON, or 406 */
};

const struct weir_endpoint *weir_endpoint_at(size_t i); /* NULL past the end */

/* ---- Answers ---- */
#define WEIR_JSON_TYPE "application/json"
void weir_answer_json(struct weir_http_response *response, int status, struct weir_slice body);
/* generic_error; status by the error's code. */
void weir_answer_error(struct weir_http_response *response, const struct weir_err *err);
/* statement_error with the entities so far. */
void weir_answer_statement_error(
	struct weir_http_response *response, const struct weir_err *err, struct weir_slice statement, struct weir_slice entities);
/* Why a query or a PRINT does not start: a statement_error when the statement is to blame. /query-stream, and /query asked for
 * another dialect than the array of objects, answer in chunks and without a content type (interfaces.md §1.2). */
void weir_refuse_query(struct weir_http_response *response, const struct weir_err *err, struct weir_slice sql);
/* {"@type":"generic_error",…} without an answer around it. */
void weir_write_generic_error(struct weir_buf *out, const struct weir_err *err);

/* ---- Requests ---- */
/* The body as a JSON object. false: answered. */
bool weir_request_json(struct weir_http_response *response, struct weir_arena *arena, struct weir_json **ret);
/* A member as text, whatever scalar it is; empty when absent. Valid as long as the body. */
struct weir_slice weir_request_text(const struct weir_json *body, const char *name);
/* Overrides and variables of a request's body; `properties_name`: streamsProperties or properties. */
bool weir_request_session(
	struct weir_session *session, const struct weir_json *body, const char *properties_name, struct weir_err *err);

/* endpoints */
void weir_endpoint_topics(struct weir_server *server, struct weir_http_response *response);
void weir_endpoint_info(struct weir_server *server, struct weir_http_response *response);
void weir_endpoint_healthcheck(struct weir_server *server, struct weir_http_response *response);
void weir_endpoint_root(struct weir_server *server, struct weir_http_response *response);
void weir_endpoint_metrics(struct weir_server *server, struct weir_http_response *response);
void weir_endpoint_metadata(struct weir_server *server, struct weir_http_response *response);
void weir_endpoint_metadata_id(struct weir_server *server, struct weir_http_response *response);
void weir_endpoint_is_valid_property(struct weir_server *server, struct weir_http_response *response);
void weir_endpoint_status(struct weir_server *server, struct weir_http_response *response);
/* 404 without a body: nodes do not watch each other here. */
void weir_endpoint_cluster_status(struct weir_server *server, struct weir_http_response *response);
/* /heartbeat, /lag: what other nodes would send; checked and acknowledged. */
void weir_endpoint_node_message(struct weir_server *server, struct weir_http_response *response);
void weir_endpoint_ksql(struct weir_server *server, struct weir_http_response *response);
void weir_endpoint_query(struct weir_server *server, struct weir_http_response *response);
void weir_endpoint_query_stream(struct weir_server *server, struct weir_http_response *response);
void weir_endpoint_inserts_stream(struct weir_server *server, struct weir_http_response *response);
void weir_endpoint_close_query(struct weir_server *server, struct weir_http_response *response);
void weir_endpoint_probe(struct weir_server *server, struct weir_http_response *response);
