/* Inside `weir topic`: its options, and its actions by file. */
#pragma once

#include "base/vec.h"
#include "log/log.h"

struct topic_options {
	const char *action, *name, *data, *brokers, *server, *jsonl, *group;
	int32_t partitions;
	int64_t retention_ms;
	bool compact, all, from_beginning, exit_at_end, base64;
	WEIR_VEC(struct weir_kafka_setting) settings;
};

typedef bool topic_action(struct weir_log *log, const struct topic_options *options, struct weir_err *err);

/* topic_admin.c */
topic_action topic_list, topic_create, topic_configure, topic_delete, topic_describe;
/* topic_produce.c, topic_consume.c */
topic_action topic_produce, topic_consume;
