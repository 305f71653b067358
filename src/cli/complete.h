/* What the Tab key offers: the language's words, the streams, tables and topics of the server, its functions and settings. */
#pragma once

#include "cli/client.h"

struct weir_completer;

struct weir_completer *weir_completer_new(struct weir_sql_client *client);
void weir_completer_free(struct weir_completer *completer);
/* After a statement the server's names may be others: they are asked for again when they are next needed. */
void weir_completer_forget(struct weir_completer *completer);
/* The candidates that begin with `prefix` whatever its case, sorted, at most `most` of them; borrowed until the next call of any
 * function here. Returns how many. */
size_t weir_completer_find(
	struct weir_completer *completer, struct weir_slice prefix, const struct weir_slice **ret_found, size_t most);
