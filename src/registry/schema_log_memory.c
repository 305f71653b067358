/* A schema log in memory. */
#include "base/memory.h"
#include "base/vec.h"
#include "registry/schema_log.h"

#include <stdlib.h>

struct memory_log {
	struct weir_schema_log log; /* first */
	struct weir_arena arena;
	WEIR_VEC(struct weir_schema_record) records;
};

static bool memory_append(struct weir_schema_log *log, const struct weir_schema_record *records, size_t count, struct weir_err *err)
{
	struct memory_log *self = (struct memory_log *)log;

	for (size_t i = 0; i < count; i++) {
		struct weir_schema_record copy = { .key = weir_arena_copy(&self->arena, records[i].key),
			.value = weir_arena_copy(&self->arena, records[i].value),
			.value_is_null = records[i].value_is_null };
		WEIR_VEC_PUSH(&self->records, copy);
	}
	return true;
}

static bool memory_replay(struct weir_schema_log *log,
	bool (*visit)(void *ctx, const struct weir_schema_record *record, struct weir_err *err), void *ctx, struct weir_err *err)
{
	struct memory_log *self = (struct memory_log *)log;

	for (size_t i = 0; i < self->records.count; i++)
		if (!visit(ctx, &self->records.items[i], err))
			return false;
	return true;
}

static void memory_close(struct weir_schema_log *log)
{
	struct memory_log *self = (struct memory_log *)log;

	weir_arena_fini(&self->arena);
	WEIR_VEC_FREE(&self->records);
	free(self);
}

struct weir_schema_log *weir_schema_log_new_memory(void)
{
	struct memory_log *self = weir_alloc_zero(sizeof *self);

	self->log = (struct weir_schema_log){ .append = memory_append, .replay = memory_replay, .close = memory_close };
	weir_arena_init(&self->arena, 4096);
	return &self->log;
}
