/* Inside cli/: a terminal's session with a server. */
#pragma once

#include "base/map.h"
#include "cli/table.h"
#include "http/client.h"
#include "json/json.h"

enum weir_output { WEIR_OUTPUT_TABULAR, WEIR_OUTPUT_JSON, WEIR_OUTPUT_CSV };

struct weir_sql_client {
	struct weir_http_client *http;
	char url[256];
	enum weir_output output;
	bool use_color, is_interactive;
	bool echoes;                           /* shows each statement before its result */
	size_t width;                          /* of the terminal; 0: not one */
	struct weir_map properties, variables; /* SET and DEFINE: text values, owned */
	bool had_error;
	volatile bool is_streaming;
};

/* Runs a script or a line of statements; false when one failed. */
bool weir_client_run(struct weir_sql_client *client, struct weir_slice text);
/* What the server answers to one statement, read into the arena; false when there is no good answer. Prints nothing. */
bool weir_client_ask(
	struct weir_sql_client *client, struct weir_slice statement, struct weir_arena *arena, struct weir_json **ret_answer);
/* Reads, edits and runs until the end of input. */
int weir_client_interact(struct weir_sql_client *client);

/* entities.c: one entity of /ksql. */
void weir_client_print_entity(struct weir_sql_client *client, const struct weir_json *entity);
void weir_client_print_error(struct weir_sql_client *client, const struct weir_json *error, struct weir_slice statement);
/* rows.c: the answer of /query, as it comes. */
struct weir_rows;
/* ends: the answer is finite and comes at once, so that the columns' widths can wait for all of it. */
struct weir_rows *weir_rows_new(struct weir_sql_client *client, bool ends);
void weir_rows_take(struct weir_rows *rows, struct weir_slice bytes);
void weir_rows_free(struct weir_rows *rows);
