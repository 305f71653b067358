/* One case, as docs/TESTING.md says cases run: statements first; then the queries one after the other in creation order, each fed
 * record by record with the inputs of its sources in file order, then with what earlier queries wrote to its other sources. */
#include "testing/run.h"

#include "engine/engine_int.h"
#include "log/memory.h"
#include "registry/embedded.h"
#include "testing/chosen_id.h"
#include "testing/codec.h"

#include <stdlib.h>

struct runner {
	const struct weir_case *test;
	struct weir_case_result *result;
	struct weir_arena arena;
	struct weir_virtual_clock clock;
	struct weir_settings settings;
	struct weir_log *log;
	struct weir_registry *registry;
	struct weir_engine *engine;
	struct weir_session session;
	struct weir_err *err;
};

/* ---- Statements ---- */

static bool create_topic(struct runner *runner, struct weir_slice name, int32_t partitions, struct weir_err *err)
{
	struct weir_topic_config config = {
		.name = name, .partitions = partitions, .replicas = 1, .cleanup = WEIR_CLEANUP_DELETE, .retention_ms = 604800000
	};

	return runner->log->vtable->topic_create(runner->log, &config, err) || err->code == WEIR_E_TOPIC_EXISTS;
}

static const struct weir_sql_property *find_property(const struct weir_sql_statement *statement, const char *name)
{
	for (size_t i = 0; i < statement->property_count; i++)
		if (weir_slice_equals_nocase(statement->properties[i].name, weir_slice_of(name)))
			return &statement->properties[i];
	return NULL;
}

/* Does an earlier statement of the script make the topic? */
static bool is_made_before(const struct weir_sql_statement *const *statements, size_t count, struct weir_slice topic)
{
	for (size_t i = 0; i < count; i++) {
		const struct weir_sql_property *made = find_property(statements[i], "KAFKA_TOPIC");
		if (made && weir_slice_equals(made->text, topic))
			return true;
	}
	return false;
}

/* Topics that a CREATE reads and nothing declares exist with 4 partitions. */
static void create_implied_topics(struct runner *runner, struct weir_slice text)
{
	const struct weir_sql_statement *const *statements;
	struct weir_err ignored = { 0 };
	size_t count;

	if (!weir_sql_parse(&runner->arena, text, &statements, &count, &ignored))
		return;
	for (size_t i = 0; i < count; i++) {
		const struct weir_sql_property *topic = find_property(statements[i], "KAFKA_TOPIC");
		if (statements[i]->kind == WEIR_SQL_CREATE_SOURCE && topic && !find_property(statements[i], "PARTITIONS") &&
			!is_made_before(statements, i, topic->text))
			create_topic(runner, topic->text, 4, &ignored);
	}
}

static bool execute_statements(struct runner *runner)
{
	struct weir_buf entities;
	bool ok = true;

	weir_buf_init(&entities, WEIR_BUF_NO_LIMIT);
	for (size_t i = 0; ok && i < runner->test->statement_count; i++) {
		create_implied_topics(runner, runner->test->statements[i]);
		weir_buf_reset(&entities);
		ok = weir_engine_execute(
			runner->engine, &runner->session, runner->test->statements[i], &entities, NULL, runner->err);
	}
	weir_buf_fini(&entities);
	return ok;
}

/* ---- Sources ---- */

static const struct weir_source *source_of_topic(struct runner *runner, struct weir_slice topic)
{
	const struct weir_source *source, *found = NULL;

	for (size_t i = 0; (source = weir_catalog_source_at(runner->engine->catalog, i)); i++)
		if (weir_slice_equals(source->topic, topic) && (!found || source->created_by.len))
			found = source;
	return found;
}

static bool layout_of_topic(struct runner *runner, struct weir_slice topic, struct weir_topic_layout *ret, struct weir_err *err)
{
	const struct weir_source *source = source_of_topic(runner, topic);

	if (!source)
		return weir_err_set(err, WEIR_E_USAGE, "no statement declares the topic '%.*s'", WEIR_SLICE_ARG(topic));
	return weir_plan_source_layout(&runner->arena, source, ret, err);
}

/* ---- Feeding ---- */

/* Inputs of a side whose schema somebody else registered are written with a schema of their own, under a subject of their own. */
static bool register_input_side(
	struct runner *runner, const struct weir_format_spec *spec, const char *side, int32_t *id, struct weir_err *err)
{
	struct weir_schema_text schema = { 0 };

	if (!spec->format->needs_registry || *id != 0 || spec->column_count == 0)
		return true;
	struct weir_slice subject = weir_arena_printf(&runner->arena, "%.*s-input-%s", WEIR_SLICE_ARG(spec->topic), side);
	return weir_schema_kind_parse(weir_slice_of(spec->format->registry_kind), &schema.kind) &&
	       spec->format->make_schema(spec, &runner->arena, &schema.text, err) &&
	       weir_registry_register(runner->registry, subject, &schema, id, err);
}

static bool layout_of_input(struct runner *runner, struct weir_slice topic, struct weir_topic_layout *layout)
{
	return layout_of_topic(runner, topic, layout, runner->err) &&
	       register_input_side(runner, &layout->key, "key", &layout->key_writer_schema_id, runner->err) &&
	       register_input_side(runner, &layout->value, "value", &layout->value_writer_schema_id, runner->err);
}

static bool append_inputs(struct runner *runner)
{
	const struct weir_log_vtable *log = runner->log->vtable;
	struct weir_log_writer *writer;
	bool ok = log->writer_open(runner->log, WEIR_SLICE("test"), false, &writer, runner->err);

	for (size_t i = 0; ok && i < runner->test->input_count; i++) {
		const struct weir_case_record *record = &runner->test->inputs[i];
		struct weir_topic_layout layout;
		struct weir_message message;
		ok = layout_of_input(runner, record->topic, &layout) &&
		     weir_case_encode(&runner->arena, &layout, runner->engine->schemas, record, &message, runner->err) &&
		     log->append(writer, record->topic, 0, &message, runner->err) && log->commit(writer, runner->err);
	}
	log->writer_close(writer);
	return ok;
}

static bool reads(const struct weir_query *query, const struct weir_catalog *catalog, struct weir_slice topic)
{
	for (size_t i = 0; i < query->source_count; i++) {
		const struct weir_source *source = weir_catalog_source(catalog, query->source_names[i]);
		if (source && weir_slice_equals(source->topic, topic))
			return true;
	}
	return false;
}

static bool has_inputs(const struct runner *runner, struct weir_slice topic)
{
	for (size_t i = 0; i < runner->test->input_count; i++)
		if (weir_slice_equals(runner->test->inputs[i].topic, topic))
			return true;
	return false;
}

static bool reveal(struct runner *runner, struct weir_slice topic, int64_t end)
{
	weir_log_memory_limit(runner->log, topic, 0, end);
	return weir_engine_step(runner->engine, runner->err);
}

static bool feed_inputs(struct runner *runner, const struct weir_query *query)
{
	struct weir_map seen; /* topic -> records revealed */
	bool ok = true;

	weir_map_init(&seen);
	for (size_t i = 0; ok && i < runner->test->input_count; i++) {
		struct weir_slice topic = runner->test->inputs[i].topic;
		if (!reads(query, runner->engine->catalog, topic))
			continue;
		int64_t end = (int64_t)(intptr_t)weir_map_get(&seen, topic) + 1;
		weir_map_put(&seen, topic, (void *)(intptr_t)end);
		ok = reveal(runner, topic, end);
	}
	weir_map_fini(&seen);
	return ok;
}

static bool feed_earlier_outputs(struct runner *runner, const struct weir_query *query)
{
	for (size_t i = 0; i < query->source_count; i++) {
		const struct weir_source *source = weir_catalog_source(runner->engine->catalog, query->source_names[i]);
		if (!source || has_inputs(runner, source->topic))
			continue;
		for (int64_t end = 1; weir_log_memory_at(runner->log, source->topic, 0, end - 1); end++)
			if (!reveal(runner, source->topic, end))
				return false;
	}
	return true;
}

/* As on a server: all queries run, every record goes through all of them before the next one comes. */
static bool run_together(struct runner *runner)
{
	struct weir_map seen; /* topic -> records revealed */
	bool ok = true;

	weir_map_init(&seen);
	for (size_t i = 0; i < runner->test->input_count; i++)
		weir_log_memory_limit(runner->log, runner->test->inputs[i].topic, 0, 0);
	for (struct weir_active_query *active = runner->engine->queries; active; active = active->next)
		weir_runtime_pause(active->running, false);
	ok = weir_engine_step(runner->engine, runner->err);
	for (size_t i = 0; ok && i < runner->test->input_count; i++) {
		struct weir_slice topic = runner->test->inputs[i].topic;
		int64_t end = (int64_t)(intptr_t)weir_map_get(&seen, topic) + 1;
		weir_map_put(&seen, topic, (void *)(intptr_t)end);
		ok = reveal(runner, topic, end);
	}
	weir_map_fini(&seen);
	return ok;
}

static void hide_sources(struct runner *runner, const struct weir_query *query)
{
	for (size_t i = 0; i < query->source_count; i++) {
		const struct weir_source *source = weir_catalog_source(runner->engine->catalog, query->source_names[i]);
		if (source)
			weir_log_memory_limit(runner->log, source->topic, 0, 0);
	}
}

static bool run_queries(struct runner *runner)
{
	if (runner->test->runs_together)
		return run_together(runner);
	for (struct weir_active_query *active = runner->engine->queries; active; active = active->next) {
		const struct weir_query *query = weir_catalog_query(runner->engine->catalog, weir_slice_of(active->id));
		if (!query)
			continue;
		hide_sources(runner, query);
		weir_runtime_pause(active->running, false);
		bool ok = weir_engine_step(runner->engine, runner->err) && feed_inputs(runner, query) &&
			  feed_earlier_outputs(runner, query);
		weir_runtime_pause(active->running, true);
		if (!ok)
			return false;
	}
	return true;
}

/* ---- Judging ---- */

static int64_t count_inputs(const struct runner *runner, struct weir_slice topic)
{
	int64_t count = 0;

	for (size_t i = 0; i < runner->test->input_count; i++)
		count += weir_slice_equals(runner->test->inputs[i].topic, topic);
	return count;
}

static void print_json(struct weir_buf *out, const struct weir_json *json)
{
	if (json)
		weir_buf_append_slice(out, json->raw);
	else
		weir_buf_append_text(out, "null");
}

static void print_record(struct weir_buf *out, const struct weir_decoded *record, int64_t timestamp_ms)
{
	weir_buf_append_text(out, "key ");
	print_json(out, record->key);
	weir_buf_append_text(out, " value ");
	print_json(out, record->value);
	if (record->has_window)
		weir_buf_printf(out, " window [%lld, %lld]", (long long)record->window_start_ms, (long long)record->window_end_ms);
	weir_buf_printf(out, " @%lld\n", (long long)timestamp_ms);
}

static bool window_equals(const struct weir_case_record *expected, const struct weir_decoded *actual)
{
	if (!expected->window || weir_json_is(expected->window, WEIR_JSON_NULL))
		return !actual->has_window;
	return actual->has_window && weir_json_get_i64(expected->window, "start", 0) == actual->window_start_ms &&
	       (!actual->is_session || weir_json_get_i64(expected->window, "end", 0) == actual->window_end_ms);
}

static bool headers_equal(const struct weir_case_record *expected, const struct weir_message *actual)
{
	return !expected->headers ||
	       (weir_json_is(expected->headers, WEIR_JSON_ARRAY) && expected->headers->count == actual->headers.count);
}

static bool record_equals(
	const struct weir_case_record *expected, const struct weir_decoded *actual, const struct weir_message *message)
{
	return (!expected->has_key || weir_case_values_equal(expected->key, actual->key)) &&
	       weir_case_values_equal(expected->value, actual->value) &&
	       (!expected->has_timestamp || expected->timestamp_ms == message->timestamp_ms) && window_equals(expected, actual) &&
	       headers_equal(expected, message);
}

static void explain(struct runner *runner, struct weir_slice topic, size_t number, const struct weir_case_record *expected,
	const struct weir_decoded *actual, const struct weir_message *message)
{
	struct weir_buf *out = &runner->result->difference;

	weir_buf_printf(out, "topic %.*s, record %zu\n", WEIR_SLICE_ARG(topic), number);
	if (expected) {
		weir_buf_append_text(out, "  expected: key ");
		print_json(out, expected->key);
		weir_buf_append_text(out, " value ");
		print_json(out, expected->value);
		if (expected->window)
			print_json(out, expected->window);
		if (expected->has_timestamp)
			weir_buf_printf(out, " @%lld", (long long)expected->timestamp_ms);
		weir_buf_append_byte(out, '\n');
	} else {
		weir_buf_append_text(out, "  expected: nothing more\n");
	}
	weir_buf_append_text(out, "  actual:   ");
	if (actual)
		print_record(out, actual, message->timestamp_ms);
	else
		weir_buf_append_text(out, "nothing\n");
}

/* Compares one topic; stops at the first difference. */
static void judge_topic(struct runner *runner, struct weir_slice topic)
{
	int64_t offset = count_inputs(runner, topic);
	struct weir_topic_layout layout;
	size_t number = 0;

	if (!layout_of_topic(runner, topic, &layout, runner->err)) {
		weir_buf_printf(&runner->result->difference, "%s\n", runner->err->text);
		return;
	}
	for (size_t i = 0;; i++) {
		const struct weir_case_record *expected = NULL;
		while (i < runner->test->output_count && !weir_slice_equals(runner->test->outputs[i].topic, topic))
			i++;
		if (i < runner->test->output_count)
			expected = &runner->test->outputs[i];
		const struct weir_message *message = weir_log_memory_at(runner->log, topic, 0, offset++);
		struct weir_decoded actual;
		number++;
		if (!expected && !message)
			return;
		if (message && !weir_case_decode(&runner->arena, &layout, runner->engine->schemas, message, &actual, runner->err)) {
			weir_buf_printf(&runner->result->difference, "topic %.*s, record %zu cannot be read: %s\n",
				WEIR_SLICE_ARG(topic), number, runner->err->text);
			return;
		}
		if (!expected || !message || !record_equals(expected, &actual, message)) {
			explain(runner, topic, number, expected, message ? &actual : NULL, message);
			return;
		}
	}
}

static void judge_outputs(struct runner *runner)
{
	for (size_t i = 0; i < runner->test->output_count; i++) {
		bool is_first = true;
		for (size_t k = 0; k < i; k++)
			is_first = is_first && !weir_slice_equals(runner->test->outputs[k].topic, runner->test->outputs[i].topic);
		if (is_first)
			judge_topic(runner, runner->test->outputs[i].topic);
	}
}

/* "ID INT KEY, NAME STRING" with types spelt out, or "" when it cannot be read. */
static struct weir_slice normal_schema(struct runner *runner, struct weir_slice text, bool is_table)
{
	const struct weir_sql_statement *statement;
	struct weir_err ignored;
	struct weir_buf out;

	struct weir_slice sql = weir_arena_printf(
		&runner->arena, "CREATE %s X (%.*s) WITH (A='B');", is_table ? "TABLE" : "STREAM", WEIR_SLICE_ARG(text));
	if (!weir_sql_parse_statement(&runner->arena, sql, 1, 1, &statement, &ignored))
		return (struct weir_slice){ 0 };
	weir_buf_init(&out, WEIR_BUF_NO_LIMIT);
	for (size_t i = 0; i < statement->column_count; i++) {
		weir_sql_print_name(&out, statement->columns[i].name);
		weir_buf_append_byte(&out, ' ');
		weir_sql_print_type(&out, statement->columns[i].type);
		weir_buf_printf(&out, " %d,",
			statement->columns[i].role == WEIR_SQL_COLUMN_PRIMARY_KEY ? WEIR_SQL_COLUMN_KEY
										  : statement->columns[i].role);
	}
	struct weir_slice result = weir_arena_copy(&runner->arena, weir_buf_slice(&out));
	weir_buf_fini(&out);
	return result;
}

static struct weir_slice spell_out(struct runner *runner, struct weir_slice schema)
{
	static const char *const pairs[][2] = { { "INTEGER", "INT" }, { "VARCHAR", "STRING" } };
	struct weir_buf out;
	size_t i = 0;

	weir_buf_init(&out, WEIR_BUF_NO_LIMIT);
	while (i < schema.len) {
		size_t k = 0;
		for (; k < 2; k++)
			if (weir_slice_starts_with(weir_slice_make(schema.ptr + i, schema.len - i), weir_slice_of(pairs[k][0])))
				break;
		if (k < 2) {
			weir_buf_append_text(&out, pairs[k][1]);
			i += strlen(pairs[k][0]);
		} else {
			weir_buf_append_byte(&out, schema.ptr[i++]);
		}
	}
	struct weir_slice result = weir_arena_copy(&runner->arena, weir_buf_slice(&out));
	weir_buf_fini(&out);
	return result;
}

static void judge_source(struct runner *runner, const struct weir_json *expected)
{
	struct weir_slice name = weir_json_get_text(expected, "name", ""), schema = weir_json_get_text(expected, "schema", "");
	struct weir_buf printed;

	if (name.len > 2 && name.ptr[0] == '`')
		name = weir_slice_make(name.ptr + 1, name.len - 2);
	const struct weir_source *source = weir_catalog_source(runner->engine->catalog, name);
	if (!source) {
		weir_buf_printf(&runner->result->difference, "there is no %.*s\n", WEIR_SLICE_ARG(name));
		return;
	}
	if (!schema.len)
		return;
	weir_buf_init(&printed, WEIR_BUF_NO_LIMIT);
	weir_schema_print(&printed, source->schema, source->is_table);
	struct weir_slice e = spell_out(runner, normal_schema(runner, schema, source->is_table));
	struct weir_slice a = spell_out(
		runner, normal_schema(runner, weir_arena_copy(&runner->arena, weir_buf_slice(&printed)), source->is_table));
	if (e.len && !weir_slice_equals(e, a))
		weir_buf_printf(&runner->result->difference, "%.*s has another schema\n  expected: %.*s\n  actual:   %.*s\n",
			WEIR_SLICE_ARG(name), WEIR_SLICE_ARG(schema), WEIR_SLICE_ARG(weir_buf_slice(&printed)));
	weir_buf_fini(&printed);
}

/* ---- --actual ---- */

static void write_actual_record(struct runner *runner, struct weir_json_writer *json, struct weir_slice topic,
	const struct weir_decoded *record, const struct weir_message *message)
{
	weir_json_begin_object(json);
	weir_json_key(json, "topic");
	weir_json_write_string(json, topic);
	weir_json_key(json, "key");
	weir_json_write_raw(json, record->key ? record->key->raw : WEIR_SLICE("null"));
	weir_json_key(json, "value");
	weir_json_write_raw(json, record->value ? record->value->raw : WEIR_SLICE("null"));
	weir_json_key(json, "timestamp");
	weir_json_write_i64(json, message->timestamp_ms);
	if (record->has_window) {
		weir_json_key(json, "window");
		weir_json_begin_object(json);
		weir_json_key(json, "start");
		weir_json_write_i64(json, record->window_start_ms);
		weir_json_key(json, "end");
		weir_json_write_i64(json, record->window_end_ms);
		weir_json_key(json, "type");
		weir_json_write_text(json, record->is_session ? "SESSION" : "TIME");
		weir_json_end_object(json);
	}
	weir_json_end_object(json);
}

static void write_actual_topic(struct runner *runner, struct weir_json_writer *json, struct weir_slice topic)
{
	struct weir_topic_layout layout;
	struct weir_err ignored = { 0 };
	const struct weir_message *message;

	if (!layout_of_topic(runner, topic, &layout, &ignored))
		return;
	for (int64_t offset = count_inputs(runner, topic); (message = weir_log_memory_at(runner->log, topic, 0, offset));
		offset++) {
		struct weir_decoded record;
		if (weir_case_decode(&runner->arena, &layout, runner->engine->schemas, message, &record, &ignored))
			write_actual_record(runner, json, topic, &record, message);
	}
}

static void write_actual_error(struct weir_json_writer *json, const struct weir_case_result *result)
{
	if (!result->is_refused) {
		weir_json_write_null(json);
		return;
	}
	weir_json_begin_object(json);
	weir_json_key(json, "code");
	weir_json_write_text(json, weir_err_code_name(result->err.code));
	weir_json_key(json, "message");
	weir_json_write_text(json, result->err.text);
	weir_json_key(json, "line");
	weir_json_write_i64(json, result->err.line);
	weir_json_key(json, "column");
	weir_json_write_i64(json, result->err.column);
	weir_json_end_object(json);
}

static void write_actual_sources(struct runner *runner, struct weir_json_writer *json)
{
	const struct weir_source *source;

	for (size_t i = 0; runner->engine && (source = weir_catalog_source_at(runner->engine->catalog, i)); i++) {
		struct weir_buf schema;
		weir_buf_init(&schema, WEIR_BUF_NO_LIMIT);
		weir_schema_print(&schema, source->schema, source->is_table);
		weir_json_begin_object(json);
		weir_json_key(json, "name");
		weir_json_write_string(json, source->name);
		weir_json_key(json, "type");
		weir_json_write_text(json, source->is_table ? "table" : "stream");
		weir_json_key(json, "schema");
		weir_json_write_string(json, weir_buf_slice(&schema));
		weir_json_key(json, "keyFormat");
		weir_json_write_string(json, source->key.name);
		weir_json_key(json, "valueFormat");
		weir_json_write_string(json, source->value.name);
		weir_json_key(json, "topic");
		weir_json_write_string(json, source->topic);
		weir_json_end_object(json);
		weir_buf_fini(&schema);
	}
}

static void write_actual(struct runner *runner)
{
	struct weir_json_writer json;

	weir_json_writer_init(&json, &runner->result->actual);
	weir_json_begin_object(&json);
	weir_json_key(&json, "file");
	weir_json_write_string(&json, runner->test->file);
	weir_json_key(&json, "name");
	weir_json_write_string(&json, runner->test->name);
	weir_json_key(&json, "error");
	write_actual_error(&json, runner->result);
	weir_json_key(&json, "outputs");
	weir_json_begin_array(&json);
	for (size_t i = 0; i < runner->test->output_count && runner->engine; i++) {
		bool is_first = true;
		for (size_t k = 0; k < i; k++)
			is_first = is_first && !weir_slice_equals(runner->test->outputs[k].topic, runner->test->outputs[i].topic);
		if (is_first)
			write_actual_topic(runner, &json, runner->test->outputs[i].topic);
	}
	weir_json_end_array(&json);
	weir_json_key(&json, "sources");
	weir_json_begin_array(&json);
	write_actual_sources(runner, &json);
	weir_json_end_array(&json);
	weir_json_end_object(&json);
}

/* ---- The whole ---- */

static bool open_engine(struct runner *runner)
{
	struct weir_err ignored;

	weir_virtual_clock_init(&runner->clock, 0);
	weir_settings_init(&runner->settings, NULL);
	if (!weir_log_open_memory(&runner->clock.clock, &runner->log, runner->err) ||
		!weir_registry_open_embedded(weir_schema_log_new_memory(), &runner->registry, runner->err))
		return false;
	struct weir_engine_options options = {
		.log = runner->log,
		.registry = runner->registry,
		.settings = &runner->settings,
		.clock = &runner->clock.clock,
		.is_stepped = true,
	};
	if (!weir_engine_open(&options, &runner->engine, runner->err))
		return false;
	weir_session_init(&runner->session, runner->engine);
	weir_settings_set(&runner->session.properties, WEIR_SLICE("auto.offset.reset"), WEIR_SLICE("earliest"), false, &ignored);
	const struct weir_json *properties = runner->test->properties;
	for (size_t i = 0; weir_json_is(properties, WEIR_JSON_OBJECT) && i < properties->count; i++) {
		const struct weir_json *value = properties->members[i].value;
		weir_settings_set(&runner->session.properties, properties->members[i].name,
			value->kind == WEIR_JSON_STRING ? value->text : value->raw, true, &ignored);
	}
	return true;
}

static bool register_side(struct runner *runner, const struct weir_case_topic *topic, const char *side, const char *schema_name,
	const char *format_name)
{
	bool is_key = strcmp(side, "key") == 0;
	const struct weir_json *schema = weir_json_get(topic->json, schema_name);
	struct weir_schema_text text = { 0 };
	int32_t id;

	if (!schema || schema->kind == WEIR_JSON_NULL)
		return true;
	text.text = schema->kind == WEIR_JSON_STRING ? schema->text : schema->raw;
	struct weir_slice format = weir_json_get_text(topic->json, format_name, "AVRO");
	if (weir_slice_is(format, "PROTOBUF"))
		text.kind = WEIR_SCHEMA_PROTOBUF;
	else if (!weir_slice_is(format, "AVRO"))
		text.kind = WEIR_SCHEMA_JSON;
	struct weir_slice subject = weir_arena_printf(&runner->arena, "%.*s-%s", WEIR_SLICE_ARG(topic->name), side);
	int64_t chosen = weir_json_get_i64(topic->json, is_key ? "keySchemaId" : "valueSchemaId", 0);
	return chosen ? weir_case_register_with_id(runner->registry, &runner->arena, subject, &text, (int32_t)chosen, runner->err)
		      : weir_registry_register(runner->registry, subject, &text, &id, runner->err);
}

/* Does the script make the topic itself? Then its declaration only says what schema there is. */
static bool is_sink_topic(struct runner *runner, struct weir_slice topic)
{
	const struct weir_sql_statement *const *statements;
	struct weir_err ignored = { 0 };
	size_t count;

	for (size_t i = 0; !runner->test->expects_error && i < runner->test->statement_count; i++) {
		if (!weir_sql_parse(&runner->arena, runner->test->statements[i], &statements, &count, &ignored))
			continue;
		for (size_t k = 0; k < count; k++) {
			const struct weir_sql_property *named = find_property(statements[k], "KAFKA_TOPIC");
			bool makes = statements[k]->kind == WEIR_SQL_CREATE_AS ||
				     (statements[k]->kind == WEIR_SQL_CREATE_SOURCE && find_property(statements[k], "PARTITIONS"));
			if (makes && weir_slice_equals(named ? named->text : statements[k]->name, topic))
				return true;
		}
	}
	return false;
}

static bool prepare_topic(struct runner *runner, const struct weir_case_topic *topic)
{
	bool is_sink = is_sink_topic(runner, topic->name);

	if (!is_sink && !create_topic(runner, topic->name, topic->partitions, runner->err))
		return false;
	return ((is_sink && !weir_json_get_i64(topic->json, "keySchemaId", 0)) ||
		       register_side(runner, topic, "key", "keySchema", "keyFormat")) &&
	       ((is_sink && !weir_json_get_i64(topic->json, "valueSchemaId", 0)) ||
		       register_side(runner, topic, "value", "valueSchema", "valueFormat"));
}

static bool prepare_topics(struct runner *runner)
{
	for (size_t i = 0; i < runner->test->topic_count; i++)
		if (!prepare_topic(runner, &runner->test->topics[i]))
			return false;
	return true;
}

static void note_refusal(struct runner *runner)
{
	struct weir_case_result *result = runner->result;

	result->is_refused = true;
	result->is_unsupported = runner->err->code == WEIR_E_NOT_SUPPORTED;
	if (!runner->test->expects_error)
		weir_buf_printf(&result->difference, "refused: %s%s%s\n", runner->err->text, runner->err->advice[0] ? " — " : "",
			runner->err->advice);
}

static void judge(struct runner *runner)
{
	if (runner->test->expects_error) {
		weir_buf_append_text(
			&runner->result->difference, "every statement was accepted, but the last one should be refused\n");
		return;
	}
	judge_outputs(runner);
	for (size_t i = 0; runner->test->post_sources && i < runner->test->post_sources->count; i++)
		judge_source(runner, runner->test->post_sources->items[i]);
}

void weir_case_run(const struct weir_case *test, bool wants_actual, struct weir_case_result *result)
{
	struct runner runner = { .test = test, .result = result, .err = &result->err };

	*result = (struct weir_case_result){ 0 };
	weir_buf_init(&result->difference, 65536);
	weir_buf_init(&result->actual, WEIR_BUF_NO_LIMIT);
	weir_arena_init(&runner.arena, 16384);
	bool opened = open_engine(&runner);
	bool ok =
		opened && prepare_topics(&runner) && execute_statements(&runner) && append_inputs(&runner) && run_queries(&runner);
	if (ok)
		judge(&runner);
	else
		note_refusal(&runner);
	result->passed = ok ? result->difference.len == 0 : test->expects_error && !result->is_unsupported;
	if (!result->passed && result->difference.len == 0)
		weir_buf_printf(&result->difference, "refused, but only because it is not supported yet: %s\n", result->err.text);
	if (wants_actual && opened)
		write_actual(&runner);
	if (opened)
		weir_session_fini(&runner.session);
	weir_engine_close(opened ? runner.engine : NULL);
	weir_registry_close(runner.registry);
	if (runner.log)
		runner.log->vtable->close(runner.log);
	weir_settings_fini(&runner.settings);
	weir_arena_fini(&runner.arena);
}

void weir_case_result_fini(struct weir_case_result *result)
{
	weir_buf_fini(&result->difference);
	weir_buf_fini(&result->actual);
}
