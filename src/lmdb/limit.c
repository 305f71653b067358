/* The size limit of a data folder.
 *
 * LMDB copies a page before it changes it, so even a removal needs free pages: data is refused while a reserve is left, which only
 * removals may use. The file never shrinks; room inside it (the list of free pages) counts as room.
 */
#include "lmdb/env_int.h"

#include <string.h>

#define LARGEST_RESERVE ((uint64_t)16 << 20)

uint64_t lmdb_reserve_bytes(uint64_t max_bytes)
{
	uint64_t part = max_bytes / 8;

	return part < LARGEST_RESERVE ? part : LARGEST_RESERVE;
}

/* LMDB's own table of free pages: per freeing transaction a list that begins with its length. It can only be walked by a read
 * transaction. */
static uint64_t free_pages(MDB_env *env)
{
	MDB_cursor *cursor;
	MDB_txn *txn;
	MDB_val key, list;
	uint64_t pages = 0;

	if (mdb_txn_begin(env, NULL, MDB_RDONLY, &txn) != 0)
		return 0;
	if (mdb_cursor_open(txn, 0, &cursor) == 0) {
		while (mdb_cursor_get(cursor, &key, &list, MDB_NEXT) == 0) {
			size_t count = 0;
			if (list.mv_size >= sizeof count)
				memcpy(&count, list.mv_data, sizeof count);
			pages += count;
		}
		mdb_cursor_close(cursor);
	}
	mdb_txn_abort(txn);
	return pages;
}

bool lmdb_has_room(struct weir_lmdb *env, uint64_t bytes)
{
	uint64_t wanted = bytes + bytes / 4 + 65536; /* pages are not filled to the last byte */

	if (env->max_bytes == 0)
		return true;
	uint64_t limit = env->max_bytes - lmdb_reserve_bytes(env->max_bytes);
	if (weir_lmdb_used_bytes(env) + wanted <= limit)
		return true;
	MDB_stat stat;
	return mdb_env_stat(env->env, &stat) == 0 &&
	       free_pages(env->env) * stat.ms_psize >= wanted + lmdb_reserve_bytes(env->max_bytes) / 2;
}

void weir_lmdb_limit(struct weir_lmdb *env, uint64_t max_bytes)
{
	uint64_t used = weir_lmdb_used_bytes(env), map_bytes = max_bytes;

	env->max_bytes = max_bytes;
	if (max_bytes == 0)
		return;
	if (map_bytes < used + lmdb_reserve_bytes(max_bytes)) /* lowered below what is there: removals must still work */
		map_bytes = used + lmdb_reserve_bytes(max_bytes);
	mdb_env_set_mapsize(env->env, map_bytes);
}
