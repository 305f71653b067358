/* The one wrapper of LMDB: an environment of named tables, short read transactions, write transactions as functions.
 *
 * Holds:
 *  - the map is reserved once, as large as the address space or the given limit allows; the file grows only with its contents;
 *  - a read transaction pins old pages: it is renewed often and reset while its owner waits;
 *  - one thread per environment writes (the committer): it puts everything that waits for it into one LMDB transaction with one
 *    fsync; what weir_lmdb_write() or weir_lmdb_add() was given is durable when it returns;
 *  - a body may be run twice (again alone, when another one of its group failed): it starts from its arguments each time;
 *  - when the size limit is reached, weir_lmdb_add() is refused while weir_lmdb_write() may still use the reserve, so that room can
 *    be made.
 * Threads: an environment: any. A read transaction: one at a time. Bodies run on the committer's thread.
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
	void (*committed)(void *ctx); /* after every durable transaction, on the committer's thread; may be NULL */
	void *committed_ctx;
};

/* Makes the folder when it may be written; open does it too. Errors: IO, NOT_FOUND. */
bool weir_lmdb_check_folder(const struct weir_lmdb_options *options, struct weir_err *err);
/* Errors: LOG_CORRUPT (not a data folder of this version), IO, NOT_FOUND (read only and not there). Tables are numbered in the
 * order given. */
bool weir_lmdb_open(const struct weir_lmdb_options *options, struct weir_lmdb **ret, struct weir_err *err);
void weir_lmdb_close(struct weir_lmdb *env); /* accepts NULL */
/* Grows with every committed write transaction, of any process. */
uint64_t weir_lmdb_generation(struct weir_lmdb *env);
uint64_t weir_lmdb_used_bytes(struct weir_lmdb *env);
/* Sets the size limit (0: none). Only while no transaction is open: right after weir_lmdb_open(). */
void weir_lmdb_limit(struct weir_lmdb *env, uint64_t max_bytes);
/* Walks the file's pages, at most that many: an error when they cannot be right. *ret_is_complete: all were looked at.
 * Errors: LOG_CORRUPT. */
bool weir_lmdb_check(struct weir_lmdb *env, uint64_t most_pages, bool *ret_is_complete, struct weir_err *err);
/* Frees the slots of readers whose process is gone, so that the pages they held can be used again; returns how many. */
int weir_lmdb_clean_readers(struct weir_lmdb *env);

bool weir_lmdb_read_begin(struct weir_lmdb *env, struct weir_lmdb_txn **ret, struct weir_err *err);
/* Lets the pages go; slices taken under it become invalid. */
void weir_lmdb_read_reset(struct weir_lmdb_txn *txn);
/* A fresh snapshot; resets first when need be. */
bool weir_lmdb_read_renew(struct weir_lmdb_txn *txn, struct weir_err *err);
void weir_lmdb_read_end(struct weir_lmdb_txn *txn); /* accepts NULL */

typedef bool weir_lmdb_body(void *ctx, struct weir_lmdb_txn *txn, struct weir_err *err);

/* Runs `body` in a write transaction and commits when it returns true. Errors: DISK_FULL, LOG_IO, LOG_CORRUPT, body's. */
bool weir_lmdb_write(struct weir_lmdb *env, weir_lmdb_body *body, void *ctx, struct weir_err *err);
/* The same for what adds about `bytes` of data: refused with DISK_FULL when they would go over the size limit. */
bool weir_lmdb_add(struct weir_lmdb *env, size_t bytes, weir_lmdb_body *body, void *ctx, struct weir_err *err);

/* Values point into the map: valid as long as the transaction (and, when writing, until the next put). */
bool weir_lmdb_get(struct weir_lmdb_txn *txn, size_t table, struct weir_slice key, struct weir_slice *ret_value, bool *ret_found,
	struct weir_err *err);
/* The smallest key >= from (> from when `after`). */
bool weir_lmdb_seek(struct weir_lmdb_txn *txn, size_t table, struct weir_slice from, bool after, struct weir_slice *ret_key,
	struct weir_slice *ret_value, bool *ret_found, struct weir_err *err);
/* The one after what the last seek, seek_back or next on that table found; it must have found something. */
bool weir_lmdb_next(struct weir_lmdb_txn *txn, size_t table, struct weir_slice *ret_key, struct weir_slice *ret_value,
	bool *ret_found, struct weir_err *err);
/* The greatest key <= from. */
bool weir_lmdb_seek_back(struct weir_lmdb_txn *txn, size_t table, struct weir_slice from, struct weir_slice *ret_key,
	struct weir_slice *ret_value, bool *ret_found, struct weir_err *err);
bool weir_lmdb_put(struct weir_lmdb_txn *txn, size_t table, struct weir_slice key, struct weir_slice value, struct weir_err *err);
/* Room for a value of that size, to be filled before the next call. */
bool weir_lmdb_reserve(
	struct weir_lmdb_txn *txn, size_t table, struct weir_slice key, size_t size, char **ret_memory, struct weir_err *err);
/* A key that is not there is fine. */
bool weir_lmdb_delete(struct weir_lmdb_txn *txn, size_t table, struct weir_slice key, struct weir_err *err);
