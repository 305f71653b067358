/* Topics through the admin API (KIP-4). What was created or deleted is waited for, so that the next statement sees it. */
#include "log/kafka/kafka_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MAX_NAME 250

static bool to_name(struct weir_slice name, char *text, struct weir_err *err)
{
	if (!weir_log_check_topic_name(name, err))
		return false;
	snprintf(text, MAX_NAME, "%.*s", WEIR_SLICE_ARG(name));
	return true;
}

static void pause_ms(int ms)
{
	struct timespec pause = { .tv_nsec = (long)ms * 1000000 };

	nanosleep(&pause, NULL);
}

/* ---- Metadata ---- */

/* On success the caller destroys *ret; its one topic is ret->topics[0]. */
static bool look_up(struct kafka_log *log, const char *name, const struct rd_kafka_metadata **ret, struct weir_err *err)
{
	rd_kafka_topic_t *topic = rd_kafka_topic_new(log->meta, name, NULL);
	rd_kafka_resp_err_t code = rd_kafka_metadata(log->meta, 0, topic, ret, KAFKA_REQUEST_MS);

	rd_kafka_topic_destroy(topic);
	if (code)
		return kafka_fail(err, code, NULL, "Topic '%s' cannot be looked up", name);
	kafka_note_answer(log);
	if ((*ret)->topic_cnt == 1 && !(*ret)->topics[0].err && (*ret)->topics[0].partition_cnt > 0)
		return true;
	code = (*ret)->topic_cnt == 1 && (*ret)->topics[0].err ? (*ret)->topics[0].err : RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
	rd_kafka_metadata_destroy(*ret);
	if (code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
		return weir_err_set(err, WEIR_E_TOPIC_NOT_FOUND, "There is no topic '%s'", name);
	return kafka_fail(err, code, NULL, "Topic '%s' cannot be looked up", name);
}

static bool has_leaders(const rd_kafka_metadata_topic_t *topic)
{
	for (int i = 0; i < topic->partition_cnt; i++)
		if (topic->partitions[i].leader < 0)
			return false;
	return true;
}

/* Every broker learns of a change in its own time; a few tens of milliseconds usually. */
static void await_topic(struct kafka_log *log, const char *name, bool exists)
{
	for (int i = 0; i < 100; i++) {
		const struct rd_kafka_metadata *metadata;
		struct weir_err err = { 0 };
		bool found = look_up(log, name, &metadata, &err), ready = found && has_leaders(&metadata->topics[0]);
		if (found)
			rd_kafka_metadata_destroy(metadata);
		if (exists ? ready : !found && err.code == WEIR_E_TOPIC_NOT_FOUND)
			return;
		pause_ms(20);
	}
}

/* ---- Settings ---- */

typedef rd_kafka_resp_err_t set_fn(void *target, const char *name, const char *value);

static rd_kafka_resp_err_t set_new(void *target, const char *name, const char *value)
{
	return rd_kafka_NewTopic_set_config(target, name, value);
}

static rd_kafka_resp_err_t set_resource(void *target, const char *name, const char *value)
{
	rd_kafka_error_t *error =
		rd_kafka_ConfigResource_add_incremental_config(target, name, RD_KAFKA_ALTER_CONFIG_OP_TYPE_SET, value);
	rd_kafka_resp_err_t code = error ? rd_kafka_error_code(error) : RD_KAFKA_RESP_ERR_NO_ERROR;

	if (error)
		rd_kafka_error_destroy(error);
	return code;
}

static void set_number(set_fn *set, void *target, const char *name, int64_t value)
{
	char text[32];

	snprintf(text, sizeof text, "%lld", (long long)value);
	set(target, name, text);
}

static void put_config(const struct weir_topic_config *config, set_fn *set, void *target)
{
	static const char *const compressions[] = { NULL, "uncompressed", "lz4", "zstd" };
	bool compacts = config->cleanup & WEIR_CLEANUP_COMPACT, deletes = config->cleanup & WEIR_CLEANUP_DELETE;

	if (config->cleanup)
		set(target, "cleanup.policy", compacts ? deletes ? "compact,delete" : "compact" : "delete");
	if (config->retention_ms)
		set_number(set, target, "retention.ms", config->retention_ms);
	if (config->retention_bytes > 0)
		set_number(set, target, "retention.bytes", config->retention_bytes);
	if (config->delete_retention_ms > 0)
		set_number(set, target, "delete.retention.ms", config->delete_retention_ms);
	if (config->min_compaction_lag_ms > 0)
		set_number(set, target, "min.compaction.lag.ms", config->min_compaction_lag_ms);
	if (config->max_message_bytes > 0)
		set_number(set, target, "max.message.bytes", config->max_message_bytes);
	if ((size_t)config->compression < sizeof compressions / sizeof *compressions && compressions[config->compression])
		set(target, "compression.type", compressions[config->compression]);
	if (config->is_append_time)
		set(target, "message.timestamp.type", "LogAppendTime");
}

/* ---- Requests ---- */

struct request {
	rd_kafka_queue_t *queue;
	rd_kafka_AdminOptions_t *options;
};

static struct request begin_request(struct kafka_log *log, rd_kafka_admin_op_t op)
{
	struct request request = { .queue = rd_kafka_queue_new(log->meta), .options = rd_kafka_AdminOptions_new(log->meta, op) };
	char ignored[64];

	rd_kafka_AdminOptions_set_request_timeout(request.options, KAFKA_REQUEST_MS, ignored, sizeof ignored);
	return request;
}

/* The answer, or NULL. The caller destroys it. */
static rd_kafka_event_t *end_request(struct kafka_log *log, struct request *request, const char *doing, struct weir_err *err)
{
	rd_kafka_event_t *event = rd_kafka_queue_poll(request->queue, KAFKA_REQUEST_MS + 1000);

	rd_kafka_AdminOptions_destroy(request->options);
	rd_kafka_queue_destroy(request->queue);
	if (!event) {
		kafka_fail(err, RD_KAFKA_RESP_ERR__TIMED_OUT, NULL, "%s", doing);
		return NULL;
	}
	if (rd_kafka_event_error(event)) {
		kafka_fail(err, rd_kafka_event_error(event), rd_kafka_event_error_string(event), "%s", doing);
		rd_kafka_event_destroy(event);
		return NULL;
	}
	kafka_note_answer(log);
	return event;
}

static bool check_results(const rd_kafka_topic_result_t **results, size_t count, const char *doing, struct weir_err *err)
{
	for (size_t i = 0; i < count; i++) {
		rd_kafka_resp_err_t code = rd_kafka_topic_result_error(results[i]);
		if (code)
			return kafka_fail(err, code, rd_kafka_topic_result_error_string(results[i]), "%s", doing);
	}
	return true;
}

bool kafka_topic_create(struct weir_log *log, const struct weir_topic_config *config, struct weir_err *err)
{
	struct kafka_log *self = kafka_log_of(log);
	char name[MAX_NAME], doing[320], reason[256];
	size_t count;

	if (!to_name(config->name, name, err))
		return false;
	rd_kafka_NewTopic_t *topic = rd_kafka_NewTopic_new(name, config->partitions < 1 ? -1 : config->partitions,
		config->replicas < 1 ? -1 : config->replicas, reason, sizeof reason);
	if (!topic)
		return weir_err_set(err, WEIR_E_INVALID_STATEMENT, "Topic '%s' cannot be created: %s", name, reason);
	put_config(config, set_new, topic);
	struct request request = begin_request(self, RD_KAFKA_ADMIN_OP_CREATETOPICS);
	rd_kafka_CreateTopics(self->meta, &topic, 1, request.options, request.queue);
	snprintf(doing, sizeof doing, "Topic '%s' cannot be created", name);
	rd_kafka_event_t *event = end_request(self, &request, doing, err);
	rd_kafka_NewTopic_destroy(topic);
	if (!event)
		return false;
	const rd_kafka_topic_result_t **results =
		rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
	bool ok = check_results(results, count, doing, err);
	rd_kafka_event_destroy(event);
	if (ok)
		await_topic(self, name, true);
	return ok;
}

bool kafka_topic_delete(struct weir_log *log, struct weir_slice name_slice, struct weir_err *err)
{
	struct kafka_log *self = kafka_log_of(log);
	char name[MAX_NAME], doing[320];
	size_t count;

	if (!to_name(name_slice, name, err))
		return false;
	rd_kafka_DeleteTopic_t *topic = rd_kafka_DeleteTopic_new(name);
	struct request request = begin_request(self, RD_KAFKA_ADMIN_OP_DELETETOPICS);
	rd_kafka_DeleteTopics(self->meta, &topic, 1, request.options, request.queue);
	snprintf(doing, sizeof doing, "Topic '%s' cannot be deleted", name);
	rd_kafka_event_t *event = end_request(self, &request, doing, err);
	rd_kafka_DeleteTopic_destroy(topic);
	if (!event)
		return false;
	const rd_kafka_topic_result_t **results =
		rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event), &count);
	bool ok = check_results(results, count, doing, err);
	rd_kafka_event_destroy(event);
	if (ok)
		await_topic(self, name, false);
	return ok;
}

bool kafka_topic_configure(struct weir_log *log, const struct weir_topic_config *config, struct weir_err *err)
{
	struct kafka_log *self = kafka_log_of(log);
	char name[MAX_NAME], doing[320];
	size_t count;

	if (!to_name(config->name, name, err))
		return false;
	rd_kafka_ConfigResource_t *resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name);
	put_config(config, set_resource, resource);
	struct request request = begin_request(self, RD_KAFKA_ADMIN_OP_INCREMENTALALTERCONFIGS);
	rd_kafka_IncrementalAlterConfigs(self->meta, &resource, 1, request.options, request.queue);
	snprintf(doing, sizeof doing, "The settings of topic '%s' cannot be changed", name);
	rd_kafka_event_t *event = end_request(self, &request, doing, err);
	rd_kafka_ConfigResource_destroy(resource);
	if (!event)
		return false;
	const rd_kafka_ConfigResource_t **resources =
		rd_kafka_IncrementalAlterConfigs_result_resources(rd_kafka_event_IncrementalAlterConfigs_result(event), &count);
	rd_kafka_resp_err_t code = count ? rd_kafka_ConfigResource_error(resources[0]) : RD_KAFKA_RESP_ERR_NO_ERROR;
	bool ok = !code || kafka_fail(err, code, rd_kafka_ConfigResource_error_string(resources[0]), "%s", doing);
	rd_kafka_event_destroy(event);
	return ok;
}

/* ---- Describing ---- */

static struct weir_topic_config to_config(const rd_kafka_metadata_topic_t *topic, struct weir_arena *arena)
{
	return (struct weir_topic_config){
		.name = weir_arena_copy(arena, weir_slice_of(topic->topic)),
		.partitions = topic->partition_cnt,
		.replicas = topic->partition_cnt ? (int16_t)topic->partitions[0].replica_cnt : 1,
		.retention_bytes = -1,
	};
}

static void take_entry(const rd_kafka_ConfigEntry_t *entry, struct weir_topic_config *config)
{
	const char *name = rd_kafka_ConfigEntry_name(entry), *value = rd_kafka_ConfigEntry_value(entry);

	if (!value)
		return;
	if (strcmp(name, "cleanup.policy") == 0)
		config->cleanup =
			(strstr(value, "compact") ? WEIR_CLEANUP_COMPACT : 0) | (strstr(value, "delete") ? WEIR_CLEANUP_DELETE : 0);
	else if (strcmp(name, "retention.ms") == 0)
		config->retention_ms = atoll(value);
	else if (strcmp(name, "retention.bytes") == 0)
		config->retention_bytes = atoll(value);
	else if (strcmp(name, "max.message.bytes") == 0)
		config->max_message_bytes = atoll(value);
	else if (strcmp(name, "delete.retention.ms") == 0)
		config->delete_retention_ms = atoll(value);
}

static bool describe_config(struct kafka_log *log, const char *name, struct weir_topic_config *config, struct weir_err *err)
{
	rd_kafka_ConfigResource_t *resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name);
	struct request request = begin_request(log, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
	size_t count, entry_count;

	rd_kafka_DescribeConfigs(log->meta, &resource, 1, request.options, request.queue);
	rd_kafka_event_t *event = end_request(log, &request, "A topic's settings cannot be read", err);
	rd_kafka_ConfigResource_destroy(resource);
	if (!event)
		return false;
	const rd_kafka_ConfigResource_t **resources =
		rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event), &count);
	for (size_t i = 0; i < count; i++) {
		const rd_kafka_ConfigEntry_t **entries = rd_kafka_ConfigResource_configs(resources[i], &entry_count);
		for (size_t k = 0; k < entry_count; k++)
			take_entry(entries[k], config);
	}
	rd_kafka_event_destroy(event);
	return true;
}

bool kafka_topic_describe(struct weir_log *log, struct weir_slice name_slice, struct weir_arena *arena,
	struct weir_topic_config *ret, struct weir_err *err)
{
	const struct rd_kafka_metadata *metadata;
	struct weir_err ignored;
	char name[MAX_NAME];

	if (!to_name(name_slice, name, err) || !look_up(kafka_log_of(log), name, &metadata, err))
		return false;
	*ret = to_config(&metadata->topics[0], arena);
	rd_kafka_metadata_destroy(metadata);
	describe_config(kafka_log_of(log), name, ret, &ignored); /* who may not read settings may still read the topic */
	return true;
}

static int by_name(const void *a, const void *b)
{
	return weir_slice_compare(((const struct weir_topic_config *)a)->name, ((const struct weir_topic_config *)b)->name);
}

bool kafka_topic_list(
	struct weir_log *log, struct weir_arena *arena, struct weir_topic_config **ret, size_t *ret_count, struct weir_err *err)
{
	const struct rd_kafka_metadata *metadata;
	rd_kafka_resp_err_t code = rd_kafka_metadata(kafka_log_of(log)->meta, 1, NULL, &metadata, KAFKA_REQUEST_MS);

	if (code)
		return kafka_fail(err, code, NULL, "Topics cannot be listed");
	kafka_note_answer(kafka_log_of(log));
	*ret = WEIR_ARENA_ARRAY(arena, struct weir_topic_config, (size_t)metadata->topic_cnt);
	*ret_count = (size_t)metadata->topic_cnt;
	for (int i = 0; i < metadata->topic_cnt; i++)
		(*ret)[i] = to_config(&metadata->topics[i], arena);
	qsort(*ret, *ret_count, sizeof **ret, by_name);
	rd_kafka_metadata_destroy(metadata);
	return true;
}

/* A partition is for a moment without a leader after its topic was made or a broker left. */
bool kafka_is_between_leaders(rd_kafka_resp_err_t code)
{
	return code == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION || code == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
	       code == RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH || code == RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH ||
	       code == RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE;
}

void kafka_find_leaders_again(struct kafka_log *log, const char *topic)
{
	const struct rd_kafka_metadata *metadata;
	struct weir_err ignored;

	pause_ms(20);
	if (look_up(log, topic, &metadata, &ignored))
		rd_kafka_metadata_destroy(metadata);
}

bool kafka_watermarks(
	struct weir_log *log, struct weir_slice topic, int32_t partition, int64_t *ret_low, int64_t *ret_high, struct weir_err *err)
{
	rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
	char name[MAX_NAME];

	if (!to_name(topic, name, err))
		return false;
	for (int i = 0; i < 250 && (i == 0 || kafka_is_between_leaders(code)); i++) {
		if (i > 0)
			kafka_find_leaders_again(kafka_log_of(log), name);
		code = rd_kafka_query_watermark_offsets(
			kafka_log_of(log)->meta, name, partition, ret_low, ret_high, KAFKA_REQUEST_MS);
	}
	if (code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION || code == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC)
		return weir_err_set(err, WEIR_E_TOPIC_NOT_FOUND, "There is no partition %d of topic '%s'", partition, name);
	if (code)
		return kafka_fail(err, code, NULL, "The offsets of topic '%s' cannot be read", name);
	kafka_note_answer(kafka_log_of(log));
	return true;
}
