/* Arguments of numeric functions: INT, BIGINT and DOUBLE read as a DOUBLE, a DOUBLE brought into BIGINT's range. */
#pragma once

#include "functions/define.h"

/* Not for DECIMAL: it arrives as DOUBLE by an implicit cast. */
static inline double weir_number_arg(const struct weir_call *call, size_t i)
{
	switch (call->arg_types[i]->kind) {
	case WEIR_KIND_INTEGER:
		return call->args[i].i32;
	case WEIR_KIND_BIGINT:
		return (double)call->args[i].i64;
	default:
		return call->args[i].f64;
	}
}

/* Saturates; NaN gives 0, as Java's (long) does. */
static inline int64_t weir_number_saturate(double value)
{
	if (value != value)
		return 0;
	if (value >= 9.2233720368547758e18)
		return INT64_MAX;
	return value <= -9.2233720368547758e18 ? INT64_MIN : (int64_t)value;
}
