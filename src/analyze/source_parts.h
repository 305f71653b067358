/* Inside analyze/: the parts that CREATE … and CREATE … AS have in common: formats, topic, timestamp. Each fills its part of a
 * source from the WITH clause and checks it. */
#pragma once

#include "analyze/format_spec.h"
#include "analyze/with.h"

/* A source being declared. */
struct weir_source_draft {
	const struct weir_analyze_env *env;
	struct weir_arena *arena;
	const struct weir_sql_statement *ast;
	struct weir_with with;
	struct weir_source *source;
	struct weir_bound_topic topic;
};

/* Where a side's format comes from when WITH does not say. */
struct weir_format_default {
	const struct weir_source_format *inherited; /* CREATE AS: the left-most source's; else NULL */
	const char *property;                       /* the setting with the server's default */
};

/* Name, delimiter, full name, schema id of one side. `has_columns` false for keys: no key columns, the format is NONE when nothing
 * else was asked for. */
bool weir_draft_format(
	struct weir_source_draft *draft, enum weir_format_side side, struct weir_format_default otherwise, struct weir_err *err);
/* Wrapping of single columns; the formats can carry the columns. After the schema is known. */
bool weir_draft_check_formats(struct weir_source_draft *draft, struct weir_err *err);
/* TIMESTAMP, TIMESTAMP_FORMAT. */
bool weir_draft_timestamp(struct weir_source_draft *draft, struct weir_err *err);
/* The topic: exists as wanted, or is to be created. `inherit`: the source whose topic's settings are copied; NULL for plain CREATE.
 */
bool weir_draft_topic(struct weir_source_draft *draft, const struct weir_source *inherit, struct weir_err *err);
/* IF NOT EXISTS, OR REPLACE, or an error when the name is taken. *ret_old: what it names now, or NULL. */
bool weir_draft_name(struct weir_source_draft *draft, bool *ret_exists_already, const struct weir_source **ret_old,
	struct weir_slice *ret_note, struct weir_err *err);
/* OR REPLACE: the new definition must extend the old one. */
bool weir_draft_check_replace(const struct weir_source_draft *draft, const struct weir_source *old, struct weir_err *err);

/* The latest schema of a subject, of the kind that the format reads. */
bool weir_draft_latest_schema(
	struct weir_source_draft *draft, enum weir_format_side side, struct weir_schema_facts *ret, struct weir_err *err);

/* "" when not set. */
struct weir_slice weir_env_property(const struct weir_analyze_env *env, const char *name);
