/* Writes the benchmark's topics (orders, events, users, updates; see docs/BENCHMARKS.md) to the embedded log or to Kafka.
 *
 * The data are the same on every run: a fixed seed, record times 1 ms apart. Usage:
 *   make_data --data DIR | --brokers LIST  [--scale 0.1]
 */
#include "base/buf.h"
#include "log/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PARTITIONS     4
#define FIRST_TIME_MS  INT64_C(1710000000000)
#define COMMIT_RECORDS 20000

struct maker {
	struct weir_log *log;
	struct weir_log_writer *writer;
	uint64_t random;
	struct weir_buf key, value;
	size_t in_commit;
	double scale;
};

static uint64_t next_random(struct maker *maker)
{
	uint64_t x = maker->random;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return maker->random = x;
}

static unsigned below(struct maker *maker, unsigned limit)
{
	return (unsigned)(next_random(maker) % limit);
}

static void die(const struct weir_err *err)
{
	fprintf(stderr, "make_data: %s\n", err->text);
	exit(1);
}

static const char *const cities[] = { "서울", "부산", "대구", "Tokyo", "Berlin", "인천", "Paris", "광주" };
static const char *const statuses[] = { "PAID", "PAID", "PAID", "SHIPPED", "CANCELLED", "NEW" };

static void write_order(struct maker *maker, size_t i)
{
	unsigned whole = below(maker, 100), cents = below(maker, 100);

	weir_buf_printf(&maker->key, "%zu", i);
	weir_buf_printf(&maker->value,
		"{\"order_id\":%zu,\"customer_id\":%u,\"account_id\":%u,\"item\":\"item-%02u\",\"price\":%u.%02u,\"quantity\":%u,"
		"\"status\":\"%s\",\"city\":\"%s\",\"note\":\"gift wrap, leave at the front door please %06u\",\"ts\":%lld}",
		i, below(maker, 10000), below(maker, 950000), below(maker, 100), whole, cents, 1 + below(maker, 5),
		statuses[below(maker, 6)], cities[below(maker, 8)], below(maker, 1000000), (long long)(FIRST_TIME_MS + (int64_t)i));
}

static void write_event(struct maker *maker, size_t i)
{
	weir_buf_printf(&maker->key, "%zu", i);
	weir_buf_printf(&maker->value,
		"{\"before\":null,\"after\":{\"id\":%zu,\"user_id\":%u,\"event_id\":%u,\"kind\":\"click\",\"page\":\"/items/"
		"%u\",\"score\":%u,"
		"\"amount\":%u.5,\"city\":\"%s\",\"agent\":\"mobile\",\"flag\":true,\"created_at\":\"2024-03-20T10:00:00Z\","
		"\"updated_at\":%lld},"
		"\"source\":{\"db\":\"shop\",\"table\":\"events\"},\"op\":\"c\",\"ts_ms\":%lld}",
		i, below(maker, 100000), below(maker, 1000), below(maker, 10000), below(maker, 100), below(maker, 900),
		cities[below(maker, 8)], (long long)(FIRST_TIME_MS + (int64_t)i), (long long)(FIRST_TIME_MS + (int64_t)i));
}

static void write_user_row(struct maker *maker, unsigned user)
{
	weir_buf_printf(&maker->key, "%u", user);
	weir_buf_printf(&maker->value,
		"{\"user_id\":%u,\"name\":\"사용자 "
		"%u\",\"city\":\"%s\",\"level\":%u,\"points\":%u,\"email\":\"user%u@shop.example\","
		"\"plan\":\"standard\",\"bio\":\"likes long walks and short queries %06u\",\"active\":%s}",
		user, user, cities[below(maker, 8)], below(maker, 10), below(maker, 100000), user, below(maker, 1000000),
		below(maker, 2) ? "true" : "false");
}

static void write_user(struct maker *maker, size_t i)
{
	write_user_row(maker, (unsigned)i);
}

static void write_update(struct maker *maker, size_t i)
{
	(void)i;
	write_user_row(maker, below(maker, 100000));
}

struct topic {
	const char *name;
	size_t rows;
	bool is_scaled;
	void (*write)(struct maker *maker, size_t i);
};

static const struct topic topics[] = {
	{ .name = "orders", .rows = 3000000, .is_scaled = true, .write = write_order },
	{ .name = "events", .rows = 3000000, .is_scaled = true, .write = write_event },
	{ .name = "users", .rows = 100000, .write = write_user },
	{ .name = "updates", .rows = 1000000, .is_scaled = true, .write = write_update },
};

static void commit(struct maker *maker)
{
	struct weir_err err = { 0 };

	if (!maker->log->vtable->commit(maker->writer, &err))
		die(&err);
	maker->in_commit = 0;
}

static void append(struct maker *maker, const struct topic *topic, int64_t time_ms)
{
	struct weir_err err = { 0 };
	struct weir_message message = {
		.key = weir_buf_slice(&maker->key),
		.value = weir_buf_slice(&maker->value),
		.timestamp_ms = time_ms,
	};

	int32_t partition = weir_log_partition_of(message.key, PARTITIONS);
	if (!maker->log->vtable->append(maker->writer, weir_slice_of(topic->name), partition, &message, &err))
		die(&err);
	if (++maker->in_commit == COMMIT_RECORDS)
		commit(maker);
}

static void make_topic(struct maker *maker, const struct topic *topic)
{
	struct weir_err err = { 0 };
	size_t rows = topic->is_scaled ? (size_t)((double)topic->rows * maker->scale) : topic->rows;
	struct weir_topic_config config = {
		.name = weir_slice_of(topic->name),
		.partitions = PARTITIONS,
		.replicas = -1,
		.cleanup = WEIR_CLEANUP_DELETE,
		.retention_ms = -1,
		.retention_bytes = -1,
	};

	if (!maker->log->vtable->topic_create(maker->log, &config, &err))
		die(&err);
	for (size_t i = 0; i < rows; i++) {
		weir_buf_reset(&maker->key);
		weir_buf_reset(&maker->value);
		topic->write(maker, i);
		append(maker, topic, FIRST_TIME_MS + (int64_t)i);
	}
	commit(maker);
	printf("%-8s %9zu rows\n", topic->name, rows);
}

static bool open_log(int argc, char **argv, struct maker *maker, struct weir_err *err)
{
	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--scale") == 0) {
			maker->scale = atof(argv[i + 1]);
		} else if (strcmp(argv[i], "--data") == 0) {
			struct weir_local_options options = { .path = argv[i + 1], .clock = &weir_system_clock };
			if (!weir_log_open_local(&options, &maker->log, err))
				return false;
		} else if (strcmp(argv[i], "--brokers") == 0) {
			struct weir_kafka_setting settings[] = { { "bootstrap.servers", argv[i + 1] },
				{ "compression.type", "lz4" } };
			struct weir_kafka_options options = {
				.settings = settings,
				.setting_count = 2,
				.service_id = "bench_data_",
				.clock = &weir_system_clock,
			};
			if (!weir_log_open_kafka(&options, &maker->log, err))
				return false;
		}
	}
	if (!maker->log)
		return weir_err_set(err, WEIR_E_USAGE, "usage: make_data --data DIR | --brokers LIST [--scale 0.1]");
	return maker->log->vtable->writer_open(maker->log, WEIR_SLICE("make-data"), false, &maker->writer, err);
}

int main(int argc, char **argv)
{
	struct weir_err err = { 0 };
	struct maker maker = { .random = 88172645463325252u, .scale = 1 };

	weir_buf_init(&maker.key, 1 << 20);
	weir_buf_init(&maker.value, 1 << 20);
	if (!open_log(argc, argv, &maker, &err))
		die(&err);
	for (size_t i = 0; i < sizeof topics / sizeof *topics; i++)
		make_topic(&maker, &topics[i]);
	maker.log->vtable->writer_close(maker.writer);
	maker.log->vtable->close(maker.log);
	weir_buf_fini(&maker.key);
	weir_buf_fini(&maker.value);
	return 0;
}
