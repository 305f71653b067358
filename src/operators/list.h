/* The operators, one file each. */
#pragma once

#include "operators/op.h"

extern const struct weir_op_type weir_op_filter, weir_op_table_filter, weir_op_project, weir_op_table_project, weir_op_rekey,
	weir_op_table_functions, weir_op_group_key, weir_op_table_group_key, weir_op_aggregate, weir_op_window_aggregate,
	weir_op_session_aggregate, weir_op_stream_table_join, weir_op_materialize;

/* session_aggregate.c: how much time a segment of its store spans. */
int64_t weir_session_segment_ms(const struct weir_window_spec *window);

/* group.c: a stored group as the row it emits. */
bool weir_group_row_read(const struct weir_plan_node *node, struct weir_arena *arena, struct weir_slice key,
	struct weir_slice value, struct weir_row *row, struct weir_err *err);
