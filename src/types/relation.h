/* What streams, tables and queries over them have in common: windows of keys, where timestamps come from, kinds of joins.
 * Shared by the catalog (declared sources), analysis and plans. */
#pragma once

#include "base/slice.h"

enum weir_window_type { WEIR_WINDOW_NONE, WEIR_WINDOW_TUMBLING, WEIR_WINDOW_HOPPING, WEIR_WINDOW_SESSION };

struct weir_window_spec {
	enum weir_window_type type;
	int64_t size_ms;    /* SESSION: the gap */
	int64_t advance_ms; /* HOPPING */
	int64_t grace_ms;
	int64_t retention_ms;
	bool is_final; /* EMIT FINAL */
};

/* Where a row's timestamp comes from when not from the record. */
struct weir_timestamp_spec {
	int column;               /* cell index, or -1: the record's timestamp */
	struct weir_slice format; /* of a STRING column */
};

enum weir_join_type { WEIR_JOIN_INNER, WEIR_JOIN_LEFT, WEIR_JOIN_RIGHT, WEIR_JOIN_FULL };
