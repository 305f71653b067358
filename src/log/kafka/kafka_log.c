/* Opening and closing the log on Kafka, and its vtable. */
#include "log/kafka/kafka_int.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>

static void close_log(struct weir_log *log)
{
	struct kafka_log *self = kafka_log_of(log);

	if (self->meta)
		rd_kafka_destroy(self->meta);
	for (size_t i = 0; i < self->setting_count; i++) {
		free((char *)self->settings[i].name);
		free((char *)self->settings[i].value);
	}
	free(self->settings);
	free(self->service_id);
	free(self->progress_topic);
	weir_map_fini(&self->progress);
	pthread_mutex_destroy(&self->progress_lock);
	pthread_mutex_destroy(&self->lock);
	free(self);
}

/* After trouble the brokers are asked once more, so that the answer is today's. */
static bool health(struct weir_log *log, struct weir_err *ret_reason)
{
	struct kafka_log *self = kafka_log_of(log);
	const struct rd_kafka_metadata *metadata;

	pthread_mutex_lock(&self->lock);
	bool is_well = self->trouble.code == WEIR_E_NONE;
	pthread_mutex_unlock(&self->lock);
	if (!is_well && rd_kafka_metadata(self->meta, 0, NULL, &metadata, 500) == RD_KAFKA_RESP_ERR_NO_ERROR) {
		rd_kafka_metadata_destroy(metadata);
		kafka_note_answer(self);
		is_well = true;
	}
	if (!is_well && ret_reason) {
		pthread_mutex_lock(&self->lock);
		weir_err_copy(ret_reason, &self->trouble);
		pthread_mutex_unlock(&self->lock);
	}
	return is_well;
}

static const struct weir_log_vtable vtable = {
	.backend = "kafka",
	.close = close_log,
	.topic_create = kafka_topic_create,
	.topic_describe = kafka_topic_describe,
	.topic_delete = kafka_topic_delete,
	.topic_configure = kafka_topic_configure,
	.topic_list = kafka_topic_list,
	.watermarks = kafka_watermarks,
	.reader_open = kafka_reader_open,
	.reader_close = kafka_reader_close,
	.assign = kafka_assign,
	.unassign = kafka_unassign,
	.pause = kafka_pause,
	.poll = kafka_poll,
	.wake = kafka_wake,
	.writer_open = kafka_writer_open,
	.writer_close = kafka_writer_close,
	.append = kafka_append,
	.progress = kafka_progress,
	.state = kafka_state,
	.commit = kafka_commit,
	.abort = kafka_abort,
	.read_progress = kafka_read_progress,
	.forget = kafka_forget,
	.health = health,
};

static void copy_settings(struct kafka_log *self, const struct weir_kafka_options *options)
{
	self->setting_count = options->setting_count;
	self->settings = weir_alloc((options->setting_count + 1) * sizeof *self->settings);
	for (size_t i = 0; i < options->setting_count; i++)
		self->settings[i] = (struct weir_kafka_setting){ weir_strdup(options->settings[i].name),
			weir_strdup(options->settings[i].value) };
}

static bool reach_brokers(struct kafka_log *self, struct weir_err *err)
{
	const struct rd_kafka_metadata *metadata;
	rd_kafka_resp_err_t code = rd_kafka_metadata(self->meta, 0, NULL, &metadata, 5000);

	if (!code) {
		rd_kafka_metadata_destroy(metadata);
		kafka_note_answer(self);
		return true;
	}
	pthread_mutex_lock(&self->lock);
	bool is_known = self->trouble.code != WEIR_E_NONE;
	if (is_known) /* why the connection failed says more than that nobody answered */
		weir_err_copy(err, &self->trouble);
	pthread_mutex_unlock(&self->lock);
	return is_known ? false : kafka_fail(err, code, NULL, "Kafka does not answer");
}

bool weir_log_open_kafka(const struct weir_kafka_options *options, struct weir_log **ret, struct weir_err *err)
{
	struct kafka_log *self = weir_alloc_zero(sizeof *self);
	size_t size = strlen(options->service_id) + 32;
	rd_kafka_conf_t *conf;

	self->log.vtable = &vtable;
	self->clock = options->clock;
	self->logger = options->logger;
	self->service_id = weir_strdup(options->service_id);
	self->progress_topic = weir_alloc(size);
	snprintf(self->progress_topic, size, "_weir-%sprogress", options->service_id);
	weir_map_init(&self->progress);
	pthread_mutex_init(&self->lock, NULL);
	pthread_mutex_init(&self->progress_lock, NULL);
	copy_settings(self, options);
	bool ok = kafka_conf_new(self, KAFKA_META, &conf, err) && kafka_handle_new(RD_KAFKA_CONSUMER, conf, &self->meta, err) &&
		  reach_brokers(self, err) && (options->is_tool || kafka_progress_open(self, err));
	if (!ok) {
		close_log(&self->log);
		return false;
	}
	*ret = &self->log;
	return true;
}
