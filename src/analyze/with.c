/* Names, kinds and places of WITH properties. */
#include "analyze/with.h"

#include <stdarg.h>
#include <stdio.h>

enum value_kind { TEXT, INTEGER, BOOLEAN };

#define SOURCE    WEIR_WITH_FOR_SOURCE
#define CREATE_AS WEIR_WITH_FOR_CREATE_AS
#define INSERT    WEIR_WITH_FOR_INSERT

static const struct {
	const char *name;
	enum value_kind kind;
	int statements;
} properties[WEIR_WITH_COUNT] = {
	[WEIR_WITH_KAFKA_TOPIC] = { "KAFKA_TOPIC", TEXT, SOURCE | CREATE_AS },
	[WEIR_WITH_PARTITIONS] = { "PARTITIONS", INTEGER, SOURCE | CREATE_AS },
	[WEIR_WITH_REPLICAS] = { "REPLICAS", INTEGER, SOURCE | CREATE_AS },
	[WEIR_WITH_RETENTION_MS] = { "RETENTION_MS", INTEGER, SOURCE | CREATE_AS },
	[WEIR_WITH_CLEANUP_POLICY] = { "CLEANUP_POLICY", TEXT, SOURCE | CREATE_AS },
	[WEIR_WITH_FORMAT] = { "FORMAT", TEXT, SOURCE | CREATE_AS },
	[WEIR_WITH_KEY_FORMAT] = { "KEY_FORMAT", TEXT, SOURCE | CREATE_AS },
	[WEIR_WITH_VALUE_FORMAT] = { "VALUE_FORMAT", TEXT, SOURCE | CREATE_AS },
	[WEIR_WITH_TIMESTAMP] = { "TIMESTAMP", TEXT, SOURCE | CREATE_AS },
	[WEIR_WITH_TIMESTAMP_FORMAT] = { "TIMESTAMP_FORMAT", TEXT, SOURCE | CREATE_AS },
	[WEIR_WITH_WRAP_SINGLE_VALUE] = { "WRAP_SINGLE_VALUE", BOOLEAN, SOURCE | CREATE_AS },
	[WEIR_WITH_KEY_DELIMITER] = { "KEY_DELIMITER", TEXT, SOURCE | CREATE_AS },
	[WEIR_WITH_VALUE_DELIMITER] = { "VALUE_DELIMITER", TEXT, SOURCE | CREATE_AS },
	[WEIR_WITH_KEY_SCHEMA_ID] = { "KEY_SCHEMA_ID", INTEGER, SOURCE | CREATE_AS },
	[WEIR_WITH_VALUE_SCHEMA_ID] = { "VALUE_SCHEMA_ID", INTEGER, SOURCE | CREATE_AS },
	[WEIR_WITH_KEY_SCHEMA_FULL_NAME] = { "KEY_SCHEMA_FULL_NAME", TEXT, SOURCE | CREATE_AS },
	[WEIR_WITH_VALUE_SCHEMA_FULL_NAME] = { "VALUE_SCHEMA_FULL_NAME", TEXT, SOURCE | CREATE_AS },
	[WEIR_WITH_VALUE_AVRO_SCHEMA_FULL_NAME] = { "VALUE_AVRO_SCHEMA_FULL_NAME", TEXT, SOURCE | CREATE_AS },
	[WEIR_WITH_KEY_PROTOBUF_NULLABLE] = { "KEY_PROTOBUF_NULLABLE_REPRESENTATION", TEXT, SOURCE | CREATE_AS },
	[WEIR_WITH_VALUE_PROTOBUF_NULLABLE] = { "VALUE_PROTOBUF_NULLABLE_REPRESENTATION", TEXT, SOURCE | CREATE_AS },
	[WEIR_WITH_WINDOW_TYPE] = { "WINDOW_TYPE", TEXT, SOURCE },
	[WEIR_WITH_WINDOW_SIZE] = { "WINDOW_SIZE", TEXT, SOURCE },
	[WEIR_WITH_SOURCE_CONNECTOR] = { "SOURCE_CONNECTOR", TEXT, SOURCE },
	[WEIR_WITH_SOURCED_BY_CONNECTOR] = { "SOURCED_BY_CONNECTOR", TEXT, SOURCE },
	[WEIR_WITH_QUERY_ID] = { "QUERY_ID", TEXT, INSERT },
};

static int find(struct weir_slice name, enum weir_with_statement kind)
{
	for (int i = 0; i < WEIR_WITH_COUNT; i++)
		if ((properties[i].statements & kind) && weir_slice_equals_nocase(name, weir_slice_of(properties[i].name)))
			return i;
	return -1;
}

static bool unknown(const struct weir_sql_property *property, enum weir_with_statement kind, struct weir_err *err)
{
	struct weir_slice names[WEIR_WITH_COUNT];
	size_t count = 0;

	for (int i = 0; i < WEIR_WITH_COUNT; i++)
		if (properties[i].statements & kind)
			names[count++] = weir_slice_of(properties[i].name);
	struct weir_slice near = weir_nearest_name(property->name, names, count);
	weir_err_set_at(err, WEIR_E_INVALID_PROPERTY, property->place.line, property->place.column,
		"WITH: this statement has no property '%.*s'.", WEIR_SLICE_ARG(property->name));
	return near.len ? weir_err_advise(err, "Did you mean %.*s?", WEIR_SLICE_ARG(near)) : false;
}

static bool is_boolean_text(struct weir_slice text)
{
	return weir_slice_equals_nocase(text, WEIR_SLICE("true")) || weir_slice_equals_nocase(text, WEIR_SLICE("false"));
}

static bool check_value(const struct weir_sql_property *property, enum value_kind kind, struct weir_err *err)
{
	static const char *const wanted[] = { [TEXT] = "a text", [INTEGER] = "an integer", [BOOLEAN] = "TRUE or FALSE" };
	int64_t value;
	bool ok = true;

	if (kind == TEXT)
		ok = property->kind == WEIR_SQL_STRING;
	else if (kind == INTEGER)
		ok = weir_slice_to_i64(property->text, &value);
	else
		ok = is_boolean_text(property->text);
	if (ok)
		return true;
	return weir_err_set_at(err, WEIR_E_INVALID_PROPERTY, property->value_place.line, property->value_place.column,
		"WITH: %.*s needs %s.", WEIR_SLICE_ARG(property->name), wanted[kind]);
}

bool weir_with_parse(
	const struct weir_sql_statement *statement, enum weir_with_statement kind, struct weir_with *ret, struct weir_err *err)
{
	struct weir_with with = { 0 };

	for (size_t i = 0; i < statement->property_count; i++) {
		const struct weir_sql_property *property = &statement->properties[i];
		int at = find(property->name, kind);

		if (at < 0)
			return unknown(property, kind, err);
		if (with.found[at])
			return weir_err_set_at(err, WEIR_E_INVALID_PROPERTY, property->place.line, property->place.column,
				"WITH: %.*s is given twice.", WEIR_SLICE_ARG(property->name));
		if (!check_value(property, properties[at].kind, err))
			return false;
		with.found[at] = property;
	}
	*ret = with;
	return true;
}

struct weir_slice weir_with_text(const struct weir_with *with, enum weir_with_property property)
{
	return with->found[property] ? with->found[property]->text : (struct weir_slice){ 0 };
}

int64_t weir_with_integer(const struct weir_with *with, enum weir_with_property property, int64_t missing)
{
	int64_t value = missing;

	if (with->found[property])
		weir_slice_to_i64(with->found[property]->text, &value);
	return value;
}

bool weir_with_boolean(const struct weir_with *with, enum weir_with_property property)
{
	return with->found[property] && weir_slice_equals_nocase(with->found[property]->text, WEIR_SLICE("true"));
}

bool weir_with_error(const struct weir_with *with, enum weir_with_property property, struct weir_err *err, const char *format, ...)
{
	const struct weir_sql_property *found = with->found[property];
	char text[WEIR_ERR_TEXT_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return weir_err_set_at(err, WEIR_E_INVALID_PROPERTY, found ? found->value_place.line : 0,
		found ? found->value_place.column : 0, "WITH: %s", text);
}
