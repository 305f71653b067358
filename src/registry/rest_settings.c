/* /config, /mode and /compatibility. The subject, if any, is the second segment (the third of /compatibility). */
#include "registry/rest_int.h"

static struct weir_slice subject_of(const struct weir_rest *rest)
{
	return rest->segment_count > 1 ? rest->segments[1] : (struct weir_slice){ 0 };
}

static bool answer_text(struct weir_rest *rest, const char *member, const char *text)
{
	weir_json_begin_object(&rest->writer);
	weir_json_key(&rest->writer, member);
	weir_json_write_text(&rest->writer, text);
	weir_json_end_object(&rest->writer);
	return true;
}

static bool fail_no_config(struct weir_rest *rest)
{
	return weir_registry_fail(rest->call.failure, rest->call.arena, 404, 40408,
		"Subject '%.*s' does not have subject-level compatibility configured", WEIR_SLICE_ARG(subject_of(rest)));
}

static bool fail_no_mode(struct weir_rest *rest)
{
	return weir_registry_fail(rest->call.failure, rest->call.arena, 404, 40409,
		"Subject '%.*s' does not have subject-level mode configured", WEIR_SLICE_ARG(subject_of(rest)));
}

bool weir_rest_get_config(struct weir_rest *rest)
{
	enum weir_compat_level level = weir_embedded_level(&rest->call, subject_of(rest), weir_rest_flag(rest, "defaultToGlobal"));

	return level ? answer_text(rest, "compatibilityLevel", weir_compat_level_name(level)) : fail_no_config(rest);
}

bool weir_rest_put_config(struct weir_rest *rest)
{
	struct weir_json *json;
	enum weir_compat_level level;

	if (!weir_rest_read_body(rest, &json))
		return false;
	if (!weir_compat_level_parse(weir_json_get_text(json, "compatibility", ""), &level))
		return weir_registry_fail(rest->call.failure, rest->call.arena, 422, 42203,
			"Invalid compatibility level. Valid values are none, backward, forward, full, backward_transitive, "
			"forward_transitive, and full_transitive");
	return weir_embedded_set_level(&rest->call, subject_of(rest), level) &&
	       answer_text(rest, "compatibility", weir_compat_level_name(level));
}

bool weir_rest_delete_config(struct weir_rest *rest)
{
	enum weir_compat_level level = weir_embedded_level(&rest->call, subject_of(rest), false);

	if (!level)
		return fail_no_config(rest);
	return weir_embedded_set_level(&rest->call, subject_of(rest), WEIR_COMPAT_UNSET) &&
	       answer_text(rest, "compatibilityLevel", weir_compat_level_name(level));
}

bool weir_rest_get_mode(struct weir_rest *rest)
{
	enum weir_registry_mode mode = weir_embedded_mode(&rest->call, subject_of(rest), weir_rest_flag(rest, "defaultToGlobal"));

	return mode ? answer_text(rest, "mode", weir_registry_mode_name(mode)) : fail_no_mode(rest);
}

bool weir_rest_put_mode(struct weir_rest *rest)
{
	struct weir_json *json;
	enum weir_registry_mode mode;

	if (!weir_rest_read_body(rest, &json))
		return false;
	if (!weir_registry_mode_parse(weir_json_get_text(json, "mode", ""), &mode))
		return weir_registry_fail(rest->call.failure, rest->call.arena, 422, 42204,
			"Invalid mode. Valid values are READWRITE, READONLY, READONLY_OVERRIDE, IMPORT, and FORWARD");
	return weir_embedded_set_mode(&rest->call, subject_of(rest), mode, weir_rest_flag(rest, "force")) &&
	       answer_text(rest, "mode", weir_registry_mode_name(mode));
}

bool weir_rest_delete_mode(struct weir_rest *rest)
{
	enum weir_registry_mode mode = weir_embedded_mode(&rest->call, subject_of(rest), false);

	if (!mode)
		return fail_no_mode(rest);
	return weir_embedded_set_mode(&rest->call, subject_of(rest), WEIR_MODE_UNSET, true) &&
	       answer_text(rest, "mode", weir_registry_mode_name(mode));
}

static bool check(struct weir_rest *rest, int32_t version)
{
	struct weir_register_request request;
	struct weir_slice *messages;
	size_t count;
	bool is_compatible;

	if (!weir_rest_read_schema(rest, &request))
		return false;
	if (!weir_embedded_check(&rest->call, rest->segments[2], version, &request.schema, &is_compatible, &messages, &count))
		return false;
	weir_json_begin_object(&rest->writer);
	weir_json_key(&rest->writer, "is_compatible");
	weir_json_write_bool(&rest->writer, is_compatible);
	if (weir_rest_flag(rest, "verbose")) {
		weir_json_key(&rest->writer, "messages");
		weir_rest_write_text_list(rest, messages, count);
	}
	weir_json_end_object(&rest->writer);
	return true;
}

bool weir_rest_check_version(struct weir_rest *rest)
{
	int32_t version;

	return weir_rest_version(rest, 4, &version) && check(rest, version);
}

bool weir_rest_check_subject(struct weir_rest *rest)
{
	return check(rest, 0);
}
