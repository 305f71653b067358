/* The maintainer: a thread of the server's that frees what nobody needs any more: slots of dead readers, records of deleted topics,
 * records beyond retention, older values of compacted keys.
 *
 * Holds: everything is done in bounded steps, each a small job for the committer, which groups it with whatever commits wait.
 */
#include "log/local/local_int.h"

#include <signal.h>
#include <time.h>

bool local_is_closing(struct local_log *log)
{
	return __atomic_load_n(&log->is_closing, __ATOMIC_ACQUIRE);
}

static bool find_topic(struct local_log *log, struct weir_slice name, struct local_topic *ret, struct weir_err *err)
{
	struct weir_lmdb_txn *txn;

	if (!local_look_begin(&log->snapshots, &txn, err))
		return false;
	bool ok = local_topic_find(txn, name, ret, err);
	local_look_end(&log->snapshots, txn);
	return ok;
}

/* What cannot be done now is tried again at the next round; a damaged batch stays for the reader to tell about. */
static void maintain_topic(struct local_log *log, struct weir_slice name)
{
	struct local_topic topic;
	struct weir_err err = { 0 };

	if (!find_topic(log, name, &topic, &err))
		return;
	for (int32_t i = 0; i < topic.config.partitions && !local_is_closing(log); i++) {
		err.code = WEIR_E_NONE;
		local_retain(log, &topic, i, &err);
		if (topic.config.cleanup & WEIR_CLEANUP_COMPACT)
			local_compact(log, &topic, i, &err);
	}
}

static void maintain(struct local_log *log)
{
	struct weir_topic_config *topics;
	struct weir_arena arena;
	struct weir_err err = { 0 };
	size_t count;

	weir_lmdb_clean_readers(log->env);
	local_topic_sweep(log, &err);
	weir_arena_init(&arena, 4096);
	if (local_topic_list(&log->log, &arena, &topics, &count, &err))
		for (size_t i = 0; i < count && !local_is_closing(log); i++)
			maintain_topic(log, topics[i].name);
	weir_arena_fini(&arena);
}

static void pause_between(struct local_log *log)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += log->maintenance_interval_ms / 1000;
	until.tv_nsec += log->maintenance_interval_ms % 1000 * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	pthread_mutex_lock(&log->maintenance_lock);
	if (!local_is_closing(log))
		pthread_cond_timedwait(&log->maintenance_wake, &log->maintenance_lock, &until);
	pthread_mutex_unlock(&log->maintenance_lock);
}

static void *run_maintainer(void *arg)
{
	struct local_log *log = arg;

	while (!local_is_closing(log)) {
		pause_between(log);
		if (!local_is_closing(log))
			maintain(log);
	}
	return NULL;
}

bool local_maintainer_start(struct local_log *log, struct weir_err *err)
{
	sigset_t all, old;

	pthread_mutex_init(&log->maintenance_lock, NULL);
	pthread_cond_init(&log->maintenance_wake, NULL);
	sigfillset(&all); /* signals belong to the program's own threads */
	pthread_sigmask(SIG_SETMASK, &all, &old);
	int code = pthread_create(&log->maintainer, NULL, run_maintainer, log);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	log->has_maintainer = code == 0;
	return code == 0 || weir_err_set_errno(err, WEIR_E_INTERNAL, code, "The log's maintainer cannot be started");
}

void local_maintainer_stop(struct local_log *log)
{
	if (!log->has_maintainer)
		return;
	pthread_mutex_lock(&log->maintenance_lock);
	__atomic_store_n(&log->is_closing, true, __ATOMIC_RELEASE);
	pthread_cond_signal(&log->maintenance_wake);
	pthread_mutex_unlock(&log->maintenance_lock);
	pthread_join(log->maintainer, NULL);
	pthread_mutex_destroy(&log->maintenance_lock);
	pthread_cond_destroy(&log->maintenance_wake);
	log->has_maintainer = false;
}
