/* `_schemas` records to and from JSON. */
#include "registry/records.h"

#include "json/json.h"

#include <assert.h>

static const char *const level_names[] = {
	[WEIR_COMPAT_UNSET] = "",
	[WEIR_COMPAT_NONE] = "NONE",
	[WEIR_COMPAT_BACKWARD] = "BACKWARD",
	[WEIR_COMPAT_BACKWARD_TRANSITIVE] = "BACKWARD_TRANSITIVE",
	[WEIR_COMPAT_FORWARD] = "FORWARD",
	[WEIR_COMPAT_FORWARD_TRANSITIVE] = "FORWARD_TRANSITIVE",
	[WEIR_COMPAT_FULL] = "FULL",
	[WEIR_COMPAT_FULL_TRANSITIVE] = "FULL_TRANSITIVE",
};

static const char *const mode_names[] = {
	[WEIR_MODE_UNSET] = "",
	[WEIR_MODE_READWRITE] = "READWRITE",
	[WEIR_MODE_READONLY] = "READONLY",
	[WEIR_MODE_READONLY_OVERRIDE] = "READONLY_OVERRIDE",
	[WEIR_MODE_IMPORT] = "IMPORT",
	[WEIR_MODE_FORWARD] = "FORWARD",
};

static const char *const kind_names[] = {
	[WEIR_CHANGE_SCHEMA] = "SCHEMA",
	[WEIR_CHANGE_CONFIG] = "CONFIG",
	[WEIR_CHANGE_MODE] = "MODE",
	[WEIR_CHANGE_DELETE_SUBJECT] = "DELETE_SUBJECT",
	[WEIR_CHANGE_CLEAR_SUBJECT] = "CLEAR_SUBJECT",
};

/* The index of the name, from 1 (0 is "unset"); 0 when there is none. */
static int find_name(const char *const *names, int count, struct weir_slice name)
{
	for (int i = 1; i < count; i++)
		if (weir_slice_equals_nocase(name, weir_slice_of(names[i])))
			return i;
	return 0;
}

const char *weir_compat_level_name(enum weir_compat_level level)
{
	return level_names[level];
}

bool weir_compat_level_parse(struct weir_slice name, enum weir_compat_level *ret_level)
{
	int found = find_name(level_names, sizeof level_names / sizeof *level_names, name);

	if (found)
		*ret_level = (enum weir_compat_level)found;
	return found != 0;
}

const char *weir_registry_mode_name(enum weir_registry_mode mode)
{
	return mode_names[mode];
}

bool weir_registry_mode_parse(struct weir_slice name, enum weir_registry_mode *ret_mode)
{
	int found = find_name(mode_names, sizeof mode_names / sizeof *mode_names, name);

	if (found)
		*ret_mode = (enum weir_registry_mode)found;
	return found != 0;
}

static void encode_key(const struct weir_change *change, struct weir_buf *key)
{
	struct weir_json_writer writer;

	assert(change->kind != WEIR_CHANGE_OTHER);
	weir_json_writer_init(&writer, key);
	weir_json_begin_object(&writer);
	weir_json_key(&writer, "keytype");
	weir_json_write_text(&writer, kind_names[change->kind]);
	if (change->subject.len) {
		weir_json_key(&writer, "subject");
		weir_json_write_string(&writer, change->subject);
	}
	if (change->kind == WEIR_CHANGE_SCHEMA) {
		weir_json_key(&writer, "version");
		weir_json_write_i64(&writer, change->version);
	}
	weir_json_key(&writer, "magic");
	weir_json_write_i64(&writer, change->kind == WEIR_CHANGE_SCHEMA ? 1 : 0);
	weir_json_end_object(&writer);
}

void weir_references_encode(struct weir_json_writer *writer, const struct weir_schema_text *schema)
{
	if (schema->reference_count == 0)
		return;
	weir_json_key(writer, "references");
	weir_json_begin_array(writer);
	for (size_t i = 0; i < schema->reference_count; i++) {
		weir_json_begin_object(writer);
		weir_json_key(writer, "name");
		weir_json_write_string(writer, schema->references[i].name);
		weir_json_key(writer, "subject");
		weir_json_write_string(writer, schema->references[i].subject);
		weir_json_key(writer, "version");
		weir_json_write_i64(writer, schema->references[i].version);
		weir_json_end_object(writer);
	}
	weir_json_end_array(writer);
}

static void encode_schema(const struct weir_change *change, struct weir_json_writer *writer)
{
	weir_json_key(writer, "version");
	weir_json_write_i64(writer, change->version);
	weir_json_key(writer, "id");
	weir_json_write_i64(writer, change->id);
	weir_json_key(writer, "schemaType");
	weir_json_write_text(writer, weir_schema_kind_name(change->schema.kind));
	weir_references_encode(writer, &change->schema);
	weir_json_key(writer, "schema");
	weir_json_write_string(writer, change->schema.text);
	weir_json_key(writer, "deleted");
	weir_json_write_bool(writer, change->is_deleted);
}

static void encode_value(const struct weir_change *change, struct weir_buf *value)
{
	struct weir_json_writer writer;

	weir_json_writer_init(&writer, value);
	weir_json_begin_object(&writer);
	if (change->subject.len) {
		weir_json_key(&writer, "subject");
		weir_json_write_string(&writer, change->subject);
	}
	if (change->kind == WEIR_CHANGE_SCHEMA)
		encode_schema(change, &writer);
	if (change->kind == WEIR_CHANGE_CONFIG) {
		weir_json_key(&writer, "compatibilityLevel");
		weir_json_write_text(&writer, level_names[change->level]);
	}
	if (change->kind == WEIR_CHANGE_MODE) {
		weir_json_key(&writer, "mode");
		weir_json_write_text(&writer, mode_names[change->mode]);
	}
	if (change->kind == WEIR_CHANGE_DELETE_SUBJECT) {
		weir_json_key(&writer, "version");
		weir_json_write_i64(&writer, change->version);
	}
	weir_json_end_object(&writer);
}

void weir_change_encode(const struct weir_change *change, struct weir_buf *key, struct weir_buf *value)
{
	encode_key(change, key);
	if (!change->is_removal)
		encode_value(change, value);
}

bool weir_references_decode(struct weir_arena *arena, const struct weir_json *object, struct weir_schema_text *schema)
{
	const struct weir_json *list = weir_json_get(object, "references");

	if (!list || list->kind == WEIR_JSON_NULL)
		return true;
	if (list->kind != WEIR_JSON_ARRAY)
		return false;
	struct weir_schema_reference *references = WEIR_ARENA_ARRAY(arena, struct weir_schema_reference, list->count + 1);
	for (size_t i = 0; i < list->count; i++) {
		references[i].name = weir_arena_copy(arena, weir_json_get_text(list->items[i], "name", ""));
		references[i].subject = weir_arena_copy(arena, weir_json_get_text(list->items[i], "subject", ""));
		references[i].version = (int32_t)weir_json_get_i64(list->items[i], "version", 0);
		if (references[i].name.len == 0 || references[i].subject.len == 0 || references[i].version == 0)
			return false;
	}
	schema->references = references;
	schema->reference_count = list->count;
	return true;
}

static enum weir_change_kind find_kind(struct weir_slice name)
{
	for (int i = 0; i < WEIR_CHANGE_OTHER; i++)
		if (weir_slice_is(name, kind_names[i]))
			return (enum weir_change_kind)i;
	return WEIR_CHANGE_OTHER;
}

static bool decode_schema(struct weir_arena *arena, const struct weir_json *value, struct weir_change *change)
{
	change->id = (int32_t)weir_json_get_i64(value, "id", 0);
	change->is_deleted = weir_json_get_bool(value, "deleted", false);
	change->schema.text = weir_json_get_text(value, "schema", "");
	if (!weir_schema_kind_parse(weir_json_get_text(value, "schemaType", ""), &change->schema.kind))
		change->kind = WEIR_CHANGE_OTHER;
	return change->id > 0 && change->version > 0 && weir_references_decode(arena, value, &change->schema);
}

static bool decode_value(struct weir_arena *arena, const struct weir_json *value, struct weir_change *change)
{
	switch (change->kind) {
	case WEIR_CHANGE_SCHEMA:
		return decode_schema(arena, value, change);
	case WEIR_CHANGE_CONFIG:
		return weir_compat_level_parse(weir_json_get_text(value, "compatibilityLevel", ""), &change->level);
	case WEIR_CHANGE_MODE:
		return weir_registry_mode_parse(weir_json_get_text(value, "mode", ""), &change->mode);
	case WEIR_CHANGE_DELETE_SUBJECT:
		change->version = (int32_t)weir_json_get_i64(value, "version", 0);
		return change->version > 0;
	default:
		return true;
	}
}

bool weir_change_decode(
	struct weir_arena *arena, const struct weir_schema_record *record, struct weir_change *ret_change, struct weir_err *err)
{
	struct weir_json *key, *value = NULL;
	struct weir_change change = { .is_removal = record->value_is_null };

	if (!weir_json_parse(arena, weir_arena_copy(arena, record->key), false, &key, err))
		return weir_err_prefix(err, "the key of a schema record");
	change.kind = find_kind(weir_json_get_text(key, "keytype", ""));
	change.subject = weir_json_get_text(key, "subject", "");
	change.version = (int32_t)weir_json_get_i64(key, "version", 0);
	if (!change.is_removal && change.kind != WEIR_CHANGE_OTHER) {
		if (!weir_json_parse(arena, weir_arena_copy(arena, record->value), false, &value, err))
			return weir_err_prefix(err, "the value of a schema record");
		if (!decode_value(arena, value, &change))
			return weir_err_set(err, WEIR_E_LOG_CORRUPT, "a schema record of subject \"%.*s\" has unusable contents",
				WEIR_SLICE_ARG(change.subject));
	}
	*ret_change = change;
	return true;
}
