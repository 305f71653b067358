/* The registry that weir brings along: all state in memory, every change first written to a schema log, replayed at open.
 *
 * Holds: ids are global, one schema each; a change is durable before it is visible or answered.
 * Compatibility is checked for Avro; JSON and Protobuf schemas are kept as they are, and only their kind is compared.
 */
#pragma once

#include "registry/registry.h"
#include "registry/schema_log.h"

/* Takes ownership of `log`, also on failure. */
bool weir_registry_open_embedded(struct weir_schema_log *log, struct weir_registry **ret_registry, struct weir_err *err);

/* The REST interface (docs: Schema Registry). Answers at once on the calling thread; writes wait for the log, so mount it on a
 * thread that may block, or accept that its I/O thread does. `registry` must be an embedded one. */
struct weir_http_request;
struct weir_http_response;
void weir_registry_rest_handle(
	struct weir_registry *registry, const struct weir_http_request *request, struct weir_http_response *response);
