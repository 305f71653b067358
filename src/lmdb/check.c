/* Walks the pages of a data file and says whether they can be a B-tree of LMDB's.
 *
 * LMDB trusts its file: a page with garbage in it makes it read past the map or stop the program. So the pages are looked at before
 * they are used: at opening as many as the budget allows (which is all, but for large files), completely on demand. Contents are
 * not looked at: batches of records have their own checksums.
 *
 * The layout is that of LMDB 0.9 on 64-bit little-endian machines (data version 1). A read transaction holds the pages still while
 * other processes write.
 */
#include "lmdb/env_int.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE_HEAD_BYTES 16
#define NODE_HEAD_BYTES 8
#define META_MAGIC      0xbeefc0de
#define META_VERSION    1
#define NO_PAGE         UINT64_MAX
#define DEEPEST         32

enum { PAGE_BRANCH = 1, PAGE_LEAF = 2, PAGE_OVERFLOW = 4, NODE_BIG = 1, NODE_TABLE = 2, TABLE_INTEGER_KEY = 8 };

struct table_head {          /* MDB_db */
	uint32_t page_bytes; /* of the free table: the file's page size */
	uint16_t flags, depth;
	uint64_t branch_pages, leaf_pages, overflow_pages, entries, root;
};

struct meta_head { /* MDB_meta */
	uint32_t magic, version;
	uint64_t address, map_bytes;
	struct table_head free_table, main_table;
	uint64_t last_page, transaction;
};

struct page_head {
	uint64_t number;
	uint16_t pad, flags, lower, upper;
};

struct node_head {
	uint16_t low, high, flags, key_bytes;
};

struct walk {
	const char *map;
	size_t page_bytes;
	uint64_t page_count, budget;
	uint64_t file_pages; /* may be fewer: free pages at the end were perhaps never written */
	unsigned char *used; /* a bit per page */
	bool is_cut;         /* the budget was used up */
	const char *why;
};

static bool wrong(struct walk *walk, const char *why)
{
	if (!walk->why)
		walk->why = why;
	return false;
}

static bool claim(struct walk *walk, uint64_t page, uint64_t count)
{
	if (page < 2 || page >= walk->page_count || count > walk->page_count - page)
		return wrong(walk, "a page's number is beyond the file");
	for (uint64_t i = page; i < page + count; i++) {
		if (walk->used[i / 8] & (1 << i % 8))
			return wrong(walk, "a page is used twice");
		walk->used[i / 8] |= (unsigned char)(1 << i % 8);
	}
	return true;
}

/* A page that is read, so it must be in the file. */
static bool claim_written(struct walk *walk, uint64_t page, uint64_t count)
{
	if (!claim(walk, page, count))
		return false;
	return page + count <= walk->file_pages || wrong(walk, "it is cut off");
}

static const char *page_at(const struct walk *walk, uint64_t page)
{
	return walk->map + page * walk->page_bytes;
}

static bool spend(struct walk *walk)
{
	if (walk->budget == 0) {
		walk->is_cut = true;
		return false;
	}
	walk->budget--;
	return true;
}

/* ---- Values outside their page ---- */

/* A value that was replaced by a shorter one keeps its pages, so there may be more than it needs. */
static bool check_overflow(struct walk *walk, uint64_t page, size_t value_bytes)
{
	uint64_t needed = (PAGE_HEAD_BYTES - 1 + value_bytes) / walk->page_bytes + 1;
	struct page_head head;
	uint32_t stored;

	if (!claim_written(walk, page, needed))
		return false;
	if (!spend(walk))
		return true;
	memcpy(&head, page_at(walk, page), sizeof head);
	memcpy(&stored, &head.lower, sizeof stored); /* lower and upper together are the number of pages */
	if (head.number != page || !(head.flags & PAGE_OVERFLOW) || stored < needed)
		return wrong(walk, "a value's first page is damaged");
	return stored == needed || claim_written(walk, page + needed, stored - needed);
}

/* The free table's values: how many, then page numbers in descending order. */
static bool check_free_list(struct walk *walk, const char *list, size_t bytes)
{
	uint64_t count, previous = NO_PAGE;

	if (bytes < 8)
		return wrong(walk, "a list of free pages is damaged");
	memcpy(&count, list, 8);
	if (count > bytes / 8 - 1)
		return wrong(walk, "a list of free pages is damaged");
	for (uint64_t i = 0; i < count; i++) {
		uint64_t page;
		memcpy(&page, list + 8 + 8 * i, 8);
		if (page >= previous || !claim(walk, page, 1))
			return wrong(walk, "a list of free pages is damaged");
		previous = page;
	}
	return true;
}

/* ---- Trees ---- */

struct tree {
	const struct table_head *table;
	bool is_main, is_free;
};

static bool check_tree(struct walk *walk, const struct table_head *table, bool is_main, bool is_free);

static bool check_table_value(struct walk *walk, const char *data, size_t bytes)
{
	struct table_head table;

	if (bytes != sizeof table)
		return wrong(walk, "a table's head is damaged");
	memcpy(&table, data, sizeof table);
	return check_tree(walk, &table, false, false);
}

static bool check_value(struct walk *walk, const struct tree *tree, const struct node_head *node, const char *data, size_t room)
{
	size_t bytes = node->low | (size_t)node->high << 16;
	uint64_t page;

	if (node->flags & ~(NODE_BIG | NODE_TABLE))
		return wrong(walk, "an entry's flags are impossible");
	if ((node->flags & NODE_BIG ? 8 : bytes) > room)
		return wrong(walk, "an entry is longer than its page");
	if (tree->is_main != !!(node->flags & NODE_TABLE))
		return wrong(walk, "a table is not where it should be");
	if (tree->is_main)
		return check_table_value(walk, data, bytes);
	if (!(node->flags & NODE_BIG))
		return !tree->is_free || check_free_list(walk, data, bytes);
	memcpy(&page, data, sizeof page);
	return check_overflow(walk, page, bytes) &&
	       (!tree->is_free || check_free_list(walk, page_at(walk, page) + PAGE_HEAD_BYTES, bytes));
}

static int compare_keys(const struct tree *tree, struct weir_slice a, struct weir_slice b)
{
	uint64_t x, y;

	if (!tree->is_free || a.len != 8 || b.len != 8)
		return weir_slice_compare(a, b);
	memcpy(&x, a.ptr, 8);
	memcpy(&y, b.ptr, 8);
	return (x > y) - (x < y);
}

static bool check_page(struct walk *walk, const struct tree *tree, uint64_t number, int level);

static bool check_child(struct walk *walk, const struct tree *tree, const struct node_head *node, int level)
{
	uint64_t child = node->low | (uint64_t)node->high << 16 | (uint64_t)node->flags << 32;

	return check_page(walk, tree, child, level + 1);
}

/* keys: in order; a branch's first one stands for everything below the second. */
static bool check_node(struct walk *walk, const struct tree *tree, const char *page, const struct page_head *head, unsigned i,
	int level, struct weir_slice *previous)
{
	struct node_head node;
	uint16_t at;

	memcpy(&at, page + PAGE_HEAD_BYTES + 2 * i, sizeof at);
	if (at < head->upper || (at & 1) || at + (size_t)NODE_HEAD_BYTES > walk->page_bytes)
		return wrong(walk, "an entry lies outside its page");
	memcpy(&node, page + at, sizeof node);
	size_t room = walk->page_bytes - at - NODE_HEAD_BYTES;
	bool is_branch = head->flags & PAGE_BRANCH;
	if (node.key_bytes > room || node.key_bytes > WEIR_LMDB_MAX_KEY_BYTES || (node.key_bytes == 0 && !(is_branch && i == 0)) ||
		(tree->is_free && node.key_bytes != 8 && !(is_branch && i == 0)))
		return wrong(walk, "a key's length is impossible");
	struct weir_slice key = weir_slice_make(page + at + NODE_HEAD_BYTES, node.key_bytes);
	if (i > (is_branch ? 1u : 0u) && compare_keys(tree, *previous, key) >= 0)
		return wrong(walk, "keys are out of order");
	*previous = key;
	if (is_branch)
		return check_child(walk, tree, &node, level);
	return check_value(walk, tree, &node, key.ptr + key.len, room - node.key_bytes);
}

static bool check_page(struct walk *walk, const struct tree *tree, uint64_t number, int level)
{
	struct weir_slice previous = { 0 };
	struct page_head head;

	if (!claim_written(walk, number, 1))
		return false;
	if (!spend(walk))
		return true;
	const char *page = page_at(walk, number);
	memcpy(&head, page, sizeof head);
	unsigned kind = level == tree->table->depth ? PAGE_LEAF : PAGE_BRANCH;
	if (head.number != number || head.flags != kind)
		return wrong(walk, "a page is not what it should be");
	if (head.lower < PAGE_HEAD_BYTES || (head.lower & 1) || head.lower > head.upper || head.upper > walk->page_bytes)
		return wrong(walk, "a page's bounds are impossible");
	unsigned count = (unsigned)(head.lower - PAGE_HEAD_BYTES) / 2;
	if (count < (kind == PAGE_BRANCH && !tree->is_free ? 2u : 1u))
		return wrong(walk, "a page is empty");
	for (unsigned i = 0; i < count; i++)
		if (!check_node(walk, tree, page, &head, i, level, &previous))
			return false;
	return true;
}

static bool check_tree(struct walk *walk, const struct table_head *table, bool is_main, bool is_free)
{
	struct tree tree = { .table = table, .is_main = is_main, .is_free = is_free };

	if (table->flags != (is_free ? TABLE_INTEGER_KEY : 0) || table->depth > DEEPEST)
		return wrong(walk, "a table's head is damaged");
	if (table->root == NO_PAGE)
		return (table->depth == 0 && table->entries == 0) || wrong(walk, "a table's head is damaged");
	return table->depth >= 1 ? check_page(walk, &tree, table->root, 1) : wrong(walk, "a table's head is damaged");
}

/* ---- The file ---- */

static bool tell(struct weir_err *err, const char *path, const char *why)
{
	weir_err_set(err, WEIR_E_LOG_CORRUPT, "%s/data.mdb is damaged: %s", path, why);
	return weir_err_advise(err, "Restore it from a backup, or begin with another folder.");
}

static bool is_meta(const struct meta_head *meta)
{
	uint32_t page_bytes = meta->free_table.page_bytes;

	return meta->magic == META_MAGIC && meta->version == META_VERSION && page_bytes >= 512 && page_bytes <= 65536 &&
	       (page_bytes & (page_bytes - 1)) == 0 && meta->last_page < UINT64_MAX / 65536 - 1;
}

/* Both heads; LMDB works with the younger one. */
static bool read_metas(int fd, struct meta_head metas[2])
{
	if (pread(fd, &metas[0], sizeof metas[0], PAGE_HEAD_BYTES) != sizeof metas[0] || !is_meta(&metas[0]))
		return false;
	off_t second = (off_t)metas[0].free_table.page_bytes + PAGE_HEAD_BYTES;
	return pread(fd, &metas[1], sizeof metas[1], second) == sizeof metas[1] && is_meta(&metas[1]) &&
	       metas[1].free_table.page_bytes == metas[0].free_table.page_bytes;
}

bool lmdb_check_heads(const char *path, struct weir_err *err)
{
	struct meta_head metas[2];
	struct stat found;
	char name[4096];

	snprintf(name, sizeof name, "%s/data.mdb", path);
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return true; /* new, or mdb_env_open() says why not */
	bool ok = fstat(fd, &found) == 0 && (found.st_size == 0 || read_metas(fd, metas));
	close(fd);
	return ok || tell(err, path, "its head is not one of weir's");
}

static bool check_snapshot(struct walk *walk, const struct meta_head *meta)
{
	return check_tree(walk, &meta->free_table, false, true) && check_tree(walk, &meta->main_table, true, false);
}

static bool walk_file(int fd, uint64_t transaction, struct walk *walk)
{
	struct meta_head metas[2];
	struct stat found;

	if (fstat(fd, &found) != 0 || !read_metas(fd, metas))
		return wrong(walk, "its head is not one of weir's");
	const struct meta_head *meta = &metas[metas[1].transaction == transaction];
	if (meta->transaction != transaction) {
		walk->is_cut = true; /* others have committed twice since: they work with it */
		return true;
	}
	walk->page_bytes = meta->free_table.page_bytes;
	walk->page_count = meta->last_page + 1;
	walk->file_pages = (uint64_t)found.st_size / walk->page_bytes;
	if (walk->file_pages < walk->page_count)
		walk->budget = UINT64_MAX; /* perhaps cut off: reading behind the end would end the program */
	size_t bytes = (size_t)found.st_size;
	void *map = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED) {
		walk->is_cut = true;
		return true;
	}
	walk->map = map;
	walk->used = weir_alloc_zero(walk->page_count / 8 + 1);
	bool ok = check_snapshot(walk, meta);
	free(walk->used);
	munmap(map, bytes);
	return ok;
}

bool weir_lmdb_check(struct weir_lmdb *env, uint64_t most_pages, bool *ret_is_complete, struct weir_err *err)
{
	struct walk walk = { .budget = most_pages };
	const char *path = "";
	MDB_txn *txn;
	int fd;
	int code = mdb_txn_begin(env->env, NULL, MDB_RDONLY, &txn);

	if (code)
		return lmdb_fail(err, code, "Cannot read the data folder");
	mdb_env_get_path(env->env, &path);
	mdb_env_get_fd(env->env, &fd);
	bool ok = walk_file(fd, mdb_txn_id(txn), &walk);
	mdb_txn_abort(txn);
	if (!ok)
		return tell(err, path, walk.why ? walk.why : "its pages do not fit together");
	*ret_is_complete = !walk.is_cut;
	return true;
}
