/* Where the embedded registry keeps its records: an append-only sequence of (key, value), as a compacted topic is.
 *
 * Holds: append returns when the records are durable, all of them or none; replay visits every record in order of appending
 * (records that a later one with the same key replaced may be missing). Thread: one at a time.
 */
#pragma once

#include "base/clock.h"
#include "base/err.h"

struct weir_schema_record {
	struct weir_slice key;
	struct weir_slice value;
	bool value_is_null;
};

struct weir_schema_log {
	bool (*append)(struct weir_schema_log *log, const struct weir_schema_record *records, size_t count, struct weir_err *err);
	/* `visit` false: stops with visit's error. */
	bool (*replay)(struct weir_schema_log *log,
		bool (*visit)(void *ctx, const struct weir_schema_record *record, struct weir_err *err), void *ctx,
		struct weir_err *err);
	void (*close)(struct weir_schema_log *log);
};

/* Topic `_schemas` of a log, created (one partition, compacted) when it is not there. The log is borrowed. */
struct weir_log;
bool weir_schema_log_open_topic(
	struct weir_log *log, const struct weir_clock *clock, struct weir_schema_log **ret_log, struct weir_err *err);
/* In memory, for tests and `weir test`. */
struct weir_schema_log *weir_schema_log_new_memory(void);
