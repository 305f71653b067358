/* A topic's configuration as JSON, for the endpoints under /weir/topics and for who calls them:
 * {"name":…,"partitions":n,"replicas":n,"internal":false,"settings":{"cleanup.policy":"delete",…}}, settings under Kafka's names.
 */
#pragma once

#include "log/log.h"
#include "json/json.h"

void weir_topic_json_write(struct weir_json_writer *json, const struct weir_topic_config *config);
/* The name is not read from it. What is missing stays as it is in *config. Errors: INVALID_PROPERTY. */
bool weir_topic_json_read(const struct weir_json *json, struct weir_topic_config *config, struct weir_err *err);
