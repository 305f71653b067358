/* Cases in JSON: {"tests": [ … ]}; see docs/TESTING.md. */
#include "base/vec.h"
#include "testing/case.h"

static struct weir_case_record read_record(const struct weir_json *json)
{
	const struct weir_json *key = weir_json_get(json, "key"), *value = weir_json_get(json, "value");

	return (struct weir_case_record){
		.topic = weir_json_get_text(json, "topic", ""),
		.key = weir_json_is(key, WEIR_JSON_NULL) ? NULL : key,
		.has_key = key != NULL,
		.value = weir_json_is(value, WEIR_JSON_NULL) ? NULL : value,
		.has_timestamp = weir_json_get(json, "timestamp") != NULL,
		.timestamp_ms = weir_json_get_i64(json, "timestamp", 0),
		.window = weir_json_get(json, "window"),
		.headers = weir_json_get(json, "headers"),
	};
}

static struct weir_case_record *read_records(struct weir_arena *arena, const struct weir_json *json, size_t *ret_count)
{
	*ret_count = json ? json->count : 0;
	struct weir_case_record *records = WEIR_ARENA_ARRAY(arena, struct weir_case_record, *ret_count);
	for (size_t i = 0; i < *ret_count; i++)
		records[i] = read_record(json->items[i]);
	return records;
}

static void read_topics(struct weir_arena *arena, const struct weir_json *json, struct weir_case *test)
{
	test->topic_count = json ? json->count : 0;
	test->topics = WEIR_ARENA_ARRAY(arena, struct weir_case_topic, test->topic_count);
	for (size_t i = 0; i < test->topic_count; i++)
		test->topics[i] = (struct weir_case_topic){
			.name = weir_json_get_text(json->items[i], "name", ""),
			.partitions = (int32_t)weir_json_get_i64(json->items[i], "partitions", 1),
			.json = json->items[i],
		};
}

/* NULL when the member is missing or of another kind. */
static const struct weir_json *member(const struct weir_json *json, const char *name, enum weir_json_kind kind)
{
	const struct weir_json *value = weir_json_get(json, name);

	return weir_json_is(value, kind) ? value : NULL;
}

static struct weir_case read_case(struct weir_arena *arena, struct weir_slice file, const struct weir_json *json)
{
	const struct weir_json *statements = member(json, "statements", WEIR_JSON_ARRAY),
			       *error = weir_json_get(json, "expectError");
	struct weir_case test = { .file = file, .name = weir_json_get_text(json, "name", "") };

	test.statement_count = statements ? statements->count : 0;
	test.statements = WEIR_ARENA_ARRAY(arena, struct weir_slice, test.statement_count);
	for (size_t i = 0; i < test.statement_count; i++)
		test.statements[i] = statements->items[i]->text;
	test.properties = member(json, "properties", WEIR_JSON_OBJECT);
	read_topics(arena, member(json, "topics", WEIR_JSON_ARRAY), &test);
	test.inputs = read_records(arena, member(json, "inputs", WEIR_JSON_ARRAY), &test.input_count);
	test.outputs = read_records(arena, member(json, "outputs", WEIR_JSON_ARRAY), &test.output_count);
	test.expects_error = error && !(error->kind == WEIR_JSON_BOOLEAN && !error->boolean);
	test.post_sources = member(weir_json_get(json, "post"), "sources", WEIR_JSON_ARRAY);
	return test;
}

bool weir_case_load_json(
	struct weir_arena *arena, struct weir_slice file, struct weir_slice text, struct weir_case_list *list, struct weir_err *err)
{
	struct weir_json *json;

	if (!weir_json_parse(arena, text, false, &json, err))
		return weir_err_prefix(err, "%.*s", WEIR_SLICE_ARG(file));
	const struct weir_json *tests = weir_json_get(json, "tests");
	if (!weir_json_is(tests, WEIR_JSON_ARRAY))
		return weir_err_set(
			err, WEIR_E_USAGE, "%.*s: expected an object with an array called \"tests\"", WEIR_SLICE_ARG(file));
	for (size_t i = 0; i < tests->count; i++) {
		struct weir_case test = read_case(arena, file, tests->items[i]);
		WEIR_VEC_PUSH_IN(arena, list, test);
	}
	return true;
}
