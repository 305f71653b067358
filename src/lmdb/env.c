/* LMDB behind weir's errors and slices. */
#include "lmdb/env_int.h"

#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#define CHECKED_PAGES 20000 /* looked at when opening: all of a small file, some 20 ms of a large one */
#define MAX_READERS   2048  /* one slot per open reader of any process, 64 bytes each in lock.mdb */

bool lmdb_fail(struct weir_err *err, int code, const char *what)
{
	if (code == ENOSPC || code == MDB_MAP_FULL || code == EDQUOT || code == EFBIG) {
		weir_err_set(err, WEIR_E_DISK_FULL, "%s: there is no room left (%s)", what, mdb_strerror(code));
		return weir_err_advise(err, "Make room on the disk, raise weir.data.max.bytes, or delete topics.");
	}
	if (code == MDB_CORRUPTED || code == MDB_PAGE_NOTFOUND || code == MDB_INVALID || code == MDB_VERSION_MISMATCH ||
		code == MDB_PANIC) {
		weir_err_set(err, WEIR_E_LOG_CORRUPT, "%s: the data folder is damaged or not one of weir's (%s)", what,
			mdb_strerror(code));
		return weir_err_advise(err, "Restore data.mdb from a backup, or begin with another folder.");
	}
	if (code == MDB_READERS_FULL) {
		weir_err_set(err, WEIR_E_LIMIT, "%s: too many readers at a time", what);
		return weir_err_advise(err, "End some of the programs that read the folder.");
	}
	return weir_err_set(err, WEIR_E_LOG_IO, "%s: %s", what, mdb_strerror(code));
}

static MDB_val to_val(struct weir_slice slice)
{
	return (MDB_val){ .mv_size = slice.len, .mv_data = (void *)(slice.ptr ? slice.ptr : "") };
}

static struct weir_slice from_val(MDB_val val)
{
	return weir_slice_make(val.mv_data, val.mv_size);
}

/* ---- Environment ---- */

static int open_env(struct weir_lmdb *self, const struct weir_lmdb_options *options, size_t map_bytes)
{
	int code = mdb_env_create(&self->env);

	if (!code)
		code = mdb_env_set_maxdbs(self->env, WEIR_LMDB_MAX_TABLES);
	if (!code)
		code = mdb_env_set_maxreaders(self->env, MAX_READERS);
	if (!code)
		code = mdb_env_set_mapsize(self->env, map_bytes);
	if (!code)
		code = mdb_env_open(self->env, options->path, MDB_NOTLS | (options->read_only ? MDB_RDONLY : 0), 0660);
	if (code && self->env) {
		mdb_env_close(self->env);
		self->env = NULL;
	}
	return code;
}

static int open_tables(struct weir_lmdb *self, const struct weir_lmdb_options *options)
{
	MDB_txn *txn;
	int code = mdb_txn_begin(self->env, NULL, options->read_only ? MDB_RDONLY : 0, &txn);

	for (size_t i = 0; !code && i < options->table_count; i++)
		code = mdb_dbi_open(txn, options->tables[i], options->read_only ? 0 : MDB_CREATE, &self->tables[i]);
	if (code) {
		mdb_txn_abort(txn);
		return code;
	}
	return mdb_txn_commit(txn);
}

static int open_map(struct weir_lmdb *self, const struct weir_lmdb_options *options)
{
	static const size_t sizes[] = { (size_t)1 << 40, (size_t)1 << 36, (size_t)1 << 33, (size_t)1 << 30 };
	int code = ENOMEM;

	for (size_t i = 0; code == ENOMEM && i < sizeof sizes / sizeof *sizes; i++)
		code = open_env(self, options, sizes[i]);
	return code;
}

bool weir_lmdb_check_folder(const struct weir_lmdb_options *options, struct weir_err *err)
{
	struct stat found;

	if (stat(options->path, &found) == 0) {
		if (S_ISDIR(found.st_mode))
			return true;
		return weir_err_set(err, WEIR_E_IO, "%s is not a folder, so it cannot be the data folder", options->path);
	}
	if (errno == ENOENT && options->read_only)
		return weir_err_set(err, WEIR_E_NOT_FOUND, "There is no data folder %s", options->path);
	if (errno == ENOENT && mkdir(options->path, 0770) == 0)
		return true;
	return weir_err_set_errno(err, WEIR_E_IO, errno, "Cannot make the data folder %s", options->path);
}

static bool open_checked(struct weir_lmdb *self, const struct weir_lmdb_options *options, struct weir_err *err)
{
	bool is_complete;

	if (!weir_lmdb_check_folder(options, err) || !lmdb_check_heads(options->path, err))
		return false;
	int code = open_map(self, options);
	if (code == EACCES || code == EROFS || code == EPERM)
		return weir_err_set_errno(err, WEIR_E_IO, code, "The data folder %s cannot be %s", options->path,
			options->read_only ? "read" : "written");
	if (code == ENOENT && options->read_only)
		return weir_err_set(err, WEIR_E_NOT_FOUND, "%s is not a data folder: it has no data.mdb", options->path);
	if (code)
		return lmdb_fail(err, code, options->path);
	if (!weir_lmdb_check(self, CHECKED_PAGES, &is_complete, err))
		return false;
	weir_lmdb_clean_readers(self);
	if (options->max_bytes)
		weir_lmdb_limit(self, options->max_bytes);
	code = open_tables(self, options);
	if (code == MDB_NOTFOUND)
		return weir_err_set(err, WEIR_E_LOG_CORRUPT, "%s is not a data folder of weir", options->path);
	return code == 0 || lmdb_fail(err, code, options->path);
}

bool weir_lmdb_open(const struct weir_lmdb_options *options, struct weir_lmdb **ret, struct weir_err *err)
{
	struct weir_lmdb *self = weir_alloc_zero(sizeof *self);

	self->table_count = options->table_count;
	self->read_only = options->read_only;
	self->committed = options->committed;
	self->committed_ctx = options->committed_ctx;
	self->last = &self->first;
	pthread_mutex_init(&self->lock, NULL);
	pthread_cond_init(&self->work, NULL);
	pthread_cond_init(&self->done, NULL);
	if (!open_checked(self, options, err) || (!self->read_only && !lmdb_committer_start(self, err))) {
		weir_lmdb_close(self);
		return false;
	}
	*ret = self;
	return true;
}

void weir_lmdb_close(struct weir_lmdb *self)
{
	if (!self)
		return;
	lmdb_committer_stop(self);
	if (self->env)
		mdb_env_close(self->env);
	pthread_mutex_destroy(&self->lock);
	pthread_cond_destroy(&self->work);
	pthread_cond_destroy(&self->done);
	free(self);
}

int weir_lmdb_clean_readers(struct weir_lmdb *self)
{
	int dead = 0;

	mdb_reader_check(self->env, &dead);
	return dead;
}

uint64_t weir_lmdb_generation(struct weir_lmdb *self)
{
	MDB_envinfo info;

	return mdb_env_info(self->env, &info) == 0 ? info.me_last_txnid : 0;
}

uint64_t weir_lmdb_used_bytes(struct weir_lmdb *self)
{
	MDB_envinfo info;
	MDB_stat stat;

	if (mdb_env_info(self->env, &info) != 0 || mdb_env_stat(self->env, &stat) != 0)
		return 0;
	return (uint64_t)(info.me_last_pgno + 1) * stat.ms_psize;
}

/* ---- Transactions ---- */

bool weir_lmdb_read_begin(struct weir_lmdb *env, struct weir_lmdb_txn **ret, struct weir_err *err)
{
	struct weir_lmdb_txn *txn = weir_alloc_zero(sizeof *txn);
	int code = mdb_txn_begin(env->env, NULL, MDB_RDONLY, &txn->txn);

	if (code) {
		free(txn);
		return lmdb_fail(err, code, "Cannot read the data folder");
	}
	txn->env = env;
	txn->is_active = true;
	*ret = txn;
	return true;
}

void weir_lmdb_read_reset(struct weir_lmdb_txn *txn)
{
	if (txn->is_active)
		mdb_txn_reset(txn->txn);
	txn->is_active = false;
}

bool weir_lmdb_read_renew(struct weir_lmdb_txn *txn, struct weir_err *err)
{
	weir_lmdb_read_reset(txn);
	int code = mdb_txn_renew(txn->txn);
	if (code)
		return lmdb_fail(err, code, "Cannot read the data folder");
	txn->is_active = true;
	for (size_t i = 0; i < txn->env->table_count; i++)
		if (txn->cursors[i] && (code = mdb_cursor_renew(txn->txn, txn->cursors[i])))
			return lmdb_fail(err, code, "Cannot read the data folder");
	return true;
}

void weir_lmdb_read_end(struct weir_lmdb_txn *txn)
{
	if (!txn)
		return;
	for (size_t i = 0; i < txn->env->table_count; i++)
		if (txn->cursors[i])
			mdb_cursor_close(txn->cursors[i]);
	mdb_txn_abort(txn->txn);
	free(txn);
}

/* ---- Access ---- */

static int cursor_of(struct weir_lmdb_txn *txn, size_t table, MDB_cursor **ret)
{
	int code = 0;

	if (!txn->cursors[table])
		code = mdb_cursor_open(txn->txn, txn->env->tables[table], &txn->cursors[table]);
	*ret = txn->cursors[table];
	return code;
}

bool weir_lmdb_get(struct weir_lmdb_txn *txn, size_t table, struct weir_slice key, struct weir_slice *ret_value, bool *ret_found,
	struct weir_err *err)
{
	MDB_val k = to_val(key), v = { 0 };
	int code = mdb_get(txn->txn, txn->env->tables[table], &k, &v);

	*ret_found = code == 0;
	if (code && code != MDB_NOTFOUND)
		return lmdb_fail(err, code, "Cannot read the data folder");
	if (*ret_found)
		*ret_value = from_val(v);
	return true;
}

static bool finish_seek(int code, MDB_val k, MDB_val v, struct weir_slice *ret_key, struct weir_slice *ret_value, bool *ret_found,
	struct weir_err *err)
{
	*ret_found = code == 0;
	if (code && code != MDB_NOTFOUND)
		return lmdb_fail(err, code, "Cannot read the data folder");
	if (*ret_found) {
		*ret_key = from_val(k);
		*ret_value = from_val(v);
	}
	return true;
}

bool weir_lmdb_seek(struct weir_lmdb_txn *txn, size_t table, struct weir_slice from, bool after, struct weir_slice *ret_key,
	struct weir_slice *ret_value, bool *ret_found, struct weir_err *err)
{
	MDB_val k = to_val(from), v = { 0 };
	MDB_cursor *cursor;
	int code = cursor_of(txn, table, &cursor);

	if (!code)
		code = mdb_cursor_get(cursor, &k, &v, from.len ? MDB_SET_RANGE : MDB_FIRST);
	if (!code && after && weir_slice_equals(from_val(k), from))
		code = mdb_cursor_get(cursor, &k, &v, MDB_NEXT);
	return finish_seek(code, k, v, ret_key, ret_value, ret_found, err);
}

bool weir_lmdb_next(struct weir_lmdb_txn *txn, size_t table, struct weir_slice *ret_key, struct weir_slice *ret_value,
	bool *ret_found, struct weir_err *err)
{
	MDB_val k = { 0 }, v = { 0 };
	MDB_cursor *cursor;
	int code = cursor_of(txn, table, &cursor);

	if (!code)
		code = mdb_cursor_get(cursor, &k, &v, MDB_NEXT);
	return finish_seek(code, k, v, ret_key, ret_value, ret_found, err);
}

bool weir_lmdb_seek_back(struct weir_lmdb_txn *txn, size_t table, struct weir_slice from, struct weir_slice *ret_key,
	struct weir_slice *ret_value, bool *ret_found, struct weir_err *err)
{
	MDB_val k = to_val(from), v = { 0 };
	MDB_cursor *cursor;
	int code = cursor_of(txn, table, &cursor);

	if (!code)
		code = mdb_cursor_get(cursor, &k, &v, MDB_SET_RANGE);
	if (code == MDB_NOTFOUND)
		code = mdb_cursor_get(cursor, &k, &v, MDB_LAST);
	else if (!code && !weir_slice_equals(from_val(k), from))
		code = mdb_cursor_get(cursor, &k, &v, MDB_PREV);
	return finish_seek(code, k, v, ret_key, ret_value, ret_found, err);
}

bool weir_lmdb_put(struct weir_lmdb_txn *txn, size_t table, struct weir_slice key, struct weir_slice value, struct weir_err *err)
{
	MDB_val k = to_val(key), v = to_val(value);
	int code = mdb_put(txn->txn, txn->env->tables[table], &k, &v, 0);

	return !code || lmdb_fail(err, code, "Cannot write to the data folder");
}

bool weir_lmdb_reserve(
	struct weir_lmdb_txn *txn, size_t table, struct weir_slice key, size_t size, char **ret_memory, struct weir_err *err)
{
	MDB_val k = to_val(key), v = { .mv_size = size };
	int code = mdb_put(txn->txn, txn->env->tables[table], &k, &v, MDB_RESERVE);

	if (code)
		return lmdb_fail(err, code, "Cannot write to the data folder");
	*ret_memory = v.mv_data;
	return true;
}

bool weir_lmdb_delete(struct weir_lmdb_txn *txn, size_t table, struct weir_slice key, struct weir_err *err)
{
	MDB_val k = to_val(key);
	int code = mdb_del(txn->txn, txn->env->tables[table], &k, NULL);

	return !code || code == MDB_NOTFOUND || lmdb_fail(err, code, "Cannot write to the data folder");
}
