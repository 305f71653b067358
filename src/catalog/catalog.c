/* Snapshots: three arrays of reference-counted entries. An edit copies the arrays and shares the entries. */
#include "catalog/catalog.h"

#include "base/memory.h"
#include "base/vec.h"

#include <assert.h>

/* One source or type with the memory it lives in. */
struct entry {
	unsigned refs;
	struct weir_arena arena;
	struct weir_source *source;   /* or */
	struct weir_type_entry *type; /* one of both */
};

struct weir_catalog {
	unsigned refs;
	WEIR_VEC(struct entry *) sources;
	WEIR_VEC(struct entry *) types;
	WEIR_VEC(struct weir_query *) queries;
};

#define ENTRY_ARENA_BYTES 1024
#define QUERY_ARENA_BYTES 4096

static struct entry *entry_new(void)
{
	struct entry *entry = weir_alloc_zero(sizeof *entry);

	entry->refs = 1;
	weir_arena_init(&entry->arena, ENTRY_ARENA_BYTES);
	return entry;
}

static struct entry *entry_ref(struct entry *entry)
{
	__atomic_add_fetch(&entry->refs, 1, __ATOMIC_RELAXED);
	return entry;
}

static void entry_unref(struct entry *entry)
{
	if (__atomic_sub_fetch(&entry->refs, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	weir_arena_fini(&entry->arena);
	free(entry);
}

struct weir_query *weir_query_new(void)
{
	struct weir_query *query = weir_alloc_zero(sizeof *query);

	query->refs = 1;
	weir_arena_init(&query->arena, QUERY_ARENA_BYTES);
	return query;
}

struct weir_query *weir_query_ref(struct weir_query *query)
{
	__atomic_add_fetch(&query->refs, 1, __ATOMIC_RELAXED);
	return query;
}

void weir_query_unref(struct weir_query *query)
{
	if (!query || __atomic_sub_fetch(&query->refs, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	weir_arena_fini(&query->arena);
	free(query);
}

struct weir_catalog *weir_catalog_new(void)
{
	struct weir_catalog *catalog = weir_alloc_zero(sizeof *catalog);

	catalog->refs = 1;
	return catalog;
}

const struct weir_catalog *weir_catalog_ref(const struct weir_catalog *catalog)
{
	__atomic_add_fetch(&((struct weir_catalog *)catalog)->refs, 1, __ATOMIC_RELAXED);
	return catalog;
}

void weir_catalog_unref(const struct weir_catalog *shared)
{
	struct weir_catalog *catalog = (struct weir_catalog *)shared;

	if (!catalog || __atomic_sub_fetch(&catalog->refs, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	for (size_t i = 0; i < catalog->sources.count; i++)
		entry_unref(catalog->sources.items[i]);
	for (size_t i = 0; i < catalog->types.count; i++)
		entry_unref(catalog->types.items[i]);
	for (size_t i = 0; i < catalog->queries.count; i++)
		weir_query_unref(catalog->queries.items[i]);
	WEIR_VEC_FREE(&catalog->sources);
	WEIR_VEC_FREE(&catalog->types);
	WEIR_VEC_FREE(&catalog->queries);
	free(catalog);
}

struct weir_catalog *weir_catalog_edit(const struct weir_catalog *catalog)
{
	struct weir_catalog *edit = weir_catalog_new();

	for (size_t i = 0; i < catalog->sources.count; i++)
		WEIR_VEC_PUSH(&edit->sources, entry_ref(catalog->sources.items[i]));
	for (size_t i = 0; i < catalog->types.count; i++)
		WEIR_VEC_PUSH(&edit->types, entry_ref(catalog->types.items[i]));
	for (size_t i = 0; i < catalog->queries.count; i++)
		WEIR_VEC_PUSH(&edit->queries, weir_query_ref(catalog->queries.items[i]));
	return edit;
}

/* ---- Reading ---- */

#define NOT_FOUND ((size_t)-1)

static size_t find_source(const struct weir_catalog *catalog, struct weir_slice name)
{
	for (size_t i = 0; i < catalog->sources.count; i++)
		if (weir_slice_equals(catalog->sources.items[i]->source->name, name))
			return i;
	return NOT_FOUND;
}

static size_t find_type(const struct weir_catalog *catalog, struct weir_slice name)
{
	for (size_t i = 0; i < catalog->types.count; i++)
		if (weir_slice_equals(catalog->types.items[i]->type->name, name))
			return i;
	return NOT_FOUND;
}

static size_t find_query(const struct weir_catalog *catalog, struct weir_slice id)
{
	for (size_t i = 0; i < catalog->queries.count; i++)
		if (weir_slice_equals_nocase(catalog->queries.items[i]->id, id))
			return i;
	return NOT_FOUND;
}

const struct weir_source *weir_catalog_source(const struct weir_catalog *catalog, struct weir_slice name)
{
	return weir_catalog_source_at(catalog, find_source(catalog, name));
}

const struct weir_source *weir_catalog_source_at(const struct weir_catalog *catalog, size_t i)
{
	return i < catalog->sources.count ? catalog->sources.items[i]->source : NULL;
}

const struct weir_query *weir_catalog_query(const struct weir_catalog *catalog, struct weir_slice id)
{
	return weir_catalog_query_at(catalog, find_query(catalog, id));
}

const struct weir_query *weir_catalog_query_at(const struct weir_catalog *catalog, size_t i)
{
	return i < catalog->queries.count ? catalog->queries.items[i] : NULL;
}

const struct weir_type_entry *weir_catalog_type(const struct weir_catalog *catalog, struct weir_slice name)
{
	return weir_catalog_type_at(catalog, find_type(catalog, name));
}

const struct weir_type_entry *weir_catalog_type_at(const struct weir_catalog *catalog, size_t i)
{
	return i < catalog->types.count ? catalog->types.items[i]->type : NULL;
}

static bool reads(const struct weir_query *query, struct weir_slice name)
{
	for (size_t i = 0; i < query->source_count; i++)
		if (weir_slice_equals(query->source_names[i], name))
			return true;
	return false;
}

const struct weir_query *weir_catalog_next_reader(const struct weir_catalog *catalog, struct weir_slice name, size_t *position)
{
	while (*position < catalog->queries.count) {
		const struct weir_query *query = catalog->queries.items[(*position)++];

		if (query->kind != WEIR_QUERY_SOURCE_TABLE && reads(query, name))
			return query;
	}
	return NULL;
}

const struct weir_query *weir_catalog_next_writer(const struct weir_catalog *catalog, struct weir_slice name, size_t *position)
{
	while (*position < catalog->queries.count) {
		const struct weir_query *query = catalog->queries.items[(*position)++];

		if (query->kind != WEIR_QUERY_SOURCE_TABLE && weir_slice_equals(query->sink_name, name))
			return query;
	}
	return NULL;
}

const struct weir_query *weir_catalog_materializing_query(const struct weir_catalog *catalog, struct weir_slice table)
{
	for (size_t i = 0; i < catalog->queries.count; i++) {
		const struct weir_query *query = catalog->queries.items[i];

		if (query->kind != WEIR_QUERY_INSERT && weir_slice_equals(query->sink_name, table))
			return query;
	}
	return NULL;
}

const struct weir_source *weir_catalog_other_source_of_topic(
	const struct weir_catalog *catalog, struct weir_slice topic, struct weir_slice except)
{
	for (size_t i = 0; i < catalog->sources.count; i++) {
		const struct weir_source *source = catalog->sources.items[i]->source;

		if (weir_slice_equals(source->topic, topic) && !weir_slice_equals(source->name, except))
			return source;
	}
	return NULL;
}

/* ---- Building ---- */

void weir_catalog_put_source(struct weir_catalog *edit, const struct weir_source *source)
{
	struct entry *entry = entry_new();
	size_t at = find_source(edit, source->name);

	entry->source = weir_source_copy(&entry->arena, source);
	if (at == NOT_FOUND) {
		WEIR_VEC_PUSH(&edit->sources, entry);
		return;
	}
	entry_unref(edit->sources.items[at]);
	edit->sources.items[at] = entry;
}

void weir_catalog_put_type(struct weir_catalog *edit, struct weir_slice name, const struct weir_type *type)
{
	struct entry *entry = entry_new();
	size_t at = find_type(edit, name);

	entry->type = WEIR_ARENA_NEW(&entry->arena, struct weir_type_entry);
	entry->type->name = weir_arena_copy(&entry->arena, name);
	entry->type->type = weir_type_copy(&entry->arena, type);
	if (at == NOT_FOUND) {
		WEIR_VEC_PUSH(&edit->types, entry);
		return;
	}
	entry_unref(edit->types.items[at]);
	edit->types.items[at] = entry;
}

void weir_catalog_put_query(struct weir_catalog *edit, struct weir_query *query)
{
	size_t at = find_query(edit, query->id);

	weir_query_ref(query);
	if (at == NOT_FOUND) {
		WEIR_VEC_PUSH(&edit->queries, query);
		return;
	}
	weir_query_unref(edit->queries.items[at]);
	edit->queries.items[at] = query;
}

static void remove_pointer(void **items, size_t *count, size_t at)
{
	assert(at < *count);
	memmove(items + at, items + at + 1, (*count - at - 1) * sizeof *items);
	(*count)--;
}

bool weir_catalog_drop_source(struct weir_catalog *edit, struct weir_slice name)
{
	size_t at = find_source(edit, name);

	if (at == NOT_FOUND)
		return false;
	entry_unref(edit->sources.items[at]);
	remove_pointer((void **)edit->sources.items, &edit->sources.count, at);
	return true;
}

bool weir_catalog_drop_type(struct weir_catalog *edit, struct weir_slice name)
{
	size_t at = find_type(edit, name);

	if (at == NOT_FOUND)
		return false;
	entry_unref(edit->types.items[at]);
	remove_pointer((void **)edit->types.items, &edit->types.count, at);
	return true;
}

bool weir_catalog_drop_query(struct weir_catalog *edit, struct weir_slice id)
{
	size_t at = find_query(edit, id);

	if (at == NOT_FOUND)
		return false;
	weir_query_unref(edit->queries.items[at]);
	remove_pointer((void **)edit->queries.items, &edit->queries.count, at);
	return true;
}
