/* Evaluating a list of expressions into a row: what PROJECT, REKEY, GROUP_KEY and their table twins share. */
#pragma once

#include "operators/op.h"

struct weir_projection {
	struct weir_evaluator **evaluators; /* one per output cell */
	const int *columns;                 /* per output cell: the input cell it copies, or -1 */
	size_t count, key_count;
};

bool weir_projection_open(struct weir_projection *projection, struct weir_op *op, struct weir_err *err);
/* Fills out (allocated, header copied). Cells that cannot be evaluated are NULL and told. *ret_key_failed (may be NULL): a key cell
 * was. */
void weir_projection_apply(const struct weir_projection *projection, struct weir_op *op, const struct weir_row *in,
	struct weir_row *out, bool *ret_key_failed);
/* A new row from the batch arena, projected; the deletion of a row keeps its keys only. */
struct weir_row *weir_projection_row(const struct weir_projection *projection, struct weir_op *op, const struct weir_row *in);
