/* /schemas and what the registry says of itself. Segments: schemas, ids, id, what. */
#include "registry/rest_int.h"

bool weir_rest_schema_by_id(struct weir_rest *rest)
{
	struct weir_registered_schema found;
	struct weir_subject_version *places;
	struct weir_slice subject = weir_rest_param(rest, "subject");
	size_t count;
	int32_t id = 0;

	if (!weir_rest_id(rest, 2, &id) || !weir_embedded_by_id(&rest->call, id, &found))
		return false;
	if (subject.len && weir_embedded_places_of_id(&rest->call, id, true, &places, &count))
		for (size_t i = 0; i < count; i++)
			if (weir_slice_equals(places[i].subject, subject)) {
				found.subject = places[i].subject;
				found.version = places[i].version;
			}
	if (weir_rest_flag(rest, "fetchMaxId")) {
		weir_json_begin_object(&rest->writer);
		weir_json_key(&rest->writer, "maxId");
		weir_json_write_i64(&rest->writer, weir_embedded_max_id(&rest->call));
		if (found.schema.kind != WEIR_SCHEMA_AVRO) {
			weir_json_key(&rest->writer, "schemaType");
			weir_json_write_text(&rest->writer, weir_schema_kind_name(found.schema.kind));
		}
		weir_references_encode(&rest->writer, &found.schema);
		weir_json_key(&rest->writer, "schema");
		weir_json_write_string(&rest->writer, found.schema.text);
		weir_json_end_object(&rest->writer);
		return true;
	}
	weir_rest_write_schema(rest, &found, false);
	return true;
}

bool weir_rest_schema_text_by_id(struct weir_rest *rest)
{
	struct weir_registered_schema found;
	int32_t id = 0;

	if (!weir_rest_id(rest, 2, &id) || !weir_embedded_by_id(&rest->call, id, &found))
		return false;
	weir_buf_append_slice(&rest->body, found.schema.text);
	return true;
}

static bool find_places(struct weir_rest *rest, struct weir_subject_version **ret, size_t *ret_count)
{
	int32_t id = 0;

	return weir_rest_id(rest, 2, &id) &&
	       weir_embedded_places_of_id(&rest->call, id, weir_rest_flag(rest, "deleted"), ret, ret_count);
}

bool weir_rest_subjects_of_id(struct weir_rest *rest)
{
	struct weir_subject_version *places;
	size_t count;

	if (!find_places(rest, &places, &count))
		return false;
	weir_json_begin_array(&rest->writer);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || !weir_slice_equals(places[i].subject, places[i - 1].subject))
			weir_json_write_string(&rest->writer, places[i].subject);
	weir_json_end_array(&rest->writer);
	return true;
}

bool weir_rest_versions_of_id(struct weir_rest *rest)
{
	struct weir_subject_version *places;
	size_t count;

	if (!find_places(rest, &places, &count))
		return false;
	weir_json_begin_array(&rest->writer);
	for (size_t i = 0; i < count; i++) {
		weir_json_begin_object(&rest->writer);
		weir_json_key(&rest->writer, "subject");
		weir_json_write_string(&rest->writer, places[i].subject);
		weir_json_key(&rest->writer, "version");
		weir_json_write_i64(&rest->writer, places[i].version);
		weir_json_end_object(&rest->writer);
	}
	weir_json_end_array(&rest->writer);
	return true;
}

bool weir_rest_by_guid(struct weir_rest *rest)
{
	struct weir_registered_schema found;

	if (!weir_embedded_by_guid(&rest->call, rest->segments[2], &found))
		return false;
	weir_rest_write_schema(rest, &found, false);
	return true;
}

static bool answer(struct weir_rest *rest, const char *json)
{
	weir_buf_append_text(&rest->body, json);
	return true;
}

bool weir_rest_types(struct weir_rest *rest)
{
	return answer(rest, "[\"JSON\",\"PROTOBUF\",\"AVRO\"]");
}

bool weir_rest_contexts(struct weir_rest *rest)
{
	return answer(rest, "[\".\"]");
}

bool weir_rest_root(struct weir_rest *rest)
{
	return answer(rest, "{}");
}

bool weir_rest_metadata_id(struct weir_rest *rest)
{
	return answer(rest, "{\"scope\":{\"path\":[],\"clusters\":{\"kafka-cluster\":\"weir\",\"schema-registry-cluster\":\"schema-"
			    "registry\"}},"
			    "\"id\":\"\"}");
}

bool weir_rest_metadata_version(struct weir_rest *rest)
{
	return answer(rest, "{\"version\":\"" WEIR_VERSION "\",\"commitId\":\"\"}");
}
