/* The records of the `_schemas` topic, as values.
 *
 * Holds: keys have a fixed order of members (keytype, subject, version, magic) and no blanks: they are the compaction key. Values
 * leave absent members out. Reading accepts any order, unknown members, and record kinds that mean nothing to us.
 */
#pragma once

#include "base/buf.h"
#include "registry/registry.h"
#include "registry/schema_log.h"

enum weir_compat_level {
	WEIR_COMPAT_UNSET,
	WEIR_COMPAT_NONE,
	WEIR_COMPAT_BACKWARD,
	WEIR_COMPAT_BACKWARD_TRANSITIVE,
	WEIR_COMPAT_FORWARD,
	WEIR_COMPAT_FORWARD_TRANSITIVE,
	WEIR_COMPAT_FULL,
	WEIR_COMPAT_FULL_TRANSITIVE,
};

enum weir_registry_mode {
	WEIR_MODE_UNSET,
	WEIR_MODE_READWRITE,
	WEIR_MODE_READONLY,
	WEIR_MODE_READONLY_OVERRIDE,
	WEIR_MODE_IMPORT,
	WEIR_MODE_FORWARD,
};

const char *weir_compat_level_name(enum weir_compat_level level);
bool weir_compat_level_parse(struct weir_slice name, enum weir_compat_level *ret_level);
const char *weir_registry_mode_name(enum weir_registry_mode mode);
bool weir_registry_mode_parse(struct weir_slice name, enum weir_registry_mode *ret_mode);

enum weir_change_kind {
	WEIR_CHANGE_SCHEMA,
	WEIR_CHANGE_CONFIG,
	WEIR_CHANGE_MODE,
	WEIR_CHANGE_DELETE_SUBJECT, /* versions up to `version` are soft-deleted */
	WEIR_CHANGE_CLEAR_SUBJECT,
	WEIR_CHANGE_OTHER, /* ignored */
};

struct weir_change {
	enum weir_change_kind kind;
	struct weir_slice subject; /* empty: global (CONFIG, MODE) */
	int32_t version;
	bool is_removal; /* the record's value is null */
	int32_t id;
	bool is_deleted;
	struct weir_schema_text schema;
	enum weir_compat_level level;
	enum weir_registry_mode mode;
};

/* Both texts are appended. */
void weir_change_encode(const struct weir_change *change, struct weir_buf *key, struct weir_buf *value);
/* Results live in the arena. False: the record is no JSON of the expected shape. */
bool weir_change_decode(
	struct weir_arena *arena, const struct weir_schema_record *record, struct weir_change *ret_change, struct weir_err *err);
/* `references` of a JSON object into the arena; false when they are not a list of {name, subject, version}. */
struct weir_json;
bool weir_references_decode(struct weir_arena *arena, const struct weir_json *object, struct weir_schema_text *schema);
/* The member `references` with its list; nothing when there are none. */
struct weir_json_writer;
void weir_references_encode(struct weir_json_writer *writer, const struct weir_schema_text *schema);
