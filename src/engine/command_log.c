/* The command log: every statement that changed something, in order, with the answers that its analysis was given.
 *
 * Record: key null, value = {"v":1,"id":n,"statement":…,"properties":{…},"facts":{…},"keySchemaId":n,"valueSchemaId":n}.
 * Holds: a command is in the log before it takes effect; replaying it cannot fail on what the outside has become since.
 */
#include "engine/engine_int.h"

#include "base/memory.h"

#include <stdlib.h>

bool weir_command_log_open(struct weir_engine *engine, struct weir_err *err)
{
	struct weir_log *log = engine->options.log;
	struct weir_slice service = weir_service_id(engine);
	struct weir_buf name;

	weir_buf_init(&name, 512);
	weir_buf_printf(&name, "_weir-%.*scommand_log", WEIR_SLICE_ARG(service));
	engine->command_topic = weir_strdup(weir_buf_cstr(&name));
	weir_buf_fini(&name);
	struct weir_topic_config config = {
		.name = weir_slice_of(engine->command_topic),
		.partitions = 1,
		.replicas = -1,
		.cleanup = WEIR_CLEANUP_DELETE,
		.retention_ms = -1,
		.retention_bytes = -1,
		.is_internal = true,
	};
	if (!log->vtable->topic_create(log, &config, err) && err->code != WEIR_E_TOPIC_EXISTS)
		return false;
	err->code = WEIR_E_NONE;
	char writer[200];
	snprintf(writer, sizeof writer, "%.*scontrol", WEIR_SLICE_ARG(service));
	return log->vtable->writer_open(log, weir_slice_of(writer), true, &engine->writer, err);
}

static void write_command(struct weir_exec *exec, int32_t key_schema_id, int32_t value_schema_id, struct weir_buf *out)
{
	struct weir_json_writer json;

	weir_json_writer_init(&json, out);
	weir_json_begin_object(&json);
	weir_json_key(&json, "v");
	weir_json_write_i64(&json, 1);
	weir_json_key(&json, "id"); /* offsets would not do: on Kafka markers of transactions stand between commands */
	weir_json_write_i64(&json, exec->engine->next_command);
	weir_json_key(&json, "statement");
	weir_json_write_string(&json, exec->text);
	weir_json_key(&json, "properties");
	weir_json_begin_object(&json);
	const struct weir_map *properties = &exec->session->properties.values;
	for (struct weir_map_entry *e = NULL; (e = weir_map_next(properties, e));) {
		weir_json_key_slice(&json, e->key);
		weir_json_write_text(&json, e->value);
	}
	weir_json_end_object(&json);
	weir_json_key(&json, "facts");
	weir_facts_write(&exec->facts, &json);
	weir_json_key(&json, "keySchemaId");
	weir_json_write_i64(&json, key_schema_id);
	weir_json_key(&json, "valueSchemaId");
	weir_json_write_i64(&json, value_schema_id);
	weir_json_end_object(&json);
}

bool weir_command_log_append(struct weir_exec *exec, int32_t key_schema_id, int32_t value_schema_id, struct weir_err *err)
{
	struct weir_engine *engine = exec->engine;
	const struct weir_log_vtable *log = engine->options.log->vtable;
	struct weir_buf value;

	if (exec->sandbox)
		weir_sandbox_count_command(exec->sandbox);
	if (exec->command || exec->sandbox)
		return true;
	weir_buf_init(&value, WEIR_SQL_MAX_TEXT_BYTES * 2);
	write_command(exec, key_schema_id, value_schema_id, &value);
	struct weir_message message = {
		.key_is_null = true,
		.value = weir_buf_slice(&value),
		.timestamp_ms = weir_clock_now_ms(engine->options.clock),
	};
	struct weir_err ignored;
	bool ok = log->append(engine->writer, weir_slice_of(engine->command_topic), 0, &message, err) &&
		  log->commit(engine->writer, err);
	if (!ok)
		log->abort(engine->writer, &ignored);
	else
		engine->next_command++;
	weir_buf_fini(&value);
	return ok;
}

static void set_properties(struct weir_session *session, const struct weir_json *properties)
{
	struct weir_err ignored;

	for (size_t i = 0; weir_json_is(properties, WEIR_JSON_OBJECT) && i < properties->count; i++)
		weir_settings_set(
			&session->properties, properties->members[i].name, properties->members[i].value->text, false, &ignored);
}

static bool replay_one(struct weir_engine *engine, const struct weir_message *message, struct weir_err *err)
{
	struct weir_arena arena;
	struct weir_session session;
	struct weir_exec exec;
	struct weir_json *command;

	weir_arena_init(&arena, 4096);
	weir_session_init(&session, engine);
	bool ok = weir_json_parse(&arena, message->value, false, &command, err);
	if (ok) {
		engine->next_command = weir_json_get_i64(command, "id", message->offset);
		set_properties(&session, weir_json_get(command, "properties"));
		ok = weir_exec_begin(
			&exec, engine, &session, &arena, weir_json_get_text(command, "statement", ""), 1, 1, command, err);
		exec.command_offset = engine->next_command;
		ok = ok && weir_exec_dispatch(&exec, err);
		weir_exec_end(&exec);
	}
	weir_session_fini(&session);
	weir_arena_fini(&arena);
	return ok;
}

/* What would fail again is told and left out; what may pass, such as a broker that is away, must not cost a query. */
static bool is_lasting(struct weir_engine *engine, struct weir_err *err)
{
	if (weir_err_code_class(err->code) == WEIR_CLASS_RETRY)
		return false;
	weir_log_err(engine->options.logger, WEIR_LOG_ERROR, "command log", err);
	err->code = WEIR_E_NONE;
	return true;
}

bool weir_command_log_replay(struct weir_engine *engine, struct weir_err *err)
{
	const struct weir_log_vtable *log = engine->options.log->vtable;
	struct weir_log_reader *reader;
	struct weir_slice topic = weir_slice_of(engine->command_topic);
	int64_t low, high, at;

	if (!log->watermarks(engine->options.log, topic, 0, &low, &high, err) ||
		!log->reader_open(engine->options.log, &reader, err))
		return false;
	bool ok = log->assign(reader, topic, 0, low, NULL, err);
	for (at = low; ok && at < high;) {
		struct weir_fetch fetch;
		ok = log->poll(reader, 100, 1000, &fetch, err);
		for (size_t i = 0; ok && i < fetch.count; i++) {
			ok = replay_one(engine, &fetch.messages[i], err) || is_lasting(engine, err);
			engine->next_command++;
		}
		if (fetch.next_offset > at)
			at = fetch.next_offset;
	}
	log->reader_close(reader);
	return ok;
}
