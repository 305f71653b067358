/* Questions to the embedded registry. */
#include "registry/embedded_int.h"

#include <stdio.h>
#include <stdlib.h>

static struct weir_schema_text copy_text(struct weir_arena *arena, const struct weir_schema_text *schema)
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

void weir_embedded_describe(struct weir_arena *arena, const struct weir_index_subject *subject,
	const struct weir_index_version *version, struct weir_registered_schema *ret)
{
	*ret = (struct weir_registered_schema){ .id = version->schema->id,
		.version = version->version,
		.subject = weir_arena_copy(arena, subject->name),
		.schema = copy_text(arena, &version->schema->schema) };
}

static void lock(struct weir_embedded_call *call)
{
	pthread_mutex_lock(&call->registry->lock);
}

static bool unlock(struct weir_embedded_call *call, bool result)
{
	pthread_mutex_unlock(&call->registry->lock);
	return result;
}

static bool fail_id(struct weir_embedded_call *call, int32_t id)
{
	return weir_registry_fail(call->failure, call->arena, 404, 40403, "Schema %d not found", id);
}

bool weir_embedded_by_id(struct weir_embedded_call *call, int32_t id, struct weir_registered_schema *ret)
{
	lock(call);
	const struct weir_index_schema *schema = weir_index_find_id(&call->registry->index, id);
	if (!schema)
		return unlock(call, fail_id(call, id));
	*ret = (struct weir_registered_schema){ .id = id, .schema = copy_text(call->arena, &schema->schema) };
	return unlock(call, true);
}

static const struct weir_index_version *find_version(const struct weir_index_subject *subject, int32_t number, bool with_deleted)
{
	const struct weir_index_version *version = NULL;

	if (number == -1 && with_deleted)
		version = subject->count ? &subject->items[subject->count - 1] : NULL;
	else
		version = number == -1 ? weir_index_latest(subject) : weir_index_find_version(subject, number);
	return version && (with_deleted || !version->is_deleted) ? version : NULL;
}

/* The subject, if it has versions that count. */
static const struct weir_index_subject *find_subject(struct weir_embedded_call *call, struct weir_slice name, bool with_deleted)
{
	const struct weir_index_subject *subject = weir_index_find_subject(&call->registry->index, name);
	bool is_there = subject && (with_deleted ? subject->count > 0 : weir_index_has_live(subject));

	if (!is_there)
		weir_registry_fail_subject(call->failure, call->arena, name);
	return is_there ? subject : NULL;
}

bool weir_embedded_by_version(struct weir_embedded_call *call, struct weir_slice name, int32_t number, bool with_deleted,
	struct weir_registered_schema *ret)
{
	lock(call);
	const struct weir_index_subject *subject = find_subject(call, name, with_deleted);
	if (!subject)
		return unlock(call, false);
	const struct weir_index_version *version = find_version(subject, number, with_deleted);
	if (!version)
		return unlock(call, weir_registry_fail(call->failure, call->arena, 404, 40402, "Version %d not found.", number));
	weir_embedded_describe(call->arena, subject, version, ret);
	return unlock(call, true);
}

static const struct weir_index_version *find_same(
	const struct weir_index_subject *subject, const struct weir_schema_text *schema, bool with_deleted)
{
	uint8_t md5[16];

	weir_schema_md5(schema, md5);
	for (size_t i = subject->count; i > 0; i--) {
		const struct weir_index_version *version = &subject->items[i - 1];
		if ((with_deleted || !version->is_deleted) && version->schema->schema.kind == schema->kind &&
			memcmp(version->schema->md5, md5, 16) == 0)
			return version;
	}
	return NULL;
}

bool weir_embedded_lookup(struct weir_embedded_call *call, struct weir_slice name, const struct weir_schema_text *schema,
	bool with_deleted, struct weir_registered_schema *ret)
{
	struct weir_schema_text text;

	lock(call);
	const struct weir_index_subject *subject = find_subject(call, name, with_deleted);
	if (!subject || !weir_embedded_normalise(call, schema, &text))
		return unlock(call, false);
	const struct weir_index_version *version = find_same(subject, &text, with_deleted);
	if (!version)
		return unlock(call, weir_registry_fail(call->failure, call->arena, 404, 40403, "Schema not found"));
	weir_embedded_describe(call->arena, subject, version, ret);
	return unlock(call, true);
}

bool weir_embedded_versions(struct weir_embedded_call *call, struct weir_slice name, bool with_deleted, bool deleted_only,
	int32_t **ret_versions, size_t *ret_count)
{
	lock(call);
	const struct weir_index_subject *subject = find_subject(call, name, with_deleted || deleted_only);
	if (!subject)
		return unlock(call, false);
	int32_t *versions = WEIR_ARENA_ARRAY(call->arena, int32_t, subject->count);
	size_t count = 0;
	for (size_t i = 0; i < subject->count; i++)
		if (deleted_only ? subject->items[i].is_deleted : with_deleted || !subject->items[i].is_deleted)
			versions[count++] = subject->items[i].version;
	*ret_versions = versions;
	*ret_count = count;
	return unlock(call, true);
}

static int compare_slices(const void *a, const void *b)
{
	return weir_slice_compare(*(const struct weir_slice *)a, *(const struct weir_slice *)b);
}

void weir_embedded_subjects(struct weir_embedded_call *call, struct weir_slice prefix, bool with_deleted, bool deleted_only,
	struct weir_slice **ret_subjects, size_t *ret_count)
{
	const struct weir_map *subjects = &call->registry->index.subjects;
	size_t count = 0;

	lock(call); /* before the count is read */
	struct weir_slice *names = WEIR_ARENA_ARRAY(call->arena, struct weir_slice, subjects->count + 1);
	for (struct weir_map_entry *entry = NULL; (entry = weir_map_next(subjects, entry));) {
		const struct weir_index_subject *subject = entry->value;
		bool is_live = weir_index_has_live(subject);
		bool is_wanted = subject->count > 0 && (deleted_only ? !is_live : with_deleted || is_live);
		if (is_wanted && weir_slice_starts_with(subject->name, prefix))
			names[count++] = weir_arena_copy(call->arena, subject->name);
	}
	unlock(call, true);
	qsort(names, count, sizeof *names, compare_slices);
	*ret_subjects = names;
	*ret_count = count;
}

static int compare_places(const void *a, const void *b)
{
	const struct weir_subject_version *x = a, *y = b;
	int order = weir_slice_compare(x->subject, y->subject);

	return order ? order : (x->version > y->version) - (x->version < y->version);
}

struct places {
	struct weir_subject_version *items;
	size_t count, capacity;
};

bool weir_embedded_places_of_id(
	struct weir_embedded_call *call, int32_t id, bool with_deleted, struct weir_subject_version **ret, size_t *ret_count)
{
	struct places places = { 0 };

	lock(call);
	if (!weir_index_find_id(&call->registry->index, id))
		return unlock(call, fail_id(call, id));
	for (struct weir_map_entry *entry = NULL; (entry = weir_map_next(&call->registry->index.subjects, entry));) {
		const struct weir_index_subject *subject = entry->value;
		for (size_t i = 0; i < subject->count; i++) {
			if (subject->items[i].schema->id != id || (subject->items[i].is_deleted && !with_deleted))
				continue;
			struct weir_subject_version place = { weir_arena_copy(call->arena, subject->name),
				subject->items[i].version };
			WEIR_VEC_PUSH_IN(call->arena, &places, place);
		}
	}
	unlock(call, true);
	if (places.count)
		qsort(places.items, places.count, sizeof *places.items, compare_places);
	*ret = places.items;
	*ret_count = places.count;
	return true;
}

static bool refers_to(const struct weir_schema_text *schema, struct weir_slice subject, int32_t version)
{
	for (size_t i = 0; i < schema->reference_count; i++)
		if (schema->references[i].version == version && weir_slice_equals(schema->references[i].subject, subject))
			return true;
	return false;
}

bool weir_embedded_is_referenced(const struct weir_index *index, struct weir_slice name, int32_t version)
{
	for (struct weir_map_entry *entry = NULL; (entry = weir_map_next(&index->subjects, entry));) {
		const struct weir_index_subject *subject = entry->value;
		for (size_t i = 0; i < subject->count; i++)
			if (!subject->items[i].is_deleted && refers_to(&subject->items[i].schema->schema, name, version))
				return true;
	}
	return false;
}

struct ids {
	int32_t *items;
	size_t count, capacity;
};

bool weir_embedded_referenced_by(
	struct weir_embedded_call *call, struct weir_slice name, int32_t number, int32_t **ret_ids, size_t *ret_count)
{
	struct ids ids = { 0 };
	struct weir_registered_schema ignored;

	if (!weir_embedded_by_version(call, name, number, false, &ignored))
		return false;
	lock(call);
	for (struct weir_map_entry *entry = NULL; (entry = weir_map_next(&call->registry->index.subjects, entry));) {
		const struct weir_index_subject *subject = entry->value;
		for (size_t i = 0; i < subject->count; i++)
			if (!subject->items[i].is_deleted && refers_to(&subject->items[i].schema->schema, name, ignored.version))
				WEIR_VEC_PUSH_IN(call->arena, &ids, subject->items[i].schema->id);
	}
	*ret_ids = ids.items;
	*ret_count = ids.count;
	return unlock(call, true);
}

bool weir_embedded_by_guid(struct weir_embedded_call *call, struct weir_slice guid, struct weir_registered_schema *ret)
{
	lock(call);
	for (struct weir_map_entry *entry = NULL; (entry = weir_map_next(&call->registry->index.by_id, entry));) {
		const struct weir_index_schema *schema = entry->value;
		if (!schema->uses || !weir_slice_equals_nocase(weir_schema_guid(call->arena, &schema->schema), guid))
			continue;
		*ret = (struct weir_registered_schema){ .id = schema->id, .schema = copy_text(call->arena, &schema->schema) };
		return unlock(call, true);
	}
	return unlock(
		call, weir_registry_fail(call->failure, call->arena, 404, 40403, "Schema %.*s not found", WEIR_SLICE_ARG(guid)));
}

struct weir_slice weir_schema_guid(struct weir_arena *arena, const struct weir_schema_text *schema)
{
	uint8_t m[16];

	weir_schema_md5(schema, m);
	return weir_arena_printf(arena, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", m[0], m[1], m[2],
		m[3], m[4], m[5], m[6], m[7], m[8], m[9], m[10], m[11], m[12], m[13], m[14], m[15]);
}

int32_t weir_embedded_max_id(struct weir_embedded_call *call)
{
	lock(call);
	int32_t max_id = call->registry->index.max_id;
	unlock(call, true);
	return max_id;
}

enum weir_compat_level weir_embedded_level(struct weir_embedded_call *call, struct weir_slice name, bool or_global)
{
	lock(call);
	const struct weir_index *index = &call->registry->index;
	const struct weir_index_subject *subject = weir_index_find_subject(index, name);
	enum weir_compat_level level = subject ? subject->level : WEIR_COMPAT_UNSET;
	if (!level && (or_global || name.len == 0))
		level = weir_index_level(index, (struct weir_slice){ 0 });
	unlock(call, true);
	return level;
}

enum weir_registry_mode weir_embedded_mode(struct weir_embedded_call *call, struct weir_slice name, bool or_global)
{
	lock(call);
	const struct weir_index *index = &call->registry->index;
	const struct weir_index_subject *subject = weir_index_find_subject(index, name);
	enum weir_registry_mode mode = subject ? subject->mode : WEIR_MODE_UNSET;
	if (!mode && (or_global || name.len == 0))
		mode = weir_index_mode(index, (struct weir_slice){ 0 });
	unlock(call, true);
	return mode;
}

static bool check_locked(struct weir_embedded_call *call, struct weir_slice name, int32_t number,
	const struct weir_schema_text *schema, struct weir_compat_messages *messages, bool *ret_is_compatible)
{
	const struct weir_index *index = &call->registry->index;
	const struct weir_index_subject *subject = weir_index_find_subject(index, name);
	enum weir_compat_level level = weir_index_level(index, name);
	struct weir_schema_text text;

	if (!weir_embedded_normalise(call, schema, &text))
		return false;
	if (number == 0 || (number == -1 && !weir_index_has_live(subject))) {
		*ret_is_compatible = weir_compat_check_subject(call, subject, &text, level, messages);
		return true;
	}
	const struct weir_index_version *version = subject ? find_version(subject, number, false) : NULL;
	if (!version)
		return weir_registry_fail(call->failure, call->arena, 404, 40402, "Version %d not found.", number);
	*ret_is_compatible = weir_compat_check_version(call, version, &text, level, messages);
	return true;
}

bool weir_embedded_check(struct weir_embedded_call *call, struct weir_slice name, int32_t number,
	const struct weir_schema_text *schema, bool *ret_is_compatible, struct weir_slice **ret_messages, size_t *ret_count)
{
	struct weir_compat_messages messages = { 0 };

	lock(call);
	bool ok = check_locked(call, name, number, schema, &messages, ret_is_compatible);
	unlock(call, true);
	*ret_messages = messages.items;
	*ret_count = messages.count;
	return ok;
}
