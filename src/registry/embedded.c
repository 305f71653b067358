/* The embedded registry behind the engine's interface: opening with replay, and errors of the protocol as the engine's. */
#include "registry/embedded.h"

#include "base/memory.h"
#include "registry/embedded_int.h"

#include <stdlib.h>

static struct weir_embedded_registry *self_of(struct weir_registry *registry)
{
	return (struct weir_embedded_registry *)registry;
}

static enum weir_err_code code_of(const struct weir_registry_failure *failure)
{
	if (failure->status == 404)
		return WEIR_E_SCHEMA_NOT_FOUND;
	if (failure->status == 409)
		return WEIR_E_SCHEMA_INCOMPATIBLE;
	if (failure->code == 42201)
		return WEIR_E_SCHEMA_INVALID;
	return failure->status >= 500 ? WEIR_E_REGISTRY_AWAY : WEIR_E_REGISTRY_REFUSED;
}

static bool fail(const struct weir_registry_failure *failure, struct weir_err *err)
{
	return weir_err_set(err, code_of(failure), "%.*s; error code: %d", WEIR_SLICE_ARG(failure->text), failure->code);
}

static void embedded_close(struct weir_registry *registry)
{
	struct weir_embedded_registry *self = self_of(registry);

	if (self->log)
		self->log->close(self->log);
	weir_index_fini(&self->index);
	pthread_mutex_destroy(&self->lock);
	free(self);
}

static bool embedded_register(struct weir_registry *registry, struct weir_slice subject, const struct weir_schema_text *schema,
	int32_t *ret_id, struct weir_err *err)
{
	struct weir_arena call_arena;
	struct weir_registry_failure failure;
	struct weir_registered_schema registered;
	struct weir_register_request request = { .subject = subject, .schema = *schema };

	weir_arena_init(&call_arena, 4096);
	struct weir_embedded_call call = { self_of(registry), &call_arena, &failure };
	bool ok = weir_embedded_register(&call, &request, &registered);
	if (ok)
		*ret_id = registered.id;
	else
		fail(&failure, err);
	weir_arena_fini(&call_arena);
	return ok;
}

static bool embedded_by_id(struct weir_registry *registry, int32_t id, struct weir_arena *arena, struct weir_registered_schema *ret,
	struct weir_err *err)
{
	struct weir_registry_failure failure;
	struct weir_embedded_call call = { self_of(registry), arena, &failure };

	return weir_embedded_by_id(&call, id, ret) || fail(&failure, err);
}

static bool embedded_by_version(struct weir_registry *registry, struct weir_slice subject, int32_t version,
	struct weir_arena *arena, struct weir_registered_schema *ret, struct weir_err *err)
{
	struct weir_registry_failure failure;
	struct weir_embedded_call call = { self_of(registry), arena, &failure };

	return weir_embedded_by_version(&call, subject, version, false, ret) || fail(&failure, err);
}

static bool embedded_lookup(struct weir_registry *registry, struct weir_slice subject, const struct weir_schema_text *schema,
	bool deleted, struct weir_registered_schema *ret, struct weir_err *err)
{
	struct weir_arena call_arena;
	struct weir_registry_failure failure;
	struct weir_registered_schema found;

	weir_arena_init(&call_arena, 4096);
	struct weir_embedded_call call = { self_of(registry), &call_arena, &failure };
	bool ok = weir_embedded_lookup(&call, subject, schema, deleted, &found);
	if (ok)
		*ret = (struct weir_registered_schema){ .id = found.id, .version = found.version, .subject = subject };
	else
		fail(&failure, err);
	weir_arena_fini(&call_arena);
	return ok;
}

/* Gone already is fine. */
static bool is_absent(const struct weir_registry_failure *failure)
{
	return failure->code == 40401 || failure->code == 40404;
}

static bool embedded_delete_subject(struct weir_registry *registry, struct weir_slice subject, bool permanent, struct weir_err *err)
{
	struct weir_arena call_arena;
	struct weir_registry_failure failure;
	int32_t *versions;
	size_t count;

	weir_arena_init(&call_arena, 4096);
	struct weir_embedded_call call = { self_of(registry), &call_arena, &failure };
	bool ok = weir_embedded_delete_subject(&call, subject, permanent, &versions, &count) || is_absent(&failure);
	if (!ok)
		fail(&failure, err);
	weir_arena_fini(&call_arena);
	return ok;
}

static bool embedded_list_subjects(struct weir_registry *registry, struct weir_slice prefix, struct weir_arena *arena,
	struct weir_slice **ret_subjects, size_t *ret_count, struct weir_err *err)
{
	struct weir_registry_failure failure;
	struct weir_embedded_call call = { self_of(registry), arena, &failure };

	weir_embedded_subjects(&call, prefix, false, false, ret_subjects, ret_count);
	return true;
}

static bool embedded_cached(
	struct weir_registry *registry, int32_t id, struct weir_arena *arena, struct weir_registered_schema *ret)
{
	struct weir_registry_failure failure;
	struct weir_embedded_call call = { self_of(registry), arena, &failure };

	return weir_embedded_by_id(&call, id, ret);
}

static void embedded_request_schema(struct weir_registry *registry, int32_t id, weir_registry_answer_fn *answer, void *ctx)
{
	struct weir_arena call_arena;
	struct weir_registered_schema schema;
	struct weir_err err;

	weir_arena_init(&call_arena, 4096);
	bool ok = embedded_by_id(registry, id, &call_arena, &schema, &err);
	answer(ctx, id, ok ? &schema : NULL, ok ? NULL : &err);
	weir_arena_fini(&call_arena);
}

static const struct weir_registry_vtable embedded_vtable = {
	.backend = "embedded",
	.close = embedded_close,
	.register_schema = embedded_register,
	.by_id = embedded_by_id,
	.by_version = embedded_by_version,
	.lookup = embedded_lookup,
	.delete_subject = embedded_delete_subject,
	.list_subjects = embedded_list_subjects,
	.cached = embedded_cached,
	.request_schema = embedded_request_schema,
};

struct replay {
	struct weir_index *index;
	struct weir_arena arena; /* one record's */
};

static bool replay_record(void *ctx, const struct weir_schema_record *record, struct weir_err *err)
{
	struct replay *replay = ctx;
	struct weir_change change;

	weir_arena_reset(&replay->arena);
	if (!weir_change_decode(&replay->arena, record, &change, err))
		return false;
	weir_index_apply(replay->index, &change);
	return true;
}

bool weir_registry_open_embedded(struct weir_schema_log *log, struct weir_registry **ret_registry, struct weir_err *err)
{
	struct weir_embedded_registry *self = weir_alloc_zero(sizeof *self);
	struct replay replay = { .index = &self->index };

	self->registry.vtable = &embedded_vtable;
	self->log = log;
	pthread_mutex_init(&self->lock, NULL);
	weir_index_init(&self->index);
	weir_arena_init(&replay.arena, 4096);
	bool ok = log->replay(log, replay_record, &replay, err);
	weir_arena_fini(&replay.arena);
	if (!ok) {
		embedded_close(&self->registry);
		return weir_err_prefix(err, "the schema registry's records cannot be read");
	}
	*ret_registry = &self->registry;
	return true;
}
