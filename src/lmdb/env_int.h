/* Inside lmdb/: the environment and its transactions. */
#pragma once

#include "lmdb/env.h"

#include <lmdb.h>
#include <pthread.h>

struct lmdb_job; /* committer.c */

struct weir_lmdb {
	MDB_env *env;
	MDB_dbi tables[WEIR_LMDB_MAX_TABLES];
	size_t table_count;
	uint64_t max_bytes;
	bool read_only;
	void (*committed)(void *ctx);
	void *committed_ctx;

	/* The committer */
	pthread_t committer;
	bool has_committer;
	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t work, done;
	struct lmdb_job *first, **last;
	bool stops;
};

struct weir_lmdb_txn {
	struct weir_lmdb *env;
	MDB_txn *txn;
	MDB_cursor *cursors[WEIR_LMDB_MAX_TABLES];
	bool is_active, is_write;
};

/* env.c: LMDB's code as weir's error; returns false. */
bool lmdb_fail(struct weir_err *err, int code, const char *what);
/* committer.c */
bool lmdb_committer_start(struct weir_lmdb *env, struct weir_err *err);
void lmdb_committer_stop(struct weir_lmdb *env);
/* check.c: before the file is opened, its two heads and its length. */
bool lmdb_check_heads(const char *path, struct weir_err *err);
/* limit.c: true when `bytes` more fit under the size limit. Thread: the committer. */
bool lmdb_has_room(struct weir_lmdb *env, uint64_t bytes);
/* The part of the limit that only removals may use. */
uint64_t lmdb_reserve_bytes(uint64_t max_bytes);
