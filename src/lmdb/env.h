/* The one wrapper of LMDB: an environment of named tables, short read transactions, write transactions as functions.
 *
 * Holds:
 *  - the map is reserved once, as large as the address space or the given limit allows; the file grows only with its contents;
 *  - a read transaction pins old pages: it is renewed often and reset while its owner waits;
 *  - one writer at a time, over all processes; a write transaction is durable (fsync) when weir_lmdb_write() returns.
 * Threads: an environment: any. A read transaction: one at a time.
 */
#pragma once

#include "base/err.h"

struct weir_lmdb;
struct weir_lmdb_txn;

#define WEIR_LMDB_MAX_KEY_BYTES 511
#define WEIR_LMDB_MAX_TABLES    8

struct weir_lmdb_options {
	const char *path; /* folder; created */
	bool read_only;
	uint64_t max_bytes; /* 0: as much as the disk has */
	const char *const *tables;
	size_t table_count;
};

/* Errors: LOG_CORRUPT (not a data folder of this version), IO. Tables are numbered in the order given. */
bool weir_lmdb_open(const struct weir_lmdb_options *options, struct weir_lmdb **ret, struct weir_err *err);
void weir_lmdb_close(struct weir_lmdb *env); /* accepts NULL */
/* Grows with every committed write transaction, of any process. */
uint64_t weir_lmdb_generation(struct weir_lmdb *env);
uint64_t weir_lmdb_used_bytes(struct weir_lmdb *env);

bool weir_lmdb_read_begin(struct weir_lmdb *env, struct weir_lmdb_txn **ret, struct weir_err *err);
/* Lets the pages go; slices taken under it become invalid. */
void weir_lmdb_read_reset(struct weir_lmdb_txn *txn);
/* A fresh snapshot; resets first when need be. */
bool weir_lmdb_read_renew(struct weir_lmdb_txn *txn, struct weir_err *err);
void weir_lmdb_read_end(struct weir_lmdb_txn *txn); /* accepts NULL */

/* Runs `body` in a write transaction and commits when it returns true. Errors: DISK_FULL, LOG_IO, LOG_CORRUPT, body's. */
bool weir_lmdb_write(struct weir_lmdb *env, bool (*body)(void *ctx, struct weir_lmdb_txn *txn, struct weir_err *err), void *ctx,
	struct weir_err *err);

/* Values point into the map: valid as long as the transaction (and, when writing, until the next put). */
bool weir_lmdb_get(struct weir_lmdb_txn *txn, size_t table, struct weir_slice key, struct weir_slice *ret_value, bool *ret_found,
	struct weir_err *err);
/* The smallest key >= from (> from when `after`). */
bool weir_lmdb_seek(struct weir_lmdb_txn *txn, size_t table, struct weir_slice from, bool after, struct weir_slice *ret_key,
	struct weir_slice *ret_value, bool *ret_found, struct weir_err *err);
/* The greatest key <= from. */
bool weir_lmdb_seek_back(struct weir_lmdb_txn *txn, size_t table, struct weir_slice from, struct weir_slice *ret_key,
	struct weir_slice *ret_value, bool *ret_found, struct weir_err *err);
bool weir_lmdb_put(struct weir_lmdb_txn *txn, size_t table, struct weir_slice key, struct weir_slice value, struct weir_err *err);
/* Room for a value of that size, to be filled before the next call. */
bool weir_lmdb_reserve(
	struct weir_lmdb_txn *txn, size_t table, struct weir_slice key, size_t size, char **ret_memory, struct weir_err *err);
/* A key that is not there is fine. */
bool weir_lmdb_delete(struct weir_lmdb_txn *txn, size_t table, struct weir_slice key, struct weir_err *err);
