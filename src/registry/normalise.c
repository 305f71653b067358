/* Checking schemas and bringing them into the form by which they are known: Avro canonically printed, others as they are. */
#include "registry/avro_schema.h"
#include "registry/embedded_int.h"
#include "json/json.h"

#include <stdarg.h>
#include <stdio.h>

#define MAX_REFERENCE_DEPTH 16

bool weir_registry_fail(
	struct weir_registry_failure *failure, struct weir_arena *arena, int status, int code, const char *format, ...)
{
	struct weir_buf text;
	char *line = NULL;
	va_list args;

	va_start(args, format);
	int len = vasprintf(&line, format, args);
	va_end(args);
	weir_buf_init(&text, WEIR_BUF_NO_LIMIT);
	if (len > 0)
		weir_buf_append(&text, line, (size_t)len);
	free(line);
	*failure = (struct weir_registry_failure){
		.status = status, .code = code, .text = weir_arena_copy(arena, weir_buf_slice(&text))
	};
	weir_buf_fini(&text);
	return false;
}

bool weir_registry_fail_subject(struct weir_registry_failure *failure, struct weir_arena *arena, struct weir_slice subject)
{
	return weir_registry_fail(failure, arena, 404, 40401, "Subject '%.*s' not found.", WEIR_SLICE_ARG(subject));
}

static const struct weir_index_version *find_referenced(
	const struct weir_index *index, const struct weir_schema_reference *reference)
{
	const struct weir_index_subject *subject = weir_index_find_subject(index, reference->subject);

	return reference->version == -1 ? weir_index_latest(subject) : weir_index_find_version(subject, reference->version);
}

static bool parse_with_references(struct weir_embedded_call *call, const struct weir_schema_text *schema, struct weir_map *names,
	int depth, const struct weir_avro_schema **ret_schema, struct weir_err *err)
{
	if (depth == MAX_REFERENCE_DEPTH)
		return weir_err_set(err, WEIR_E_SCHEMA_INVALID, "references are nested more than %d deep", MAX_REFERENCE_DEPTH);
	for (size_t i = 0; i < schema->reference_count; i++) {
		const struct weir_schema_reference *reference = &schema->references[i];
		const struct weir_index_version *version = find_referenced(&call->registry->index, reference);
		const struct weir_avro_schema *ignored;
		if (!version)
			return weir_err_set(err, WEIR_E_SCHEMA_INVALID, "reference \"%.*s\": subject \"%.*s\" has no version %d",
				WEIR_SLICE_ARG(reference->name), WEIR_SLICE_ARG(reference->subject), reference->version);
		if (weir_map_get(names, reference->name))
			continue;
		if (!parse_with_references(call, &version->schema->schema, names, depth + 1, &ignored, err))
			return false;
	}
	return weir_avro_parse(call->arena, schema->text, names, ret_schema, err);
}

bool weir_embedded_parse_avro(struct weir_embedded_call *call, const struct weir_schema_text *schema,
	const struct weir_avro_schema **ret_schema, struct weir_err *err)
{
	struct weir_map names;

	weir_map_init(&names);
	bool ok = parse_with_references(call, schema, &names, 0, ret_schema, err);
	weir_map_fini(&names);
	return ok;
}

static bool normalise_avro(struct weir_embedded_call *call, struct weir_schema_text *schema)
{
	const struct weir_avro_schema *avro;
	struct weir_err err;
	struct weir_buf text;

	if (!weir_embedded_parse_avro(call, schema, &avro, &err))
		return weir_registry_fail(call->failure, call->arena, 422, 42201, "Invalid schema: %s", err.text);
	weir_buf_init(&text, WEIR_BUF_NO_LIMIT);
	weir_avro_write_canonical(avro, &text);
	schema->text = weir_arena_copy(call->arena, weir_buf_slice(&text));
	weir_buf_fini(&text);
	return true;
}

static bool check_json(struct weir_embedded_call *call, const struct weir_schema_text *schema)
{
	struct weir_json *json;
	struct weir_err err;

	if (!weir_json_parse(call->arena, schema->text, false, &json, &err))
		return weir_registry_fail(
			call->failure, call->arena, 422, 42201, "Invalid schema: it is not valid JSON: %s", err.text);
	if (json->kind != WEIR_JSON_OBJECT && json->kind != WEIR_JSON_BOOLEAN)
		return weir_registry_fail(
			call->failure, call->arena, 422, 42201, "Invalid schema: a JSON schema is an object, true or false");
	return true;
}

bool weir_embedded_normalise(
	struct weir_embedded_call *call, const struct weir_schema_text *schema, struct weir_schema_text *ret_schema)
{
	struct weir_schema_text text = *schema;

	if (weir_slice_trim(schema->text).len == 0)
		return weir_registry_fail(call->failure, call->arena, 422, 42201, "Invalid schema: it is empty");
	if (schema->kind == WEIR_SCHEMA_AVRO && !normalise_avro(call, &text))
		return false;
	if (schema->kind == WEIR_SCHEMA_JSON && !check_json(call, &text))
		return false;
	*ret_schema = text;
	return true;
}
