/* Sends statements to the server and prints what comes back. SET, DEFINE and their opposites are the client's own, and sent along.
 */
#include "cli/client.h"

#include "base/memory.h"
#include "sql/parser.h"

#include <stdio.h>
#include <stdlib.h>

static void write_map(struct weir_json_writer *json, const char *name, const struct weir_map *map)
{
	weir_json_key(json, name);
	weir_json_begin_object(json);
	for (struct weir_map_entry *e = NULL; (e = weir_map_next(map, e));) {
		weir_json_key_slice(json, e->key);
		weir_json_write_text(json, e->value);
	}
	weir_json_end_object(json);
}

static void write_request(struct weir_sql_client *client, struct weir_slice statement, struct weir_buf *out)
{
	struct weir_json_writer json;

	weir_json_writer_init(&json, out);
	weir_json_begin_object(&json);
	weir_json_key(&json, "ksql");
	weir_json_write_string(&json, statement);
	write_map(&json, "streamsProperties", &client->properties);
	write_map(&json, "sessionVariables", &client->variables);
	weir_json_end_object(&json);
}

static void print_transport_error(struct weir_sql_client *client, const struct weir_err *err)
{
	printf("%sCannot talk to %s: %s%s\n", client->use_color ? "\033[31m" : "", client->url, err->text,
		client->use_color ? "\033[0m" : "");
	client->had_error = true;
}

struct stream {
	struct weir_sql_client *client;
	struct weir_rows *rows;
	bool has_text; /* PRINT: the line at hand is not empty */
};

static bool on_data(void *ctx, int status, struct weir_slice bytes)
{
	weir_rows_take(((struct stream *)ctx)->rows, bytes);
	return true;
}

/* PRINT's lines as they are; the empty ones only keep the connection alive. */
static bool on_text(void *ctx, int status, struct weir_slice bytes)
{
	struct stream *stream = ctx;

	if (status != 200) {
		weir_rows_take(stream->rows, bytes);
		return true;
	}
	for (size_t i = 0; i < bytes.len; i++) {
		if (bytes.ptr[i] != '\n' || stream->has_text)
			putchar(bytes.ptr[i]);
		stream->has_text = bytes.ptr[i] != '\n';
	}
	fflush(stdout);
	return true;
}

static void print_answer(struct weir_sql_client *client, const struct weir_http_answer *answer, struct weir_slice statement)
{
	struct weir_arena arena;
	struct weir_json *json;
	struct weir_err err;

	weir_arena_init(&arena, 8192);
	if (!weir_json_parse(&arena, weir_buf_slice(&answer->body), true, &json, &err)) {
		if (answer->body.len)
			printf("%.*s\n", WEIR_SLICE_ARG(weir_buf_slice(&answer->body)));
	} else if (answer->status != 200) {
		weir_client_print_error(client, json, statement);
		client->had_error = true;
	} else if (client->output == WEIR_OUTPUT_JSON) {
		struct weir_buf pretty;
		weir_buf_init(&pretty, WEIR_BUF_NO_LIMIT);
		weir_json_pretty(&pretty, json->raw);
		printf("%.*s\n", WEIR_SLICE_ARG(weir_buf_slice(&pretty)));
		weir_buf_fini(&pretty);
	} else {
		for (size_t i = 0; i < json->count; i++)
			weir_client_print_entity(client, json->items[i]);
	}
	weir_arena_fini(&arena);
}

enum answer { ANSWER_ENTITIES, ANSWER_ROWS, ANSWER_ENDLESS_ROWS, ANSWER_TEXT };

static bool send_statement(struct weir_sql_client *client, const char *path, struct weir_slice statement, enum answer kind)
{
	struct weir_http_header headers[] = { { WEIR_SLICE("content-type"), WEIR_SLICE("application/json") },
		{ WEIR_SLICE("accept"), WEIR_SLICE("application/vnd.ksql.v1+json, application/json") } };
	bool streams = kind != ANSWER_ENTITIES;
	struct stream stream = { .client = client, .rows = streams ? weir_rows_new(client, kind == ANSWER_ROWS) : NULL };
	struct weir_http_answer answer;
	struct weir_buf body;
	struct weir_err err = { 0 };
	char url[320];

	snprintf(url, sizeof url, "%s%s", client->url, path);
	weir_buf_init(&body, WEIR_BUF_NO_LIMIT);
	write_request(client, statement, &body);
	struct weir_http_call call = {
		.method = "POST",
		.url = url,
		.headers = headers,
		.header_count = 2,
		.body = weir_buf_slice(&body),
		.on_data = kind == ANSWER_TEXT ? on_text
			   : streams           ? on_data
					       : NULL,
		.ctx = &stream,
	};
	client->is_streaming = true;
	bool ok = weir_http_client_call(client->http, &call, &answer, &err);
	client->is_streaming = false;
	if (stream.rows)
		weir_rows_free(stream.rows);
	if (ok && (!streams || answer.status != 200))
		print_answer(client, &answer, statement);
	else if (kind == ANSWER_TEXT && (ok || err.code == WEIR_E_CANCELLED))
		printf("Topic printing ceased\n");
	else if (!ok && err.code == WEIR_E_CANCELLED)
		printf("Query terminated\n");
	else if (!ok)
		print_transport_error(client, &err);
	if (ok)
		weir_http_answer_fini(&answer);
	weir_buf_fini(&body);
	return ok;
}

bool weir_client_ask(
	struct weir_sql_client *client, struct weir_slice statement, struct weir_arena *arena, struct weir_json **ret_answer)
{
	struct weir_http_header header = { WEIR_SLICE("content-type"), WEIR_SLICE("application/json") };
	struct weir_http_answer answer;
	struct weir_buf body;
	struct weir_err ignored;
	char url[320];

	snprintf(url, sizeof url, "%s/ksql", client->url);
	weir_buf_init(&body, WEIR_BUF_NO_LIMIT);
	write_request(client, statement, &body);
	struct weir_http_call call = {
		.method = "POST", .url = url, .headers = &header, .header_count = 1, .body = weir_buf_slice(&body)
	};
	bool ok = weir_http_client_call(client->http, &call, &answer, &ignored);
	weir_buf_fini(&body);
	if (!ok)
		return false;
	ok = answer.status == 200 &&
	     weir_json_parse(arena, weir_arena_copy(arena, weir_buf_slice(&answer.body)), true, ret_answer, &ignored);
	weir_http_answer_fini(&answer);
	return ok;
}

static void put(struct weir_map *map, struct weir_slice name, struct weir_slice value)
{
	char *text = weir_alloc(value.len + 1);

	if (value.len)
		memcpy(text, value.ptr, value.len);
	text[value.len] = '\0';
	free(weir_map_put(map, name, text));
}

/* SET, UNSET, DEFINE, UNDEFINE. false: another statement. */
static bool run_own(struct weir_sql_client *client, const struct weir_sql_statement *statement)
{
	switch (statement->kind) {
	case WEIR_SQL_SET:
		put(&client->properties, statement->name, statement->name2);
		printf("Successfully changed local property '%.*s' to '%.*s'.\n", WEIR_SLICE_ARG(statement->name),
			WEIR_SLICE_ARG(statement->name2));
		return true;
	case WEIR_SQL_UNSET:
		free(weir_map_remove(&client->properties, statement->name));
		printf("Successfully unset local property '%.*s'.\n", WEIR_SLICE_ARG(statement->name));
		return true;
	case WEIR_SQL_DEFINE:
		put(&client->variables, statement->name, statement->name2);
		return true;
	case WEIR_SQL_UNDEFINE:
		free(weir_map_remove(&client->variables, statement->name));
		return true;
	default:
		return false;
	}
}

/* As if somebody typed it at the prompt. */
static void echo(const struct weir_sql_client *client, struct weir_slice statement)
{
	bool first = true;

	printf("\n");
	for (struct weir_slice rest = statement; rest.len;) {
		const char *end = memchr(rest.ptr, '\n', rest.len);
		size_t len = end ? (size_t)(end - rest.ptr) : rest.len;
		printf("%s%s%.*s%s\n", first ? "weir> " : "   -> ", client->use_color ? "\033[1m" : "", (int)len, rest.ptr,
			client->use_color ? "\033[0m" : "");
		rest = weir_slice_make(rest.ptr + len + (end ? 1 : 0), rest.len - len - (end ? 1 : 0));
		first = false;
	}
}

static enum answer answer_of(const struct weir_sql_statement *statement)
{
	if (statement->kind == WEIR_SQL_PRINT)
		return ANSWER_TEXT;
	if (statement->kind != WEIR_SQL_SELECT)
		return ANSWER_ENTITIES;
	return statement->query->emit == WEIR_SQL_EMIT_NONE ? ANSWER_ROWS : ANSWER_ENDLESS_ROWS;
}

static void run_statement(struct weir_sql_client *client, struct weir_slice statement)
{
	const struct weir_sql_statement *parsed;
	struct weir_arena arena;
	struct weir_err err = { 0 };

	weir_arena_init(&arena, 8192);
	bool known = weir_sql_parse_statement(&arena, statement, 1, 1, &parsed, &err);
	if (!known ||
		!run_own(client, parsed)) { /* what does not parse here may still hold variables: the server says what is wrong */
		enum answer kind = known ? answer_of(parsed) : ANSWER_ENTITIES;
		send_statement(client, kind == ANSWER_ENTITIES ? "/ksql" : "/query", statement, kind);
	}
	weir_arena_fini(&arena);
}

bool weir_client_run(struct weir_sql_client *client, struct weir_slice text)
{
	int line = 1, column = 1, piece_line, piece_column;
	bool found = true;

	client->had_error = false;
	while (found) {
		struct weir_slice piece;
		struct weir_err err = { 0 };
		if (!weir_sql_next_statement(&text, &line, &column, &piece, &piece_line, &piece_column, &found, &err)) {
			printf("line %d:%d: %s\n", err.line, err.column, err.text);
			client->had_error = true;
			break;
		}
		if (found && client->echoes)
			echo(client, piece);
		if (found)
			run_statement(client, piece);
		if (client->had_error && !client->is_interactive)
			break;
	}
	fflush(stdout);
	return !client->had_error;
}
