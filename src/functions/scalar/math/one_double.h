/* Functions of one DOUBLE: a macro for their descriptors, since only the C function and the words differ. */
#pragma once

#include "functions/define.h"

#include <math.h>

#define WEIR_ONE_DOUBLE(symbol, name_, spelling_, function_, summary_, call_, result_)                                             \
	static enum weir_result eval(struct weir_call *call, union weir_cell *ret, struct weir_err *err)                           \
	{                                                                                                                          \
		ret->f64 = function_(ARG(0).f64);                                                                                  \
		return WEIR_VALUE;                                                                                                 \
	}                                                                                                                          \
	const struct weir_scalar_function weir_scalar_##symbol = {                                                                 \
		.name = name_,                                                                                                     \
		.spelling = spelling_,                                                                                             \
		.category = "MATHEMATICAL",                                                                                        \
		.summary = summary_,                                                                                               \
		.overloads = { { .params = { PARAM(DOUBLE, "value") }, RETURNS(DOUBLE), ANY_NULL_GIVES_NULL, .eval = eval } },     \
		.examples = { { call_, result_ } },                                                                                \
	}
