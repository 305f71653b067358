/* See topic_json.h. */
#include "server/topic_json.h"

#include "log/topic_settings.h"

void weir_topic_json_write(struct weir_json_writer *json, const struct weir_topic_config *config)
{
	struct weir_buf value;
	const char *name;

	weir_buf_init(&value, WEIR_BUF_NO_LIMIT);
	weir_json_begin_object(json);
	weir_json_key(json, "name");
	weir_json_write_string(json, config->name);
	weir_json_key(json, "partitions");
	weir_json_write_i64(json, config->partitions);
	weir_json_key(json, "replicas");
	weir_json_write_i64(json, config->replicas);
	weir_json_key(json, "internal");
	weir_json_write_bool(json, config->is_internal);
	weir_json_key(json, "settings");
	weir_json_begin_object(json);
	for (size_t i = 0; (name = weir_topic_setting_name(i)); i++) {
		weir_buf_reset(&value);
		weir_topic_setting_print(config, i, &value);
		weir_json_key(json, name);
		weir_json_write_string(json, weir_buf_slice(&value));
	}
	weir_json_end_object(json);
	weir_json_end_object(json);
	weir_buf_fini(&value);
}

bool weir_topic_json_read(const struct weir_json *json, struct weir_topic_config *config, struct weir_err *err)
{
	const struct weir_json *settings = weir_json_get(json, "settings");

	config->partitions = (int32_t)weir_json_get_i64(json, "partitions", config->partitions);
	config->replicas = (int16_t)weir_json_get_i64(json, "replicas", config->replicas);
	config->is_internal = weir_json_get_bool(json, "internal", config->is_internal);
	for (size_t i = 0; weir_json_is(settings, WEIR_JSON_OBJECT) && i < settings->count; i++) {
		bool ignored;
		if (!weir_topic_setting_apply(config, settings->members[i].name, settings->members[i].value->text, &ignored, err))
			return false;
	}
	return true;
}
