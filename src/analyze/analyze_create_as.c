/* CREATE [OR REPLACE] STREAM|TABLE [IF NOT EXISTS] name [WITH (…)] AS SELECT …  (semantics §2.4, §5.2, §10.2). */
#include "analyze/statements.h"

static bool check_kind(const struct weir_sql_statement *ast, const struct weir_bound_query *query, struct weir_err *err)
{
	if (ast->is_table == query->is_table)
		return true;
	weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, ast->place.line, ast->place.column, "The query produces a %s, not a %s.",
		query->is_table ? "table" : "stream", ast->is_table ? "table" : "stream");
	return weir_err_advise(err, "Use CREATE %s … AS SELECT.", query->is_table ? "TABLE" : "STREAM");
}

static struct weir_slice sink_topic(const struct weir_source_draft *draft)
{
	struct weir_slice name = weir_slice_trim(weir_with_text(&draft->with, WEIR_WITH_KAFKA_TOPIC));
	struct weir_slice prefix = weir_env_property(draft->env, "ksql.output.topic.name.prefix");

	if (name.len)
		return name;
	return weir_arena_printf(draft->arena, "%.*s%.*s", WEIR_SLICE_ARG(prefix), WEIR_SLICE_ARG(draft->ast->name));
}

/* A result without key columns has the key format NONE, and nothing else may be asked for. */
static bool draft_keyless(struct weir_source_draft *draft, struct weir_err *err)
{
	enum weir_with_property property = weir_with_has(&draft->with, WEIR_WITH_FORMAT) ? WEIR_WITH_FORMAT : WEIR_WITH_KEY_FORMAT;

	if (property == WEIR_WITH_KEY_FORMAT && weir_with_has(&draft->with, property) &&
		!weir_slice_equals_nocase(weir_with_text(&draft->with, property), WEIR_SLICE("NONE")))
		return weir_with_error(&draft->with, property, err, "the result has no key columns, so it can have no key format.");
	draft->source->key = (struct weir_source_format){ .name = WEIR_SLICE("NONE") };
	return true;
}

static bool draft_formats(struct weir_source_draft *draft, const struct weir_bound_query *query, struct weir_err *err)
{
	const struct weir_source *left = query->from[0].source;
	struct weir_format_default key = { &left->key, "ksql.persistence.default.format.key" };
	struct weir_format_default value = { &left->value, "ksql.persistence.default.format.value" };
	bool ok = query->key_count ? weir_draft_format(draft, WEIR_SIDE_KEY, key, err) : draft_keyless(draft, err);

	return ok && weir_draft_format(draft, WEIR_SIDE_VALUE, value, err);
}

/* With a given schema id, the result's columns must be the first ones of that schema. */
static bool check_schema_id(const struct weir_source_draft *draft, enum weir_format_side side, struct weir_err *err)
{
	struct weir_format_spec spec = weir_source_format_spec(draft->source, side);
	const struct weir_source_format *declared = side == WEIR_SIDE_KEY ? &draft->source->key : &draft->source->value;
	const struct weir_column *columns;
	size_t count;

	if (!declared->schema_id)
		return true;
	if (!spec.format->infer(draft->arena, declared->physical_schema, side, spec.is_unwrapped, true, &columns, &count, err))
		return false;
	for (size_t i = 0; i < spec.column_count; i++) {
		bool is_named = !spec.is_unwrapped;
		bool same = i < count && weir_type_equals(columns[i].type, spec.columns[i].type) &&
			    (!is_named || weir_slice_equals(columns[i].name, spec.columns[i].name));

		if (!same)
			return weir_with_error(&draft->with,
				side == WEIR_SIDE_KEY ? WEIR_WITH_KEY_SCHEMA_ID : WEIR_WITH_VALUE_SCHEMA_ID, err,
				"the column %.*s of the result is not at this place of the schema %d, or has another name or type.",
				WEIR_SLICE_ARG(spec.columns[i].name), declared->schema_id);
	}
	return true;
}

/* Replacing the query behind a sink that several queries write would leave it half replaced. */
static bool check_single_writer(const struct weir_source_draft *draft, const struct weir_source *old, struct weir_err *err)
{
	size_t position = 0, writers = 0;

	while (old && weir_catalog_next_writer(draft->env->catalog, old->name, &position))
		writers++;
	return writers < 2 ||
	       weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, draft->ast->name_place.line, draft->ast->name_place.column,
		       "'%.*s' cannot be replaced, because %zu queries write into it.", WEIR_SLICE_ARG(old->name), writers);
}

static bool registers(const struct weir_source_format *declared)
{
	return weir_format_find(declared->name)->needs_registry;
}

static bool draft_sink(
	struct weir_source_draft *draft, const struct weir_bound_query *query, const struct weir_source *old, struct weir_err *err)
{
	draft->source->schema = query->schema;
	draft->source->window = query->window;
	draft->source->topic = sink_topic(draft);
	return check_single_writer(draft, old, err) && draft_formats(draft, query, err) && weir_draft_timestamp(draft, err) &&
	       weir_draft_check_formats(draft, err) && check_schema_id(draft, WEIR_SIDE_KEY, err) &&
	       check_schema_id(draft, WEIR_SIDE_VALUE, err) && weir_draft_topic(draft, query->from[0].source, err) &&
	       (!old || weir_draft_check_replace(draft, old, err));
}

bool weir_analyze_create_as(const struct weir_analyze_env *env, struct weir_arena *arena, const struct weir_sql_statement *ast,
	struct weir_bound_statement *ret, struct weir_err *err)
{
	struct weir_source_draft draft = { .env = env, .arena = arena, .ast = ast };
	struct weir_bound_query *query = WEIR_ARENA_NEW(arena, struct weir_bound_query);
	struct weir_bound_create_as bound = { .query = query };

	if (!weir_with_parse(ast, WEIR_WITH_FOR_CREATE_AS, &draft.with, err) ||
		!weir_draft_name(&draft, &bound.already_exists, &bound.replaces, &ret->note, err))
		return false;
	draft.source = WEIR_ARENA_NEW(arena, struct weir_source);
	*draft.source = (struct weir_source){ .name = ast->name, .is_table = ast->is_table, .statement = ast->text };
	if (!bound.already_exists && (!weir_analyze_query(env, arena, ast->query, WEIR_MODE_PERSISTENT, ast->name, query, err) ||
					     !check_kind(ast, query, err) || !draft_sink(&draft, query, bound.replaces, err)))
		return false;
	if (!bound.already_exists) {
		bound.registers_key = registers(&draft.source->key) && query->key_count > 0;
		bound.registers_value = registers(&draft.source->value);
	}
	bound.sink = draft.source;
	bound.topic = draft.topic;
	ret->kind = WEIR_BOUND_CREATE_AS;
	ret->create_as = bound;
	return true;
}
