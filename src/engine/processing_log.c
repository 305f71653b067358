/* The processing log: every record that could not be processed, with where it stood and why, in a topic where it can be found and
 * replayed from: `<service id>ksql_processing_log`, one JSON object a record (interfaces.md §8.2; partition and offset are ours),
 * and the stream KSQL_PROCESSING_LOG over it.
 *
 * Holds: a worker only adds to a bounded queue; a thread of its own writes. When errors come faster than they can be written, they
 * are counted and the number is told. A stepped engine has no topic: errors go to the server's log alone.
 * Threads: workers record; the log's own writes.
 */
#include "engine/engine_int.h"

#include "base/memory.h"
#include "types/text.h"

#include <stdlib.h>
#include <time.h>

#define MAX_QUEUED_BYTES ((size_t)4 << 20)
#define FLUSH_PAUSE_MS   200
#define MAX_RECORD_BYTES 65536 /* of row data in an entry */

struct entry {
	struct entry *next;
	size_t len;
	int64_t timestamp_ms;
	char text[];
};

struct weir_processing_log {
	struct weir_engine *engine;
	struct weir_log_writer *writer;
	char *topic;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wakes;
	struct entry *first, **last;
	size_t queued_bytes;
	uint64_t lost;
	bool has_thread, is_closing, with_rows;
};

/* ---- Entries ---- */

static void write_cause(struct weir_json_writer *json, const struct weir_err *err)
{
	weir_json_key(json, "cause");
	weir_json_begin_array(json);
	if (err->advice[0])
		weir_json_write_text(json, err->advice);
	weir_json_end_array(json);
}

static void write_value(
	struct weir_json_writer *json, const char *key, const struct weir_processing_log *log, const struct weir_message *message)
{
	struct weir_buf text;

	weir_json_key(json, key);
	if (!log->with_rows || !message || message->value_is_null || message->value.len > MAX_RECORD_BYTES) {
		weir_json_write_null(json);
		return;
	}
	weir_buf_init(&text, WEIR_BUF_NO_LIMIT);
	weir_base64_print(&text, message->value);
	weir_json_write_string(json, weir_buf_slice(&text));
	weir_buf_fini(&text);
}

static void write_place(struct weir_json_writer *json, const struct weir_bad_record *record)
{
	weir_json_key(json, "topic");
	if (record->topic.len)
		weir_json_write_string(json, record->topic);
	else
		weir_json_write_null(json);
	weir_json_key(json, "partition");
	weir_json_write_i64(json, record->partition);
	weir_json_key(json, "offset");
	weir_json_write_i64(json, record->offset);
}

static void write_details(struct weir_json_writer *json, const struct weir_processing_log *log,
	const struct weir_bad_record *record, bool is_deserialization)
{
	weir_json_key(json, is_deserialization ? "deserializationError" : "recordProcessingError");
	weir_json_begin_object(json);
	if (is_deserialization) {
		weir_json_key(json, "target");
		weir_json_write_text(json, "value");
	}
	weir_json_key(json, "errorMessage");
	weir_json_write_text(json, record->err->text);
	write_value(json, is_deserialization ? "recordB64" : "record", log, record->message);
	write_cause(json, record->err);
	write_place(json, record);
	weir_json_end_object(json);
}

static void write_entry(
	struct weir_buf *out, const struct weir_processing_log *log, const struct weir_bad_record *record, int64_t now)
{
	static const char *const kinds[] = { "deserializationError", "recordProcessingError", "productionError",
		"serializationError", "kafkaStreamsThreadError" };
	bool is_deserialization = record->err->code == WEIR_E_DESERIALIZE || record->err->code == WEIR_E_TIMESTAMP ||
				  record->err->code == WEIR_E_SCHEMA_NOT_FOUND;
	struct weir_json_writer json;
	char logger[300];

	snprintf(logger, sizeof logger, "processing.%.*s%s", WEIR_SLICE_ARG(record->query_id),
		is_deserialization ? ".KsqlTopic.Source.deserializer" : "");
	weir_json_writer_init(&json, out);
	weir_json_begin_object(&json);
	weir_json_key(&json, "level");
	weir_json_write_text(&json, "ERROR");
	weir_json_key(&json, "logger");
	weir_json_write_text(&json, logger);
	weir_json_key(&json, "time");
	weir_json_write_i64(&json, now);
	weir_json_key(&json, "message");
	weir_json_begin_object(&json);
	weir_json_key(&json, "type");
	weir_json_write_i64(&json, is_deserialization ? 0 : 1);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (i == (is_deserialization ? 0 : 1)) {
			write_details(&json, log, record, is_deserialization);
			continue;
		}
		weir_json_key(&json, kinds[i]);
		weir_json_write_null(&json);
	}
	weir_json_end_object(&json);
	weir_json_end_object(&json);
}

static void enqueue(struct weir_processing_log *log, struct weir_slice text, int64_t now)
{
	struct entry *entry = NULL;

	pthread_mutex_lock(&log->lock);
	if (log->queued_bytes + text.len > MAX_QUEUED_BYTES) {
		log->lost++;
	} else {
		entry = weir_alloc(sizeof *entry + text.len);
		*entry = (struct entry){ .len = text.len, .timestamp_ms = now };
		memcpy(entry->text, text.ptr, text.len);
		*log->last = entry;
		log->last = &entry->next;
		log->queued_bytes += text.len;
		pthread_cond_signal(&log->wakes);
	}
	pthread_mutex_unlock(&log->lock);
}

void weir_processing_log_record(void *ctx, const struct weir_bad_record *record)
{
	struct weir_engine *engine = ctx;
	struct weir_buf text;

	if (record->message)
		weir_log(engine->options.logger, WEIR_LOG_WARN, "processing", "%.*s: %.*s partition %d offset %lld: %s",
			WEIR_SLICE_ARG(record->query_id), WEIR_SLICE_ARG(record->topic), record->partition,
			(long long)record->offset, record->err->text);
	else
		weir_log(engine->options.logger, WEIR_LOG_DEBUG, "processing", "%.*s: %s", WEIR_SLICE_ARG(record->query_id),
			record->err->text);
	struct weir_processing_log *log = __atomic_load_n(&engine->processing_log, __ATOMIC_ACQUIRE);
	/* A query over the log's own topic must not feed itself. */
	if (!log || weir_slice_is(record->topic, log->topic))
		return;
	int64_t now = weir_clock_now_ms(engine->options.clock);
	weir_buf_init(&text, WEIR_BUF_NO_LIMIT);
	write_entry(&text, log, record, now);
	enqueue(log, weir_buf_slice(&text), now);
	weir_buf_fini(&text);
}

/* ---- Writing ---- */

static struct entry *take_all(struct weir_processing_log *log, uint64_t *ret_lost, bool *ret_closing)
{
	struct timespec until;

	pthread_mutex_lock(&log->lock);
	if (!log->first && !log->is_closing) {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec++;
		pthread_cond_timedwait(&log->wakes, &log->lock, &until);
	}
	struct entry *entries = log->first;
	log->first = NULL;
	log->last = &log->first;
	log->queued_bytes = 0;
	*ret_lost = log->lost;
	log->lost = 0;
	*ret_closing = log->is_closing;
	pthread_mutex_unlock(&log->lock);
	return entries;
}

static void write_all(struct weir_processing_log *log, const struct entry *entries)
{
	const struct weir_log_vtable *vtable = log->engine->options.log->vtable;
	struct weir_err err = { 0 }, ignored;
	bool ok = true;

	for (const struct entry *entry = entries; ok && entry; entry = entry->next) {
		struct weir_message message = {
			.key_is_null = true, .value = weir_slice_make(entry->text, entry->len), .timestamp_ms = entry->timestamp_ms
		};
		ok = vtable->append(log->writer, weir_slice_of(log->topic), 0, &message, &err);
	}
	ok = ok && vtable->commit(log->writer, &err);
	if (ok)
		return;
	vtable->abort(log->writer, &ignored);
	weir_log_err(log->engine->options.logger, WEIR_LOG_WARN, "processing", &err);
}

static void free_all(struct entry *entries)
{
	while (entries) {
		struct entry *next = entries->next;
		free(entries);
		entries = next;
	}
}

static void *run(void *arg)
{
	struct weir_processing_log *log = arg;
	bool is_closing = false;
	uint64_t lost;

	while (!is_closing) {
		struct entry *entries = take_all(log, &lost, &is_closing);
		if (entries)
			write_all(log, entries);
		free_all(entries);
		if (lost)
			weir_log(log->engine->options.logger, WEIR_LOG_WARN, "processing",
				"%llu errors of records came too fast for the processing log", (unsigned long long)lost);
		if (entries && !is_closing)
			nanosleep(&(struct timespec){ .tv_nsec = FLUSH_PAUSE_MS * 1000000L }, NULL);
	}
	return NULL;
}

/* ---- Opening and closing ---- */

static bool create_topic(struct weir_processing_log *log, struct weir_err *err)
{
	struct weir_log *backend = log->engine->options.log;
	struct weir_topic_config config = {
		.name = weir_slice_of(log->topic),
		.partitions = (int32_t)weir_settings_int(log->engine->options.settings, "ksql.logging.processing.topic.partitions"),
		.replicas = (int16_t)weir_settings_int(
			log->engine->options.settings, "ksql.logging.processing.topic.replication.factor"),
		.cleanup = WEIR_CLEANUP_DELETE,
		.retention_bytes = -1,
	};

	if (!backend->vtable->topic_create(backend, &config, err) && err->code != WEIR_E_TOPIC_EXISTS)
		return false;
	err->code = WEIR_E_NONE;
	return true;
}

static char *topic_name(const struct weir_engine *engine)
{
	const char *name = weir_settings_text(engine->options.settings, "ksql.logging.processing.topic.name");
	struct weir_buf out;

	weir_buf_init(&out, 512);
	if (name && *name)
		weir_buf_append_text(&out, name);
	else
		weir_buf_printf(&out, "%.*sksql_processing_log", WEIR_SLICE_ARG(weir_service_id(engine)));
	char *copy = weir_strdup(weir_buf_cstr(&out));
	weir_buf_fini(&out);
	return copy;
}

/* The stream is a statement like others: it is in the command log, and stays dropped only as long as the server runs. */
static void create_stream(struct weir_engine *engine, const char *topic)
{
	const char *name = weir_settings_text(engine->options.settings, "ksql.logging.processing.stream.name");
	struct weir_session session;
	struct weir_buf entities, sql;
	struct weir_err err = { 0 };

	const struct weir_catalog *catalog = weir_catalog_take(engine);
	bool exists = weir_catalog_source(catalog, weir_slice_of(name)) != NULL;
	weir_catalog_unref(catalog);
	if (exists)
		return;
	weir_buf_init(&entities, WEIR_BUF_NO_LIMIT);
	weir_buf_init(&sql, WEIR_BUF_NO_LIMIT);
	weir_buf_printf(&sql,
		"CREATE STREAM IF NOT EXISTS `%s` (logger VARCHAR, level VARCHAR, time BIGINT, message STRUCT<type INT, "
		"deserializationError STRUCT<target VARCHAR, errorMessage VARCHAR, recordB64 VARCHAR, cause ARRAY<VARCHAR>, "
		"`TOPIC` "
		"VARCHAR, `PARTITION` INT, `OFFSET` BIGINT>, "
		"recordProcessingError STRUCT<errorMessage VARCHAR, record VARCHAR, cause ARRAY<VARCHAR>, `TOPIC` VARCHAR, "
		"`PARTITION` INT, `OFFSET` BIGINT>, "
		"productionError STRUCT<errorMessage VARCHAR>, "
		"serializationError STRUCT<target VARCHAR, errorMessage VARCHAR, record VARCHAR, cause ARRAY<VARCHAR>, `TOPIC` "
		"VARCHAR>, "
		"kafkaStreamsThreadError STRUCT<errorMessage VARCHAR, threadName VARCHAR, cause ARRAY<VARCHAR>>>) "
		"WITH (KAFKA_TOPIC='%s', VALUE_FORMAT='JSON', KEY_FORMAT='KAFKA');",
		name, topic);
	weir_session_init(&session, engine);
	if (!weir_engine_execute(engine, &session, weir_buf_slice(&sql), &entities, NULL, &err))
		weir_log_err(engine->options.logger, WEIR_LOG_WARN, "processing", &err);
	weir_session_fini(&session);
	weir_buf_fini(&sql);
	weir_buf_fini(&entities);
}

bool weir_processing_log_open(struct weir_engine *engine, struct weir_err *err)
{
	struct weir_log *backend = engine->options.log;
	char writer[200];

	if (engine->options.is_stepped ||
		!weir_settings_bool(engine->options.settings, "ksql.logging.processing.topic.auto.create"))
		return true;
	struct weir_processing_log *log = weir_alloc_zero(sizeof *log);
	log->engine = engine;
	log->topic = topic_name(engine);
	log->with_rows = weir_settings_bool(engine->options.settings, "ksql.logging.processing.rows.include");
	log->last = &log->first;
	pthread_mutex_init(&log->lock, NULL);
	pthread_cond_init(&log->wakes, NULL);
	snprintf(writer, sizeof writer, "%.*sprocessing-log", WEIR_SLICE_ARG(weir_service_id(engine)));
	bool ok = create_topic(log, err) && backend->vtable->writer_open(backend, weir_slice_of(writer), false, &log->writer, err);
	log->has_thread = ok && pthread_create(&log->thread, NULL, run, log) == 0;
	__atomic_store_n(&engine->processing_log, log, __ATOMIC_RELEASE);
	return ok;
}

void weir_processing_log_create_stream(struct weir_engine *engine)
{
	if (engine->processing_log && weir_settings_bool(engine->options.settings, "ksql.logging.processing.stream.auto.create"))
		create_stream(engine, engine->processing_log->topic);
}

void weir_processing_log_close(struct weir_engine *engine)
{
	struct weir_processing_log *log = engine->processing_log;

	if (!log)
		return;
	pthread_mutex_lock(&log->lock);
	log->is_closing = true;
	pthread_cond_signal(&log->wakes);
	pthread_mutex_unlock(&log->lock);
	if (log->has_thread)
		pthread_join(log->thread, NULL);
	free_all(log->first);
	if (log->writer)
		engine->options.log->vtable->writer_close(log->writer);
	pthread_mutex_destroy(&log->lock);
	pthread_cond_destroy(&log->wakes);
	free(log->topic);
	free(log);
	engine->processing_log = NULL;
}
