/* Inside log/local: a writer's open commit, gathered by writer.c and applied by commit.c. */
#pragma once

#include "log/local/local_int.h"

/* A batch within a partition's bytes: its head is left free until it is sealed. */
struct local_piece {
	size_t start;
	int64_t base_timestamp_ms, max_timestamp_ms;
	int32_t count;
	bool is_sealed, is_packed;       /* packed: the bytes to write are in the output's `packed` */
	size_t sealed_start, sealed_len; /* in records or in packed */
};

struct local_output {
	struct weir_buf records, packed;
	WEIR_VEC(struct local_piece) pieces;
};

struct local_written_topic {
	uint32_t id;
	int32_t partitions;
	char *name;
	struct weir_topic_config config;
	struct local_output *outputs; /* per partition */
	bool is_checked;              /* in this commit: still the same topic */
};

struct local_used {
	struct local_written_topic *topic;
	int32_t partition;
};

struct local_change {
	struct weir_slice store;
	int32_t partition;
	struct weir_state_change change;
};

struct weir_log_writer {
	struct local_log *log;
	struct weir_map topics;  /* name -> struct local_written_topic * */
	struct weir_arena arena; /* this commit's names, keys and values */
	WEIR_VEC(struct weir_progress) progress;
	WEIR_VEC(struct local_change) changes;
	WEIR_VEC(struct local_used) used;       /* outputs with records in this commit */
	struct local_written_topic *last_topic; /* appended to last */
	enum weir_compression compression;      /* the producer's choice */
	struct local_coder *coder;
	size_t bytes; /* of state in this commit */
};

/* Completes the last batch of the output. */
bool local_seal(
	struct weir_log_writer *writer, const struct local_written_topic *topic, struct local_output *output, struct weir_err *err);
void local_forget_topics(struct weir_log_writer *writer);
