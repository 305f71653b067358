/* The registry's interface: passes calls on, and names kinds of schemas. */
#include "registry/registry.h"

bool weir_registry_register(struct weir_registry *registry, struct weir_slice subject, const struct weir_schema_text *schema,
	int32_t *ret_id, struct weir_err *err)
{
	return registry->vtable->register_schema(registry, subject, schema, ret_id, err);
}

bool weir_registry_by_id(struct weir_registry *registry, int32_t id, struct weir_arena *arena, struct weir_registered_schema *ret,
	struct weir_err *err)
{
	return registry->vtable->by_id(registry, id, arena, ret, err);
}

bool weir_registry_latest(struct weir_registry *registry, struct weir_slice subject, struct weir_arena *arena,
	struct weir_registered_schema *ret, struct weir_err *err)
{
	return registry->vtable->by_version(registry, subject, -1, arena, ret, err);
}

bool weir_registry_by_version(struct weir_registry *registry, struct weir_slice subject, int32_t version, struct weir_arena *arena,
	struct weir_registered_schema *ret, struct weir_err *err)
{
	return registry->vtable->by_version(registry, subject, version, arena, ret, err);
}

bool weir_registry_lookup(struct weir_registry *registry, struct weir_slice subject, const struct weir_schema_text *schema,
	bool deleted, struct weir_registered_schema *ret, struct weir_err *err)
{
	return registry->vtable->lookup(registry, subject, schema, deleted, ret, err);
}

bool weir_registry_delete_subject(struct weir_registry *registry, struct weir_slice subject, bool permanent, struct weir_err *err)
{
	return registry->vtable->delete_subject(registry, subject, permanent, err);
}

bool weir_registry_list_subjects(struct weir_registry *registry, struct weir_slice prefix, struct weir_arena *arena,
	struct weir_slice **ret_subjects, size_t *ret_count, struct weir_err *err)
{
	return registry->vtable->list_subjects(registry, prefix, arena, ret_subjects, ret_count, err);
}

bool weir_registry_cached(struct weir_registry *registry, int32_t id, struct weir_arena *arena, struct weir_registered_schema *ret)
{
	return registry->vtable->cached(registry, id, arena, ret);
}

void weir_registry_request_schema(struct weir_registry *registry, int32_t id, weir_registry_answer_fn *answer, void *ctx)
{
	registry->vtable->request_schema(registry, id, answer, ctx);
}

void weir_registry_close(struct weir_registry *registry)
{
	if (registry)
		registry->vtable->close(registry);
}

static const char *const kind_names[] = {
	[WEIR_SCHEMA_AVRO] = "AVRO",
	[WEIR_SCHEMA_JSON] = "JSON",
	[WEIR_SCHEMA_PROTOBUF] = "PROTOBUF",
};

const char *weir_schema_kind_name(enum weir_schema_kind kind)
{
	return kind_names[kind];
}

bool weir_schema_kind_parse(struct weir_slice name, enum weir_schema_kind *ret_kind)
{
	if (name.len == 0)
		name = WEIR_SLICE("AVRO");
	for (int i = 0; i < 3; i++)
		if (weir_slice_equals_nocase(name, weir_slice_of(kind_names[i]))) {
			*ret_kind = (enum weir_schema_kind)i;
			return true;
		}
	return false;
}
