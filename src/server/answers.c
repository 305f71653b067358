/* JSON answers and errors, and what requests have in common. */
#include "server/server_int.h"

void weir_answer_json(struct weir_http_response *response, int status, struct weir_slice body)
{
	weir_http_response_send(response, status, WEIR_JSON_TYPE, body);
}

static void write_message(struct weir_json_writer *json, const struct weir_err *err)
{
	struct weir_buf text;

	weir_buf_init(&text, 8192);
	if (err->line)
		weir_buf_printf(&text, "line %d:%d: ", err->line, err->column);
	weir_buf_append_text(&text, err->text);
	if (err->advice[0])
		weir_buf_printf(&text, "\n%s", err->advice);
	weir_json_write_string(json, weir_buf_slice(&text));
	weir_buf_fini(&text);
}

static void begin_error(struct weir_json_writer *json, const char *type, const struct weir_err *err)
{
	weir_json_begin_object(json);
	weir_json_key(json, "@type");
	weir_json_write_text(json, type);
	weir_json_key(json, "error_code");
	weir_json_write_i64(json, weir_err_code_api_code(err->code));
	weir_json_key(json, "message");
	write_message(json, err);
}

void weir_write_generic_error(struct weir_buf *out, const struct weir_err *err)
{
	struct weir_json_writer json;

	weir_json_writer_init(&json, out);
	begin_error(&json, "generic_error", err);
	weir_json_end_object(&json);
}

void weir_answer_error(struct weir_http_response *response, const struct weir_err *err)
{
	struct weir_buf out;

	weir_buf_init(&out, 65536);
	weir_write_generic_error(&out, err);
	weir_answer_json(response, weir_err_code_http_status(err->code), weir_buf_slice(&out));
	weir_buf_fini(&out);
}

static void write_statement_error(
	struct weir_buf *out, const struct weir_err *err, struct weir_slice statement, struct weir_slice entities)
{
	struct weir_json_writer json;

	weir_json_writer_init(&json, out);
	begin_error(&json, "statement_error", err);
	weir_json_key(&json, "statementText");
	weir_json_write_string(&json, statement);
	weir_json_key(&json, "entities");
	weir_json_write_raw(&json, entities.len ? entities : WEIR_SLICE("[]"));
	weir_json_end_object(&json);
}

static bool is_chunked_refusal(const struct weir_http_request *request)
{
	struct weir_slice accept = weir_http_request_header(request, "accept");

	return weir_slice_starts_with(request->path, WEIR_SLICE("/query-stream")) ||
	       (accept.len && memmem(accept.ptr, accept.len, "delimited", 9)) || weir_slice_is(accept, "*/*");
}

void weir_refuse_query(struct weir_http_response *response, const struct weir_err *err, struct weir_slice sql)
{
	struct weir_buf out;

	weir_buf_init(&out, WEIR_BUF_NO_LIMIT);
	if (weir_err_code_class(err->code) == WEIR_CLASS_USER && weir_err_code_api_code(err->code) != 40000)
		write_statement_error(&out, err, sql, (struct weir_slice){ 0 });
	else
		weir_write_generic_error(&out, err);
	if (is_chunked_refusal(weir_http_response_request(response))) {
		weir_http_response_begin(response, weir_err_code_http_status(err->code), NULL, 0);
		weir_http_response_write(response, weir_buf_slice(&out));
		weir_http_response_end(response);
	} else {
		weir_answer_json(response, weir_err_code_http_status(err->code), weir_buf_slice(&out));
	}
	weir_buf_fini(&out);
}

void weir_answer_statement_error(
	struct weir_http_response *response, const struct weir_err *err, struct weir_slice statement, struct weir_slice entities)
{
	struct weir_buf out;

	weir_buf_init(&out, WEIR_BUF_NO_LIMIT);
	write_statement_error(&out, err, statement, entities);
	weir_answer_json(response, weir_err_code_http_status(err->code), weir_buf_slice(&out));
	weir_buf_fini(&out);
}

bool weir_request_json(struct weir_http_response *response, struct weir_arena *arena, struct weir_json **ret)
{
	struct weir_err err = { 0 };

	if (weir_json_parse(arena, weir_http_response_request(response)->body, true, ret, &err) && (*ret)->kind == WEIR_JSON_OBJECT)
		return true;
	if (err.code == WEIR_E_NONE)
		weir_err_set(&err, WEIR_E_BAD_REQUEST, "Expected a JSON object");
	weir_err_prefix(&err, "Invalid JSON in request");
	weir_answer_error(response, &err);
	return false;
}

static struct weir_slice scalar_text(const struct weir_json *json)
{
	return json->kind == WEIR_JSON_STRING ? json->text : json->raw;
}

static bool is_map(const struct weir_json *json)
{
	return !json || json->kind == WEIR_JSON_OBJECT || json->kind == WEIR_JSON_NULL;
}

struct weir_slice weir_request_text(const struct weir_json *body, const char *name)
{
	const struct weir_json *member = weir_json_get(body, name);

	return !member || member->kind == WEIR_JSON_NULL ? (struct weir_slice){ 0 } : scalar_text(member);
}

/* The request is wrong, not its statement. */
static bool refuse_property(struct weir_err *err)
{
	if (err->code == WEIR_E_INVALID_PROPERTY)
		err->code = WEIR_E_BAD_REQUEST;
	return false;
}

bool weir_request_session(
	struct weir_session *session, const struct weir_json *body, const char *properties_name, struct weir_err *err)
{
	const struct weir_json *properties = weir_json_get(body, properties_name),
			       *variables = weir_json_get(body, "sessionVariables");

	if (!is_map(properties) || !is_map(variables))
		return weir_err_set(err, WEIR_E_BAD_REQUEST, "Invalid JSON in request: \"%s\" must be an object",
			is_map(properties) ? "sessionVariables" : properties_name);
	for (size_t i = 0; weir_json_is(properties, WEIR_JSON_OBJECT) && i < properties->count; i++)
		if (weir_json_is(properties->members[i].value, WEIR_JSON_NULL))
			return weir_err_set(err, WEIR_E_BAD_REQUEST, "The property '%.*s' has no value",
				WEIR_SLICE_ARG(properties->members[i].name));
		else if (!weir_settings_set(&session->properties, properties->members[i].name,
				 scalar_text(properties->members[i].value), false, err))
			return refuse_property(err);
	for (size_t i = 0; weir_json_is(variables, WEIR_JSON_OBJECT) && i < variables->count; i++)
		weir_session_define(session, variables->members[i].name, scalar_text(variables->members[i].value));
	return true;
}
