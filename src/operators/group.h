/* Inside operators/: the states of one group, as the aggregations keep them.
 *
 * Stored: 8 bytes of timestamp, then the packed cells [carried columns…, states…].
 * Holds: `cells` and `nulls` are those of the group at hand; after weir_group_load() they point into the bytes given, which must
 * live as long as they are used.
 */
#pragma once

#include "operators/op.h"

struct weir_group {
	struct weir_op *op;
	const struct weir_type **stored; /* carried, states */
	size_t carried, states;
	const struct weir_type **key_types;
	size_t key_count;
	struct weir_evaluator ***args; /* per aggregate */
	struct weir_aggregate_call *calls;
	int64_t sequence; /* of the last row added; starts at the wall clock's microseconds, to be ahead of earlier runs */
	union weir_cell *cells;
	uint64_t *nulls;
	struct weir_buf key, value; /* scratch */
};

/* For an AGGREGATE or TABLE_AGGREGATE. Close it also after a failure. */
bool weir_group_open(struct weir_group *group, struct weir_op *op, struct weir_err *err);
void weir_group_close(struct weir_group *group);
/* Somebody downstream compares versions (HAVING). */
bool weir_group_needs_before(const struct weir_op *op);

/* A new group: carried columns NULL, states initial. */
void weir_group_reset(struct weir_group *group);
bool weir_group_load(struct weir_group *group, struct weir_slice value, int64_t *ret_timestamp, struct weir_err *err);
/* Valid until the next call. */
struct weir_slice weir_group_pack(struct weir_group *group, int64_t timestamp);
/* false: a row without value or key; it is counted. */
bool weir_group_takes(struct weir_group *group, const struct weir_row *row);
/* Adds the row, or takes it back when it is a subtraction. Errors: a state that cannot take the row, such as a DECIMAL sum beyond
 * its type: no later sum would be true. */
bool weir_group_add(struct weir_group *group, const struct weir_row *row, struct weir_err *err);
/* Sessions: folds a stored one, later than what is there, into the cells. */
bool weir_group_merge(struct weir_group *group, struct weir_slice value, struct weir_err *err);
/* The group's result under the key cells of `keyed`; in the batch arena. */
struct weir_row *weir_group_result(struct weir_group *group, const struct weir_row *keyed, int64_t timestamp);
