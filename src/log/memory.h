/* What tests may do with a log in memory beyond log.h. */
#pragma once

#include "log/log.h"

/* Readers see partition `partition` of the topic only up to that offset; INT64_MAX: everything. */
void weir_log_memory_limit(struct weir_log *log, struct weir_slice topic, int32_t partition, int64_t visible_end);
/* The message itself, valid until the topic is deleted; NULL past the end. */
const struct weir_message *weir_log_memory_at(struct weir_log *log, struct weir_slice topic, int32_t partition, int64_t offset);
