/* When has everything arrived in a topic that was under way when we asked?
 *
 * A stream that is joined to a table must not meet the table before the table's own query has caught up: the result would depend on
 * who was faster. So the end of a topic means: first the queries of this service that write it have read what *their* topics held
 * at that moment (and so on, upstream), then the topic's end is taken.
 *
 * Holds: a producer that is paused or has failed is not waited for; chains of producers are followed to a bounded depth.
 * Thread: one worker's; other workers' progress is read atomically.
 */
#include "base/memory.h"
#include "runtime/query.h"

#include <stdlib.h>

#define MAX_DEPTH    16
#define MAX_UPSTREAM 64

struct upstream {
	struct weir_settle *topic;
	struct weir_slice query_id, stage_scope;
	struct weir_arena *arena;
};

struct weir_settle {
	struct weir_runtime *runtime;
	struct weir_arena arena;
	struct weir_slice topic;
	int32_t partitions;
	int64_t *ends; /* per partition; -1: not taken yet */
	bool is_settled;
	struct upstream upstreams[MAX_UPSTREAM];
	size_t upstream_count;
};

static struct weir_settle *make(struct weir_runtime *runtime, struct weir_slice topic, int32_t partitions, int depth);

static bool writes(const struct weir_plan_stage *stage, struct weir_slice topic)
{
	return (stage->output.kind == WEIR_OUTPUT_SINK || stage->output.kind == WEIR_OUTPUT_REPARTITION) &&
	       weir_slice_equals(stage->output.layout.topic, topic);
}

static void add_upstreams(
	struct weir_settle *settle, struct weir_running_query *query, const struct weir_plan_stage *stage, int depth)
{
	for (size_t i = 0; i < stage->input_count && settle->upstream_count < MAX_UPSTREAM; i++) {
		const struct weir_topic_layout *layout = &stage->inputs[i].layout;
		struct upstream *upstream = &settle->upstreams[settle->upstream_count++];
		upstream->topic = make(settle->runtime, layout->topic, layout->partitions, depth + 1);
		upstream->query_id = weir_arena_copy(&settle->arena, query->plan->query_id);
		upstream->stage_scope =
			weir_arena_printf(&settle->arena, "%.*s/%d", WEIR_SLICE_ARG(query->plan->query_id), stage->index);
	}
}

static struct weir_settle *make(struct weir_runtime *runtime, struct weir_slice topic, int32_t partitions, int depth)
{
	struct weir_settle *settle = weir_alloc_zero(sizeof *settle);

	settle->runtime = runtime;
	weir_arena_init(&settle->arena, 512);
	settle->topic = weir_arena_copy(&settle->arena, topic);
	settle->partitions = partitions;
	settle->ends = WEIR_ARENA_ARRAY(&settle->arena, int64_t, (size_t)partitions);
	for (int32_t i = 0; i < partitions; i++)
		settle->ends[i] = -1;
	if (depth >= MAX_DEPTH)
		return settle;
	for (struct weir_running_query *query = runtime->queries; query; query = query->next)
		for (size_t i = 0; !weir_query_is_ephemeral(query) && i < query->plan->stage_count; i++)
			if (writes(&query->plan->stages[i], topic))
				add_upstreams(settle, query, &query->plan->stages[i], depth);
	return settle;
}

struct weir_settle *weir_settle_new(struct weir_runtime *runtime, struct weir_slice topic, int32_t partitions)
{
	pthread_mutex_lock(&runtime->lock);
	struct weir_settle *settle = make(runtime, topic, partitions, 0);
	pthread_mutex_unlock(&runtime->lock);
	return settle;
}

void weir_settle_free(struct weir_settle *settle)
{
	if (!settle)
		return;
	for (size_t i = 0; i < settle->upstream_count; i++)
		weir_settle_free(settle->upstreams[i].topic);
	weir_arena_fini(&settle->arena);
	free(settle);
}

static bool producer_runs(struct weir_runtime *runtime, struct weir_slice query_id)
{
	bool runs = false;

	pthread_mutex_lock(&runtime->lock);
	for (struct weir_running_query *query = runtime->queries; query; query = query->next)
		if (weir_slice_equals(query->plan->query_id, query_id))
			runs = !query->is_paused && !query->is_ended;
	pthread_mutex_unlock(&runtime->lock);
	return runs;
}

/* Has the producer committed past the ends of what it reads? */
static bool has_read(struct weir_settle *settle, const struct upstream *upstream)
{
	struct weir_log *log = settle->runtime->options.log;

	for (int32_t i = 0; i < upstream->topic->partitions; i++) {
		int64_t offset = -1, low, high;
		struct weir_err ignored;
		if (upstream->topic->ends[i] <= 0)
			continue;
		if (!log->vtable->read_progress(log, upstream->stage_scope, upstream->topic->topic, i, &offset, &ignored))
			return false;
		if (offset >= upstream->topic->ends[i])
			continue;
		/* Nothing is committed for a partition without records to read. */
		if (offset < 0 && log->vtable->watermarks(log, upstream->topic->topic, i, &low, &high, &ignored) &&
			low >= upstream->topic->ends[i])
			continue;
		return false;
	}
	return true;
}

static bool take_ends(struct weir_settle *settle)
{
	struct weir_log *log = settle->runtime->options.log;
	struct weir_err ignored;
	int64_t low;

	for (int32_t i = 0; i < settle->partitions; i++)
		if (!log->vtable->watermarks(log, settle->topic, i, &low, &settle->ends[i], &ignored))
			return false;
	return true;
}

bool weir_settle_advance(struct weir_settle *settle, int32_t partition, int64_t *ret_end)
{
	int64_t ignored;

	if (!settle->is_settled) {
		for (size_t i = 0; i < settle->upstream_count; i++) {
			const struct upstream *upstream = &settle->upstreams[i];
			if (!producer_runs(settle->runtime, upstream->query_id))
				continue;
			if (!weir_settle_advance(upstream->topic, 0, &ignored) || !has_read(settle, upstream))
				return false;
		}
		if (!take_ends(settle))
			return false;
		settle->is_settled = true;
	}
	*ret_end = partition < settle->partitions ? settle->ends[partition] : 0;
	return true;
}
