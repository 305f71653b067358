/* All that the embedded registry knows, in memory: subjects with their versions, schemas by id, levels and modes.
 *
 * Holds: changes come in through weir_index_apply() alone, the same way at replay and afterwards; an id means one schema for ever;
 * versions of a subject are in ascending order. Memory: one arena that lives as long as the index (a removed version's few bytes
 * stay). Thread: the caller locks.
 */
#pragma once

#include "base/map.h"
#include "base/vec.h"
#include "registry/records.h"

struct weir_index_schema {
	int32_t id;
	struct weir_schema_text schema;
	uint8_t md5[16]; /* identity: text and references */
	size_t uses;     /* versions that have it, soft-deleted ones too; 0: gone for good */
};

struct weir_index_version {
	int32_t version;
	bool is_deleted;
	struct weir_index_schema *schema;
};

struct weir_index_subject {
	struct weir_slice name;
	struct weir_index_version *items;
	size_t count, capacity;
	enum weir_compat_level level;
	enum weir_registry_mode mode;
};

struct weir_index {
	struct weir_arena arena;
	struct weir_map subjects;    /* name → weir_index_subject; may have no versions, only a level or a mode */
	struct weir_map by_id;       /* decimal id → weir_index_schema */
	struct weir_map by_identity; /* md5 and kind → weir_index_schema */
	int32_t max_id;
	enum weir_compat_level level; /* global, UNSET: BACKWARD */
	enum weir_registry_mode mode; /* global, UNSET: READWRITE */
};

void weir_index_init(struct weir_index *index);
void weir_index_fini(struct weir_index *index);
/* Copies what it keeps. */
void weir_index_apply(struct weir_index *index, const struct weir_change *change);

struct weir_index_subject *weir_index_find_subject(const struct weir_index *index, struct weir_slice name);
/* NULL also when no version has it any more. */
const struct weir_index_schema *weir_index_find_id(const struct weir_index *index, int32_t id);
/* The schema of exactly that text, kind and references. */
const struct weir_index_schema *weir_index_find_same(const struct weir_index *index, const struct weir_schema_text *schema);
struct weir_index_version *weir_index_find_version(const struct weir_index_subject *subject, int32_t version);
/* The highest live one; NULL when there is none. subject may be NULL. */
struct weir_index_version *weir_index_latest(const struct weir_index_subject *subject);
bool weir_index_has_live(const struct weir_index_subject *subject);
enum weir_compat_level weir_index_level(const struct weir_index *index, struct weir_slice subject);
enum weir_registry_mode weir_index_mode(const struct weir_index *index, struct weir_slice subject);
/* MD5(text ‖ name, subject, version of each reference). */
void weir_schema_md5(const struct weir_schema_text *schema, uint8_t ret_md5[16]);
/* The same as a UUID text. */
struct weir_slice weir_schema_guid(struct weir_arena *arena, const struct weir_schema_text *schema);
