/* /subjects: registering, looking up, versions, deleting. Segments: subjects, name, versions, version, what. */
#include "registry/rest_int.h"

bool weir_rest_list_subjects(struct weir_rest *rest)
{
	struct weir_slice *subjects;
	size_t count;

	weir_embedded_subjects(&rest->call, weir_rest_param(rest, "subjectPrefix"), weir_rest_flag(rest, "deleted"),
		weir_rest_flag(rest, "deletedOnly"), &subjects, &count);
	weir_rest_write_text_list(rest, subjects, count);
	return true;
}

bool weir_rest_register(struct weir_rest *rest)
{
	struct weir_register_request request;
	struct weir_registered_schema registered;

	if (!weir_rest_read_schema(rest, &request))
		return false;
	request.subject = rest->segments[1];
	if (!weir_embedded_register(&rest->call, &request, &registered))
		return false;
	weir_json_begin_object(&rest->writer);
	weir_json_key(&rest->writer, "id");
	weir_json_write_i64(&rest->writer, registered.id);
	weir_json_key(&rest->writer, "version");
	weir_json_write_i64(&rest->writer, registered.version);
	weir_json_key(&rest->writer, "guid");
	weir_json_write_string(&rest->writer, weir_schema_guid(rest->call.arena, &registered.schema));
	weir_json_key(&rest->writer, "schemaType");
	weir_json_write_text(&rest->writer, weir_schema_kind_name(registered.schema.kind));
	weir_json_key(&rest->writer, "schema");
	weir_json_write_string(&rest->writer, registered.schema.text);
	weir_json_end_object(&rest->writer);
	return true;
}

bool weir_rest_lookup(struct weir_rest *rest)
{
	struct weir_register_request request;
	struct weir_registered_schema found;

	if (!weir_rest_read_schema(rest, &request))
		return false;
	if (!weir_embedded_lookup(&rest->call, rest->segments[1], &request.schema, weir_rest_flag(rest, "deleted"), &found))
		return false;
	weir_rest_write_schema(rest, &found, true);
	return true;
}

bool weir_rest_delete_subject(struct weir_rest *rest)
{
	int32_t *versions;
	size_t count;

	if (!weir_embedded_delete_subject(&rest->call, rest->segments[1], weir_rest_flag(rest, "permanent"), &versions, &count))
		return false;
	weir_rest_write_int_list(rest, versions, count);
	return true;
}

bool weir_rest_list_versions(struct weir_rest *rest)
{
	int32_t *versions;
	size_t count;

	if (!weir_embedded_versions(&rest->call, rest->segments[1], weir_rest_flag(rest, "deleted"),
		    weir_rest_flag(rest, "deletedOnly"), &versions, &count))
		return false;
	weir_rest_write_int_list(rest, versions, count);
	return true;
}

static bool find_version(struct weir_rest *rest, struct weir_registered_schema *ret)
{
	int32_t version;

	return weir_rest_version(rest, 3, &version) &&
	       weir_embedded_by_version(&rest->call, rest->segments[1], version, weir_rest_flag(rest, "deleted"), ret);
}

bool weir_rest_get_version(struct weir_rest *rest)
{
	struct weir_registered_schema found;

	if (!find_version(rest, &found))
		return false;
	weir_rest_write_schema(rest, &found, true);
	return true;
}

bool weir_rest_get_version_schema(struct weir_rest *rest)
{
	struct weir_registered_schema found;

	if (!find_version(rest, &found))
		return false;
	weir_buf_append_slice(&rest->body, found.schema.text);
	return true;
}

bool weir_rest_delete_version(struct weir_rest *rest)
{
	int32_t version, deleted;

	if (!weir_rest_version(rest, 3, &version) ||
		!weir_embedded_delete_version(&rest->call, rest->segments[1], version, weir_rest_flag(rest, "permanent"), &deleted))
		return false;
	weir_json_write_i64(&rest->writer, deleted);
	return true;
}

bool weir_rest_referenced_by(struct weir_rest *rest)
{
	int32_t version, *ids;
	size_t count;

	if (!weir_rest_version(rest, 3, &version) ||
		!weir_embedded_referenced_by(&rest->call, rest->segments[1], version, &ids, &count))
		return false;
	weir_rest_write_int_list(rest, ids, count);
	return true;
}
