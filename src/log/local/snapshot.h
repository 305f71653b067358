/* Read transactions that are used again: short looks from any thread, and one snapshot per thread for keyed state.
 *
 * Holds: a look ends before its function returns; a thread's snapshot lasts until the thread's next poll or commit on this log, so
 * what a store's backing returned stays valid that long and no snapshot outlives a worker's round.
 */
#pragma once

#include "base/vec.h"
#include "lmdb/env.h"

#include <pthread.h>

struct local_snapshots {
	struct weir_lmdb *env;
	pthread_key_t key; /* this thread's struct snapshot * */
	pthread_mutex_t lock;
	WEIR_VEC(struct weir_lmdb_txn *) idle; /* for looks */
	WEIR_VEC(struct local_snapshot *) all; /* of all threads */
};

bool local_snapshots_init(struct local_snapshots *snapshots, struct weir_lmdb *env, struct weir_err *err);
void local_snapshots_fini(struct local_snapshots *snapshots); /* no thread uses them any more */

/* A fresh look; give it back with local_look_end(). */
bool local_look_begin(struct local_snapshots *snapshots, struct weir_lmdb_txn **ret, struct weir_err *err);
void local_look_end(struct local_snapshots *snapshots, struct weir_lmdb_txn *txn);

/* This thread's snapshot, taken now if it has none. */
bool local_snapshot_get(struct local_snapshots *snapshots, struct weir_lmdb_txn **ret, struct weir_err *err);
void local_snapshot_release(struct local_snapshots *snapshots);
