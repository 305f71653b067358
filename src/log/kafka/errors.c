/* librdkafka's errors as weir's: what a user can do about it decides the code. */
#include "log/kafka/kafka_int.h"

#include <stdarg.h>
#include <stdio.h>

static enum weir_err_code code_of(rd_kafka_resp_err_t code)
{
	switch (code) {
	case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
	case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
	case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
		return WEIR_E_TOPIC_NOT_FOUND;
	case RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS:
		return WEIR_E_TOPIC_EXISTS;
	case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
		return WEIR_E_OFFSET_OUT_OF_RANGE;
	case RD_KAFKA_RESP_ERR__AUTHENTICATION:
	case RD_KAFKA_RESP_ERR__SSL:
	case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
	case RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM:
		return WEIR_E_BROKER_AUTH;
	case RD_KAFKA_RESP_ERR__FENCED:
	case RD_KAFKA_RESP_ERR_PRODUCER_FENCED:
	case RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH:
		return WEIR_E_FENCED;
	case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
	case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
		return WEIR_E_VALUE_TOO_LARGE;
	case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
	case RD_KAFKA_RESP_ERR_INVALID_PARTITIONS:
	case RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR:
	case RD_KAFKA_RESP_ERR_INVALID_CONFIG:
	case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
		return WEIR_E_INVALID_STATEMENT;
	case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
	case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
	case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
	case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
	case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE:
		return WEIR_E_BROKER_REFUSED;
	default:
		return WEIR_E_BROKER_AWAY;
	}
}

bool kafka_fail(struct weir_err *err, rd_kafka_resp_err_t code, const char *detail, const char *format, ...)
{
	char doing[400];
	va_list args;

	va_start(args, format);
	vsnprintf(doing, sizeof doing, format, args);
	va_end(args);
	weir_err_set(err, code_of(code), "%s: %s (%s)", doing, detail && *detail ? detail : rd_kafka_err2str(code),
		rd_kafka_err2name(code));
	if (code_of(code) == WEIR_E_BROKER_AUTH)
		weir_err_advise(err, "Check security.protocol, sasl.mechanism, sasl.username, sasl.password and ssl.ca.location.");
	return false;
}

bool kafka_fail_with(struct weir_err *err, rd_kafka_error_t *error, const char *doing)
{
	kafka_fail(err, rd_kafka_error_code(error), rd_kafka_error_string(error), "%s", doing);
	rd_kafka_error_destroy(error);
	return false;
}

void kafka_note_answer(struct kafka_log *log)
{
	pthread_mutex_lock(&log->lock);
	bool was_away = log->trouble.code != WEIR_E_NONE;
	log->trouble.code = WEIR_E_NONE;
	pthread_mutex_unlock(&log->lock);
	if (was_away)
		weir_log(log->logger, WEIR_LOG_INFO, "kafka", "the brokers answer again");
}

void kafka_note_trouble(struct kafka_log *log, rd_kafka_resp_err_t code, const char *detail)
{
	struct weir_err trouble = { 0 };

	kafka_fail(&trouble, code, detail, "Kafka");
	pthread_mutex_lock(&log->lock);
	bool is_news = log->trouble.code != trouble.code;
	weir_err_copy(&log->trouble, &trouble);
	pthread_mutex_unlock(&log->lock);
	if (is_news)
		weir_log_err(log->logger, WEIR_LOG_WARN, "kafka", &trouble);
}
