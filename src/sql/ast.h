/* The syntax tree of weir's SQL (ksqlDB's dialect): what was written, nothing about what it means.
 *
 * Holds: nodes live in the arena the parser was given and point into it; every node knows its place in the text; identifiers are
 * already upper-cased or unquoted (`name`), text as written is `span`.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"

struct weir_sql_place {
	int line, column;   /* 1-based; column counts characters */
	size_t offset, len; /* bytes in the statement's text */
};

/* ---- Types ---- */

enum weir_sql_type_kind { WEIR_SQL_TYPE_NAME, WEIR_SQL_TYPE_DECIMAL, WEIR_SQL_TYPE_ARRAY, WEIR_SQL_TYPE_MAP, WEIR_SQL_TYPE_STRUCT };

struct weir_sql_field {
	struct weir_slice name;
	const struct weir_sql_type *type;
	struct weir_sql_place place;
};

struct weir_sql_type {
	enum weir_sql_type_kind kind;
	struct weir_sql_place place;
	struct weir_slice name; /* NAME: INT, VARCHAR, a custom type, … upper-cased unless quoted */
	int precision, scale;
	const struct weir_sql_type *key, *element;
	const struct weir_sql_field *fields;
	size_t field_count;
};

/* ---- Expressions ---- */

enum weir_sql_expr_kind {
	WEIR_SQL_INTEGER, /* integer; is_bigint when it does not fit 32 bits */
	WEIR_SQL_DECIMAL, /* text as written, sign included */
	WEIR_SQL_DOUBLE,  /* number */
	WEIR_SQL_STRING,  /* text, unescaped */
	WEIR_SQL_BOOLEAN, /* integer 0 or 1 */
	WEIR_SQL_NULL,
	WEIR_SQL_COLUMN,     /* [qualifier.]name; also a lambda's variable */
	WEIR_SQL_FIELD,      /* children[0] -> name */
	WEIR_SQL_SUBSCRIPT,  /* children[0] [ children[1] ] */
	WEIR_SQL_CALL,       /* name(children…); has_star: f(*) */
	WEIR_SQL_UNIT,       /* a bare interval unit as an argument: name */
	WEIR_SQL_LAMBDA,     /* (params…) => children[0] */
	WEIR_SQL_ARITHMETIC, /* op + - * / %; `||` is a call of CONCAT */
	WEIR_SQL_NEGATE,
	WEIR_SQL_COMPARE, /* compare; two children */
	WEIR_SQL_IS_NULL, /* negated: IS NOT NULL */
	WEIR_SQL_BETWEEN, /* value, low, high */
	WEIR_SQL_IN,      /* value, members… */
	WEIR_SQL_LIKE,    /* value, pattern[, escape] */
	WEIR_SQL_NOT,
	WEIR_SQL_AND,
	WEIR_SQL_OR,
	WEIR_SQL_CASE, /* when, then, …[, else]; has_operand: children[0] is the operand of a simple CASE */
	WEIR_SQL_CAST, /* children[0] AS type */
	WEIR_SQL_ARRAY,
	WEIR_SQL_MAP,    /* key, value, … */
	WEIR_SQL_STRUCT, /* names[i] := children[i] */
	WEIR_SQL_AT_TIME_ZONE,
};

enum weir_sql_compare {
	WEIR_SQL_EQ,
	WEIR_SQL_NE,
	WEIR_SQL_LT,
	WEIR_SQL_LE,
	WEIR_SQL_GT,
	WEIR_SQL_GE,
	WEIR_SQL_DISTINCT,
	WEIR_SQL_NOT_DISTINCT,
};

struct weir_sql_expr {
	enum weir_sql_expr_kind kind;
	struct weir_sql_place place;
	int64_t integer;
	double number;
	struct weir_slice text;
	struct weir_slice name, qualifier;
	bool is_bigint, has_star, has_operand, has_else, negated;
	char op;
	enum weir_sql_compare compare;
	const struct weir_sql_type *type;
	const struct weir_sql_expr **children;
	size_t child_count;
	const struct weir_slice *names; /* STRUCT fields; LAMBDA parameters */
	size_t name_count;
};

/* ---- Queries ---- */

enum weir_sql_item_kind { WEIR_SQL_ITEM_EXPR, WEIR_SQL_ITEM_STAR, WEIR_SQL_ITEM_SOURCE_STAR, WEIR_SQL_ITEM_STRUCT_STAR };

struct weir_sql_item {
	enum weir_sql_item_kind kind;
	struct weir_sql_place place;
	const struct weir_sql_expr *expr; /* EXPR, STRUCT_STAR */
	struct weir_slice name;           /* alias, "" none; SOURCE_STAR: the source's name or alias */
	struct weir_sql_place name_place;
};

struct weir_sql_duration {
	int64_t amount;
	int64_t unit_ms;
	struct weir_slice unit; /* as written, upper-cased */
};

enum weir_sql_join { WEIR_SQL_JOIN_INNER, WEIR_SQL_JOIN_LEFT, WEIR_SQL_JOIN_RIGHT, WEIR_SQL_JOIN_FULL };

struct weir_sql_relation {
	struct weir_slice name, alias; /* alias = name when none is given */
	struct weir_sql_place place;
	/* From the second relation on. */
	enum weir_sql_join join;
	struct weir_sql_place join_place;
	bool has_within, has_grace;
	struct weir_sql_duration before, after, grace;
	const struct weir_sql_expr *on;
};

enum weir_sql_window { WEIR_SQL_WINDOW_NONE, WEIR_SQL_WINDOW_TUMBLING, WEIR_SQL_WINDOW_HOPPING, WEIR_SQL_WINDOW_SESSION };
enum weir_sql_emit { WEIR_SQL_EMIT_NONE, WEIR_SQL_EMIT_CHANGES, WEIR_SQL_EMIT_FINAL };

struct weir_sql_query {
	struct weir_sql_place place;
	const struct weir_sql_item *items;
	size_t item_count;
	const struct weir_sql_relation *relations;
	size_t relation_count;
	enum weir_sql_window window;
	struct weir_sql_place window_place;
	struct weir_sql_duration size, advance, retention, grace;
	bool has_retention, has_grace;
	const struct weir_sql_expr *where, *having;
	const struct weir_sql_expr **group_by;
	size_t group_by_count;
	struct weir_sql_place group_by_place;
	const struct weir_sql_expr **partition_by;
	size_t partition_by_count;
	struct weir_sql_place partition_by_place;
	enum weir_sql_emit emit;
	struct weir_sql_place emit_place;
	bool has_limit;
	int64_t limit;
};

/* ---- Statements ---- */

enum weir_sql_statement_kind {
	WEIR_SQL_CREATE_SOURCE,
	WEIR_SQL_CREATE_AS,
	WEIR_SQL_INSERT_SELECT,
	WEIR_SQL_INSERT_VALUES,
	WEIR_SQL_SELECT,
	WEIR_SQL_DROP_SOURCE,
	WEIR_SQL_ALTER_SOURCE,
	WEIR_SQL_CREATE_TYPE,
	WEIR_SQL_DROP_TYPE,
	WEIR_SQL_SET,
	WEIR_SQL_UNSET,
	WEIR_SQL_ALTER_SYSTEM,
	WEIR_SQL_DEFINE,
	WEIR_SQL_UNDEFINE,
	WEIR_SQL_TERMINATE,
	WEIR_SQL_PAUSE,
	WEIR_SQL_RESUME,
	WEIR_SQL_EXPLAIN,
	WEIR_SQL_DESCRIBE,         /* name */
	WEIR_SQL_DESCRIBE_STREAMS, /* DESCRIBE STREAMS [EXTENDED] */
	WEIR_SQL_DESCRIBE_TABLES,
	WEIR_SQL_DESCRIBE_FUNCTION,
	WEIR_SQL_DESCRIBE_CONNECTOR,
	WEIR_SQL_SHOW_STREAMS,
	WEIR_SQL_SHOW_TABLES,
	WEIR_SQL_SHOW_TOPICS, /* is_all */
	WEIR_SQL_SHOW_QUERIES,
	WEIR_SQL_SHOW_FUNCTIONS,
	WEIR_SQL_SHOW_PROPERTIES,
	WEIR_SQL_SHOW_TYPES,
	WEIR_SQL_SHOW_VARIABLES,
	WEIR_SQL_SHOW_CONNECTORS, /* name: "", SOURCE or SINK */
	WEIR_SQL_SHOW_CONNECTOR_PLUGINS,
	WEIR_SQL_CREATE_CONNECTOR, /* name2: SOURCE or SINK */
	WEIR_SQL_DROP_CONNECTOR,
	WEIR_SQL_PRINT,
	WEIR_SQL_RUN_SCRIPT,
	WEIR_SQL_ASSERT_TOPIC,
	WEIR_SQL_ASSERT_SCHEMA,
	WEIR_SQL_ASSERT_VALUES,      /* test runner */
	WEIR_SQL_ASSERT_NULL_VALUES, /* test runner */
	WEIR_SQL_ASSERT_STREAM,      /* test runner; also ASSERT TABLE (is_table) */
};

enum weir_sql_column_role {
	WEIR_SQL_COLUMN_VALUE,
	WEIR_SQL_COLUMN_KEY,
	WEIR_SQL_COLUMN_PRIMARY_KEY,
	WEIR_SQL_COLUMN_HEADERS,
	WEIR_SQL_COLUMN_HEADER
};

struct weir_sql_column_def {
	struct weir_slice name;
	const struct weir_sql_type *type;
	enum weir_sql_column_role role;
	struct weir_slice header_key;
	struct weir_sql_place place;
};

/* name = literal of a WITH clause. */
struct weir_sql_property {
	struct weir_slice name;       /* upper-cased unless quoted with ` or ' */
	struct weir_slice text;       /* the literal's value as text */
	enum weir_sql_expr_kind kind; /* of the literal */
	struct weir_sql_place place, value_place;
};

struct weir_sql_statement {
	enum weir_sql_statement_kind kind;
	struct weir_sql_place place;
	struct weir_slice text; /* as written (after substitution of variables), with its `;` */

	struct weir_slice name; /* source, type, query id, topic, function, property … */
	struct weir_sql_place name_place;
	struct weir_slice name2; /* SET/DEFINE: the value; RUN SCRIPT: the file */
	bool is_table;           /* CREATE/DROP/ALTER/ASSERT TABLE */
	bool or_replace, if_not_exists, if_exists, is_source, is_all, is_extended, not_exists, deletes_topic;

	const struct weir_sql_column_def *columns; /* CREATE SOURCE, ALTER */
	size_t column_count;
	bool has_columns; /* a parenthesised list stood there */
	const struct weir_sql_property *properties;
	size_t property_count;
	struct weir_sql_place properties_place;

	const struct weir_sql_query *query;         /* CREATE AS, INSERT SELECT, SELECT, EXPLAIN is below */
	const struct weir_sql_statement *explained; /* EXPLAIN statement; NULL: EXPLAIN name */
	bool is_analyze;                            /* EXPLAIN ANALYZE */
	const struct weir_slice *insert_columns;    /* INSERT INTO t (a, b); also ASSERT VALUES */
	size_t insert_column_count;
	const struct weir_sql_expr **values; /* INSERT VALUES, ASSERT VALUES */
	size_t value_count;
	const struct weir_sql_type *type; /* CREATE TYPE */

	bool from_beginning, has_interval, has_limit, has_timeout, has_id;
	int64_t interval, limit, id;
	struct weir_sql_duration timeout;
};
