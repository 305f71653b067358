/* The server: the engine behind HTTP, with the embedded Schema Registry on a port of its own. */
#pragma once

#include "engine/engine.h"

struct weir_server;

struct weir_server_options {
	struct weir_settings *settings; /* borrowed; the server's layer */
	const struct weir_logger *logger;
};

/* Opens the log (embedded, or Kafka when bootstrap.servers is set), the registry and the engine, and listens. Errors say which part
 * failed. */
bool weir_server_open(const struct weir_server_options *options, struct weir_server **ret, struct weir_err *err);
/* Stops listening, lets answers finish, commits and closes. Accepts NULL. */
void weir_server_close(struct weir_server *server);
int weir_server_port(const struct weir_server *server);
int weir_server_registry_port(const struct weir_server *server); /* 0: off */

/* `weir server`; returns the exit status. */
int weir_server_command(int argc, char **argv);
