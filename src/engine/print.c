/* PRINT: the records of a topic as text, as they come. Thread: the caller's, for as long as it lasts. */
#include "engine/engine_int.h"
#include "engine/print_format.h"

#include <time.h>

struct print {
	struct weir_engine *engine;
	const struct weir_sql_statement *ast;
	struct weir_print_sink *sink;
	struct weir_print_side key, value;
	struct weir_arena arena; /* of one record */
	struct weir_buf line;
	int64_t seen, shown;
	bool is_over;
};

static void take_line(struct print *self)
{
	if (!self->is_over && !self->sink->line(self->sink, weir_buf_slice(&self->line)))
		self->is_over = true;
	weir_buf_reset(&self->line);
}

static void print_banner(struct print *self, const char *what, const struct weir_print_side *side)
{
	weir_buf_printf(&self->line, "%s format: ", what);
	weir_print_side_name(side, &self->line);
	take_line(self);
}

static void append_time(struct weir_buf *out, int64_t timestamp_ms)
{
	time_t seconds = (time_t)(timestamp_ms / 1000 - (timestamp_ms % 1000 < 0));
	struct tm parts;
	char text[40];

	if (timestamp_ms < 0 || !gmtime_r(&seconds, &parts)) {
		weir_buf_append_text(out, "N/A");
		return;
	}
	strftime(text, sizeof text, "%Y/%m/%d %H:%M:%S", &parts);
	weir_buf_printf(out, "%s.%03d Z", text, (int)(timestamp_ms % 1000));
}

static void print_record(struct print *self, const struct weir_message *message, int32_t partition)
{
	bool is_first = self->seen == 0;
	bool key_changed = weir_print_side_look(&self->key, message->key, message->key_is_null, &self->arena);
	bool value_changed = weir_print_side_look(&self->value, message->value, message->value_is_null, &self->arena);

	if (self->ast->has_interval && self->ast->interval > 0 && self->seen++ % self->ast->interval != 0)
		return;
	self->seen += !self->ast->has_interval;
	if (self->sink->wants_banner && (is_first || key_changed))
		print_banner(self, "Key", &self->key);
	if (self->sink->wants_banner && (is_first || value_changed))
		print_banner(self, "Value", &self->value);
	weir_buf_append_text(&self->line, "rowtime: ");
	append_time(&self->line, message->timestamp_ms);
	weir_buf_append_text(&self->line, ", key: ");
	weir_print_side_show(&self->key, message->key, message->key_is_null, &self->arena, &self->line);
	weir_buf_append_text(&self->line, ", value: ");
	weir_print_side_show(&self->value, message->value, message->value_is_null, &self->arena, &self->line);
	weir_buf_printf(&self->line, ", partition: %d", partition);
	take_line(self);
	if (self->ast->has_limit && ++self->shown >= self->ast->limit)
		self->is_over = true;
}

static bool print_fetches(struct print *self, struct weir_log_reader *reader, struct weir_err *err)
{
	const struct weir_log_vtable *log = self->engine->options.log->vtable;

	while (!self->is_over && !__atomic_load_n(&self->engine->is_closing, __ATOMIC_ACQUIRE)) {
		struct weir_fetch fetch;
		if (!log->poll(reader, 100, 100, &fetch, err))
			return false;
		if (fetch.count == 0 && !self->sink->idle(self->sink))
			return true;
		for (size_t i = 0; i < fetch.count && !self->is_over; i++) {
			print_record(self, &fetch.messages[i], fetch.partition);
			weir_arena_reset(&self->arena);
		}
	}
	return true;
}

static bool print_topic(struct print *self, int32_t partitions, struct weir_err *err)
{
	struct weir_log *log = self->engine->options.log;
	struct weir_log_reader *reader;
	bool ok = true;

	if (!log->vtable->reader_open(log, &reader, err))
		return false;
	for (int32_t i = 0; ok && i < partitions; i++)
		ok = log->vtable->assign(reader, self->ast->name, i,
			self->ast->from_beginning ? WEIR_OFFSET_EARLIEST : WEIR_OFFSET_LATEST, NULL, err);
	ok = ok && print_fetches(self, reader, err);
	log->vtable->reader_close(reader);
	return ok;
}

/* ---- Before ---- */

static bool unknown_topic(struct weir_engine *engine, struct weir_arena *arena, struct weir_slice name, struct weir_err *err)
{
	struct weir_log *log = engine->options.log;
	struct weir_topic_config *topics;
	struct weir_err ignored = { 0 };
	size_t count;

	weir_err_set(err, WEIR_E_BAD_REQUEST, "There is no topic '%.*s', or it may not be seen; capitals count in topics' names",
		WEIR_SLICE_ARG(name));
	if (!log->vtable->topic_list(log, arena, &topics, &count, &ignored))
		return false;
	struct weir_slice *names = WEIR_ARENA_ARRAY(arena, struct weir_slice, count + 1);
	for (size_t i = 0; i < count; i++)
		names[i] = topics[i].name;
	struct weir_slice near = weir_nearest_name(name, names, count);
	return near.len ? weir_err_advise(err, "Did you mean %.*s?", WEIR_SLICE_ARG(near)) : false;
}

static enum weir_window_type window_of_topic(struct weir_engine *engine, struct weir_slice topic)
{
	const struct weir_catalog *catalog = weir_catalog_take(engine);
	const struct weir_source *source;
	enum weir_window_type window = WEIR_WINDOW_NONE;

	for (size_t i = 0; (source = weir_catalog_source_at(catalog, i)); i++)
		if (weir_slice_equals(source->topic, topic) && source->window.type != WEIR_WINDOW_NONE)
			window = source->window.type;
	weir_catalog_unref(catalog);
	return window;
}

static bool run(struct weir_engine *engine, struct weir_arena *arena, const struct weir_sql_statement *ast,
	struct weir_print_sink *sink, struct weir_err *err)
{
	struct weir_log *log = engine->options.log;
	struct weir_topic_config topic;
	struct print self = { .engine = engine, .ast = ast, .sink = sink };

	if (!log->vtable->topic_describe(log, ast->name, arena, &topic, err))
		return err->code == WEIR_E_TOPIC_NOT_FOUND ? unknown_topic(engine, arena, ast->name, err) : false;
	sink->begin(sink);
	weir_print_side_init(&self.key, engine->options.registry, engine->schemas, window_of_topic(engine, ast->name));
	weir_print_side_init(&self.value, engine->options.registry, engine->schemas, WEIR_WINDOW_NONE);
	weir_arena_init(&self.arena, 8192);
	weir_buf_init(&self.line, WEIR_BUF_NO_LIMIT);
	self.is_over = ast->has_limit && ast->limit <= 0;
	bool ok = print_topic(&self, topic.partitions, err);
	weir_buf_fini(&self.line);
	weir_arena_fini(&self.arena);
	weir_print_side_fini(&self.value);
	weir_print_side_fini(&self.key);
	return ok;
}

bool weir_engine_print(struct weir_engine *engine, struct weir_session *session, struct weir_slice text,
	struct weir_print_sink *sink, struct weir_err *err)
{
	struct weir_arena arena;
	struct weir_exec exec;

	err->code = WEIR_E_NONE;
	weir_arena_init(&arena, 8192);
	bool ok = weir_exec_begin(&exec, engine, session, &arena, text, 1, 1, NULL, err);
	if (ok && exec.ast->kind != WEIR_SQL_PRINT)
		ok = weir_err_set(err, WEIR_E_INVALID_STATEMENT, "This is no PRINT statement");
	ok = ok && run(engine, &arena, exec.ast, sink, err);
	weir_exec_end(&exec);
	weir_arena_fini(&arena);
	return ok;
}
