/* Which earlier versions a new schema is compared with, in which direction, and what is said when it does not fit. */
#include "registry/avro_compat.h"
#include "registry/embedded_int.h"
#include "json/json.h"

#include <stdio.h>

static bool reads_backward(enum weir_compat_level level)
{
	return level == WEIR_COMPAT_BACKWARD || level == WEIR_COMPAT_BACKWARD_TRANSITIVE || level == WEIR_COMPAT_FULL ||
	       level == WEIR_COMPAT_FULL_TRANSITIVE;
}

static bool reads_forward(enum weir_compat_level level)
{
	return level == WEIR_COMPAT_FORWARD || level == WEIR_COMPAT_FORWARD_TRANSITIVE || level == WEIR_COMPAT_FULL ||
	       level == WEIR_COMPAT_FULL_TRANSITIVE;
}

static bool is_transitive(enum weir_compat_level level)
{
	return level == WEIR_COMPAT_BACKWARD_TRANSITIVE || level == WEIR_COMPAT_FORWARD_TRANSITIVE ||
	       level == WEIR_COMPAT_FULL_TRANSITIVE;
}

static void say(struct weir_arena *arena, struct weir_compat_messages *messages, struct weir_slice text)
{
	WEIR_VEC_PUSH_IN(arena, messages, text);
}

static void say_problems(struct weir_arena *arena, const struct weir_avro_problems *problems, struct weir_compat_messages *messages)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct weir_avro_problem *problem = &problems->items[i];
		say(arena, messages,
			weir_arena_printf(arena, "{errorType:'%s', description:'%.*s', additionalInfo:'%.*s'}", problem->type,
				WEIR_SLICE_ARG(problem->text), WEIR_SLICE_ARG(problem->detail)));
	}
}

static bool check_avro(struct weir_embedded_call *call, const struct weir_schema_text *old_text,
	const struct weir_schema_text *new_text, enum weir_compat_level level, struct weir_compat_messages *messages)
{
	const struct weir_avro_schema *old_schema, *new_schema;
	struct weir_avro_problems problems = { 0 };
	struct weir_err err;

	if (!weir_embedded_parse_avro(call, new_text, &new_schema, &err))
		return false;
	if (!weir_embedded_parse_avro(call, old_text, &old_schema, &err)) {
		say(call->arena, messages, weir_arena_printf(call->arena, "{errorType:'UNREADABLE', description:'%s'}", err.text));
		return false;
	}
	if (reads_backward(level))
		weir_avro_find_problems(call->arena, new_schema, old_schema, "new", "old", &problems);
	if (reads_forward(level))
		weir_avro_find_problems(call->arena, old_schema, new_schema, "old", "new", &problems);
	say_problems(call->arena, &problems, messages);
	return problems.count == 0;
}

static bool check_pair(struct weir_embedded_call *call, const struct weir_schema_text *old_text,
	const struct weir_schema_text *new_text, enum weir_compat_level level, struct weir_compat_messages *messages)
{
	if (old_text->kind != new_text->kind) {
		say(call->arena, messages,
			weir_arena_printf(call->arena,
				"{errorType:'SCHEMA_TYPE_MISMATCH', description:'The new schema is of type %s, the old one of type "
				"%s'}",
				weir_schema_kind_name(new_text->kind), weir_schema_kind_name(old_text->kind)));
		return false;
	}
	return old_text->kind != WEIR_SCHEMA_AVRO || check_avro(call, old_text, new_text, level, messages);
}

static void say_version(struct weir_arena *arena, const struct weir_index_version *version, enum weir_compat_level level,
	struct weir_compat_messages *messages)
{
	say(arena, messages, weir_arena_printf(arena, "{oldSchemaVersion: %d}", version->version));
	say(arena, messages, weir_arena_printf(arena, "{oldSchema: '%.*s'}", WEIR_SLICE_ARG(version->schema->schema.text)));
	say(arena, messages,
		weir_arena_printf(arena, "{validateFields: 'false', compatibility: '%s'}", weir_compat_level_name(level)));
}

bool weir_compat_check_version(struct weir_embedded_call *call, const struct weir_index_version *version,
	const struct weir_schema_text *schema, enum weir_compat_level level, struct weir_compat_messages *messages)
{
	if (level == WEIR_COMPAT_NONE || check_pair(call, &version->schema->schema, schema, level, messages))
		return true;
	say_version(call->arena, version, level, messages);
	return false;
}

bool weir_compat_check_subject(struct weir_embedded_call *call, const struct weir_index_subject *subject,
	const struct weir_schema_text *schema, enum weir_compat_level level, struct weir_compat_messages *messages)
{
	for (size_t i = subject ? subject->count : 0; i > 0; i--) {
		const struct weir_index_version *version = &subject->items[i - 1];
		if (version->is_deleted)
			continue;
		if (!weir_compat_check_version(call, version, schema, level, messages))
			return false;
		if (!is_transitive(level))
			break;
	}
	return true;
}
