/* Changes of the embedded registry: decided under the lock, written to the log, then applied. */
#include "registry/embedded_int.h"

#include <assert.h>
#include <stdlib.h>

/* The changes of one call: written together, applied together. */
struct batch {
	struct weir_change *items;
	size_t count, capacity;
};

static bool write_batch(struct weir_embedded_call *call, const struct batch *batch)
{
	struct weir_embedded_registry *self = call->registry;
	struct weir_schema_record *records = WEIR_ARENA_ARRAY(call->arena, struct weir_schema_record, batch->count + 1);
	struct weir_buf key, value;
	struct weir_err err;

	for (size_t i = 0; i < batch->count; i++) {
		weir_buf_init(&key, WEIR_BUF_NO_LIMIT);
		weir_buf_init(&value, WEIR_BUF_NO_LIMIT);
		weir_change_encode(&batch->items[i], &key, &value);
		records[i] = (struct weir_schema_record){
			.key = weir_arena_copy(call->arena, weir_buf_slice(&key)),
			.value = weir_arena_copy(call->arena, weir_buf_slice(&value)),
			.value_is_null = batch->items[i].is_removal,
		};
		weir_buf_fini(&key);
		weir_buf_fini(&value);
	}
	if (!self->log->append(self->log, records, batch->count, &err))
		return weir_registry_fail(call->failure, call->arena, 500, 50001, "The schema cannot be stored: %s", err.text);
	for (size_t i = 0; i < batch->count; i++)
		weir_index_apply(&self->index, &batch->items[i]);
	return true;
}

static void add(struct weir_embedded_call *call, struct batch *batch, struct weir_change change)
{
	WEIR_VEC_PUSH_IN(call->arena, batch, change);
}

static bool fail(struct weir_embedded_call *call, int status, int code, const char *text)
{
	return weir_registry_fail(call->failure, call->arena, status, code, "%s", text);
}

static bool may_write(struct weir_embedded_call *call, struct weir_slice subject)
{
	enum weir_registry_mode mode = weir_index_mode(&call->registry->index, subject);

	if (mode == WEIR_MODE_READWRITE || mode == WEIR_MODE_IMPORT)
		return true;
	return weir_registry_fail(call->failure, call->arena, 422, 42205, "Subject '%.*s' is in mode %s and cannot be written",
		WEIR_SLICE_ARG(subject), weir_registry_mode_name(mode));
}

/* A chosen id and mode IMPORT belong together. */
static bool check_import(struct weir_embedded_call *call, const struct weir_register_request *request)
{
	bool imports = weir_index_mode(&call->registry->index, request->subject) == WEIR_MODE_IMPORT;

	if (imports == (request->id > 0))
		return true;
	return imports ? weir_registry_fail(call->failure, call->arena, 422, 42205,
				 "Subject '%.*s' is in mode IMPORT: the schema needs an id", WEIR_SLICE_ARG(request->subject))
		       : weir_registry_fail(call->failure, call->arena, 422, 42205,
				 "Subject '%.*s' is not in mode IMPORT: an id cannot be chosen", WEIR_SLICE_ARG(request->subject));
}

static bool is_same(const struct weir_index_version *version, const uint8_t md5[16], enum weir_schema_kind kind)
{
	return version->schema->schema.kind == kind && memcmp(version->schema->md5, md5, 16) == 0;
}

static struct weir_index_version *find_same(
	const struct weir_index_subject *subject, const struct weir_schema_text *schema, bool is_deleted)
{
	uint8_t md5[16];

	weir_schema_md5(schema, md5);
	for (size_t i = subject ? subject->count : 0; i > 0; i--)
		if (subject->items[i - 1].is_deleted == is_deleted && is_same(&subject->items[i - 1], md5, schema->kind))
			return &subject->items[i - 1];
	return NULL;
}

static bool check_compatible(
	struct weir_embedded_call *call, const struct weir_index_subject *subject, const struct weir_register_request *request)
{
	struct weir_compat_messages messages = { 0 };
	enum weir_compat_level level = weir_index_level(&call->registry->index, request->subject);
	struct weir_buf details;

	if (weir_compat_check_subject(call, subject, &request->schema, level, &messages))
		return true;
	weir_buf_init(&details, WEIR_BUF_NO_LIMIT);
	for (size_t i = 0; i < messages.count; i++) {
		weir_buf_append_text(&details, i ? ", " : "");
		weir_buf_append_slice(&details, messages.items[i]);
	}
	weir_registry_fail(call->failure, call->arena, 409, 40901,
		"Schema being registered is incompatible with an earlier schema for subject \"%.*s\", details: [%.*s]",
		WEIR_SLICE_ARG(request->subject), WEIR_SLICE_ARG(weir_buf_slice(&details)));
	weir_buf_fini(&details);
	return false;
}

static bool choose_id(struct weir_embedded_call *call, const struct weir_register_request *request, int32_t *ret_id)
{
	const struct weir_index *index = &call->registry->index;
	const struct weir_index_schema *same = weir_index_find_same(index, &request->schema);

	if (request->id == 0) {
		*ret_id = same ? same->id : index->max_id + 1;
		return true;
	}
	const struct weir_index_schema *taken = weir_index_find_id(index, request->id);
	uint8_t md5[16];
	weir_schema_md5(&request->schema, md5);
	if (taken && (taken->schema.kind != request->schema.kind || memcmp(taken->md5, md5, 16) != 0))
		return weir_registry_fail(
			call->failure, call->arena, 422, 42207, "Overwrite new schema with id %d is not permitted.", request->id);
	*ret_id = request->id;
	return true;
}

static int32_t next_version(const struct weir_index_subject *subject)
{
	return subject && subject->count ? subject->items[subject->count - 1].version + 1 : 1;
}

static bool register_locked(
	struct weir_embedded_call *call, struct weir_register_request *request, struct weir_registered_schema *ret)
{
	struct weir_index *index = &call->registry->index;
	struct batch batch = { 0 };
	int32_t id = 0;

	if (!may_write(call, request->subject) || !weir_embedded_normalise(call, &request->schema, &request->schema))
		return false;
	const struct weir_index_subject *subject = weir_index_find_subject(index, request->subject);
	const struct weir_index_version *same = find_same(subject, &request->schema, false);
	if (same && (request->id == 0 || request->id == same->schema->id)) {
		weir_embedded_describe(call->arena, subject, same, ret);
		return true;
	}
	if (!check_import(call, request) || (request->id == 0 && !check_compatible(call, subject, request)))
		return false;
	if (!choose_id(call, request, &id))
		return false;
	int32_t version = request->version > 0 ? request->version : next_version(subject);
	const struct weir_index_version *old = find_same(subject, &request->schema, true);
	add(call, &batch,
		(struct weir_change){ .kind = WEIR_CHANGE_SCHEMA,
			.subject = request->subject,
			.version = version,
			.id = id,
			.schema = request->schema });
	if (old && old->version != version)
		add(call, &batch,
			(struct weir_change){ .kind = WEIR_CHANGE_SCHEMA,
				.subject = request->subject,
				.version = old->version,
				.is_removal = true });
	if (!write_batch(call, &batch))
		return false;
	subject = weir_index_find_subject(index, request->subject);
	weir_embedded_describe(call->arena, subject, weir_index_find_version(subject, version), ret);
	return true;
}

bool weir_embedded_register(
	struct weir_embedded_call *call, const struct weir_register_request *request, struct weir_registered_schema *ret)
{
	struct weir_register_request copy = *request;

	if (request->subject.len == 0)
		return fail(call, 422, 42208, "The subject is empty");
	pthread_mutex_lock(&call->registry->lock);
	bool ok = register_locked(call, &copy, ret);
	pthread_mutex_unlock(&call->registry->lock);
	return ok;
}

static bool fail_referenced(struct weir_embedded_call *call, struct weir_slice subject, int32_t version)
{
	return weir_registry_fail(call->failure, call->arena, 422, 42206,
		"One or more references exist to the schema of subject '%.*s' version %d", WEIR_SLICE_ARG(subject), version);
}

static struct weir_change removal(const struct weir_index_subject *subject, const struct weir_index_version *version)
{
	return (struct weir_change){
		.kind = WEIR_CHANGE_SCHEMA, .subject = subject->name, .version = version->version, .is_removal = true
	};
}

/* Everything of a subject whose versions are all soft-deleted. */
static bool purge(struct weir_embedded_call *call, const struct weir_index_subject *subject)
{
	struct batch batch = { 0 };

	for (size_t i = subject->count; i > 0; i--)
		add(call, &batch, removal(subject, &subject->items[i - 1]));
	if (subject->level)
		add(call, &batch, (struct weir_change){ .kind = WEIR_CHANGE_CONFIG, .subject = subject->name, .is_removal = true });
	if (subject->mode)
		add(call, &batch, (struct weir_change){ .kind = WEIR_CHANGE_MODE, .subject = subject->name, .is_removal = true });
	return write_batch(call, &batch);
}

static bool delete_subject_locked(
	struct weir_embedded_call *call, struct weir_slice name, bool is_permanent, int32_t **ret_versions, size_t *ret_count)
{
	const struct weir_index *index = &call->registry->index;
	const struct weir_index_subject *subject = weir_index_find_subject(index, name);
	const struct weir_index_version *latest = weir_index_latest(subject);

	if (!subject || subject->count == 0)
		return weir_registry_fail_subject(call->failure, call->arena, name);
	if (!may_write(call, name))
		return false;
	if (!latest && !is_permanent)
		return weir_registry_fail(call->failure, call->arena, 404, 40404,
			"Subject '%.*s' was soft deleted.Set permanent=true to delete permanently", WEIR_SLICE_ARG(name));
	if (latest && is_permanent)
		return weir_registry_fail(call->failure, call->arena, 404, 40405,
			"Subject '%.*s' was not deleted first before being permanently deleted", WEIR_SLICE_ARG(name));
	int32_t *versions = WEIR_ARENA_ARRAY(call->arena, int32_t, subject->count);
	size_t count = 0;
	for (size_t i = 0; i < subject->count; i++) {
		if (subject->items[i].is_deleted != is_permanent)
			continue;
		if (weir_embedded_is_referenced(index, name, subject->items[i].version))
			return fail_referenced(call, name, subject->items[i].version);
		versions[count++] = subject->items[i].version;
	}
	struct batch batch = { 0 };
	if (!is_permanent)
		add(call, &batch,
			(struct weir_change){
				.kind = WEIR_CHANGE_DELETE_SUBJECT, .subject = subject->name, .version = latest->version });
	if (!(is_permanent ? purge(call, subject) : write_batch(call, &batch)))
		return false;
	*ret_versions = versions;
	*ret_count = count;
	return true;
}

bool weir_embedded_delete_subject(
	struct weir_embedded_call *call, struct weir_slice subject, bool is_permanent, int32_t **ret_versions, size_t *ret_count)
{
	pthread_mutex_lock(&call->registry->lock);
	bool ok = delete_subject_locked(call, subject, is_permanent, ret_versions, ret_count);
	pthread_mutex_unlock(&call->registry->lock);
	return ok;
}

static bool delete_version_locked(
	struct weir_embedded_call *call, struct weir_slice name, int32_t number, bool is_permanent, int32_t *ret_version)
{
	const struct weir_index *index = &call->registry->index;
	const struct weir_index_subject *subject = weir_index_find_subject(index, name);
	struct batch batch = { 0 };

	if (!subject || subject->count == 0)
		return weir_registry_fail_subject(call->failure, call->arena, name);
	const struct weir_index_version *version =
		number == -1 ? weir_index_latest(subject) : weir_index_find_version(subject, number);
	if (!version)
		return weir_registry_fail(call->failure, call->arena, 404, 40402, "Version %d not found.", number);
	if (!may_write(call, name))
		return false;
	if (version->is_deleted && !is_permanent)
		return weir_registry_fail(call->failure, call->arena, 404, 40406,
			"Subject '%.*s' Version %d was soft deleted.Set permanent=true to delete permanently", WEIR_SLICE_ARG(name),
			version->version);
	if (!version->is_deleted && is_permanent)
		return weir_registry_fail(call->failure, call->arena, 404, 40407,
			"Subject '%.*s' Version %d was not deleted first before being permanently deleted", WEIR_SLICE_ARG(name),
			version->version);
	if (weir_embedded_is_referenced(index, name, version->version))
		return fail_referenced(call, name, version->version);
	int32_t done = version->version;
	if (is_permanent)
		add(call, &batch, removal(subject, version));
	else
		add(call, &batch,
			(struct weir_change){ .kind = WEIR_CHANGE_SCHEMA,
				.subject = subject->name,
				.version = done,
				.id = version->schema->id,
				.schema = version->schema->schema,
				.is_deleted = true });
	if (!write_batch(call, &batch))
		return false;
	*ret_version = done;
	return true;
}

bool weir_embedded_delete_version(
	struct weir_embedded_call *call, struct weir_slice subject, int32_t version, bool is_permanent, int32_t *ret_version)
{
	pthread_mutex_lock(&call->registry->lock);
	bool ok = delete_version_locked(call, subject, version, is_permanent, ret_version);
	pthread_mutex_unlock(&call->registry->lock);
	return ok;
}

static bool write_one(struct weir_embedded_call *call, struct weir_change change)
{
	struct batch batch = { .items = &change, .count = 1 };

	return write_batch(call, &batch);
}

bool weir_embedded_set_level(struct weir_embedded_call *call, struct weir_slice subject, enum weir_compat_level level)
{
	pthread_mutex_lock(&call->registry->lock);
	bool ok = write_one(call,
		(struct weir_change){
			.kind = WEIR_CHANGE_CONFIG, .subject = subject, .level = level, .is_removal = level == WEIR_COMPAT_UNSET });
	pthread_mutex_unlock(&call->registry->lock);
	return ok;
}

/* Ids may be chosen only where none exist, unless the caller insists. */
static bool may_import(struct weir_embedded_call *call, struct weir_slice subject)
{
	const struct weir_index *index = &call->registry->index;
	bool has_schemas = subject.len ? weir_index_has_live(weir_index_find_subject(index, subject)) : index->max_id > 0;

	if (!has_schemas)
		return true;
	return weir_registry_fail(call->failure, call->arena, 422, 42205,
		"Cannot import since found existing subjects: use force=true to change the mode all the same");
}

bool weir_embedded_set_mode(
	struct weir_embedded_call *call, struct weir_slice subject, enum weir_registry_mode mode, bool is_forced)
{
	pthread_mutex_lock(&call->registry->lock);
	bool ok = (mode != WEIR_MODE_IMPORT || is_forced || may_import(call, subject)) &&
		  write_one(call, (struct weir_change){ .kind = WEIR_CHANGE_MODE,
					  .subject = subject,
					  .mode = mode,
					  .is_removal = mode == WEIR_MODE_UNSET });
	pthread_mutex_unlock(&call->registry->lock);
	return ok;
}
