/* The registry's memory: applying changes, finding things. */
#include "registry/index.h"

#include "registry/md5.h"

#include <assert.h>
#include <stdio.h>

struct identity {
	char bytes[17];
};

void weir_index_init(struct weir_index *index)
{
	*index = (struct weir_index){ 0 };
	weir_arena_init(&index->arena, 4096);
	weir_map_init(&index->subjects);
	weir_map_init(&index->by_id);
	weir_map_init(&index->by_identity);
}

void weir_index_fini(struct weir_index *index)
{
	weir_map_fini(&index->subjects);
	weir_map_fini(&index->by_id);
	weir_map_fini(&index->by_identity);
	weir_arena_fini(&index->arena);
}

void weir_schema_md5(const struct weir_schema_text *schema, uint8_t ret_md5[16])
{
	struct weir_md5 md5;

	weir_md5_init(&md5);
	weir_md5_update(&md5, schema->text.ptr, schema->text.len);
	for (size_t i = 0; i < schema->reference_count; i++) {
		const struct weir_schema_reference *reference = &schema->references[i];
		uint32_t version = __builtin_bswap32((uint32_t)reference->version);
		weir_md5_update(&md5, reference->name.ptr, reference->name.len);
		weir_md5_update(&md5, reference->subject.ptr, reference->subject.len);
		weir_md5_update(&md5, &version, sizeof version);
	}
	weir_md5_finish(&md5, ret_md5);
}

static struct weir_slice identity_key(const uint8_t md5[16], enum weir_schema_kind kind, struct identity *storage)
{
	memcpy(storage->bytes, md5, 16);
	storage->bytes[16] = (char)kind;
	return weir_slice_make(storage->bytes, sizeof storage->bytes);
}

static struct weir_slice id_key(int32_t id, char storage[12])
{
	int len = snprintf(storage, 12, "%d", id);

	return weir_slice_make(storage, (size_t)len);
}

struct weir_index_subject *weir_index_find_subject(const struct weir_index *index, struct weir_slice name)
{
	return weir_map_get(&index->subjects, name);
}

static struct weir_index_schema *find_any_id(const struct weir_index *index, int32_t id)
{
	char storage[12];

	return weir_map_get(&index->by_id, id_key(id, storage));
}

const struct weir_index_schema *weir_index_find_id(const struct weir_index *index, int32_t id)
{
	const struct weir_index_schema *schema = find_any_id(index, id);

	return schema && schema->uses ? schema : NULL;
}

const struct weir_index_schema *weir_index_find_same(const struct weir_index *index, const struct weir_schema_text *schema)
{
	struct identity storage;
	uint8_t md5[16];

	weir_schema_md5(schema, md5);
	return weir_map_get(&index->by_identity, identity_key(md5, schema->kind, &storage));
}

struct weir_index_version *weir_index_find_version(const struct weir_index_subject *subject, int32_t version)
{
	for (size_t i = 0; subject && i < subject->count; i++)
		if (subject->items[i].version == version)
			return &subject->items[i];
	return NULL;
}

struct weir_index_version *weir_index_latest(const struct weir_index_subject *subject)
{
	for (size_t i = subject ? subject->count : 0; i > 0; i--)
		if (!subject->items[i - 1].is_deleted)
			return &subject->items[i - 1];
	return NULL;
}

bool weir_index_has_live(const struct weir_index_subject *subject)
{
	return weir_index_latest(subject) != NULL;
}

enum weir_compat_level weir_index_level(const struct weir_index *index, struct weir_slice name)
{
	const struct weir_index_subject *subject = weir_index_find_subject(index, name);

	if (subject && subject->level)
		return subject->level;
	return index->level ? index->level : WEIR_COMPAT_BACKWARD;
}

enum weir_registry_mode weir_index_mode(const struct weir_index *index, struct weir_slice name)
{
	const struct weir_index_subject *subject = weir_index_find_subject(index, name);

	if (index->mode == WEIR_MODE_READONLY_OVERRIDE)
		return index->mode;
	if (subject && subject->mode)
		return subject->mode;
	return index->mode ? index->mode : WEIR_MODE_READWRITE;
}

static struct weir_index_subject *subject_of(struct weir_index *index, struct weir_slice name)
{
	struct weir_index_subject *subject = weir_index_find_subject(index, name);

	if (subject)
		return subject;
	subject = WEIR_ARENA_NEW(&index->arena, struct weir_index_subject);
	subject->name = weir_arena_copy(&index->arena, name);
	weir_map_put(&index->subjects, subject->name, subject);
	return subject;
}

static struct weir_schema_text copy_schema(struct weir_arena *arena, const struct weir_schema_text *schema)
{
	struct weir_schema_reference *references =
		WEIR_ARENA_ARRAY(arena, struct weir_schema_reference, schema->reference_count + 1);

	for (size_t i = 0; i < schema->reference_count; i++)
		references[i] = (struct weir_schema_reference){
			.name = weir_arena_copy(arena, schema->references[i].name),
			.subject = weir_arena_copy(arena, schema->references[i].subject),
			.version = schema->references[i].version,
		};
	return (struct weir_schema_text){ .kind = schema->kind,
		.text = weir_arena_copy(arena, schema->text),
		.references = references,
		.reference_count = schema->reference_count };
}

/* The first text that comes with an id stays. */
static struct weir_index_schema *keep_schema(struct weir_index *index, int32_t id, const struct weir_schema_text *text)
{
	struct weir_index_schema *found = find_any_id(index, id);
	struct identity identity;
	char storage[12];

	if (found)
		return found;
	struct weir_index_schema *schema = WEIR_ARENA_NEW(&index->arena, struct weir_index_schema);
	schema->id = id;
	schema->schema = copy_schema(&index->arena, text);
	weir_schema_md5(text, schema->md5);
	weir_map_put(&index->by_id, id_key(id, storage), schema);
	struct weir_slice key = identity_key(schema->md5, text->kind, &identity);
	if (!weir_map_get(&index->by_identity, key))
		weir_map_put(&index->by_identity, key, schema);
	if (id > index->max_id)
		index->max_id = id;
	return schema;
}

static void insert_version(struct weir_index *index, struct weir_index_subject *subject, struct weir_index_version version)
{
	WEIR_VEC_PUSH_IN(&index->arena, subject, version);
	for (size_t i = subject->count - 1; i > 0 && subject->items[i - 1].version > version.version; i--) {
		subject->items[i] = subject->items[i - 1];
		subject->items[i - 1] = version;
	}
}

static void remove_version(struct weir_index_subject *subject, int32_t version)
{
	struct weir_index_version *found = weir_index_find_version(subject, version);

	if (!found)
		return;
	size_t at = (size_t)(found - subject->items);
	found->schema->uses--;
	memmove(found, found + 1, (subject->count - at - 1) * sizeof *found);
	subject->count--;
}

static void apply_schema(struct weir_index *index, const struct weir_change *change)
{
	struct weir_index_subject *subject = subject_of(index, change->subject);

	if (change->is_removal) {
		remove_version(subject, change->version);
		return;
	}
	struct weir_index_schema *schema = keep_schema(index, change->id, &change->schema);
	struct weir_index_version version = { .version = change->version, .is_deleted = change->is_deleted, .schema = schema };
	struct weir_index_version *found = weir_index_find_version(subject, change->version);
	schema->uses++;
	if (found) {
		found->schema->uses--;
		*found = version;
		return;
	}
	insert_version(index, subject, version);
}

static void soft_delete(struct weir_index_subject *subject, int32_t up_to)
{
	for (size_t i = 0; subject && i < subject->count; i++)
		if (subject->items[i].version <= up_to)
			subject->items[i].is_deleted = true;
}

static void clear_deleted(struct weir_index_subject *subject)
{
	for (size_t i = subject ? subject->count : 0; i > 0; i--)
		if (subject->items[i - 1].is_deleted)
			remove_version(subject, subject->items[i - 1].version);
}

void weir_index_apply(struct weir_index *index, const struct weir_change *change)
{
	switch (change->kind) {
	case WEIR_CHANGE_SCHEMA:
		apply_schema(index, change);
		break;
	case WEIR_CHANGE_CONFIG:
		*(change->subject.len ? &subject_of(index, change->subject)->level : &index->level) = change->level;
		break;
	case WEIR_CHANGE_MODE:
		*(change->subject.len ? &subject_of(index, change->subject)->mode : &index->mode) = change->mode;
		break;
	case WEIR_CHANGE_DELETE_SUBJECT:
		if (!change->is_removal)
			soft_delete(weir_index_find_subject(index, change->subject), change->version);
		break;
	case WEIR_CHANGE_CLEAR_SUBJECT:
		if (!change->is_removal)
			clear_deleted(weir_index_find_subject(index, change->subject));
		break;
	case WEIR_CHANGE_OTHER:
		break;
	}
}
