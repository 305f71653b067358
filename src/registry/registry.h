/* The Schema Registry, as the engine sees it: schemas under subjects, found by id or subject. One interface, two implementations:
 * a client of a remote registry (Confluent's, Apicurio's), and the embedded one (registry/embedded.h) that also serves REST.
 *
 * Holds: a schema of a given id never changes, so answers by id are cached for ever; everything else asks afresh.
 * Thread: any. All calls but weir_registry_cached() and weir_registry_request_schema() may block on the network or the disk.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"

enum weir_schema_kind { WEIR_SCHEMA_AVRO, WEIR_SCHEMA_JSON, WEIR_SCHEMA_PROTOBUF };

struct weir_schema_reference {
	struct weir_slice name, subject;
	int32_t version;
};

struct weir_schema_text {
	enum weir_schema_kind kind;
	struct weir_slice text;
	const struct weir_schema_reference *references;
	size_t reference_count;
};

struct weir_registered_schema {
	int32_t id;
	int32_t version;           /* 0 when found by id only */
	struct weir_slice subject; /* empty when found by id only */
	struct weir_schema_text schema;
};

struct weir_registry;

/* `schema` is NULL on failure, and then `err` says why: SCHEMA_NOT_FOUND is final, REGISTRY_AWAY means that retries ran out (ask
 * again). Valid during the call only. Runs on the registry's thread, or within the request when the answer is there already. */
typedef void weir_registry_answer_fn(
	void *ctx, int32_t id, const struct weir_registered_schema *schema, const struct weir_err *err);

struct weir_registry_vtable {
	const char *backend; /* "remote" or "embedded" */
	void (*close)(struct weir_registry *registry);
	bool (*register_schema)(struct weir_registry *registry, struct weir_slice subject, const struct weir_schema_text *schema,
		int32_t *ret_id, struct weir_err *err);
	bool (*by_id)(struct weir_registry *registry, int32_t id, struct weir_arena *arena, struct weir_registered_schema *ret,
		struct weir_err *err);
	bool (*by_version)(struct weir_registry *registry, struct weir_slice subject, int32_t version, struct weir_arena *arena,
		struct weir_registered_schema *ret, struct weir_err *err);
	bool (*lookup)(struct weir_registry *registry, struct weir_slice subject, const struct weir_schema_text *schema,
		bool deleted, struct weir_registered_schema *ret, struct weir_err *err);
	bool (*delete_subject)(struct weir_registry *registry, struct weir_slice subject, bool permanent, struct weir_err *err);
	bool (*list_subjects)(struct weir_registry *registry, struct weir_slice prefix, struct weir_arena *arena,
		struct weir_slice **ret_subjects, size_t *ret_count, struct weir_err *err);
	bool (*cached)(struct weir_registry *registry, int32_t id, struct weir_arena *arena, struct weir_registered_schema *ret);
	void (*request_schema)(struct weir_registry *registry, int32_t id, weir_registry_answer_fn *answer, void *ctx);
};

struct weir_registry {
	const struct weir_registry_vtable *vtable; /* first: implementations embed this struct */
};

/* Errors of all calls: REGISTRY_AWAY (no answer after retries), REGISTRY_REFUSED (credentials, bad request), and those listed. */

/* The id, new or existing. Errors: SCHEMA_INVALID, SCHEMA_INCOMPATIBLE (the text carries the registry's details). */
bool weir_registry_register(struct weir_registry *registry, struct weir_slice subject, const struct weir_schema_text *schema,
	int32_t *ret_id, struct weir_err *err);
/* Errors: SCHEMA_NOT_FOUND. Results live in the arena, or as long as the registry. */
bool weir_registry_by_id(struct weir_registry *registry, int32_t id, struct weir_arena *arena, struct weir_registered_schema *ret,
	struct weir_err *err);
/* The subject's latest live version. Errors: SCHEMA_NOT_FOUND. */
bool weir_registry_latest(struct weir_registry *registry, struct weir_slice subject, struct weir_arena *arena,
	struct weir_registered_schema *ret, struct weir_err *err);
/* version -1: latest. Errors: SCHEMA_NOT_FOUND. */
bool weir_registry_by_version(struct weir_registry *registry, struct weir_slice subject, int32_t version, struct weir_arena *arena,
	struct weir_registered_schema *ret, struct weir_err *err);
/* Id and version of the schema under the subject (its text is not filled). `deleted`: soft-deleted ones count too.
 * Errors: SCHEMA_NOT_FOUND. */
bool weir_registry_lookup(struct weir_registry *registry, struct weir_slice subject, const struct weir_schema_text *schema,
	bool deleted, struct weir_registered_schema *ret, struct weir_err *err);
/* Soft delete, or for good (which needs the soft one first). A subject that is not there is fine. */
bool weir_registry_delete_subject(struct weir_registry *registry, struct weir_slice subject, bool permanent, struct weir_err *err);
/* Names that start with `prefix`, sorted. */
bool weir_registry_list_subjects(struct weir_registry *registry, struct weir_slice prefix, struct weir_arena *arena,
	struct weir_slice **ret_subjects, size_t *ret_count, struct weir_err *err);
/* Never blocks: true when the schema is at hand. */
bool weir_registry_cached(struct weir_registry *registry, int32_t id, struct weir_arena *arena, struct weir_registered_schema *ret);
/* Never blocks: `answer` is called once, with the schema or the reason that there is none (CANCELLED when the registry closes). */
void weir_registry_request_schema(struct weir_registry *registry, int32_t id, weir_registry_answer_fn *answer, void *ctx);
void weir_registry_close(struct weir_registry *registry); /* accepts NULL */

const char *weir_schema_kind_name(enum weir_schema_kind kind); /* "AVRO", "JSON", "PROTOBUF" */
/* Empty means AVRO. */
bool weir_schema_kind_parse(struct weir_slice name, enum weir_schema_kind *ret_kind);

struct weir_remote_registry_config {
	const char *urls;         /* comma-separated; tried in turn. user:password@ in a URL serves as basic auth */
	const char *basic_auth;   /* "user:password" (basic.auth.user.info); NULL: none */
	const char *bearer_token; /* NULL: none */
	const char *ca_file, *cert_file, *key_file, *key_password;
	bool skip_verify;
	int64_t timeout_ms; /* of one attempt; 0: 10 s */
	int max_attempts;   /* over all URLs, with growing pauses; 0: 6 */
	int64_t backoff_ms; /* first pause, doubled each time up to 2 s; 0: 100 */
};
/* Does not connect yet. Errors: USAGE. */
bool weir_registry_open_remote(
	const struct weir_remote_registry_config *config, struct weir_registry **ret_registry, struct weir_err *err);
