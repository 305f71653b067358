/* One line per setting: its name, the field, how its text is read. */
#include "log/topic_settings.h"

#include <stdio.h>
#include <stdlib.h>

enum kind { POLICY, COMPRESSION, INTEGER, RATIO, TIMESTAMP_TYPE };

struct setting {
	const char *name;
	enum kind kind;
	size_t offset; /* INTEGER: of the int64_t */
	int64_t least, greatest, default_value;
};

#define FIELD(name) offsetof(struct weir_topic_config, name)

static const struct setting settings[] = {
	{ .name = "cleanup.policy", .kind = POLICY },
	{ .name = "compression.type", .kind = COMPRESSION },
	{ "delete.retention.ms", INTEGER, FIELD(delete_retention_ms), 0, INT64_MAX, WEIR_DEFAULT_DELETE_RETENTION_MS },
	{ "max.message.bytes", INTEGER, FIELD(max_message_bytes), 1, INT64_C(128) << 20, WEIR_DEFAULT_MAX_MESSAGE_BYTES },
	{ .name = "message.timestamp.type", .kind = TIMESTAMP_TYPE },
	{ .name = "min.cleanable.dirty.ratio", .kind = RATIO },
	{ "min.compaction.lag.ms", INTEGER, FIELD(min_compaction_lag_ms), 0, INT64_MAX, 0 },
	{ "retention.bytes", INTEGER, FIELD(retention_bytes), -1, INT64_MAX, -1 },
	{ "retention.ms", INTEGER, FIELD(retention_ms), -1, INT64_MAX, WEIR_DEFAULT_RETENTION_MS },
};

#define SETTING_COUNT (sizeof settings / sizeof *settings)

/* They speak of segment files, replicas and brokers, which the embedded log does not have. */
static const char *const ignored[] = { "file.delete.delay.ms", "flush.messages", "flush.ms",
	"follower.replication.throttled.replicas", "index.interval.bytes", "leader.replication.throttled.replicas",
	"local.retention.bytes", "local.retention.ms", "max.compaction.lag.ms", "message.downconversion.enable",
	"message.format.version", "message.timestamp.after.max.ms", "message.timestamp.before.max.ms",
	"message.timestamp.difference.max.ms", "min.insync.replicas", "preallocate", "remote.storage.enable", "segment.bytes",
	"segment.index.bytes", "segment.jitter.ms", "segment.ms", "unclean.leader.election.enable" };

static const struct setting *find(struct weir_slice name)
{
	for (size_t i = 0; i < SETTING_COUNT; i++)
		if (weir_slice_is(name, settings[i].name))
			return &settings[i];
	return NULL;
}

static bool is_ignored(struct weir_slice name)
{
	for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
		if (weir_slice_is(name, ignored[i]))
			return true;
	return false;
}

bool weir_topic_setting_is_known(struct weir_slice name)
{
	return find(name) || is_ignored(name);
}

static bool fail_value(struct weir_slice name, struct weir_slice value, const char *wanted, struct weir_err *err)
{
	return weir_err_set(
		err, WEIR_E_INVALID_PROPERTY, "%.*s=%.*s: expected %s", WEIR_SLICE_ARG(name), WEIR_SLICE_ARG(value), wanted);
}

static bool apply_policy(struct weir_topic_config *config, struct weir_slice value)
{
	int cleanup = 0;

	while (value.len) {
		const char *comma = memchr(value.ptr, ',', value.len);
		size_t len = comma ? (size_t)(comma - value.ptr) : value.len;
		struct weir_slice word = weir_slice_trim(weir_slice_make(value.ptr, len));
		if (weir_slice_is(word, "delete"))
			cleanup |= WEIR_CLEANUP_DELETE;
		else if (weir_slice_is(word, "compact"))
			cleanup |= WEIR_CLEANUP_COMPACT;
		else
			return false;
		len += comma ? 1 : 0;
		value = weir_slice_make(value.ptr + len, value.len - len);
	}
	if (cleanup == 0)
		return false;
	config->cleanup = cleanup;
	return true;
}

static bool apply_compression(struct weir_topic_config *config, struct weir_slice value)
{
	static const struct {
		const char *text;
		enum weir_compression compression;
	} known[] = { { "producer", WEIR_COMPRESSION_PRODUCER }, { "uncompressed", WEIR_COMPRESSION_NONE },
		{ "none", WEIR_COMPRESSION_NONE }, { "lz4", WEIR_COMPRESSION_LZ4 }, { "zstd", WEIR_COMPRESSION_ZSTD } };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (weir_slice_is(value, known[i].text)) {
			config->compression = known[i].compression;
			return true;
		}
	}
	return false;
}

static bool apply_ratio(struct weir_topic_config *config, struct weir_slice value)
{
	char text[32], *end;

	if (value.len == 0 || value.len >= sizeof text)
		return false;
	memcpy(text, value.ptr, value.len);
	text[value.len] = '\0';
	double ratio = strtod(text, &end);
	if (*end != '\0' || !(ratio >= 0 && ratio <= 1))
		return false;
	config->min_cleanable_dirty_ratio = ratio > 0 ? ratio : -1;
	return true;
}

static bool apply_timestamp_type(struct weir_topic_config *config, struct weir_slice value)
{
	bool is_append_time = weir_slice_is(value, "LogAppendTime");

	if (!is_append_time && !weir_slice_is(value, "CreateTime"))
		return false;
	config->is_append_time = is_append_time;
	return true;
}

/* Fields mean their default when they are 0: a 0 that is meant becomes 1 (a millisecond). */
static bool apply_integer(struct weir_topic_config *config, const struct setting *setting, struct weir_slice value)
{
	int64_t number;

	if (!weir_slice_to_i64(value, &number) || number < setting->least || number > setting->greatest)
		return false;
	if (number == 0 && setting->default_value > 0)
		number = 1;
	memcpy((char *)config + setting->offset, &number, sizeof number);
	return true;
}

bool weir_topic_setting_apply(
	struct weir_topic_config *config, struct weir_slice name, struct weir_slice value, bool *ret_ignored, struct weir_err *err)
{
	const struct setting *setting = find(name);

	*ret_ignored = false;
	if (!setting) {
		*ret_ignored = is_ignored(name);
		if (*ret_ignored)
			return true;
		weir_err_set(err, WEIR_E_INVALID_PROPERTY, "'%.*s' is not a setting of topics", WEIR_SLICE_ARG(name));
		return weir_err_advise(err, "Kafka's names: cleanup.policy, retention.ms, retention.bytes, compression.type, "
					    "max.message.bytes, delete.retention.ms, min.cleanable.dirty.ratio, …");
	}
	switch (setting->kind) {
	case POLICY:
		return apply_policy(config, value) || fail_value(name, value, "delete, compact or compact,delete", err);
	case COMPRESSION:
		if (weir_slice_is(value, "gzip") || weir_slice_is(value, "snappy"))
			return weir_err_set(err, WEIR_E_NOT_SUPPORTED,
				"compression.type=%.*s is not supported by the embedded log: lz4 and zstd are",
				WEIR_SLICE_ARG(value));
		return apply_compression(config, value) || fail_value(name, value, "producer, uncompressed, lz4 or zstd", err);
	case RATIO:
		return apply_ratio(config, value) || fail_value(name, value, "a number from 0 to 1", err);
	case TIMESTAMP_TYPE:
		return apply_timestamp_type(config, value) || fail_value(name, value, "CreateTime or LogAppendTime", err);
	case INTEGER:
		return apply_integer(config, setting, value) || fail_value(name, value, "a whole number in its range", err);
	}
	return false;
}

const char *weir_topic_setting_name(size_t i)
{
	return i < SETTING_COUNT ? settings[i].name : NULL;
}

static const char *policy_text(int cleanup)
{
	if (!(cleanup & WEIR_CLEANUP_COMPACT))
		return "delete";
	return cleanup & WEIR_CLEANUP_DELETE ? "compact,delete" : "compact";
}

void weir_topic_setting_print(const struct weir_topic_config *config, size_t i, struct weir_buf *out)
{
	static const char *const compressions[] = { "producer", "uncompressed", "lz4", "zstd" };
	const struct setting *setting = &settings[i];
	double ratio = config->min_cleanable_dirty_ratio;
	int64_t number;

	switch (setting->kind) {
	case POLICY:
		weir_buf_append_text(out, policy_text(config->cleanup));
		break;
	case COMPRESSION:
		weir_buf_append_text(out, compressions[config->compression]);
		break;
	case RATIO:
		weir_buf_printf(out, "%g", ratio == 0 ? WEIR_DEFAULT_DIRTY_RATIO : ratio < 0 ? 0 : ratio);
		break;
	case TIMESTAMP_TYPE:
		weir_buf_append_text(out, config->is_append_time ? "LogAppendTime" : "CreateTime");
		break;
	case INTEGER:
		memcpy(&number, (const char *)config + setting->offset, sizeof number);
		weir_buf_append_i64(out, number == 0 ? setting->default_value : number);
		break;
	}
}
