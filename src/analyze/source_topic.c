/* The topic behind a declared source: as it is, or to be created (semantics §2.2, §10.2). */
#include "analyze/source_parts.h"

#define SEVEN_DAYS_MS (INT64_C(7) * 24 * 3600 * 1000)

static bool check_numbers(const struct weir_source_draft *draft, struct weir_err *err)
{
	const struct weir_with *with = &draft->with;
	int64_t partitions = weir_with_integer(with, WEIR_WITH_PARTITIONS, 1),
		replicas = weir_with_integer(with, WEIR_WITH_REPLICAS, 1);

	if (partitions < 1 || partitions > INT32_MAX)
		return weir_with_error(with, WEIR_WITH_PARTITIONS, err, "PARTITIONS must be at least 1.");
	if (replicas < 1 || replicas > INT16_MAX)
		return weir_with_error(with, WEIR_WITH_REPLICAS, err, "REPLICAS must be at least 1.");
	if (weir_with_has(with, WEIR_WITH_CLEANUP_POLICY))
		return weir_with_error(with, WEIR_WITH_CLEANUP_POLICY, err,
			"CLEANUP_POLICY cannot be set: it follows from the kind of the source.");
	if (weir_with_has(with, WEIR_WITH_RETENTION_MS) && draft->source->is_table &&
		(draft->source->window.type == WEIR_WINDOW_NONE || draft->ast->kind == WEIR_SQL_CREATE_SOURCE))
		return weir_with_error(with, WEIR_WITH_RETENTION_MS, err, "a table without windows has no retention.");
	if (weir_with_has(with, WEIR_WITH_RETENTION_MS) && weir_with_integer(with, WEIR_WITH_RETENTION_MS, 0) < 0)
		return weir_with_error(with, WEIR_WITH_RETENTION_MS, err, "RETENTION_MS cannot be negative.");
	return true;
}

/* Existing topic: what is asked for must be so. */
static bool check_existing(struct weir_source_draft *draft, const struct weir_topic_facts *facts, int32_t partitions,
	int32_t replicas, struct weir_err *err)
{
	const struct weir_sql_place *place = &draft->ast->name_place;

	if ((partitions > 0 && partitions != facts->partitions) ||
		(replicas > 0 && facts->replicas > 0 && replicas > facts->replicas)) {
		weir_err_set_at(err, WEIR_E_TOPIC_EXISTS, place->line, place->column,
			"The topic %.*s exists with other settings: it has %d partitions and %d replicas, wanted are %d and %d.",
			WEIR_SLICE_ARG(draft->source->topic), facts->partitions, facts->replicas,
			partitions > 0 ? partitions : facts->partitions, replicas > 0 ? replicas : facts->replicas);
		return weir_err_advise(err, "Change PARTITIONS and REPLICAS, or use another topic.");
	}
	draft->topic.partitions = facts->partitions;
	draft->topic.replicas = facts->replicas;
	draft->topic.retention_ms = facts->retention_ms;
	return true;
}

static bool missing_topic(const struct weir_source_draft *draft, struct weir_err *err)
{
	weir_err_set_at(err, WEIR_E_TOPIC_NOT_FOUND, draft->ast->name_place.line, draft->ast->name_place.column,
		"The topic %.*s does not exist.", WEIR_SLICE_ARG(draft->source->topic));
	return weir_err_advise(err, "To create it, add PARTITIONS to the WITH clause.");
}

static void plan_creation(struct weir_source_draft *draft, int32_t partitions, int32_t replicas, int64_t retention_ms)
{
	bool is_windowed = draft->source->window.type != WEIR_WINDOW_NONE;

	draft->topic.is_missing = true;
	draft->topic.partitions = partitions;
	draft->topic.replicas = replicas > 0 ? replicas : -1;
	draft->topic.is_compacted = draft->source->is_table;
	draft->topic.is_deleted = !draft->source->is_table || is_windowed;
	draft->topic.retention_ms = draft->topic.is_deleted ? retention_ms : -1;
}

bool weir_draft_topic(struct weir_source_draft *draft, const struct weir_source *inherit, struct weir_err *err)
{
	const struct weir_with *with = &draft->with;
	int32_t partitions = (int32_t)weir_with_integer(with, WEIR_WITH_PARTITIONS, inherit ? inherit->partitions : -1);
	int32_t replicas = (int32_t)weir_with_integer(with, WEIR_WITH_REPLICAS, inherit ? inherit->replicas : -1);
	int64_t retention_ms = inherit && inherit->retention_ms > 0 ? inherit->retention_ms : SEVEN_DAYS_MS;
	struct weir_topic_facts facts = { 0 };
	struct weir_err unknown = { 0 };

	if (!check_numbers(draft, err))
		return false;
	retention_ms = weir_with_integer(with, WEIR_WITH_RETENTION_MS, retention_ms);
	draft->topic.name = draft->source->topic;
	if (draft->env->topic && draft->env->topic(draft->env->ctx, draft->source->topic, &facts, &unknown)) {
		if (!check_existing(draft, &facts, partitions, weir_with_has(with, WEIR_WITH_REPLICAS) ? replicas : -1, err))
			return false;
	} else if (unknown.code != WEIR_E_NONE) {
		weir_err_copy(err, &unknown);
		return false;
	} else if (partitions < 1) {
		return missing_topic(draft, err);
	} else {
		plan_creation(draft, partitions, replicas, retention_ms);
	}
	draft->source->partitions = draft->topic.partitions;
	draft->source->replicas = draft->topic.replicas;
	draft->source->retention_ms = draft->topic.retention_ms;
	return true;
}
