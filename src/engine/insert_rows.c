/* Rows of JSON into a stream's or table's topic, for /inserts-stream (interfaces.md §1.10): the text of one object a row.
 *
 * Holds: rows are durable when weir_engine_insert_rows() returns, those before the first bad one too.
 * Thread: any; `control` is held meanwhile.
 */
#include "engine/engine_int.h"

#include "formats/list.h"
#include "types/cast.h"

struct insertion {
	struct weir_exec exec;
	const struct weir_source *target;
	struct weir_format_spec spec; /* all columns, times as text */
	struct weir_reader *reader;
	struct weir_insert_writer *writer;
};

static bool is_temporal(const struct weir_type *type)
{
	return type->kind == WEIR_KIND_DATE || type->kind == WEIR_KIND_TIME || type->kind == WEIR_KIND_TIMESTAMP;
}

/* "orders" is ORDERS, "`low`" and "\"low\"" are low. */
static struct weir_slice plain_name(struct weir_arena *arena, struct weir_slice name)
{
	if (name.len >= 2 && (name.ptr[0] == '`' || name.ptr[0] == '"') && name.ptr[name.len - 1] == name.ptr[0])
		return weir_slice_make(name.ptr + 1, name.len - 2);
	char *upper = weir_arena_alloc(arena, name.len + 1);
	for (size_t i = 0; i < name.len; i++)
		upper[i] = (char)(name.ptr[i] >= 'a' && name.ptr[i] <= 'z' ? name.ptr[i] - 32 : name.ptr[i]);
	return weir_slice_make(upper, name.len);
}

/* ---- The target ---- */

static bool check_target(const struct weir_source *target, struct weir_slice name, struct weir_err *err)
{
	if (!target)
		return weir_err_set(
			err, WEIR_E_UNKNOWN_NAME, "There is no stream or table `%.*s` to insert into", WEIR_SLICE_ARG(name));
	if (target->window.type != WEIR_WINDOW_NONE)
		return weir_err_set(err, WEIR_E_INVALID_STATEMENT, "Rows cannot be inserted into %.*s: its keys are windowed",
			WEIR_SLICE_ARG(target->name));
	if (target->is_read_only)
		return weir_err_set(err, WEIR_E_READ_ONLY, "Rows cannot be inserted into %.*s: it is a SOURCE, which is read-only",
			WEIR_SLICE_ARG(target->name));
	return true;
}

static bool open_reader(struct insertion *self, struct weir_err *err)
{
	const struct weir_schema *schema = self->target->schema;
	struct weir_column *columns = WEIR_ARENA_ARRAY(self->exec.arena, struct weir_column, schema->count + 1);

	memcpy(columns, schema->columns, schema->count * sizeof *columns);
	for (size_t i = 0; i < schema->count; i++) {
		columns[i].role = WEIR_COLUMN_VALUE;
		if (is_temporal(columns[i].type))
			columns[i].type = &weir_type_string;
	}
	self->spec = (struct weir_format_spec){
		.format = &weir_format_json, .side = WEIR_SIDE_VALUE, .columns = columns, .column_count = schema->count
	};
	return weir_format_json.reader_new(&self->spec, NULL, NULL, &self->reader, err);
}

static bool open_insertion(struct insertion *self, struct weir_engine *engine, struct weir_arena *arena, struct weir_slice target,
	struct weir_err *err)
{
	target = plain_name(arena, target);
	self->exec = (struct weir_exec){ .engine = engine, .arena = arena, .catalog = weir_catalog_take(engine) };
	self->target = weir_catalog_source(self->exec.catalog, target);
	if (!weir_settings_bool(engine->options.settings, "ksql.insert.into.values.enabled"))
		return weir_err_set(err, WEIR_E_INVALID_STATEMENT, "Inserting rows is turned off on this server");
	return check_target(self->target, target, err) && open_reader(self, err) &&
	       weir_insert_writer_open(&self->exec, self->target, &self->writer, err);
}

/* ---- Rows ---- */

/* The object with columns' names for members' names, as the reader wants it. Key columns must be there. */
static bool rename_members(
	struct insertion *self, struct weir_arena *arena, const struct weir_json *row, struct weir_buf *out, struct weir_err *err)
{
	const struct weir_schema *schema = self->target->schema;
	bool is_first = true;

	weir_buf_append_byte(out, '{');
	for (size_t c = 0; c < schema->count; c++) {
		const struct weir_json *value = NULL;
		for (size_t i = 0; i < row->count; i++)
			if (weir_slice_equals(plain_name(arena, row->members[i].name), schema->columns[c].name))
				value = row->members[i].value;
		bool is_missing = !value || value->kind == WEIR_JSON_NULL;
		if (is_missing && schema->columns[c].role == WEIR_COLUMN_KEY)
			return weir_err_set(err, WEIR_E_BAD_REQUEST, "Key field must be specified: %.*s",
				WEIR_SLICE_ARG(schema->columns[c].name));
		if (is_missing)
			continue;
		weir_buf_append_text(out, is_first ? "" : ",");
		weir_json_append_string(out, schema->columns[c].name, false);
		weir_buf_append_byte(out, ':');
		weir_buf_append_slice(out, value->raw);
		is_first = false;
	}
	weir_buf_append_byte(out, '}');
	return true;
}

static bool convert_times(struct insertion *self, struct weir_arena *arena, struct weir_value *values, struct weir_err *err)
{
	const struct weir_schema *schema = self->target->schema;

	for (size_t i = 0; i < schema->count; i++) {
		if (values[i].is_null || !is_temporal(schema->columns[i].type))
			continue;
		if (weir_cast(&weir_type_string, schema->columns[i].type, values[i].cell, arena, &values[i].cell, err) !=
			WEIR_VALUE)
			return false;
	}
	return true;
}

static bool read_row(
	struct insertion *self, struct weir_arena *arena, struct weir_slice text, struct weir_value *values, struct weir_err *err)
{
	size_t count = self->target->schema->count;
	union weir_cell *cells = WEIR_ARENA_ARRAY(arena, union weir_cell, count + 1);
	uint64_t *nulls = WEIR_ARENA_ARRAY(arena, uint64_t, weir_null_words(count) + 1);
	struct weir_json *row;
	struct weir_buf renamed;

	if (!weir_json_parse(arena, text, false, &row, err) || row->kind != WEIR_JSON_OBJECT)
		return weir_err_set(err, WEIR_E_BAD_REQUEST, "Invalid JSON in inserts stream");
	weir_buf_init(&renamed, WEIR_BUF_NO_LIMIT);
	bool ok = rename_members(self, arena, row, &renamed, err);
	struct weir_slice object = weir_arena_copy(arena, weir_buf_slice(&renamed));
	weir_buf_fini(&renamed);
	if (!ok || weir_format_json.read(self->reader, object, arena, cells, nulls, 0, err) != WEIR_READ_ROW)
		return false;
	for (size_t i = 0; i < count; i++)
		values[i] = (struct weir_value){ .cell = cells[i], .is_null = weir_null_test(nulls, i) };
	return convert_times(self, arena, values, err);
}

static bool insert_row(struct insertion *self, struct weir_slice text, struct weir_err *err)
{
	struct weir_arena arena;

	weir_arena_init(&arena, 4096);
	struct weir_value *values = WEIR_ARENA_ARRAY(&arena, struct weir_value, self->target->schema->count + 1);
	bool ok = read_row(self, &arena, text, values, err) &&
		  weir_insert_writer_add(self->writer, values, weir_clock_now_ms(self->exec.engine->options.clock), err);
	weir_arena_fini(&arena);
	return ok;
}

/* One line; false at the end. Blank lines are skipped. */
static bool next_line(struct weir_slice *rest, struct weir_slice *ret)
{
	while (rest->len) {
		const char *end = memchr(rest->ptr, '\n', rest->len);
		size_t len = end ? (size_t)(end - rest->ptr) : rest->len, used = end ? len + 1 : len;
		*ret = weir_slice_trim(weir_slice_make(rest->ptr, len));
		*rest = weir_slice_make(rest->ptr + used, rest->len - used);
		if (ret->len)
			return true;
	}
	return false;
}

bool weir_engine_insert_rows(struct weir_engine *engine, struct weir_slice target, struct weir_slice lines, size_t *ret_count,
	bool *ret_is_started, struct weir_err *err)
{
	struct insertion self = { 0 };
	struct weir_arena arena;
	struct weir_slice line;

	*ret_count = 0;
	*ret_is_started = false;
	err->code = WEIR_E_NONE;
	weir_arena_init(&arena, 8192);
	pthread_mutex_lock(&engine->control);
	bool ok = open_insertion(&self, engine, &arena, target, err);
	*ret_is_started = ok;
	while (ok && next_line(&lines, &line)) {
		ok = insert_row(&self, line, err);
		*ret_count += ok;
	}
	struct weir_err failure = { 0 };
	if (self.writer && *ret_count && !weir_insert_writer_commit(self.writer, &failure)) {
		*ret_count = 0;
		ok = false;
		weir_err_copy(err, &failure);
	}
	pthread_mutex_unlock(&engine->control);
	weir_insert_writer_close(self.writer);
	if (self.reader)
		weir_format_json.reader_free(self.reader);
	weir_catalog_unref(self.exec.catalog);
	weir_arena_fini(&arena);
	return ok;
}
