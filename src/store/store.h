/* Keyed state of one task: byte keys to byte values, a bounded write-back cache over a backing that the log backend provides.
 *
 * Holds: reads see the task's own writes at once; others see what the last commit wrote. Keys and values are opaque bytes: rows are
 * packed by types/pack.h. Point access hashes; ordered access (ranges, windows, sessions) merges the dirty part with the backing.
 * Thread: the task's worker, except where said.
 */
#pragma once

#include "base/arena.h"
#include "base/backing.h"
#include "base/err.h"

struct weir_store;

/* Owns the backing from now on (NULL: memory only, nothing below). cache_bytes bounds clean entries; dirty ones may exceed it until
 * the next commit, see weir_store_is_full(). `is_ordered`: keeps dirty keys sorted for seek. */
bool weir_store_new(
	struct weir_store_backing *backing, size_t cache_bytes, bool is_ordered, struct weir_store **ret, struct weir_err *err);
void weir_store_free(struct weir_store *store);

/* *ret_value points into the cache: valid until the next call on this store. */
bool weir_store_get(
	struct weir_store *store, struct weir_slice key, struct weir_slice *ret_value, bool *ret_found, struct weir_err *err);
/* Copies. The key becomes dirty and goes out with the next commit. */
bool weir_store_put(struct weir_store *store, struct weir_slice key, struct weir_slice value, struct weir_err *err);
bool weir_store_delete(struct weir_store *store, struct weir_slice key, struct weir_err *err);
/* In key order over cache and backing together; only on ordered stores. Pointers as with get. */
bool weir_store_seek(struct weir_store *store, struct weir_slice from, bool after, struct weir_slice *ret_key,
	struct weir_slice *ret_value, bool *ret_found, struct weir_err *err);

/* Dirty entries in the order of first change, for the commit. Stop early by returning false. */
bool weir_store_each_dirty(struct weir_store *store,
	bool (*visit)(void *ctx, struct weir_slice key, struct weir_slice value, bool is_delete, struct weir_err *err), void *ctx,
	struct weir_err *err);
/* The commit is durable: dirty entries become clean (and evictable); call after it. */
void weir_store_committed(struct weir_store *store);
/* The commit was aborted: dirty entries are dropped, reads see the committed state again. */
void weir_store_aborted(struct weir_store *store);
/* More dirty bytes than the cache's bound: commit before going on. */
bool weir_store_is_full(const struct weir_store *store);
size_t weir_store_bytes(const struct weir_store *store);
size_t weir_store_count_hint(const struct weir_store *store);
