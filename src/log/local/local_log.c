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

#define FORMAT_VERSION 1

static bool local_health(struct weir_log *log, struct weir_err *ret_reason)
{
	return true;
}

static void local_close(struct weir_log *log)
{
	struct local_log *self = (struct local_log *)log;

	if (self->has_maintainer) {
		__atomic_store_n(&self->is_closing, true, __ATOMIC_RELEASE);
		pthread_join(self->maintainer, NULL);
	}
	weir_lmdb_close(self->env);
	if (self->lock_fd >= 0)
		close(self->lock_fd);
	pthread_mutex_destroy(&self->lock);
	pthread_cond_destroy(&self->committed);
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
	.health = local_health,
};

/* One server a folder; tools may come and go beside it. */
static bool take_lock(struct local_log *self, const struct weir_local_options *options, struct weir_err *err)
{
	char path[4096];

	if (options->is_tool || options->read_only)
		return true;
	snprintf(path, sizeof path, "%s/server.lock", options->path);
	self->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0660);
	if (self->lock_fd < 0)
		return weir_err_set_errno(err, WEIR_E_IO, errno, "Cannot open %s", path);
	if (flock(self->lock_fd, LOCK_EX | LOCK_NB) == 0)
		return true;
	weir_err_set(err, WEIR_E_DATA_FOLDER_LOCKED, "Another weir works on the data folder %s", options->path);
	return weir_err_advise(err, "Stop it, or talk to it: weir sql --server URL.");
}

static bool check_version_body(void *ctx, struct weir_lmdb_txn *txn, struct weir_err *err)
{
	static const struct weir_slice key = WEIR_SLICE("format version");
	uint32_t version = FORMAT_VERSION;
	struct weir_slice value;
	bool found;

	if (!weir_lmdb_get(txn, TABLE_META, key, &value, &found, err))
		return false;
	if (!found)
		return weir_lmdb_put(txn, TABLE_META, key, weir_slice_make(&version, sizeof version), err);
	if (value.len == sizeof version && memcmp(value.ptr, &version, sizeof version) == 0)
		return true;
	return weir_err_set(err, WEIR_E_LOG_CORRUPT, "The data folder was written by another version of weir");
}

bool weir_log_open_local(const struct weir_local_options *options, struct weir_log **ret, struct weir_err *err)
{
	static const char *const tables[TABLE_COUNT] = { "meta", "topics", "batches", "ends", "progress", "state" };
	struct local_log *self = weir_alloc_zero(sizeof *self);
	struct weir_lmdb_options lmdb = {
		.path = options->path,
		.read_only = options->read_only,
		.max_bytes = options->max_bytes,
		.tables = tables,
		.table_count = TABLE_COUNT,
	};

	self->log.vtable = &vtable;
	self->clock = options->clock;
	self->lock_fd = -1;
	pthread_mutex_init(&self->lock, NULL);
	pthread_cond_init(&self->committed, NULL);
	bool ok = weir_lmdb_open(&lmdb, &self->env, err) && take_lock(self, options, err) &&
		  (options->read_only || weir_lmdb_write(self->env, check_version_body, NULL, err));
	if (ok && !options->read_only && !options->is_tool)
		self->has_maintainer = pthread_create(&self->maintainer, NULL, local_maintain_loop, self) == 0;
	if (!ok) {
		local_close(&self->log);
		return false;
	}
	*ret = &self->log;
	return true;
}
