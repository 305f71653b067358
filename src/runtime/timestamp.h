/* The event time that a column holds: WITH (TIMESTAMP = …, TIMESTAMP_FORMAT = …). semantics §6.7.
 * Thread: the task's worker. */
#pragma once

#include "plan/plan.h"
#include "types/row.h"
#include "types/time/date_pattern.h"

struct weir_timestamp_column {
	int column; /* -1: the record's own timestamp counts */
	const struct weir_type *type;
	const struct weir_date_pattern *pattern; /* of a STRING */
	const struct weir_zone *zone;            /* of texts without one: the server's */
	struct weir_zones zones;
};

/* What it makes lives in the arena. Errors: the pattern's. */
bool weir_timestamp_column_open(struct weir_timestamp_column *column, struct weir_arena *arena,
	const struct weir_topic_layout *layout, struct weir_err *err);
/* The row must not be one without a value. Errors: TIMESTAMP, EVALUATE. */
bool weir_timestamp_column_read(
	struct weir_timestamp_column *column, const struct weir_row *row, int64_t *ret_timestamp_ms, struct weir_err *err);
