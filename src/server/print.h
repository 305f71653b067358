/* PRINT over HTTP: plain text, a line a write. */
#pragma once

#include "server/server_int.h"

/* Answers on a thread of its own, which takes a reference of the response. `sql` is copied, the session's settings too.
 * wants_banner: lines with the guessed formats, and an empty line now and then while nothing comes (/query). */
void weir_print_start(struct weir_server *server, struct weir_http_response *response, const struct weir_session *session,
	struct weir_slice sql, bool wants_banner);
/* Ends those that run and waits for them. */
void weir_print_stop_all(struct weir_server *server);
