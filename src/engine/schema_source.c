/* Schemas for readers, by id, without waiting: what is not at hand is asked for, and the partition waits.
 * Thread: workers ask at the same time; answers come on the registry's thread. */
#include "engine/engine_int.h"

#include "base/memory.h"

#include <stdlib.h>

struct entry {
	enum weir_schema_state state;
	struct weir_slice text, kind;
	struct weir_err err;
	int64_t asked_us;
};

struct source {
	struct weir_schema_source base; /* first */
	struct weir_registry *registry;
	pthread_mutex_t lock;
	struct weir_map entries; /* id as text -> struct entry * */
	struct weir_arena arena;
};

#define ASK_AGAIN_US 1000000

static void take_answer(void *ctx, int32_t id, const struct weir_registered_schema *schema, const struct weir_err *err)
{
	struct source *self = ctx;
	char name[16];

	snprintf(name, sizeof name, "%d", id);
	pthread_mutex_lock(&self->lock);
	struct entry *entry = weir_map_get(&self->entries, weir_slice_of(name));
	if (schema) {
		entry->text = weir_arena_copy(&self->arena, schema->schema.text);
		entry->kind = weir_slice_of(weir_schema_kind_name(schema->schema.kind));
		entry->state = WEIR_SCHEMA_READY;
	} else if (err->code == WEIR_E_SCHEMA_NOT_FOUND) {
		weir_err_copy(&entry->err, err);
		entry->state = WEIR_SCHEMA_UNKNOWN;
	} else {
		entry->asked_us = 0; /* the registry is away: ask again */
	}
	pthread_mutex_unlock(&self->lock);
}

static enum weir_schema_state get(
	struct weir_schema_source *base, int32_t id, struct weir_slice *ret_text, struct weir_slice *ret_kind, struct weir_err *err)
{
	struct source *self = (struct source *)base;
	char name[16];
	bool ask = false;

	snprintf(name, sizeof name, "%d", id);
	pthread_mutex_lock(&self->lock);
	struct entry *entry = weir_map_get(&self->entries, weir_slice_of(name));
	if (!entry) {
		entry = WEIR_ARENA_NEW(&self->arena, struct entry);
		entry->state = WEIR_SCHEMA_PENDING;
		weir_map_put(&self->entries, weir_slice_of(name), entry);
	}
	int64_t now = weir_clock_monotonic_us(&weir_system_clock);
	if (entry->state == WEIR_SCHEMA_PENDING && (entry->asked_us == 0 || now - entry->asked_us > ASK_AGAIN_US * 30)) {
		entry->asked_us = now;
		ask = true;
	}
	pthread_mutex_unlock(&self->lock);
	if (ask)
		weir_registry_request_schema(self->registry, id, take_answer, self);
	pthread_mutex_lock(&self->lock);
	enum weir_schema_state state = entry->state;
	*ret_text = entry->text;
	*ret_kind = entry->kind;
	if (state == WEIR_SCHEMA_UNKNOWN)
		weir_err_copy(err, &entry->err);
	pthread_mutex_unlock(&self->lock);
	return state;
}

struct weir_schema_source *weir_schema_source_new(struct weir_registry *registry)
{
	struct source *self = weir_alloc_zero(sizeof *self);

	self->base.get = get;
	self->registry = registry;
	pthread_mutex_init(&self->lock, NULL);
	weir_map_init(&self->entries);
	weir_arena_init(&self->arena, 4096);
	return &self->base;
}

void weir_schema_source_free(struct weir_schema_source *base)
{
	struct source *self = (struct source *)base;

	if (!self)
		return;
	pthread_mutex_destroy(&self->lock);
	weir_map_fini(&self->entries);
	weir_arena_fini(&self->arena);
	free(self);
}
