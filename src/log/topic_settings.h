/* Topics' settings under Kafka's names (Kafka documentation, "Topic configs"), for command lines and descriptions. */
#pragma once

#include "base/buf.h"
#include "log/log.h"

/* Sets the field of that name. *ret_ignored true: a setting of Kafka's that the embedded log has no use for (segment.bytes, …);
 * nothing was changed. Errors: INVALID_PROPERTY. */
bool weir_topic_setting_apply(
	struct weir_topic_config *config, struct weir_slice name, struct weir_slice value, bool *ret_ignored, struct weir_err *err);
bool weir_topic_setting_is_known(struct weir_slice name);

/* For listing: the i-th name in alphabetical order, NULL past the end; its value in effect appended to out. */
const char *weir_topic_setting_name(size_t i);
void weir_topic_setting_print(const struct weir_topic_config *config, size_t i, struct weir_buf *out);

/* The values in effect, defaults filled in. */
#define WEIR_DEFAULT_RETENTION_MS        (INT64_C(7) * 86400000)
#define WEIR_DEFAULT_DELETE_RETENTION_MS INT64_C(86400000)
#define WEIR_DEFAULT_MAX_MESSAGE_BYTES   ((int64_t)16 << 20)
#define WEIR_DEFAULT_DIRTY_RATIO         0.5
