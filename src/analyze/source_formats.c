/* Formats of a declared source: which, with which options, and whether they can carry the columns (semantics §2.2, §5.1, §5.2). */
#include "analyze/source_parts.h"

struct weir_slice weir_env_property(const struct weir_analyze_env *env, const char *name)
{
	return env->property ? env->property(env->ctx, name) : (struct weir_slice){ 0 };
}

struct weir_format_spec weir_source_format_spec(const struct weir_source *source, enum weir_format_side side)
{
	const struct weir_source_format *declared = side == WEIR_SIDE_KEY ? &source->key : &source->value;
	const struct weir_schema *schema = source->schema;
	size_t first = 0, count = schema->key_count;

	if (side == WEIR_SIDE_VALUE) {
		first = schema->key_count;
		while (first < schema->count && schema->columns[first].role != WEIR_COLUMN_VALUE)
			first++;
		count = schema->count - first;
	}
	return (struct weir_format_spec){
		.format = weir_format_find(declared->name),
		.side = side,
		.topic = source->topic,
		.columns = schema->columns + first,
		.column_count = count,
		.is_unwrapped = declared->is_unwrapped,
		.delimiter = declared->delimiter,
		.schema_full_name = declared->full_name,
		.schema_id = declared->schema_id,
		.physical_schema = declared->physical_schema,
	};
}

/* ---- Which format ---- */

struct side_properties {
	const char *text;
	enum weir_with_property format, delimiter, schema_id, full_name, nullable;
};

static const struct side_properties sides[] = {
	[WEIR_SIDE_KEY] = { "key", WEIR_WITH_KEY_FORMAT, WEIR_WITH_KEY_DELIMITER, WEIR_WITH_KEY_SCHEMA_ID,
		WEIR_WITH_KEY_SCHEMA_FULL_NAME, WEIR_WITH_KEY_PROTOBUF_NULLABLE },
	[WEIR_SIDE_VALUE] = { "value", WEIR_WITH_VALUE_FORMAT, WEIR_WITH_VALUE_DELIMITER, WEIR_WITH_VALUE_SCHEMA_ID,
		WEIR_WITH_VALUE_SCHEMA_FULL_NAME, WEIR_WITH_VALUE_PROTOBUF_NULLABLE },
};

static bool unknown_format(
	const struct weir_with *with, enum weir_with_property property, struct weir_slice name, struct weir_err *err)
{
	static const char *const later[] = { "JSON_SR", "PROTOBUF", "PROTOBUF_NOSR" };
	struct weir_buf names;

	for (size_t i = 0; i < sizeof later / sizeof later[0]; i++)
		if (weir_slice_equals_nocase(name, weir_slice_of(later[i]))) {
			weir_with_error(with, property, err, "the format %s is not supported yet.", later[i]);
			if (err)
				err->code = WEIR_E_NOT_SUPPORTED;
			return false;
		}
	weir_buf_init(&names, WEIR_ERR_TEXT_BYTES / 2);
	for (size_t i = 0; weir_format_at(i); i++)
		weir_buf_printf(&names, "%s%s", i ? ", " : "", weir_format_at(i)->name);
	weir_with_error(with, property, err, "there is no format '%.*s'.", WEIR_SLICE_ARG(name));
	weir_err_advise(err, "Formats are %s.", weir_buf_cstr(&names));
	weir_buf_fini(&names);
	return false;
}

static bool check_format_clash(const struct weir_with *with, struct weir_err *err)
{
	static const enum weir_with_property singles[] = { WEIR_WITH_KEY_FORMAT, WEIR_WITH_VALUE_FORMAT };

	for (size_t i = 0; i < 2; i++)
		if (weir_with_has(with, WEIR_WITH_FORMAT) && weir_with_has(with, singles[i]))
			return weir_with_error(with, singles[i], err,
				"FORMAT sets both formats; it cannot be combined with KEY_FORMAT or VALUE_FORMAT.");
	return true;
}

/* WITH, then what is inherited, then the server's setting. */
static struct weir_slice format_name(const struct weir_source_draft *draft, enum weir_format_side side,
	struct weir_format_default otherwise, enum weir_with_property *ret_property)
{
	*ret_property = weir_with_has(&draft->with, WEIR_WITH_FORMAT) ? WEIR_WITH_FORMAT : sides[side].format;
	if (weir_with_has(&draft->with, *ret_property))
		return weir_with_text(&draft->with, *ret_property);
	if (otherwise.inherited && !weir_slice_is(otherwise.inherited->name, "NONE"))
		return otherwise.inherited->name;
	struct weir_slice name = weir_env_property(draft->env, otherwise.property);
	if (!name.len && side == WEIR_SIDE_KEY)
		name = WEIR_SLICE("KAFKA");
	return name;
}

/* ---- Options ---- */

static bool draft_delimiter(const struct weir_source_draft *draft, enum weir_format_side side, const struct weir_format *format,
	char *ret, struct weir_err *err)
{
	enum weir_with_property property = sides[side].delimiter;
	struct weir_slice text = weir_with_text(&draft->with, property);

	if (!weir_with_has(&draft->with, property))
		return true;
	if (strcmp(format->name, "DELIMITED") != 0)
		return weir_with_error(
			&draft->with, property, err, "a delimiter is only for the format DELIMITED, not %s.", format->name);
	if (weir_slice_equals_nocase(text, WEIR_SLICE("SPACE")))
		*ret = ' ';
	else if (weir_slice_equals_nocase(text, WEIR_SLICE("TAB")))
		*ret = '\t';
	else if (text.len == 1)
		*ret = text.ptr[0];
	else
		return weir_with_error(&draft->with, property, err, "a delimiter is one character, SPACE or TAB, not '%.*s'.",
			WEIR_SLICE_ARG(text));
	return true;
}

static bool draft_full_name(const struct weir_source_draft *draft, enum weir_format_side side, const struct weir_format *format,
	struct weir_slice *ret, struct weir_err *err)
{
	enum weir_with_property property = sides[side].full_name;

	if (side == WEIR_SIDE_VALUE && weir_with_has(&draft->with, WEIR_WITH_VALUE_AVRO_SCHEMA_FULL_NAME)) {
		if (weir_with_has(&draft->with, property))
			return weir_with_error(&draft->with, property, err,
				"VALUE_SCHEMA_FULL_NAME is given twice (VALUE_AVRO_SCHEMA_FULL_NAME is its old name).");
		property = WEIR_WITH_VALUE_AVRO_SCHEMA_FULL_NAME;
	}
	if (!weir_with_has(&draft->with, property))
		return true;
	struct weir_slice text = weir_slice_trim(weir_with_text(&draft->with, property));
	if (!text.len)
		return weir_with_error(&draft->with, property, err, "a schema's full name cannot be empty.");
	if (!format->needs_registry)
		return weir_with_error(&draft->with, property, err, "the format %s has no schema names.", format->name);
	*ret = text;
	return true;
}

static bool draft_schema_id(struct weir_source_draft *draft, enum weir_format_side side, const struct weir_format *format,
	struct weir_source_format *ret, struct weir_err *err)
{
	enum weir_with_property property = sides[side].schema_id;
	struct weir_schema_facts facts;

	if (!weir_with_has(&draft->with, property))
		return true;
	if (!format->infers_schema)
		return weir_with_error(
			&draft->with, property, err, "a schema id needs a format of the Schema Registry, not %s.", format->name);
	int64_t id = weir_with_integer(&draft->with, property, 0);
	if (id <= 0 || id > INT32_MAX)
		return weir_with_error(&draft->with, property, err, "%lld is not a schema id.", (long long)id);
	if (!draft->env->schema_by_id)
		return weir_err_set(err, WEIR_E_REGISTRY_NOT_CONFIGURED, "The format %s needs a Schema Registry.", format->name);
	if (!draft->env->schema_by_id(draft->env->ctx, draft->arena, (int32_t)id, &facts, err))
		return false;
	if (format->registry_kind && !weir_slice_equals_nocase(facts.kind, weir_slice_of(format->registry_kind)))
		return weir_with_error(&draft->with, property, err, "the schema %lld is %.*s, not %s.", (long long)id,
			WEIR_SLICE_ARG(facts.kind), format->registry_kind);
	ret->schema_id = (int32_t)id;
	ret->physical_schema = facts.text;
	return true;
}

/* Options that go along with an unchanged format. */
static void inherit_options(struct weir_source_format *format, const struct weir_source_format *from)
{
	if (!from || !weir_slice_equals(from->name, format->name))
		return;
	format->delimiter = from->delimiter;
	if (weir_slice_starts_with(format->name, WEIR_SLICE("PROTOBUF")))
		format->full_name = from->full_name;
}

static bool missing_value_format(const struct weir_source_draft *draft, struct weir_err *err)
{
	weir_err_set_at(err, WEIR_E_INVALID_PROPERTY, draft->ast->place.line, draft->ast->place.column,
		"WITH: the property VALUE_FORMAT is missing.");
	return weir_err_advise(err, "Add VALUE_FORMAT = 'JSON' (or another), or set ksql.persistence.default.format.value.");
}

bool weir_draft_format(
	struct weir_source_draft *draft, enum weir_format_side side, struct weir_format_default otherwise, struct weir_err *err)
{
	struct weir_source_format *target = side == WEIR_SIDE_KEY ? &draft->source->key : &draft->source->value;
	struct weir_source_format result = { 0 };
	enum weir_with_property property;
	struct weir_slice name = format_name(draft, side, otherwise, &property);

	if (!check_format_clash(&draft->with, err))
		return false;
	if (!name.len)
		return missing_value_format(draft, err);
	const struct weir_format *format = weir_format_find(name);
	if (!format)
		return unknown_format(&draft->with, property, name, err);
	result.name = weir_slice_of(format->name);
	inherit_options(&result, otherwise.inherited);
	if (weir_with_has(&draft->with, sides[side].nullable) && !weir_slice_starts_with(result.name, WEIR_SLICE("PROTOBUF")))
		return weir_with_error(
			&draft->with, sides[side].nullable, err, "it is only for the format PROTOBUF, not %s.", format->name);
	if (!draft_delimiter(draft, side, format, &result.delimiter, err) ||
		!draft_full_name(draft, side, format, &result.full_name, err) ||
		!draft_schema_id(draft, side, format, &result, err))
		return false;
	*target = result;
	return true;
}

/* ---- With the columns ---- */

static bool draft_wrapping(struct weir_source_draft *draft, struct weir_err *err)
{
	struct weir_source *source = draft->source;
	struct weir_format_spec value = weir_source_format_spec(source, WEIR_SIDE_VALUE);
	const struct weir_format *key_format = weir_format_find(source->key.name);
	struct weir_slice setting = weir_env_property(draft->env, "ksql.persistence.wrap.single.values");
	bool wraps = true;

	source->key.is_unwrapped = source->schema->key_count == 1 && key_format->supports_unwrapping;
	if (weir_with_has(&draft->with, WEIR_WITH_WRAP_SINGLE_VALUE)) {
		if (value.column_count != 1)
			return weir_with_error(&draft->with, WEIR_WITH_WRAP_SINGLE_VALUE, err,
				"it is only for exactly one value column, and there are %zu.", value.column_count);
		wraps = weir_with_boolean(&draft->with, WEIR_WITH_WRAP_SINGLE_VALUE);
		if (wraps ? !value.format->supports_wrapping : !value.format->supports_unwrapping)
			return weir_with_error(&draft->with, WEIR_WITH_WRAP_SINGLE_VALUE, err, "the format %s cannot have it '%s'.",
				value.format->name, wraps ? "true" : "false");
		source->is_wrap_set = true;
	} else if (setting.len && value.column_count == 1) {
		bool wanted = weir_slice_equals_nocase(setting, WEIR_SLICE("true"));

		source->is_wrap_set = wanted ? value.format->supports_wrapping : value.format->supports_unwrapping;
		wraps = source->is_wrap_set ? wanted : true;
	}
	source->value.is_unwrapped = value.column_count == 1 && (!wraps || !value.format->supports_wrapping);
	return true;
}

static bool check_side(const struct weir_source_draft *draft, enum weir_format_side side, struct weir_err *err)
{
	struct weir_format_spec spec = weir_source_format_spec(draft->source, side);

	for (size_t i = 0; side == WEIR_SIDE_KEY && i < spec.column_count; i++)
		if (weir_type_contains_map(spec.columns[i].type))
			return weir_err_set_at(err, WEIR_E_TYPE, draft->ast->name_place.line, draft->ast->name_place.column,
				"The key column %.*s is or contains a MAP, which keys cannot.",
				WEIR_SLICE_ARG(spec.columns[i].name));
	if (!spec.format->check || spec.format->check(&spec, err))
		return true;
	if (err && err->line == 0) {
		err->line = draft->ast->name_place.line;
		err->column = draft->ast->name_place.column;
	}
	return false;
}

bool weir_draft_check_formats(struct weir_source_draft *draft, struct weir_err *err)
{
	return draft_wrapping(draft, err) && check_side(draft, WEIR_SIDE_KEY, err) && check_side(draft, WEIR_SIDE_VALUE, err);
}

/* ---- Schemas of the registry ---- */

bool weir_draft_latest_schema(
	struct weir_source_draft *draft, enum weir_format_side side, struct weir_schema_facts *ret, struct weir_err *err)
{
	const struct weir_source_format *declared = side == WEIR_SIDE_KEY ? &draft->source->key : &draft->source->value;
	const struct weir_format *format = weir_format_find(declared->name);
	struct weir_slice subject = weir_arena_printf(
		draft->arena, "%.*s-%s", WEIR_SLICE_ARG(draft->source->topic), side == WEIR_SIDE_KEY ? "key" : "value");

	if (!draft->env->latest_schema)
		return weir_err_set(err, WEIR_E_REGISTRY_NOT_CONFIGURED,
			"The format %s needs a Schema Registry, and none is configured.", format->name);
	if (!draft->env->latest_schema(draft->env->ctx, draft->arena, subject, ret, err)) {
		if (err && err->code == WEIR_E_SCHEMA_NOT_FOUND)
			weir_err_advise(err,
				"The columns can be declared in the statement, or the schema registered under the subject %.*s.%s",
				WEIR_SLICE_ARG(subject),
				side == WEIR_SIDE_KEY ? " Or set KEY_FORMAT = 'NONE' to ignore the keys." : "");
		return false;
	}
	if (format->registry_kind && !weir_slice_equals_nocase(ret->kind, weir_slice_of(format->registry_kind)))
		return weir_err_set(err, WEIR_E_SCHEMA_INVALID,
			"The subject %.*s holds a schema of the kind %.*s, but the %s format is %s.", WEIR_SLICE_ARG(subject),
			WEIR_SLICE_ARG(ret->kind), sides[side].text, format->name);
	return true;
}
