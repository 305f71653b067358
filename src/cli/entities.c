/* Entities as tables; spec interfaces.md §3.5, §3.6. */
#include "cli/client.h"
#include "cli/width.h"

#include <stdio.h>
#include <string.h>

static void print_table(struct weir_table *table)
{
	struct weir_buf out;

	weir_buf_init(&out, WEIR_BUF_NO_LIMIT);
	weir_buf_append_byte(&out, '\n');
	weir_table_print(table, &out);
	fwrite(out.data, 1, out.len, stdout);
	weir_buf_fini(&out);
}

static struct weir_slice cell_text(const struct weir_json *json)
{
	if (!json || json->kind == WEIR_JSON_NULL)
		return (struct weir_slice){ 0 };
	return json->kind == WEIR_JSON_STRING ? json->text : json->raw;
}

/* A list of objects: one column per member named. */
struct layout {
	const char *type, *list;
	const char *headings[8], *members[8];
};

static const struct layout layouts[] = {
	{ "streams", "streams", { "Stream Name", "Kafka Topic", "Key Format", "Value Format", "Windowed" },
		{ "name", "topic", "keyFormat", "valueFormat", "isWindowed" } },
	{ "tables", "tables", { "Table Name", "Kafka Topic", "Key Format", "Value Format", "Windowed" },
		{ "name", "topic", "keyFormat", "valueFormat", "isWindowed" } },
	{ "queries", "queries", { "Query ID", "Query Type", "Status", "Sink Name", "Sink Kafka Topic", "Query String" },
		{ "id", "queryType", "state", "sinks", "sinkKafkaTopics", "queryString" } },
	{ "properties", "properties", { "Property", "Scope", "Level", "Effective Value" }, { "name", "scope", "level", "value" } },
	{ "function_names", "functions", { "Function Name", "Category" }, { "name", "category" } },
	{ "variables", "variables", { "Variable Name", "Value" }, { "name", "value" } },
};

static struct weir_slice list_text(struct weir_arena *arena, const struct weir_json *json)
{
	struct weir_buf out;

	if (!weir_json_is(json, WEIR_JSON_ARRAY))
		return cell_text(json);
	weir_buf_init(&out, WEIR_BUF_NO_LIMIT);
	for (size_t i = 0; i < json->count; i++) {
		weir_buf_append_text(&out, i ? ", " : "");
		weir_buf_append_slice(&out, cell_text(json->items[i]));
	}
	struct weir_slice text = weir_arena_copy(arena, weir_buf_slice(&out));
	weir_buf_fini(&out);
	return text;
}

/* A statement on one line, cut where the terminal ends. */
static struct weir_slice one_line(const struct weir_sql_client *client, struct weir_arena *arena, struct weir_slice text)
{
	struct weir_buf out;
	bool blank = true;

	weir_buf_init(&out, WEIR_BUF_NO_LIMIT);
	for (size_t i = 0; i < text.len; i++) {
		bool is_blank = strchr(" \t\r\n", text.ptr[i]) != NULL;
		if (!is_blank || !blank)
			weir_buf_append_byte(&out, is_blank ? ' ' : text.ptr[i]);
		blank = is_blank;
	}
	size_t used, most = client->width ? client->width : 80, len = weir_width_prefix(weir_buf_slice(&out), most, &used);
	struct weir_slice line = weir_arena_printf(arena, "%.*s%s", (int)len, out.data, len < out.len ? "…" : "");
	weir_buf_fini(&out);
	return line;
}

static void print_layout(struct weir_sql_client *client, const struct layout *layout, const struct weir_json *entity)
{
	const struct weir_json *list = weir_json_get(entity, layout->list);
	struct weir_arena arena;
	struct weir_table table;
	size_t columns = 0;

	while (columns < 8 && layout->headings[columns])
		columns++;
	weir_arena_init(&arena, 8192);
	weir_table_init(&table, &arena, columns, client->use_color, client->width);
	for (size_t i = 0; i < columns; i++)
		weir_table_add_text(&table, layout->headings[i]);
	for (size_t row = 0; list && row < list->count; row++)
		for (size_t i = 0; i < columns; i++)
			weir_table_add(&table,
				one_line(client, &arena, list_text(&arena, weir_json_get(list->items[row], layout->members[i]))));
	print_table(&table);
	weir_arena_fini(&arena);
}

static void print_topics(struct weir_sql_client *client, const struct weir_json *entity)
{
	const struct weir_json *topics = weir_json_get(entity, "topics");
	struct weir_arena arena;
	struct weir_table table;

	weir_arena_init(&arena, 8192);
	weir_table_init(&table, &arena, 3, client->use_color, client->width);
	weir_table_add_text(&table, "Kafka Topic");
	weir_table_add_text(&table, "Partitions");
	weir_table_add_text(&table, "Partition Replicas");
	for (size_t i = 0; topics && i < topics->count; i++) {
		const struct weir_json *replicas = weir_json_get(topics->items[i], "replicaInfo");
		weir_table_add(&table, weir_json_get_text(topics->items[i], "name", ""));
		weir_table_add(&table, weir_arena_printf(&arena, "%zu", replicas ? replicas->count : 0));
		weir_table_add(&table, replicas && replicas->count ? cell_text(replicas->items[0]) : (struct weir_slice){ 0 });
	}
	print_table(&table);
	weir_arena_fini(&arena);
}

/* INTEGER, ARRAY<STRING>, STRUCT<A INTEGER, …> from a schema object. */
static void append_type(struct weir_buf *out, const struct weir_json *schema)
{
	struct weir_slice type = weir_json_get_text(schema, "type", "");
	const struct weir_json *member = weir_json_get(schema, "memberSchema"), *fields = weir_json_get(schema, "fields");

	if (weir_slice_is(type, "STRING"))
		type = WEIR_SLICE("VARCHAR(STRING)");
	weir_buf_append_slice(out, type);
	if (weir_slice_is(type, "DECIMAL")) {
		const struct weir_json *parameters = weir_json_get(schema, "parameters");
		weir_buf_printf(out, "(%lld, %lld)", (long long)weir_json_get_i64(parameters, "precision", 0),
			(long long)weir_json_get_i64(parameters, "scale", 0));
	} else if (weir_json_is(fields, WEIR_JSON_ARRAY)) {
		weir_buf_append_byte(out, '<');
		for (size_t i = 0; i < fields->count; i++) {
			weir_buf_append_text(out, i ? ", " : "");
			weir_buf_append_slice(out, weir_json_get_text(fields->items[i], "name", ""));
			weir_buf_append_byte(out, ' ');
			append_type(out, weir_json_get(fields->items[i], "schema"));
		}
		weir_buf_append_byte(out, '>');
	} else if (weir_json_is(member, WEIR_JSON_OBJECT)) {
		weir_buf_append_text(out, weir_slice_is(type, "MAP") ? "<STRING, " : "<");
		append_type(out, member);
		weir_buf_append_byte(out, '>');
	}
}

static void print_fields(struct weir_sql_client *client, const struct weir_json *fields, bool is_table)
{
	struct weir_arena arena;
	struct weir_table table;

	weir_arena_init(&arena, 8192);
	weir_table_init(&table, &arena, 2, client->use_color, client->width);
	weir_table_add_text(&table, "Field");
	weir_table_add_text(&table, "Type");
	for (size_t i = 0; fields && i < fields->count; i++) {
		struct weir_slice role = weir_json_get_text(fields->items[i], "type", "");
		struct weir_buf type;
		weir_buf_init(&type, WEIR_BUF_NO_LIMIT);
		append_type(&type, weir_json_get(fields->items[i], "schema"));
		if (weir_slice_is(role, "KEY"))
			weir_buf_append_text(&type, is_table ? " (primary key)" : " (key)");
		else if (role.len)
			weir_buf_append_text(&type, " (headers)");
		weir_table_add(&table, weir_json_get_text(fields->items[i], "name", ""));
		weir_table_add(&table, weir_buf_slice(&type));
		weir_buf_fini(&type);
	}
	print_table(&table);
	weir_arena_fini(&arena);
}

static void print_label(const char *label, struct weir_slice value)
{
	if (value.len)
		printf("%-20s : %.*s\n", label, WEIR_SLICE_ARG(value));
}

static void print_source(struct weir_sql_client *client, const struct weir_json *source)
{
	bool is_table = weir_slice_is(weir_json_get_text(source, "type", ""), "TABLE");

	printf("\n");
	print_label("Name", weir_json_get_text(source, "name", ""));
	if (weir_json_get_bool(source, "extended", false)) {
		print_label("Type", weir_json_get_text(source, "type", ""));
		print_label("Key format", weir_json_get_text(source, "keyFormat", ""));
		print_label("Value format", weir_json_get_text(source, "valueFormat", ""));
		print_label("Kafka topic", weir_json_get_text(source, "topic", ""));
		print_label("Statement", weir_json_get_text(source, "statement", ""));
	}
	print_fields(client, weir_json_get(source, "fields"), is_table);
	struct weir_slice statistics = weir_json_get_text(source, "statistics", "");
	if (statistics.len)
		printf("\n%.*s", WEIR_SLICE_ARG(statistics));
	else
		printf("For runtime statistics and query details run: DESCRIBE <Stream,Table> EXTENDED;\n");
}

static void print_query(struct weir_sql_client *client, const struct weir_json *query)
{
	printf("\n");
	print_label("ID", weir_json_get_text(query, "id", ""));
	print_label("Query Type", weir_json_get_text(query, "queryType", ""));
	print_label("SQL", weir_json_get_text(query, "statementText", ""));
	print_fields(client, weir_json_get(query, "fields"), false);
	printf("\n%.*s\n", WEIR_SLICE_ARG(weir_json_get_text(query, "executionPlan", "")));
}

static void print_types(struct weir_sql_client *client, const struct weir_json *entity)
{
	const struct weir_json *types = weir_json_get(entity, "types");
	struct weir_arena arena;
	struct weir_table table;

	weir_arena_init(&arena, 4096);
	weir_table_init(&table, &arena, 2, client->use_color, client->width);
	weir_table_add_text(&table, "Type Name");
	weir_table_add_text(&table, "Schema");
	for (size_t i = 0; types && i < types->count; i++) {
		weir_table_add(&table, types->members[i].name);
		weir_table_add(&table, cell_text(types->members[i].value));
	}
	print_table(&table);
	weir_arena_fini(&arena);
}

static void print_message(struct weir_sql_client *client, struct weir_slice message, const char *color)
{
	printf("%s%.*s%s\n", client->use_color ? color : "", WEIR_SLICE_ARG(message), client->use_color ? "\033[0m" : "");
}

void weir_client_print_entity(struct weir_sql_client *client, const struct weir_json *entity)
{
	struct weir_slice type = weir_json_get_text(entity, "@type", "");

	for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
		if (weir_slice_is(type, layouts[i].type)) {
			print_layout(client, &layouts[i], entity);
			return;
		}
	if (weir_slice_is(type, "currentStatus"))
		print_message(client, weir_json_get_text(weir_json_get(entity, "commandStatus"), "message", ""), "\033[32m");
	else if (weir_slice_is(type, "warning_entity"))
		print_message(client, weir_json_get_text(entity, "message", ""), "\033[33m");
	else if (weir_slice_starts_with(type, WEIR_SLICE("kafka_topics")))
		print_topics(client, entity);
	else if (weir_slice_is(type, "sourceDescription"))
		print_source(client, weir_json_get(entity, "sourceDescription"));
	else if (weir_slice_is(type, "queryDescription"))
		print_query(client, weir_json_get(entity, "queryDescription"));
	else if (weir_slice_is(type, "type_list"))
		print_types(client, entity);
	else
		printf("%.*s\n", WEIR_SLICE_ARG(entity->raw));
}

/* The message, and under it the line of the statement with a caret. */
void weir_client_print_error(struct weir_sql_client *client, const struct weir_json *error, struct weir_slice statement)
{
	struct weir_slice message = weir_json_get_text(error, "message", "");
	int line, column;
	char text[64];

	print_message(client, message, "\033[31m");
	snprintf(text, sizeof text, "%.*s", (int)(message.len < 60 ? message.len : 60), message.ptr);
	if (sscanf(text, "line %d:%d:", &line, &column) != 2)
		return;
	for (int at = 1; at < line && statement.len; at++) {
		const char *end = memchr(statement.ptr, '\n', statement.len);
		size_t used = end ? (size_t)(end + 1 - statement.ptr) : statement.len;
		statement = weir_slice_make(statement.ptr + used, statement.len - used);
	}
	const char *end = statement.len ? memchr(statement.ptr, '\n', statement.len) : NULL;
	size_t len = end ? (size_t)(end - statement.ptr) : statement.len;
	if (len)
		printf("  %.*s\n  %*s^\n", (int)len, statement.ptr, column > 1 ? column - 1 : 0, "");
}
