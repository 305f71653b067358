/* EXPLODE: one row for each item of an array. */
#include "functions/define.h"

static enum weir_result explode(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	ret->array = ARG(0).array;
	return WEIR_VALUE;
}

const struct weir_scalar_function weir_table_explode = {
	.name = "EXPLODE",
	.spelling = "explode",
	.category = "TABLE",
	.summary = "One row for each item of an array, NULL items included.",
	.overloads = { { .params = { PARAM_ARRAY('T', "list") }, RETURNS_ARRAY('T'), ANY_NULL_GIVES_NULL, .eval = explode } },
};
