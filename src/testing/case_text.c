/* Cases in weir's own text form: one case a file. docs/TESTING.md describes it:
 *
 *   # what the case shows
 *   CREATE STREAM …;                       statements, until the first line that begins with > or <
 *   > topic key value @timestamp           a record in; key and value are JSON, - or null for none
 *   < topic key value @timestamp           a record expected, in order per topic
 *   ! word                                 the last statement must be refused, and the message contain this
 *   topic NAME partitions=N                a topic that exists beforehand
 *   set 'property'='value'                 a property of the case
 */
#include "base/vec.h"
#include "testing/case.h"

struct loader {
	struct weir_arena *arena;
	struct weir_case test;
	struct weir_buf sql;
	WEIR_VEC(struct weir_case_record) inputs, outputs;
	WEIR_VEC(struct weir_case_topic) topics;
	struct weir_err *err;
};

static struct weir_slice take_word(struct weir_slice *rest)
{
	size_t len = 0;

	*rest = weir_slice_trim(*rest);
	while (len < rest->len && rest->ptr[len] != ' ' && rest->ptr[len] != '\t')
		len++;
	struct weir_slice word = weir_slice_make(rest->ptr, len);
	*rest = weir_slice_make(rest->ptr + len, rest->len - len);
	return word;
}

/* One JSON value, or - for none. */
static bool take_value(struct loader *loader, struct weir_slice *rest, const struct weir_json **ret)
{
	struct weir_json_scan scan;
	struct weir_slice text;
	struct weir_json *json;

	*rest = weir_slice_trim(*rest);
	*ret = NULL;
	if (rest->len && rest->ptr[0] == '-' && (rest->len == 1 || rest->ptr[1] == ' ')) {
		*rest = weir_slice_make(rest->ptr + 1, rest->len - 1);
		return true;
	}
	weir_json_scan_init(&scan, *rest);
	if (!weir_json_skip(&scan, &text) || !weir_json_parse(loader->arena, text, false, &json, loader->err))
		return weir_err_set(loader->err, WEIR_E_USAGE, "expected a JSON value or - at '%.*s'",
			(int)(rest->len > 40 ? 40 : rest->len), rest->ptr);
	*rest = weir_slice_make(scan.p, (size_t)(scan.end - scan.p));
	if (json->kind != WEIR_JSON_NULL)
		*ret = json;
	return true;
}

/* [start,end] or session[start,end] */
static bool load_window(struct loader *loader, struct weir_slice word, const struct weir_json **ret)
{
	bool is_session = weir_slice_starts_with(word, WEIR_SLICE("session["));
	size_t head = is_session ? strlen("session[") : 1;
	const char *comma = memchr(word.ptr, ',', word.len);
	struct weir_json *json;
	int64_t start, end;

	if (!comma || word.ptr[word.len - 1] != ']' || word.ptr[head - 1] != '[' ||
		!weir_slice_to_i64(weir_slice_make(word.ptr + head, (size_t)(comma - word.ptr) - head), &start) ||
		!weir_slice_to_i64(weir_slice_make(comma + 1, (size_t)(word.ptr + word.len - comma) - 2), &end))
		return weir_err_set(loader->err, WEIR_E_USAGE, "expected @milliseconds or a window such as [0,10000], found '%.*s'",
			WEIR_SLICE_ARG(word));
	struct weir_slice text = weir_arena_printf(loader->arena, "{\"start\":%lld,\"end\":%lld,\"type\":\"%s\"}", (long long)start,
		(long long)end, is_session ? "session" : "time");
	if (!weir_json_parse(loader->arena, text, false, &json, loader->err))
		return false;
	*ret = json;
	return true;
}

static bool load_record(struct loader *loader, struct weir_slice rest, int line, bool is_input)
{
	struct weir_case_record record = { .has_key = true, .line = line };

	record.topic = take_word(&rest);
	if (!take_value(loader, &rest, &record.key) || !take_value(loader, &rest, &record.value))
		return false;
	struct weir_slice word = take_word(&rest);
	if (word.len > 1 && word.ptr[0] != '@') {
		if (!load_window(loader, word, &record.window))
			return false;
		word = take_word(&rest);
	}
	if (word.len > 1 && word.ptr[0] == '@') {
		record.has_timestamp = true;
		if (!weir_slice_to_i64(weir_slice_make(word.ptr + 1, word.len - 1), &record.timestamp_ms))
			return weir_err_set(
				loader->err, WEIR_E_USAGE, "expected @milliseconds, found '%.*s'", WEIR_SLICE_ARG(word));
	}
	if (is_input)
		WEIR_VEC_PUSH_IN(loader->arena, &loader->inputs, record);
	else
		WEIR_VEC_PUSH_IN(loader->arena, &loader->outputs, record);
	return true;
}

static bool load_topic(struct loader *loader, struct weir_slice rest)
{
	struct weir_case_topic topic = { .name = take_word(&rest), .partitions = 1 };
	struct weir_slice option = take_word(&rest);
	int64_t partitions;

	if (option.len) {
		if (!weir_slice_starts_with(option, WEIR_SLICE("partitions=")) ||
			!weir_slice_to_i64(weir_slice_make(option.ptr + 11, option.len - 11), &partitions))
			return weir_err_set(
				loader->err, WEIR_E_USAGE, "expected partitions=N, found '%.*s'", WEIR_SLICE_ARG(option));
		topic.partitions = (int32_t)partitions;
	}
	WEIR_VEC_PUSH_IN(loader->arena, &loader->topics, topic);
	return true;
}

static bool load_line(struct loader *loader, struct weir_slice line, int number)
{
	struct weir_slice text = weir_slice_trim(line),
			  rest = weir_slice_make(text.ptr + (text.len > 0), text.len - (text.len > 0));

	if (text.len == 0 || text.ptr[0] == '#') {
		if (text.len && !loader->test.name.len)
			loader->test.name = weir_slice_trim(rest);
		return true;
	}
	if (text.ptr[0] == '>')
		return load_record(loader, rest, number, true);
	if (text.ptr[0] == '<')
		return load_record(loader, rest, number, false);
	if (text.ptr[0] == '!') {
		loader->test.expects_error = true;
		return true;
	}
	if (weir_slice_starts_with(text, WEIR_SLICE("topic ")))
		return load_topic(loader, weir_slice_make(text.ptr + 6, text.len - 6));
	weir_buf_append_slice(&loader->sql, line);
	weir_buf_append_byte(&loader->sql, '\n');
	return true;
}

bool weir_case_load_text(
	struct weir_arena *arena, struct weir_slice file, struct weir_slice text, struct weir_case_list *list, struct weir_err *err)
{
	struct loader loader = { .arena = arena, .test = { .file = file, .runs_together = true }, .err = err };
	bool ok = true;

	weir_buf_init(&loader.sql, WEIR_BUF_NO_LIMIT);
	for (int number = 1; ok && text.len; number++) {
		const char *end = memchr(text.ptr, '\n', text.len);
		struct weir_slice line = weir_slice_make(text.ptr, end ? (size_t)(end - text.ptr) : text.len);
		size_t used = end ? line.len + 1 : line.len;
		text = weir_slice_make(text.ptr + used, text.len - used);
		ok = load_line(&loader, line, number) || weir_err_prefix(err, "%.*s:%d", WEIR_SLICE_ARG(file), number);
	}
	loader.test.statements = WEIR_ARENA_ARRAY(arena, struct weir_slice, 1);
	loader.test.statements[0] = weir_arena_copy(arena, weir_buf_slice(&loader.sql));
	loader.test.statement_count = 1;
	loader.test.inputs = loader.inputs.items;
	loader.test.input_count = loader.inputs.count;
	loader.test.outputs = loader.outputs.items;
	loader.test.output_count = loader.outputs.count;
	loader.test.topics = loader.topics.items;
	loader.test.topic_count = loader.topics.count;
	weir_buf_fini(&loader.sql);
	if (ok)
		WEIR_VEC_PUSH_IN(arena, list, loader.test);
	return ok;
}
