/* The client: one easy handle, driven by a multi handle so that another thread can wake and cancel it. */
#include "http/client.h"

#include "base/memory.h"

#include <assert.h>
#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define DEFAULT_CONNECT_TIMEOUT_MS 10000
#define DEFAULT_TIMEOUT_MS         60000
#define DEFAULT_MAX_BODY_BYTES     ((size_t)64 << 20)
#define POLL_MS                    1000

struct weir_http_client {
	CURL *easy;
	CURLM *multi;
	struct weir_buf userpwd, bearer, user_agent, ca_file, cert_file, key_file, key_password;
	bool skip_verify, http2_prior_knowledge;
	long connect_timeout_ms, timeout_ms;
	size_t max_body_bytes;
	atomic_bool is_cancelled;
	char reason[CURL_ERROR_SIZE];
};

/* One call under way. */
struct transfer {
	struct weir_http_client *client;
	const struct weir_http_call *call;
	struct weir_buf body;
	bool is_refused_by_receiver;
};

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void init_curl(void)
{
	curl_global_init(CURL_GLOBAL_DEFAULT);
}

static void keep(struct weir_buf *copy, const char *text)
{
	weir_buf_init(copy, WEIR_BUF_NO_LIMIT);
	if (text)
		weir_buf_append_text(copy, text);
}

static const char *kept(struct weir_buf *copy)
{
	return copy->len ? weir_buf_cstr(copy) : NULL;
}

static void keep_credentials(struct weir_http_client *client, const struct weir_http_client_config *config)
{
	keep(&client->userpwd, config->user);
	if (config->user)
		weir_buf_printf(&client->userpwd, ":%s", config->password ? config->password : "");
	keep(&client->bearer, config->bearer_token);
	keep(&client->user_agent, config->user_agent ? config->user_agent : "weir/" WEIR_VERSION);
	keep(&client->ca_file, config->ca_file);
	keep(&client->cert_file, config->cert_file);
	keep(&client->key_file, config->key_file);
	keep(&client->key_password, config->key_password);
}

bool weir_http_client_new(const struct weir_http_client_config *config, struct weir_http_client **ret_client, struct weir_err *err)
{
	pthread_once(&curl_once, init_curl);
	struct weir_http_client *client = weir_alloc_zero(sizeof *client);
	client->easy = curl_easy_init();
	client->multi = curl_multi_init();
	keep_credentials(client, config);
	if (!client->easy || !client->multi) {
		weir_http_client_free(client);
		return weir_err_set(err, WEIR_E_IO, "libcurl cannot be started");
	}
	client->skip_verify = config->skip_verify;
	client->http2_prior_knowledge = config->http2_prior_knowledge;
	client->connect_timeout_ms =
		(long)(config->connect_timeout_ms > 0 ? config->connect_timeout_ms : DEFAULT_CONNECT_TIMEOUT_MS);
	client->timeout_ms = (long)(config->timeout_ms < 0 ? 0 : config->timeout_ms ? config->timeout_ms : DEFAULT_TIMEOUT_MS);
	client->max_body_bytes = config->max_body_bytes ? config->max_body_bytes : DEFAULT_MAX_BODY_BYTES;
	*ret_client = client;
	return true;
}

void weir_http_client_free(struct weir_http_client *client)
{
	if (!client)
		return;
	curl_easy_cleanup(client->easy);
	curl_multi_cleanup(client->multi);
	struct weir_buf *texts[] = { &client->userpwd, &client->bearer, &client->user_agent, &client->ca_file, &client->cert_file,
		&client->key_file, &client->key_password };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		weir_buf_fini(texts[i]);
	free(client);
}

void weir_http_client_cancel(struct weir_http_client *client)
{
	atomic_store(&client->is_cancelled, true);
	curl_multi_wakeup(client->multi);
}

static size_t on_bytes(char *bytes, size_t size, size_t count, void *userdata)
{
	struct transfer *transfer = userdata;
	const struct weir_http_call *call = transfer->call;
	struct weir_slice piece = weir_slice_make(bytes, size * count);
	long status = 0;

	curl_easy_getinfo(transfer->client->easy, CURLINFO_RESPONSE_CODE, &status);
	if (call->on_data && status / 100 == 2) {
		if (call->on_data(call->ctx, (int)status, piece))
			return piece.len;
		transfer->is_refused_by_receiver = true;
		return 0;
	}
	weir_buf_append_slice(&transfer->body, piece);
	return weir_buf_ok(&transfer->body) ? piece.len : 0;
}

static struct curl_slist *make_headers(const struct weir_http_call *call)
{
	struct curl_slist *list = curl_slist_append(NULL, "Expect:");
	struct weir_buf line;

	weir_buf_init(&line, WEIR_BUF_NO_LIMIT);
	for (size_t i = 0; i < call->header_count; i++) {
		weir_buf_reset(&line);
		weir_buf_printf(&line, "%.*s: %.*s", WEIR_SLICE_ARG(call->headers[i].name), WEIR_SLICE_ARG(call->headers[i].value));
		list = curl_slist_append(list, weir_buf_cstr(&line));
	}
	weir_buf_fini(&line);
	return list;
}

static void set_tls(struct weir_http_client *client)
{
	CURL *easy = client->easy;
	const char *cert = kept(&client->cert_file);
	struct weir_slice name = weir_buf_slice(&client->cert_file);
	bool is_pkcs12 = weir_slice_ends_with(name, WEIR_SLICE(".p12")) || weir_slice_ends_with(name, WEIR_SLICE(".pfx"));

	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, client->skip_verify ? 0L : 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, client->skip_verify ? 0L : 2L);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (client->ca_file.len)
		curl_easy_setopt(easy, CURLOPT_CAINFO, kept(&client->ca_file));
	if (!cert)
		return;
	curl_easy_setopt(easy, CURLOPT_SSLCERT, cert);
	curl_easy_setopt(easy, CURLOPT_SSLCERTTYPE, is_pkcs12 ? "P12" : "PEM");
	if (!is_pkcs12)
		curl_easy_setopt(easy, CURLOPT_SSLKEY, client->key_file.len ? kept(&client->key_file) : cert);
	if (client->key_password.len)
		curl_easy_setopt(easy, CURLOPT_KEYPASSWD, kept(&client->key_password));
}

static void set_credentials(struct weir_http_client *client)
{
	if (client->userpwd.len) {
		curl_easy_setopt(client->easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
		curl_easy_setopt(client->easy, CURLOPT_USERPWD, kept(&client->userpwd));
	}
	if (client->bearer.len) {
		curl_easy_setopt(client->easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER);
		curl_easy_setopt(client->easy, CURLOPT_XOAUTH2_BEARER, kept(&client->bearer));
	}
}

static void set_method(CURL *easy, const struct weir_http_call *call)
{
	bool has_body = call->body.ptr != NULL;

	if (has_body) {
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.len);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, call->body.ptr);
	}
	if (!call->method)
		return;
	if (strcmp(call->method, "HEAD") == 0)
		curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
	else if (strcmp(call->method, "GET") != 0 || has_body)
		curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, call->method);
}

static void set_up(struct weir_http_client *client, struct transfer *transfer, struct curl_slist *headers)
{
	CURL *easy = client->easy;

	curl_easy_reset(easy); /* keeps connections */
	client->reason[0] = '\0';
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, client->reason);
	curl_easy_setopt(easy, CURLOPT_URL, transfer->call->url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(easy, CURLOPT_MAXREDIRS, 3L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, client->connect_timeout_ms);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, client->timeout_ms);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, kept(&client->user_agent));
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_bytes);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
		client->http2_prior_knowledge ? (long)CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE : (long)CURL_HTTP_VERSION_2TLS);
	/* libcurl before 8.0 breaks a prior-knowledge connection that it uses again (curl #10634) */
	if (client->http2_prior_knowledge)
		curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
	set_tls(client);
	set_credentials(client);
	set_method(easy, transfer->call);
}

static CURLcode finished_code(struct weir_http_client *client)
{
	int left;

	for (CURLMsg *message; (message = curl_multi_info_read(client->multi, &left));)
		if (message->msg == CURLMSG_DONE)
			return message->data.result;
	return CURLE_GOT_NOTHING;
}

/* CURLE_ABORTED_BY_CALLBACK when cancelled. */
static CURLcode run(struct weir_http_client *client)
{
	int running = 1;

	if (curl_multi_add_handle(client->multi, client->easy) != CURLM_OK)
		return CURLE_FAILED_INIT;
	while (running && !atomic_load(&client->is_cancelled)) {
		if (curl_multi_perform(client->multi, &running) != CURLM_OK)
			break;
		if (running && !atomic_load(&client->is_cancelled))
			curl_multi_poll(client->multi, NULL, 0, POLL_MS, NULL);
	}
	CURLcode code = running ? CURLE_ABORTED_BY_CALLBACK : finished_code(client);
	curl_multi_remove_handle(client->multi, client->easy);
	return code;
}

static bool fail(const struct transfer *transfer, CURLcode code, struct weir_err *err)
{
	const struct weir_http_client *client = transfer->client;
	const char *url = transfer->call->url;
	const char *reason = client->reason[0] ? client->reason : curl_easy_strerror(code);

	if (code == CURLE_ABORTED_BY_CALLBACK || transfer->is_refused_by_receiver)
		return weir_err_set(err, WEIR_E_CANCELLED, "the request to %s was cancelled", url);
	if (!weir_buf_ok(&transfer->body))
		return weir_err_set(err, WEIR_E_LIMIT, "the answer of %s is larger than %zu bytes", url, client->max_body_bytes);
	if (code == CURLE_OPERATION_TIMEDOUT)
		return weir_err_set(err, WEIR_E_TIMEOUT, "%s did not answer in time: %s", url, reason);
	if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
		return weir_err_set(err, WEIR_E_USAGE, "%s is not an http or https address", url);
	return weir_err_set(err, WEIR_E_IO, "%s cannot be reached: %s", url, reason);
}

bool weir_http_client_call(struct weir_http_client *client, const struct weir_http_call *call, struct weir_http_answer *ret_answer,
	struct weir_err *err)
{
	struct transfer transfer = { .client = client, .call = call };
	struct curl_slist *headers = make_headers(call);

	assert(call->url);
	weir_buf_init(&transfer.body, client->max_body_bytes);
	set_up(client, &transfer, headers);
	atomic_store(&client->is_cancelled, false);
	CURLcode code = run(client);
	if (code != CURLE_OK) {
		fail(&transfer, code, err);
		curl_slist_free_all(headers);
		weir_buf_fini(&transfer.body);
		return false;
	}
	long status = 0;
	char *content_type = NULL;
	curl_easy_getinfo(client->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(client->easy, CURLINFO_CONTENT_TYPE, &content_type);
	ret_answer->status = (int)status;
	ret_answer->body = transfer.body;
	keep(&ret_answer->content_type, content_type);
	curl_slist_free_all(headers);
	return true;
}

void weir_http_answer_fini(struct weir_http_answer *answer)
{
	weir_buf_fini(&answer->body);
	weir_buf_fini(&answer->content_type);
}
