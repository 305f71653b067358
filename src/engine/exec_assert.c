/* ASSERT [NOT EXISTS] TOPIC and SCHEMA: looks every 100 ms until it holds or the time is over (semantics §2.10).
 * Thread: any; nothing is locked while it waits. */
#include "engine/engine_int.h"

#include <time.h>

#define PAUSE_MS        100
#define DEFAULT_WAIT_MS 1000

typedef bool check_fn(struct weir_exec *exec, struct weir_err *err);

static bool fail(struct weir_err *err, struct weir_slice text)
{
	return weir_err_set(err, WEIR_E_ASSERTION, "%.*s", WEIR_SLICE_ARG(text));
}

/* ---- Topics ---- */

static bool check_property(struct weir_exec *exec, const struct weir_sql_property *property, const struct weir_topic_config *topic,
	struct weir_err *err)
{
	bool is_partitions = weir_slice_equals_nocase(property->name, WEIR_SLICE("PARTITIONS"));
	int64_t wanted, found = is_partitions ? topic->partitions : topic->replicas;

	if (!is_partitions && !weir_slice_equals_nocase(property->name, WEIR_SLICE("REPLICAS")))
		return fail(err, weir_arena_printf(exec->arena, "A topic has no property %.*s that could be asserted",
					 WEIR_SLICE_ARG(property->name)));
	if (!weir_slice_to_i64(property->text, &wanted))
		return fail(err, weir_arena_printf(exec->arena, "%.*s must be a number", WEIR_SLICE_ARG(property->name)));
	return wanted == found || fail(err, weir_arena_printf(exec->arena, "The topic %.*s has %s %lld, expected is %lld",
						    WEIR_SLICE_ARG(exec->ast->name), is_partitions ? "partitions" : "replicas",
						    (long long)found, (long long)wanted));
}

static bool topic_exists(struct weir_exec *exec, struct weir_err *err)
{
	struct weir_log *log = exec->engine->options.log;
	struct weir_topic_config topic;

	if (!log->vtable->topic_describe(log, exec->ast->name, exec->arena, &topic, err))
		return err->code == WEIR_E_TOPIC_NOT_FOUND
			       ? fail(err, weir_arena_printf(
						   exec->arena, "The topic %.*s does not exist", WEIR_SLICE_ARG(exec->ast->name)))
			       : false;
	for (size_t i = 0; i < exec->ast->property_count; i++)
		if (!check_property(exec, &exec->ast->properties[i], &topic, err))
			return false;
	return true;
}

static bool topic_is_missing(struct weir_exec *exec, struct weir_err *err)
{
	struct weir_err found = { 0 };

	if (topic_exists(exec, &found))
		return fail(err, weir_arena_printf(exec->arena, "The topic %.*s exists", WEIR_SLICE_ARG(exec->ast->name)));
	if (found.code == WEIR_E_ASSERTION)
		return true;
	weir_err_copy(err, &found);
	return false;
}

/* ---- Schemas ---- */

static struct weir_slice schema_name(struct weir_exec *exec)
{
	struct weir_slice subject = exec->ast->name;

	if (subject.len && exec->ast->has_id)
		return weir_arena_printf(
			exec->arena, "The schema %lld of the subject %.*s", (long long)exec->ast->id, WEIR_SLICE_ARG(subject));
	if (subject.len)
		return weir_arena_printf(exec->arena, "The subject %.*s", WEIR_SLICE_ARG(subject));
	return weir_arena_printf(exec->arena, "The schema %lld", (long long)exec->ast->id);
}

static bool find_schema(struct weir_exec *exec, bool *ret_found, struct weir_err *err)
{
	struct weir_registry *registry = exec->engine->options.registry;
	struct weir_registered_schema latest = { 0 }, schema;
	struct weir_slice subject = exec->ast->name;

	if (!registry)
		return weir_err_set(
			err, WEIR_E_REGISTRY_NOT_CONFIGURED, "ASSERT SCHEMA needs a Schema Registry, and none is configured");
	*ret_found = (!subject.len || weir_registry_latest(registry, subject, exec->arena, &latest, err)) &&
		     (!exec->ast->has_id || weir_registry_by_id(registry, (int32_t)exec->ast->id, exec->arena, &schema, err));
	if (*ret_found && subject.len && exec->ast->has_id && latest.id != (int32_t)exec->ast->id) {
		struct weir_registered_schema version = { 0 };
		*ret_found = false;
		for (int32_t i = 1; !*ret_found && i < latest.version; i++)
			*ret_found = weir_registry_by_version(registry, subject, i, exec->arena, &version, err) &&
				     version.id == (int32_t)exec->ast->id;
		err->code = WEIR_E_NONE;
		return true;
	}
	if (!*ret_found && err->code != WEIR_E_SCHEMA_NOT_FOUND)
		return false;
	err->code = WEIR_E_NONE;
	return true;
}

static bool schema_exists(struct weir_exec *exec, struct weir_err *err)
{
	bool found;

	return find_schema(exec, &found, err) &&
	       (found || fail(err, weir_arena_printf(exec->arena, "%.*s does not exist", WEIR_SLICE_ARG(schema_name(exec)))));
}

static bool schema_is_missing(struct weir_exec *exec, struct weir_err *err)
{
	bool found;

	return find_schema(exec, &found, err) &&
	       (!found || fail(err, weir_arena_printf(exec->arena, "%.*s exists", WEIR_SLICE_ARG(schema_name(exec)))));
}

/* ---- Waiting ---- */

static bool wait_for(struct weir_exec *exec, check_fn *check, struct weir_err *err)
{
	const struct weir_sql_duration *timeout = &exec->ast->timeout;
	int64_t wait_ms = exec->ast->has_timeout ? timeout->amount * timeout->unit_ms : DEFAULT_WAIT_MS;
	int64_t end_us = weir_clock_monotonic_us(&weir_system_clock) + wait_ms * 1000;

	while (!check(exec, err)) {
		if (err->code != WEIR_E_ASSERTION || exec->engine->options.is_stepped || exec->engine->is_closing ||
			weir_clock_monotonic_us(&weir_system_clock) >= end_us)
			return false;
		nanosleep(&(struct timespec){ .tv_nsec = PAUSE_MS * 1000000L }, NULL);
		err->code = WEIR_E_NONE;
	}
	return true;
}

static void write_name(struct weir_exec *exec, const char *key, struct weir_slice name)
{
	weir_json_key(exec->json, key);
	if (name.len)
		weir_json_write_string(exec->json, name);
	else
		weir_json_write_null(exec->json);
}

bool weir_exec_assert(struct weir_exec *exec, struct weir_err *err)
{
	bool is_topic = exec->ast->kind == WEIR_SQL_ASSERT_TOPIC, exists = !exec->ast->not_exists;
	check_fn *check = is_topic ? (exists ? topic_exists : topic_is_missing) : (exists ? schema_exists : schema_is_missing);

	if (!wait_for(exec, check, err))
		return false;
	weir_entity_begin(exec, is_topic ? "assert_topic" : "assert_schema");
	write_name(exec, is_topic ? "topicName" : "subject", exec->ast->name);
	if (!is_topic) {
		weir_json_key(exec->json, "id");
		if (exec->ast->has_id)
			weir_json_write_i64(exec->json, exec->ast->id);
		else
			weir_json_write_null(exec->json);
	}
	weir_json_key(exec->json, "exists");
	weir_json_write_bool(exec->json, exists);
	weir_entity_end(exec);
	return true;
}
