/* The catalog: streams, tables, custom types and persistent queries, as immutable snapshots.
 *
 * Holds:
 *  - a snapshot never changes once it is shared; a change is weir_catalog_edit() (a cheap copy that shares the entries), some
 *    builder calls, and publishing the copy;
 *  - snapshots, sources and queries are reference-counted (atomically: any thread may hold them);
 *  - an entry's memory is its own arena, released with the last snapshot that names it;
 *  - names are exact (already upper-cased or unquoted by the parser); streams and tables share one name space.
 * Builder calls: one thread at a time, on an edit that nobody else holds.
 */
#pragma once

#include "types/relation.h"
#include "types/schema.h"

struct weir_plan; /* plan/plan.h */

/* One side's declared format. */
struct weir_source_format {
	struct weir_slice name;            /* upper case: "JSON", "AVRO", "NONE", … */
	char delimiter;                    /* DELIMITED; 0: default */
	bool is_unwrapped;                 /* single column without an enclosing object/record */
	struct weir_slice full_name;       /* *_SCHEMA_FULL_NAME; "" the format's default */
	int32_t schema_id;                 /* *_SCHEMA_ID as the user gave it; 0 none */
	struct weir_slice physical_schema; /* text of that schema; "" none */
	/* The registry's id of the schema to write with; 0: none or not registered yet. Set by the engine after registering. */
	int32_t writer_schema_id;
};

/* A stream or table. Immutable once in a snapshot. */
struct weir_source {
	struct weir_slice name;
	bool is_table;
	bool is_read_only;                /* CREATE SOURCE … */
	const struct weir_schema *schema; /* keys first, then header and value columns in declared order */
	struct weir_slice topic;
	int32_t partitions; /* of the topic when the source was made */
	int32_t replicas;
	struct weir_source_format key, value;
	bool is_wrap_set;               /* WRAP_SINGLE_VALUE or the setting of its kind was applied */
	struct weir_window_spec window; /* windowed keys: type and size_ms; NONE otherwise */
	struct weir_timestamp_spec timestamp;
	struct weir_slice timestamp_column; /* the column's name; "" none */
	struct weir_slice statement;        /* as the user wrote it */
	struct weir_slice created_by;       /* id of the query that writes it (CREATE … AS); "" for plain CREATE */
	int64_t retention_ms;               /* of the topic when known; -1 unknown */
};

struct weir_type_entry {
	struct weir_slice name;
	const struct weir_type *type;
};

enum weir_query_kind { WEIR_QUERY_CREATE_AS, WEIR_QUERY_INSERT, WEIR_QUERY_SOURCE_TABLE };

/* A persistent query. Whoever makes one fills it, its arena holds everything it points to (plan the query into it). */
struct weir_query {
	struct weir_arena arena;
	unsigned refs; /* use ref/unref */
	enum weir_query_kind kind;
	struct weir_slice id;
	struct weir_slice statement;
	const struct weir_slice *source_names; /* streams and tables it reads */
	size_t source_count;
	struct weir_slice sink_name; /* what it writes; for SOURCE_TABLE the table itself */
	const struct weir_plan *plan;
};

struct weir_catalog;

/* ---- Snapshots ---- */

/* Empty; one reference. */
struct weir_catalog *weir_catalog_new(void);
const struct weir_catalog *weir_catalog_ref(const struct weir_catalog *catalog);
/* Accepts NULL. */
void weir_catalog_unref(const struct weir_catalog *catalog);
/* A copy to change; one reference, the caller's. */
struct weir_catalog *weir_catalog_edit(const struct weir_catalog *catalog);

/* ---- Reading: results live as long as the snapshot ---- */

const struct weir_source *weir_catalog_source(const struct weir_catalog *catalog, struct weir_slice name); /* NULL: none */
const struct weir_source *weir_catalog_source_at(const struct weir_catalog *catalog, size_t i);            /* NULL past the end */
const struct weir_query *weir_catalog_query(const struct weir_catalog *catalog, struct weir_slice id);
const struct weir_query *weir_catalog_query_at(const struct weir_catalog *catalog, size_t i);
const struct weir_type_entry *weir_catalog_type(const struct weir_catalog *catalog, struct weir_slice name);
const struct weir_type_entry *weir_catalog_type_at(const struct weir_catalog *catalog, size_t i);

/* Queries that read (write) a source, starting the search at *position (0 first); NULL when there are no more. */
const struct weir_query *weir_catalog_next_reader(const struct weir_catalog *catalog, struct weir_slice name, size_t *position);
const struct weir_query *weir_catalog_next_writer(const struct weir_catalog *catalog, struct weir_slice name, size_t *position);
/* The query whose store answers pull queries on a table: CREATE TABLE AS, SOURCE TABLE; NULL when there is none. */
const struct weir_query *weir_catalog_materializing_query(const struct weir_catalog *catalog, struct weir_slice table);
/* Another source (than `except`) over that topic, or NULL. */
const struct weir_source *weir_catalog_other_source_of_topic(
	const struct weir_catalog *catalog, struct weir_slice topic, struct weir_slice except);

/* The nearest existing name (edit distance at most a third of the length, case ignored), or "" . */
struct weir_slice weir_catalog_suggest_source(const struct weir_catalog *catalog, struct weir_slice name);
/* The nearest of `names`; for columns, properties and the like. */
struct weir_slice weir_nearest_name(struct weir_slice name, const struct weir_slice *names, size_t count);

/* ---- Checks that name what stands in the way ---- */

/* May the source be dropped? Its own CREATE … AS query does not count. Errors: WEIR_E_IN_USE with readers and writers listed. */
bool weir_catalog_check_drop(const struct weir_catalog *catalog, const struct weir_source *source, struct weir_err *err);

/* ---- Building ---- */

/* Deep copies; replaces an entry of the same name. */
void weir_catalog_put_source(struct weir_catalog *edit, const struct weir_source *source);
/* false: there was none. */
bool weir_catalog_drop_source(struct weir_catalog *edit, struct weir_slice name);
void weir_catalog_put_type(struct weir_catalog *edit, struct weir_slice name, const struct weir_type *type);
bool weir_catalog_drop_type(struct weir_catalog *edit, struct weir_slice name);
/* Takes a reference of its own; replaces an entry of the same id. */
void weir_catalog_put_query(struct weir_catalog *edit, struct weir_query *query);
bool weir_catalog_drop_query(struct weir_catalog *edit, struct weir_slice id);

/* A query with an empty arena and one reference. */
struct weir_query *weir_query_new(void);
struct weir_query *weir_query_ref(struct weir_query *query);
void weir_query_unref(struct weir_query *query); /* accepts NULL */

/* A deep copy in the arena. */
struct weir_source *weir_source_copy(struct weir_arena *arena, const struct weir_source *source);
/* "STREAM" or "TABLE". */
const char *weir_source_kind_name(const struct weir_source *source);
