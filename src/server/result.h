/* Inside server/: a query's result on its way to a client, in one of the dialects of spec interfaces.md §1.8 and §1.9. */
#pragma once

#include "server/server_int.h"

enum weir_dialect {
	WEIR_DIALECT_ARRAY,     /* [{"header":…},\n{"row":…},\n … ] */
	WEIR_DIALECT_DELIMITED, /* metadata line, then one array a line */
	WEIR_DIALECT_FLAT,      /* [meta,[row],[row]] */
};

/* Answers the SELECT on the response and returns at once for push queries; takes a reference of the response. */
void weir_result_start(struct weir_server *server, struct weir_http_response *response, struct weir_session *session,
	struct weir_slice sql, enum weir_dialect dialect);
/* The dialect that the request's Accept header asks for. false: 406 was answered. `stream`: /query-stream. */
bool weir_result_negotiate(struct weir_http_response *response, bool stream, enum weir_dialect *ret);
/* A value as the API spells it. */
void weir_result_write_value(struct weir_buf *out, const struct weir_type *type, union weir_cell cell, bool is_null);
