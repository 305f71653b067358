/* A test case: statements, records in, records expected. Read from ksqlDB-shaped JSON files and from weir's own text files. */
#pragma once

#include "json/json.h"

struct weir_case_record {
	struct weir_slice topic;
	const struct weir_json *key, *value; /* NULL: null */
	bool has_key;                        /* the case says what the key is */
	bool has_timestamp;
	int64_t timestamp_ms;
	const struct weir_json *window, *headers; /* NULL: not given */
	int line;                                 /* in a text file; 0 otherwise */
};

struct weir_case_topic {
	struct weir_slice name;
	int32_t partitions;
	const struct weir_json *json; /* schemas and formats; NULL in text files */
};

struct weir_case {
	struct weir_slice file, name;
	struct weir_slice *statements;
	size_t statement_count;
	const struct weir_json *properties; /* object or NULL */
	struct weir_case_topic *topics;
	size_t topic_count;
	struct weir_case_record *inputs, *outputs;
	size_t input_count, output_count;
	bool expects_error;
	bool runs_together; /* all queries at once, as on a server; else one after the other, as ksqlDB's cases want it */
	const struct weir_json *post_sources; /* array or NULL */
};

struct weir_case_list {
	struct weir_case *items;
	size_t count, capacity;
};

/* Appends the file's cases; everything lives in the arena. Errors name file and line. */
bool weir_case_load_json(struct weir_arena *arena, struct weir_slice file, struct weir_slice text, struct weir_case_list *list,
	struct weir_err *err);
bool weir_case_load_text(struct weir_arena *arena, struct weir_slice file, struct weir_slice text, struct weir_case_list *list,
	struct weir_err *err);
