/* The bare copy beside the workloads: reads a topic and writes the same bytes to another one, with librdkafka alone.
 *
 *   kafka_copy BROKERS TOPIC          prints CPU µs a row of the whole process, and rows a second
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include <librdkafka/rdkafka.h>

#define BATCH 2000

static double cpu_seconds(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static double wall_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static rd_kafka_t *open_client(rd_kafka_type_t type, const char *brokers)
{
	static const char *const settings[][2] = { { "compression.type", "lz4" }, { "linger.ms", "5" },
		{ "queue.buffering.max.messages", "500000" }, { "socket.nagle.disable", "true" },
		{ "enable.partition.eof", "true" }, { "fetch.queue.backoff.ms", "5" }, { "enable.idempotence", "true" },
		{ "auto.offset.reset", "earliest" }, { "group.id", "copy" }, { "log_level", "0" } };
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	char reason[256];

	rd_kafka_conf_set(conf, "bootstrap.servers", brokers, reason, sizeof reason);
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
		rd_kafka_conf_set(conf, settings[i][0], settings[i][1], reason, sizeof reason);
	rd_kafka_t *client = rd_kafka_new(type, conf, reason, sizeof reason);
	if (!client) {
		fprintf(stderr, "kafka_copy: %s\n", reason);
		exit(1);
	}
	return client;
}

static void write_row(rd_kafka_t *producer, rd_kafka_topic_t *topic, const rd_kafka_message_t *row)
{
	while (rd_kafka_produce(topic, row->partition, RD_KAFKA_MSG_F_COPY, row->payload, row->len, row->key, row->key_len, NULL) !=
		0)
		rd_kafka_poll(producer, 1);
}

int main(int argc, char **argv)
{
	static rd_kafka_message_t *batch[BATCH];
	const struct rd_kafka_metadata *metadata;
	size_t rows = 0;
	int ends = 0;

	if (argc != 3) {
		fprintf(stderr, "usage: kafka_copy BROKERS TOPIC\n");
		return 2;
	}
	rd_kafka_t *consumer = open_client(RD_KAFKA_CONSUMER, argv[1]), *producer = open_client(RD_KAFKA_PRODUCER, argv[1]);
	rd_kafka_topic_t *from = rd_kafka_topic_new(consumer, argv[2], NULL);
	rd_kafka_topic_t *to = rd_kafka_topic_new(producer, "bench_copy", NULL);
	rd_kafka_queue_t *queue = rd_kafka_queue_new(consumer);
	if (rd_kafka_metadata(consumer, 0, from, &metadata, 10000)) {
		fprintf(stderr, "kafka_copy: no answer from %s\n", argv[1]);
		return 1;
	}
	int partitions = metadata->topics[0].partition_cnt;
	double cpu = cpu_seconds(), wall = wall_seconds();
	for (int i = 0; i < partitions; i++)
		rd_kafka_consume_start_queue(from, i, RD_KAFKA_OFFSET_BEGINNING, queue);
	while (ends < partitions) {
		ssize_t count = rd_kafka_consume_batch_queue(queue, 1000, batch, BATCH);
		for (ssize_t i = 0; i < count; i++) {
			ends += batch[i]->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
			if (!batch[i]->err) {
				write_row(producer, to, batch[i]);
				rows++;
			}
			rd_kafka_message_destroy(batch[i]);
		}
		rd_kafka_poll(producer, 0);
	}
	rd_kafka_flush(producer, 60000);
	cpu = cpu_seconds() - cpu;
	wall = wall_seconds() - wall;
	printf("%-5s %10.2f %12.0f %12zu\n", "copy", cpu / (double)rows * 1e6, (double)rows / wall, rows);
	return 0;
}
