/* The embedded log: opening and closing it, and its table of functions.
 *
 * One LMDB environment holds topics, batches of records, progress and state, so a commit is one transaction and there is no
 * recovery to write.
 */
#include "log/local/local_int.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

static bool local_health(struct weir_log *log, struct weir_err *ret_reason)
{
	return true;
}

static void local_close(struct weir_log *log)
{
	struct local_log *self = (struct local_log *)log;

	local_maintainer_stop(self);
	local_snapshots_fini(&self->snapshots);
	weir_lmdb_close(self->env);
	local_wake_close(&self->wake);
	if (self->lock_fd >= 0)
		close(self->lock_fd);
	free(self->path);
	free(self);
}

static const struct weir_log_vtable vtable = {
	.backend = "embedded",
	.close = local_close,
	.topic_create = local_topic_create,
	.topic_describe = local_topic_describe,
	.topic_delete = local_topic_delete,
	.topic_configure = local_topic_configure,
	.topic_list = local_topic_list,
	.watermarks = local_watermarks,
	.reader_open = local_reader_open,
	.reader_close = local_reader_close,
	.assign = local_assign,
	.unassign = local_unassign,
	.pause = local_pause,
	.poll = local_poll,
	.wake = local_wake,
	.writer_open = local_writer_open,
	.writer_close = local_writer_close,
	.append = local_append,
	.progress = local_progress,
	.state = local_state,
	.commit = local_commit,
	.abort = local_abort,
	.read_progress = local_read_progress,
	.forget = local_forget,
	.state_open = local_state_open,
	.partition_stat = local_partition_stat,
	.writer_set = local_writer_set,
	.health = local_health,
};

/* One server a folder; tools may come and go beside it. */
static bool take_lock(struct local_log *self, struct weir_err *err)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/server.lock", self->path);
	self->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0660);
	if (self->lock_fd < 0)
		return weir_err_set_errno(err, WEIR_E_IO, errno, "Cannot open %s", path);
	if (flock(self->lock_fd, LOCK_EX | LOCK_NB) == 0)
		return true;
	weir_err_set(err, WEIR_E_DATA_FOLDER_LOCKED, "Another weir works on the data folder %s", self->path);
	return weir_err_advise(err, "Stop it, or talk to it: weir sql --server URL.");
}

/* ---- The meta table ---- */

static const struct weir_slice version_key = WEIR_SLICE("format version"), limit_key = WEIR_SLICE("max bytes");

static bool check_version(struct weir_lmdb_txn *txn, bool *ret_is_new, struct weir_err *err)
{
	struct weir_slice value;
	uint32_t version = 0;
	bool found;

	if (!weir_lmdb_get(txn, TABLE_META, version_key, &value, &found, err))
		return false;
	*ret_is_new = !found;
	if (found && value.len == sizeof version)
		memcpy(&version, value.ptr, sizeof version);
	if (!found || version == LOCAL_FORMAT_VERSION)
		return true;
	weir_err_set(
		err, WEIR_E_LOG_CORRUPT, "The data folder has format %u, this weir reads format %u", version, LOCAL_FORMAT_VERSION);
	return weir_err_advise(err, "Use the version of weir that wrote it, or begin with another folder.");
}

/* The size limit is the server's setting; tools beside it keep to it as well. */
static bool put_meta_body(void *ctx, struct weir_lmdb_txn *txn, struct weir_err *err)
{
	const struct weir_local_options *options = ctx;
	uint32_t version = LOCAL_FORMAT_VERSION;
	bool is_new;

	if (!check_version(txn, &is_new, err))
		return false;
	if (is_new && !weir_lmdb_put(txn, TABLE_META, version_key, weir_slice_make(&version, sizeof version), err))
		return false;
	return options->is_tool ||
	       weir_lmdb_put(txn, TABLE_META, limit_key, weir_slice_make(&options->max_bytes, sizeof options->max_bytes), err);
}

/* *ret_is_complete: nothing has to be written. */
static bool read_meta(struct local_log *self, const struct weir_local_options *options, uint64_t *ret_limit, bool *ret_is_complete,
	struct weir_err *err)
{
	struct weir_lmdb_txn *txn;
	struct weir_slice value;
	bool is_new, found = false;

	if (!weir_lmdb_read_begin(self->env, &txn, err))
		return false;
	bool ok = check_version(txn, &is_new, err) && weir_lmdb_get(txn, TABLE_META, limit_key, &value, &found, err);
	*ret_limit = 0;
	if (ok && found && value.len == sizeof *ret_limit)
		memcpy(ret_limit, value.ptr, sizeof *ret_limit);
	*ret_is_complete = ok && !is_new && (options->is_tool || *ret_limit == options->max_bytes);
	weir_lmdb_read_end(txn);
	return ok;
}

static bool settle_meta(struct local_log *self, const struct weir_local_options *options, struct weir_err *err)
{
	uint64_t limit;
	bool is_complete;

	if (!read_meta(self, options, &limit, &is_complete, err))
		return false;
	if (options->read_only)
		return true;
	if (options->is_tool && limit)
		weir_lmdb_limit(self->env, limit);
	return is_complete || weir_lmdb_write(self->env, put_meta_body, (void *)options, err);
}

/* ---- Opening ---- */

static void tell_readers(void *ctx)
{
	local_wake_all(&((struct local_log *)ctx)->wake);
}

static bool open_parts(struct local_log *self, const struct weir_local_options *options, struct weir_err *err)
{
	static const char *const tables[TABLE_COUNT] = { "meta", "topics", "batches", "ends", "progress", "state" };
	struct weir_lmdb_options lmdb = {
		.path = options->path,
		.read_only = options->read_only,
		.max_bytes = options->max_bytes,
		.tables = tables,
		.table_count = TABLE_COUNT,
		.committed = tell_readers,
		.committed_ctx = self,
	};
	bool is_server = !options->read_only && !options->is_tool;

	if (!weir_lmdb_check_folder(&lmdb, err) || (is_server && !take_lock(self, err)))
		return false;
	local_wake_open(&self->wake, options->path, options->read_only);
	return weir_lmdb_open(&lmdb, &self->env, err) && local_snapshots_init(&self->snapshots, self->env, err) &&
	       settle_meta(self, options, err) && (!is_server || local_maintainer_start(self, err));
}

bool weir_log_open_local(const struct weir_local_options *options, struct weir_log **ret, struct weir_err *err)
{
	struct local_log *self = weir_alloc_zero(sizeof *self);

	self->log.vtable = &vtable;
	self->clock = options->clock;
	self->lock_fd = -1;
	self->path = weir_strdup(options->path);
	self->is_tool = options->is_tool;
	self->maintenance_interval_ms = options->maintenance_interval_ms ? options->maintenance_interval_ms : 5000;
	self->wake.counter = &self->wake.own;
	if (!open_parts(self, options, err)) {
		local_close(&self->log);
		return false;
	}
	*ret = &self->log;
	return true;
}
