/* Topics over HTTP, for `weir topic --server`:
 *
 *   GET    /weir/topics                              the topics
 *   GET    /weir/topics/NAME                         one (topic_json.h)
 *   PUT    /weir/topics/NAME                         creates it;  POST changes its settings;  DELETE deletes it
 *   GET    /weir/topics/NAME/P                       {"low":n,"high":n}
 *   GET    /weir/topics/NAME/P/records?offset=&max=  {"next":n}, then one line a record (jsonl.h)
 *   POST   /weir/topics/NAME/records                 the lines of the body become records, in one commit
 *
 * Holds: internal topics of the service can be read, not written. */
#include "server/jsonl.h"
#include "server/server_int.h"
#include "server/topic_json.h"

#define READ_WAIT_MS 300

struct topic_request {
	struct weir_server *server;
	struct weir_http_response *response;
	struct weir_arena *arena;
	struct weir_log *log;
	struct weir_slice name, part, tail; /* the path behind /weir/topics */
	struct weir_buf out;
	const char *content_type;
};

static bool take_segment(struct weir_arena *arena, struct weir_slice *rest, struct weir_slice *ret)
{
	struct weir_slice segment;

	return weir_http_path_next(rest, &segment) && weir_http_percent_decode(arena, segment, false, ret);
}

static bool no_such(struct weir_err *err)
{
	return weir_err_set(err, WEIR_E_NOT_FOUND, "There is nothing under this path");
}

/* ---- Topics ---- */

static bool list(struct topic_request *request, struct weir_err *err)
{
	struct weir_topic_config *topics;
	struct weir_json_writer json;
	size_t count;

	if (!request->log->vtable->topic_list(request->log, request->arena, &topics, &count, err))
		return false;
	weir_json_writer_init(&json, &request->out);
	weir_json_begin_array(&json);
	for (size_t i = 0; i < count; i++)
		weir_topic_json_write(&json, &topics[i]);
	weir_json_end_array(&json);
	return true;
}

static bool describe(struct topic_request *request, struct weir_err *err)
{
	struct weir_topic_config config;
	struct weir_json_writer json;

	if (!request->log->vtable->topic_describe(request->log, request->name, request->arena, &config, err))
		return false;
	weir_json_writer_init(&json, &request->out);
	weir_topic_json_write(&json, &config);
	return true;
}

static bool check_writable(const struct topic_request *request, struct weir_err *err)
{
	return !weir_settings_lists(request->server->options.settings, "ksql.readonly.topics", request->name) ||
	       weir_err_set(err, WEIR_E_INVALID_STATEMENT, "The topic '%.*s' is read-only", WEIR_SLICE_ARG(request->name));
}

static bool read_config(struct topic_request *request, struct weir_topic_config *config, struct weir_err *err)
{
	struct weir_slice body = weir_http_response_request(request->response)->body;
	struct weir_json *json;

	return weir_json_parse(request->arena, body, false, &json, err) && weir_topic_json_read(json, config, err);
}

static bool change_topic(struct topic_request *request, struct weir_err *err)
{
	const struct weir_log_vtable *log = request->log->vtable;
	struct weir_slice method = weir_http_response_request(request->response)->method;
	struct weir_topic_config config = { .name = request->name, .partitions = 1, .replicas = -1, .retention_bytes = -1 };

	if (!check_writable(request, err))
		return false;
	weir_buf_append_text(&request->out, "{}");
	if (weir_slice_is(method, "DELETE"))
		return log->topic_delete(request->log, request->name, err);
	if (weir_slice_is(method, "PUT"))
		return read_config(request, &config, err) && log->topic_create(request->log, &config, err);
	return log->topic_describe(request->log, request->name, request->arena, &config, err) &&
	       read_config(request, &config, err) && log->topic_configure(request->log, &config, err);
}

/* ---- Records ---- */

static bool parse_partition(const struct topic_request *request, int32_t *ret, struct weir_err *err)
{
	int64_t partition;

	if (!weir_slice_to_i64(request->part, &partition) || partition < 0 || partition > INT32_MAX)
		return no_such(err);
	*ret = (int32_t)partition;
	return true;
}

static bool tell_offsets(struct topic_request *request, struct weir_err *err)
{
	int32_t partition = 0;
	int64_t low, high;

	if (!parse_partition(request, &partition, err) ||
		!request->log->vtable->watermarks(request->log, request->name, partition, &low, &high, err))
		return false;
	weir_buf_printf(&request->out, "{\"low\":%lld,\"high\":%lld}", (long long)low, (long long)high);
	return true;
}

static int64_t parameter(const struct topic_request *request, const char *name, int64_t fallback)
{
	struct weir_slice text;
	int64_t value;

	return weir_http_request_query_param(weir_http_response_request(request->response), request->arena, name, &text) &&
			       weir_slice_to_i64(text, &value)
		       ? value
		       : fallback;
}

static bool read_records(struct topic_request *request, struct weir_err *err)
{
	const struct weir_log_vtable *log = request->log->vtable;
	int64_t offset = parameter(request, "offset", 0), most = parameter(request, "max", 500), low, high;
	struct weir_log_reader *reader;
	struct weir_fetch fetch = { .next_offset = offset };
	int32_t partition = 0;

	if (!parse_partition(request, &partition, err) ||
		!log->watermarks(request->log, request->name, partition, &low, &high, err))
		return false;
	request->content_type = "application/x-ndjson";
	if (offset < high) {
		if (!log->reader_open(request->log, &reader, err))
			return false;
		bool ok = log->assign(reader, request->name, partition, offset, NULL, err);
		fetch.count = 0;
		ok = ok && log->poll(reader, (size_t)(most < 1 ? 1 : most > 2000 ? 2000 : most), READ_WAIT_MS, &fetch, err);
		weir_buf_printf(
			&request->out, "{\"next\":%lld}\n", (long long)(fetch.next_offset > offset ? fetch.next_offset : offset));
		for (size_t i = 0; ok && i < fetch.count; i++)
			weir_jsonl_write(&request->out, partition, &fetch.messages[i], true);
		log->reader_close(reader);
		return ok;
	}
	weir_buf_printf(&request->out, "{\"next\":%lld}\n", (long long)offset);
	return true;
}

static bool append_lines(struct topic_request *request, size_t *ret_count, struct weir_err *err)
{
	struct weir_slice rest = weir_http_response_request(request->response)->body;
	int64_t now = weir_clock_now_ms(&weir_system_clock);

	while (rest.len) {
		const char *end = memchr(rest.ptr, '\n', rest.len);
		size_t len = end ? (size_t)(end - rest.ptr) : rest.len;
		struct weir_slice line = weir_slice_trim(weir_slice_make(rest.ptr, len));
		struct weir_message message;
		int32_t partition;
		rest = weir_slice_make(rest.ptr + len + (end != NULL), rest.len - len - (end != NULL));
		if (!line.len)
			continue;
		if (!weir_jsonl_read(request->arena, line, now, &partition, &message, err) ||
			!request->log->vtable->append(
				request->server->topic_writer, request->name, partition < 0 ? 0 : partition, &message, err))
			return weir_err_prefix(err, "record %zu", *ret_count + 1);
		++*ret_count;
	}
	return true;
}

static bool write_records(struct topic_request *request, struct weir_err *err)
{
	struct weir_server *server = request->server;
	const struct weir_log_vtable *log = request->log->vtable;
	struct weir_err ignored;
	size_t count = 0;

	if (!check_writable(request, err))
		return false;
	pthread_mutex_lock(&server->topic_lock);
	bool ok = server->topic_writer ||
		  log->writer_open(request->log, WEIR_SLICE("topics-over-http"), true, &server->topic_writer, err);
	if (ok && !(ok = append_lines(request, &count, err) && log->commit(server->topic_writer, err)))
		log->abort(server->topic_writer, &ignored);
	pthread_mutex_unlock(&server->topic_lock);
	weir_buf_printf(&request->out, "{\"count\":%zu}", count);
	return ok;
}

/* ---- The endpoint ---- */

static bool run(struct topic_request *request, struct weir_err *err)
{
	bool is_get = weir_slice_is(weir_http_response_request(request->response)->method, "GET");

	if (!request->name.len)
		return is_get ? list(request, err) : no_such(err);
	if (!request->part.len)
		return is_get ? describe(request, err) : change_topic(request, err);
	if (!request->tail.len && is_get)
		return tell_offsets(request, err);
	if (weir_slice_is(request->tail, "records") && is_get)
		return read_records(request, err);
	if (weir_slice_is(request->part, "records") && weir_slice_is(weir_http_response_request(request->response)->method, "POST"))
		return write_records(request, err);
	return no_such(err);
}

void weir_endpoint_topics(struct weir_server *server, struct weir_http_response *response)
{
	struct weir_arena arena;
	struct weir_err err = { 0 };
	struct topic_request request = {
		.server = server, .response = response, .arena = &arena, .log = server->log, .content_type = WEIR_JSON_TYPE
	};
	struct weir_slice path = weir_http_response_request(response)->path, ignored;

	weir_arena_init(&arena, 8192);
	weir_buf_init(&request.out, WEIR_BUF_NO_LIMIT);
	weir_http_path_next(&path, &ignored); /* weir */
	weir_http_path_next(&path, &ignored); /* topics */
	take_segment(&arena, &path, &request.name);
	take_segment(&arena, &path, &request.part);
	take_segment(&arena, &path, &request.tail);
	if (run(&request, &err))
		weir_http_response_send(response, 200, request.content_type, weir_buf_slice(&request.out));
	else
		weir_answer_error(response, &err);
	weir_buf_fini(&request.out);
	weir_arena_fini(&arena);
}
