/* The REST routes' inside: what one request needs, and how answers and errors are written. */
#pragma once

#include "http/response.h"
#include "registry/embedded_int.h"
#include "json/json.h"

#define WEIR_REST_MAX_SEGMENTS 8

struct weir_rest {
	struct weir_embedded_call call; /* its arena lives as long as the request */
	const struct weir_http_request *request;
	struct weir_slice segments[WEIR_REST_MAX_SEGMENTS]; /* decoded */
	size_t segment_count;
	struct weir_buf body; /* of the answer */
	struct weir_json_writer writer;
};

/* A route answers into rest->body, or fails into rest->call.failure. */
typedef bool weir_rest_fn(struct weir_rest *rest);

bool weir_rest_flag(struct weir_rest *rest, const char *name);
struct weir_slice weir_rest_param(struct weir_rest *rest, const char *name);
/* Segment `at` as a version: -1 for "latest" and "-1". Fails with 42202. */
bool weir_rest_version(struct weir_rest *rest, size_t at, int32_t *ret_version);
/* Segment `at` as an id. Fails with 404. */
bool weir_rest_id(struct weir_rest *rest, size_t at, int32_t *ret_id);
/* The request's body as a schema to register or look up. Fails with 42201 and the like. */
bool weir_rest_read_schema(struct weir_rest *rest, struct weir_register_request *ret_request);
bool weir_rest_read_body(struct weir_rest *rest, struct weir_json **ret_json);
void weir_rest_write_int_list(struct weir_rest *rest, const int32_t *items, size_t count);
void weir_rest_write_text_list(struct weir_rest *rest, const struct weir_slice *items, size_t count);
/* {"subject","version","id","guid","schemaType","references","schema"}; the first two only when known. AVRO's kind is left out, as
 * older registries do and every client expects. */
void weir_rest_write_schema(struct weir_rest *rest, const struct weir_registered_schema *schema, bool with_id);

/* rest_subjects.c */
weir_rest_fn weir_rest_list_subjects, weir_rest_register, weir_rest_lookup, weir_rest_delete_subject, weir_rest_list_versions,
	weir_rest_get_version, weir_rest_get_version_schema, weir_rest_delete_version, weir_rest_referenced_by;
/* rest_schemas.c */
weir_rest_fn weir_rest_schema_by_id, weir_rest_schema_text_by_id, weir_rest_subjects_of_id, weir_rest_versions_of_id,
	weir_rest_by_guid, weir_rest_types, weir_rest_contexts, weir_rest_root, weir_rest_metadata_id, weir_rest_metadata_version;
/* rest_settings.c */
weir_rest_fn weir_rest_get_config, weir_rest_put_config, weir_rest_delete_config, weir_rest_get_mode, weir_rest_put_mode,
	weir_rest_delete_mode, weir_rest_check_version, weir_rest_check_subject;
