/* Client configurations: weir's needs, under the user's settings, which are passed through under librdkafka's names.
 *
 * What a ksqlDB server's file has under Java's names is understood where there is a counterpart: prefixes `ksql.streams.`,
 * `producer.`, `consumer.`, `admin.`, and `sasl.jaas.config` for PLAIN and SCRAM. What has none is left out with a warning. */
#include "log/kafka/kafka_int.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- The user's settings ---- */

/* What only Java's clients know, or what weir decides itself; left out without a word. */
static const char *const unused[] = { "key.serializer", "value.serializer", "key.deserializer", "value.deserializer", "partitioner",
	"isolation.level", "transactional.id", "enable.idempotence", "group.id", "enable.auto.commit", "auto.offset.reset",
	"max.poll.records", "interceptor.classes", "enable.partition.eof", "ssl.protocol", "ssl.enabled.protocols" };

static bool is_unused(const char *name)
{
	for (size_t i = 0; i < sizeof unused / sizeof *unused; i++)
		if (strcmp(name, unused[i]) == 0)
			return true;
	return false;
}

/* The value behind name= in `… ScramLoginModule required username="u" password="p";` */
static bool jaas_value(const char *jaas, const char *name, char *value, size_t size)
{
	const char *at = strstr(jaas, name);
	size_t len = 0;

	if (!at)
		return false;
	at += strlen(name);
	while (*at == ' ' || *at == '=')
		at++;
	char quote = *at == '"' || *at == '\'' ? *at++ : '\0';
	for (; *at && len + 1 < size && (quote ? *at != quote : !strchr(" ;\t", *at)); at++) {
		if (*at == '\\' && at[1])
			at++;
		value[len++] = *at;
	}
	value[len] = '\0';
	return true;
}

static bool put_jaas(rd_kafka_conf_t *conf, const char *jaas, struct weir_err *err)
{
	char user[256], password[1024];

	if (!jaas_value(jaas, "username", user, sizeof user) || !jaas_value(jaas, "password", password, sizeof password))
		return weir_err_set(err, WEIR_E_INVALID_PROPERTY,
			"sasl.jaas.config has no username and password; only PLAIN and SCRAM are understood");
	return kafka_conf_put(conf, "sasl.username", user, err) && kafka_conf_put(conf, "sasl.password", password, err);
}

/* The setting's name for this role, or NULL when it is meant for another one. */
static const char *name_for(enum kafka_role role, const char *name)
{
	static const struct {
		const char *prefix;
		enum kafka_role role;
	} prefixes[] = { { "producer.", KAFKA_WRITER }, { "consumer.", KAFKA_READER }, { "main.consumer.", KAFKA_READER },
		{ "admin.", KAFKA_META } };

	if (strncmp(name, "ksql.streams.", 13) == 0)
		name += 13;
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		size_t len = strlen(prefixes[i].prefix);
		if (strncmp(name, prefixes[i].prefix, len) == 0)
			return prefixes[i].role == role ? name + len : NULL;
	}
	return name;
}

static bool put_setting(struct kafka_log *log, enum kafka_role role, rd_kafka_conf_t *conf,
	const struct weir_kafka_setting *setting, struct weir_err *err)
{
	const char *name = name_for(role, setting->name);
	char reason[512];

	if (!name || is_unused(name))
		return true;
	if (strcmp(name, "sasl.jaas.config") == 0)
		return put_jaas(conf, setting->value, err);
	switch (rd_kafka_conf_set(conf, name, setting->value, reason, sizeof reason)) {
	case RD_KAFKA_CONF_OK:
		return true;
	case RD_KAFKA_CONF_INVALID:
		return weir_err_set(err, WEIR_E_INVALID_PROPERTY, "%s: %s", setting->name, reason);
	default:
		if (role == KAFKA_META)
			weir_log(log->logger, WEIR_LOG_WARN, "kafka", "the setting %s has no meaning here and is left out: %s",
				setting->name, reason);
		return true;
	}
}

/* ---- Weir's own ---- */

static const struct weir_kafka_setting common[] = { { "client.id", "weir" }, { "log_level", "2" },
	{ "socket.nagle.disable", "true" }, { "topic.metadata.refresh.fast.interval.ms", "50" }, { "reconnect.backoff.ms", "50" },
	{ "reconnect.backoff.max.ms", "1000" }, { "retry.backoff.ms", "5" }, { "allow.auto.create.topics", "false" } };
/* Offsets are weir's own business: no group is joined, none committed. A full queue must not stop fetching for long. */
static const struct weir_kafka_setting reading[] = { { "group.id", "weir-reader" }, { "enable.auto.commit", "false" },
	{ "enable.auto.offset.store", "false" }, { "isolation.level", "read_committed" }, { "enable.partition.eof", "true" },
	{ "auto.offset.reset", "earliest" }, { "fetch.wait.max.ms", "100" }, { "fetch.queue.backoff.ms", "5" },
	{ "queued.min.messages", "20000" }, { "queued.max.messages.kbytes", "8192" }, { "check.crcs", "true" } };
static const struct weir_kafka_setting writing[] = { { "enable.idempotence", "true" }, { "compression.type", "lz4" },
	{ "linger.ms", "5" }, { "batch.size", "262144" }, { "queue.buffering.max.messages", "500000" },
	{ "queue.buffering.max.kbytes", "65536" }, { "transaction.timeout.ms", "10000" }, { "delivery.report.only.error", "true" },
	{ "message.timeout.ms", "0" } };

static bool put_all(rd_kafka_conf_t *conf, const struct weir_kafka_setting *settings, size_t count, struct weir_err *err)
{
	for (size_t i = 0; i < count; i++)
		if (!kafka_conf_put(conf, settings[i].name, settings[i].value, err))
			return false;
	return true;
}

/* Errors of connections; what matters for a request comes with its answer too. Thread: librdkafka's. */
static void on_error(rd_kafka_t *handle, int code, const char *reason, void *opaque)
{
	if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN || code == RD_KAFKA_RESP_ERR__AUTHENTICATION ||
		code == RD_KAFKA_RESP_ERR__SSL || code == RD_KAFKA_RESP_ERR__RESOLVE)
		kafka_note_trouble(opaque, (rd_kafka_resp_err_t)code, reason);
}

static void drop_log_line(const rd_kafka_t *handle, int level, const char *facility, const char *text)
{
}

bool kafka_conf_put(rd_kafka_conf_t *conf, const char *name, const char *value, struct weir_err *err)
{
	char reason[512];

	return rd_kafka_conf_set(conf, name, value, reason, sizeof reason) == RD_KAFKA_CONF_OK ||
	       weir_err_set(err, WEIR_E_INVALID_PROPERTY, "%s: %s", name, reason);
}

bool kafka_conf_new(struct kafka_log *log, enum kafka_role role, rd_kafka_conf_t **ret, struct weir_err *err)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	bool ok = put_all(conf, common, sizeof common / sizeof *common, err);

	if (role == KAFKA_WRITER)
		ok = ok && put_all(conf, writing, sizeof writing / sizeof *writing, err);
	else
		ok = ok && put_all(conf, reading, sizeof reading / sizeof *reading, err);
	for (size_t i = 0; ok && i < log->setting_count; i++)
		ok = put_setting(log, role, conf, &log->settings[i], err);
	if (!ok) {
		rd_kafka_conf_destroy(conf);
		return false;
	}
	rd_kafka_conf_set_opaque(conf, log);
	rd_kafka_conf_set_error_cb(conf, on_error);
	rd_kafka_conf_set_log_cb(conf, drop_log_line);
	*ret = conf;
	return true;
}

bool kafka_handle_new(rd_kafka_type_t type, rd_kafka_conf_t *conf, rd_kafka_t **ret, struct weir_err *err)
{
	char reason[512];

	*ret = rd_kafka_new(type, conf, reason, sizeof reason);
	if (*ret)
		return true;
	rd_kafka_conf_destroy(conf);
	return weir_err_set(err, WEIR_E_INVALID_PROPERTY, "The Kafka client cannot be set up: %s", reason);
}
