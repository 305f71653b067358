/* Planning: bound query → physical plan (plan.h); EXPLAIN.
 *
 * Holds: planning is deterministic (the same statement gives the same stages, topics and store names) and cannot fail for a reason
 * that analysis should have told, except where formats refuse columns.
 */
#pragma once

#include "analyze/bound.h"
#include "plan/plan.h"

struct weir_plan_request {
	const struct weir_bound_query *query;
	const struct weir_source *sink; /* CREATE AS: the new source; INSERT: the target; NULL: the client (or SOURCE TABLE) */
	bool is_materialize_only;       /* SOURCE TABLE: keeps rows for pull queries, writes nothing */
	struct weir_slice query_id;     /* CSAS_X_3, … */
	struct weir_slice service_id;   /* ksql.service.id: internal topics are _confluent-ksql-<service>query_<query id>-… */
	struct weir_slice statement;
};

/* The plan and all it points to live in the arena, except what `query` and `sink` point to: copied where it must last, so that the
 * plan may outlive the statement's arena and the catalog snapshot. */
bool weir_plan_query(
	struct weir_arena *arena, const struct weir_plan_request *request, const struct weir_plan **ret, struct weir_err *err);

/* How a source's topic is laid out: for INSERT VALUES, for registering schemas (format->make_schema() on layout.key / .value; put
 * the ids into the source's writer_schema_id before planning), for pull queries. Lives in the arena, points into the source. */
bool weir_plan_source_layout(
	struct weir_arena *arena, const struct weir_source *source, struct weir_topic_layout *ret, struct weir_err *err);

/* EXPLAIN: stages with topics, keys, formats, operators and state, one line each, indented. */
void weir_plan_print(struct weir_buf *out, const struct weir_plan *plan);

/* CREATE OR REPLACE … AS: may `new` go on with the state and offsets of `old`? Errors say what differs. Plan the new one under the
 * old query's id, so that topics and stores keep their names. */
bool weir_plan_check_upgrade(const struct weir_plan *old, const struct weir_plan *new, struct weir_err *err);
