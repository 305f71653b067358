/* GREATEST and LEAST: what they share. */
#pragma once

#include "functions/define.h"

enum weir_result weir_extreme_of(struct weir_call *call, int sign, union weir_cell *ret, struct weir_err *err);
const struct weir_type *weir_widest_decimal(
	struct weir_arena *arena, const struct weir_type *const *args, size_t count, struct weir_err *err);

#define EXTREME_OF(kind_, eval_)                                                                                                   \
	{                                                                                                                          \
		.params = { PARAM(kind_, "val"), PARAM_VARIADIC(kind_, "vals") }, RETURNS(kind_), .eval = eval_                    \
	}
