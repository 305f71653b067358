/* The log: topics of partitions of records, and commits. One interface, two backends: local/ (embedded, LMDB) and kafka/
 * (librdkafka); the same conformance tests run over both.
 *
 * Holds:
 *  - readers see committed records only, in offset order per partition;
 *  - a commit is atomic: its records, its progress marks and its state changes all become durable and visible, or none does;
 *  - an offset that progress names is the next one to read.
 * Threads: struct weir_log and its topic calls: any thread. A reader or a writer belongs to one thread at a time.
 */
#pragma once

#include "base/arena.h"
#include "base/backing.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/record.h"

struct weir_log;

struct weir_message {
	struct weir_slice key, value;
	bool key_is_null, value_is_null;
	int64_t timestamp_ms;
	int64_t offset; /* set by the log when reading */
	struct weir_headers headers;
};

enum { WEIR_CLEANUP_DELETE = 1, WEIR_CLEANUP_COMPACT = 2 };

enum weir_compression {
	WEIR_COMPRESSION_PRODUCER, /* as the writer chose: none, unless writer_set said otherwise */
	WEIR_COMPRESSION_NONE,
	WEIR_COMPRESSION_LZ4,
	WEIR_COMPRESSION_ZSTD,
};

struct weir_topic_config {
	struct weir_slice name;
	int32_t partitions;      /* create: >= 1, or -1 for the broker's default */
	int16_t replicas;        /* -1: the broker's default; the embedded log has 1 */
	int cleanup;             /* WEIR_CLEANUP_* flags; 0: delete */
	int64_t retention_ms;    /* -1: for ever, 0: the default (7 days) */
	int64_t retention_bytes; /* per partition; -1: no limit */
	bool is_internal;
	/* Below, 0 is Kafka's default. Names and texts: log/topic_settings.h. */
	int64_t delete_retention_ms;       /* how long a compacted topic keeps tombstones: 1 day */
	int64_t min_compaction_lag_ms;     /* younger records are not compacted: 0 */
	int64_t max_message_bytes;         /* largest record: 16 MiB (Kafka: 1 MiB) */
	double min_cleanable_dirty_ratio;  /* compaction begins when that part is new: 0.5; < 0: always */
	enum weir_compression compression; /* producer */
	bool is_append_time;               /* records get the time of their commit */
};

/* What a partition holds; -1 where a backend cannot tell. */
struct weir_partition_stat {
	int64_t low, high; /* as watermarks() */
	int64_t records;   /* fewer than high - low on a compacted topic */
	int64_t bytes;     /* as stored: compressed, with heads */
};

enum { WEIR_OFFSET_EARLIEST = -2, WEIR_OFFSET_LATEST = -1 };

/* A piece of one partition: valid until the next weir_log_poll() on the same reader (or its close). */
struct weir_fetch {
	struct weir_slice topic;
	int32_t partition;
	const struct weir_message *messages;
	size_t count;
	int64_t next_offset; /* where reading goes on: past transaction markers and compacted gaps, so possibly beyond the last
				message */
	int64_t high_watermark;
	void *tag; /* as given to weir_log_assign() */
};

struct weir_log_reader;
struct weir_log_writer;

/* Identifies a durable keyed state of a task; the embedded log keeps it itself, Kafka as a changelog topic. */
struct weir_state_change {
	struct weir_slice key;
	struct weir_slice value;
	bool is_delete;
};

struct weir_progress {
	struct weir_slice scope; /* query id + stage: who has read */
	struct weir_slice topic;
	int32_t partition;
	int64_t next_offset;
};

struct weir_log_vtable {
	const char *backend; /* "embedded" or "kafka" */
	void (*close)(struct weir_log *log);

	/* --- topics; errors TOPIC_NOT_FOUND, TOPIC_EXISTS, BROKER_AWAY, LOG_IO … --- */
	bool (*topic_create)(struct weir_log *log, const struct weir_topic_config *config, struct weir_err *err);
	bool (*topic_describe)(struct weir_log *log, struct weir_slice name, struct weir_arena *arena,
		struct weir_topic_config *ret, struct weir_err *err);
	bool (*topic_delete)(struct weir_log *log, struct weir_slice name, struct weir_err *err);
	bool (*topic_configure)(struct weir_log *log, const struct weir_topic_config *config, struct weir_err *err);
	/* Sorted by name, internal ones included. */
	bool (*topic_list)(struct weir_log *log, struct weir_arena *arena, struct weir_topic_config **ret, size_t *ret_count,
		struct weir_err *err);
	/* First offset kept, and the offset after the last committed record. */
	bool (*watermarks)(struct weir_log *log, struct weir_slice topic, int32_t partition, int64_t *ret_low, int64_t *ret_high,
		struct weir_err *err);

	/* --- reading --- */
	bool (*reader_open)(struct weir_log *log, struct weir_log_reader **ret, struct weir_err *err);
	void (*reader_close)(struct weir_log_reader *reader); /* accepts NULL */
	/* Starts reading at offset (or EARLIEST/LATEST); offsets below the first kept one begin at that one. */
	bool (*assign)(struct weir_log_reader *reader, struct weir_slice topic, int32_t partition, int64_t offset, void *tag,
		struct weir_err *err);
	/* An assignment is known by its topic, partition and tag: several may read the same partition. */
	bool (*unassign)(
		struct weir_log_reader *reader, struct weir_slice topic, int32_t partition, void *tag, struct weir_err *err);
	/* Back-pressure: a paused partition is not returned by poll, and not fetched far ahead. */
	bool (*pause)(struct weir_log_reader *reader, struct weir_slice topic, int32_t partition, void *tag, bool paused,
		struct weir_err *err);
	/* At most max_messages of one partition; *ret_fetch.count 0 when nothing came within timeout_ms. Partitions take turns.
	 * A broker that is away is not an error here: it is waited for (see `health`). */
	bool (*poll)(struct weir_log_reader *reader, size_t max_messages, int timeout_ms, struct weir_fetch *ret_fetch,
		struct weir_err *err);
	/* Makes a poll() that waits return at once. Thread: any. */
	void (*wake)(struct weir_log_reader *reader);

	/* --- writing: one open commit per writer, filled by append/progress/state, ended by commit or abort --- */
	/* `name` is stable over restarts (Kafka: part of the transactional.id, so that an older incarnation is fenced).
	 * transactional false: at-least-once, each commit only flushes. */
	bool (*writer_open)(struct weir_log *log, struct weir_slice name, bool transactional, struct weir_log_writer **ret,
		struct weir_err *err);
	void (*writer_close)(struct weir_log_writer *writer); /* accepts NULL; an open commit is aborted */
	/* Copies the message's bytes. */
	bool (*append)(struct weir_log_writer *writer, struct weir_slice topic, int32_t partition,
		const struct weir_message *message, struct weir_err *err);
	bool (*progress)(struct weir_log_writer *writer, const struct weir_progress *progress, struct weir_err *err);
	/* Embedded log: into the store's own table in the same transaction. Kafka: a record of the changelog topic `store`,
	 * partition `partition`. */
	bool (*state)(struct weir_log_writer *writer, struct weir_slice store, int32_t partition,
		const struct weir_state_change *change, struct weir_err *err);
	/* Returns when everything is durable. Errors: TRANSACTION_ABORTED / FENCED (replay from the last progress), BROKER_AWAY,
	 * DISK_FULL. */
	bool (*commit)(struct weir_log_writer *writer, struct weir_err *err);
	bool (*abort)(struct weir_log_writer *writer, struct weir_err *err);

	/* --- durable marks and state of the past --- */
	/* *ret_offset -1 when the scope has none for that partition. Waits until no older incarnation's commit is undecided. */
	bool (*read_progress)(struct weir_log *log, struct weir_slice scope, struct weir_slice topic, int32_t partition,
		int64_t *ret_offset, struct weir_err *err);
	/* Forgets the progress whose scope, and the state whose store's name begins with the prefix: a dropped query's. */
	bool (*forget)(struct weir_log *log, struct weir_slice prefix, struct weir_err *err);

	/* The committed state of one store and partition. *ret NULL: this backend keeps none beside the commit (memory: the store's
	 * cache is all there is; Kafka: it is the changelog topic called `store`). NULL entry: the same. */
	bool (*state_open)(struct weir_log *log, struct weir_slice store, int32_t partition, struct weir_store_backing **ret,
		struct weir_err *err);

	/* Size and number of records. NULL entry: this backend has none. */
	bool (*partition_stat)(struct weir_log *log, struct weir_slice topic, int32_t partition, struct weir_partition_stat *ret,
		struct weir_err *err);
	/* A producer's choice ("compression.type": none, lz4, zstd) for topics that leave it to producers. NULL entry: none. */
	bool (*writer_set)(struct weir_log_writer *writer, struct weir_slice name, struct weir_slice value, struct weir_err *err);

	/* true while the log answers; otherwise *ret_reason (static or until the next call) says what is wrong. */
	bool (*health)(struct weir_log *log, struct weir_err *ret_reason);
};

struct weir_log {
	const struct weir_log_vtable *vtable; /* first: backends embed this struct */
};

/* The partition that Kafka's default partitioner gives the key bytes: murmur2 & 0x7fffffff % partitions. */
int32_t weir_log_partition_of(struct weir_slice key, int32_t partitions);

/* Errors: INVALID_STATEMENT when Kafka would refuse the name (1 to 249 of its legal letters, neither "." nor ".."). */
bool weir_log_check_topic_name(struct weir_slice name, struct weir_err *err);

/* Embedded log in folder `path` (created). map_limit_bytes bounds the file. Readers of other processes may open with read_only. */
struct weir_local_options {
	const char *path;
	bool read_only;
	bool is_tool; /* beside a server: takes no lock, does no maintenance; readers copy, so that none pins the file */
	int maintenance_interval_ms; /* 0: the default (5 s) */
	uint64_t max_bytes;          /* 0: no limit but the disk */
	const struct weir_clock *clock;
};
bool weir_log_open_local(const struct weir_local_options *options, struct weir_log **ret, struct weir_err *err);

/* Kafka. settings: ordinary client settings, passed through ("bootstrap.servers", "security.protocol", …). */
struct weir_kafka_setting {
	const char *name, *value;
};
struct weir_kafka_options {
	const struct weir_kafka_setting *settings;
	size_t setting_count;
	const char *service_id; /* ksql.service.id: prefix of internal topics and transactional ids */
	bool is_tool;           /* topics and records only: no internal topics are made */
	const struct weir_clock *clock;
	const struct weir_logger *logger; /* connections lost and found; may be NULL */
};
/* Errors: INVALID_PROPERTY, BROKER_AWAY, BROKER_AUTH. */
bool weir_log_open_kafka(const struct weir_kafka_options *options, struct weir_log **ret, struct weir_err *err);

/* In memory, for `weir test` and unit tests: the same semantics, no threads, no I/O. See log/memory.h. */
bool weir_log_open_memory(const struct weir_clock *clock, struct weir_log **ret, struct weir_err *err);
