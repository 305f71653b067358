/* log.h over the endpoints under /weir/topics (server/endpoint_topics.c).
 *
 * Holds: a commit's records go out in requests of about a megabyte, each of them durable when it is answered. */
#include "cli/remote_log.h"

#include "base/memory.h"
#include "base/vec.h"
#include "http/client.h"
#include "http/message.h"
#include "server/jsonl.h"
#include "server/topic_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define REQUEST_BYTES ((size_t)1 << 20)
#define LOOK_AGAIN_MS 200

struct remote_log {
	struct weir_log log; /* first */
	char *url;
	struct weir_http_client *http;
};

struct source {
	char *topic;
	int32_t partition;
	int64_t offset;
	void *tag;
	bool is_paused;
};

struct weir_log_reader {
	struct remote_log *log;
	WEIR_VEC(struct source) sources;
	size_t turn;
	struct weir_arena arena; /* the records handed out */
};

struct weir_log_writer {
	struct remote_log *log;
	char *topic; /* of the lines gathered */
	struct weir_buf lines;
};

/* ---- Calls ---- */

static bool fail_with_answer(const struct weir_http_answer *answer, struct weir_arena *arena, struct weir_err *err)
{
	struct weir_json *json;
	struct weir_err ignored;
	enum weir_err_code code = answer->status >= 500 ? WEIR_E_LOG_IO : WEIR_E_INVALID_STATEMENT;

	if (weir_json_parse(arena, weir_buf_slice(&answer->body), true, &json, &ignored) && weir_json_get(json, "message"))
		return weir_err_set(err, code, "%.*s", WEIR_SLICE_ARG(weir_json_get_text(json, "message", "")));
	return weir_err_set(err, code, "The server answers with status %d", answer->status);
}

/* The answer's body, in the arena. `path` is what follows /weir/topics, encoded. */
static bool call(struct remote_log *log, const char *method, struct weir_slice path, struct weir_slice body,
	struct weir_arena *arena, struct weir_slice *ret, struct weir_err *err)
{
	struct weir_http_header header = { WEIR_SLICE("content-type"), WEIR_SLICE("application/json") };
	struct weir_http_answer answer;
	struct weir_slice url = weir_arena_printf(arena, "%s/weir/topics%.*s", log->url, WEIR_SLICE_ARG(path));
	struct weir_http_call request = { .method = method, .url = url.ptr, .headers = &header, .header_count = 1, .body = body };

	if (!weir_http_client_call(log->http, &request, &answer, err))
		return false;
	bool ok = answer.status == 200;
	if (ok)
		*ret = weir_arena_copy(arena, weir_buf_slice(&answer.body));
	else
		fail_with_answer(&answer, arena, err);
	weir_http_answer_fini(&answer);
	return ok;
}

static bool call_json(struct remote_log *log, const char *method, struct weir_slice path, struct weir_slice body,
	struct weir_arena *arena, struct weir_json **ret, struct weir_err *err)
{
	struct weir_slice text;

	return call(log, method, path, body, arena, &text, err) && weir_json_parse(arena, text, true, ret, err);
}

static struct weir_slice topic_path(struct weir_arena *arena, struct weir_slice name, const char *rest)
{
	struct weir_buf path;

	weir_buf_init(&path, WEIR_BUF_NO_LIMIT);
	weir_buf_append_byte(&path, '/');
	weir_http_percent_encode(&path, name);
	weir_buf_append_text(&path, rest);
	struct weir_slice copy = weir_arena_copy(arena, weir_buf_slice(&path));
	weir_buf_fini(&path);
	return copy;
}

/* ---- Topics ---- */

static bool send_config(struct weir_log *log, const char *method, const struct weir_topic_config *config, struct weir_err *err)
{
	struct weir_arena arena;
	struct weir_json_writer json;
	struct weir_buf body;
	struct weir_slice ignored;

	weir_arena_init(&arena, 2048);
	weir_buf_init(&body, WEIR_BUF_NO_LIMIT);
	weir_json_writer_init(&json, &body);
	weir_topic_json_write(&json, config);
	bool ok = call((struct remote_log *)log, method, topic_path(&arena, config->name, ""), weir_buf_slice(&body), &arena,
		&ignored, err);
	weir_buf_fini(&body);
	weir_arena_fini(&arena);
	return ok;
}

static bool topic_create(struct weir_log *log, const struct weir_topic_config *config, struct weir_err *err)
{
	return send_config(log, "PUT", config, err);
}

static bool topic_configure(struct weir_log *log, const struct weir_topic_config *config, struct weir_err *err)
{
	return send_config(log, "POST", config, err);
}

static bool topic_delete(struct weir_log *log, struct weir_slice name, struct weir_err *err)
{
	struct weir_arena arena;
	struct weir_slice ignored;

	weir_arena_init(&arena, 512);
	bool ok = call(
		(struct remote_log *)log, "DELETE", topic_path(&arena, name, ""), (struct weir_slice){ 0 }, &arena, &ignored, err);
	weir_arena_fini(&arena);
	return ok;
}

static bool topic_describe(
	struct weir_log *log, struct weir_slice name, struct weir_arena *arena, struct weir_topic_config *ret, struct weir_err *err)
{
	struct weir_json *json;

	*ret = (struct weir_topic_config){ .name = weir_arena_copy(arena, name), .retention_bytes = -1 };
	return call_json(
		       (struct remote_log *)log, "GET", topic_path(arena, name, ""), (struct weir_slice){ 0 }, arena, &json, err) &&
	       weir_topic_json_read(json, ret, err);
}

static bool topic_list(
	struct weir_log *log, struct weir_arena *arena, struct weir_topic_config **ret, size_t *ret_count, struct weir_err *err)
{
	struct weir_json *json;

	if (!call_json((struct remote_log *)log, "GET", WEIR_SLICE(""), (struct weir_slice){ 0 }, arena, &json, err))
		return false;
	*ret = WEIR_ARENA_ARRAY(arena, struct weir_topic_config, json->count);
	*ret_count = weir_json_is(json, WEIR_JSON_ARRAY) ? json->count : 0;
	for (size_t i = 0; i < *ret_count; i++) {
		(*ret)[i] =
			(struct weir_topic_config){ .name = weir_json_get_text(json->items[i], "name", ""), .retention_bytes = -1 };
		if (!weir_topic_json_read(json->items[i], &(*ret)[i], err))
			return false;
	}
	return true;
}

static bool watermarks(
	struct weir_log *log, struct weir_slice topic, int32_t partition, int64_t *ret_low, int64_t *ret_high, struct weir_err *err)
{
	struct weir_arena arena;
	struct weir_json *json;
	char rest[32];

	snprintf(rest, sizeof rest, "/%d", partition);
	weir_arena_init(&arena, 1024);
	bool ok = call_json(
		(struct remote_log *)log, "GET", topic_path(&arena, topic, rest), (struct weir_slice){ 0 }, &arena, &json, err);
	if (ok) {
		*ret_low = weir_json_get_i64(json, "low", 0);
		*ret_high = weir_json_get_i64(json, "high", 0);
	}
	weir_arena_fini(&arena);
	return ok;
}

/* ---- Reading ---- */

static bool reader_open(struct weir_log *log, struct weir_log_reader **ret, struct weir_err *err)
{
	struct weir_log_reader *reader = weir_alloc_zero(sizeof *reader);

	reader->log = (struct remote_log *)log;
	weir_arena_init(&reader->arena, 65536);
	*ret = reader;
	return true;
}

static void reader_close(struct weir_log_reader *reader)
{
	if (!reader)
		return;
	for (size_t i = 0; i < reader->sources.count; i++)
		free(reader->sources.items[i].topic);
	WEIR_VEC_FREE(&reader->sources);
	weir_arena_fini(&reader->arena);
	free(reader);
}

static bool assign(
	struct weir_log_reader *reader, struct weir_slice topic, int32_t partition, int64_t offset, void *tag, struct weir_err *err)
{
	int64_t low, high;

	if (!watermarks(&reader->log->log, topic, partition, &low, &high, err))
		return false;
	struct source source = { .topic = weir_alloc(topic.len + 1), .partition = partition, .tag = tag };
	snprintf(source.topic, topic.len + 1, "%.*s", WEIR_SLICE_ARG(topic));
	source.offset = offset == WEIR_OFFSET_LATEST ? high : offset < low ? low : offset;
	WEIR_VEC_PUSH(&reader->sources, source);
	return true;
}

static struct weir_slice take_line(struct weir_slice *rest)
{
	const char *end = rest->len ? memchr(rest->ptr, '\n', rest->len) : NULL;
	struct weir_slice line = weir_slice_make(rest->ptr, end ? (size_t)(end - rest->ptr) : rest->len);
	size_t used = line.len + (end != NULL);

	*rest = weir_slice_make(rest->ptr + used, rest->len - used);
	return line;
}

static bool read_lines(
	struct weir_log_reader *reader, struct source *source, struct weir_slice text, struct weir_fetch *ret, struct weir_err *err)
{
	struct weir_slice first = take_line(&text);
	struct weir_json *head;
	WEIR_VEC(struct weir_message) messages = { 0 };

	if (!weir_json_parse(&reader->arena, first, false, &head, err))
		return false;
	while (text.len) {
		struct weir_message message;
		int32_t partition;
		if (!weir_jsonl_read(&reader->arena, take_line(&text), 0, &partition, &message, err))
			return false;
		WEIR_VEC_PUSH_IN(&reader->arena, &messages, message);
	}
	source->offset = weir_json_get_i64(head, "next", source->offset);
	*ret = (struct weir_fetch){
		.topic = weir_slice_of(source->topic),
		.partition = source->partition,
		.messages = messages.items,
		.count = messages.count,
		.next_offset = source->offset,
		.high_watermark = -1,
		.tag = source->tag,
	};
	return true;
}

static bool fetch_from(
	struct weir_log_reader *reader, struct source *source, size_t most, struct weir_fetch *ret, struct weir_err *err)
{
	struct weir_slice text;
	char rest[96];

	weir_arena_reset(&reader->arena);
	snprintf(rest, sizeof rest, "/%d/records?offset=%lld&max=%zu", source->partition, (long long)source->offset, most);
	return call(reader->log, "GET", topic_path(&reader->arena, weir_slice_of(source->topic), rest), (struct weir_slice){ 0 },
		       &reader->arena, &text, err) &&
	       read_lines(reader, source, text, ret, err);
}

static bool poll(struct weir_log_reader *reader, size_t max_messages, int timeout_ms, struct weir_fetch *ret, struct weir_err *err)
{
	struct timespec pause = { .tv_nsec = LOOK_AGAIN_MS * 1000000L };

	*ret = (struct weir_fetch){ .next_offset = -1 };
	for (;;) {
		for (size_t i = 0; i < reader->sources.count; i++) {
			struct source *source = &reader->sources.items[reader->turn++ % reader->sources.count];
			int64_t before = source->offset;
			if (source->is_paused)
				continue;
			if (!fetch_from(reader, source, max_messages, ret, err))
				return false;
			if (ret->count || source->offset > before)
				return true;
		}
		if (timeout_ms <= 0)
			return true;
		nanosleep(&pause, NULL);
		timeout_ms -= LOOK_AGAIN_MS;
	}
}

/* ---- Writing ---- */

static bool writer_open(
	struct weir_log *log, struct weir_slice name, bool transactional, struct weir_log_writer **ret, struct weir_err *err)
{
	struct weir_log_writer *writer = weir_alloc_zero(sizeof *writer);

	writer->log = (struct remote_log *)log;
	weir_buf_init(&writer->lines, WEIR_BUF_NO_LIMIT);
	*ret = writer;
	return true;
}

static void writer_close(struct weir_log_writer *writer)
{
	if (!writer)
		return;
	weir_buf_fini(&writer->lines);
	free(writer->topic);
	free(writer);
}

static bool commit(struct weir_log_writer *writer, struct weir_err *err)
{
	struct weir_arena arena;
	struct weir_slice ignored;

	if (!writer->lines.len)
		return true;
	weir_arena_init(&arena, 1024);
	bool ok = call(writer->log, "POST", topic_path(&arena, weir_slice_of(writer->topic), "/records"),
		weir_buf_slice(&writer->lines), &arena, &ignored, err);
	weir_arena_fini(&arena);
	weir_buf_reset(&writer->lines);
	return ok;
}

static bool append(struct weir_log_writer *writer, struct weir_slice topic, int32_t partition, const struct weir_message *message,
	struct weir_err *err)
{
	if (writer->topic && !weir_slice_is(topic, writer->topic)) {
		if (!commit(writer, err))
			return false;
		free(writer->topic);
		writer->topic = NULL;
	}
	if (!writer->topic) {
		writer->topic = weir_alloc(topic.len + 1);
		snprintf(writer->topic, topic.len + 1, "%.*s", WEIR_SLICE_ARG(topic));
	}
	weir_jsonl_write(&writer->lines, partition, message, true);
	return writer->lines.len < REQUEST_BYTES || commit(writer, err);
}

static bool abort_commit(struct weir_log_writer *writer, struct weir_err *err)
{
	weir_buf_reset(&writer->lines);
	return true;
}

/* ---- Open and close ---- */

static void close_log(struct weir_log *log)
{
	struct remote_log *self = (struct remote_log *)log;

	weir_http_client_free(self->http);
	free(self->url);
	free(self);
}

static const struct weir_log_vtable vtable = {
	.backend = "server",
	.close = close_log,
	.topic_create = topic_create,
	.topic_describe = topic_describe,
	.topic_delete = topic_delete,
	.topic_configure = topic_configure,
	.topic_list = topic_list,
	.watermarks = watermarks,
	.reader_open = reader_open,
	.reader_close = reader_close,
	.assign = assign,
	.poll = poll,
	.writer_open = writer_open,
	.writer_close = writer_close,
	.append = append,
	.commit = commit,
	.abort = abort_commit,
};

bool weir_remote_log_open(const char *url, struct weir_log **ret, struct weir_err *err)
{
	struct weir_http_client_config config = { .timeout_ms = 60000 };
	struct remote_log *self = weir_alloc_zero(sizeof *self);
	struct weir_slice bare = weir_slice_of(url);

	while (bare.len && bare.ptr[bare.len - 1] == '/')
		bare.len--;
	self->log.vtable = &vtable;
	self->url = weir_alloc(bare.len + 1);
	snprintf(self->url, bare.len + 1, "%.*s", WEIR_SLICE_ARG(bare));
	if (!weir_http_client_new(&config, &self->http, err)) {
		close_log(&self->log);
		return false;
	}
	*ret = &self->log;
	return true;
}
