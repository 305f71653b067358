/* A small blocking HTTP client on libcurl: one connection cache per client object.
 *
 * Holds: a client serves one call at a time; weir_http_client_cancel() may come from any other thread. Redirects are followed
 * within http and https (at most 3). Only errors of transport are errors: any status is an answer.
 */
#pragma once

#include "base/buf.h"
#include "http/message.h"

struct weir_http_client;

struct weir_http_client_config {
	const char *user_agent;           /* NULL: "weir/<version>" */
	const char *user, *password;      /* Basic, when user is set */
	const char *bearer_token;         /* NULL: none */
	const char *ca_file;              /* PEM; NULL: the system's */
	const char *cert_file, *key_file; /* client certificate: PEM, or PKCS#12 when the name ends in .p12 or .pfx */
	const char *key_password;
	bool skip_verify;           /* accept any certificate */
	bool http2_prior_knowledge; /* h2c on http:// */
	int64_t connect_timeout_ms; /* 0: 10 s */
	int64_t timeout_ms;         /* of a whole call; 0: 60 s; -1: none (streams) */
	size_t max_body_bytes;      /* of a collected answer; 0: 64 MiB */
};

struct weir_http_call {
	const char *method; /* NULL: GET, or POST when body.ptr is set */
	const char *url;
	const struct weir_http_header *headers;
	size_t header_count;
	struct weir_slice body;
	/* When set, the answer's bytes go here as they come instead of into the answer's body, if the status is 2xx; false ends the
	 * call with CANCELLED. `status` is the answer's. Runs on the calling thread. */
	bool (*on_data)(void *ctx, int status, struct weir_slice bytes);
	void *ctx;
};

struct weir_http_answer {
	int status;
	struct weir_buf body;
	struct weir_buf content_type; /* text; empty when there was none */
};

bool weir_http_client_new(const struct weir_http_client_config *config, struct weir_http_client **ret_client, struct weir_err *err);
void weir_http_client_free(struct weir_http_client *client); /* accepts NULL */
/* On success the caller releases the answer by weir_http_answer_fini().
 * Errors: IO (no connection, TLS, broken answer), TIMEOUT, CANCELLED, LIMIT (answer too large), USAGE (bad URL). */
bool weir_http_client_call(struct weir_http_client *client, const struct weir_http_call *call, struct weir_http_answer *ret_answer,
	struct weir_err *err);
/* The call under way (if any) ends with CANCELLED within milliseconds. Thread: any. */
void weir_http_client_cancel(struct weir_http_client *client);
void weir_http_answer_fini(struct weir_http_answer *answer);
