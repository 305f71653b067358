/* The write-back cache: a hash table of entries, each one block of memory holding key and value.
 *
 * Holds: dirty entries are linked in the order of their first change; clean ones in the order of use, and leave from that list's
 * tail when the cache is over its bound. A deleted key stays as a dirty tombstone until its commit. Ordered walks merge the backing
 * with an ordered list of the keys that it does not have yet: the dirty ones, or all when there is no backing. The list is made by
 * the first walk and given up when many keys come without another walk.
 */
#include "store/store.h"

#include "base/memory.h"
#include "store/order.h"

#include <assert.h>
#include <stdlib.h>

struct entry {
	uint64_t hash;
	struct entry *prev, *next; /* in the dirty list or the list of use */
	uint32_t key_len, value_len, value_capacity;
	bool is_dirty, is_deleted;
	char data[]; /* key, then value */
};

struct list {
	struct entry *head, *tail;
};

struct weir_store {
	struct weir_store_backing *backing;
	size_t cache_bytes;
	struct entry **slots;
	size_t slot_count, count;
	struct list dirty, clean;
	size_t bytes, dirty_bytes;
	struct weir_order order; /* of the entries that is_listed() tells, while has_order */
	size_t inserts_since_walk;
	bool has_order;
};

/* ---- Lists ---- */

static void list_append(struct list *list, struct entry *entry)
{
	entry->prev = list->tail;
	entry->next = NULL;
	if (list->tail)
		list->tail->next = entry;
	else
		list->head = entry;
	list->tail = entry;
}

static void list_remove(struct list *list, struct entry *entry)
{
	if (entry->prev)
		entry->prev->next = entry->next;
	else
		list->head = entry->next;
	if (entry->next)
		entry->next->prev = entry->prev;
	else
		list->tail = entry->prev;
}

/* ---- Entries ---- */

static size_t entry_bytes(const struct entry *entry)
{
	return sizeof *entry + entry->key_len + entry->value_capacity + 16;
}

static struct weir_slice key_of(const struct entry *entry)
{
	return weir_slice_make(entry->data, entry->key_len);
}

static struct weir_slice value_of(const struct entry *entry)
{
	return weir_slice_make(entry->data + entry->key_len, entry->value_len);
}

static size_t find_slot(const struct weir_store *store, struct weir_slice key, uint64_t hash)
{
	size_t mask = store->slot_count - 1;

	for (size_t slot = hash & mask;; slot = (slot + 1) & mask) {
		const struct entry *entry = store->slots[slot];
		if (!entry || (entry->hash == hash && weir_slice_equals(key_of(entry), key)))
			return slot;
	}
}

static struct entry *find(const struct weir_store *store, struct weir_slice key, uint64_t hash)
{
	return store->slots[find_slot(store, key, hash)];
}

static void grow(struct weir_store *store)
{
	struct entry **old = store->slots;
	size_t old_count = store->slot_count, mask;

	store->slot_count *= 2;
	mask = store->slot_count - 1;
	store->slots = weir_alloc_zero(store->slot_count * sizeof *store->slots);
	for (size_t i = 0; i < old_count; i++) {
		if (!old[i])
			continue;
		size_t slot = old[i]->hash & mask;
		while (store->slots[slot])
			slot = (slot + 1) & mask;
		store->slots[slot] = old[i];
	}
	free(old);
}

/* ---- Order ---- */

static bool is_listed(const struct weir_store *store, const struct entry *entry)
{
	return store->has_order && (entry->is_dirty || !store->backing);
}

static void give_up_order(struct weir_store *store)
{
	if (store->has_order)
		weir_order_fini(&store->order);
	store->has_order = false;
}

static void list_in_order(struct weir_store *store, struct entry *entry)
{
	if (!is_listed(store, entry))
		return;
	if (++store->inserts_since_walk > 2 * store->count + 4096)
		give_up_order(store);
	else
		weir_order_put(&store->order, key_of(entry), entry);
}

static void make_order(struct weir_store *store)
{
	store->inserts_since_walk = 0;
	if (store->has_order)
		return;
	weir_order_init(&store->order);
	store->has_order = true;
	for (struct entry *entry = store->dirty.head; entry; entry = entry->next)
		weir_order_put(&store->order, key_of(entry), entry);
	for (struct entry *entry = store->clean.head; entry && !store->backing; entry = entry->next)
		weir_order_put(&store->order, key_of(entry), entry);
}

/* ---- Changes of entries ---- */

/* Backward-shift deletion keeps probe sequences whole without tombstones. */
static void clear_slot(struct weir_store *store, size_t slot)
{
	size_t mask = store->slot_count - 1, hole = slot;

	for (size_t next = (slot + 1) & mask; store->slots[next]; next = (next + 1) & mask) {
		size_t home = store->slots[next]->hash & mask;
		if (((next - home) & mask) >= ((next - hole) & mask)) {
			store->slots[hole] = store->slots[next];
			hole = next;
		}
	}
	store->slots[hole] = NULL;
}

static void drop_entry(struct weir_store *store, struct entry *entry)
{
	if (is_listed(store, entry))
		weir_order_remove(&store->order, key_of(entry));
	clear_slot(store, find_slot(store, key_of(entry), entry->hash));
	list_remove(entry->is_dirty ? &store->dirty : &store->clean, entry);
	store->bytes -= entry_bytes(entry);
	if (entry->is_dirty)
		store->dirty_bytes -= entry_bytes(entry);
	store->count--;
	free(entry);
}

static struct entry *make_entry(struct weir_slice key, struct weir_slice value, uint64_t hash)
{
	size_t capacity = (value.len + 15) & ~(size_t)15;
	struct entry *entry = weir_alloc(sizeof *entry + key.len + capacity);

	*entry = (struct entry){
		.hash = hash,
		.key_len = (uint32_t)key.len,
		.value_len = (uint32_t)value.len,
		.value_capacity = (uint32_t)capacity,
	};
	if (key.len)
		memcpy(entry->data, key.ptr, key.len);
	if (value.len)
		memcpy(entry->data + key.len, value.ptr, value.len);
	return entry;
}

static struct entry *insert(struct weir_store *store, struct weir_slice key, struct weir_slice value, uint64_t hash, bool dirty)
{
	if (store->count * 4 >= store->slot_count * 3)
		grow(store);
	struct entry *entry = make_entry(key, value, hash);
	entry->is_dirty = dirty;
	store->slots[find_slot(store, key, hash)] = entry;
	list_append(dirty ? &store->dirty : &store->clean, entry);
	store->count++;
	store->bytes += entry_bytes(entry);
	if (dirty)
		store->dirty_bytes += entry_bytes(entry);
	list_in_order(store, entry);
	return entry;
}

static void mark_dirty(struct weir_store *store, struct entry *entry)
{
	if (entry->is_dirty)
		return;
	list_remove(&store->clean, entry);
	list_append(&store->dirty, entry);
	entry->is_dirty = true;
	store->dirty_bytes += entry_bytes(entry);
	if (store->backing)
		list_in_order(store, entry);
}

/* The same entry with room for a longer value, in the same places of slot and list. */
static struct entry *enlarge(struct weir_store *store, struct entry *old, struct weir_slice value)
{
	struct entry *entry = make_entry(key_of(old), value, old->hash);
	struct list *list = old->is_dirty ? &store->dirty : &store->clean;

	entry->is_dirty = old->is_dirty;
	store->slots[find_slot(store, key_of(old), old->hash)] = entry;
	entry->prev = old->prev;
	entry->next = old->next;
	*(entry->prev ? &entry->prev->next : &list->head) = entry;
	*(entry->next ? &entry->next->prev : &list->tail) = entry;
	store->bytes += entry_bytes(entry) - entry_bytes(old);
	if (entry->is_dirty)
		store->dirty_bytes += entry_bytes(entry) - entry_bytes(old);
	list_in_order(store, entry);
	free(old);
	return entry;
}

/* Clean entries leave, the longest unused first. Without a backing nothing may leave. */
static void evict(struct weir_store *store)
{
	while (store->backing && store->bytes > store->cache_bytes && store->clean.head)
		drop_entry(store, store->clean.head);
}

/* ---- Public ---- */

bool weir_store_new(
	struct weir_store_backing *backing, size_t cache_bytes, bool is_ordered, struct weir_store **ret, struct weir_err *err)
{
	struct weir_store *store = weir_alloc_zero(sizeof *store);

	store->backing = backing;
	store->cache_bytes = cache_bytes;
	store->slot_count = 64;
	store->slots = weir_alloc_zero(store->slot_count * sizeof *store->slots);
	*ret = store;
	return true;
}

void weir_store_free(struct weir_store *store)
{
	if (!store)
		return;
	for (size_t i = 0; i < store->slot_count; i++)
		free(store->slots[i]);
	free(store->slots);
	give_up_order(store);
	if (store->backing)
		store->backing->close(store->backing);
	free(store);
}

bool weir_store_get(
	struct weir_store *store, struct weir_slice key, struct weir_slice *ret_value, bool *ret_found, struct weir_err *err)
{
	uint64_t hash = weir_slice_hash(key);
	struct entry *entry = find(store, key, hash);

	if (entry) {
		*ret_found = !entry->is_deleted;
		*ret_value = value_of(entry);
		if (!entry->is_dirty && entry != store->clean.tail) {
			list_remove(&store->clean, entry);
			list_append(&store->clean, entry);
		}
		return true;
	}
	*ret_found = false;
	if (!store->backing)
		return true;
	if (!store->backing->get(store->backing, key, ret_value, ret_found, err))
		return false;
	if (*ret_found) {
		entry = insert(store, key, *ret_value, hash, false);
		*ret_value = value_of(entry);
		if (store->bytes > store->cache_bytes && store->clean.head != entry)
			evict(store);
	}
	return true;
}

bool weir_store_put(struct weir_store *store, struct weir_slice key, struct weir_slice value, struct weir_err *err)
{
	uint64_t hash = weir_slice_hash(key);
	struct entry *entry = find(store, key, hash);

	if (key.len > UINT32_MAX || value.len > UINT32_MAX)
		return weir_err_set(
			err, WEIR_E_VALUE_TOO_LARGE, "A row of %zu bytes is too large for a store", key.len + value.len);
	if (!entry) {
		insert(store, key, value, hash, true);
		return true;
	}
	mark_dirty(store, entry);
	if (value.len > entry->value_capacity) {
		entry = enlarge(store, entry, value);
	} else {
		if (value.len)
			memmove(entry->data + entry->key_len, value.ptr, value.len);
		entry->value_len = (uint32_t)value.len;
	}
	entry->is_deleted = false;
	return true;
}

bool weir_store_delete(struct weir_store *store, struct weir_slice key, struct weir_err *err)
{
	uint64_t hash = weir_slice_hash(key);
	struct entry *entry = find(store, key, hash);

	if (!entry)
		entry = insert(store, key, (struct weir_slice){ 0 }, hash, true);
	mark_dirty(store, entry);
	entry->is_deleted = true;
	return true;
}

/* ---- Ordered walks ---- */

static bool seek_backing(struct weir_store *store, struct weir_slice from, bool after, struct weir_slice *ret_key,
	struct weir_slice *ret_value, bool *ret_found, struct weir_err *err)
{
	*ret_found = false;
	return !store->backing || store->backing->seek(store->backing, from, after, ret_key, ret_value, ret_found, err);
}

bool weir_store_seek(struct weir_store *store, struct weir_slice from, bool after, struct weir_slice *ret_key,
	struct weir_slice *ret_value, bool *ret_found, struct weir_err *err)
{
	struct weir_slice key, value;
	bool found;

	make_order(store);
	for (;;) {
		const struct entry *entry = weir_order_seek(&store->order, from, after);
		if (!seek_backing(store, from, after, &key, &value, &found, err))
			return false;
		if (entry && (!found || weir_slice_compare(key_of(entry), key) <= 0)) {
			from = key_of(entry);
			after = true;
			if (entry->is_deleted)
				continue;
			*ret_key = key_of(entry);
			*ret_value = value_of(entry);
			*ret_found = true;
			return true;
		}
		*ret_found = found;
		*ret_key = key;
		*ret_value = value;
		return true;
	}
}

/* ---- Commit ---- */

bool weir_store_each_dirty(struct weir_store *store,
	bool (*visit)(void *ctx, struct weir_slice key, struct weir_slice value, bool is_delete, struct weir_err *err), void *ctx,
	struct weir_err *err)
{
	for (const struct entry *entry = store->dirty.head; entry; entry = entry->next)
		if (!visit(ctx, key_of(entry), value_of(entry), entry->is_deleted, err))
			return false;
	return true;
}

void weir_store_committed(struct weir_store *store)
{
	if (store->backing && store->has_order)
		weir_order_clear(&store->order);
	for (struct entry *entry = store->dirty.head, *next; entry; entry = next) {
		next = entry->next;
		if (entry->is_deleted) {
			drop_entry(store, entry);
			continue;
		}
		list_remove(&store->dirty, entry);
		list_append(&store->clean, entry);
		entry->is_dirty = false;
	}
	store->dirty_bytes = 0;
	evict(store);
}

void weir_store_aborted(struct weir_store *store)
{
	while (store->dirty.head)
		drop_entry(store, store->dirty.head);
	store->dirty_bytes = 0;
}

bool weir_store_is_full(const struct weir_store *store)
{
	return store->dirty_bytes > store->cache_bytes;
}

size_t weir_store_bytes(const struct weir_store *store)
{
	return store->bytes + store->slot_count * sizeof *store->slots;
}

size_t weir_store_count_hint(const struct weir_store *store)
{
	return store->count;
}
