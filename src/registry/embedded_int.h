/* The embedded registry's inside: its operations with the protocol's own error codes, for the REST routes and the vtable alike.
 *
 * Holds: every operation takes the lock, writes its records to the schema log, and only then changes the index. Texts that are
 * returned are copied into the arena given.
 */
#pragma once

#include "registry/embedded.h"
#include "registry/index.h"

#include <pthread.h>

struct weir_embedded_registry {
	struct weir_registry registry; /* first */
	pthread_mutex_t lock;
	struct weir_schema_log *log;
	struct weir_index index;
};

/* The protocol's error: HTTP status, error_code, message. Texts live in the arena of the call. */
struct weir_registry_failure {
	int status, code;
	struct weir_slice text;
};

/* Always false. */
bool weir_registry_fail(struct weir_registry_failure *failure, struct weir_arena *arena, int status, int code, const char *format,
	...) __attribute__((format(printf, 5, 6)));
bool weir_registry_fail_subject(struct weir_registry_failure *failure, struct weir_arena *arena, struct weir_slice subject);

struct weir_embedded_call {
	struct weir_embedded_registry *registry;
	struct weir_arena *arena;
	struct weir_registry_failure *failure;
};

/* --- operations: embedded_write.c; each locks --- */
struct weir_register_request {
	struct weir_slice subject;
	struct weir_schema_text schema;
	int32_t id, version; /* 0: the registry chooses; others only in mode IMPORT */
};
bool weir_embedded_register(
	struct weir_embedded_call *call, const struct weir_register_request *request, struct weir_registered_schema *ret);
/* ret_versions: those deleted. */
bool weir_embedded_delete_subject(
	struct weir_embedded_call *call, struct weir_slice subject, bool is_permanent, int32_t **ret_versions, size_t *ret_count);
bool weir_embedded_delete_version(
	struct weir_embedded_call *call, struct weir_slice subject, int32_t version, bool is_permanent, int32_t *ret_version);
/* subject empty: global. UNSET removes. */
bool weir_embedded_set_level(struct weir_embedded_call *call, struct weir_slice subject, enum weir_compat_level level);
bool weir_embedded_set_mode(
	struct weir_embedded_call *call, struct weir_slice subject, enum weir_registry_mode mode, bool is_forced);

/* --- operations: embedded_read.c; each locks --- */
bool weir_embedded_by_id(struct weir_embedded_call *call, int32_t id, struct weir_registered_schema *ret);
/* version -1: latest */
bool weir_embedded_by_version(struct weir_embedded_call *call, struct weir_slice subject, int32_t version, bool with_deleted,
	struct weir_registered_schema *ret);
bool weir_embedded_lookup(struct weir_embedded_call *call, struct weir_slice subject, const struct weir_schema_text *schema,
	bool with_deleted, struct weir_registered_schema *ret);
bool weir_embedded_versions(struct weir_embedded_call *call, struct weir_slice subject, bool with_deleted, bool deleted_only,
	int32_t **ret_versions, size_t *ret_count);
void weir_embedded_subjects(struct weir_embedded_call *call, struct weir_slice prefix, bool with_deleted, bool deleted_only,
	struct weir_slice **ret_subjects, size_t *ret_count);
struct weir_subject_version {
	struct weir_slice subject;
	int32_t version;
};
/* Where an id stands; sorted by subject. */
bool weir_embedded_places_of_id(
	struct weir_embedded_call *call, int32_t id, bool with_deleted, struct weir_subject_version **ret, size_t *ret_count);
/* Ids of the schemas that refer to that version. */
bool weir_embedded_referenced_by(
	struct weir_embedded_call *call, struct weir_slice subject, int32_t version, int32_t **ret_ids, size_t *ret_count);
bool weir_embedded_by_guid(struct weir_embedded_call *call, struct weir_slice guid, struct weir_registered_schema *ret);
int32_t weir_embedded_max_id(struct weir_embedded_call *call);
/* The subject's own level or mode; the global one when `subject` is empty or has none and `or_global`; UNSET otherwise. */
enum weir_compat_level weir_embedded_level(struct weir_embedded_call *call, struct weir_slice subject, bool or_global);
enum weir_registry_mode weir_embedded_mode(struct weir_embedded_call *call, struct weir_slice subject, bool or_global);
/* version 0: against what the level demands; -1: latest. *ret_messages explains, one text each. */
bool weir_embedded_check(struct weir_embedded_call *call, struct weir_slice subject, int32_t version,
	const struct weir_schema_text *schema, bool *ret_is_compatible, struct weir_slice **ret_messages, size_t *ret_count);

/* --- under the lock --- */
/* Checks the schema and brings it into canonical form. */
bool weir_embedded_normalise(
	struct weir_embedded_call *call, const struct weir_schema_text *schema, struct weir_schema_text *ret_schema);
/* Is `version` (or anything, for NULL) of the subject referred to by a live version elsewhere? */
bool weir_embedded_is_referenced(const struct weir_index *index, struct weir_slice subject, int32_t version);
void weir_embedded_describe(struct weir_arena *arena, const struct weir_index_subject *subject,
	const struct weir_index_version *version, struct weir_registered_schema *ret);

/* --- compat.c: under the lock --- */
struct weir_compat_messages {
	struct weir_slice *items;
	size_t count, capacity;
};
/* `schema` (canonical) against the subject's live versions, as `level` demands. */
bool weir_compat_check_subject(struct weir_embedded_call *call, const struct weir_index_subject *subject,
	const struct weir_schema_text *schema, enum weir_compat_level level, struct weir_compat_messages *messages);
bool weir_compat_check_version(struct weir_embedded_call *call, const struct weir_index_version *version,
	const struct weir_schema_text *schema, enum weir_compat_level level, struct weir_compat_messages *messages);

/* Parses Avro with its references. Errors: SCHEMA_INVALID. */
struct weir_avro_schema;
bool weir_embedded_parse_avro(struct weir_embedded_call *call, const struct weir_schema_text *schema,
	const struct weir_avro_schema **ret_schema, struct weir_err *err);
