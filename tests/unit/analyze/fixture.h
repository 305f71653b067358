/* A small world for tests of analysis and planning: a catalog, topics that exist with 4 partitions unless a test says otherwise,
 * settings, and statements run against them as the engine would, without data. */
#pragma once

#include "analyze/analyze.h"
#include "base/vec.h"
#include "plan/planner.h"
#include "sql/parser.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct fixture {
	struct weir_arena arena;
	struct weir_catalog *catalog;
	struct weir_analyze_env env;
	struct weir_virtual_clock clock;
	struct weir_err err;
	struct weir_buf text;
	int next_query;
	const char *missing_topic;                              /* does not exist */
	int partitions;                                         /* of all others; 0: 4 */
	const char *narrow_topic;                               /* has 2 partitions */
	const char *property_name, *property_value;             /* one setting */
	const char *schema_subject, *schema_text, *schema_kind; /* one schema, id 7 */
};

static inline struct weir_slice fixture_property(void *ctx, const char *name)
{
	struct fixture *fixture = ctx;

	if (fixture->property_name && strcmp(fixture->property_name, name) == 0)
		return weir_slice_of(fixture->property_value);
	return (struct weir_slice){ 0 };
}

static inline bool fixture_topic(void *ctx, struct weir_slice name, struct weir_topic_facts *ret, struct weir_err *err)
{
	struct fixture *fixture = ctx;
	bool is_narrow = fixture->narrow_topic && weir_slice_is(name, fixture->narrow_topic);

	if (fixture->missing_topic && weir_slice_is(name, fixture->missing_topic))
		return false;
	*ret = (struct weir_topic_facts){ .partitions = is_narrow             ? 2
							: fixture->partitions ? fixture->partitions
									      : 4,
		.replicas = 1,
		.retention_ms = -1 };
	return true;
}

static inline bool fixture_schema(
	void *ctx, struct weir_arena *arena, struct weir_slice subject, struct weir_schema_facts *ret, struct weir_err *err)
{
	struct fixture *fixture = ctx;

	if (!fixture->schema_subject || !weir_slice_is(subject, fixture->schema_subject))
		return weir_err_set(err, WEIR_E_SCHEMA_NOT_FOUND, "There is no subject %.*s.", WEIR_SLICE_ARG(subject));
	*ret = (struct weir_schema_facts){ 7, weir_slice_of(fixture->schema_text), weir_slice_of(fixture->schema_kind) };
	return true;
}

static inline bool fixture_schema_by_id(
	void *ctx, struct weir_arena *arena, int32_t id, struct weir_schema_facts *ret, struct weir_err *err)
{
	struct fixture *fixture = ctx;

	*ret = (struct weir_schema_facts){ id, weir_slice_of(fixture->schema_text), weir_slice_of(fixture->schema_kind) };
	return true;
}

static inline void fixture_init(struct fixture *fixture)
{
	*fixture = (struct fixture){ .catalog = weir_catalog_new() };
	weir_arena_init(&fixture->arena, 1 << 16);
	weir_buf_init(&fixture->text, WEIR_BUF_NO_LIMIT);
	weir_virtual_clock_init(&fixture->clock, 1000);
	fixture->env = (struct weir_analyze_env){
		.catalog = fixture->catalog,
		.clock = &fixture->clock.clock,
		.ctx = fixture,
		.property = fixture_property,
		.topic = fixture_topic,
		.latest_schema = fixture_schema,
		.schema_by_id = fixture_schema_by_id,
	};
}

static inline void fixture_fini(struct fixture *fixture)
{
	weir_catalog_unref(fixture->catalog);
	weir_buf_fini(&fixture->text);
	weir_arena_fini(&fixture->arena);
}

/* ---- Statements ---- */

/* Parses and analyses one statement. */
static inline bool fixture_analyze(struct fixture *fixture, const char *sql, struct weir_bound_statement *ret)
{
	const struct weir_sql_statement *ast;

	weir_err_reset(&fixture->err);
	return weir_sql_parse_statement(
		       &fixture->arena, weir_slice_of(weir_arena_strdup(&fixture->arena, sql)), 1, 1, &ast, &fixture->err) &&
	       weir_analyze(&fixture->env, &fixture->arena, ast, ret, &fixture->err);
}

static inline struct weir_bound_statement fixture_ok(struct fixture *fixture, const char *sql)
{
	struct weir_bound_statement bound = { 0 };

	if (!fixture_analyze(fixture, sql, &bound))
		fail_msg("%s\n  %d:%d %s %s", sql, fixture->err.line, fixture->err.column, fixture->err.text, fixture->err.advice);
	return bound;
}

static inline const struct weir_plan *fixture_plan_bound(
	struct fixture *fixture, struct weir_arena *arena, const struct weir_bound_statement *bound, struct weir_slice query_id)
{
	const struct weir_plan *plan = NULL;
	struct weir_plan_request request = {
		.query_id = query_id, .service_id = WEIR_SLICE("default_"), .statement = bound->ast->text
	};

	switch (bound->kind) {
	case WEIR_BOUND_CREATE_SOURCE:
		request.query = bound->create_source.materialize;
		request.is_materialize_only = true;
		break;
	case WEIR_BOUND_CREATE_AS:
		request.query = bound->create_as.query;
		request.sink = bound->create_as.sink;
		break;
	case WEIR_BOUND_INSERT_SELECT:
		request.query = bound->insert_select.query;
		request.sink = bound->insert_select.target;
		break;
	default:
		request.query = bound->push;
		break;
	}
	if (!weir_plan_query(arena, &request, &plan, &fixture->err))
		fail_msg("%.*s\n  %s", WEIR_SLICE_ARG(bound->ast->text), fixture->err.text);
	return plan;
}

static inline void fixture_put_query(
	struct fixture *fixture, const struct weir_bound_statement *bound, enum weir_query_kind kind, struct weir_slice sink)
{
	struct weir_query *query = weir_query_new();

	query->kind = kind;
	query->id = weir_arena_printf(&query->arena, "Q_%d", fixture->next_query++);
	query->sink_name = weir_arena_copy(&query->arena, sink);
	query->plan = fixture_plan_bound(fixture, &query->arena, bound, query->id);
	query->source_names = query->plan->source_names;
	query->source_count = query->plan->source_count;
	weir_catalog_put_query(fixture->catalog, query);
	weir_query_unref(query);
}

/* Runs a script: definitions enter the catalog. */
static inline void fixture_run(struct fixture *fixture, const char *script)
{
	const struct weir_sql_statement *const *statements;
	size_t count;

	if (!weir_sql_parse(&fixture->arena, weir_slice_of(script), &statements, &count, &fixture->err))
		fail_msg("%s", fixture->err.text);
	for (size_t i = 0; i < count; i++) {
		struct weir_bound_statement bound = { 0 };

		weir_err_reset(&fixture->err);
		if (!weir_analyze(&fixture->env, &fixture->arena, statements[i], &bound, &fixture->err))
			fail_msg("%.*s\n  %d:%d %s %s", WEIR_SLICE_ARG(statements[i]->text), fixture->err.line, fixture->err.column,
				fixture->err.text, fixture->err.advice);
		if (bound.kind == WEIR_BOUND_CREATE_SOURCE) {
			weir_catalog_put_source(fixture->catalog, bound.create_source.source);
			if (bound.create_source.materialize)
				fixture_put_query(fixture, &bound, WEIR_QUERY_SOURCE_TABLE, bound.create_source.source->name);
		} else if (bound.kind == WEIR_BOUND_CREATE_AS) {
			bound.create_as.sink->created_by = weir_arena_printf(&fixture->arena, "Q_%d", fixture->next_query);
			weir_catalog_put_source(fixture->catalog, bound.create_as.sink);
			fixture_put_query(fixture, &bound, WEIR_QUERY_CREATE_AS, bound.create_as.sink->name);
		} else if (bound.kind == WEIR_BOUND_INSERT_SELECT) {
			fixture_put_query(fixture, &bound, WEIR_QUERY_INSERT, bound.insert_select.target->name);
		} else if (bound.kind == WEIR_BOUND_CREATE_TYPE) {
			weir_catalog_put_type(fixture->catalog, bound.type.name, bound.type.type);
		}
	}
}

/* ---- Texts to compare with; valid until the next call ---- */

/* "line:column text [advice]" of the error that a statement must give. */
static inline const char *fixture_error(struct fixture *fixture, const char *sql)
{
	struct weir_bound_statement bound;

	if (fixture_analyze(fixture, sql, &bound))
		fail_msg("accepted: %s", sql);
	weir_buf_reset(&fixture->text);
	weir_buf_printf(&fixture->text, "%d:%d %s%s%s", fixture->err.line, fixture->err.column, fixture->err.text,
		fixture->err.advice[0] ? " " : "", fixture->err.advice);
	return weir_buf_cstr(&fixture->text);
}

static inline const char *fixture_schema_text(struct fixture *fixture, const struct weir_schema *schema)
{
	weir_buf_reset(&fixture->text);
	weir_schema_print(&fixture->text, schema, false);
	return weir_buf_cstr(&fixture->text);
}

/* The schema of a query's result. */
static inline const char *fixture_result(struct fixture *fixture, const char *sql)
{
	struct weir_bound_statement bound = fixture_ok(fixture, sql);
	const struct weir_bound_query *query = bound.kind == WEIR_BOUND_CREATE_AS       ? bound.create_as.query
					       : bound.kind == WEIR_BOUND_INSERT_SELECT ? bound.insert_select.query
											: bound.push;

	return fixture_schema_text(fixture, query->schema);
}

static inline const char *fixture_plan(struct fixture *fixture, const char *sql)
{
	struct weir_bound_statement bound = fixture_ok(fixture, sql);
	const struct weir_plan *plan = fixture_plan_bound(fixture, &fixture->arena, &bound, WEIR_SLICE("Q"));

	weir_buf_reset(&fixture->text);
	weir_plan_print(&fixture->text, plan);
	return weir_buf_cstr(&fixture->text);
}
