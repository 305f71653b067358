/* See snapshot.h. */
#include "log/local/snapshot.h"

struct local_snapshot {
	struct local_snapshots *owner;
	struct weir_lmdb_txn *txn;
	bool is_active;
};

static void forget(struct local_snapshot *snapshot)
{
	weir_lmdb_read_end(snapshot->txn);
	free(snapshot);
}

/* A thread ends. */
static void thread_ends(void *arg)
{
	struct local_snapshot *snapshot = arg;
	struct local_snapshots *owner = snapshot->owner;

	pthread_mutex_lock(&owner->lock);
	for (size_t i = 0; i < owner->all.count; i++) {
		if (owner->all.items[i] == snapshot) {
			owner->all.items[i] = owner->all.items[--owner->all.count];
			break;
		}
	}
	pthread_mutex_unlock(&owner->lock);
	forget(snapshot);
}

bool local_snapshots_init(struct local_snapshots *snapshots, struct weir_lmdb *env, struct weir_err *err)
{
	*snapshots = (struct local_snapshots){ .env = env };
	int code = pthread_key_create(&snapshots->key, thread_ends);
	if (code) {
		snapshots->env = NULL;
		return weir_err_set_errno(err, WEIR_E_INTERNAL, code, "Too many logs are open in this process");
	}
	pthread_mutex_init(&snapshots->lock, NULL);
	return true;
}

void local_snapshots_fini(struct local_snapshots *snapshots)
{
	if (!snapshots->env)
		return;
	pthread_key_delete(snapshots->key);
	for (size_t i = 0; i < snapshots->idle.count; i++)
		weir_lmdb_read_end(snapshots->idle.items[i]);
	for (size_t i = 0; i < snapshots->all.count; i++)
		forget(snapshots->all.items[i]);
	WEIR_VEC_FREE(&snapshots->idle);
	WEIR_VEC_FREE(&snapshots->all);
	pthread_mutex_destroy(&snapshots->lock);
}

bool local_look_begin(struct local_snapshots *snapshots, struct weir_lmdb_txn **ret, struct weir_err *err)
{
	struct weir_lmdb_txn *txn = NULL;

	pthread_mutex_lock(&snapshots->lock);
	if (snapshots->idle.count)
		txn = snapshots->idle.items[--snapshots->idle.count];
	pthread_mutex_unlock(&snapshots->lock);
	if (!txn)
		return weir_lmdb_read_begin(snapshots->env, ret, err);
	if (!weir_lmdb_read_renew(txn, err)) {
		weir_lmdb_read_end(txn);
		return false;
	}
	*ret = txn;
	return true;
}

void local_look_end(struct local_snapshots *snapshots, struct weir_lmdb_txn *txn)
{
	weir_lmdb_read_reset(txn);
	pthread_mutex_lock(&snapshots->lock);
	WEIR_VEC_PUSH(&snapshots->idle, txn);
	pthread_mutex_unlock(&snapshots->lock);
}

static struct local_snapshot *new_snapshot(struct local_snapshots *snapshots, struct weir_err *err)
{
	struct weir_lmdb_txn *txn;

	if (!weir_lmdb_read_begin(snapshots->env, &txn, err))
		return NULL;
	struct local_snapshot *snapshot = weir_alloc_zero(sizeof *snapshot);
	*snapshot = (struct local_snapshot){ .owner = snapshots, .txn = txn, .is_active = true };
	pthread_setspecific(snapshots->key, snapshot);
	pthread_mutex_lock(&snapshots->lock);
	WEIR_VEC_PUSH(&snapshots->all, snapshot);
	pthread_mutex_unlock(&snapshots->lock);
	return snapshot;
}

bool local_snapshot_get(struct local_snapshots *snapshots, struct weir_lmdb_txn **ret, struct weir_err *err)
{
	struct local_snapshot *snapshot = pthread_getspecific(snapshots->key);

	if (!snapshot && !(snapshot = new_snapshot(snapshots, err)))
		return false;
	if (!snapshot->is_active && !weir_lmdb_read_renew(snapshot->txn, err))
		return false;
	snapshot->is_active = true;
	*ret = snapshot->txn;
	return true;
}

void local_snapshot_release(struct local_snapshots *snapshots)
{
	struct local_snapshot *snapshot = pthread_getspecific(snapshots->key);

	if (snapshot && snapshot->is_active) {
		weir_lmdb_read_reset(snapshot->txn);
		snapshot->is_active = false;
	}
}
