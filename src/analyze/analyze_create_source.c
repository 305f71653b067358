/* CREATE [OR REPLACE] [SOURCE] STREAM|TABLE [IF NOT EXISTS] name [(columns)] WITH (…)  (semantics §2.2, §2.3). */
#include "analyze/statements.h"

#include "analyze/scope.h"

typedef WEIR_VEC(struct weir_column) column_list;

struct declared_columns {
	column_list keys, headers, values;
};

/* ---- Declared columns ---- */

static bool column_error(const struct weir_sql_column_def *def, struct weir_err *err, const char *text)
{
	return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, def->place.line, def->place.column, "The column %.*s: %s",
		WEIR_SLICE_ARG(def->name), text);
}

static bool check_key_word(const struct weir_sql_statement *ast, const struct weir_sql_column_def *def, struct weir_err *err)
{
	if (def->role == WEIR_SQL_COLUMN_KEY && ast->is_table)
		return column_error(def, err, "a table's key is declared with PRIMARY KEY, not KEY.");
	if (def->role == WEIR_SQL_COLUMN_PRIMARY_KEY && !ast->is_table)
		return column_error(def, err, "a stream's key is declared with KEY, not PRIMARY KEY.");
	return true;
}

static bool check_unique(const struct weir_sql_statement *ast, size_t i, struct weir_err *err)
{
	for (size_t j = 0; j < i; j++)
		if (weir_slice_equals(ast->columns[i].name, ast->columns[j].name))
			return weir_err_set_at(err, WEIR_E_DUPLICATE_NAME, ast->columns[i].place.line, ast->columns[i].place.column,
				"The column %.*s is declared twice.", WEIR_SLICE_ARG(ast->columns[i].name));
	return true;
}

static bool is_headers_type(const struct weir_type *type)
{
	const struct weir_type *item = type->kind == WEIR_KIND_ARRAY ? type->element : NULL;

	return item && item->kind == WEIR_KIND_STRUCT && item->field_count == 2 && weir_slice_is(item->fields[0].name, "KEY") &&
	       item->fields[0].type->kind == WEIR_KIND_STRING && weir_slice_is(item->fields[1].name, "VALUE") &&
	       item->fields[1].type->kind == WEIR_KIND_BYTES;
}

static bool check_header(
	const struct weir_sql_column_def *def, const struct weir_type *type, const column_list *headers, struct weir_err *err)
{
	bool is_all = def->role == WEIR_SQL_COLUMN_HEADERS;

	if (is_all && !is_headers_type(type))
		return column_error(def, err, "HEADERS needs the type ARRAY<STRUCT<KEY STRING, VALUE BYTES>>.");
	if (!is_all && type->kind != WEIR_KIND_BYTES)
		return column_error(def, err, "HEADER('…') needs the type BYTES.");
	for (size_t i = 0; i < headers->count; i++) {
		if (is_all || headers->items[i].role == WEIR_COLUMN_HEADERS)
			return column_error(def, err, "a HEADERS column stands alone, without other header columns.");
		if (weir_slice_equals(headers->items[i].header_key, def->header_key))
			return column_error(def, err, "another column reads the same header.");
	}
	return true;
}

static bool declare_column(struct weir_source_draft *draft, const struct weir_sql_column_def *def, struct declared_columns *columns,
	struct weir_err *err)
{
	struct weir_column column = { .name = def->name, .header_key = def->header_key };

	if (weir_is_reserved_column(def->name))
		return column_error(def, err, "the name is reserved.");
	if (!check_key_word(draft->ast, def, err) || !weir_analyze_type(draft->env, draft->arena, def->type, &column.type, err))
		return false;
	switch (def->role) {
	case WEIR_SQL_COLUMN_KEY:
	case WEIR_SQL_COLUMN_PRIMARY_KEY:
		column.role = WEIR_COLUMN_KEY;
		if (weir_type_contains_map(column.type))
			return column_error(def, err, "a key cannot be or contain a MAP.");
		WEIR_VEC_PUSH_IN(draft->arena, &columns->keys, column);
		return true;
	case WEIR_SQL_COLUMN_HEADERS:
	case WEIR_SQL_COLUMN_HEADER:
		column.role = def->role == WEIR_SQL_COLUMN_HEADERS ? WEIR_COLUMN_HEADERS : WEIR_COLUMN_HEADER;
		if (!check_header(def, column.type, &columns->headers, err))
			return false;
		WEIR_VEC_PUSH_IN(draft->arena, &columns->headers, column);
		return true;
	case WEIR_SQL_COLUMN_VALUE:
		column.role = WEIR_COLUMN_VALUE;
		WEIR_VEC_PUSH_IN(draft->arena, &columns->values, column);
		return true;
	}
	return weir_err_set(err, WEIR_E_INTERNAL, "A column of an unknown role.");
}

static bool declare_columns(struct weir_source_draft *draft, struct declared_columns *columns, struct weir_err *err)
{
	for (size_t i = 0; i < draft->ast->column_count; i++)
		if (!check_unique(draft->ast, i, err) || !declare_column(draft, &draft->ast->columns[i], columns, err))
			return false;
	return true;
}

/* ---- Inferred columns ---- */

static bool infer_side(struct weir_source_draft *draft, enum weir_format_side side, column_list *into, struct weir_err *err)
{
	const struct weir_source_format *declared = side == WEIR_SIDE_KEY ? &draft->source->key : &draft->source->value;
	const struct weir_format *format = weir_format_find(declared->name);
	bool has_id = declared->schema_id != 0;
	struct weir_schema_facts facts = { .text = declared->physical_schema };
	const struct weir_column *columns;
	size_t count;

	if (into->count && has_id)
		return weir_with_error(&draft->with, side == WEIR_SIDE_KEY ? WEIR_WITH_KEY_SCHEMA_ID : WEIR_WITH_VALUE_SCHEMA_ID,
			err, "a schema id cannot be combined with declared %s columns.", side == WEIR_SIDE_KEY ? "key" : "value");
	if (into->count || !format->infers_schema)
		return true;
	if (!has_id && !weir_draft_latest_schema(draft, side, &facts, err))
		return false;
	bool is_unwrapped = side == WEIR_SIDE_KEY ? format->supports_unwrapping
						  : weir_with_has(&draft->with, WEIR_WITH_WRAP_SINGLE_VALUE) &&
							    !weir_with_boolean(&draft->with, WEIR_WITH_WRAP_SINGLE_VALUE);
	if (!format->infer(draft->arena, facts.text, side, is_unwrapped, has_id, &columns, &count, err))
		return weir_err_prefix(err, "The columns of %.*s cannot be taken from its %s schema",
			WEIR_SLICE_ARG(draft->source->topic), side == WEIR_SIDE_KEY ? "key" : "value");
	for (size_t i = 0; i < count; i++)
		WEIR_VEC_PUSH_IN(draft->arena, into, columns[i]);
	return true;
}

static void append(struct weir_column *columns, size_t *at, const column_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		columns[(*at)++] = list->items[i];
}

/* Keys, headers, values. */
static const struct weir_schema *make_schema(struct weir_arena *arena, const struct declared_columns *list)
{
	struct weir_schema *schema = WEIR_ARENA_NEW(arena, struct weir_schema);
	size_t count = list->keys.count + list->headers.count + list->values.count, at = 0;
	struct weir_column *columns = WEIR_ARENA_ARRAY(arena, struct weir_column, count + 1);

	append(columns, &at, &list->keys);
	append(columns, &at, &list->headers);
	append(columns, &at, &list->values);
	*schema = (struct weir_schema){ .columns = columns, .count = count, .key_count = list->keys.count };
	return schema;
}

static bool check_inferred_names(const struct weir_source_draft *draft, struct weir_err *err)
{
	const struct weir_schema *schema = draft->source->schema;

	for (size_t i = 0; i < schema->count; i++)
		for (size_t j = 0; j < i; j++)
			if (weir_slice_equals(schema->columns[i].name, schema->columns[j].name))
				return weir_err_set_at(err, WEIR_E_DUPLICATE_NAME, draft->ast->name_place.line,
					draft->ast->name_place.column, "Two columns are called %.*s.",
					WEIR_SLICE_ARG(schema->columns[i].name));
	return true;
}

static bool check_shape(const struct weir_source_draft *draft, struct weir_err *err)
{
	const struct weir_source *source = draft->source;
	const struct weir_sql_place *place = &draft->ast->name_place;
	const char *why = NULL;

	if (source->schema->count == 0)
		why = "No columns are declared, and the formats cannot tell them. List the columns in parentheses.";
	else if (source->is_table && source->schema->key_count == 0)
		why = "A table needs a PRIMARY KEY column.";
	else if (source->window.type != WEIR_WINDOW_NONE && source->schema->key_count == 0)
		why = "A source with windowed keys needs a key column.";
	return !why || weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, place->line, place->column, "%s", why);
}

static bool draft_columns(struct weir_source_draft *draft, struct weir_err *err)
{
	struct declared_columns columns = { 0 };

	if (!declare_columns(draft, &columns, err) || !infer_side(draft, WEIR_SIDE_KEY, &columns.keys, err) ||
		!infer_side(draft, WEIR_SIDE_VALUE, &columns.values, err))
		return false;
	draft->source->schema = make_schema(draft->arena, &columns);
	return check_inferred_names(draft, err) && check_shape(draft, err);
}

/* ---- WINDOW_TYPE, WINDOW_SIZE ---- */

/* '5 MINUTES' */
static bool parse_size(struct weir_slice text, int64_t *ret_ms)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = { { "MILLISECOND", 1 }, { "SECOND", 1000 }, { "MINUTE", 60000 }, { "HOUR", 3600000 }, { "DAY", 86400000 } };
	const char *space = text.len ? memchr(text.ptr, ' ', text.len) : NULL;
	int64_t amount;

	if (!space || !weir_slice_to_i64(weir_slice_make(text.ptr, (size_t)(space - text.ptr)), &amount) || amount < 1)
		return false;
	struct weir_slice unit = weir_slice_trim(weir_slice_make(space, text.len - (size_t)(space - text.ptr)));
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		size_t len = strlen(units[i].unit);
		bool plural = unit.len == len + 1 && (unit.ptr[len] == 's' || unit.ptr[len] == 'S');

		if ((unit.len == len || plural) &&
			weir_slice_equals_nocase(weir_slice_make(unit.ptr, len), weir_slice_of(units[i].unit)) &&
			amount <= INT64_MAX / units[i].ms) {
			*ret_ms = amount * units[i].ms;
			return true;
		}
	}
	return false;
}

static bool draft_window(struct weir_source_draft *draft, struct weir_err *err)
{
	static const struct {
		const char *name;
		enum weir_window_type type;
	} types[] = { { "TUMBLING", WEIR_WINDOW_TUMBLING }, { "HOPPING", WEIR_WINDOW_HOPPING },
		{ "SESSION", WEIR_WINDOW_SESSION } };
	const struct weir_with *with = &draft->with;
	struct weir_window_spec *window = &draft->source->window;

	if (!weir_with_has(with, WEIR_WITH_WINDOW_TYPE))
		return !weir_with_has(with, WEIR_WITH_WINDOW_SIZE) ||
		       weir_with_error(with, WEIR_WITH_WINDOW_SIZE, err, "WINDOW_SIZE needs WINDOW_TYPE.");
	for (size_t i = 0; i < 3; i++)
		if (weir_slice_equals_nocase(weir_with_text(with, WEIR_WITH_WINDOW_TYPE), weir_slice_of(types[i].name)))
			window->type = types[i].type;
	if (window->type == WEIR_WINDOW_NONE)
		return weir_with_error(with, WEIR_WITH_WINDOW_TYPE, err, "window types are SESSION, HOPPING and TUMBLING.");
	if (window->type == WEIR_WINDOW_SESSION)
		return !weir_with_has(with, WEIR_WITH_WINDOW_SIZE) ||
		       weir_with_error(with, WEIR_WITH_WINDOW_SIZE, err, "session windows have no size.");
	if (!weir_with_has(with, WEIR_WITH_WINDOW_SIZE))
		return weir_with_error(
			with, WEIR_WITH_WINDOW_TYPE, err, "this window type needs WINDOW_SIZE, for example '10 SECONDS'.");
	return parse_size(weir_with_text(with, WEIR_WITH_WINDOW_SIZE), &window->size_ms) ||
	       weir_with_error(with, WEIR_WITH_WINDOW_SIZE, err, "a window size is a number and a unit, for example '10 SECONDS'.");
}

/* ---- SOURCE TABLE: an internal query keeps its rows ---- */

static bool needs_materializing(const struct weir_source_draft *draft)
{
	struct weir_slice setting = weir_env_property(draft->env, "ksql.source.table.materialization.enabled");

	return draft->source->is_read_only && draft->source->is_table && !weir_slice_equals_nocase(setting, WEIR_SLICE("false"));
}

static const struct weir_bound_query *materialize(struct weir_arena *arena, const struct weir_source *source)
{
	struct weir_bound_query *query = WEIR_ARENA_NEW(arena, struct weir_bound_query);
	struct weir_bound_from *from = WEIR_ARENA_NEW(arena, struct weir_bound_from);
	struct weir_bound_column *columns = WEIR_ARENA_ARRAY(arena, struct weir_bound_column, source->schema->count);

	*from = (struct weir_bound_from){ .source = source, .alias = source->name, .row = source->schema };
	for (size_t i = 0; i < source->schema->count; i++) {
		const struct weir_column *column = &source->schema->columns[i];
		struct weir_builder builder = { arena, { 0, 0, column->name } };

		columns[i] =
			(struct weir_bound_column){ column->name, column->type, weir_build_column(&builder, (int)i, column->type) };
	}
	*query = (struct weir_bound_query){
		.from = from,
		.from_count = 1,
		.key_kind = WEIR_KEY_OF_SOURCE,
		.columns = columns,
		.column_count = source->schema->count,
		.key_count = source->schema->key_count,
		.schema = source->schema,
		.is_table = true,
		.window = source->window,
		.limit = -1,
	};
	return query;
}

/* ---- The statement ---- */

static bool registers(const struct weir_source_format *declared)
{
	return weir_format_find(declared->name)->needs_registry && declared->schema_id == 0;
}

static bool draft_topic_name(struct weir_source_draft *draft, struct weir_err *err)
{
	const struct weir_sql_place *place = &draft->ast->place;

	draft->source->topic = weir_slice_trim(weir_with_text(&draft->with, WEIR_WITH_KAFKA_TOPIC));
	if (draft->source->topic.len)
		return true;
	weir_err_set_at(
		err, WEIR_E_INVALID_PROPERTY, place->line, place->column, "WITH: the property KAFKA_TOPIC is missing or empty.");
	return weir_err_advise(err, "Name the topic that holds the records: WITH (KAFKA_TOPIC = '…', …).");
}

bool weir_analyze_create_source(const struct weir_analyze_env *env, struct weir_arena *arena, const struct weir_sql_statement *ast,
	struct weir_bound_statement *ret, struct weir_err *err)
{
	struct weir_source_draft draft = { .env = env, .arena = arena, .ast = ast };
	struct weir_bound_create_source bound = { 0 };
	const struct weir_source *old;

	if (!weir_with_parse(ast, WEIR_WITH_FOR_SOURCE, &draft.with, err) ||
		!weir_draft_name(&draft, &bound.already_exists, &old, &ret->note, err))
		return false;
	draft.source = WEIR_ARENA_NEW(arena, struct weir_source);
	*draft.source = (struct weir_source){
		.name = ast->name,
		.is_table = ast->is_table,
		.is_read_only = ast->is_source,
		.statement = ast->text,
	};
	struct weir_format_default key_default = { NULL, "ksql.persistence.default.format.key" };
	struct weir_format_default value_default = { NULL, "ksql.persistence.default.format.value" };
	if (!bound.already_exists &&
		(!draft_topic_name(&draft, err) || !draft_window(&draft, err) ||
			!weir_draft_format(&draft, WEIR_SIDE_KEY, key_default, err) ||
			!weir_draft_format(&draft, WEIR_SIDE_VALUE, value_default, err) || !draft_columns(&draft, err) ||
			!weir_draft_timestamp(&draft, err) || !weir_draft_check_formats(&draft, err) ||
			!weir_draft_topic(&draft, NULL, err) || (old && !weir_draft_check_replace(&draft, old, err))))
		return false;
	if (!bound.already_exists) {
		bound.registers_key = registers(&draft.source->key) && draft.source->schema->key_count > 0;
		bound.registers_value = registers(&draft.source->value);
		bound.replaces = old;
		bound.materialize = needs_materializing(&draft) ? materialize(arena, draft.source) : NULL;
	}
	bound.source = draft.source;
	bound.topic = draft.topic;
	ret->kind = WEIR_BOUND_CREATE_SOURCE;
	ret->create_source = bound;
	return true;
}
