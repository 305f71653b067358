/* The runtime as a whole: its workers, stepping, metrics. */
#include "runtime/runtime.h"

#include "base/memory.h"
#include "runtime/query.h"

#include <stdlib.h>

static void init_worker(struct weir_runtime *runtime, size_t index)
{
	struct weir_worker *worker = &runtime->workers[index];

	worker->runtime = runtime;
	worker->index = index;
	worker->last_command = &worker->first_command;
	pthread_mutex_init(&worker->lock, NULL);
	pthread_cond_init(&worker->changed, NULL);
}

bool weir_runtime_open(const struct weir_runtime_options *options, struct weir_runtime **ret, struct weir_err *err)
{
	struct weir_runtime *runtime = weir_alloc_zero(sizeof *runtime);
	bool ok = true;

	runtime->options = *options;
	runtime->worker_count = options->is_stepped || options->workers < 1 ? 1 : options->workers;
	runtime->workers = weir_alloc_zero(runtime->worker_count * sizeof *runtime->workers);
	pthread_mutex_init(&runtime->lock, NULL);
	for (size_t i = 0; i < runtime->worker_count; i++)
		init_worker(runtime, i);
	for (size_t i = 0; ok && i < runtime->worker_count; i++)
		ok = weir_worker_open(&runtime->workers[i], err);
	for (size_t i = 0; ok && !options->is_stepped && i < runtime->worker_count; i++)
		ok = weir_worker_start_thread(&runtime->workers[i], err);
	if (!ok) {
		weir_runtime_close(runtime);
		return false;
	}
	*ret = runtime;
	return true;
}

void weir_runtime_close(struct weir_runtime *runtime)
{
	if (!runtime)
		return;
	while (runtime->queries)
		weir_runtime_stop((struct weir_running *)runtime->queries, false);
	for (size_t i = 0; i < runtime->worker_count; i++)
		weir_worker_close(&runtime->workers[i]);
	free(runtime->workers);
	pthread_mutex_destroy(&runtime->lock);
	free(runtime);
}

void weir_runtime_wake(struct weir_runtime *runtime)
{
	for (size_t i = 0; i < runtime->worker_count; i++)
		weir_worker_wake(&runtime->workers[i]);
}

bool weir_runtime_step(struct weir_runtime *runtime, bool *ret_idle, struct weir_err *err)
{
	*ret_idle = true;
	for (size_t i = 0; i < runtime->worker_count; i++) {
		bool idle;
		if (!weir_worker_step(&runtime->workers[i], 0, &idle, err))
			return false;
		*ret_idle = *ret_idle && idle;
	}
	return true;
}

void weir_runtime_metrics(struct weir_runtime *runtime, struct weir_buf *out)
{
	weir_buf_append_text(out, "# TYPE weir_query_rows_in_total counter\n# TYPE weir_query_rows_out_total counter\n"
				  "# TYPE weir_rows_dropped_total counter\n");
	pthread_mutex_lock(&runtime->lock);
	for (struct weir_running_query *query = runtime->queries; query; query = query->next) {
		pthread_mutex_lock(&query->lock);
		struct weir_slice id = query->plan->query_id;
		weir_buf_printf(out, "weir_query_rows_in_total{query=\"%.*s\"} %llu\n", WEIR_SLICE_ARG(id),
			(unsigned long long)query->status.rows_in);
		weir_buf_printf(out, "weir_query_rows_out_total{query=\"%.*s\"} %llu\n", WEIR_SLICE_ARG(id),
			(unsigned long long)query->status.rows_out);
		for (int i = 0; i < WEIR_DROP_COUNT; i++)
			if (query->status.dropped[i])
				weir_buf_printf(out, "weir_rows_dropped_total{query=\"%.*s\",reason=\"%s\"} %llu\n",
					WEIR_SLICE_ARG(id), weir_drop_reason_name((enum weir_drop_reason)i),
					(unsigned long long)query->status.dropped[i]);
		pthread_mutex_unlock(&query->lock);
	}
	pthread_mutex_unlock(&runtime->lock);
}
