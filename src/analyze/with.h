/* Inside analyze/: WITH (…) clauses. One table lists the properties; with.c checks names, types and which statement may have which.
 */
#pragma once

#include "analyze/analyze.h"
#include "sql/ast.h"

enum weir_with_property {
	WEIR_WITH_KAFKA_TOPIC,
	WEIR_WITH_PARTITIONS,
	WEIR_WITH_REPLICAS,
	WEIR_WITH_RETENTION_MS,
	WEIR_WITH_CLEANUP_POLICY,
	WEIR_WITH_FORMAT,
	WEIR_WITH_KEY_FORMAT,
	WEIR_WITH_VALUE_FORMAT,
	WEIR_WITH_TIMESTAMP,
	WEIR_WITH_TIMESTAMP_FORMAT,
	WEIR_WITH_WRAP_SINGLE_VALUE,
	WEIR_WITH_KEY_DELIMITER,
	WEIR_WITH_VALUE_DELIMITER,
	WEIR_WITH_KEY_SCHEMA_ID,
	WEIR_WITH_VALUE_SCHEMA_ID,
	WEIR_WITH_KEY_SCHEMA_FULL_NAME,
	WEIR_WITH_VALUE_SCHEMA_FULL_NAME,
	WEIR_WITH_VALUE_AVRO_SCHEMA_FULL_NAME,
	WEIR_WITH_KEY_PROTOBUF_NULLABLE,
	WEIR_WITH_VALUE_PROTOBUF_NULLABLE,
	WEIR_WITH_WINDOW_TYPE,
	WEIR_WITH_WINDOW_SIZE,
	WEIR_WITH_SOURCE_CONNECTOR,
	WEIR_WITH_SOURCED_BY_CONNECTOR,
	WEIR_WITH_QUERY_ID,
	WEIR_WITH_COUNT
};

enum weir_with_statement { WEIR_WITH_FOR_SOURCE = 1, WEIR_WITH_FOR_CREATE_AS = 2, WEIR_WITH_FOR_INSERT = 4 };

struct weir_with {
	const struct weir_sql_property *found[WEIR_WITH_COUNT]; /* NULL: not given */
};

bool weir_with_parse(
	const struct weir_sql_statement *statement, enum weir_with_statement kind, struct weir_with *ret, struct weir_err *err);
static inline bool weir_with_has(const struct weir_with *with, enum weir_with_property property)
{
	return with->found[property] != NULL;
}
/* "" when not given. */
struct weir_slice weir_with_text(const struct weir_with *with, enum weir_with_property property);
/* `missing` when not given. The kinds of literals are checked by parsing. */
int64_t weir_with_integer(const struct weir_with *with, enum weir_with_property property, int64_t missing);
bool weir_with_boolean(const struct weir_with *with, enum weir_with_property property);
/* An error at the property's value. */
bool weir_with_error(const struct weir_with *with, enum weir_with_property property, struct weir_err *err, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
