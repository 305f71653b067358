/* GET /ws/query: a query's result, or a topic's records, as WebSocket messages (spec interfaces.md §1.11). */
#pragma once

#include "server/server_int.h"

struct weir_ws;

/* On the I/O thread. NULL: refused and answered; otherwise to be given to weir_ws_run(). */
struct weir_ws *weir_ws_accept(struct weir_server *server, struct weir_http_response *response);
/* On a job thread. */
void weir_ws_run(struct weir_ws *ws);
