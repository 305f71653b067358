/* DESCRIBE FUNCTION, from the function's own descriptor. */
#include "engine/engine_int.h"

#include "functions/function.h"

static const char *type_name(enum weir_kind kind)
{
	return kind == WEIR_KIND_STRING ? "VARCHAR" : kind == WEIR_KIND_INTEGER ? "INT" : weir_kind_name(kind);
}

static void print_pattern(struct weir_buf *out, const struct weir_pattern *pattern)
{
	switch (pattern->kind) {
	case WEIR_PATTERN_EXACT:
		weir_buf_append_text(out, type_name(pattern->exact));
		return;
	case WEIR_PATTERN_GENERIC:
		weir_buf_append_byte(out, pattern->generic);
		return;
	case WEIR_PATTERN_ANY:
		weir_buf_append_text(out, "ANY");
		return;
	case WEIR_PATTERN_ARRAY:
		weir_buf_append_text(out, "ARRAY<");
		print_pattern(out, pattern->element);
		weir_buf_append_byte(out, '>');
		return;
	case WEIR_PATTERN_MAP:
		weir_buf_append_text(out, "MAP<");
		print_pattern(out, pattern->key);
		weir_buf_append_text(out, ", ");
		print_pattern(out, pattern->element);
		weir_buf_append_byte(out, '>');
		return;
	case WEIR_PATTERN_STRUCT:
		weir_type_print(out, pattern->type);
		return;
	case WEIR_PATTERN_INTERVAL_UNIT:
		weir_buf_append_text(out, "INTERVALUNIT");
		return;
	case WEIR_PATTERN_LAMBDA:
		weir_buf_append_text(out, "LAMBDA");
		return;
	case WEIR_PATTERN_NONE:
		return;
	}
}

static void write_pattern(struct weir_json_writer *json, const struct weir_pattern *pattern)
{
	struct weir_buf out;

	weir_buf_init(&out, 4096);
	print_pattern(&out, pattern);
	weir_json_write_string(json, weir_buf_slice(&out));
	weir_buf_fini(&out);
}

static void text(struct weir_json_writer *json, const char *key, const char *value)
{
	weir_json_key(json, key);
	weir_json_write_text(json, value ? value : "");
}

static bool has_param(const struct weir_param *params, size_t i)
{
	return i < WEIR_FN_MAX_PARAMS && params[i].pattern.kind != WEIR_PATTERN_NONE;
}

static void write_arguments(struct weir_json_writer *json, const struct weir_param *params)
{
	for (size_t i = 0; has_param(params, i); i++) {
		weir_json_begin_object(json);
		text(json, "name", params[i].name);
		weir_json_key(json, "type");
		write_pattern(json, &params[i].pattern);
		text(json, "description", params[i].doc);
		weir_json_key(json, "isVariadic");
		weir_json_write_bool(json, params[i].is_variadic);
		weir_json_end_object(json);
	}
}

static void write_argument_types(struct weir_json_writer *json, const struct weir_param *params)
{
	for (size_t i = 0; has_param(params, i); i++)
		write_pattern(json, &params[i].pattern);
}

/* `more`: an aggregate's literal arguments; `result`: the pattern of what it gives. */
static void write_overload(struct weir_json_writer *json, const struct weir_param *params, const struct weir_param *more,
	const struct weir_pattern *result, const char *doc)
{
	weir_json_begin_object(json);
	weir_json_key(json, "arguments");
	weir_json_begin_array(json);
	write_arguments(json, params);
	if (more)
		write_arguments(json, more);
	weir_json_end_array(json);
	weir_json_key(json, "returnType");
	write_pattern(json, result);
	text(json, "description", doc);
	weir_json_key(json, "argumentTypes");
	weir_json_begin_array(json);
	write_argument_types(json, params);
	if (more)
		write_argument_types(json, more);
	weir_json_end_array(json);
	weir_json_end_object(json);
}

static void write_overloads(struct weir_json_writer *json, struct weir_function_ref ref)
{
	const struct weir_scalar_function *scalar = ref.scalar ? ref.scalar : ref.table;

	for (size_t i = 0; scalar && i < WEIR_FN_MAX_OVERLOADS && scalar->overloads[i].eval; i++) {
		const struct weir_overload *overload = &scalar->overloads[i];
		/* A table function's rows are the items of what it returns. */
		bool is_rows = ref.table && overload->returns.kind == WEIR_PATTERN_ARRAY;
		write_overload(
			json, overload->params, NULL, is_rows ? overload->returns.element : &overload->returns, overload->doc);
	}
	for (size_t i = 0; ref.aggregate && i < WEIR_FN_MAX_OVERLOADS && ref.aggregate->overloads[i].add; i++) {
		const struct weir_aggregate_overload *overload = &ref.aggregate->overloads[i];
		write_overload(json, overload->params, overload->literals, &overload->returns, overload->doc);
	}
}

bool weir_exec_describe_function(struct weir_exec *exec, struct weir_err *err)
{
	struct weir_json_writer *json = exec->json;
	struct weir_function_ref ref = weir_function_find(exec->ast->name);
	const struct weir_scalar_function *scalar = ref.scalar ? ref.scalar : ref.table;

	if (ref.kind == WEIR_FUNCTION_NONE) {
		const char *near = weir_function_suggest(exec->ast->name);
		weir_err_set_at(err, WEIR_E_UNKNOWN_NAME, exec->ast->place.line, exec->ast->place.column,
			"There is no function called '%.*s'", WEIR_SLICE_ARG(exec->ast->name));
		return near ? weir_err_advise(err, "Did you mean %s?", near) : weir_err_advise(err, "SHOW FUNCTIONS lists them.");
	}
	weir_entity_begin(exec, "describe_function");
	text(json, "name", scalar ? scalar->name : ref.aggregate->name);
	text(json, "description", scalar ? scalar->summary : ref.aggregate->summary);
	text(json, "author", "weir");
	text(json, "version", "");
	text(json, "path", "internal");
	weir_json_key(json, "functions");
	weir_json_begin_array(json);
	write_overloads(json, ref);
	weir_json_end_array(json);
	text(json, "type", ref.scalar ? "SCALAR" : ref.aggregate ? "AGGREGATE" : "TABLE");
	weir_entity_end(exec);
	return true;
}
