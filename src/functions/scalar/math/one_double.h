/* Functions of one number that give a DOUBLE: a macro for their descriptors, since only the C function and the words differ.
 *
 * Holds: INT, BIGINT and DOUBLE have an overload each (functions.md §2.1), so that an untyped NULL is ambiguous as in ksqlDB.
 */
#pragma once

#include "functions/scalar/math/number.h"

#include <math.h>

#define WEIR_ONE_DOUBLE(symbol, name_, spelling_, param_, function_, summary_, call_, result_)                                     \
	static enum weir_result eval(struct weir_call *call, union weir_cell *ret, struct weir_err *err)                           \
	{                                                                                                                          \
		ret->f64 = function_(weir_number_arg(call, 0));                                                                    \
		return WEIR_VALUE;                                                                                                 \
	}                                                                                                                          \
	const struct weir_scalar_function weir_scalar_##symbol = {                                                                 \
		.name = name_,                                                                                                     \
		.spelling = spelling_,                                                                                             \
		.category = "MATHEMATICAL",                                                                                        \
		.summary = summary_,                                                                                               \
		.overloads = {                                                                                                     \
			{ .params = { PARAM(INTEGER, param_) }, RETURNS(DOUBLE), ANY_NULL_GIVES_NULL, .eval = eval },              \
			{ .params = { PARAM(BIGINT, param_) }, RETURNS(DOUBLE), ANY_NULL_GIVES_NULL, .eval = eval },               \
			{ .params = { PARAM(DOUBLE, param_) }, RETURNS(DOUBLE), ANY_NULL_GIVES_NULL, .eval = eval },               \
		},                                                                                                                 \
		.examples = { { call_, result_ } },                                                                                \
	}
