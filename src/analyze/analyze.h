/* Analysis: AST + catalog → bound statement. Names, types, defaults and every rule that can be checked before running.
 *
 * Holds: no side effects and no waiting of its own; what it must know of the outside it asks through the environment. An accepted
 * statement can be replayed from the command log without failing.
 * Thread: any; the environment's callbacks are called on the caller's.
 */
#pragma once

#include "analyze/bound.h"
#include "base/clock.h"

enum weir_schema_subject_side { WEIR_SUBJECT_KEY, WEIR_SUBJECT_VALUE };

struct weir_topic_facts {
	int32_t partitions;
	int32_t replicas;
	int64_t retention_ms; /* -1: unknown */
};

struct weir_schema_facts {
	int32_t id;
	struct weir_slice text;
	struct weir_slice kind; /* "AVRO", "JSON", "PROTOBUF" */
};

struct weir_analyze_env {
	const struct weir_catalog *catalog;
	const struct weir_clock *clock;
	void *ctx; /* handed to the callbacks */
	/* The effective value of a property (session, request, server, default); ptr NULL: not set. May be NULL. */
	struct weir_slice (*property)(void *ctx, const char *name);
	/* false: there is no such topic (err untouched, code NONE), or it cannot be told (err set). */
	bool (*topic)(void *ctx, struct weir_slice name, struct weir_topic_facts *ret, struct weir_err *err);
	/* Latest version of "<topic>-key" / "<topic>-value"; texts in the arena. Errors: WEIR_E_SCHEMA_NOT_FOUND,
	 * WEIR_E_REGISTRY_NOT_CONFIGURED, WEIR_E_REGISTRY_AWAY. May be NULL: no registry. */
	bool (*latest_schema)(void *ctx, struct weir_arena *arena, struct weir_slice subject, struct weir_schema_facts *ret,
		struct weir_err *err);
	bool (*schema_by_id)(void *ctx, struct weir_arena *arena, int32_t id, struct weir_schema_facts *ret, struct weir_err *err);
};

/* `arena` holds the result, and must outlive it together with the catalog snapshot and the AST.
 * Errors carry line and column of the statement's text. */
bool weir_analyze(const struct weir_analyze_env *env, struct weir_arena *arena, const struct weir_sql_statement *statement,
	struct weir_bound_statement *ret, struct weir_err *err);
