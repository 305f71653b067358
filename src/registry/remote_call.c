/* One call to a remote registry: the address that answered last first, then the others, then again after a growing pause. */
#include "registry/remote_int.h"
#include "json/json.h"

#define MAX_BACKOFF_MS 2000
#define CONTENT_TYPE   "application/vnd.schemaregistry.v1+json"
#define ACCEPT         "application/vnd.schemaregistry.v1+json, application/vnd.schemaregistry+json, application/json"

static const struct weir_http_header headers[] = {
	{ WEIR_SLICE("Content-Type"), WEIR_SLICE(CONTENT_TYPE) },
	{ WEIR_SLICE("Accept"), WEIR_SLICE(ACCEPT) },
};

static bool is_worth_retrying(int status)
{
	return status >= 500 || status == 429 || status == 408;
}

/* What stands in the user part of a URL is nobody's business. */
static struct weir_slice without_credentials(struct weir_arena *arena, struct weir_slice url)
{
	const char *at = url.len ? memrchr(url.ptr, '@', url.len) : NULL;
	const char *scheme_end = memmem(url.ptr, url.len, "://", 3);

	if (!at || !scheme_end || at < scheme_end)
		return url;
	return weir_arena_printf(
		arena, "%.*s%.*s", (int)(scheme_end + 3 - url.ptr), url.ptr, (int)(url.ptr + url.len - at - 1), at + 1);
}

/* True: there is an answer to look at. False: *err says why not. */
static bool try_url(struct weir_http_client *client, struct weir_slice url, const char *method, struct weir_slice path,
	struct weir_slice body, struct weir_arena *arena, struct weir_remote_answer *ret, struct weir_err *err)
{
	struct weir_slice full = weir_arena_printf(arena, "%.*s%.*s", WEIR_SLICE_ARG(url), WEIR_SLICE_ARG(path));
	struct weir_http_call call = { .method = method, .url = full.ptr, .headers = headers, .header_count = 2, .body = body };
	struct weir_http_answer answer;

	if (!weir_http_client_call(client, &call, &answer, err))
		return false;
	bool is_busy = is_worth_retrying(answer.status);
	if (is_busy)
		weir_err_set(err, WEIR_E_REGISTRY_AWAY, "it answers with status %d", answer.status);
	else
		*ret = (struct weir_remote_answer){ .status = answer.status,
			.body = weir_arena_copy(arena, weir_buf_slice(&answer.body)) };
	weir_http_answer_fini(&answer);
	return !is_busy;
}

static void read_error(struct weir_arena *arena, struct weir_remote_answer *answer)
{
	struct weir_json *json;
	struct weir_err ignored;

	if (answer->status / 100 == 2 || !weir_json_parse(arena, answer->body, false, &json, &ignored))
		return;
	answer->error_code = (int)weir_json_get_i64(json, "error_code", 0);
	answer->message = weir_json_get_text(json, "message", "");
}

static bool is_final(const struct weir_err *err)
{
	return err->code == WEIR_E_CANCELLED || err->code == WEIR_E_USAGE || err->code == WEIR_E_LIMIT;
}

static bool give_up(struct weir_remote_registry *self, struct weir_arena *arena, struct weir_slice url, struct weir_err *err)
{
	struct weir_err reason;

	if (err->code == WEIR_E_CANCELLED)
		return false;
	weir_err_copy(&reason, err);
	struct weir_slice shown = without_credentials(arena, url);
	weir_err_set(err, WEIR_E_REGISTRY_AWAY, "the Schema Registry at %.*s gives no answer", WEIR_SLICE_ARG(shown));
	if (reason.code == WEIR_E_REGISTRY_AWAY || shown.len == url.len) /* else the text might hold the credentials */
		weir_err_set(err, WEIR_E_REGISTRY_AWAY, "the Schema Registry at %.*s gives no answer: %s", WEIR_SLICE_ARG(shown),
			reason.text);
	return false;
}

static bool call_locked(struct weir_remote_registry *self, struct weir_http_client *client, const char *method,
	struct weir_slice path, struct weir_slice body, struct weir_arena *arena, struct weir_remote_answer *ret_answer,
	struct weir_err *err)
{
	size_t first = atomic_load(&self->good_url), count = self->urls.count;
	int64_t pause_ms = self->backoff_ms;
	struct weir_slice url = { 0 };

	for (int attempt = 0; attempt < self->max_attempts; attempt++) {
		size_t at = (first + (size_t)attempt) % count;
		url = self->urls.items[at];
		if (try_url(client, url, method, path, body, arena, ret_answer, err)) {
			atomic_store(&self->good_url, at);
			read_error(arena, ret_answer);
			return true;
		}
		if (is_final(err))
			break;
		bool is_round = ((size_t)attempt + 1) % count == 0;
		if (is_round && attempt + 1 < self->max_attempts) {
			if (!weir_remote_pause(self, pause_ms))
				return weir_err_set(err, WEIR_E_CANCELLED, "the Schema Registry's client is closing");
			pause_ms = pause_ms * 2 < MAX_BACKOFF_MS ? pause_ms * 2 : MAX_BACKOFF_MS;
		}
	}
	return give_up(self, arena, url, err);
}

static bool is_registry(const struct weir_remote_answer *answer)
{
	return answer->status / 100 == 2 || answer->error_code != 0;
}

bool weir_remote_call(struct weir_remote_registry *self, struct weir_remote_line *line, const char *method, struct weir_slice path,
	struct weir_slice body, struct weir_arena *arena, struct weir_remote_answer *ret_answer, struct weir_err *err)
{
	struct weir_remote_answer answer;

	pthread_mutex_lock(&line->lock);
	bool ok = call_locked(self, line->client, method, path, body, arena, &answer, err);
	pthread_mutex_unlock(&line->lock);
	if (!ok)
		return false;
	struct weir_slice shown = without_credentials(arena, self->urls.items[atomic_load(&self->good_url)]);
	if (answer.status == 401 || answer.status == 403)
		return weir_err_set(err, WEIR_E_REGISTRY_REFUSED,
			"the Schema Registry at %.*s refuses the credentials (status %d)%s%.*s", WEIR_SLICE_ARG(shown),
			answer.status, answer.message.len ? ": " : "", WEIR_SLICE_ARG(answer.message));
	if (!is_registry(&answer)) {
		weir_err_set(err, WEIR_E_REGISTRY_REFUSED, "what answers at %.*s is no Schema Registry (status %d)",
			WEIR_SLICE_ARG(shown), answer.status);
		return weir_err_advise(err, "Check ksql.schema.registry.url.");
	}
	*ret_answer = answer;
	return true;
}

bool weir_remote_fail(const struct weir_remote_answer *answer, struct weir_err *err)
{
	enum weir_err_code code = WEIR_E_REGISTRY_REFUSED;

	if (answer->status == 404)
		code = WEIR_E_SCHEMA_NOT_FOUND;
	else if (answer->status == 409)
		code = WEIR_E_SCHEMA_INCOMPATIBLE;
	else if (answer->error_code == 42201)
		code = WEIR_E_SCHEMA_INVALID;
	return weir_err_set(err, code, "%.*s; error code: %d", WEIR_SLICE_ARG(answer->message), answer->error_code);
}
