/* The committer: the one thread that writes. It takes everything that waits, runs it in one LMDB transaction and syncs once.
 *
 * Holds:
 *  - jobs are applied in the order they came;
 *  - a job that fails does not fail the others of its group: the transaction is given up and each job gets one of its own;
 *  - a job's outcome is told only after its transaction is durable or given up.
 */
#include "lmdb/env_int.h"

#include <assert.h>
#include <signal.h>

struct lmdb_job {
	weir_lmdb_body *body;
	void *ctx;
	size_t adds_bytes;
	struct weir_err *err;
	struct lmdb_job *next;
	bool is_ok, is_done;
};

static bool fail_full(struct weir_err *err)
{
	weir_err_set(err, WEIR_E_DISK_FULL, "The data folder has reached its size limit");
	return weir_err_advise(err, "Raise weir.data.max.bytes, shorten the topics' retention, or delete topics.");
}

static bool run_job(struct weir_lmdb *env, struct lmdb_job *job, struct weir_lmdb_txn *txn)
{
	if (job->adds_bytes && !lmdb_has_room(env, job->adds_bytes))
		return fail_full(job->err);
	return job->body(job->ctx, txn, job->err);
}

static void give_up(struct weir_lmdb_txn *txn)
{
	for (size_t i = 0; i < txn->env->table_count; i++)
		if (txn->cursors[i])
			mdb_cursor_close(txn->cursors[i]);
	mdb_txn_abort(txn->txn);
}

static int finish(struct weir_lmdb_txn *txn)
{
	for (size_t i = 0; i < txn->env->table_count; i++)
		if (txn->cursors[i])
			mdb_cursor_close(txn->cursors[i]);
	return mdb_txn_commit(txn->txn);
}

static void fail_all(struct lmdb_job *first, const struct lmdb_job *end, int code)
{
	for (struct lmdb_job *job = first; job != end; job = job->next) {
		job->is_ok = false;
		lmdb_fail(job->err, code, "Cannot write to the data folder");
	}
}

/* The jobs from first up to end (exclusive) in one transaction; false: nothing was written, *ret_is_job: because of one of them. */
static bool run_together(struct weir_lmdb *env, struct lmdb_job *first, const struct lmdb_job *end, bool *ret_is_job)
{
	struct weir_lmdb_txn txn = { .env = env, .is_active = true, .is_write = true };
	int code = mdb_txn_begin(env->env, NULL, 0, &txn.txn);

	*ret_is_job = false;
	if (code) {
		fail_all(first, end, code);
		return false;
	}
	for (struct lmdb_job *job = first; job != end; job = job->next) {
		job->err->code = WEIR_E_NONE;
		job->is_ok = run_job(env, job, &txn);
		if (!job->is_ok) {
			*ret_is_job = true;
			give_up(&txn);
			return false;
		}
	}
	code = finish(&txn);
	if (code)
		fail_all(first, end, code);
	return code == 0;
}

/* true: something became durable. */
static bool run_group(struct weir_lmdb *env, struct lmdb_job *first)
{
	bool any = false, is_job;

	if (run_together(env, first, NULL, &is_job))
		return true;
	if (!is_job || !first->next)
		return false;
	for (struct lmdb_job *job = first; job; job = job->next)
		any |= run_together(env, job, job->next, &is_job);
	return any;
}

static void *run_committer(void *arg)
{
	struct weir_lmdb *env = arg;

	pthread_mutex_lock(&env->lock);
	for (;;) {
		while (!env->first && !env->stops)
			pthread_cond_wait(&env->work, &env->lock);
		struct lmdb_job *group = env->first;
		if (!group)
			break;
		env->first = NULL;
		env->last = &env->first;
		pthread_mutex_unlock(&env->lock);
		bool any = run_group(env, group);
		pthread_mutex_lock(&env->lock);
		for (struct lmdb_job *job = group, *next; job; job = next) {
			next = job->next; /* the job is its owner's stack: gone once done is seen */
			job->is_done = true;
		}
		pthread_cond_broadcast(&env->done);
		if (any && env->committed) {
			pthread_mutex_unlock(&env->lock);
			env->committed(env->committed_ctx);
			pthread_mutex_lock(&env->lock);
		}
	}
	pthread_mutex_unlock(&env->lock);
	return NULL;
}

bool lmdb_committer_start(struct weir_lmdb *env, struct weir_err *err)
{
	sigset_t all, old;

	sigfillset(&all); /* signals belong to the program's own threads */
	pthread_sigmask(SIG_SETMASK, &all, &old);
	int code = pthread_create(&env->committer, NULL, run_committer, env);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (code)
		return weir_err_set_errno(err, WEIR_E_INTERNAL, code, "The committer's thread cannot be started");
	env->has_committer = true;
	return true;
}

void lmdb_committer_stop(struct weir_lmdb *env)
{
	if (!env->has_committer)
		return;
	pthread_mutex_lock(&env->lock);
	env->stops = true;
	pthread_cond_signal(&env->work);
	pthread_mutex_unlock(&env->lock);
	pthread_join(env->committer, NULL);
	env->has_committer = false;
}

static bool submit(struct weir_lmdb *env, struct lmdb_job *job)
{
	assert(!pthread_equal(pthread_self(), env->committer)); /* a body must not wait for itself */
	pthread_mutex_lock(&env->lock);
	*env->last = job;
	env->last = &job->next;
	pthread_cond_signal(&env->work);
	while (!job->is_done)
		pthread_cond_wait(&env->done, &env->lock);
	pthread_mutex_unlock(&env->lock);
	return job->is_ok;
}

bool weir_lmdb_add(struct weir_lmdb *env, size_t bytes, weir_lmdb_body *body, void *ctx, struct weir_err *err)
{
	struct weir_err ignored = { 0 };
	struct lmdb_job job = { .body = body, .ctx = ctx, .adds_bytes = bytes, .err = err ? err : &ignored };

	if (env->read_only)
		return weir_err_set(err, WEIR_E_READ_ONLY, "The data folder is open for reading only");
	return submit(env, &job);
}

bool weir_lmdb_write(struct weir_lmdb *env, weir_lmdb_body *body, void *ctx, struct weir_err *err)
{
	return weir_lmdb_add(env, 0, body, ctx, err);
}
