/* Inside compaction: a pass over one partition (compact.c) and the rewriting of a few batches (compact_step.c). */
#pragma once

#include "log/local/key_map.h"
#include "log/local/local_int.h"

#define COMPACT_STEP_BYTES ((size_t)512 << 10) /* read, and at most written, in one step */

/* A batch that is to be replaced. */
struct compact_source {
	int64_t base_offset;
	uint32_t crc;
	int64_t bytes;
	int32_t count;
};

/* A batch to be written in their place. */
struct compact_target {
	size_t start, len; /* in pass->out; len 0: no record is left */
	int64_t base_offset, written_ms;
	int32_t count;
};

/* The batch being put together out of neighbours. */
struct compact_open {
	bool is_open, is_changed;
	int64_t base_offset, next_offset; /* of the batches taken into it */
	size_t first_source;
	int64_t base_timestamp_ms, max_timestamp_ms, written_ms, horizon_ms; /* horizon 0: holds no tombstone */
	int32_t count;
	enum local_codec codec;
	struct weir_buf records; /* with room for the head */
};

struct compact_pass {
	struct local_log *log;
	const struct local_topic *topic;
	int32_t partition;
	struct local_key_map keys;
	int64_t now_ms, limit;       /* offsets below limit are compacted */
	int64_t position;            /* where the pass stands */
	int64_t kept_bytes;          /* below position */
	int64_t earliest_horizon_ms; /* 0: no tombstone is left */
	bool is_gone;                /* the topic, or a batch that was to be replaced */

	/* One step */
	struct compact_open open;
	WEIR_VEC(struct compact_source) sources;
	WEIR_VEC(struct compact_target) targets;
	struct weir_buf out, plain;
	struct weir_arena headers;
	struct local_coder *coder;
};

/* Rewrites batches from pass->position on, about COMPACT_STEP_BYTES of them. */
bool compact_step(struct compact_pass *pass, struct weir_err *err);
/* Checks the batch and gives its records' bytes. */
bool compact_open_batch(struct compact_pass *pass, struct weir_slice bytes, struct local_batch *ret,
	struct local_record_cursor *ret_cursor, struct weir_err *err);
